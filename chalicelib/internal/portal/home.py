"""The portal's first page: what the person may act for, as of now."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.internal.portal import door, meter, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import callers, factories


@door.page("GET", "/portal", who=door.PERSON)
def home(visit: Visit) -> Response:
    """The factories that the person runs."""
    found = [factories.load(factory_id) for factory_id in callers.grants(visit.person.person)]
    mine = [{"factory": held.factory, "meter": meter.of(held.factory)} for held in found if held is not None]
    return view.render(visit, "portal/home.html", mine=mine)
