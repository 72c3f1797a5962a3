"""GS1 Digital Link: products by GTIN, factories by GLN, certificates by GDTI. Each shows its page without a redirect.

The address is read strictly before anything is looked up, so a malformed one costs no read. What a lot or serial number
has no record of its own for is answered by what is on record one step up.
"""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.domain import gs1
from chalicelib.domain.gs1 import DigitalLink
from chalicelib.public import certificate, edge, factory, links, product
from chalicelib.public.asked import day_asked, known_asked
from chalicelib.store import reader
from chalicelib.web import negotiation, responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)


@edge.page(
    routes,
    "/01/{gtin}",
    "/01/{gtin}/{ai1}/{value1}",
    "/01/{gtin}/{ai1}/{value1}/{ai2}/{value2}",
    "/01/{gtin}/{ai1}/{value1}/{ai2}/{value2}/{ai3}/{value3}",
)
def product_by_gtin(ask: Ask, gtin: str, **qualifiers: str) -> Response:
    """A product by its GTIN, where that is in hand with variant (22), lot (10) and serial number (21 or 235)."""
    named = _read(ask, "01", gtin, qualifiers)
    return product.show(ask, named.value, named)


@edge.page(routes, "/414/{gln}", "/414/{gln}/{ai1}/{value1}")
def factory_by_gln(ask: Ask, gln: str, **qualifiers: str) -> Response:
    """The factory that gave this GLN as its own. An extension (254) is a place within it."""
    named = _read(ask, "414", gln, qualifiers)
    cards = reader.factories_with_gln(named.value)
    if len(cards) > 1:
        return _several(ask, named, [(f"/f/{card['factory_id']}", card["name"], card["factory_id"]) for card in cards])
    found = reader.factory(cards[0]["factory_id"]) if cards else None
    if found is None:
        return links.missing(ask, "factory", named.value)
    return factory.show(ask, found, links.of_factory(found, f"/414/{named.value}"), dict(named.qualifiers))


@edge.page(routes, "/253/{gdti}")
def certificate_by_gdti(ask: Ask, gdti: str) -> Response:
    """The certificate whose document has this GDTI, as of today or of ``?on=``."""
    named = _read(ask, "253", gdti, {})
    day, known = day_asked(ask), known_asked(ask)
    found = reader.certificates_with_gdti(named.value)
    if len(found) > 1:
        return _several(ask, named, [(f"/c/{each.code}", each.holder_name, each.code) for each in found])
    if not found:
        return links.missing(ask, "certificate", named.value)
    return certificate.show(ask, found[0], day, links.of_certificate(found[0], named.path), known)


@edge.document(routes, "/.well-known/gs1resolver")
def description(_ask: Ask) -> Response:
    """What this resolver resolves, for machines: GS1's resolver description file."""
    body: dict[str, Any] = {
        "name": "Factory ID",
        "resolverRoot": edge.SETTINGS.base_url,
        "supportedPrimaryKeys": list(gs1.SERVED),
        "supportedLinkType": [{"namespace": links.VOCABULARY, "prefix": "gs1:"}],
        "linkTypeDefaultCanBeLinkset": False,
        "jsonLdContextLocation": links.CONTEXT,
    }
    return responses.json_response(body, cache=responses.LASTING)


def _read(ask: Ask, key: str, value: str, qualifiers: dict[str, str]) -> DigitalLink:
    follow = [(qualifiers[f"ai{step}"], qualifiers[f"value{step}"]) for step in range(1, len(qualifiers) // 2 + 1)]
    return gs1.read([(key, value), *follow], ask.pairs)


def _several(ask: Ask, named: DigitalLink, rows: list[tuple[str, str, str]]) -> Response:
    """Several records bear one number: somebody erred, and it isn't ours to say who. ``rows``: path, name, code."""
    default = links.Link("defaultLink", named.path, named.element_string)
    found = (links.Link("registryEntry", path, name) for path, name, _ in rows)
    thing = links.Thing(named.path, named.element_string, (default, *found), responses.NO_STORE)
    if negotiation.wants_linkset(ask):
        return links.linkset(thing)
    return edge.render(
        ask,
        "several.html",
        path=named.path,
        http_status=300 if "linkType" in ask.query else 200,
        headers=links.headers(thing),
        key=named.key,
        number=named.value,
        rows=rows,
    )
