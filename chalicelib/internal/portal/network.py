"""A member's network: its suppliers and what falls due there, the list to take home, and each link."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain import identity, sought
from chalicelib.domain.certificate import Status
from chalicelib.domain.disclosure import RULES, answer_on
from chalicelib.domain.errors import Fault, Malformed, NotFound
from chalicelib.domain.factory import Source
from chalicelib.domain.network import Habit, LastAudit, Supplier, attention, last_audits
from chalicelib.domain.sought import Wish
from chalicelib.domain.wording import fold
from chalicelib.internal import links, network, teams
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store import finder
from chalicelib.store.registry import networks
from chalicelib.store.registry.people import Role
from chalicelib.web import form_words, network_words, words
from chalicelib.web.responses import Problem

PATH = "/portal/network"
PAGE = 25  # 10 kB in the language of the longest words
SOON_DAYS = 90


@door.page("GET", PATH, who=door.MEMBER)
def suppliers(visit: Visit) -> Response:
    """The suppliers that fit the filters, page by page."""
    return _listed(visit, None)


def _listed(visit: Visit, problem: Problem | None) -> Response:
    wanted = sought.wish(visit.ask.query if problem is None else {})
    place = visit.ask.query.get("cursor", "") if problem is None else ""
    found = network.page(visit.person, wanted, place, PAGE)
    goes_on = network.token(visit.person, wanted, found.goes_on) if found.goes_on else ""
    return view.render(
        visit,
        "portal/network.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem),
        organisation=_organisation(visit),
        wanted=wanted,
        choices=_choices(visit, wanted),
        labels=network_words.LABELS,
        found=[_told(each) for each in found.suppliers],
        words_of=network_words,
        typed={name: visit.form.get(name, "") for name in ("factory_id", "public")},
        first_path=_path(wanted) if place else "",
        next_path=_path(wanted, goes_on) if goes_on else "",
        files=_files(visit, wanted) if found.suppliers else [],
    )


@door.page("POST", PATH, who=door.MEMBER, again=_listed)
def added(visit: Visit) -> Response:
    """Put a factory on the network."""
    try:
        factory_id = identity.parse_factory_id(visit.form.get("factory_id", ""))
        links.add(visit.person.tenant, factory_id, visit.form.get("public") == "yes", visit.person.actor)
    except (Malformed, NotFound) as error:
        raise Malformed("Some fields cannot be taken as sent.", [Fault("/factory_id", error.detail)]) from error
    return view.go(visit, f"{PATH}/{factory_id}?done=added")


@door.page("GET", f"{PATH}.csv", who=door.MEMBER)
def as_csv(visit: Visit) -> Response:
    """The list as a table for a spreadsheet."""
    return network.exported(visit.person, visit.ask.query, "csv", for_people=True)


@door.page("GET", f"{PATH}.xlsx", who=door.MEMBER)
def as_xlsx(visit: Visit) -> Response:
    """The list as a workbook."""
    return network.exported(visit.person, visit.ask.query, "xlsx", for_people=True)


@door.page("GET", f"{PATH}.geojson", who=door.MEMBER)
def as_geojson(visit: Visit) -> Response:
    """The places of the suppliers, for a map."""
    return network.exported(visit.person, visit.ask.query, "geojson", for_people=True)


@door.page("GET", f"{PATH}/{{factory_id}}", who=door.MEMBER)
def one(visit: Visit, factory_id: str) -> Response:
    """One supplier, and the link to it."""
    return view.render(visit, "portal/supplier.html", **_one(visit, factory_id))


@door.page("POST", f"{PATH}/{{factory_id}}", who=door.MEMBER)
def agreed(visit: Visit, factory_id: str) -> Response:
    """The member's side of a link that is to show in public."""
    code = _own(visit, factory_id).linked_as
    links.add(visit.person.tenant, code, visit.form.get("public") == "yes", visit.person.actor)
    return view.go(visit, f"{PATH}/{code}?done=saved")


@door.page("GET", f"{PATH}/{{factory_id}}/end", who=door.MEMBER)
def ending(visit: Visit, factory_id: str) -> Response:
    """What ending the link means, before it is ended."""
    return view.render(visit, "portal/supplier_end.html", **_one(visit, factory_id))


@door.page("POST", f"{PATH}/{{factory_id}}/end", who=door.MEMBER)
def ended(visit: Visit, factory_id: str) -> Response:
    """End the link."""
    code = _own(visit, factory_id).linked_as
    links.end(visit.person, code, visit.person.tenant, Source.MEMBER)
    return view.go(visit, f"{PATH}?done=ended")


def _own(visit: Visit, factory_id: str) -> Supplier:
    """A supplier of the member's own network; any other factory is as good as none."""
    try:
        code = identity.parse_factory_id(factory_id)
    except Malformed as error:
        raise NotFound("There is no such supplier in your network.") from error
    return network.need(visit.person, code)


def _one(visit: Visit, factory_id: str) -> dict[str, Any]:
    found = _own(visit, factory_id)
    shown = {name: title for name, title in form_words.LABELS.items() if name in {*RULES} - {"audits", "descriptions"}}
    return {**_told(found), "labels": network_words.LABELS, "words_of": network_words, "field_labels": shown}


def _told(found: Supplier) -> dict[str, Any]:
    """What a page says of a supplier as of today."""
    today = clock.today()
    answers = [answer_on(each, today) for each in found.certificates]
    return {
        "supplier": found,
        "state": sought.link_state(found.link),
        "answers": answers,
        "valid": sum(each.status is Status.VALID and each.certificate.confirmed for each in answers),
        "attention": [answer_on(each, today) for each in attention(found.certificates, today, SOON_DAYS)],
        "lasts": [(last, _due(last)) for last in last_audits(found.audits, today)],
        "today": today,
    }


def _due(last: LastAudit) -> Any:
    """The day that the habit of an audit speaks of; ``None`` where nothing falls due."""
    if last.habit is Habit.RECENT:
        return None
    is_re_audit = last.habit in (Habit.RE_AUDIT_SOON, Habit.RE_AUDIT_USUAL)
    return last.re_audit_usual_by if is_re_audit else last.follow_up_usual_by


def _organisation(visit: Visit) -> str:
    return teams.named(Role("member", visit.person.tenant))


def _choices(visit: Visit, wanted: Wish) -> dict[str, list[tuple[str, str]]]:
    """What a filter can be set to, in the reader's language: the countries and categories that there are."""
    spoken, offered = visit.language, finder.facets()
    for kind, code in (("country", wanted.country), ("category", wanted.category)):
        if code:
            offered[kind].setdefault(code, code)
    countries = [(code, spoken.country(code)) for code in offered["country"]]
    kinds = [(code, spoken.gettext(words.CATEGORY.get(code, code))) for code in offered["category"]]
    return {
        "country": sorted(countries, key=lambda pair: fold(pair[1])),
        "category": sorted(kinds, key=lambda pair: fold(pair[1])),
        "standing": [(code, spoken.gettext(text)) for code, text in network_words.STANDINGS.items()],
        "link": [(code, spoken.gettext(text)) for code, text in network_words.LINKS.items()],
        "run_by": [(code, spoken.gettext(text)) for code, text in network_words.RUN_BY.items()],
    }


def _path(wanted: Wish, goes_on: str = "", ending: str = "") -> str:
    asked = {**wanted.asked, **({"cursor": goes_on} if goes_on else {})}
    return f"{PATH}{ending}?{urlencode(asked)}" if asked else f"{PATH}{ending}"


def _files(visit: Visit, wanted: Wish) -> list[tuple[str, list[str]]]:
    """The addresses of the files of each kind: one for each 2,500 suppliers."""
    begins = networks.parts(visit.person.tenant, network.MOST_IN_FILE)
    tokens = [network.token(visit.person, wanted, after) if after else "" for after in begins]
    return [(kind, [_path(wanted, each, f".{kind}") for each in tokens]) for kind in network.KINDS]
