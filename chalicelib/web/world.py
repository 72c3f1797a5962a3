"""A map of the world to draw dots on: where places lie on it. Its land is in ``world_land``, made ahead.

The projection is Equal Earth (Šavrič, Patterson and Jenny, 2018): a country takes the room that it has on the ground.
Land only: no border is drawn, and so none is claimed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SCALE = 170.0
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_LEAST, _MOST = 7.0, 24.0
MOST_EXACT = 60
"""So many exact places are drawn at the most: beyond that, a page would not be small. Then they count by country."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A dot on the map: ``number`` factories of a country, or one at its exact place (``country`` is ``None``)."""

    x: int
    y: int
    radius: float
    number: int
    country: str | None = None


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Where a place lies on the map."""
    along, up = math.radians(longitude), math.radians(latitude)
    angle = math.asin(math.sqrt(3) / 2 * math.sin(up))
    square = angle * angle
    sixth = square**3
    spread = 9 * _A4 * sixth * square + 7 * _A3 * sixth + 3 * _A2 * square + _A1
    x = 2 * math.sqrt(3) * along * math.cos(angle) / (3 * spread)
    y = angle * (_A4 * sixth * square + _A3 * sixth + _A2 * square + _A1)
    return x * SCALE, -y * SCALE


def dots(countries: Mapping[str, int], exact: Iterable[tuple[float, float]]) -> list[Dot]:
    """Dots for factories by country, the large ones below the small ones, and on top those at (longitude, latitude).

    A country that has no place on the map has no dot: the list beside the map has it.
    """
    from chalicelib.web.world_land import PLACES

    largest = max(countries.values(), default=1)
    found = [
        Dot(*PLACES[code], _radius(number, largest), number, code)
        for code, number in countries.items()
        if code in PLACES and number
    ]
    places = dict.fromkeys((round(x), round(y)) for x, y in (project(*place) for place in exact))
    return [*sorted(found, key=lambda dot: (-dot.radius, dot.country)), *(Dot(x, y, 4, 1) for x, y in places)]


def _radius(number: int, largest: int) -> float:
    """The area of a dot grows with the number."""
    return round(_LEAST + (_MOST - _LEAST) * math.sqrt(number / max(largest, 25)), 1)
