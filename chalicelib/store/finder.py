"""What the public may ask to find factories: pages of lists, and words like one that was typed.

Each function says how many queries it makes. All reads are consistent: what went private is in no answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.domain.finding import Card
from chalicelib.domain.spelling import Probe
from chalicelib.store import keys
from chalicelib.store.models import PublicItem, reaching

Row = tuple[str, Card]
"""A place in a list, and the card there."""

_HALF_ROWS = 100
_HALF_PAGES = 2
_LAST = "\U0010ffff"


def rows(kind: str, value: str, country: str | None, after: str | None, limit: int) -> list[Row]:
    """Cards of a list in order, those of one country if given, from behind a place: one query, ``limit`` items."""
    start = f"{country}#" if country else ""
    condition: Condition | None = None
    if after is not None:
        # Nothing lies between a place and itself with a blank; the range needs an end too, and so is no ``>``.
        condition = PublicItem.sk.between(f"{after} ", f"{start}{_LAST}")
    elif start:
        condition = PublicItem.sk.startswith(start)
    with reaching():
        found = PublicItem.query(keys.listing(kind, value).pk, condition, consistent_read=True, limit=limit)
        return [(str(item.sk), item.body) for item in found]


def words_like(probes: Iterable[Probe]) -> set[str]:
    """The indexed words that answer probes: one query each, two where one name fills the first."""
    return {word for probe in probes for word in _answers(probe)}


def standards() -> list[dict[str, Any]]:
    """The standards on record, by name: one query."""
    with reaching():
        found = [item.body for item in PublicItem.query(keys.standard_name().pk, consistent_read=True, limit=200)]
    return sorted(found, key=lambda each: str(each["short_name"] or each["name"]).casefold())


def _answers(probe: Probe) -> set[str]:
    found: set[str] = set()
    start, end = f"{probe.fewest:03d}#", f"{probe.most:03d}#{_LAST}"
    partition = keys.half(probe.half).pk
    for _ in range(_HALF_PAGES):
        with reaching():
            condition = PublicItem.sk.between(start, end)
            answered = PublicItem.query(partition, condition, consistent_read=True, limit=_HALF_ROWS)
            places = [str(item.sk) for item in answered]
        found.update(place.split("#")[1] for place in places)
        if len(places) < _HALF_ROWS:
            break
        start = f"{places[-1].rpartition('#')[0]}#{_LAST}"  # behind all factories with that word
    return found
