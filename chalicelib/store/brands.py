"""What the public may ask of ICS members: who they are, the factories and the products on their pages.

Each function says how much it reads. All reads are consistent: a link that ended is in no answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain import brand
from chalicelib.domain.brand import Brand
from chalicelib.domain.disclosure import PublicFactory, PublicProduct
from chalicelib.domain.finding import Card
from chalicelib.store import codec, public_keys, public_table, reader

MOST_MEMBERS = 1_000
MOST_FACTORIES = 5_000
MOST_PRODUCTS = 1_000


@dataclass(frozen=True, slots=True)
class Suppliers:
    """The factories on a member's page, each once. ``complete``: there are no more than could be read."""

    cards: tuple[Card, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Products:
    """The products on a member's page, by GTIN or code. ``complete``: there are no more than were read."""

    found: tuple[PublicProduct, ...] = ()
    complete: bool = True


def member(member_id: str) -> Brand | None:
    """One ICS member: one read."""
    raw = public_table.get(public_keys.member_page(member_id))
    return None if raw is None else codec.made(Brand, public_table.body(raw))


def members() -> list[Brand]:
    """All ICS members that take part, without their texts: one query, at most a thousand."""
    found = public_table.query(public_keys.member_listed().pk, limit=MOST_MEMBERS)
    return [codec.made(Brand, public_table.body(raw)) for raw in found]


def suppliers(member_id: str) -> Suppliers:
    """The factories that a member and they themselves agreed to show: one query of at most 5,000 cards.

    Where the list only points to a factory its page is read instead, by hundreds: a record that was merged gives way to
    the one that stands for it, with what is known of it under every ID.
    """
    within = public_keys.members_factory(member_id)
    rows = public_table.query(within.pk, within.sk, limit=MOST_FACTORIES + 1)
    cards: dict[str, Card] = {}
    pointed: list[str] = []
    for raw in rows[:MOST_FACTORIES]:
        held = public_table.body(raw)["card"]
        if held is None:
            pointed.append(public_table.sort_key(raw).removeprefix(within.sk))
        else:
            cards[held["factory_id"]] = held
    cards.update(_by_their_pages(pointed))
    return Suppliers(tuple(brand.in_order(cards.values())), len(rows) <= MOST_FACTORIES)


def products(member_id: str) -> Products:
    """The products that a member answers for, with their stages: one query of at most a thousand."""
    within = public_keys.members_product(member_id)
    rows = public_table.query(within.pk, within.sk, limit=MOST_PRODUCTS + 1)
    found = [codec.public_product(public_table.body(raw)) for raw in rows[:MOST_PRODUCTS]]
    return Products(tuple(found), len(rows) <= MOST_PRODUCTS)


def _by_their_pages(factory_ids: list[str]) -> dict[str, Card]:
    pages = _pages(factory_ids)
    stands_for = {brand.stands_for(page) for page in pages.values()}
    pages |= _pages(stands_for - pages.keys())
    return {factory_id: brand.listed(pages[factory_id]) for factory_id in stands_for if factory_id in pages}


def _pages(factory_ids: Iterable[str]) -> dict[str, PublicFactory]:
    wanted = sorted(factory_ids)
    found: dict[str, PublicFactory] = {}
    for start in range(0, len(wanted), public_table.AT_ONCE):
        found |= reader.factories(wanted[start : start + public_table.AT_ONCE])
    return found
