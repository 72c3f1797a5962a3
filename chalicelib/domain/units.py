"""Units that amounts are given in: what each measures, and how one is turned into another.

``pint`` knows dimensions and factors. Only what converts or compares two different units asks it, so nobody else waits
for it to load. It gets the few units below, and not its own list of a thousand: that takes 200 ms to read.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

from chalicelib.domain.errors import Malformed
from chalicelib.domain.phrase import Phrase, phrase

if TYPE_CHECKING:
    from pint import UnitRegistry

UNITS = ("kWh", "MWh", "GWh", "MJ", "GJ", "TJ", "m3", "L", "kg", "g", "t", "lb", "m", "km", "yd", "m2", "piece", "pair")
"""The codes of all units, those of one dimension together."""

_MEANT = {"m3": "m**3", "m2": "m**2"}
_DEFINITIONS = """
kilo- = 1e3 = k-
mega- = 1e6 = M-
giga- = 1e9 = G-
tera- = 1e12 = T-
meter = [length] = m
second = [time] = s
gram = [mass] = g
piece = [piece]
pair = [pair]
hour = 3600 * second = h
joule = 1000 * gram * meter ** 2 / second ** 2 = J
watt = joule / second = W
watt_hour = watt * hour = Wh
liter = 0.001 * meter ** 3 = L
tonne = 1e6 * gram = t
pound = 453.59237 * gram = lb
yard = 0.9144 * meter = yd
"""
_NAMES = {
    "energy": ("kWh", phrase("energy")),
    "volume": ("m3", phrase("volume")),
    "mass": ("kg", phrase("weight")),
    "length": ("m", phrase("length")),
    "area": ("m2", phrase("area")),
    "pieces": ("piece", phrase("pieces")),
    "pairs": ("pair", phrase("pairs")),
}


def dimension(unit: str) -> str:
    """What a unit measures: ``energy``, ``volume``, ``mass``, ``length``, ``area``, ``pieces`` or ``pairs``."""
    if unit not in UNITS:
        raise Malformed(phrase("must be one of %(allowed)s", allowed=", ".join(UNITS)))
    return _dimension(unit)


def named(dimension: str) -> Phrase:
    """A dimension in words."""
    return _NAMES[dimension][1]


def of_dimension(*dimensions: str) -> tuple[str, ...]:
    """The units that measure one of these, in the order of ``UNITS``."""
    return tuple(unit for unit in UNITS if _dimension(unit) in dimensions)


def need(unit: str, *dimensions: str) -> str:
    """A unit that measures one of these; ``Malformed``, naming both sides, if it measures something else."""
    found = dimension(unit)
    if found not in dimensions:
        _refuse(unit, found, dimensions[0])
    return unit


def convert(amount: Decimal, unit: str, into: str) -> Decimal:
    """An amount in another unit of the same dimension; ``Malformed``, naming both dimensions, if it is of another."""
    return amount if unit == into else amount * _factor(unit, into)


@lru_cache(maxsize=1000)
def _factor(unit: str, into: str) -> Decimal:
    found, wanted = dimension(unit), dimension(into)
    if found != wanted:
        _refuse(unit, found, wanted)
    factor: Decimal = _registry().Quantity(Decimal(1), _meant(unit)).to(_meant(into)).magnitude
    return factor


def _refuse(unit: str, found: str, wanted: str) -> NoReturn:
    raise Malformed(
        phrase(
            "%(unit)s is a unit of %(found)s; here a unit of %(wanted)s is needed",
            unit=unit,
            found=named(found),
            wanted=named(wanted),
        )
    )


@lru_cache(maxsize=100)
def _dimension(unit: str) -> str:
    registry = _registry()
    found = registry.Quantity(Decimal(1), _meant(unit))
    return next(name for name, (example, _) in _NAMES.items() if found.check(_meant(example)))


def _meant(unit: str) -> str:
    return _MEANT.get(unit, unit)


@lru_cache(maxsize=1)
def _registry() -> UnitRegistry[Decimal]:
    from pint import UnitRegistry

    registry: UnitRegistry[Decimal] = UnitRegistry(None, non_int_type=Decimal)
    for line in _DEFINITIONS.strip().splitlines():
        registry.define(line)
    return registry
