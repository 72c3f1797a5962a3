"""The list of factories, and the one box that reads anything typed or pasted."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import finding
from chalicelib.domain.disclosure import CertificateAnswer, answer_on
from chalicelib.domain.errors import Malformed
from chalicelib.domain.finding import Card, Wish
from chalicelib.domain.phrase import phrase
from chalicelib.public import anything, edge, facts
from chalicelib.public.search import Found, Position, lists, search
from chalicelib.store import finder
from chalicelib.web import cursor, language, responses, words
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

_LONGEST_QUERY = 200
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
_PLACE = re.compile(r"[A-Z]{2}#[^#]{0,40}#[0-9A-Z]{12}\Z")
_MOST_SHOWN_BEFORE = 10_000_000


@edge.page(routes, "/find")
def find(ask: Ask) -> Response:
    """Read anything typed or pasted: 303 to the page it names, else the directory or a kind "not found"."""
    typed = _typed(ask)
    if not typed:
        return _to(ask, "/")
    if path := anything.path_named(typed):
        return _to(ask, path)
    bearing = anything.certificates(typed)
    if len(bearing) == 1:
        return _to(ask, f"/c/{bearing[0].code}")
    if not bearing and (path := anything.document(typed)):
        return _to(ask, path)
    today = clock.today()
    wish = Wish(typed=finding.asked(typed))
    found = search(wish, today) if wish.typed else Found()
    if len(found.cards) == 1 and not (found.close or found.next or bearing):
        return _to(ask, f"/f/{found.cards[0]['factory_id']}")
    if found.cards or bearing:
        return _page(ask, typed, wish, found, [answer_on(each, today) for each in bearing])
    if path := _last_resort(typed):
        return _to(ask, path)
    return _nothing(ask, typed, [_shown(each, wish, today) for each in found.some])


def _last_resort(typed: str) -> str | None:
    """The page of a code that is not on record, else of a standard or member. A code without a digit may be a name."""
    code = anything.unlisted_code(typed)
    if code and not typed.isalpha():
        return code
    from chalicelib.public import named  # neither loaded nor read before nothing else answers

    return named.path_named(typed) or code


def _nothing(ask: Ask, typed: str, some: list[dict[str, Any]]) -> Response:
    return edge.render(
        ask,
        "not_found.html",
        path="/find",
        http_status=404,
        what="search",
        typed=typed,
        slip=anything.slip(typed),
        results=some,
        standards=finder.facets()["standard"] if some else {},
    )


@edge.page(routes, "/factories")
def directory_page(ask: Ask) -> Response:
    """The directory: by name, country, product category, standard, and whether a certificate is valid today."""
    typed, wish, found = _asked(ask)
    return _page(ask, typed, wish, found, [])


@edge.document(routes, "/v1/directory")
def directory_document(ask: Ask) -> Response:
    """The directory for machines: a page of at most 50, and a cursor where it goes on."""
    typed, wish, found = _asked(ask)
    today = clock.today()
    body = {
        "results": [facts.card(each, today) for each in found.cards],
        "next_cursor": _token(typed, wish, found.next),
        "match": "close" if found.close else "exact",
        "checked_at": clock.instant(clock.now()),
    }
    return responses.json_response(body, cache=responses.REVALIDATE)


def _asked(ask: Ask) -> tuple[str, Wish, Found]:
    typed = _typed(ask)
    wish = Wish(
        typed=finding.asked(typed),
        country=_country(ask),
        category=_facet(ask, "category"),
        standard=_facet(ask, "standard"),
        valid=_valid(ask),
    )
    start = _position(ask.query["cursor"], typed, wish) if ask.query.get("cursor") else None
    nothing_to_look_up = bool(typed) and not wish.typed
    return typed, wish, Found() if nothing_to_look_up else search(wish, clock.today(), start)


def _page(ask: Ask, typed: str, wish: Wish, found: Found, bearing: list[CertificateAnswer]) -> Response:
    today = clock.today()
    choices = _choices(ask, wish)
    token = _token(typed, wish, found.next)
    first = _address(typed, wish)
    return edge.render(
        ask,
        "directory.html",
        path=first,
        index=first == "/factories",
        query=typed,
        wish=wish,
        found=found,
        certificates=bearing,
        results=[_shown(each, wish, today) for each in found.cards],
        some=[_shown(each, wish, today) for each in found.some],
        first_path=first,
        next_path=None if token is None else _address(typed, wish, token),
        choices=choices,
        standards=dict(choices["standard"]),
        slip=anything.slip(typed),
    )


def _shown(card: Card, wish: Wish, today: date) -> dict[str, Any]:
    return {**facts.card(card, today), "also_known": finding.also_known(card, wish)}


def _choices(ask: Ask, wish: Wish) -> dict[str, list[tuple[str, str]]]:
    """What the list can be narrowed to: codes with their names in the reader's language, in its order."""
    chosen = language.choose(ask.query.get("lang"), ask.header("accept-language"))
    offered = finder.facets()
    for kind, code in (("country", wish.country), ("category", wish.category), ("standard", wish.standard)):
        if code:
            offered[kind].setdefault(code, code)
    named = {
        "country": {code: chosen.country(code) for code in offered["country"]},
        "category": {code: chosen.gettext(words.CATEGORY.get(code, code)) for code in offered["category"]},
        "standard": offered["standard"],
    }
    return {kind: sorted(names.items(), key=lambda each: finding.fold(each[1])) for kind, names in named.items()}


def _address(typed: str, wish: Wish, token: str | None = None) -> str:
    given = {"q": typed, "country": wish.country, "category": wish.category, "standard": wish.standard}
    given |= {"valid": "1" if wish.valid else None, "cursor": token}
    asked = urlencode({name: value for name, value in given.items() if value}, quote_via=quote)
    return f"/factories?{asked}" if asked else "/factories"


def _token(typed: str, wish: Wish, position: Position | None) -> str | None:
    if position is None:
        return None
    return cursor.write([position.kind, position.value, position.after, position.shown], _address(typed, wish))


def _position(token: str, typed: str, wish: Wish) -> Position:
    read = cursor.read(token, _address(typed, wish))
    match read:
        case [str(kind), str(value), str(after), int(shown)] if (
            (kind, value) in lists(wish) and _PLACE.match(after) and 0 <= shown < _MOST_SHOWN_BEFORE
        ):
            return Position(kind, value, after, shown)
    raise Malformed("This cursor does not belong to this search. Begin again without it.").at("/cursor")


def _to(ask: Ask, path: str) -> Response:
    """To a page of ours, in the language that the reader asked for."""
    chosen = language.choose(ask.query.get("lang"), None)
    kept = f"{'&' if '?' in path else '?'}lang={chosen.code}" if chosen.asked else ""
    return responses.redirect(edge.url(path) + kept)


def _typed(ask: Ask) -> str:
    typed = ask.query.get("q", "").strip()
    if len(typed) > _LONGEST_QUERY:
        raise Malformed(phrase("Search for at most %(most)s characters.", most=_LONGEST_QUERY)).at("/q")
    return typed


def _country(ask: Ask) -> str | None:
    given = ask.query.get("country", "").strip().upper()
    if given and not re.fullmatch("[A-Z]{2}", given):
        raise Malformed("A country is an ISO 3166-1 alpha-2 code, such as BD.").at("/country")
    return given or None


def _facet(ask: Ask, name: str) -> str | None:
    given = ask.query.get(name, "").strip().lower()
    if given and not _CODE.match(given):
        raise Malformed(
            phrase("%(name)s is a code of lower-case letters, digits, _ and -, such as gots.", name=name)
        ).at(f"/{name}")
    return given or None


def _valid(ask: Ask) -> bool:
    given = ask.query.get("valid", "").strip().lower()
    if given not in ("", "0", "1", "false", "true"):
        raise Malformed("valid is 1, for factories with a certificate that is valid today, or 0.").at("/valid")
    return given in ("1", "true")
