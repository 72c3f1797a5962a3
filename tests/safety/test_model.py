"""The service and its model take the same steps, and agree after each of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from infra.engine import Engine
from tests.safety.day import script
from tests.safety.faulty import KINDS, faulty
from tests.safety.invariants import ALL, Tally
from tests.safety.machine import machine
from tests.safety.model_run import behind_faults, on_moto
from tests.safety.play import Play

STEPS, BEHIND = 1000, 50
CHOSEN = settings(stateful_step_count=50, deadline=None, derandomize=True, database=None, phases=[Phase.generate])


def test_a_thousand_steps_of_all_kinds_leave_nothing_that_the_model_does_not_say() -> None:
    tally = Tally()
    steps: list[int] = []

    @contextmanager
    def begin() -> Iterator[Play]:
        with on_moto(tally) as play:
            yield play
            if len(steps) % 10 == 0:
                play.walk()
        steps.append(play.steps)

    chosen = settings(
        max_examples=30, stateful_step_count=50, deadline=None, derandomize=True, database=None, phases=[Phase.generate]
    )
    run_state_machine_as_test(machine(begin), settings=chosen)
    assert sum(steps) >= STEPS
    assert _kept(tally) == set(ALL)


def _kept(tally: Tally) -> set[str]:
    return {name for name, tried, held in tally.rows() if tried == held > 0}


@pytest.mark.safety("faults.throttled", "faults.reply-lost")
def test_behind_throttling_errors_and_lost_replies_the_same_holds(stack: Engine) -> None:
    tally = Tally()
    walked: list[int] = []
    with faulty(stack) as proxy:

        @contextmanager
        def begin() -> Iterator[Play]:
            with behind_faults(stack, proxy, tally) as play:
                yield play
                play.walk()
            walked.append(play.steps)

        with begin() as play:
            script(play)
        chosen = settings(CHOSEN, max_examples=4, stateful_step_count=20)  # the first ones take hardly any
        run_state_machine_as_test(machine(begin), settings=chosen)
        fired = proxy.fired()
    assert sum(walked) >= BEHIND
    assert _kept(tally) == set(ALL)
    assert all(any(name.startswith(kind) for name in fired) for kind in KINDS), fired


@pytest.mark.safety("faults.reply-lost")
@pytest.mark.parametrize("side", ["factory", "member"])
@pytest.mark.parametrize("lost", [1, 2])
def test_a_link_that_is_ended_ends_on_merged_records_too_whichever_reply_is_lost(side: str, lost: int) -> None:
    with on_moto(Tally()) as play:
        play.sync([(0, "X", 1, 0, 1), (1, "X", 1, 0, 1)])
        for each in ("factory", "member"):
            play.agree("S-1", 0, each, True)
        play.merge("S-1", "S-0")
        play.trouble.coming = ["gone", *[""] * (lost - 1)]
        play.end("S-0", 0, side)
        assert play.sites["S-0"].links["maison"].ended == play.sites["S-1"].links["maison"].ended == side
        play.walk()


@pytest.mark.parametrize("ends", [True, False], ids=["ends it", "hides it"])
def test_who_ended_a_link_before_it_came_in_by_a_merged_record_can_end_or_hide_that_too(ends: bool) -> None:
    with on_moto(Tally()) as play:
        play.sync([(0, "X", 1, 0, 1), (1, "X", 1, 0, 1)])
        for name, each in itertools.product(("S-0", "S-1"), ("factory", "member")):
            play.agree(name, 0, each, True)
        play.end("S-0", 0, "factory")
        play.merge("S-1", "S-0")
        if ends:
            play.end("S-0", 0, "factory")
        else:
            play.agree("S-0", 0, "factory", False)
        assert not play.sites["S-1"].links["maison"].shows
        play.end("S-0", 0, "factory")
        play.walk()


def test_a_link_that_the_factory_confirmed_and_hid_is_still_known_when_no_audit_names_the_member_any_more() -> None:
    with on_moto(Tally()) as play:
        play.sync([(0, "X", 1, 0, 1)])
        play.agree("S-0", 0, "factory", False)
        play.sync([(0, "X", 2, 0, 0)])
        assert play.sites["S-0"].links["maison"].confirmed
        play.walk()


@pytest.mark.safety("faults.clocks")
@pytest.mark.parametrize("said", [("suspended", "active"), ("suspended", "active", "suspended")])
def test_what_is_said_by_a_clock_behind_stands_in_lists_and_codes_once_clocks_agree(said: tuple[str, ...]) -> None:
    *before, first, then = said
    with on_moto(Tally()) as play:
        play.sync([(0, "X", 1, 0, 1)])
        play.certify("S-0", 1, -2)
        for standing in before:
            play.state("N-1", standing, 2, foreign=False)
        play.later(1, midnight=True)
        play.state("N-1", first, 0, foreign=False)
        play.earlier()
        play.state("N-1", then, 0, foreign=False)
        play.now += timedelta(hours=1)
        play.compare("S-0")
        play.walk()
