"""The site map (sitemaps.org, 0.9): for search engines, one file a country with its factories, and one of standards."""

from __future__ import annotations

import re
from html import escape

from chalice.app import Blueprint, Response

from chalicelib.domain.errors import NotFound
from chalicelib.public import edge
from chalicelib.store import finder, reader
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

_MEDIA = "application/xml; charset=utf-8"
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_FILE = re.compile(r"([A-Z]{2})\.xml\Z")
_STANDARDS = "standards.xml"
_NOWHERE = "ZZ"  # ISO 3166-1 keeps it for users; the map of no country names the home page
_MOST_URLS = 5000
"""Of a country, by name. A larger registry hands its search engines the directory instead."""


@edge.document(routes, "/sitemap.xml")
def index(_ask: Ask) -> Response:
    """All site maps: one for each country that has factories, and that of the standards."""
    countries = sorted(finder.facets()["country"]) or [_NOWHERE]
    files = [*(f"{country}.xml" for country in countries), _STANDARDS]
    maps = "".join(f"<sitemap><loc>{_location(f'/sitemap/{file}')}</loc></sitemap>" for file in files)
    return responses.text_response(_xml(f"<sitemapindex {_SPACE}>{maps}</sitemapindex>"), _MEDIA)


@edge.document(routes, "/sitemap/{file}")
def country(_ask: Ask, file: str) -> Response:
    """The factories of a country, but for those that lead to another, or the home page; or the standards of the map."""
    if file == _STANDARDS:
        return _urls(["/standards", *(f"/standards/{each}" for each in _assessed())])
    match = _FILE.match(file)
    if match is None:
        raise NotFound("There is a site map for each country, such as /sitemap/BD.xml.")
    found = finder.rows("directory", "", match.group(1), None, _MOST_URLS)
    paths = [f"/f/{card['factory_id']}" for _, card in found if not card.get("successor")] or ["/"]
    return _urls(paths)


def _assessed() -> list[str]:
    return [each.standard_id for each in reader.standard_cards().values() if each.kind is not None]


def _urls(paths: list[str]) -> Response:
    urls = "".join(f"<url><loc>{_location(path)}</loc></url>" for path in paths)
    return responses.text_response(_xml(f"<urlset {_SPACE}>{urls}</urlset>"), _MEDIA)


def _location(path: str) -> str:
    return escape(edge.url(path))


def _xml(content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{content}\n'
