"""The service and its model take the same steps, and agree after each of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from infra.engine import Engine
from tests.safety.faulty import KINDS, faulty
from tests.safety.invariants import ALL, Tally
from tests.safety.machine import machine
from tests.safety.model_run import behind_faults, on_moto
from tests.safety.play import Play

STEPS = 1000
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
    assert {name for name, tried, held in tally.rows() if tried == held > 0} == set(ALL)


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

        chosen = settings(CHOSEN, max_examples=2, stateful_step_count=20)
        run_state_machine_as_test(machine(begin), settings=chosen)
        fired = proxy.fired()
    assert sum(walked) >= 15
    assert all(tried == held for _, tried, held in tally.rows())
    assert all(any(name.startswith(kind) for name in fired) for kind in KINDS), fired
