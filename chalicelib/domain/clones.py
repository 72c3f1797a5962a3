"""When the serial number of one item is scanned in more places than one item can be: its code may have been copied.

Marks of networks mean nothing on another day, so a day is judged by itself. On one day a single item meets few
networks: those of who sells it, of who buys it, a phone at home and on the way. More than ``places`` in a day, on
``days`` days of the last thirty, is beyond that. A photo of the code that went round the net looks the same, which is
why this says "may have been", to the brand alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.phrase import phrase
from chalicelib.domain.scans import Day

WINDOW = timedelta(days=30)
BOUNDS = {"places": (3, 40), "days": (1, 10)}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a brand takes for too much: at least so many ``places`` in a day, on so many ``days`` of the window."""

    places: int = 6
    days: int = 2


@dataclass(frozen=True, slots=True)
class Suspicion:
    """An item whose code may have been copied: the days that were too much, and the most places and countries of one.

    Countries are told and do not count: a traveller crosses borders, and not everybody's country is known.
    """

    days: tuple[date, ...]
    places: int
    countries: tuple[str, ...]


def judge(rule: Rule, counts: Mapping[date, Day], today: date) -> Suspicion | None:
    """Whether an item, by its counts, was in more places than one item can be."""
    odd = [day for day in sorted(counts) if today - WINDOW < day <= today and counts[day].places >= rule.places]
    if len(odd) < rule.days:
        return None
    countries = {name for day in odd for name in counts[day].countries if name.isupper()}
    return Suspicion(tuple(odd), max(counts[day].places for day in odd), tuple(sorted(countries)))


def checked(given: Mapping[str, int]) -> Rule:
    """A rule within the bounds; ``Malformed`` with every fault."""
    faults = [
        Fault(f"/{name}", phrase("must be from %(least)s to %(most)s", least=least, most=most))
        for name, (least, most) in BOUNDS.items()
        if type(given[name]) is not int or not least <= given[name] <= most
    ]
    if faults:
        raise Malformed("Some fields cannot be taken as sent.", faults)
    return Rule(given["places"], given["days"])
