"""What a factory saved, measured against its baseline; and what anyone may see of it.

Rounding, half up and only here: values to four significant digits, changes to a tenth of a percent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from chalicelib.domain import period
from chalicelib.domain.indicator import Efficiency, Indicator, Measure, Reading
from chalicelib.domain.public_efficiency import Point, PublicEfficiency, PublicIndicator, Recent

_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Saving:
    """Against the baseline; above 0 is better, below 0 is worse, whatever is measured.

    ``per_output``: so much less for each unit of output, of a share so many points more. ``percent``: the same in
    percent of the baseline, of a share the points. ``amount``: what that comes to at this output: less of it in
    the indicator's unit, of a share more of it in the unit of the whole.
    """

    per_output: Decimal
    percent: Decimal
    amount: Decimal


def saving(indicator: Indicator, value: Decimal | None, output: Decimal | None) -> Saving | None:
    """What a value means against the baseline; ``None``: not comparable, for want of an output or of a baseline."""
    before = indicator.value(indicator.baseline) if indicator.baseline is not None else None
    if value is None or not output or not before:
        return None
    if indicator.measure is Measure.SHARE:
        gained = value - before
        return Saving(gained, gained, gained / 100 * output)
    less = before - value
    return Saving(less, less / before * 100, less * output)


def latest(indicator: Indicator) -> Reading | None:
    """The last reading that has a value."""
    return next((each for each in reversed(indicator.readings) if indicator.value(each) is not None), None)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Several readings as one: how many months they cover, the value over all of them, the output of all."""

    months: int
    value: Decimal
    output: Decimal


def recent(indicator: Indicator) -> Stretch | None:
    """The readings with a value of the twelve months up to the end of the last one: a season is no saving."""
    last = latest(indicator)
    if last is None:
        return None
    end = period.last_day(last.period)
    taken = [
        (each, output)
        for each in indicator.readings
        if (output := indicator.output(each)) is not None
        and period.last_day(each.period) <= end
        and period.first_day(each.period) > end - _YEAR
    ]
    output = sum((output for _, output in taken), Decimal(0))
    amount = sum((indicator.amount(each) for each, _ in taken), Decimal(0))
    return Stretch(sum(period.months(each.period) for each, _ in taken), indicator.ratio(amount, output), output)


def shown_value(value: Decimal) -> str:
    """A value as it is shown: four significant digits, rounded half up."""
    if not value:
        return "0"
    places = value.adjusted() - 3
    rounded = value.quantize(Decimal(1).scaleb(places), rounding=ROUND_HALF_UP)
    plain = format(rounded, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def shown_change(change: Decimal) -> str:
    """A change as it is shown: to a tenth, rounded half up. ``-0.0`` is ``0.0``."""
    rounded = change.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return format(rounded if rounded else abs(rounded), "f")


def public_efficiency(held: Efficiency) -> PublicEfficiency | None:
    """What anyone may see: values for each unit of output. Amounts and outputs stay the factory's own."""
    if not held.published:
        return None
    return PublicEfficiency(held.factory_id, tuple(map(public_indicator, held.indicators)), held.updated_at)


def public_indicator(indicator: Indicator) -> PublicIndicator:
    """An indicator as anyone may see it."""
    baseline, last, over = indicator.baseline, latest(indicator), recent(indicator)
    return PublicIndicator(
        indicator_id=indicator.indicator_id,
        resource=indicator.resource.value,
        measure=indicator.measure.value,
        name=indicator.name,
        unit=indicator.unit,
        output_unit=indicator.output_unit,
        baseline=_point(indicator, baseline) if baseline is not None else None,
        target=Point(indicator.target.by, shown_value(indicator.target.value)) if indicator.target else None,
        latest=_point(indicator, last) if last is not None else None,
        recent=None
        if over is None
        else Recent(over.months, shown_value(over.value), _change(indicator, over.value, over.output)),
        points=tuple(_point(indicator, each) for each in indicator.readings),
    )


def _point(indicator: Indicator, reading: Reading) -> Point:
    value = indicator.value(reading)
    change = _change(indicator, value, indicator.output(reading)) if reading is not indicator.baseline else None
    return Point(reading.period, None if value is None else shown_value(value), change)


def _change(indicator: Indicator, value: Decimal | None, output: Decimal | None) -> str | None:
    saved = saving(indicator, value, output)
    return None if saved is None else shown_change(saved.percent)
