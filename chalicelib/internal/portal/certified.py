"""A certifier's certificates: the list, and one of them with its history and what its certifier says of it now."""

from __future__ import annotations

from dataclasses import asdict, replace
from urllib.parse import quote, urlencode

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.certificate import Certificate, Standing, Status
from chalicelib.domain.disclosure import answer_on, public_certificate
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.domain.portfolio import Sought
from chalicelib.internal import certificate_rows
from chalicelib.internal import certificates as api
from chalicelib.internal.certificate_rows import Statement
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.form import tidy
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import certificates as store
from chalicelib.store.registry import organisations
from chalicelib.web import certificate_words
from chalicelib.web.responses import Problem

PATH = "/portal/certificates"
ONE = f"{PATH}/{{code}}"
INPUTS = ("standing", "reason", "effective")
_STATUSES = tuple(status.value for status in Status if status is not Status.UNKNOWN)


@door.page("GET", PATH, who=door.CERTIFIER)
def certificates(visit: Visit) -> Response:
    """The certificates that the certifier confirmed, as of today, a page at a time."""
    query = visit.ask.query
    sought = Sought(*(query.get(name, "").strip()[:200] for name in ("status", "standard", "number", "holder")))
    found, following = api.page_of(visit.person, sought, query.get("cursor", ""))
    today = clock.today()
    asked = {name: text for name, text in asdict(sought).items() if text}
    return view.render(
        visit,
        "portal/certified.html",
        labels=certificate_words.LABELS,
        hints=certificate_words.HINTS,
        answers=[answer_on(public_certificate(each), today) for each in found],
        sought=sought,
        narrowed=bool(asked) or "cursor" in query,
        next_path=f"{PATH}?{urlencode({**asked, 'cursor': following}, quote_via=quote)}" if following else None,
        statuses=_STATUSES,
        standards=organisations.listed("standard"),
    )


def own(visit: Visit, code: str) -> Certificate:
    """A certificate of the certifier's own; any other is as good as none."""
    try:
        canonical = identity.parse_certificate_code(code)
    except Malformed as error:
        raise NotFound("There is no such certificate of yours.") from error
    return store.own(canonical, visit.person.tenant)[1]


@door.page("GET", ONE, who=door.CERTIFIER)
def certificate(visit: Visit, code: str) -> Response:
    """One certificate: its facts, its history, and a form to change its standing."""
    return _shown(visit, None, code)


def _shown(visit: Visit, problem: Problem | None, code: str) -> Response:
    found = own(visit, code)
    return view.render(
        visit,
        "portal/certified_one.html",
        labels=certificate_words.LABELS,
        hints=certificate_words.HINTS,
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem, INPUTS),
        answer=answer_on(public_certificate(found), clock.today()),
        path=f"{PATH}/{found.code}",
        standings=tuple(Standing),
        typed={name: visit.form.get(name, "") for name in INPUTS},
        today_is=clock.today().isoformat(),
    )


@door.page("POST", f"{ONE}/standing", who=door.CERTIFIER, again=_shown)
def standing(visit: Visit, code: str) -> Response:
    """Change the standing: first what the public will see is shown, and only who confirms that changes anything."""
    found = own(visit, code)
    step = visit.form.get("step", "")
    if step == "mend":
        return _shown(visit, None, code)
    given = {name: tidy(visit.form.get(name, "")) for name in INPUTS if tidy(visit.form.get(name, ""))}
    said = certificate_rows.statement(given, clock.today(), named=False)
    if step != "confirmed":
        return _asked(visit, found, said)
    store.change_standing(found.code, said.word, visit.person.tenant, visit.person.actor)
    return view.go(visit, f"{PATH}/{found.code}?done=standing")


def _asked(visit: Visit, found: Certificate, said: Statement) -> Response:
    change = said.word.added_to(found, clock.instant(clock.now()))
    after = found if change is None else replace(found, history=(*found.history, change))
    today = clock.today()
    return view.render(
        visit,
        "portal/certified_confirm.html",
        labels=certificate_words.LABELS,
        hints=certificate_words.HINTS,
        now=answer_on(public_certificate(found), today),
        after=answer_on(public_certificate(after), today),
        change=change,
        backdated=change is not None and change.effective < today,
        path=f"{PATH}/{found.code}",
        typed={name: visit.form.get(name, "") for name in INPUTS},
    )
