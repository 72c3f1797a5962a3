"""What a factory measures of its use of resources: indicators, their baselines, targets and readings.

All is reckoned in ``Decimal`` and rounded only where it is shown (``saving``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from chalicelib.domain import period, units
from chalicelib.domain.errors import Conflict, Fault, Malformed, NotFound
from chalicelib.domain.phrase import phrase

MOST_INDICATORS = 20
MOST_READINGS = 240
LONGEST_NAME = 80
MOST_DIGITS = 15
"""So that a number is the same in JSON, where programs read 15 digits safely."""
_WRITTEN = re.compile(r"(\d{1,12})(?:[.,٫](\d{1,6}))?\Z")


class Resource(StrEnum):
    """What is used, or used again."""

    ENERGY = "energy"
    WATER = "water"
    WASTE = "waste"
    CHEMICALS = "chemicals"
    MATERIALS = "materials"


class Measure(StrEnum):
    """``use``: so much for each unit of output; the less the better. ``share``: a part of the whole; the more."""

    USE = "use"
    SHARE = "share"


DIMENSIONS: Mapping[Resource, tuple[str, ...]] = {
    Resource.ENERGY: ("energy",),
    Resource.WATER: ("volume",),
    Resource.WASTE: ("mass", "volume"),
    Resource.CHEMICALS: ("mass", "volume"),
    Resource.MATERIALS: ("mass", "length", "area"),
}
"""In what each resource is measured."""

OUTPUTS = ("pieces", "pairs", "mass", "length", "area")
"""In what a factory's output is measured."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An amount in a period, and the output of the same time (of a share: the whole). ``None``: not known."""

    period: str
    amount: Decimal
    unit: str
    output: Decimal | None
    output_unit: str


@dataclass(frozen=True, slots=True)
class Target:
    """What the value is to be by the end of a period: for each unit of output, of a share in percent."""

    value: Decimal
    by: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """Something that a factory measures, with one reading a period, the oldest first."""

    indicator_id: str
    resource: Resource
    measure: Measure
    name: str
    unit: str
    output_unit: str
    baseline: Reading | None = None
    target: Target | None = None
    readings: tuple[Reading, ...] = ()

    def amount(self, reading: Reading) -> Decimal:
        """What was used, in this indicator's unit."""
        return units.convert(reading.amount, reading.unit, self.unit)

    def output(self, reading: Reading) -> Decimal | None:
        """The output in this indicator's unit of output; ``None`` where it is not known or none."""
        if not reading.output:
            return None
        return units.convert(reading.output, reading.output_unit, self.output_unit)

    def value(self, reading: Reading) -> Decimal | None:
        """The amount for each unit of output, of a share in percent; ``None`` without an output: not comparable."""
        output = self.output(reading)
        return None if output is None else self.ratio(self.amount(reading), output)

    def ratio(self, amount: Decimal, output: Decimal) -> Decimal:
        """An amount by an output, both in this indicator's units; of a share in percent."""
        if self.measure is Measure.SHARE:
            return units.convert(amount, self.unit, self.output_unit) / output * 100
        return amount / output


@dataclass(frozen=True, slots=True)
class Efficiency:
    """All that a factory keeps of its use of resources. ``published``: since when anyone sees its summary."""

    factory_id: str
    indicators: tuple[Indicator, ...] = ()
    published: bool = False
    updated_at: str = ""
    version: int = 0

    def need(self, indicator_id: str) -> Indicator:
        """An indicator; ``NotFound`` if there is none of this name."""
        for each in self.indicators:
            if each.indicator_id == indicator_id:
                return each
        raise NotFound("There is no such indicator.")


def clean_amount(value: Any) -> Decimal:
    """A number that is not negative. In texts digits of any script do, and a comma before the decimals."""
    text = str(value) if isinstance(value, int | Decimal | str) and not isinstance(value, bool) else ""
    if isinstance(value, float):
        text = format(Decimal(str(value)), "f")
    found = _WRITTEN.match(text.strip())
    comma_thousands = found and "," in text and len(found.group(2) or "") == 3
    if found is None or comma_thousands:
        raise Malformed("must be a number such as 1250 or 1250.5: not negative, without a separator of thousands")
    digits = f"{found.group(1)}.{(found.group(2) or '').rstrip('0')}".rstrip(".")
    if len(digits) > MOST_DIGITS + 1:
        raise Malformed(phrase("must have at most %(most)s digits", most=MOST_DIGITS))
    return Decimal(digits)


def checked(indicator: Indicator, today: date) -> Indicator:
    """An indicator whose units, baseline, target and readings fit together; ``Malformed`` with every fault."""
    faults = [*_unit_faults(indicator)]
    if not faults and indicator.baseline is not None:
        faults += _reading_faults(indicator, indicator.baseline, "/baseline", today)
        if not faults and not indicator.value(indicator.baseline):
            faults.append(Fault("/baseline/output", "must be more than 0: a baseline needs an amount and an output"))
    share = indicator.measure is Measure.SHARE
    if indicator.target is not None and share and indicator.target.value > 100:
        faults.append(Fault("/target/value", "must be at most 100 percent"))
    for number, reading in enumerate(indicator.readings):
        faults += [] if faults else _reading_faults(indicator, reading, f"/readings/{number}", today)
    if faults:
        raise Malformed("Some fields cannot be taken as sent.", faults)
    return indicator


def with_indicator(held: Efficiency, wanted: Indicator) -> Efficiency:
    """The record with an indicator put in the place of the one of its name, or at the end."""
    names = [each.indicator_id for each in held.indicators]
    if wanted.indicator_id in names:
        changed = tuple(wanted if each.indicator_id == wanted.indicator_id else each for each in held.indicators)
        return replace(held, indicators=changed)
    if len(names) >= MOST_INDICATORS:
        raise Conflict(phrase("A factory has at most %(most)s indicators.", most=MOST_INDICATORS))
    return replace(held, indicators=(*held.indicators, wanted))


def without_indicator(held: Efficiency, indicator_id: str) -> Efficiency:
    """The record without an indicator and its readings."""
    held.need(indicator_id)
    return replace(held, indicators=tuple(each for each in held.indicators if each.indicator_id != indicator_id))


def with_readings(indicator: Indicator, added: Iterable[Reading], today: date) -> Indicator:
    """An indicator with readings put in the place of those of the same period; ``Malformed`` with every fault."""
    by_period = {reading.period: reading for reading in indicator.readings}
    faults: list[Fault] = []
    for number, reading in enumerate(added):
        wrong = _reading_faults(indicator, reading, f"/readings/{number}", today)
        if not wrong and (other := _overlapping(by_period, reading.period)):
            detail = phrase("overlaps with the reading of %(period)s", period=other)
            wrong = [Fault(f"/readings/{number}/period", detail)]
        faults += wrong
        if not wrong:
            by_period[reading.period] = reading
    if faults:
        raise Malformed("Some readings cannot be taken.", faults)
    if len(by_period) > MOST_READINGS:
        raise Conflict(phrase("An indicator has at most %(most)s readings.", most=MOST_READINGS))
    ordered = sorted(by_period.values(), key=lambda reading: period.first_day(reading.period))
    return replace(indicator, readings=tuple(ordered))


def without_reading(indicator: Indicator, of: str) -> Indicator:
    """An indicator without the reading of a period."""
    left = tuple(reading for reading in indicator.readings if reading.period != of)
    if len(left) == len(indicator.readings):
        raise NotFound("There is no reading of this period.")
    return replace(indicator, readings=left)


def _overlapping(by_period: Mapping[str, Reading], wanted: str) -> str | None:
    return next((each for each in by_period if each != wanted and period.overlap(each, wanted)), None)


def _unit_faults(indicator: Indicator) -> Iterable[Fault]:
    try:
        units.need(indicator.unit, *DIMENSIONS[indicator.resource])
    except Malformed as error:
        yield Fault("/unit", error.detail)
        return
    share = indicator.measure is Measure.SHARE
    allowed = (units.dimension(indicator.unit),) if share else OUTPUTS
    try:
        units.need(indicator.output_unit, *allowed)
    except Malformed as error:
        yield Fault("/output_unit", error.detail)


def _reading_faults(indicator: Indicator, reading: Reading, place: str, today: date) -> list[Fault]:
    faults = []
    for name, unit, into in (
        ("unit", reading.unit, indicator.unit),
        ("output_unit", reading.output_unit, indicator.output_unit),
    ):
        try:
            units.convert(Decimal(1), unit, into)
        except Malformed as error:
            faults.append(Fault(f"{place}/{name}", error.detail))
    if period.first_day(reading.period) > today:
        faults.append(Fault(f"{place}/period", "has not begun yet"))
    if not faults and indicator.measure is Measure.SHARE and (indicator.value(reading) or 0) > 100:
        faults.append(Fault(f"{place}/amount", "is more than the whole"))
    return faults
