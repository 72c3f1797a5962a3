"""Medians and quartiles, and where they were measured."""

from __future__ import annotations

import os
import platform
import random
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Spread:
    """``number`` samples: their median and quartiles, in the unit of the samples."""

    median: float
    lower: float
    upper: float
    number: int


def spread(samples: Sequence[float], digits: int = 1) -> Spread:
    """The spread of at least one sample, rounded."""
    if len(samples) == 1:
        only = round(samples[0], digits)
        return Spread(only, only, only, 1)
    lower, median, upper = statistics.quantiles(samples, n=4, method="inclusive")
    return Spread(round(median, digits), round(lower, digits), round(upper, digits), len(samples))


def in_turn(things: Sequence[_T], turn: int) -> list[_T]:
    """The same things in the order of a turn, another one each time: none is always first, or after the same other."""
    return random.Random(turn).sample(things, len(things))


@dataclass(frozen=True, slots=True)
class Machine:
    """What it was measured on. ``load``: runnable processes on average in the minute before."""

    processor: str
    cores: int
    system: str
    python: str
    load: float

    def __str__(self) -> str:
        return (
            f"{self.processor}, {self.cores} cores, {self.system}, Python {self.python}, load {self.load} at the start"
        )


def machine() -> Machine:
    """This machine, now."""
    return Machine(
        _processor(),
        os.cpu_count() or 1,
        f"{platform.system()} {platform.release()}",
        sys.version.split()[0],
        round(os.getloadavg()[0], 1),
    )


def plain(value: Spread | Machine) -> dict[str, Any]:
    """As a dict, for JSON."""
    return asdict(value)


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
