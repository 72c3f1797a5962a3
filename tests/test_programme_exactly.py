"""Climate plans, programmes, periods and what was saved: how each is weighed, counted and shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain import (
    climate,
    climate_public,
    coaching,
    indicator,
    learning,
    period,
    programme,
    risk,
    saving,
    units,
)
from chalicelib.domain.climate import Plan, Risk, Step, StepState
from chalicelib.domain.climate_public import PublicPlan, PublicRisk
from chalicelib.domain.coaching import Element, ElementKind, Part, Participation, Parts, Programme
from chalicelib.domain.errors import Conflict, Fault, Malformed, NotFound
from chalicelib.domain.factory import Factory, IcsStatement, State
from chalicelib.domain.indicator import Efficiency, Indicator, Measure, Reading, Resource, Target
from chalicelib.domain.learning import Advice, Audience, Need
from chalicelib.domain.public_efficiency import Point, PublicEfficiency, Recent
from chalicelib.domain.risk import Band, Cell, MeasureState, Stage

TODAY = date(2026, 5, 5)
BEFORE = TODAY - timedelta(days=1)


def faults(caught: pytest.ExceptionInfo[Malformed]) -> list[tuple[str, str]]:
    return [(fault.pointer, str(fault.detail)) for fault in caught.value.faults]


# --- Risks and plans

FLOOD = Risk("1", "flood", 4, 5, "The cellar", True, "Raise it", "Ann", TODAY, Stage.UNDER_WAY)
HEAT = Risk("2", "heat", 2, 1, "The roof")


@pytest.mark.parametrize(("points", "band"), [(1, "low"), (4, "low"), (5, "medium"), (12, "medium"), (15, "high")])
def test_a_score_has_a_band(points: int, band: str) -> None:
    assert risk.band_of(points) == band
    assert risk.score(FLOOD) == 20


def test_a_measure_is_overdue_once_its_day_is_over_unless_it_is_done() -> None:
    assert risk.state_on(Stage.OPEN, TODAY, TODAY) is MeasureState.OPEN
    assert risk.state_on(Stage.UNDER_WAY, BEFORE, TODAY) is MeasureState.OVERDUE
    assert risk.state_on(Stage.DONE, BEFORE, TODAY) is MeasureState.DONE
    assert risk.state_on(Stage.UNDER_WAY, None, TODAY) is MeasureState.UNDER_WAY


def test_the_matrix_has_the_worst_impact_first_and_the_numbers_of_risks() -> None:
    rows = risk.matrix([FLOOD, HEAT, FLOOD])
    assert [impact for impact, _ in rows] == [5, 4, 3, 2, 1]
    assert rows[0][1] == [
        Cell(Band.MEDIUM, ()),
        Cell(Band.MEDIUM, ()),
        Cell(Band.HIGH, ()),
        Cell(Band.HIGH, (1, 3)),
        Cell(Band.HIGH, ()),
    ]
    assert rows[4][1][1] == Cell(Band.LOW, (2,))


def whole() -> Plan:
    steps = {
        "risks": Step("Said.", {"opportunities": ("a",)}, done=True),
        "strategies": Step("", {"strategies": ("b",)}, done=True),
        "communication": Step("Said.", {"audiences": ("workers",)}, done=True),
        "means": Step("", {"finance": ("c",)}, done=True),
    }
    return Plan("BD1", steps, (HEAT, FLOOD), "2026-01-01T00:00:00Z", "2026-05-01T00:00:00Z", 3)


def without(code: str, **changes: Any) -> Plan:
    plan = whole()
    return replace(plan, steps={**plan.steps, code: replace(plan.steps[code], **changes)})


def test_progress_counts_each_step_a_quarter_and_names_what_comes_next() -> None:
    assert climate.progress(whole(), TODAY) == climate.Progress(100, dict.fromkeys(climate.STEPS, StepState.DONE), None)
    empty = climate.progress(Plan("BD1"), TODAY)
    assert empty == climate.Progress(0, dict.fromkeys(climate.STEPS, StepState.OPEN), ("risks", "looked_at"))
    begun = climate.progress(without("means", done=False), TODAY)
    assert (begun.percent, begun.steps["means"], begun.next) == (87, StepState.UNDER_WAY, ("means", "done"))
    lacking = climate.progress(without("communication", words=""), TODAY)
    assert (lacking.percent, lacking.next) == (91, ("communication", "how"))


def test_what_is_late_comes_first_and_a_plan_is_looked_at_again_after_a_year() -> None:
    plan = whole()
    assert climate.progress(plan, TODAY + timedelta(days=1)).next == ("risks", "overdue")
    bare = replace(FLOOD, risk_id="3", measure="", owner="", due=None, stage=Stage.OPEN)
    assert climate.progress(replace(plan, risks=(FLOOD, bare)), TODAY).next == ("risks", "high")
    done = replace(plan, risks=(replace(FLOOD, stage=Stage.DONE), HEAT))
    assert climate.progress(done, date(2027, 5, 1)).next is None
    assert climate.progress(done, date(2027, 5, 2)).next == ("risks", "review")
    assert climate.progress(replace(done, updated_at=""), date(2027, 5, 2)).next is None


def test_a_step_is_done_only_while_it_has_all_that_it_takes() -> None:
    assert climate.is_ready(whole(), "means")
    lacking = without("means", answers={})
    assert climate.unready(lacking) == [Fault("/steps/means/done", "comes once the step has all that it takes")]
    assert climate.unready(lacking, "/{step}")[0].pointer == "/means/done"
    assert climate.unready(whole()) == []
    assert climate.settled(lacking).steps["means"] == Step("", {}, done=False)
    assert climate.settled(whole()) == whole()
    assert not climate.is_ready(replace(whole(), risks=(HEAT,)), "strategies")
    assert not climate.is_ready(replace(whole(), risks=(replace(FLOOD, due=None),)), "strategies")
    assert climate.without_risk(whole(), "1") == replace(without("strategies", done=False), risks=(HEAT,))


def test_risks_and_steps_are_put_in_and_taken_out() -> None:
    plan, fire = whole(), replace(HEAT, risk_id="9", hazard="fire")
    assert climate.with_risk(plan, fire).risks == (HEAT, FLOOD, fire)
    changed = replace(HEAT, impact=3)
    assert climate.with_risk(plan, changed).risks == (changed, FLOOD)
    assert (plan.risk("1"), plan.risk("9")) == (FLOOD, None)
    assert plan.heaviest_first == [FLOOD, HEAT]
    assert plan.step("other") == Step()
    said = climate.with_steps(Plan("BD1", {"means": Step("x")}), {"risks": Step("y"), "means": Step()})
    assert said == Plan("BD1", {"risks": Step("y")})
    assert [each.owner for each in climate.without_owners(plan, lambda name: name == "Ann").risks] == ["", ""]
    assert climate.without_owners(plan, lambda name: name == "Bo") == plan


def test_a_day_a_role_and_a_stage_are_those_of_a_measure() -> None:
    bare = replace(FLOOD, measure="", owner="", due=None, stage=Stage.OPEN)
    assert climate.faults_of(bare) == climate.faults_of(FLOOD) == []
    for wrong in (replace(bare, owner="Ann"), replace(bare, due=TODAY), replace(bare, stage=Stage.DONE)):
        assert climate.faults_of(wrong, "/risks/0") == [Fault("/risks/0/measure", "is missing: say what is done")]
    assert climate.faults_of(replace(bare, owner="Ann"))[0].pointer == "/measure"


def test_a_published_plan_names_nobody_and_shows_what_may_show() -> None:
    plan = replace(whole(), risks=(HEAT, FLOOD))
    progress = climate.progress(plan, TODAY)
    shown = PublicPlan(
        "BD1",
        100,
        dict.fromkeys(climate.STEPS, "done"),
        (
            PublicRisk("flood", 4, 5, "The cellar", "Raise it", TODAY, Stage.UNDER_WAY),
            PublicRisk("heat", 2, 1, "", "", None, Stage.OPEN),
        ),
        "2026-01-01T00:00:00Z",
        "2026-05-01T00:00:00Z",
    )
    assert climate_public.public_plan(plan, progress) == shown
    assert climate_public.public_plan(replace(plan, published_at=None), progress) is None
    assert shown.risks[0].state_on(TODAY + timedelta(days=1)) is MeasureState.OVERDUE
    assert FLOOD.state_on(TODAY) is MeasureState.UNDER_WAY


# --- Programmes

PUBLISHED = Factory("BD1", published=True, programmes=("efficiency",))


def test_programmes_show_in_their_order_beside_a_published_page() -> None:
    both = programme.with_programme(PUBLISHED, "climate", shows=True)
    assert both == replace(PUBLISHED, programmes=("climate", "efficiency"))
    assert programme.with_programme(both, "climate", shows=False) == PUBLISHED
    hidden = replace(both, published=False)
    assert programme.with_programme(hidden, "climate", shows=False).programmes == ("efficiency",)
    with pytest.raises(Conflict, match="Publish your page first"):
        programme.with_programme(hidden, "climate", shows=True)
    with pytest.raises(Conflict):
        programme.with_programme(replace(both, state=State.MERGED, successor="BD2"), "climate", shows=True)


VISITS = tuple(Element(f"s{number}", ElementKind.SESSION, "Visit") for number in (1, 2, 3))
PLANNED = Programme("w", "o", "Water", coaching.Kind.CIRCULAR_PRODUCTION, "2026-01-01", "2026-12-31", (), (*VISITS,))
PART = Participation("w", "BD1", Part.TAKES_PART, "2026-01-01", shares=True, shows=True, done={"s1": "2026-02-02"})


def test_the_days_and_elements_of_a_programme_fit_together() -> None:
    assert coaching.checked(PLANNED) is PLANNED
    same = replace(PLANNED, ends=PLANNED.starts)
    assert coaching.checked(same) is same
    free = replace(PLANNED, kind=coaching.Kind.OTHER, elements=())
    assert coaching.checked(free) is free
    wrong = replace(PLANNED, ends="2025-12-31", elements=(VISITS[0], VISITS[0]))
    with pytest.raises(Malformed) as caught:
        coaching.checked(wrong)
    assert faults(caught) == [
        ("/ends", "must not be before the first day"),
        ("/elements", "must have three sessions on site"),
        ("/elements", "must not name the same element twice"),
    ]
    with pytest.raises(Malformed):
        coaching.checked(replace(PLANNED, kind=coaching.Kind.RESOURCE_EFFICIENCY, elements=()))


def test_a_factory_is_invited_again_after_it_declined_or_left_and_what_was_done_stays() -> None:
    assert coaching.invite(None, "w", "BD1", TODAY) == Participation("w", "BD1", Part.INVITED, "2026-05-05")
    left = replace(PART, part=Part.LEFT)
    again = Participation("w", "BD1", Part.INVITED, "2026-05-05", done=PART.done)
    assert coaching.invite(left, "w", "BD1", TODAY) == again
    assert coaching.invite(again, "w", "BD1", TODAY) is None
    assert coaching.invite(PART, "w", "BD1", TODAY) is None


@pytest.mark.parametrize(
    ("held", "wanted"), [(Part.INVITED, Part.TAKES_PART), (Part.INVITED, Part.DECLINED), (Part.TAKES_PART, Part.LEFT)]
)
def test_a_factory_accepts_declines_or_leaves_once(held: Part, wanted: Part) -> None:
    part = replace(PART, part=held)
    after = coaching.answer(part, wanted, TODAY)
    assert after == replace(part, part=wanted, answered="2026-05-05", shares=False, shows=False)
    assert coaching.answer(after, wanted, TODAY) is after
    for other in (Part.DECLINED, Part.INVITED):
        with pytest.raises(Conflict):
            coaching.answer(replace(PART, part=Part.LEFT), other, TODAY)


def test_the_factory_ticks_and_the_organiser_marks_while_it_takes_part() -> None:
    assert coaching.ticked(PART, shares=False, shows=True) == replace(PART, shares=False)
    assert coaching.ticked(PART, shares=True, shows=False) == replace(PART, shows=False)
    assert coaching.mark(PLANNED, PART, "s2", TODAY, TODAY).done == {"s1": "2026-02-02", "s2": "2026-05-05"}
    assert coaching.mark(PLANNED, PART, "s1", date(2026, 1, 1), TODAY).done == {"s1": "2026-01-01"}
    assert coaching.mark(PLANNED, PART, "s1", None, TODAY) == replace(PART, done={})
    assert PART.sessions_done(PLANNED) == 1
    gone = replace(PART, part=Part.LEFT)
    with pytest.raises(Conflict):
        coaching.ticked(gone, shares=True, shows=True)
    with pytest.raises(Conflict):
        coaching.mark(PLANNED, gone, "s1", TODAY, TODAY)
    with pytest.raises(NotFound):
        coaching.mark(PLANNED, PART, "s9", TODAY, TODAY)
    for day in (date(2025, 12, 31), TODAY + timedelta(days=1)):
        with pytest.raises(Malformed) as caught:
            coaching.mark(PLANNED, PART, "s1", day, TODAY)
        assert faults(caught) == [("/s1", "must lie between the first day of the programme and today")]


def test_a_factory_is_in_so_many_programmes_at_the_most() -> None:
    other = replace(PART, programme_id="x")
    held = Parts("BD1", (PART, other), 2)
    assert held.of("x") is held.need("x") is other
    assert held.of("y") is None
    with pytest.raises(NotFound):
        held.need("y")
    assert held.without("w") == replace(held, parts=(other,))
    changed = replace(PART, shows=False)
    assert held.with_part(changed) == replace(held, parts=(other, changed))
    full = Parts("BD1", tuple(replace(PART, programme_id=str(number)) for number in range(50)))
    assert len(full.with_part(replace(PART, programme_id="7")).parts) == 50
    with pytest.raises(Conflict):
        full.with_part(PART)


# --- Lessons


def test_lessons_are_for_readers_and_the_next_one_helps_with_what_is_lacking() -> None:
    assert learning.known("claims") == "claims"
    with pytest.raises(NotFound):
        learning.known("other")
    assert (learning.audience("buyer"), learning.audience("")) == (Audience.BUYER, None)
    with pytest.raises(Malformed, match="for is one of consumer, buyer, factory, member, organiser"):
        learning.audience("nobody")
    assert learning.lessons_for(()) == list(learning.LESSONS)
    assert learning.lessons_for([Audience.ORGANISER]) == ["climate-adaptation", "resource-efficiency"]
    assert learning.audiences_of(True, ["member", "staff"]) == [Audience.FACTORY, Audience.MEMBER, Audience.BUYER]
    assert learning.audiences_of(False, ["organiser"]) == [Audience.ORGANISER]


def test_what_to_learn_next_follows_from_what_is_lacking_and_what_was_learned() -> None:
    fresh = learning.Progress()
    readers = [Audience.FACTORY]
    assert learning.advise(fresh, readers, [Need.PAGE, Need.CONFIRMATION]) == Advice("qr-code", Need.PAGE)
    assert learning.advise(fresh, readers, []) == Advice("profile")
    known = fresh.with_done("qr-code", "2026-05-05")
    assert known.with_done("qr-code", "2026-06-06") is known
    assert known == learning.Progress({"qr-code": "2026-05-05"})
    both = known.with_done("profile", "2026-05-06")
    assert both.done == {"qr-code": "2026-05-05", "profile": "2026-05-06"}
    assert learning.advise(both, readers, [Need.PAGE]) == Advice("privacy")
    assert learning.advise(learning.Progress(dict.fromkeys(learning.LESSONS, "x")), readers, [Need.PAGE]) is None
    assert learning.marks([1, 2], [1, 3]) == (True, False)
    with pytest.raises(ValueError, match="zip"):
        learning.marks([1], [1, 3])


def test_a_record_lacks_a_page_or_what_whoever_scans_looks_for() -> None:
    said = {"address": "a", "product_categories": ["b"], "processes": ["c"], "descriptions": {"en": "d"}}
    complete = Factory("BD1", ics=IcsStatement(1, "2026-01-02", said), published=True)
    assert learning.needs(complete) == set()
    assert learning.needs(replace(complete, published=False)) == {Need.PAGE}
    assert learning.needs(Factory("BD1")) == {Need.PAGE, Need.PROFILE}


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
    [(5, "5"), (" 1250,50 ", "1250.5"), (0.25, "0.25"), (1e-6, "0.000001"), (Decimal("2.0"), "2"), ("0", "0")],
)
def test_an_amount_is_a_number_however_it_is_written(given: Any, amount: str) -> None:
    assert indicator.clean_amount(given) == Decimal(amount)


@pytest.mark.parametrize("given", [True, None, "1,250", "-1", "x", "", [1], -0.5])
def test_what_may_be_another_number_is_none(given: Any) -> None:
    with pytest.raises(Malformed, match="must be a number such as"):
        indicator.clean_amount(given)


def test_every_fault_of_an_indicator_is_told_with_its_place() -> None:
    assert indicator.checked(USE, TODAY) is USE
    assert indicator.checked(SHARE, TODAY) is SHARE

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
