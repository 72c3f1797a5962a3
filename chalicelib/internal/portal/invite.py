"""A member invites one factory: a form, and if the factory is likely to be on record already, a question."""

from __future__ import annotations

import secrets
from dataclasses import replace

from chalice.app import Response
from iso3166 import countries_by_alpha2

from chalicelib.domain import identity
from chalicelib.domain.likeness import Likely
from chalicelib.internal import invite_list, inviting
from chalicelib.internal.inviting import Wanted
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.web import invitation_words, likeness_words
from chalicelib.web.language import LANGUAGES
from chalicelib.web.responses import Problem

PATH = "/portal/invitations/new"
INPUTS = ("email", "language", "factory_id", "name", "country", "address", "city", "site")


@door.page("GET", PATH, who=door.MEMBER)
def form(visit: Visit) -> Response:
    """The form."""
    return _form(visit)


def _form(visit: Visit, problem: Problem | None = None) -> Response:
    typed = {name: visit.form.get(name, "") for name in INPUTS}
    known = sorted(((code, visit.language.country(code)) for code in countries_by_alpha2), key=lambda pair: pair[1])
    return view.render(
        visit,
        "portal/invite.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem, INPUTS),
        typed={**typed, "language": typed["language"] or visit.language.code},
        countries=known,
        tongues=LANGUAGES,
        labels=invitation_words.COLUMNS,
        hints=invitation_words.HINTS,
        once=_once(visit),
    )


@door.page("POST", PATH, who=door.MEMBER, again=_form)
def invited(visit: Visit) -> Response:
    """Invite the factory, or ask first whether it is one of those that it is likely to be."""
    cells = {name: visit.form.get(name, "").strip() for name in INPUTS}
    wanted = invite_list.wanted(cells, visit.language.code, visit.language)
    choice = visit.form.get("same", "")
    found = [] if choice else inviting.likely(wanted)
    if found:
        return _question(visit, wanted, found)
    if choice and choice != invite_list.NEW:
        wanted = replace(wanted, factory_id=identity.parse_factory_id(choice))
    member = inviting.inviter(visit.person.tenant)
    recorded = inviting.record_or_link(member, wanted, _once(visit), visit.person.actor)
    return view.go(visit, f"/portal/invitations?done={inviting.outcome(member, recorded)}")


def _question(visit: Visit, wanted: Wanted, found: list[Likely]) -> Response:
    return view.render(
        visit,
        "portal/invite_same.html",
        wanted=wanted,
        likely=found,
        reasons=likeness_words.REASONS,
        typed={name: visit.form.get(name, "") for name in INPUTS},
        missing="again" in visit.form,
        once=_once(visit),
    )


def _once(visit: Visit) -> str:
    """The name of the wish that a form stands for: sent twice, it is granted once."""
    given = visit.form.get("once", "")
    return given if len(given) == 32 and given.isalnum() else secrets.token_hex(16)
