"""What the load goes to: processes of the public function, a proxy that makes faults, and the engine behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from infra.engine import Engine
from tests.safety.faulty import KINDS, Faulty
from tests.safety.load import asked, serving
from tests.safety.load.client import Ask, Figures, Shot, figures, fire
from tests.safety.load.writer import told, writing
from tests.stack import Tables, fresh_tables
from tests.world import World

RIGHT = "Each answer under load is right, or a 503 that says when to come again"
NEXT = "The very next check after a change of standing says so"
SEEN = "All kinds of faults happened: throttling, server errors, delays, replies broken off"
RECOVERED = "After an outage every look-up is answered again, and right"
REUSED = "The processes open no more connections to the database than the proxy broke off"
STEADY = "No file, socket or thread is left behind, in each process"


def rules(share: float) -> list[dict[str, object]]:
    """Faults in so great a share of the requests to DynamoDB, a quarter of each kind."""
    effects: tuple[dict[str, object], ...] = (
        {"error": {"code": "ThrottlingException", "status": 400}},
        {"error": {"code": "InternalServerError", "status": 500}},
        {"latency": {"min": 50, "max": 300}},
        {"response": {"abort_bytes": 0}},
    )
    # The first rule that fires wins, so each later one has to fire a little more often among what is left.
    quarter = share / len(effects)
    return [
        {"service": "dynamodb", "probability": quarter / (1 - turn * quarter), **effect}
        for turn, effect in enumerate(effects)
    ]


WARM_RATE = 200.0
DOWN: list[dict[str, object]] = [{"service": "dynamodb", "error": {"code": "InternalServerError", "status": 500}}]


@dataclass
class Stage:
    """Where the load goes. ``counted``: how often each statement was tried and how often it held."""

    known: asked.Known
    world: World
    tables: Tables
    proxy: Faulty
    folder: Path
    ports: Sequence[int]
    counted: dict[str, Counter[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def hold(self, statement: str, held: bool, tried: int = 1, *, of: int | None = None) -> None:
        """Count a statement that was tried; ``of`` so many tries it held, if not in all or none."""
        counter = self.counted.setdefault(statement, Counter())
        counter["tried"] += tried
        counter["held"] += of if of is not None else tried * held

    def rows(self) -> list[tuple[str, int, int]]:
        """The statements: tried, held."""
        return [(name, counter["tried"], counter["held"]) for name, counter in self.counted.items()]

    def fire(self, rate: float, seconds: float) -> tuple[list[Ask], list[Shot]]:
        """Send at a rate, for so long."""
        asks = self.known.asks()
        return asks, fire(self.ports, asks, asked.said, rate, seconds)

    def warm(self) -> None:
        """All that there is to ask, once, with no faults."""
        self.proxy.play([])
        self.calm(WARM_RATE, len(self.known.asks()) / WARM_RATE)

    def calm(self, rate: float, seconds: float) -> Figures:
        """A time under load with what the proxy does now, while nothing is changed."""
        return self.judge(*self.fire(rate, seconds), rate)

    def judge(self, asks: Sequence[Ask], shots: Sequence[Shot], rate: float) -> Figures:
        """Look at what came, once it is known what was changed meanwhile."""
        bad = [shot for shot in shots if not asked.right(asks[shot.ask], shot, self.known.standings)]
        self.wrong += [f"{asks[shot.ask].method} {asks[shot.ask].target}: {shot.status} {shot.said}" for shot in bad]
        self.hold(RIGHT, not bad, len(shots), of=len(shots) - len(bad))
        return figures(rate, shots, len(bad))

    def played(self, faults: list[dict[str, object]], rate: float, seconds: float, pause: float) -> Figures:
        """A time under load behind faults, while standings change."""
        before, broken = self._states(), self._broken()
        self.proxy.play(faults)
        with writing(self.world, self.tables, self.proxy.url, self.known, self.ports[0], self.folder, pause) as file:
            asks, shots = self.fire(rate, seconds)
        self.proxy.play([])
        self._compared(before, self._states(), self._broken() - broken)
        for code, _, _, status, seen in told(file):
            self.hold(NEXT, seen == status)
            if seen != status:
                self.wrong.append(f"{code}: {status} was confirmed, {seen} was seen")
        return self.judge(asks, shots, rate)

    def outage(self, rate: float, seconds: float) -> tuple[Figures, Figures]:
        """A time without the database, and one after it."""
        before = self._states()
        self.proxy.play(DOWN)
        during = self.calm(rate, seconds)
        self.proxy.play([])
        asks, shots = self.fire(rate, seconds)
        self._compared(before, self._states(), 0)
        after = self.judge(asks, shots, rate)
        answered = sum(asked.right(asks[shot.ask], shot, self.known.standings) and shot.status != 503 for shot in shots)
        self.hold(RECOVERED, True, len(shots), of=answered)
        return during, after

    def all_kinds(self) -> None:
        """Look whether all kinds of faults were made: a rule that the proxy does not understand it takes in silence."""
        fired = self.proxy.fired()
        self.hold(SEEN, True, len(KINDS), of=sum(any(name.startswith(kind) for name in fired) for kind in KINDS))

    def _broken(self) -> int:
        """The connections that the proxy broke off so far."""
        return sum(number for name, number in self.proxy.fired().items() if name.startswith("response"))

    def _states(self) -> list[dict[str, int]]:
        return [serving.state(port) for port in self.ports]

    def _compared(self, before: Sequence[dict[str, int]], after: Sequence[dict[str, int]], broken: int) -> None:
        opened = sum(new["connections"] - old["connections"] for old, new in zip(before, after, strict=True))
        self.hold(REUSED, opened <= broken)
        steady = [
            new["files"] <= old["files"] + 1 and new["threads"] == old["threads"] == 1
            for old, new in zip(before, after, strict=True)
        ]
        self.hold(STEADY, True, len(steady), of=sum(steady))


@contextmanager
def set_up(engine: Engine, proxy: Faulty, folder: Path, task: Path, processes: int) -> Iterator[Stage]:
    """A small world on an engine, and so many processes of the function, which reach it through the proxy."""
    with pytest.MonkeyPatch.context() as patch:
        for tables in fresh_tables(engine):
            for world in World.begun(tables, patch):
                with serving.serving(task, proxy.url, tables.public, processes) as ports:
                    stage = Stage(asked.known(world), world, tables, proxy, folder, ports)
                    stage.warm()
                    yield stage
