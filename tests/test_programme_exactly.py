"""Climate plans, programmes and lessons: how each is weighed, counted and shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain import (
    climate,
    climate_public,
    coaching,
    learning,
    programme,
    risk,
)
from chalicelib.domain.climate import Plan, Risk, Step, StepState
from chalicelib.domain.climate_public import PublicPlan, PublicRisk
from chalicelib.domain.coaching import Element, ElementKind, Part, Participation, Parts, Programme
from chalicelib.domain.errors import Conflict, Fault, Malformed, NotFound
from chalicelib.domain.factory import Factory, IcsStatement, State
from chalicelib.domain.learning import Advice, Audience, Need
from chalicelib.domain.risk import Band, Cell, MeasureState, Stage

TODAY = date(2026, 5, 5)


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
    assert risk.state_on(Stage.UNDER_WAY, TODAY - timedelta(days=1), TODAY) is MeasureState.OVERDUE
    assert risk.state_on(Stage.DONE, TODAY - timedelta(days=1), TODAY) is MeasureState.DONE
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
    mute = climate.progress(without("communication", words=""), TODAY)
    assert (mute.percent, mute.next) == (91, ("communication", "how"))


def test_what_is_late_comes_first_and_a_plan_is_looked_at_again_after_a_year() -> None:
    plan = whole()
    assert climate.progress(plan, TODAY + timedelta(days=1)).next == ("risks", "overdue")
    bare = replace(FLOOD, risk_id="3", measure="", owner="", due=None, stage=Stage.OPEN)
    assert climate.progress(replace(plan, risks=(FLOOD, bare)), TODAY).next == ("risks", "high")
    done = replace(plan, risks=(replace(FLOOD, stage=Stage.DONE), HEAT))
    assert climate.progress(done, date(2027, 5, 1)).next is None
    assert climate.progress(done, date(2027, 5, 2)).next == ("risks", "review")
    assert climate.progress(replace(done, updated_at=""), date(2027, 5, 2)).next is None


def test_a_task_is_fulfilled_by_words_or_by_any_of_its_lists() -> None:
    for task in (climate._words("risks"), climate._any("means", "technologies", "finance")):
        assert task(whole())
        assert not task(Plan("BD1"))


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
    after = climate.with_steps(Plan("BD1", {"means": Step("x")}), {"risks": Step("y"), "means": Step()})
    assert after == Plan("BD1", {"risks": Step("y")})
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
    assert shown.risks[0].state_on(TODAY) is FLOOD.state_on(TODAY) is MeasureState.UNDER_WAY


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
    assert learning.advise(fresh, [Audience.ORGANISER], []) == Advice("climate-adaptation")
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
