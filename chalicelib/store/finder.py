"""What the public may ask to find factories: pages of lists, and words like one that was typed.

Each function says how many queries it makes. All reads are consistent: what went private is in no answer.
"""

from __future__ import annotations

from collections.abc import Iterable

from pynamodb.expressions.condition import Condition

from chalicelib.domain.finding import Card
from chalicelib.domain.spelling import Probe
from chalicelib.store import keys
from chalicelib.store.models import PublicItem, reaching

Row = tuple[str, Card]
"""A place in a list, and the card there."""

_MOST_FACETS = 500
_MOST_LIKE = 200
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
    """The indexed words that answer probes: one query each, at most 200 items."""
    return {word for probe in probes for word in _answers(probe)}


def facets() -> dict[str, dict[str, str]]:
    """What the directory can be narrowed to, by kind: codes, and the names of standards. One query."""
    found: dict[str, dict[str, str]] = {"country": {}, "category": {}, "standard": {}}
    with reaching():
        for item in PublicItem.query(keys.facet().pk, consistent_read=True, limit=_MOST_FACETS):
            kind, _, code = str(item.sk).partition("#")
            found[kind][code] = item.body.get("name", code)
    return found


def _answers(probe: Probe) -> set[str]:
    condition = PublicItem.sk.between(f"{probe.fewest:03d}#", f"{probe.most:03d}#{_LAST}")
    with reaching():
        found = PublicItem.query(keys.half(probe.half).pk, condition, consistent_read=True, limit=_MOST_LIKE)
        return {str(item.sk).partition("#")[2] for item in found}
