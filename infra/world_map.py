"""Draws the map of brands' pages: ``python -m infra.world_map`` writes ``chalicelib/web/world_land.py``.

The land is Natural Earth's at 1:110 million, which is in the public domain, as the package world-atlas (ISC licence)
brings it: TopoJSON, under ``tests/js``. It is projected, simplified and written as one path of small whole numbers.
"""

from __future__ import annotations

import json
import math
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from iso3166 import countries

from chalicelib.web.world import project

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "tests" / "js" / "node_modules" / "world-atlas" / "countries-110m.json"
TARGET = ROOT / "chalicelib" / "web" / "world_land.py"
_TOLERANCE = 0.8  # units of the drawing
_SMALLEST = 5.0  # square units: islands below are left out
_ICE = -58.0  # degrees: nobody makes clothes in Antarctica
Point = tuple[float, float]

# Countries and territories too small for that scale: a place inside each, in degrees (latitude, longitude).
_SMALL = """
AD 42.5 1.6;AG 17.1 -61.8;AI 18.2 -63.1;AS -14.3 -170.7;AW 12.5 -70;AX 60.2 20;BB 13.2 -59.5;BH 26 50.5
BL 17.9 -62.8;BM 32.3 -64.8;BQ 12.2 -68.3;CC -12.2 96.8;CK -21.2 -159.8;CV 15.1 -23.6;CW 12.2 -69;CX -10.5 105.6
DM 15.4 -61.4;FM 6.9 158.2;FO 62 -6.9;GD 12.1 -61.7;GF 4 -53;GG 49.5 -2.6;GI 36.1 -5.4;GP 16.2 -61.5;GU 13.4 144.8
HK 22.3 114.2;IM 54.2 -4.5;JE 49.2 -2.1;KI 1.4 173;KM -11.9 43.4;KN 17.3 -62.7;KY 19.3 -81.3;LC 13.9 -61;LI 47.1 9.5
MC 43.7 7.4;MF 18.1 -63;MH 7.1 171.2;MO 22.2 113.5;MP 15.2 145.7;MQ 14.6 -61;MS 16.7 -62.2;MT 35.9 14.4
MU -20.3 57.6;MV 3.2 73.2;NF -29 168;NR -0.5 166.9;NU -19 -169.9;PF -17.7 -149.4;PM 46.8 -56.3;PW 7.5 134.6
RE -21.1 55.5;SC -4.7 55.5;SG 1.35 103.8;SM 43.9 12.5;ST 0.2 6.6;SX 18 -63.1;TC 21.8 -71.8;TO -21.2 -175.2
TV -8.5 179.2;VA 41.9 12.45;VC 13.2 -61.2;VG 18.4 -64.6;VI 18.3 -64.9;WF -13.3 -176.2;WS -13.8 -172.1;YT -12.8 45.2
"""


class Atlas:
    """A TopoJSON file."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._objects = document["objects"]
        scale, move = document["transform"]["scale"], document["transform"]["translate"]
        self._arcs = [_opened(arc, scale, move) for arc in document["arcs"]]

    def land(self) -> list[list[Point]]:
        """The outer ring of each piece of land, in degrees."""
        return [ring for geometry in self._objects["land"]["geometries"] for ring in self._outer(geometry)]

    def countries(self) -> dict[str, list[list[Point]]]:
        """The outer rings of each country that ISO 3166 names, by its code of two letters."""
        known = {each.numeric: each.alpha2 for each in countries}
        return {
            known[geometry["id"]]: self._outer(geometry)
            for geometry in self._objects["countries"]["geometries"]
            if geometry.get("id") in known
        }

    def _outer(self, geometry: dict[str, Any]) -> list[list[Point]]:
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        return [self._ring(polygon[0]) for polygon in polygons]

    def _ring(self, numbers: list[int]) -> list[Point]:
        ring: list[Point] = []
        for number in numbers:
            arc = self._arcs[number] if number >= 0 else self._arcs[~number][::-1]
            ring += arc[1:] if ring else arc
        return ring


def build(source: Path = SOURCE) -> str:
    """The module's text."""
    atlas = Atlas(json.loads(source.read_text("utf-8")))
    pieces = [piece for ring in atlas.land() if max(y for _, y in ring) > _ICE for piece in _apart(ring)]
    rings = [[project(*point) for point in piece] for piece in pieces]
    shapes = [_simple(ring) for ring in rings if _area(ring) >= _SMALLEST]
    corners = [point for shape in shapes for point in shape]
    top, bottom = min(y for _, y in corners) - 4, max(y for _, y in corners) + 4
    left, right = min(x for x, _ in corners) - 4, max(x for x, _ in corners) + 4
    box = f"{left} {top} {right - left} {bottom - top}"
    places = {code: _middle(shapes_of) for code, shapes_of in atlas.countries().items()}
    for entry in _SMALL.replace("\n", ";").split(";"):
        if entry:
            code, latitude, longitude = entry.split()
            places.setdefault(code, _rounded(project(float(longitude), float(latitude))))
    return _written(box, "".join(_path(shape) for shape in shapes if len(shape) > 2), places)


def _opened(arc: list[list[int]], scale: list[float], move: list[float]) -> list[Point]:
    x = y = 0
    points = []
    for along, up in arc:
        x, y = x + along, y + up
        points.append((x * scale[0] + move[0], y * scale[1] + move[1]))
    return points


def _apart(ring: list[Point]) -> list[list[Point]]:
    """A ring as it lies on a map that ends at 180 degrees: in two, if it crosses that line."""
    unrolled = [ring[0]]
    for along, up in ring[1:]:
        turns = round((unrolled[-1][0] - along) / 360)
        unrolled.append((along + 360 * turns, up))
    found = []
    for turn in (-360, 0, 360):
        moved = [(along + turn, up) for along, up in unrolled]
        within = _clipped(_clipped(moved, 180, 1), -180, -1)
        found += [within] if len(within) > 2 else []
    return found


def _clipped(ring: list[Point], limit: float, side: int) -> list[Point]:
    """What of a ring lies on one side of a meridian (Sutherland and Hodgman)."""
    kept: list[Point] = []
    for (x1, y1), (x2, y2) in zip([ring[-1], *ring[:-1]], ring, strict=True) if ring else ():
        was, is_in = side * x1 <= side * limit, side * x2 <= side * limit
        if was != is_in:
            kept.append((limit, y1 + (y2 - y1) * (limit - x1) / (x2 - x1)))
        if is_in:
            kept.append((x2, y2))
    return kept


def _middle(rings: list[list[Point]]) -> tuple[int, int]:
    """The centre of the largest piece of a country."""
    pieces = [piece for ring in rings for piece in _apart(ring)]
    largest = max(([project(*point) for point in piece] for piece in pieces), key=_area)
    doubled = along = down = 0.0
    for (x1, y1), (x2, y2) in zip(largest, [*largest[1:], largest[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        doubled, along, down = doubled + cross, along + (x1 + x2) * cross, down + (y1 + y2) * cross
    return _rounded((along / (3 * doubled), down / (3 * doubled)))


def _rounded(point: Point) -> tuple[int, int]:
    return round(point[0]), round(point[1])


def _area(ring: list[Point]) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def _simple(ring: list[Point]) -> list[tuple[int, int]]:
    """A ring with as few corners as it takes to stay within the tolerance, in whole numbers."""
    half = len(ring) // 2
    kept = [_rounded(point) for point in _fewer(ring[: half + 1])[:-1] + _fewer(ring[half:])]
    corners = [point for place, point in enumerate(kept) if point != kept[place - 1]]
    return corners[:-1] if corners and corners[0] == corners[-1] else corners


def _fewer(line: list[Point]) -> list[Point]:
    """A line without the points that lie near enough to a shorter one (Ramer, Douglas and Peucker)."""
    if len(line) < 3:
        return line
    far, place = max((_off(line[number], line[0], line[-1]), number) for number in range(1, len(line) - 1))
    if far <= _TOLERANCE:
        return [line[0], line[-1]]
    return _fewer(line[: place + 1])[:-1] + _fewer(line[place:])


def _off(point: Point, start: Point, end: Point) -> float:
    length = math.dist(start, end)
    if not length:
        return math.dist(point, start)
    across = (end[0] - start[0]) * (start[1] - point[1]) - (start[0] - point[0]) * (end[1] - start[1])
    return abs(across) / length


def _path(corners: list[tuple[int, int]]) -> str:
    """A closed shape in SVG, from corner to corner."""
    steps = ""
    for (x1, y1), (x2, y2) in pairwise(corners):
        for step in (x2 - x1, y2 - y1):
            steps += f"{' ' if steps and step >= 0 else ''}{step}"
    return f"M{corners[0][0]} {corners[0][1]}l{steps}z"


def _written(box: str, path: str, places: dict[str, tuple[int, int]]) -> str:
    land = "\n".join(f'    "{path[start : start + 100]}"' for start in range(0, len(path), 100))
    listed = [f"{code} {x} {y};" for code, (x, y) in sorted(places.items())]
    known = "\n".join(f'    "{"".join(listed[start : start + 8])}"' for start in range(0, len(listed), 8))
    return (
        '"""Made by ``python -m infra.world_map``, of Natural Earth\'s land (public domain): do not edit."""\n\n'
        "from __future__ import annotations\n\n"
        f'BOX = "{box}"\n"""The view box of the drawing."""\n\n'
        f'LAND = (\n{land}\n)\n"""All land as one path."""\n\n'
        f"_PLACES = (\n{known}\n)\n"
        "PLACES: dict[str, tuple[int, int]] = {\n"
        '    code: (int(x), int(y)) for code, x, y in (entry.split() for entry in _PLACES.split(";") if entry)\n'
        "}\n"
        '"""Where the dot of each country goes."""\n'
    )


if __name__ == "__main__":
    TARGET.write_text(build(), "utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size} bytes", file=sys.stderr)
