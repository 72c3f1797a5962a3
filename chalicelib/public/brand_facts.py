"""What the public may know of an ICS member, as JSON. Its pages and files show the same facts from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib import clock
from chalicelib.domain import brand, finding, identity
from chalicelib.domain.brand import Brand, Place
from chalicelib.domain.certificate import Status, status_on
from chalicelib.domain.disclosure import PublicProduct
from chalicelib.domain.finding import Card
from chalicelib.domain.standard import Card as StandardCard
from chalicelib.public import claims
from chalicelib.public.edge import url
from chalicelib.store import brands, reader
from chalicelib.store.brands import Products, Suppliers

_PLACE = ("address", "city", "region", "postal_code")


@dataclass(frozen=True, slots=True)
class Known:
    """All that is on record for a member's pages. One that takes part no more shows no factories and no products."""

    brand: Brand
    suppliers: Suppliers
    products: Products
    places: Mapping[str, Place]


def known(member_id: str) -> Known | None:
    """A member with its factories and products: three reads, and more where a factory is only pointed to."""
    found = brands.member(member_id)
    if found is None:
        return None
    if found.ended is not None:
        return Known(found, Suppliers(), Products(), {})
    suppliers, products = brands.suppliers(member_id), brands.products(member_id)
    return Known(found, suppliers, products, brand.places(products.found))


def listed(found: Brand) -> dict[str, Any]:
    """A member in the list of all."""
    return {
        "member_id": found.member_id,
        "name": found.name,
        "country": found.country,
        "website": found.website,
        "url": url(f"/members/{found.member_id}"),
    }


def whole(found: Known, checked_at: datetime) -> tuple[dict[str, Any], dict[str, str]]:
    """A member's page as ``member`` has it, and what standards are called: two more reads."""
    cards = reader.standard_cards()
    stated = claims.shown(*reader.member_claims(found.brand.member_id), checked_at.date())
    told = member(found, cards, stated if found.brand.ended is None else [], checked_at)
    return told, titles(cards)


def titles(cards: Mapping[str, StandardCard]) -> dict[str, str]:
    """What standards are called, by identifier."""
    return {standard_id: card.title for standard_id, card in cards.items()}


def member(
    found: Known, standards: Mapping[str, StandardCard], stated: list[dict[str, Any]], checked_at: datetime
) -> dict[str, Any]:
    """A member's page: its own words and claims, and its factories counted by country, by area and by tier."""
    today = checked_at.date()
    cards = found.suppliers.cards
    share = brand.share(cards, standards, today)
    return {
        **listed(found.brand),
        "takes_part": found.brand.ended is None,
        "ended": found.brand.ended,
        "texts": dict(found.brand.texts),
        "factories": {
            "listed": len(cards),
            "counted": share.counted,
            "certified": share.certified,
            "complete": found.suppliers.complete,
        },
        "countries": _countries(cards, today),
        "areas": [{"area": area.value, "factories": number} for area, number in share.areas.items()],
        "tiers": _tiers(cards, found.places),
        "products": {"listed": len(found.products.found), "complete": found.products.complete},
        "claims": stated,
        "checked_at": clock.instant(checked_at),
    }


def factory(found: Card, place: Place | None, today: date) -> dict[str, Any]:
    """A factory on a member's page: public fields, what its certificates are worth today, its place in the chains."""
    held = finding.terms(found)
    standards = brand.valid_standards(found, today)
    declared = [term for term in held if not term.confirmed and status_on(term, today) is Status.VALID]
    fixed = ("factory_id", "name", "country", "state", "state_since", "successor")
    return {
        **{name: found[name] for name in fixed},
        **{name: found.get(name) for name in ("local_name", *_PLACE, "coordinates", "workforce")},
        **{name: list(found.get(name, ())) for name in ("product_categories", "processes")},
        "counted": brand.is_counted(found),
        "certificates": len(held),
        "certificates_valid": sum(finding.holds(term, today) for term in held),
        "certificates_declared": len(declared),
        "standards_valid": standards,
        "tier": place.tier if place else None,
        "stages": list(place.processes) if place else [],
        "shown_id": identity.shown(found["factory_id"]),
        "url": url(f"/f/{found['factory_id']}"),
    }


def product(found: PublicProduct, names: Mapping[str, str]) -> dict[str, Any]:
    """A product with its chain: factories only where their link to the member is shown."""
    return {
        "product_id": found.product_id,
        "brand": found.brand,
        "name": found.name,
        "category": found.category,
        "stages": [
            {"process": stage.process, "factory_id": stage.factory_id, "name": names.get(stage.factory_id or "")}
            for stage in brand.chain(found, names)
        ],
        "url": url(identity.product_path(found.product_id)),
    }


def names(cards: Iterable[Card]) -> dict[str, str]:
    """What factories are called, by Factory ID."""
    return {each["factory_id"]: each["name"] for each in cards}


def _countries(cards: Iterable[Card], today: date) -> list[dict[str, Any]]:
    """The factories that are counted by country, most first."""
    counted = [each for each in cards if brand.is_counted(each)]
    number = Counter(each["country"] for each in counted)
    certified = Counter(each["country"] for each in counted if brand.valid_standards(each, today))
    ordered = sorted(number, key=lambda code: (-number[code], code))
    return [{"country": code, "factories": number[code], "certified": certified[code]} for code in ordered]


def _tiers(cards: Iterable[Card], places: Mapping[str, Place]) -> list[dict[str, Any]]:
    """How many of the counted factories stand on each tier and what they do there; last, those in no chain."""
    found: dict[int, list[Place]] = {}
    others = 0
    for each in cards:
        place = places.get(each["factory_id"])
        if brand.is_counted(each) and place is not None:
            found.setdefault(place.tier, []).append(place)
        elif brand.is_counted(each):
            others += 1
    told: list[dict[str, Any]] = [
        {
            "tier": tier,
            "factories": len(found[tier]),
            "stages": list(dict.fromkeys(process for place in found[tier] for process in place.processes)),
        }
        for tier in sorted(found)
    ]
    return [*told, *([{"tier": None, "factories": others, "stages": []}] if others else [])]
