"""A small chart of readings: bars from zero, with lines where it started and where it is to go. Only numbers here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 320, 150
_LEFT, _TOP, _BOTTOM = 2, 18, 130
_GAP = 0.25


@dataclass(frozen=True, slots=True)
class Bar:
    """A reading, in the units of the drawing."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """What there is to draw. ``baseline`` and ``target`` are heights, ``most`` is what the top line stands for."""

    bars: tuple[Bar, ...]
    baseline: float | None
    target: float | None
    most: str
    first: str
    last: str
    top: int = _TOP
    bottom: int = _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def of(points: Sequence[tuple[str, str | None]], baseline: str | None, target: str | None) -> Chart | None:
    """A chart of values by period; ``None`` where fewer than two are known."""
    known = [Decimal(value) for _, value in points if value is not None]
    if len(known) < 2:
        return None
    lines = [Decimal(value) for value in (baseline, target) if value is not None]
    most = max([*known, *lines])
    if not most:
        return None

    def height(value: str | Decimal) -> float:
        return round(float(Decimal(value) / most) * (_BOTTOM - _TOP), 1)

    step = (WIDTH - 2 * _LEFT) / len(points)
    bars = tuple(
        Bar(
            round(_LEFT + step * (place + _GAP / 2), 1),
            round(_BOTTOM - height(value), 1),
            round(step * (1 - _GAP), 1),
            height(value),
        )
        for place, (_, value) in enumerate(points)
        if value is not None
    )
    return Chart(
        bars,
        round(_BOTTOM - height(baseline), 1) if baseline is not None else None,
        round(_BOTTOM - height(target), 1) if target is not None else None,
        format(most, "f"),
        points[0][0],
        points[-1][0],
    )
