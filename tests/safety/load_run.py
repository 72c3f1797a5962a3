"""What the public surface holds on this machine: ``python -m tests.safety.load_run``; ``--write``: into docs/load.md.

Rates are stepped up until they are no longer kept; then half of that for minutes, behind faults, while standings
change; then a time in which half of the requests to the database fail, and one without it. At last its memory over
very many requests.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tqdm import tqdm

import tests.conftest  # noqa: F401  (the environment of all tests)
from infra.engine import Engine
from tests.safety.faulty import faulty
from tests.safety.lines import Row, amiss, of_row
from tests.safety.load import memory, serving
from tests.safety.load.client import Figures
from tests.safety.load.memory import Held
from tests.safety.load.stage import Stage, rules, set_up

FEW, MANY = 0.01, 0.5
"""The share of the requests to the database that meet a fault: usually, and in the worst time."""
MOST_P99 = 250.0
"""Milliseconds within which 99 of 100 requests are to be answered, from when they were due, for a rate to be kept."""
SHARE = 0.5
LEAST_RATE, GROWTH, MOST_STEPS = 20.0, 1.25, 24
PROCESSES = 2 * (os.cpu_count() or 1)
PAUSE = 1.0  # seconds between two changes of standing


@dataclass
class Measured:
    """What was found. ``steps``: the rates tried, without the proxy and behind it with few faults."""

    minutes: float
    requests: int
    step: float
    steps: dict[str, list[Figures]] = field(default_factory=dict)
    long: Figures | None = None
    changes: int = 0
    cpu_ms: float = 0.0
    worst: Figures | None = None
    outage: tuple[Figures, Figures] | None = None
    fired: Counter[str] = field(default_factory=Counter)
    held: Held | None = None
    rows: list[Row] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def knee(self, name: str) -> float:
        """The highest rate that was kept; 0 if none was."""
        return max((each.rate for each in self.steps[name] if each.holds(MOST_P99)), default=0.0)


DIRECT, BEHIND = "without the proxy", "behind the proxy, with faults"


def ladder(stage: Stage, seconds: float, name: str) -> list[Figures]:
    """Rates, each a quarter higher, until two in a row are not kept: one may have met a hiccup of the machine."""
    found: list[Figures] = []
    with tqdm(total=MOST_STEPS, desc=f"rates {name}", unit="", disable=None) as bar:
        while len(found) < MOST_STEPS and not (len(found) > 1 and not any(e.holds(MOST_P99) for e in found[-2:])):
            found.append(stage.calm(round(LEAST_RATE * GROWTH ** len(found)), seconds))
            bar.update()
    return found


@contextmanager
def _direct(stage: Stage, engine: Engine, task: Path) -> Iterator[Stage]:
    """The same without the proxy, which takes as much of the machine as all else."""
    with serving.serving(task, engine.url, stage.tables.public, len(stage.ports)) as ports:
        direct = replace(stage, ports=ports)
        direct.warm()
        yield direct


def measure(*, minutes: float, requests: int, step: float) -> Measured:
    """All of it, on the packaged function."""
    found = Measured(minutes, requests, step)
    with tempfile.TemporaryDirectory(prefix="factory-id-load-") as scratch, Engine(with_tables=False) as engine:
        folder = Path(scratch)
        task = serving.packaged(folder)
        with faulty(engine) as proxy, set_up(engine, proxy, folder, task, PROCESSES) as stage:
            with _direct(stage, engine, task) as direct:
                found.steps[DIRECT] = ladder(direct, step, DIRECT)
            proxy.play(rules(FEW))
            found.steps[BEHIND] = ladder(stage, step, BEHIND)
            _long(stage, found, round(max(LEAST_RATE, found.knee(BEHIND)) * SHARE))
            stage.all_kinds()
            found.fired, found.rows, found.wrong = proxy.fired(), stage.rows(), stage.wrong
    with tempfile.TemporaryDirectory(prefix="factory-id-load-") as scratch:
        folder = Path(scratch)
        with tqdm(total=requests, desc="memory", unit="", disable=None) as bar:
            told = serving.packaged(folder)
            found.held = memory.watched(told, folder, requests, tell=lambda number: bar.update(number - bar.n))
    found.rows = [*found.rows, *found.held.rows()]
    return found


def _long(stage: Stage, found: Measured, rate: float) -> None:
    """The long time behind few faults, then the worst one, then an outage."""
    calm = max(2, round(rate / 4))
    for part, share, seconds in (("long", FEW, found.minutes * 60), ("worst", MANY, max(5.0, found.minutes * 6))):
        print(f"{rate:g} a second behind faults in {share:.0%} for {seconds:g} s", file=sys.stderr)
        before = [serving.state(port) for port in stage.ports]
        setattr(found, part, stage.played(rules(share), rate if share == FEW else calm, seconds, PAUSE))
        after = [serving.state(port) for port in stage.ports]
        if part == "long":
            spent = sum(new["cpu"] - old["cpu"] for old, new in zip(before, after, strict=True))
            found.cpu_ms = spent / 1000 / sum(n["answered"] - o["answered"] for o, n in zip(before, after, strict=True))
    found.outage = stage.outage(calm, 5.0)


def run(*, minutes: float = 0.5, requests: int = 20_000, step: float = 2.0) -> list[Row]:
    """The short form: what must hold, how often it was tried, how often it held."""
    found = measure(minutes=minutes, requests=requests, step=step)
    for each in found.wrong[:20]:
        print(each, file=sys.stderr)
    return found.rows


def main() -> int:
    """The command line; exit code 1 if a statement did not hold, or was not tried."""
    from tests.safety.load import page

    parser = argparse.ArgumentParser(prog="python -m tests.safety.load_run", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="at half the rate that is kept (1; in full 10)")
    parser.add_argument("--requests", type=int, default=20_000, help="for its memory (20,000; in full 200,000)")
    parser.add_argument("--step", type=float, default=3.0, help="seconds at each rate (3; in full 10)")
    parser.add_argument("--write", action="store_true", help="write docs/load.md")
    chosen = parser.parse_args()
    told = page.machine()
    found = measure(minutes=chosen.minutes, requests=chosen.requests, step=chosen.step)
    text = page.written(found, told)
    if chosen.write:
        page.PAGE.write_text(text, "utf-8")
    wrong = amiss([of_row(row) for row in found.rows])
    print("\n".join([text, *found.wrong[:20], *wrong]))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
