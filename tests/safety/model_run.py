"""Runs the model for longer, on moto or on MiniStack behind faults, and says how often each promise held."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import Phase, seed
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test
from moto import mock_aws
from tqdm import tqdm

from chalicelib import settings
from chalicelib.store import models, public_table
from infra import tables
from infra.engine import Engine
from tests import kept_clients
from tests.local_kms import keys_in_process
from tests.safety import crash
from tests.safety.faulty import KINDS, RULES, Faulty, faulty
from tests.safety.invariants import Tally
from tests.safety.lines import Row, fewer
from tests.safety.machine import machine
from tests.safety.play import Play, playing
from tests.stack import Tables, fresh_tables
from tests.world import World

CHOSEN = hypothesis_settings(
    stateful_step_count=50, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=()
)
ENOUGH = "as many steps were taken as were asked for"
ENDED = "every round of steps ended without a fault that nobody can name"
MET = "each kind of fault was met with"


@contextmanager
def on_moto(tally: Tally) -> Iterator[Play]:
    """A fresh world on moto, of a registry that signs."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch, keys_in_process():
        patch.setenv("SIGNING_KEY", "first")
        chosen = settings.load()
        models.connect(chosen)
        client = kept_clients.dynamodb()
        tables.create_tables(client)
        for world in World.begun(Tables(client, chosen.registry_table, chosen.public_table), patch):
            with playing(world, tally) as play:
                yield play
    models.connect(settings.load())


@contextmanager
def behind_faults(engine: Engine, proxy: Faulty, tally: Tally) -> Iterator[Play]:
    """A fresh world on MiniStack, which the service reaches through a proxy that fails while a request is under way."""
    with pytest.MonkeyPatch.context() as patch, keys_in_process():
        patch.setenv("SIGNING_KEY", "first")
        for held in fresh_tables(engine):
            there = replace(settings.load(), registry_table=held.registry, public_table=held.public)
            models.connect(replace(there, dynamodb_endpoint=proxy.url))
            # What the public sees is compared with the model after each step, without faults.
            public_table.connect(replace(there, dynamodb_endpoint=engine.url))
            for world in World.begun(held, patch):
                with playing(world, tally) as play:
                    play.around_requests = lambda on: proxy.play(RULES if on else [])
                    yield play


class Steps:
    """Counts the steps of many plays."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Play]], advance: Callable[[int], object]) -> None:
        self._begin, self._advance = begin, advance
        self.done = 0

    @contextmanager
    def begun(self) -> Iterator[Play]:
        """A play whose steps are counted."""
        with self._begin() as play:
            yield play
        self.done += play.steps
        self._advance(play.steps)


def many(begin: Callable[[], AbstractContextManager[Play]], name: str, *, steps: int, seconds: float) -> list[Row]:
    """So many steps; each round with a seed of its own, which is printed if something fails: then no other follows.

    ``seconds``: for so long at most. Steps that were not taken by then did not hold.
    """
    end, rounds, failed = time.monotonic() + seconds, 0, 0
    with tqdm(total=steps, desc=name, unit="", disable=None) as bar:
        counted = Steps(begin, bar.update)
        while counted.done < steps and not failed and (time.monotonic() < end or not rounds):
            number, rounds = random.SystemRandom().randrange(2**32), rounds + 1
            try:
                chosen = hypothesis_settings(CHOSEN, max_examples=5)
                run_state_machine_as_test(seed(number)(machine(counted.begun)), settings=chosen)
            except Exception as error:  # whatever it is: behind faults nothing fails twice in the same way
                _tell(name, number, error)
                failed = 1
    for told in fewer(name, counted.done, steps):
        print(told, file=sys.stderr)
    return [(f"{ENOUGH} ({name})", steps, min(steps, counted.done)), (f"{ENDED} ({name})", rounds, rounds - failed)]


def _tell(name: str, number: int, error: BaseException) -> None:
    within = [error, *getattr(error, "exceptions", ())]
    lines = [f"{type(each).__name__}: {each}" for each in within]
    notes = [note for each in within for note in getattr(each, "__notes__", ())]
    print(f"{name}, seed {number}: " + "\n".join([*lines, *notes]), file=sys.stderr)


def run(*, steps: int = 2_500, behind: int = 400, seconds: float = 240.0, killing: float = 200.0) -> list[Row]:
    """The long form: on moto, on MiniStack behind faults, with processes that are killed.

    ``steps``: on moto; ``behind``: behind faults; each within ``seconds``; fewer are a failure.
    In a process of its own that imported ``tests.conftest`` first, as ``python -m tests.safety.model`` does.
    """
    plain, troubled = Tally(), Tally()
    rows = many(lambda: on_moto(plain), "steps", steps=steps, seconds=seconds)
    with Engine(with_tables=False) as engine:
        with faulty(engine) as proxy:
            begin = partial(behind_faults, engine, proxy, troubled)
            rows += many(begin, "steps behind faults", steps=behind, seconds=seconds)
            fired = proxy.fired()
        killed = crash.run(engine, seconds=killing)
    print("faults:", ", ".join(f"{kind} {number}" for kind, number in sorted(fired.items())), file=sys.stderr)
    met = sum(any(name.startswith(kind) for name in fired) for kind in KINDS)
    within = [(f"{name} (behind faults)", tried, held) for name, tried, held in troubled.rows()]
    return [*rows, *plain.rows(), *within, (MET, len(KINDS), met), *killed]
