"""How a climate risk is weighed, and what became of the measure against it. Both sides of the table stand on this."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

HAZARDS = (
    "heat",
    "flood",
    "water_stress",
    "storm",
    "sea_level",
    "cold",
    "landslide",
    "fire",
    "disease",
    "supply_disruption",
    "energy_outage",
    "regulation_market",
)
"""An open list: a code that is not in it is kept and shown as it was sent."""
GRADES = (1, 2, 3, 4, 5)
"""How likely, and how bad: from 1, hardly, to 5, very."""


class Band(StrEnum):
    """How much a risk weighs: its score is how likely it is times how bad it would be."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


BANDS = {Band.LOW: (1, 4), Band.MEDIUM: (5, 12), Band.HIGH: (15, 25)}
"""The scores of each band, from and to. No two whole numbers up to 5 make 13 or 14."""


class Stage(StrEnum):
    """How far a measure is, as the factory says."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    DONE = "done"


class MeasureState(StrEnum):
    """How far a measure is on a day: what is not done by its day is overdue."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    DONE = "done"
    OVERDUE = "overdue"


class Weighed(Protocol):
    """Whatever has a likelihood and an impact."""

    @property
    def likelihood(self) -> int:
        """How likely, 1 to 5."""

    @property
    def impact(self) -> int:
        """How bad, 1 to 5."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the matrix: its band, and the numbers of the risks that stand there."""

    band: Band
    numbers: tuple[int, ...]


def score(risk: Weighed) -> int:
    """How likely times how bad: 1 to 25."""
    return risk.likelihood * risk.impact


def band_of(points: int) -> Band:
    """The band of a score."""
    return next(band for band, (_, most) in BANDS.items() if points <= most)


def state_on(stage: Stage, due: date | None, day: date) -> MeasureState:
    """How far a measure is on a day. Its last day is still in time."""
    if stage is not Stage.DONE and due is not None and due < day:
        return MeasureState.OVERDUE
    return MeasureState(stage)


def matrix(risks: Iterable[Weighed]) -> list[tuple[int, list[Cell]]]:
    """Five rows, the worst impact first, each of five cells from the least likely on. Risks are counted from 1."""
    numbered = list(enumerate(risks, 1))
    return [
        (
            impact,
            [
                Cell(
                    band_of(impact * likelihood),
                    tuple(n for n, each in numbered if (each.likelihood, each.impact) == (likelihood, impact)),
                )
                for likelihood in GRADES
            ],
        )
        for impact in reversed(GRADES)
    ]
