"""The portal's first page: what the person may act for, as of now."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.domain.errors import NotAllowed
from chalicelib.internal import access
from chalicelib.internal.portal import door, menu, meter, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import callers, factories
from chalicelib.store.registry.people import Role


@door.page("GET", "/portal", who=door.PERSON)
def home(visit: Visit) -> Response:
    """The factories that the person runs, and what their roles offer."""
    authority = visit.person.authority
    found = [factories.load(factory_id) for factory_id in authority.factories]
    mine = [{"factory": held.factory, "meter": meter.of(held.factory)} for held in found if held is not None]
    return view.render(visit, "portal/home.html", mine=mine, roles=menu.roles(visit.person))


@door.page("POST", "/portal/acting", who=door.PERSON)
def acting(visit: Visit) -> Response:
    """Choose one of several organisations of a kind."""
    role = Role(visit.form.get("kind", ""), visit.form.get("tenant", ""))
    if role not in visit.person.authority.roles:
        raise NotAllowed("You do not act for this organisation.")
    callers.act_for(access.session_secret(visit.ask), role.kind, role.tenant)
    return view.go(visit, "/portal")
