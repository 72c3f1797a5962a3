"""For staff: merging, moving, closing and reopening a factory. Each with what will happen, and a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain import identity, lifecycle
from chalicelib.domain.errors import Conflict, Fault, Malformed, NotFound
from chalicelib.domain.factory import Factory
from chalicelib.internal import lifecycle as api
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.form import tidy
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import factories
from chalicelib.store.registry.factories import Held
from chalicelib.web import event_words, responses, staff_words
from chalicelib.web.responses import Problem

PATH = "/portal/staff/factories/{factory_id}/{action}"
INPUTS = {
    "merge": ("into", "reason"),
    "unmerge": ("reason",),
    "move": ("address", "city", "region", "postal_code", "into", "effective", "reason"),
    "close": ("effective", "reason"),
    "reopen": ("reason",),
}


@door.page("GET", PATH, who=door.STAFF)
def asked(visit: Visit, factory_id: str, action: str) -> Response:
    """What an action will do, and a form that confirms it."""
    return _shown(visit, None, factory_id, action)


def _shown(visit: Visit, problem: Problem | None, factory_id: str, action: str) -> Response:
    inputs = _inputs(action)
    held = factories.need(identity.parse_factory_id(factory_id))
    typed = {name: visit.form.get(name, visit.ask.query.get(name, "")) for name in inputs}
    other = None
    if action == "merge" and typed["into"]:
        try:
            other = _other(held, typed["into"])
        except (Malformed, Conflict, NotFound) as error:
            problem = problem or _at_into(error)
    return view.render(
        visit,
        "portal/staff_action.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem, inputs),
        factory=held.factory,
        action=action,
        words=staff_words.ACTIONS[action],
        inputs=inputs,
        typed=typed,
        other=other.factory if other else None,
        compared=_compared(held, other) if other else [],
        labels_of_compared=staff_words.COMPARED,
        latest=clock.today().isoformat(),
    )


@door.page("POST", PATH, who=door.STAFF, again=_shown)
def confirmed(visit: Visit, factory_id: str, action: str) -> Response:
    """Do it."""
    given = {name: tidy(visit.form[name]) for name in _inputs(action) if tidy(visit.form.get(name, ""))}
    if "reason" in given:
        given["reason"] = " ".join(given["reason"].split())
    code = identity.parse_factory_id(factory_id)
    try:
        api.ACTIONS[action](visit.person, code, given)
    except NotFound as error:
        if "into" not in given:
            raise
        raise Malformed("Some fields cannot be taken as sent.", [Fault("/into", "is not on record")]) from error
    return view.go(visit, f"/portal/staff/factories/{code}?done={action}")


def _inputs(action: str) -> tuple[str, ...]:
    if action not in INPUTS:
        raise NotFound("There is no such page.")
    return INPUTS[action]


def _other(held: Held, typed: str) -> Held:
    """The record to merge into, if that may be."""
    other = factories.need(identity.parse_factory_id(typed))
    wanted = lifecycle.merged(held.factory, other.factory, clock.today())
    if wanted is not None:
        lifecycle.refuse_hiding(wanted[0], held.certificates)
    return other


def _at_into(error: Exception) -> Problem:
    problem = responses.problem_of(error)
    return replace(problem, status=problem.status, faults=(Fault("/into", problem.detail),))


def _compared(one: Held, other: Held) -> list[dict[str, Any]]:
    """Both records side by side: what each says, and whether they differ."""
    sides = [_side(each) for each in (one, other)]
    rows = [(name, [side[name] for side in sides]) for name in staff_words.COMPARED]
    return [{"name": name, "values": values, "differ": values[0] != values[1]} for name, values in rows if any(values)]


def _side(held: Held) -> dict[str, str]:
    factory: Factory = held.factory
    said = {name: _plain(factory.value(name)) for name in staff_words.COMPARED}
    numbers = {"audits": factory.audits, "certificates": held.certificates, "links": factory.links}
    return {
        **said,
        "site": factory.site or "",
        "state": event_words.STATES[factory.state.value],
        "claimed": event_words.YES if factory.claimed else event_words.NO,
        "published": event_words.YES if factory.published else event_words.NO,
        **{name: str(len(several)) for name, several in numbers.items()},
        "led": ", ".join(identity.shown(each) for each in sorted(factory.led)),
    }


def _plain(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")
