"""A factory's record to take along, and its contact data to be erased."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.domain.errors import Fault, Malformed
from chalicelib.internal import rights
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import erasure, factories
from chalicelib.web import responses
from chalicelib.web.responses import Problem

PATH = "/portal/factories/{factory_id}/data"
REASON = "The factory asked for it."


@door.page("GET", PATH, who=door.FACTORY)
def data(visit: Visit, factory_id: str) -> Response:
    """What there is to take along, and to erase."""
    return _shown(visit, None, factory_id)


def _shown(visit: Visit, problem: Problem | None, factory_id: str) -> Response:
    return view.render(
        visit,
        "portal/data.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem),
        factory_id=factory_id,
        factory=factories.need(factory_id).factory,
    )


@door.page("GET", "/portal/factories/{factory_id}/export", who=door.FACTORY)
def export(visit: Visit, factory_id: str) -> Response:
    """The whole record with its history, as one file."""
    found = rights.of_factory(visit.person, factories.need(factory_id))
    return responses.json_file(found, f"{factory_id}.json")


@door.page("POST", f"{PATH}/erase", who=door.FACTORY, again=_shown)
def erase(visit: Visit, factory_id: str) -> Response:
    """Erase the contact data of the record and of the invitations that led to it. Who runs the page still does."""
    if visit.form.get("sure") != "yes":
        raise Malformed("Some fields cannot be taken as sent.", [Fault("/sure", "Tick this if you want it.")])
    erasure.contact(factory_id, visit.person.actor, REASON)
    return view.go(visit, f"/portal/factories/{factory_id}/data?done=erased")
