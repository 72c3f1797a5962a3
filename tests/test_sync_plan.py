"""What a batch of audits changes: whatever the order and the splitting, the same statements give the same record."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.audit import Audit, Outcome, SyncItem, plan_sync
from chalicelib.domain.factory import Factory, Link, Source

SITES = ("S-1", "S-2")
_ids = itertools.count(1)


def new_id(country: str) -> str:
    return f"{country}{next(_ids)}"


def row(
    site: str = "S-1",
    version: int = 1,
    reference: str = "A",
    on: str = "2026-01-02",
    name: str | None = None,
    members: tuple[str, ...] = (),
    scope: str = "social",
    index: int = 0,
) -> SyncItem:
    fields = {"name": name or f"Mill {version}", "country": "BD"}
    return SyncItem(index, site, fields, Audit(reference, version, scope, "initial", None, on, members))


@st.composite
def statements(draw: st.DrawFn) -> list[SyncItem]:
    """Statements that contradict each other nowhere: a site's version has one content, and so has an audit's."""
    found = []
    for site in draw(st.lists(st.sampled_from(SITES), min_size=1, unique=True)):
        pairs = st.tuples(st.sampled_from("ABC"), st.integers(1, 4))
        for reference, version in draw(st.lists(pairs, min_size=1, max_size=8, unique=True)):
            day, members = draw(st.integers(1, 28)), draw(st.sets(st.sampled_from(["m", "n", "o"])))
            found.append(row(site, version, reference, f"2026-01-{day:02}", members=tuple(sorted(members))))
    return [replace(each, index=number) for number, each in enumerate(found)]


def applied(held: dict[str, Factory], batch: Sequence[SyncItem]) -> tuple[dict[str, Factory], dict[int, Outcome]]:
    plans = plan_sync(held, batch, new_id)
    after = dict(held)
    for plan in plans:
        if plan.wanted is not None:
            after[plan.site] = plan.wanted
    return after, {step.result.index: step.result.outcome for plan in plans for step in plan.steps}


def told(state: dict[str, Factory]) -> dict[str, Any]:
    """All of a state that must not depend on the order: everything but what is drawn at random or counted."""
    return {site: replace(factory, factory_id="", updated_at="", version=0) for site, factory in state.items()}


@given(statements(), st.randoms(use_true_random=False))
def test_any_order_and_any_splitting_leads_to_the_same_record(batch: list[SyncItem], rng: random.Random) -> None:
    whole, _ = applied({}, batch)
    shuffled = rng.sample(batch, len(batch))
    parts: list[list[SyncItem]] = [[]]
    for each in shuffled:
        if rng.random() < 0.4:
            parts.append([])
        parts[-1].append(each)
    state: dict[str, Factory] = {}
    for part in parts:
        state, _ = applied(state, part)
    assert told(state) == told(whole)


@given(statements(), st.integers(1, 3))
def test_sending_it_all_again_changes_nothing(batch: list[SyncItem], times: int) -> None:
    state, _ = applied({}, batch)
    for _ in range(times):
        again, outcomes = applied(state, batch)
        assert all(again[site] is state[site] for site in state)
        assert set(outcomes.values()) <= {Outcome.UNCHANGED, Outcome.STALE}


@given(statements(), statements())
def test_no_audit_is_ever_lost_and_none_goes_back(earlier: list[SyncItem], later: list[SyncItem]) -> None:
    before, _ = applied({}, earlier)
    after, _ = applied(before, later)
    for site, factory in before.items():
        held = {audit.reference: audit.version for audit in factory.audits}
        now = {audit.reference: audit.version for audit in after[site].audits}
        assert all(now.get(reference, 0) >= version for reference, version in held.items())
        assert len(now) == len(after[site].audits)
        assert factory.ics is not None
        assert after[site].ics is not None
        assert after[site].ics.version >= factory.ics.version  # type: ignore[union-attr]
        assert after[site].factory_id == factory.factory_id


@given(statements())
def test_the_newest_statement_of_each_audit_and_of_the_site_is_what_is_held(batch: list[SyncItem]) -> None:
    state, outcomes = applied({}, batch)
    assert set(outcomes) == {each.index for each in batch}
    for site, factory in state.items():
        rows = [each for each in batch if each.site == site]
        newest = {each.audit.reference: each.audit for each in sorted(rows, key=lambda each: each.version)}
        assert {audit.reference: audit for audit in factory.audits} == newest
        assert factory.ics is not None
        assert factory.ics.version == max(each.version for each in rows)


@given(statements())
def test_the_links_are_those_that_the_mandates_of_the_audits_held_support(batch: list[SyncItem]) -> None:
    state, _ = applied({}, batch)
    for factory in state.values():
        mandated = {member for audit in factory.audits for member in audit.member_ids}
        assert set(factory.links) == mandated
        for member, link in factory.links.items():
            assert link.since == min(audit.date for audit in factory.audits if member in audit.member_ids)


@pytest.mark.safety("sync.older-is-stale")
def test_version_3_then_2_leaves_3_and_calls_2_stale() -> None:
    state, _ = applied({}, [row(version=3, on="2026-03-03")])
    after, outcomes = applied(state, [row(version=2, on="2026-02-02")])
    assert outcomes == {0: Outcome.STALE}
    assert after["S-1"] is state["S-1"]


@pytest.mark.parametrize(
    "other",
    [
        row(version=2, on="2026-02-03"),
        row(version=2, scope="environmental"),
        row(version=2, name="Another name"),
        row(version=2, members=("m",)),
        row(version=2, reference="B", name="Another name"),
    ],
    ids=["date", "scope", "name", "mandate", "other audit, other name"],
)
def test_the_same_version_with_other_content_is_a_conflict_and_changes_nothing(other: SyncItem) -> None:
    state, _ = applied({}, [row(version=2)])
    after, outcomes = applied(state, [other])
    assert outcomes == {0: Outcome.CONFLICT}
    assert after["S-1"] is state["S-1"]


def test_an_older_statement_of_another_audit_adds_the_audit_and_leaves_the_newer_site_data() -> None:
    state, _ = applied({}, [row(version=5, reference="A", name="New name")])
    after, outcomes = applied(state, [row(version=3, reference="B", name="Old name")])
    assert outcomes == {0: Outcome.UPDATED}
    assert after["S-1"].value("name") == "New name"
    assert {audit.reference for audit in after["S-1"].audits} == {"A", "B"}


def test_one_site_twice_in_a_batch_is_one_factory() -> None:
    plans = plan_sync({}, [row(index=0), row(version=2, reference="B", index=1)], new_id)
    [plan] = plans
    assert [step.result.outcome for step in plan.steps] == [Outcome.CREATED, Outcome.UPDATED]
    assert len({step.result.factory_id for step in plan.steps}) == 1


def linked(**changes: Any) -> dict[str, Factory]:
    state, _ = applied({}, [row(version=1, members=("m",))])
    link = replace(state["S-1"].links["m"], **changes)
    return {"S-1": replace(state["S-1"], links={"m": link, "p": Link(Source.MEMBER, "2025-01-01")})}


MADE: list[dict[str, Any]] = [
    {"factory_agrees": True},
    {"member_agrees": True},
    {"ended": "2026-06-01"},
    {"confirmed": True},
]


@pytest.mark.parametrize("made", MADE)
def test_a_link_that_people_agreed_or_ended_survives_the_end_of_its_mandate(made: dict[str, Any]) -> None:
    held = linked(**made)
    after, _ = applied(held, [row(version=2, members=())])
    assert after["S-1"].links == held["S-1"].links
    again, _ = applied(after, [row(version=3, members=("m",))])
    assert again["S-1"].links == held["S-1"].links


def test_a_link_that_only_a_mandate_made_ends_with_it_and_one_that_a_member_made_stays() -> None:
    after, _ = applied(linked(), [row(version=2, members=())])
    assert set(after["S-1"].links) == {"p"}


@pytest.mark.parametrize("confirmed", [True, False])
def test_that_the_factory_said_there_is_such_a_link_stays_said_whatever_audits_follow(confirmed: bool) -> None:
    after, _ = applied(linked(confirmed=confirmed), [row(version=2, members=("m",))])
    assert after["S-1"].links["m"].confirmed is confirmed


def test_a_link_that_the_factory_confirmed_is_told_since_the_first_audit_in_whatever_order_they_come() -> None:
    for on in ("2025-06-01", "2026-06-01"):
        after, _ = applied(linked(confirmed=True), [row(version=2, on=on, members=("m",))])
        assert after["S-1"].links["m"] == Link(Source.ICS_AUDIT, on, confirmed=True)


def test_what_the_factory_said_itself_is_not_touched_by_a_batch() -> None:
    from datetime import date

    from chalicelib.domain.factory import merge_patch

    state, _ = applied({}, [row(version=1)])
    own = merge_patch(state["S-1"], {"name": "Our own name"}, date(2026, 5, 5))
    after, _ = applied({"S-1": own}, [row(version=2, name="ICS name")])
    assert after["S-1"].value("name") == "Our own name"
    assert after["S-1"].own == own.own


@pytest.mark.safety("sync.other-tenant")
def test_a_site_is_its_first_senders_and_one_from_before_that_was_noted_is_taken_up_by_the_next() -> None:
    mine, foreign = replace(row(), tenant="ics"), replace(row(version=2), tenant="other")
    state, _ = applied({}, [mine])
    after, outcomes = applied(state, [foreign])
    assert (outcomes, after) == ({0: Outcome.REJECTED}, state)
    unnoted, _ = applied({}, [row()])
    taken_up, outcomes = applied(unnoted, [replace(row(version=2), tenant="ics")])
    assert outcomes == {0: Outcome.UPDATED}
    assert applied(taken_up, [replace(row(version=3), tenant="other")])[1] == {0: Outcome.REJECTED}
