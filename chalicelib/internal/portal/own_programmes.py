"""The programmes that a factory was invited to: it accepts, declines, leaves, and decides who sees what."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.internal import coaching
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import coaching as store
from chalicelib.store.registry import factories
from chalicelib.web import efficiency_words
from chalicelib.web.responses import Problem

PATH = "/portal/factories/{factory_id}/programmes"
TICKS = ("shares", "shows")


@door.page("GET", PATH, who=door.FACTORY)
def programmes(visit: Visit, factory_id: str) -> Response:
    """All of them, the last invitation first."""
    return _shown(visit, None, factory_id)


def _shown(visit: Visit, problem: Problem | None, factory_id: str, programme_id: str = "") -> Response:
    return view.render(
        visit,
        "portal/own_programmes.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        words=efficiency_words,
        factory_id=factory_id,
        factory=factories.need(factory_id).factory,
        found=store.of_factory(factory_id),
        typed={name: name in visit.form for name in TICKS} if problem else {},
        typed_for=programme_id,
    )


@door.page("POST", f"{PATH}/{{programme_id}}", who=door.FACTORY, again=_shown)
def answered(visit: Visit, factory_id: str, programme_id: str) -> Response:
    """An answer, or the two ticks of a programme that the factory takes part in."""
    answer = visit.form.get("answer", "")
    ticked = {name: name in visit.form for name in TICKS} if answer == "ticks" else dict.fromkeys(TICKS)
    known = answer if answer in coaching.ANSWERS else None
    coaching.decide(visit.person, factory_id, programme_id, {"answer": known, **ticked})
    return view.go(visit, f"/portal/factories/{factory_id}/programmes?done=saved")
