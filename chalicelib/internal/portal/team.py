"""Who acts for an organisation: its own people decide, and the registry's staff for any."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.domain.errors import Conflict, Fault, Malformed, NotFound
from chalicelib.domain.fields import clean_email
from chalicelib.internal import teams
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import people
from chalicelib.store.registry.people import Role
from chalicelib.web.responses import Problem

PATHS = ("/portal/team/{kind}", "/portal/team/{kind}/{tenant}")


def _role(visit: Visit, kind: str, tenant: str) -> Role:
    """The organisation whose team is shown; one of another is as good as none."""
    if kind not in view.ROLES:
        raise NotFound("There is no such team.")
    if not tenant:
        return Role(kind, visit.person.in_role(kind).tenant)
    role = Role(kind, tenant)
    if role in visit.person.authority.roles:
        return role
    if not visit.person.authority.of_kind("staff"):
        raise NotFound("There is no such team.")
    return teams.known(kind, tenant)


def _capacity(visit: Visit, role: Role) -> Visit:
    """The visitor as one of that team, else as staff."""
    kind = role.kind if role in visit.person.authority.roles else "staff"
    return visit.in_role(kind)


def _page(visit: Visit, problem: Problem | None = None, *, kind: str, tenant: str = "") -> Response:
    role = _role(visit, kind, tenant)
    return view.render(
        visit,
        "portal/team.html",
        http_status=problem.status if problem else 200,
        role=role,
        title=view.ROLES[role.kind],
        organisation=teams.named(role),
        path=f"/portal/team/{role.kind}/{role.tenant}",
        team=people.team(role),
        own=visit.person.person,
        typed=visit.form.get("email", "") if problem else "",
        problem=problem,
        faults=view.faults_by_input(problem),
    )


@door.page("GET", PATHS[0], who=door.PERSON)
def own(visit: Visit, kind: str) -> Response:
    """The team of the organisation that the person acts for."""
    return _page(visit, kind=kind)


@door.page("GET", PATHS[1], who=door.PERSON)
def team(visit: Visit, kind: str, tenant: str) -> Response:
    """The team of an organisation."""
    return _page(visit, kind=kind, tenant=tenant)


@door.page("POST", PATHS[1], who=door.PERSON, again=_page)
def add(visit: Visit, kind: str, tenant: str) -> Response:
    """Let somebody act for the organisation, and tell them so by mail."""
    role = _role(visit, kind, tenant)
    try:
        email = clean_email(visit.form.get("email", "").strip())
    except Malformed as error:
        raise Malformed("Some fields cannot be taken as sent.", [Fault("/email", error.detail)]) from error
    teams.add(role, email, visit.language.code, _capacity(visit, role).person.actor)
    return view.go(visit, f"/portal/team/{role.kind}/{role.tenant}?done=added")


@door.page("POST", f"{PATHS[1]}/remove", who=door.PERSON, again=_page)
def remove(visit: Visit, kind: str, tenant: str) -> Response:
    """Let somebody act for the organisation no more. Nobody removes themselves, so that a team is never left empty."""
    role = _role(visit, kind, tenant)
    person = visit.form.get("person", "")
    if person == visit.person.person:
        raise Conflict("You cannot remove yourself. Ask a colleague to do it.")
    people.remove(role, person, _capacity(visit, role).person.actor)
    return view.go(visit, f"/portal/team/{role.kind}/{role.tenant}?done=removed")
