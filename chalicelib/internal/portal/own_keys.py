"""The keys of an organisation's programs: its own people make, rotate and revoke them."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.domain.errors import Fault, Malformed, NotFound
from chalicelib.internal import staff, teams
from chalicelib.internal.access import SCOPES
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.form import tidy
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import callers, organisations
from chalicelib.store.registry.people import Role
from chalicelib.web import form_words, key_words
from chalicelib.web.responses import Problem

PATH = "/portal/keys/{kind}"
KINDS = (*organisations.ACTING, "owner")


def _in(visit: Visit, kind: str) -> Visit:
    """The visitor as one of the organisation's people."""
    if kind not in KINDS:
        raise NotFound("There are no such keys.")
    return visit.in_role(kind)


def _page(visit: Visit, problem: Problem | None = None, *, kind: str) -> Response:
    visit = _in(visit, kind)
    return _shown(visit, problem)


def _shown(visit: Visit, problem: Problem | None = None, *, made: str = "") -> Response:
    person = visit.person
    return view.render(
        visit,
        "portal/own_keys.html",
        labels={**form_words.LABELS, **key_words.LABELS},
        hints=key_words.HINTS,
        scope_words=key_words.SCOPES,
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem),
        organisation=teams.named(Role(person.kind, person.tenant)),
        title=view.ROLES[person.kind],
        path=f"/portal/keys/{person.kind}",
        keys=callers.active_keys(person.kind, person.tenant),
        most=callers.MOST_ACTIVE,
        scopes=SCOPES[person.kind],
        chosen=[scope for scope in SCOPES[person.kind] if not visit.form or scope in visit.form],
        typed=visit.form.get("reason", "") if problem else "",
        made=made,
    )


@door.page("GET", PATH, who=door.PERSON)
def keys(visit: Visit, kind: str) -> Response:
    """The keys that work: their first letters, what they may do, when they were last used."""
    return _page(visit, kind=kind)


@door.page("POST", PATH, who=door.PERSON, again=_page)
def make(visit: Visit, kind: str) -> Response:
    """Make a key. It stands on this one answer and nowhere else."""
    visit = _in(visit, kind)
    person = visit.person
    given = {"kind": kind, "tenant": person.tenant, "scopes": [each for each in SCOPES[kind] if each in visit.form]}
    reason = tidy(visit.form.get("reason", ""))
    if not given["scopes"]:
        raise Malformed("Some fields cannot be taken as sent.", [Fault("/scopes", "choose at least one")])
    _, secret = staff.make_key(person, {**given, **({"reason": reason} if reason else {})})
    return _shown(visit, made=secret)


@door.page("POST", f"{PATH}/revoke", who=door.PERSON, again=_page)
def revoke(visit: Visit, kind: str) -> Response:
    """Revoke a key of the organisation's own: the next request with it is refused."""
    visit = _in(visit, kind)
    person, prefix = visit.person, visit.form.get("prefix", "")
    if prefix not in {each.key.prefix for each in callers.active_keys(kind, person.tenant)}:
        raise NotFound("There is no active key of that prefix.")
    callers.revoke_key(prefix, person.actor)
    return view.go(visit, f"/portal/keys/{kind}?done=revoked")
