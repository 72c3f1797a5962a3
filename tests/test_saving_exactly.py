"""Periods, units, indicators, and what was saved: how each is read, reckoned and shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain import (
    indicator,
    period,
    saving,
    units,
)
from chalicelib.domain.errors import Conflict, Malformed, NotFound
from chalicelib.domain.indicator import Efficiency, Indicator, Measure, Reading, Resource, Target
from chalicelib.domain.public_efficiency import Point, PublicEfficiency, Recent

TODAY = date(2026, 5, 5)


def faults(caught: pytest.ExceptionInfo[Malformed]) -> list[tuple[str, str]]:
    return [(fault.pointer, str(fault.detail)) for fault in caught.value.faults]


# --- Periods


@pytest.mark.parametrize(
    ("written", "first", "last", "months"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31), 12),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), 3),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), 3),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28), 1),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), 1),
        ("1990-11", date(1990, 11, 1), date(1990, 11, 30), 1),
        ("2099", date(2099, 1, 1), date(2099, 12, 31), 12),
    ],
)
def test_a_period_has_its_days_and_months(written: str, first: date, last: date, months: int) -> None:
    assert period.clean(f" {written.lower()} ") == written
    assert (period.first_day(written), period.last_day(written), period.months(written)) == (first, last, months)


@pytest.mark.parametrize("written", [2026, "1989", "2026-13", "2026-Q5", "2026-00", "2100", "26", "", None])
def test_what_is_no_period_is_refused(written: object) -> None:
    with pytest.raises(Malformed, match="must be a month such as"):
        period.clean(written)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [("2026", "2026-12", True), ("2026-Q1", "2026-03", True), ("2026-Q1", "2026-04", False), ("2026", "2025", False)],
)
def test_periods_overlap_if_a_day_lies_in_both(one: str, other: str, both: bool) -> None:
    assert period.overlap(one, other) is period.overlap(other, one) is both


# --- Units


@pytest.mark.parametrize(
    ("amount", "unit", "into", "wanted"),
    [
        ("2", "MWh", "kWh", "2000"),
        ("3.6", "MJ", "kWh", "1"),
        ("2", "m3", "L", "2000"),
        ("5", "g", "g", "5"),
        ("1", "lb", "g", "453.59237"),
        ("1", "yd", "m", "0.9144"),
        ("3", "m2", "m2", "3"),
    ],
)
def test_an_amount_is_turned_into_another_unit_without_rounding(amount: str, unit: str, into: str, wanted: str) -> None:
    assert units.convert(Decimal(amount), unit, into) == Decimal(wanted)


def test_what_is_in_one_unit_asks_nobody_for_a_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "_factor", None)
    assert units.convert(Decimal(5), "g", "g") == Decimal(5)


def test_units_measure_something_and_what_measures_something_else_is_refused() -> None:
    assert [units.dimension(unit) for unit in ("TJ", "L", "t", "km", "m2", "piece", "pair")] == [
        "energy",
        "volume",
        "mass",
        "length",
        "area",
        "pieces",
        "pairs",
    ]
    assert units.of_dimension("area", "volume") == ("m3", "L", "m2")
    assert units.need("L", "mass", "volume") == "L"
    assert units.named("mass") == "weight"
    for wrong in (lambda: units.need("L", "mass", "area"), lambda: units.convert(Decimal(1), "L", "kg")):
        with pytest.raises(Malformed, match=r"^L is a unit of volume; here a unit of weight is needed$"):
            wrong()
    with pytest.raises(Malformed, match=r"^must be one of kWh, MWh, GWh, MJ, GJ, TJ, m3, L, kg, g, t, lb, m, km"):
        units.dimension("cup")


# --- What was saved


def reading(of: str, amount: str, output: str | None, unit: str = "kWh", output_unit: str = "kg") -> Reading:
    return Reading(of, Decimal(amount), unit, None if output is None else Decimal(output), output_unit)


READINGS = (
    reading("2025-01", "99", "1"),
    reading("2025-02", "9", "1"),
    reading("2026-01", "0.016", "2", "MWh"),
    reading("2026-02", "5", None),
)
USE = Indicator(
    "power",
    Resource.ENERGY,
    Measure.USE,
    "Power",
    "kWh",
    "kg",
    reading("2024", "100", "10"),
    Target(Decimal("7.5"), "2027"),
    READINGS,
)
SHARE = replace(USE, measure=Measure.SHARE, output_unit="kWh", readings=(), target=None)
SHARE = replace(SHARE, baseline=reading("2024", "20", "100", output_unit="kWh"))


def test_a_value_is_compared_with_the_baseline_where_there_is_one() -> None:
    assert saving.saving(USE, Decimal(8), Decimal(3)) == saving.Saving(Decimal(2), Decimal(20), Decimal(6))
    assert saving.saving(SHARE, Decimal(25), Decimal(200)) == saving.Saving(Decimal(5), Decimal(5), Decimal(10))
    nothing = [(USE, None, Decimal(3)), (USE, Decimal(8), None), (USE, Decimal(8), Decimal(0))]
    for each, value, output in (*nothing, (replace(USE, baseline=None), Decimal(8), Decimal(3))):
        assert saving.saving(each, value, output) is None


def test_the_last_twelve_months_are_those_up_to_the_last_reading_with_a_value() -> None:
    assert saving.latest(USE) is READINGS[2]
    assert saving.latest(replace(USE, readings=READINGS[3:])) is None
    assert saving.recent(USE) == saving.Stretch(2, Decimal(25) / 3, Decimal(3))
    assert saving.recent(replace(USE, readings=())) is None
    unknown = (*READINGS[:2], reading("2025-06", "5", None), *READINGS[2:])
    assert saving.recent(replace(USE, readings=unknown)) == saving.recent(USE)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("0", "0"), ("1234.5", "1235"), ("12345", "12350"), ("1.23450", "1.235"), ("2.50", "2.5"), ("10.00", "10")],
)
def test_a_value_is_shown_with_four_digits(value: str, shown: str) -> None:
    assert saving.shown_value(Decimal(value)) == shown


@pytest.mark.parametrize(("change", "shown"), [("1.25", "1.3"), ("-0.04", "0.0"), ("-1.25", "-1.3"), ("20", "20.0")])
def test_a_change_is_shown_to_a_tenth(change: str, shown: str) -> None:
    assert saving.shown_change(Decimal(change)) == shown


def test_anyone_may_see_values_and_changes_and_no_amounts() -> None:
    page = saving.public_efficiency(Efficiency("BD1", (USE,), True, "2026-05-05"))
    assert page == PublicEfficiency("BD1", (saving.public_indicator(USE),), "2026-05-05")
    (shown,) = page.indicators
    names = (shown.indicator_id, shown.resource, shown.measure, shown.name, shown.unit, shown.output_unit)
    assert names == ("power", "energy", "use", "Power", "kWh", "kg")
    assert (shown.baseline, shown.target) == (Point("2024", "10"), Point("2027", "7.5"))
    assert (shown.latest, shown.recent) == (Point("2026-01", "8", "20.0"), Recent(2, "8.333", "16.7"))
    assert shown.points == (
        Point("2025-01", "99", "-890.0"),
        Point("2025-02", "9", "10.0"),
        Point("2026-01", "8", "20.0"),
        Point("2026-02", None),
    )
    bare = saving.public_indicator(replace(USE, baseline=None, target=None, readings=()))
    assert (bare.baseline, bare.target, bare.latest, bare.recent, bare.points) == (None, None, None, None, ())
    assert saving.public_efficiency(Efficiency("BD1", (USE,), False, "2026-05-05")) is None


# --- Indicators


@pytest.mark.parametrize(
    ("given", "amount"),
    [
        (5, "5"),
        (" 1250,50 ", "1250.5"),
        ("1.125", "1.125"),
        ("1٫125", "1.125"),
        ("1,0625", "1.0625"),
        (0.25, "0.25"),
        (1e-6, "0.000001"),
        (Decimal("2.0"), "2"),
        ("0", "0"),
    ],
)
def test_an_amount_is_a_number_however_it_is_written(given: Any, amount: str) -> None:
    assert indicator.clean_amount(given) == Decimal(amount)


@pytest.mark.parametrize("given", [True, None, "1,250", "-1", "x", "", [1], -0.5])
def test_what_may_be_another_number_is_none(given: Any) -> None:
    with pytest.raises(Malformed, match="must be a number such as"):
        indicator.clean_amount(given)


def test_an_amount_has_fifteen_digits_at_the_most() -> None:
    assert indicator.clean_amount("123456789012.1230") == Decimal("123456789012.123")
    with pytest.raises(Malformed, match="must have at most 15 digits"):
        indicator.clean_amount("123456789012.1234")


def test_every_fault_of_an_indicator_is_told_with_its_place() -> None:
    assert indicator.checked(USE, TODAY) is USE
    begun, large = reading("2026-05", "200", "1"), replace(USE, target=Target(Decimal(150), "2027"), baseline=None)
    for good in (SHARE, replace(SHARE, target=Target(Decimal(100), "2027")), replace(large, readings=(begun,))):
        assert indicator.checked(good, date(2026, 5, 1)) is good

    def told(**changes: Any) -> list[tuple[str, str]]:
        with pytest.raises(Malformed) as caught:
            indicator.checked(replace(USE, **changes), TODAY)
        return faults(caught)

    assert told(unit="kg") == [("/unit", "kg is a unit of weight; here a unit of energy is needed")]
    assert told(output_unit="L") == [("/output_unit", "L is a unit of volume; here a unit of pieces is needed")]
    assert told(baseline=reading("2024", "0", "1")) == [
        ("/baseline/output", "must be more than 0: a baseline needs an amount and an output")
    ]
    assert told(readings=(READINGS[0], reading("2026-06", "1", "1", "kg", "L"), READINGS[1])) == [
        ("/readings/1/unit", "kg is a unit of weight; here a unit of energy is needed"),
        ("/readings/1/output_unit", "L is a unit of volume; here a unit of weight is needed"),
        ("/readings/1/period", "has not begun yet"),
    ]
    assert told(baseline=reading("2024", "1", "1", "kg")) == [
        ("/baseline/unit", "kg is a unit of weight; here a unit of energy is needed")
    ]
    over = replace(SHARE, target=Target(Decimal("100.1"), "2027"))
    with pytest.raises(Malformed) as caught:
        indicator.checked(over, TODAY)
    assert faults(caught) == [("/target/value", "must be at most 100 percent")]
    more = reading("2025", "101", "100", output_unit="kWh")
    with pytest.raises(Malformed) as caught:
        indicator.with_readings(SHARE, [replace(more, amount=Decimal(100)), more], TODAY)
    assert faults(caught) == [("/readings/1/amount", "is more than the whole")]


def test_readings_are_put_in_their_order_and_taken_out_by_their_period() -> None:
    fresh, again = reading("2025-12", "1", "1"), reading("2025-01", "2", "1")
    held = indicator.with_readings(USE, [fresh, again], TODAY)
    assert held == replace(USE, readings=(again, READINGS[1], fresh, *READINGS[2:]))
    with pytest.raises(Malformed) as caught:
        indicator.with_readings(USE, [reading("2025-Q1", "1", "1")], TODAY)
    assert faults(caught) == [("/readings/0/period", "overlaps with the reading of 2025-01")]
    with pytest.raises(Malformed) as caught:
        indicator.with_readings(USE, [reading("2025-03", "1", "1", "L"), fresh, reading("2027", "1", "1")], TODAY)
    assert [pointer for pointer, _ in faults(caught)] == ["/readings/0/unit", "/readings/2/period"]
    months = [reading(f"{year}-{month:02}", "1", "1") for year in range(2001, 2021) for month in range(1, 13)]
    assert len(indicator.with_readings(replace(USE, readings=()), months, TODAY).readings) == 240
    with pytest.raises(Conflict):
        indicator.with_readings(replace(USE, readings=READINGS[:1]), months, TODAY)
    assert indicator.without_reading(USE, "2025-01").readings == READINGS[1:]
    with pytest.raises(NotFound):
        indicator.without_reading(USE, "2025-03")


def test_indicators_are_put_in_and_taken_out_by_their_names() -> None:
    other = replace(USE, indicator_id="other")
    held = Efficiency("BD1", (USE, other))
    assert held.need("other") is other
    changed = replace(USE, name="All power")
    assert indicator.with_indicator(held, changed) == replace(held, indicators=(changed, other))
    assert indicator.with_indicator(Efficiency("BD1", (USE,)), other) == held
    assert indicator.without_indicator(held, "power") == replace(held, indicators=(other,))
    with pytest.raises(NotFound):
        indicator.without_indicator(held, "third")
    most = Efficiency("BD1", tuple(replace(USE, indicator_id=str(n)) for n in range(indicator.MOST_INDICATORS)))
    with pytest.raises(Conflict):
        indicator.with_indicator(most, USE)
    assert len(indicator.with_indicator(replace(most, indicators=most.indicators[1:]), USE).indicators) == len(
        most.indicators
    )
