"""ICS members: the list of all, and the public page of each with its factories and products."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import brand, finding
from chalicelib.domain.brand import Brand
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.domain.finding import Card
from chalicelib.domain.phrase import phrase
from chalicelib.public import brand_facts, edge
from chalicelib.public.brand_facts import Known
from chalicelib.store import brands, reader
from chalicelib.web import cursor, responses, standard_words, world
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

FIRST_FACTORIES, FIRST_PRODUCTS = 10, 4
"""So many stand on the member's own page; the others on the lists behind it."""
PAGE = 50
PRODUCTS = 20
_LONGEST_QUERY = 200


@edge.page(routes, "/members")
def members_page(ask: Ask) -> Response:
    """All ICS members that take part, from A to Z."""
    typed = _typed(ask)
    groups: dict[str, list[Brand]] = {}
    for each in _sought(typed):
        groups.setdefault(finding.fold(each.name)[:1].upper(), []).append(each)
    path = f"/members?{urlencode({'q': typed}, quote_via=quote)}" if typed else "/members"
    return edge.render(
        ask, "members.html", path=path, cache=responses.REVALIDATE, index=not typed, query=typed, groups=groups
    )


@edge.document(routes, "/v1/members")
def members_document(ask: Ask) -> Response:
    """All ICS members that take part, by name."""
    found = [brand_facts.listed(each) for each in _sought(_typed(ask))]
    return responses.json_response({"results": found}, cache=responses.REVALIDATE)


@edge.page(routes, "/members/{member_id}")
def member_page(ask: Ask, member_id: str) -> Response:
    """An ICS member: its own words, and the factories and products that may be shown."""
    found = need(member_id)
    told, titles = brand_facts.whole(found, clock.now())
    first = _told(found, found.suppliers.cards[:FIRST_FACTORIES])
    names = brand_facts.names(found.suppliers.cards)
    return edge.render(
        ask,
        "member.html",
        path=_path(found),
        cache=responses.REVALIDATE,
        member=told,
        factories=first,
        standards=titles,
        products=[brand_facts.product(each, names) for each in found.products.found[:FIRST_PRODUCTS]],
        drawing=_drawing(told, found),
        area_names=standard_words.AREAS,
    )


@edge.document(routes, "/v1/members/{member_id}")
def member_document(_ask: Ask, member_id: str) -> Response:
    """An ICS member: the same facts as its page."""
    told, _ = brand_facts.whole(need(member_id), clock.now())
    return responses.json_response(told, cache=responses.REVALIDATE)


@edge.page(routes, "/members/{member_id}/factories")
def factories_page(ask: Ask, member_id: str) -> Response:
    """The factories of a member, by country and name; of one country or tier, if asked."""
    found = need(member_id)
    asked, cards, goes_on = _page_of_factories(ask, found)
    results = _told(found, cards)
    return edge.render(
        ask,
        "member_factories.html",
        path=_path(found, "/factories", asked),
        cache=responses.REVALIDATE,
        index=False,
        member=brand_facts.listed(found.brand),
        asked=asked,
        results=results,
        standards=brand_facts.titles(reader.standard_cards()) if results else {},
        complete=found.suppliers.complete,
        first_path=_path(found, "/factories", asked) if ask.query.get("cursor") else "",
        next_path=_path(found, "/factories", {**asked, "cursor": goes_on}) if goes_on else "",
    )


@edge.document(routes, "/v1/members/{member_id}/factories")
def factories_document(ask: Ask, member_id: str) -> Response:
    """The factories of a member, 50 at a time."""
    found = need(member_id)
    _, cards, goes_on = _page_of_factories(ask, found)
    body = {
        "results": _told(found, cards),
        "next_cursor": goes_on,
        "complete": found.suppliers.complete,
        "checked_at": clock.instant(clock.now()),
    }
    return responses.json_response(body, cache=responses.REVALIDATE)


@edge.page(routes, "/members/{member_id}/products")
def products_page(ask: Ask, member_id: str) -> Response:
    """The products of a member with their chains."""
    found = need(member_id)
    results, goes_on = _page_of_products(ask, found)
    return edge.render(
        ask,
        "member_products.html",
        path=_path(found, "/products"),
        cache=responses.REVALIDATE,
        index=False,
        member=brand_facts.listed(found.brand),
        products=results,
        complete=found.products.complete,
        first_path=_path(found, "/products") if ask.query.get("cursor") else "",
        next_path=_path(found, "/products", {"cursor": goes_on}) if goes_on else "",
    )


@edge.document(routes, "/v1/members/{member_id}/products")
def products_document(ask: Ask, member_id: str) -> Response:
    """The products of a member with their chains, 20 at a time."""
    found = need(member_id)
    results, goes_on = _page_of_products(ask, found)
    body = {"results": results, "next_cursor": goes_on, "complete": found.products.complete}
    return responses.json_response(body, cache=responses.REVALIDATE)


def need(member_id: str) -> Known:
    """All that is on record for a member's pages; ``NotFound`` if there is no such member."""
    found = brand_facts.known(brand.read_id(member_id))
    if found is None:
        raise NotFound("No ICS member with this name is on record.")
    return found


def _sought(typed: str) -> list[Brand]:
    wanted = finding.fold(typed).split()
    ordered = sorted(brands.members(), key=lambda each: (finding.fold(each.name), each.member_id))
    return [each for each in ordered if all(part in finding.fold(each.name) for part in wanted)]


def _typed(ask: Ask) -> str:
    typed = ask.query.get("q", "").strip()
    if len(typed) > _LONGEST_QUERY:
        raise Malformed(phrase("Search for at most %(most)s characters.", most=_LONGEST_QUERY)).at("/q")
    return typed


def _told(found: Known, cards: Any) -> list[dict[str, Any]]:
    today = clock.today()
    return [brand_facts.factory(each, found.places.get(each["factory_id"]), today) for each in cards]


def _drawing(told: dict[str, Any], found: Known) -> dict[str, Any] | None:
    """The map: factories by country, and at their exact places where they made these public, if these are not many."""
    if not told["countries"]:
        return None
    from chalicelib.web import world_land

    numbers = {each["country"]: each["factories"] for each in told["countries"]}
    counted = [each for each in found.suppliers.cards if brand.is_counted(each)]
    places = [each["coordinates"] for each in counted if each.get("coordinates")]
    exact = places if len(places) <= world.MOST_EXACT else []
    dots = world.dots(numbers, [(each["longitude"], each["latitude"]) for each in exact])
    return {"box": world_land.BOX, "land": world_land.LAND, "dots": dots, "exact": bool(exact)}


def _page_of_factories(ask: Ask, found: Known) -> tuple[dict[str, str], list[Card], str | None]:
    """What was asked, a page of the factories that fit, and the token to go on with."""
    asked = {name: value for name in ("country", "tier") if (value := ask.query.get(name, "").strip().upper())}
    if not re.fullmatch("([A-Z]{2})?", asked.get("country", "")):
        raise Malformed("A country is an ISO 3166-1 alpha-2 code, such as BD.").at("/country")
    if not re.fullmatch("([1-9][0-9]?)?", asked.get("tier", "")):
        raise Malformed("A tier is a number from 1, the last step of making.").at("/tier")
    question = _path(found, "/factories", asked)
    cards = [each for each in found.suppliers.cards if _fits(each, found, asked)]
    if token := ask.query.get("cursor"):
        after = _place(cursor.read(token, question))
        cards = [each for each in cards if brand.place_of(each) > after]
    goes_on = cursor.write(list(brand.place_of(cards[PAGE - 1])), question) if len(cards) > PAGE else None
    return asked, cards[:PAGE], goes_on


def _place(read: list[Any]) -> tuple[str, str, str]:
    match read:
        case [str(country), str(name), str(factory_id)]:
            return country, name, factory_id
    raise Malformed("This cursor does not belong to this search. Begin again without it.").at("/cursor")


def _fits(each: Card, found: Known, asked: dict[str, str]) -> bool:
    place = found.places.get(each["factory_id"])
    return asked.get("country", each["country"]) == each["country"] and (
        "tier" not in asked or (place is not None and place.tier == int(asked["tier"]) and brand.is_counted(each))
    )


def _page_of_products(ask: Ask, found: Known) -> tuple[list[dict[str, Any]], str | None]:
    question = _path(found, "/products")
    rows = list(found.products.found)
    if token := ask.query.get("cursor"):
        after = cursor.read_place(token, question)
        rows = [each for each in rows if each.product_id > after]
    names = brand_facts.names(found.suppliers.cards)
    goes_on = cursor.write([rows[PRODUCTS - 1].product_id], question) if len(rows) > PRODUCTS else None
    return [brand_facts.product(each, names) for each in rows[:PRODUCTS]], goes_on


def _path(found: Known, below: str = "", asked: dict[str, str] | None = None) -> str:
    query = urlencode(asked or {}, quote_via=quote)
    return f"/members/{found.brand.member_id}{below}{'?' if query else ''}{query}"
