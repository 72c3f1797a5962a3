"""What the public may ask to find factories: pages of lists, and words like one that was typed.

Each function says how many queries it makes. All reads are consistent: what went private is in no answer.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.domain.finding import Card
from chalicelib.domain.spelling import Probe
from chalicelib.store import public_keys, public_table
from chalicelib.store.public_table import Between

Row = tuple[str, Card]
"""A place in a list, and the card there."""

_MOST_FACETS = 500
_MOST_LIKE = 200
_LAST = "\U0010ffff"


def rows(kind: str, value: str, country: str | None, after: str | None, limit: int) -> list[Row]:
    """Cards of a list in order, those of one country if given, from behind a place: one query, ``limit`` items."""
    start = f"{country}#" if country else ""
    # Nothing lies between a place and itself with a blank; the range needs an end too, and so is no ``>``.
    within = Between(f"{after} ", f"{start}{_LAST}") if after is not None else start
    found = public_table.query(public_keys.listing(kind, value).pk, within, limit=limit)
    return [(public_table.sort_key(raw), public_table.body(raw)) for raw in found]


def words_like(probes: Iterable[Probe]) -> set[str]:
    """The indexed words that answer probes: one query each, at most 200 items."""
    return {word for probe in probes for word in _answers(probe)}


def facets() -> dict[str, dict[str, str]]:
    """What the directory can be narrowed to, by kind: codes, and the names of standards. One query."""
    found: dict[str, dict[str, str]] = {"country": {}, "category": {}, "standard": {}}
    for raw in public_table.query(public_keys.facet().pk, limit=_MOST_FACETS):
        kind, _, code = public_table.sort_key(raw).partition("#")
        found[kind][code] = public_table.body(raw).get("name", code)
    return found


def _answers(probe: Probe) -> set[str]:
    within = Between(f"{probe.fewest:03d}#", f"{probe.most:03d}#{_LAST}")
    found = public_table.query(public_keys.half(probe.half).pk, within, limit=_MOST_LIKE)
    return {public_table.sort_key(raw).partition("#")[2] for raw in found}
