"""What the map says of a standard: its owner and staff read it with its sources, confirm it, or say what is wrong."""

from __future__ import annotations

from dataclasses import replace

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain import standards_map
from chalicelib.domain.errors import NotFound
from chalicelib.domain.moderation import OF_STANDARDS, About, clean_report
from chalicelib.domain.standard import OWNER, TOPICS
from chalicelib.internal import standards as api
from chalicelib.internal.access import SCOPES
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.form import tidy
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import moderation, standards
from chalicelib.store.registry.people import Role
from chalicelib.web import contact_words, standard_words
from chalicelib.web.responses import Problem

OWN = "/portal/standard"
ONE = "/portal/standard/{tenant}"
INPUTS = ("kind", "text")


def _capacity(visit: Visit, tenant: str) -> Visit:
    """The visitor as owner of the standard, else as staff; one of another owner is as good as none."""
    if not tenant:
        return visit.in_role(OWNER)
    if Role(OWNER, tenant) in visit.person.authority.roles:
        return replace(visit, known=replace(visit.person, kind=OWNER, tenant=tenant, scopes=SCOPES[OWNER]))
    if visit.person.authority.of_kind("staff"):
        return visit.in_role("staff")
    raise NotFound("There is no such standard of yours.")


def _acting(visit: Visit) -> Visit:
    """As whom a form was opened; whoever may not open it at all is told so after the token was looked at."""
    try:
        return _capacity(visit, visit.ask.params["tenant"])
    except NotFound:
        return visit


def _page(visit: Visit, problem: Problem | None = None, *, tenant: str = "") -> Response:
    visit = _capacity(visit, tenant)
    found = standards.need(tenant or visit.person.tenant)
    today = clock.today()
    return view.render(
        visit,
        "portal/standard.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem, INPUTS),
        standard=found,
        path=f"{OWN}/{found.standard_id}",
        today=today,
        is_owner=visit.person.kind == OWNER,
        names=standard_words,
        areas=TOPICS,
        fresh=lambda each: standards_map.freshness(each.reviewed, today).value,
        labels=contact_words.LABELS,
        hints=contact_words.HINTS,
        complaints={each.value: contact_words.COMPLAINTS[each] for each in OF_STANDARDS},
        typed={name: visit.form.get(name, "") for name in INPUTS},
    )


@door.page("GET", OWN, who=door.OWNER)
def own(visit: Visit) -> Response:
    """The standard whose owner the person acts for."""
    return _page(visit)


@door.page("GET", ONE, who=door.PERSON)
def one(visit: Visit, tenant: str) -> Response:
    """A standard, for its owner and for staff."""
    return _page(visit, tenant=tenant)


@door.page("POST", f"{ONE}/review", who=door.PERSON, again=_page, acting=_acting)
def reviewed(visit: Visit, tenant: str) -> Response:
    """Confirm, as of today, that what the map says was compared with its sources."""
    api.review(_capacity(visit, tenant).person, tenant, {})
    return view.go(visit, f"{OWN}/{tenant}?done=reviewed")


@door.page("POST", f"{ONE}/report", who=door.PERSON, again=_page, acting=_acting)
def reported(visit: Visit, tenant: str) -> Response:
    """Put what is wrong into the queue of staff."""
    person = _capacity(visit, tenant).person
    found = standards.need(tenant)
    given = {"kind": visit.form.get("kind", ""), "text": tidy(visit.form.get("text", ""))}
    complaint, words = clean_report(given, "standard")
    about = About("standard", tenant, f"/standards/{tenant}")
    moderation.report(about, found.name, complaint, words, None, person.actor)
    return view.go(visit, f"{OWN}/{tenant}?done=reported")
