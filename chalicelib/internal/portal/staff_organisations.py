"""For staff: members and certifiers, made and changed; the list of standards."""

from __future__ import annotations

from typing import Any

from chalice.app import Response
from iso3166 import countries_by_alpha2

from chalicelib.domain import text
from chalicelib.domain.errors import Conflict, Fault, Malformed, NotFound
from chalicelib.internal import staff
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.form import tidy
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import organisations
from chalicelib.web import staff_words
from chalicelib.web.responses import Problem

LIST = "/portal/staff/organisations/{kind}"
ONE = "/portal/staff/organisations/{kind}/{tenant}"
INPUTS = ("id", "name", "country", "website")


@door.page("GET", LIST, who=door.STAFF)
def listed(visit: Visit, kind: str) -> Response:
    """All of a kind, and a form to add one."""
    return _list(visit, None, kind)


def _list(visit: Visit, problem: Problem | None, kind: str) -> Response:
    title, adding = _kind(kind)
    return view.render(
        visit,
        "portal/staff_organisations.html",
        http_status=problem.status if problem else 200,
        kind=kind,
        title=title,
        adding=adding,
        found=organisations.listed(kind),
        **_form(visit, problem, {}),
    )


@door.page("POST", LIST, who=door.STAFF, again=_list)
def added(visit: Visit, kind: str) -> Response:
    """Put one on record."""
    identifier = tidy(visit.form.get("id", ""))
    if not text.is_tenant(identifier):
        fault = Fault("/id", "must be an identifier of 2 to 40 lower-case letters, digits or -")
        raise Malformed("Some fields cannot be taken as sent.", [fault])
    if organisations.load(_editable(kind), identifier) is not None:
        raise Conflict("This identifier is on record already. Choose it from the list.")
    staff.put_organisation(visit.person, kind, identifier, _given(visit), staff.ORGANISATION)
    return view.go(visit, f"/portal/staff/organisations/{kind}/{identifier}?done=saved")


@door.page("GET", ONE, who=door.STAFF)
def one(visit: Visit, kind: str, tenant: str) -> Response:
    """One organisation, to be changed; a standard, to be read."""
    return _one(visit, None, kind, tenant)


def _one(visit: Visit, problem: Problem | None, kind: str, tenant: str) -> Response:
    title, _ = _kind(kind)
    held = organisations.need(kind, text.clean_tenant(tenant))
    return view.render(
        visit,
        "portal/staff_organisation.html",
        http_status=problem.status if problem else 200,
        kind=kind,
        title=title,
        tenant=tenant,
        held=held,
        **_form(visit, problem, held),
    )


@door.page("POST", ONE, who=door.STAFF, again=_one)
def changed(visit: Visit, kind: str, tenant: str) -> Response:
    """Change what is on record."""
    held = organisations.need(_editable(kind), text.clean_tenant(tenant))
    staff.put_organisation(visit.person, kind, tenant, _given(visit), staff.ORGANISATION, kept=held)
    return view.go(visit, f"/portal/staff/organisations/{kind}/{tenant}?done=saved")


@door.page("POST", f"{ONE}/part", who=door.STAFF, again=_one)
def part(visit: Visit, kind: str, tenant: str) -> Response:
    """A member or certifier takes part no more, or again; the form says which, and why."""
    change = organisations.end if visit.form.get("part") == "end" else organisations.resume
    reason = staff.reason_of({"reason": tidy(visit.form.get("reason", "")) or None})
    change(_editable(kind), text.clean_tenant(tenant), reason, visit.person.actor)
    return view.go(visit, f"/portal/staff/organisations/{kind}/{tenant}?done=saved")


def _kind(kind: str) -> tuple[str, str]:
    if kind not in staff_words.KINDS:
        raise NotFound("There is no such page.")
    return staff_words.KINDS[kind]


def _editable(kind: str) -> str:
    if not _kind(kind)[1]:
        raise NotFound("There is no such page.")
    return kind


def _given(visit: Visit) -> dict[str, str]:
    return {name: tidy(visit.form[name]) for name in INPUTS[1:] if tidy(visit.form.get(name, ""))}


def _form(visit: Visit, problem: Problem | None, held: dict[str, Any]) -> dict[str, Any]:
    countries = sorted(((code, visit.language.country(code)) for code in countries_by_alpha2), key=lambda pair: pair[1])
    return {
        "problem": problem,
        "faults": view.faults_by_input(problem, INPUTS),
        "typed": {name: visit.form.get(name, held.get(name, "")) for name in (*INPUTS, "reason")},
        "countries": countries,
    }
