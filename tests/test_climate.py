"""A climate plan: how risks weigh, how far the plan is, and what of it becomes public."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import climate
from chalicelib.domain.climate import ANSWERS, STEPS, TASKS, Plan, Risk, Step, StepState, is_ready, progress
from chalicelib.domain.climate_public import PublicPlan, PublicRisk, public_plan
from chalicelib.domain.risk import BANDS, GRADES, HAZARDS, Band, MeasureState, Stage, band_of, matrix, score
from chalicelib.store import climate_codec, codec
from chalicelib.web import climate_words, words

TODAY = date(2026, 11, 22)
SECRET = "the cellar with the dye stock"
OWNER = "Rahima from maintenance"
RISK = Risk(
    "0a0b0c0d", "flood", 4, 4, SECRET, False, "Raise the switchboards", OWNER, date(2027, 5, 1), Stage.UNDER_WAY
)
ORDER = list(Band)

grades = st.sampled_from(GRADES)
texts = st.sampled_from(["", "said"])
risks = st.builds(
    Risk,
    risk_id=st.text("0123456789abcdef", min_size=8, max_size=8),
    hazard=st.sampled_from(HAZARDS),
    likelihood=grades,
    impact=grades,
    exposure=texts,
    exposure_public=st.booleans(),
    measure=texts,
    owner=texts,
    due=st.none() | st.dates(date(2025, 1, 1), date(2028, 1, 1)),
    stage=st.sampled_from(Stage),
)


def whole() -> Plan:
    steps = {
        code: Step("Said.", {name: ("workers" if name == "audiences" else "One",) for name in names}, done=True)
        for code, names in ANSWERS.items()
    }
    return Plan("BD1", steps, (RISK,), "2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z", 3)


@given(grades, grades)
def test_a_score_lies_in_one_band_and_weighs_the_same_either_way(one: int, other: int) -> None:
    risk, turned = replace(RISK, likelihood=one, impact=other), replace(RISK, likelihood=other, impact=one)
    assert score(risk) == one * other == score(turned)
    assert risk.band is turned.band
    assert [band for band, (least, most) in BANDS.items() if least <= one * other <= most] == [risk.band]


@given(grades, grades, grades, grades)
def test_what_is_likelier_and_worse_never_weighs_less(one: int, other: int, third: int, fourth: int) -> None:
    less = replace(RISK, likelihood=min(one, other), impact=min(third, fourth))
    more = replace(RISK, likelihood=max(one, other), impact=max(third, fourth))
    assert ORDER.index(less.band) <= ORDER.index(more.band)


def test_the_thresholds_are_those_that_the_page_states() -> None:
    assert [band_of(points) for points in (1, 4, 5, 12, 15, 25)] == [
        *[Band.LOW] * 2,
        *[Band.MEDIUM] * 2,
        *[Band.HIGH] * 2,
    ]


@given(st.lists(risks, max_size=8))
def test_each_risk_stands_once_in_the_matrix_under_its_own_band(given: list[Risk]) -> None:
    rows = matrix(given)
    assert [impact for impact, _ in rows] == [5, 4, 3, 2, 1]
    found = {
        number: (impact, place + 1, cell.band)
        for impact, cells in rows
        for place, cell in enumerate(cells)
        for number in cell.numbers
    }
    assert found == {n: (each.impact, each.likelihood, each.band) for n, each in enumerate(given, 1)}


def test_a_measure_is_in_time_on_its_last_day_and_overdue_the_day_after_unless_it_is_done() -> None:
    due = RISK.due
    assert due is not None
    assert RISK.state_on(due) is MeasureState.UNDER_WAY
    assert RISK.state_on(due + timedelta(days=1)) is MeasureState.OVERDUE
    assert replace(RISK, stage=Stage.DONE).state_on(date(2099, 1, 1)) is MeasureState.DONE
    assert replace(RISK, due=None).state_on(date(2099, 1, 1)) is MeasureState.UNDER_WAY


additions = st.one_of(
    risks.map(lambda risk: lambda plan: climate.with_risk(plan, risk) if plan.risk(risk.risk_id) is None else plan),
    st.sampled_from(STEPS).map(lambda code: lambda plan: _with(plan, code, words="More.")),
    st.sampled_from([(code, name) for code, names in ANSWERS.items() for name in names]).map(
        lambda place: lambda plan: _with(plan, place[0], answers={**plan.step(place[0]).answers, place[1]: ("One",)})
    ),
    st.sampled_from(STEPS).map(
        lambda code: lambda plan: _with(plan, code, done=True) if is_ready(plan, code) else plan
    ),
)


def _with(plan: Plan, code: str, **changes: object) -> Plan:
    return replace(plan, steps={**plan.steps, code: replace(plan.step(code), **changes)})  # type: ignore[arg-type]


@given(st.lists(additions, max_size=30))
def test_whatever_is_added_a_plan_never_falls_back(added: list) -> None:
    plan = Plan("BD1")
    assert progress(plan, TODAY).percent == 0
    for add in added:
        before, plan = progress(plan, TODAY), add(plan)
        after = progress(plan, TODAY)
        assert before.percent <= after.percent <= 100
        assert (after.percent == 100) == all(state is StepState.DONE for state in after.steps.values())
        assert climate.unready(plan) == []


def test_a_whole_plan_is_at_a_hundred_and_nothing_comes_next() -> None:
    assert progress(whole(), TODAY) == climate.Progress(100, dict.fromkeys(STEPS, StepState.DONE), None)


def test_what_is_late_comes_first_then_what_is_missing_then_what_should_be_looked_at() -> None:
    plan = whole()
    assert progress(plan, date(2027, 5, 2)).next == ("risks", "overdue")
    unfinished = _with(plan, "communication", done=False)
    assert progress(unfinished, TODAY).next == ("communication", "done")
    bare = climate.with_risk(plan, Risk("1", "heat", 5, 5))
    assert progress(bare, TODAY).next == ("risks", "high")
    done = replace(plan, risks=(replace(RISK, stage=Stage.DONE),))
    assert progress(done, date(2027, 11, 20)).next is None
    assert progress(done, date(2027, 11, 21)).next == ("risks", "review")
    assert progress(Plan("BD1"), TODAY).next == ("risks", "looked_at")


def test_a_step_that_lacks_something_since_is_done_no_more() -> None:
    without = climate.without_risk(whole(), RISK.risk_id)
    assert [without.step(code).done for code in STEPS] == [False, False, True, True]
    assert climate.unready(replace(whole(), risks=()))[0].pointer == "/steps/risks/done"


@pytest.mark.parametrize("changes", [{"owner": "Guard"}, {"due": TODAY}, {"stage": Stage.DONE}])
def test_a_day_a_role_and_a_stage_are_those_of_a_measure(changes: dict) -> None:
    bare = Risk("1", "heat", 1, 1)
    assert climate.faults_of(bare) == []
    assert [each.pointer for each in climate.faults_of(replace(bare, **changes), "/risks/0")] == ["/risks/0/measure"]


@given(st.lists(risks, max_size=6), st.booleans())
def test_nobody_sees_an_owner_nor_an_exposure_that_was_not_ticked(given: list[Risk], shows: bool) -> None:
    held = [replace(each, exposure=SECRET, exposure_public=shows, owner=OWNER) for each in given]
    page = public_plan(replace(whole(), risks=tuple(held)), progress(whole(), TODAY))
    assert page is not None
    written = str(codec.to_json(page))
    assert OWNER not in written
    assert (SECRET in written) == (shows and bool(held))
    assert "Said." not in written
    assert [each.score for each in page.risks] == sorted((score(each) for each in held), reverse=True)


def test_a_new_field_of_a_risk_or_plan_is_public_only_once_somebody_decides_so() -> None:
    assert {each.name for each in fields(PublicRisk)} == {each.name for each in fields(Risk)} - {
        "risk_id",
        "exposure_public",
        "owner",
    }
    assert {each.name for each in fields(PublicPlan)} == {
        "factory_id",
        "percent",
        "steps",
        "risks",
        "published_at",
        "updated_at",
    }


def test_a_plan_that_is_kept_has_no_public_part_and_one_that_shows_is_read_back_as_it_was_written() -> None:
    assert public_plan(replace(whole(), published_at=None), progress(whole(), TODAY)) is None
    page = public_plan(whole(), progress(whole(), TODAY))
    assert page is not None
    assert climate_codec.public_plan(codec.to_json(page)) == page


def test_each_code_has_words() -> None:
    assert set(words.HAZARD) == set(HAZARDS)
    assert set(words.STEP) == set(STEPS) == set(climate_words.ABOUT) == set(climate_words.WORDS)
    assert set(words.BAND) == set(Band)
    assert set(words.MEASURE) == set(MeasureState)
    assert set(words.STEP_STATE) == set(StepState)
    assert set(climate_words.AUDIENCES) == set(climate.AUDIENCES)
    named = {name for tasks in TASKS.values() for name in tasks}
    assert set(climate_words.NEXT) == named | {"overdue", "done", "high", "review"}
    assert {name for names in ANSWERS.values() for name in names} <= set(climate_words.LABELS)
