"""The programmes that a factory was invited to: it accepts, declines, leaves, and decides who sees what."""

from __future__ import annotations

from collections.abc import Mapping

from chalice.app import Response

from chalicelib.domain.coaching import Participation
from chalicelib.domain.errors import Conflict
from chalicelib.internal import coaching
from chalicelib.internal.portal import door, form, view
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
    found, sent = store.of_factory(factory_id), visit.form
    boxes = {place.programme.programme_id: _boxes(place.part) for place in found}
    seen = {each: form.fingerprints(held) for each, held in boxes.items()}
    overtaken: set[str] = set()
    if problem and programme_id in boxes and sent.get("answer") == "ticks":
        held, was = boxes[programme_id], sent.get("seen")
        overtaken = set() if was is None else form.edited(held, was)
        boxes[programme_id] = _ticked(sent) if was is None else form.together(_ticked(sent), held, was)
    return view.render(
        visit,
        "portal/own_programmes.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        words=efficiency_words,
        factory_id=factory_id,
        factory=factories.need(factory_id).factory,
        found=found,
        boxes=boxes,
        seen=seen,
        overtaken=overtaken,
        typed_for=programme_id,
    )


def _boxes(part: Participation) -> dict[str, str]:
    """The two boxes as the record has them: ``yes`` if one is ticked."""
    return {name: "yes" if getattr(part, name) else "" for name in TICKS}


def _ticked(sent: Mapping[str, str]) -> dict[str, str]:
    return {name: "yes" if name in sent else "" for name in TICKS}


@door.page("POST", f"{PATH}/{{programme_id}}", who=door.FACTORY, again=_shown)
def answered(visit: Visit, factory_id: str, programme_id: str) -> Response:
    """An answer, or the two ticks of a programme that the factory takes part in."""
    answer = visit.form.get("answer", "")
    said: dict[str, str | bool | None] = {"answer": answer if answer in coaching.ANSWERS else None}
    ticked = _decided(visit, store.part(factory_id, programme_id)) if answer == "ticks" else {}
    coaching.decide(visit.person, factory_id, programme_id, {**said, **dict.fromkeys(TICKS), **ticked})
    return view.go(visit, f"/portal/factories/{factory_id}/programmes?done=saved")


def _decided(visit: Visit, part: Participation) -> dict[str, bool]:
    """What a form decides anew. If a colleague decided otherwise while it was open, that is told first."""
    if not part.active:
        raise Conflict("You do not take part in this programme.")
    held = _boxes(part)
    form.same_still(held, visit.form.get("seen"))
    return {name: bool(box) for name, box in _ticked(visit.form).items() if box != held[name]}
