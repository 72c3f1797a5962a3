"""The public page of an ICS member: its words, the factories that both sides show, and what its products say of them.

Nothing here is stored as a judgement. Shares are counted from the certificates of each factory, on the day asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from chalicelib.domain import finding, text
from chalicelib.domain.disclosure import PublicFactory, PublicProduct
from chalicelib.domain.errors import NotFound
from chalicelib.domain.factory import State
from chalicelib.domain.finding import Card
from chalicelib.domain.standard import TOPICS, Area, Kind
from chalicelib.domain.standard import Card as StandardCard

MOST_CARDS = 8
"""A factory that shows more members than this has pointers on their lists instead of cards.

So a change of its name still fits one transaction: at most 85 actions without them.
"""
_SHOWN = (
    "local_name",
    "address",
    "city",
    "region",
    "postal_code",
    "coordinates",
    "product_categories",
    "processes",
    "workforce",
)


@dataclass(frozen=True, slots=True)
class Brand:
    """An ICS member as anyone may see it. ``texts`` are its own words by language; ``ended``: since when it left."""

    member_id: str
    name: str
    country: str
    website: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    ended: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of making, and the factory that did it: ``None`` where the link to it is not shown by both sides."""

    process: str
    factory_id: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a factory stands in a brand's chains: the tier nearest to the finished product, and what it does there."""

    tier: int
    processes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How many factories hold a certificate today, of so many that are counted: of any standard, and by area."""

    counted: int
    certified: int
    areas: Mapping[Area, int]


def read_id(given: str) -> str:
    """The identifier of a member out of an address, whatever its case; ``NotFound`` if it cannot be one."""
    if not text.is_tenant(given.lower()):
        raise NotFound("No ICS member with this name is on record.")
    return given.lower()


def of_record(member_id: str, body: Mapping[str, Any]) -> Brand:
    """What anyone may see of a member's record. What the member says of itself goes before what staff put there."""
    own = body.get("page") or {}
    return Brand(
        member_id=member_id,
        name=body["name"],
        country=body["country"],
        website=own.get("website") or body.get("website"),
        texts=own.get("texts") or {},
        ended=body.get("ended"),
    )


def card(factory: PublicFactory) -> dict[str, Any] | None:
    """What a member's list holds of a factory; ``None``, a pointer, where only its page can say it.

    That is a record that leads to another or stands for others, and one that shows more than ``MOST_CARDS`` members.
    """
    if factory.successor or factory.merged or len(factory.members) > MOST_CARDS:
        return None
    return listed(factory)


def listed(factory: PublicFactory) -> dict[str, Any]:
    """What a brand's page shows of a factory: public fields, and the terms of its certificates (``finding.terms``)."""
    full = finding.card(factory)
    fixed = ("factory_id", "name", "country", "state", "state_since", "successor", "certificates")
    return {
        **{name: full[name] for name in fixed},
        **{name: factory.fields[name] for name in _SHOWN if factory.fields.get(name)},
    }


def stands_for(page: PublicFactory) -> str:
    """Which record is shown for a factory: one that was merged into another gives way to it."""
    return page.successor if page.state == State.MERGED and page.successor else page.factory_id


def is_counted(found: Card) -> bool:
    """Whether a factory is one of today's: not one that closed, or went on under another ID."""
    return found["state"] in (State.OPEN, State.MOVED) and not found["successor"]


def in_order(found: Iterable[Card]) -> list[Card]:
    """Factories by country, then by name."""
    return sorted(found, key=place_of)


def place_of(found: Card) -> tuple[str, str, str]:
    """Where a factory stands in the order."""
    return found["country"], finding.fold(found["name"]), found["factory_id"]


def chain(product: PublicProduct, shown: Collection[str]) -> tuple[Stage, ...]:
    """The stages of a product, with the factories that the brand's page shows."""
    return tuple(Stage(each.process, each.factory_id if each.factory_id in shown else None) for each in product.stages)


def places(products: Iterable[PublicProduct]) -> dict[str, Place]:
    """Where each factory stands in the chains of products.

    The last step of a product is tier 1, the one before it tier 2, and so on; stages that follow each other at one
    factory are one step. A factory with several steps stands where it is nearest to the finished product.
    """
    tiers: dict[str, int] = {}
    processes: dict[str, dict[str, None]] = {}
    for product in products:
        tier, last = 0, None
        for stage in reversed(product.stages):
            if stage.factory_id != last:
                tier, last = tier + 1, stage.factory_id
            tiers[stage.factory_id] = min(tier, tiers.get(stage.factory_id, tier))
        for stage in product.stages:
            processes.setdefault(stage.factory_id, {})[stage.process] = None
    return {factory_id: Place(tier, tuple(processes[factory_id])) for factory_id, tier in tiers.items()}


def valid_standards(found: Card, today: date) -> list[str]:
    """The standards of which a factory holds a confirmed certificate that is valid on a day."""
    return sorted({term.standard_id for term in finding.terms(found) if finding.holds(term, today)})


def areas_of(standards: Iterable[str], cards: Mapping[str, StandardCard]) -> set[Area]:
    """The areas that some standards cover; none for a standard that the map does not describe."""
    known = [cards[standard_id] for standard_id in standards if standard_id in cards]
    certifying = [card for card in known if card.kind is Kind.CERTIFICATION]
    return {TOPICS[topic] for card in certifying for topic in card.topics if topic in TOPICS}


def share(found: Iterable[Card], standards: Mapping[str, StandardCard], today: date) -> Share:
    """How many of a brand's factories hold a certificate today, by the areas that their standards cover."""
    areas = dict.fromkeys(Area, 0)
    counted = certified = 0
    for each in found:
        if not is_counted(each):
            continue
        held = valid_standards(each, today)
        counted, certified = counted + 1, certified + bool(held)
        for area in areas_of(held, standards):
            areas[area] += 1
    return Share(counted, certified, MappingProxyType(areas))
