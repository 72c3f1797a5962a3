"""What anyone may see of a factory's use of resources: reckoned when it was written, ready to show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """A value in a period, ``None`` where it is not known; and its change against the baseline: above 0 is better."""

    period: str
    value: str | None
    change: str | None = None


@dataclass(frozen=True, slots=True)
class Recent:
    """The value over the last months, twelve at most, and its change against the baseline."""

    months: int
    value: str
    change: str | None


@dataclass(frozen=True, slots=True)
class PublicIndicator:
    """An indicator: its values for each unit of output, of a share in percent. Rounded numbers as text."""

    indicator_id: str
    resource: str
    measure: str
    name: str
    unit: str
    output_unit: str
    baseline: Point | None
    target: Point | None
    latest: Point | None
    recent: Recent | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class PublicEfficiency:
    """All indicators that a factory publishes."""

    factory_id: str
    indicators: tuple[PublicIndicator, ...]
    updated_at: str


@dataclass(frozen=True, slots=True)
class PublicProgramme:
    """A programme as anyone may see it."""

    programme_id: str
    name: str
    organiser: str
    kind: str
    starts: str
    ends: str
    sessions: int


@dataclass(frozen=True, slots=True)
class PublicPart:
    """That a factory takes part in a programme, where it agreed to show it; how many of its sessions were held."""

    programme_id: str
    since: str
    sessions_done: int
