"""How scans are counted: lines of a log become days of a thing. In whatever order they come, the day is the same."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from chalicelib.domain import identity
from chalicelib.domain.errors import Malformed

MOST_PLACES = 50
"""Of a day: beyond that it is "many"."""
MOST_SERIALS = 500
"""Of a product, that are counted by themselves on a day. Scans of others count for the product only."""
UNKNOWN = "unknown"
_PARSERS: Mapping[str, Callable[[str], str]] = {
    "f": identity.parse_factory_id,
    "c": identity.parse_certificate_code,
    "p": identity.parse_product_id,
}
_PLACE = re.compile(r"[0-9a-f]{4}\Z")
_COUNTRY = re.compile(r"[A-Z]{2}\Z")
_SERIAL = re.compile(r"[!-\"%-?A-Z_a-z]{1,28}\Z")


@dataclass(frozen=True, slots=True)
class Thing:
    """What was scanned: a factory (``f``), certificate (``c``) or product (``p``), or one item by its serial number."""

    kind: str
    code: str
    serial: str = ""

    @property
    def name(self) -> str:
        """How the store calls it. No code and no serial number holds a ``#``."""
        return "#".join((self.kind, self.code, self.serial) if self.serial else (self.kind, self.code))

    @property
    def whole(self) -> Thing:
        """The product that an item is one of; anything else itself."""
        return Thing(self.kind, self.code)


@dataclass(frozen=True, slots=True)
class Line:
    """One scan. ``place`` is a mark of a network that means nothing on another day."""

    thing: Thing
    day: date
    place: str = ""
    country: str = UNKNOWN
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """The scans of a thing on a day. ``places``: in how many networks, ``MOST_PLACES`` standing for that or more.

    ``marks`` are those of the networks: kept for two days, to tell which are new. The number stays when they are gone.
    """

    people: int = 0
    bots: int = 0
    places: int = 0
    countries: Mapping[str, int] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()

    def __add__(self, other: Day) -> Day:
        """Both together. Of the marks the smallest are kept, so that no order of adding makes a difference."""
        marks = frozenset(sorted(self.marks | other.marks)[:MOST_PLACES])
        return Day(
            people=self.people + other.people,
            bots=self.bots + other.bots,
            places=max(self.places, other.places, len(marks)),
            countries=dict(Counter(self.countries) + Counter(other.countries)),
            marks=marks,
        )

    @property
    def known_countries(self) -> int:
        """In how many countries it was scanned, as far as these are known."""
        return len(self.countries.keys() - {UNKNOWN})


def read(message: str, milliseconds: int) -> Line | None:
    """The scan that a line of the log tells of; ``None`` if it is another line, or not as we write them."""
    try:
        told = json.loads(message)
        kind, bot = told["scan"], told["bot"] is True
        code = _PARSERS[kind](told["code"])
        day = datetime.fromtimestamp(milliseconds / 1000, UTC).date()
    except (Malformed, ValueError, LookupError, TypeError, AttributeError, OverflowError, OSError):
        return None
    serial = _matching(_SERIAL, told.get("serial")) if kind == "p" else ""
    place, country = _matching(_PLACE, told.get("place")), _matching(_COUNTRY, told.get("country"))
    return Line(Thing(kind, code, serial), day, place, country or UNKNOWN, bot)


def summed(lines: Iterable[Line]) -> dict[tuple[Thing, date], Day]:
    """What lines add up to, by thing and day. An item counts for its product, too."""
    found: dict[tuple[Thing, date], Day] = {}
    for line in lines:
        for thing in dict.fromkeys((line.thing, line.thing.whole)):
            key = (thing, line.day)
            found[key] = found.get(key, Day()) + _day(line)
    return found


def _day(line: Line) -> Day:
    if line.bot:
        return Day(bots=1)
    marks = frozenset((line.place,)) if line.place else frozenset()
    return Day(people=1, countries={line.country: 1}, marks=marks)


def _matching(pattern: re.Pattern[str], given: object) -> str:
    return given if isinstance(given, str) and pattern.match(given) else ""
