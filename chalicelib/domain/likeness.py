"""Whether two factories are likely to be one: by their numbers, names and places, and why it is thought so.

A likeness decides nothing. It is shown to who is about to invite or add a factory, and to staff.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chalicelib.domain import lookalike, spelling
from chalicelib.domain.disclosure import PublicFactory
from chalicelib.domain.wording import fold, folded_trade, words

NEAR_METRES = 500
MOST_LIKELY = 10
_EARTH_METRES = 6_371_000
_PARTS = re.compile(r"[^\W_]+")
_SHORTEST_JOINED = 6


class Reason(StrEnum):
    """Why two records are likely to be one factory, the strongest first."""

    SAME_SITE = "same_site"
    SAME_GLN = "same_gln"
    LOOKS_THE_SAME = "looks_the_same"
    SAME_NAME = "same_name"
    NAME_ALIKE = "name_alike"
    NEAR = "near"
    ADDRESS_ALIKE = "address_alike"
    SAME_CITY = "same_city"
    SAME_COUNTRY = "same_country"


_WEIGHT = {
    Reason.SAME_SITE: 100,
    Reason.SAME_GLN: 90,
    Reason.LOOKS_THE_SAME: 55,
    Reason.SAME_NAME: 50,
    Reason.NAME_ALIKE: 30,
    Reason.NEAR: 25,
    Reason.ADDRESS_ALIKE: 20,
    Reason.SAME_CITY: 8,
    Reason.SAME_COUNTRY: 5,
}
_ENOUGH = 30
"""A place alone, or a country alone, makes nobody a duplicate: a name, a number, or place and address together do."""


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of a factory that may be on record already. Whatever is not known is empty."""

    names: tuple[str, ...] = ()
    country: str = ""
    city: str = ""
    address: str = ""
    site: str = ""
    gln: str = ""
    coordinates: Mapping[str, float] | None = None

    @classmethod
    def of(cls, page: PublicFactory, site: str = "") -> Described:
        """What everybody may know of a factory. The site is told by who may see it."""
        return cls.of_fields(page.fields, site)

    @classmethod
    def of_fields(cls, fields: Mapping[str, Any], site: str = "") -> Described:
        """What some fields of a profile say."""
        names = (fields.get("name"), fields.get("local_name"), *(fields.get("aliases") or ()))
        return cls(
            names=tuple(name for name in names if name),
            country=fields.get("country") or "",
            city=fields.get("city") or "",
            address=fields.get("address") or "",
            site=site,
            gln=fields.get("gln") or "",
            coordinates=fields.get("coordinates"),
        )


@dataclass(frozen=True, slots=True)
class Likely:
    """A factory on record that is likely to be the one described. ``metres``: how far apart, where both are known."""

    factory_id: str
    name: str
    country: str
    city: str
    reasons: tuple[Reason, ...]
    metres: int | None = None

    @property
    def weight(self) -> int:
        """How much speaks for it."""
        return sum(_WEIGHT[reason] for reason in self.reasons)


def compared(about: Described, candidates: Mapping[str, Described]) -> list[Likely]:
    """The candidates (by Factory ID) that are likely to be the factory described, the likeliest first."""
    found = [_likely(about, factory_id, each) for factory_id, each in candidates.items()]
    likely = [each for each in found if each.weight >= _ENOUGH]
    return sorted(likely, key=lambda each: (-each.weight, each.name, each.factory_id))[:MOST_LIKELY]


def _likely(about: Described, factory_id: str, other: Described) -> Likely:
    metres = _metres(about.coordinates, other.coordinates)
    name = _name_reason(about.names, other.names)
    held = {
        Reason.SAME_SITE: _same(about.site, other.site),
        Reason.SAME_GLN: _same(about.gln, other.gln),
        Reason.NEAR: metres is not None and metres <= NEAR_METRES,
        Reason.ADDRESS_ALIKE: addresses_alike(about, other),
        Reason.SAME_CITY: _same(fold(about.city), fold(other.city)),
        Reason.SAME_COUNTRY: _same(about.country, other.country),
    }
    reasons = tuple(reason for reason in Reason if held.get(reason) or reason is name)
    return Likely(factory_id, other.names[0] if other.names else "", other.country, other.city, reasons, metres)


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other


def _name_reason(some: Iterable[str], others: Iterable[str]) -> Reason | None:
    """How alike any two of the names are."""
    others = tuple(others)
    found = {names_alike(one, other) for one in some for other in others}
    return next((reason for reason in Reason if reason in found), None)


def names_alike(one: str, other: str) -> Reason | None:
    """How alike two names are, whatever their case, accents, punctuation, order and forms of company."""
    first, second = words(one), words(other)
    if not first or not second:
        return None
    if set(first) == set(second):
        return Reason.SAME_NAME
    if set(words(lookalike.skeleton(one))) == set(words(lookalike.skeleton(other))):
        return Reason.LOOKS_THE_SAME
    telling, others = _telling(first), _telling(second)
    joined, other_joined = "".join(telling), "".join(others)
    if min(len(joined), len(other_joined)) >= _SHORTEST_JOINED and (
        joined == other_joined or spelling.one_edit_apart(joined, other_joined)
    ):
        return Reason.NAME_ALIKE
    return Reason.NAME_ALIKE if _overlap(telling, others) else None


def _telling(found: list[str]) -> list[str]:
    """The words that tell a factory from others of its trade and place; all of them if there is no such word."""
    return [word for word in found if word not in folded_trade()] or found


def _overlap(some: list[str], others: list[str]) -> bool:
    """Whether the shorter name's telling words stand in the longer one, and are most of it."""
    short, long = sorted((some, others), key=len)
    matched = [word for word in short if any(spelling.is_near(word, other) for other in long)]
    return len(matched) == len(short) and 2 * len(short) > len(long) and any(len(word) > 2 for word in matched)


def addresses_alike(about: Described, other: Described) -> bool:
    """Whether two addresses share most of their parts, and no number contradicts."""
    first, second = _parts(about), _parts(other)
    shared = first & second
    numbers, other_numbers = _numbers(first), _numbers(second)
    if numbers and other_numbers and not numbers & other_numbers:
        return False
    return len(shared) >= 2 and 5 * len(shared) >= 3 * min(len(first), len(second))


def _parts(described: Described) -> set[str]:
    places = {*_PARTS.findall(fold(described.city)), described.country.casefold()}
    return set(_PARTS.findall(fold(described.address))) - places


def _numbers(parts: set[str]) -> set[str]:
    return {part for part in parts if part[0].isdigit()}


def _metres(one: Mapping[str, float] | None, other: Mapping[str, float] | None) -> int | None:
    """The way between two places on the globe."""
    if not one or not other:
        return None
    north, other_north = math.radians(one["latitude"]), math.radians(other["latitude"])
    east = math.radians(other["longitude"] - one["longitude"])
    chord = math.sin((other_north - north) / 2) ** 2 + math.cos(north) * math.cos(other_north) * math.sin(east / 2) ** 2
    return round(2 * _EARTH_METRES * math.asin(min(1.0, math.sqrt(chord))))
