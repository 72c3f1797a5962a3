"""The rules of indicators: units, readings, savings. ``pint``'s own list of units is the oracle of ours."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import indicator as rules
from chalicelib.domain import period, saving, units
from chalicelib.domain.errors import Conflict, Malformed, NotFound
from chalicelib.domain.indicator import Efficiency, Indicator, Measure, Reading, Resource, Target
from chalicelib.store import measured

TODAY = date(2026, 11, 22)
AMOUNTS = st.decimals(Decimal("0.001"), Decimal(10) ** 9, places=3)
PERIODS = st.one_of(
    st.integers(1990, 2099).map(str),
    st.builds("{}-Q{}".format, st.integers(1990, 2099), st.integers(1, 4)),
    st.builds("{}-{:02d}".format, st.integers(1990, 2099), st.integers(1, 12)),
)


def reading(of: str, amount: Any, output: Any = 100, unit: str = "kWh", output_unit: str = "piece") -> Reading:
    return Reading(of, Decimal(amount), unit, None if output is None else Decimal(output), output_unit)


def energy(*readings: Reading, baseline: Reading | None = None, **changes: Any) -> Indicator:
    made = Indicator("energy", Resource.ENERGY, Measure.USE, "Electricity", "kWh", "piece", baseline, None, readings)
    return replace(made, **changes)


@pytest.mark.parametrize("unit", units.UNITS)
def test_every_factor_is_that_of_the_oracle(unit: str) -> None:
    if unit in ("piece", "pair"):
        return
    known: Any = pint.UnitRegistry(non_int_type=Decimal)
    spelled = {"m3": "m**3", "m2": "m**2", "lb": "pound", "yd": "yard"}
    for other in units.of_dimension(units.dimension(unit)):
        theirs = known.Quantity(Decimal(1), spelled.get(unit, unit)).to(spelled.get(other, other)).magnitude
        assert units.convert(Decimal(1), unit, other) == pytest.approx(theirs, rel=Decimal("1e-20"))


@given(AMOUNTS, st.sampled_from(units.UNITS), st.sampled_from(units.UNITS))
def test_there_and_back_is_the_same_amount_and_another_dimension_is_refused(
    amount: Decimal, unit: str, into: str
) -> None:
    if units.dimension(unit) == units.dimension(into):
        back = units.convert(units.convert(amount, unit, into), into, unit)
        assert abs(back - amount) <= amount * Decimal("1e-20")
        return
    with pytest.raises(Malformed) as refused:
        units.convert(amount, unit, into)
    for named in (units.named(units.dimension(unit)), units.named(units.dimension(into))):
        assert str(named) in refused.value.detail


def test_a_unit_that_is_not_in_the_list_is_refused_before_anything_reads_it() -> None:
    for unit in ("mt", "kg**9999999", "__import__", "", "KWH", "degC"):
        with pytest.raises(Malformed):
            units.dimension(unit)


@given(PERIODS, PERIODS)
def test_periods_have_days_in_order_and_overlap_as_their_days_do(one: str, other: str) -> None:
    assert period.clean(one) == one
    days = (period.last_day(one) - period.first_day(one)).days + 1
    assert days in {1: range(28, 32), 3: range(90, 93), 12: range(365, 367)}[period.months(one)]
    assert period.overlap(one, other) == period.overlap(other, one)
    assert period.overlap(one, one[:4])


@pytest.mark.parametrize(
    "written", ["2026-13", "2026-Q5", "26-01", "2026-1", "2026/01", "2026-01-01", "1989", 2026, None]
)
def test_what_is_no_period_is_refused(written: object) -> None:
    with pytest.raises(Malformed):
        period.clean(written)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1250", "1250"),
        (" 1250,5 ", "1250.5"),
        ("১২৩.৫", "123.5"),
        ("١٢٣٫٥", "123.5"),
        (0.1, "0.1"),
        (7, "7"),
        ("007", "7"),
    ],
)
def test_numbers_are_taken_as_people_and_programs_write_them(written: object, amount: str) -> None:
    assert rules.clean_amount(written) == Decimal(amount)


@pytest.mark.parametrize(
    "written", ["1,250", "-1", "1e5", "1.250.000", "", "NaN", True, None, 10**13, "123456789012.3456"]
)
def test_what_could_be_misread_is_no_number(written: object) -> None:
    with pytest.raises(Malformed):
        rules.clean_amount(written)


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_saving_is_above_zero_only_if_less_is_used_for_each_unit(
    a: Decimal, b: Decimal, c: Decimal, d: Decimal
) -> None:
    told = energy(reading("2026-01", c, d), baseline=reading("2024", a, b))
    [last] = told.readings
    saved = saving.saving(told, told.value(last), told.output(last))
    assert saved is not None
    less = a / b - c / d
    assert (saved.per_output > 0, saved.percent > 0, saved.amount > 0) == (less > 0,) * 3
    assert saved.percent <= 100
    share = replace(told, measure=Measure.SHARE, resource=Resource.WASTE, unit="kg", output_unit="kg")
    of_kg = replace(share, baseline=reading("2024", a, b, "kg", "kg"), readings=(reading("2026-01", c, d, "kg", "kg"),))
    gained = saving.saving(of_kg, of_kg.value(of_kg.readings[0]), d)
    assert gained is not None
    assert (gained.percent > 0) == (less < 0)


def test_without_an_output_nothing_is_compared() -> None:
    told = energy(reading("2026-01", 5, None), reading("2026-02", 5, 0), baseline=reading("2024", 10))
    assert [told.value(each) for each in told.readings] == [None, None]
    assert (saving.latest(told), saving.recent(told)) == (None, None)
    assert saving.saving(told, None, None) is None
    assert saving.saving(energy(), Decimal(5), Decimal(5)) is None
    shown = saving.public_indicator(told)
    assert [(each.value, each.change) for each in shown.points] == [(None, None)] * 2


def test_a_reading_in_another_unit_is_converted() -> None:
    told = energy(reading("2026-01", "3.6", unit="GJ"), baseline=reading("2024", 2, 100, "MWh"))
    assert told.value(told.readings[0]) == Decimal(10)
    saved = saving.saving(told, Decimal(10), Decimal(100))
    assert saved is not None
    assert (saved.per_output, saved.percent, saved.amount) == (10, 50, 1000)


def test_the_last_twelve_months_are_weighed_by_output_and_a_bad_month_is_only_one_of_them() -> None:
    readings = [reading(f"2025-{month:02d}", 100, 100) for month in range(1, 13)]
    readings += [reading("2026-01", 900, 300), reading("2026-02", 5, None)]
    told = energy(*readings, baseline=reading("2024", 200, 100))
    over = saving.recent(told)
    assert over is not None
    assert (over.months, over.value, over.output) == (12, Decimal(2000) / 1400, 1400)
    assert saving.latest(told) == readings[12]


def test_values_are_rounded_half_up_and_only_when_shown() -> None:
    shown = [saving.shown_value(Decimal(each)) for each in ("3.14159", "0.00123450", "123456", "0", "2.0005", "9.9996")]
    assert shown == ["3.142", "0.001235", "123500", "0", "2.001", "10"]
    assert [saving.shown_change(Decimal(each)) for each in ("12.25", "-12.25", "-0.04")] == ["12.3", "-12.3", "0.0"]


def test_a_wrong_dimension_is_refused_at_its_place_with_both_named() -> None:
    with pytest.raises(Malformed) as refused:
        rules.checked(energy(unit="m3"), TODAY)
    [fault] = refused.value.faults
    assert (fault.pointer, fault.detail) == ("/unit", "m3 is a unit of volume; here a unit of energy is needed")
    with pytest.raises(Malformed) as refused:
        rules.with_readings(energy(), [reading("2026-01", 1), reading("2026-02", 1, unit="kg")], TODAY)
    assert [fault.pointer for fault in refused.value.faults] == ["/readings/1/unit"]


def test_a_share_is_of_the_same_kind_and_never_more_than_the_whole() -> None:
    recycled = Indicator("r", Resource.MATERIALS, Measure.SHARE, "Recycled input", "kg", "t")
    told = rules.with_readings(recycled, [reading("2026-01", 300, 1, "kg", "t")], TODAY)
    assert told.value(told.readings[0]) == 30
    with pytest.raises(Malformed) as refused:
        rules.with_readings(recycled, [reading("2026-01", 1001, 1, "kg", "t")], TODAY)
    assert refused.value.faults[0].pointer == "/readings/0/amount"
    with pytest.raises(Malformed):
        rules.checked(replace(recycled, output_unit="piece"), TODAY)
    with pytest.raises(Malformed):
        rules.checked(replace(recycled, target=Target(Decimal(101), "2027")), TODAY)


def test_readings_of_a_period_replace_each_other_and_overlapping_ones_are_refused() -> None:
    told = rules.with_readings(energy(), [reading("2026-02", 1), reading("2025", 1), reading("2026-02", 2)], TODAY)
    assert [(each.period, each.amount) for each in told.readings] == [("2025", 1), ("2026-02", 2)]
    for overlapping in ("2026-Q1", "2026", "2025-12"):
        with pytest.raises(Malformed):
            rules.with_readings(told, [reading(overlapping, 1)], TODAY)
    with pytest.raises(Malformed):
        rules.with_readings(told, [reading("2026-12", 1)], TODAY)
    assert rules.without_reading(told, "2025").readings[0].period == "2026-02"
    with pytest.raises(NotFound):
        rules.without_reading(told, "2024")


def test_a_baseline_needs_an_output() -> None:
    for output in (None, 0):
        with pytest.raises(Malformed) as refused:
            rules.checked(energy(baseline=reading("2024", 10, output)), TODAY)
        assert refused.value.faults[0].pointer == "/baseline/output"


def _full() -> Efficiency:
    months = [f"{year}-{month:02d}" for year in range(2005, 2025) for month in range(1, 13)]
    most = Decimal("123456789.123456")
    rows = tuple(Reading(each, most, "kWh", most, "kg") for each in months)
    one = energy(*rows, baseline=rows[0], name="ক" * rules.LONGEST_NAME, unit="MWh", output_unit="t")
    return Efficiency("BDF8QY40YGE1", tuple(replace(one, indicator_id=f"i{n:039d}") for n in range(20)), True, "", 1)


def test_the_largest_record_fits_an_item_and_comes_back_the_same() -> None:
    full = _full()
    body = measured.efficiency_body(full)
    assert len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()) < 390_000
    assert measured.efficiency(json.loads(json.dumps(body)), 1) == full
    with pytest.raises(Conflict):
        rules.with_indicator(full, replace(full.indicators[0], indicator_id="one-more"))
    months = full.indicators[0]
    with pytest.raises(Conflict):
        rules.with_readings(months, [reading("2026-01", 1, output_unit="kg")], TODAY)


def test_the_public_surface_does_not_load_pint() -> None:
    program = "import app, sys; print([name for name in sys.modules if name.startswith(('pint', 'flex'))])"
    environment = {"SURFACE": "public", "AWS_REGION": "eu-central-1", "PATH": "/usr/bin:/bin"}
    root = Path(__file__).resolve().parent.parent
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"
