"""Finding: one box that reads anything typed or pasted, and the list of factories."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from chalice.app import Blueprint, Response

from chalicelib.domain import finding, identity
from chalicelib.domain.errors import Malformed
from chalicelib.public import edge, facts
from chalicelib.store import reader
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

MOST_SHOWN = 50
_MOST_READ = 200
_LONGEST_QUERY = 200
_OUR_PATHS = re.compile(r"/(?:f|c|p|01)/[^/?#]+(?:/(?:10|21)/[^/?#]+){0,2}/?\Z", re.IGNORECASE)


@edge.page(routes, "/find")
def find(ask: Ask) -> Response:
    """Read anything typed or pasted: 303 to the page it names, else the directory or a kind "not found"."""
    typed = _typed(ask)
    if not typed:
        return responses.redirect(edge.url("/"))
    path = _path_named(typed) or _path_of_number(typed)
    if path is not None:
        return responses.redirect(edge.url(path))
    results = search(typed)
    if len(results) == 1:
        return responses.redirect(edge.url(f"/f/{results[0]['factory_id']}"))
    if not results:
        return edge.render(ask, "not_found.html", path="/find", http_status=404, what="search", typed=typed)
    return _list(ask, typed, results)


@edge.page(routes, "/factories")
def directory_page(ask: Ask) -> Response:
    """The directory: by name, by country."""
    typed, country = _typed(ask), _country(ask)
    return _list(ask, typed, search(typed, country))


@edge.document(routes, "/v1/directory")
def directory_document(ask: Ask) -> Response:
    """The directory for machines."""
    found = search(_typed(ask), _country(ask))[:MOST_SHOWN]
    body = {"results": [facts.card(each) for each in found], "next_cursor": None}
    return responses.json_response(body, cache=responses.REVALIDATE)


def search(typed: str, country: str | None = None) -> list[dict[str, Any]]:
    """Cards of the factories whose names have all the words typed, by name."""
    wanted = finding.words(typed)
    if not wanted and country is None:
        return []
    if wanted:
        rarest = max(wanted, key=len)
        found = reader.factories_with_word(rarest, _MOST_READ)
        found = [card for card in found if set(wanted) <= set(card["words"])]
    else:
        found = reader.factories_in_country(country or "", _MOST_READ)
    kept = [card for card in found if country is None or card["country"] == country]
    return sorted(kept, key=lambda card: (finding.fold(card["name"]), card["factory_id"]))


def _list(ask: Ask, typed: str, results: list[dict[str, Any]]) -> Response:
    cards = [facts.card(each) for each in results[:MOST_SHOWN]]
    return edge.render(ask, "directory.html", path="/factories", query=typed, results=cards)


def _typed(ask: Ask) -> str:
    typed = ask.query.get("q", "").strip()
    if len(typed) > _LONGEST_QUERY:
        raise Malformed(f"Search for at most {_LONGEST_QUERY} characters.")
    return typed


def _country(ask: Ask) -> str | None:
    given = ask.query.get("country", "").strip().upper()
    if given and not re.fullmatch("[A-Z]{2}", given):
        raise Malformed("A country is an ISO 3166-1 alpha-2 code, such as BD.")
    return given or None


def _path_named(typed: str) -> str | None:
    """The page that a code of ours, a GTIN or one of our own addresses names, without asking the database."""
    if "/" in typed:
        try:
            path = urlsplit(typed if "//" in typed else f"//{typed}").path
        except ValueError:
            return None
        match = _OUR_PATHS.search(path)
        return quote(match.group().rstrip("/"), safe="/%") if match else None
    readings: list[tuple[Callable[[str], str], Callable[[str], str]]] = [
        (identity.parse_factory_id, "/f/{}".format),
        (identity.parse_certificate_code, "/c/{}".format),
        (identity.parse_product_id, facts.product_path),
    ]
    for parse, path_of in readings:
        try:
            return path_of(quote(parse(typed)))
        except Malformed:
            continue
    return None


def _path_of_number(typed: str) -> str | None:
    """The page of the one certificate that bears a number as typed; ``None`` if there is none or several."""
    try:
        found = reader.certificates_by_number(identity.squeeze_number(typed))
    except Malformed:
        return None
    if not found:
        return None
    confirmed = [page for page in found if page.confirmed] or found
    return f"/c/{confirmed[0].code}" if len(confirmed) == 1 else None
