"""Medians and quartiles, and where they were measured."""

from __future__ import annotations

import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


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
        return Spread(*[round(samples[0], digits)] * 3, 1)
    lower, median, upper = statistics.quantiles(samples, n=4, method="inclusive")
    return Spread(round(median, digits), round(lower, digits), round(upper, digits), len(samples))


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


def plain(value: object) -> object:
    """A dataclass as a dict, for JSON."""
    return asdict(value)  # type: ignore[call-overload]


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
