"""Sheets that labels are printed on: how many, how large, and where they begin. All measures in mm."""

from __future__ import annotations

import math
from dataclasses import dataclass

from factory_labels import symbols
from factory_labels.links import Unfit

SMALLEST_MODULE = 0.45
"""The width of one module below which a phone did not read every print. ``docs/qr.md`` says how it was measured."""
PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
MARGIN = 8.0  # that printers leave white
EDGE = 1.0  # of a label, since sheets are never fed quite straight
GRIDS = (300, 600)
"""Dots to the inch on which modules lie whole, the first that leaves them wide enough; 600 and 1,200 fit 300, too."""
POINTS = 6.0
FEWEST_POINTS = 4.0
_MM = 25.4 / 72
_LETTER = 0.6  # of its height is a letter of Courier wide
_LINE = 1.15


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet. ``across`` and ``down``: from one label to the next, the gap between them and all."""

    paper: tuple[float, float]
    columns: int
    rows: int
    label: tuple[float, float]
    left: float
    top: float
    across: float
    down: float

    @property
    def labels(self) -> int:
        """How many labels are on a sheet."""
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[float, float]:
        """The upper left corner of a label, from the upper left corner of the sheet."""
        row, column = divmod(place, self.columns)
        return self.left + column * self.across, self.top + row * self.down


_A4, _LETTER_PAPER = PAPERS["a4"], PAPERS["letter"]
LAYOUTS = {
    "avery-l7160": Layout(_A4, 3, 7, (63.5, 38.1), 7.2, 15.1, 66.0, 38.1),
    "avery-l7159": Layout(_A4, 3, 8, (63.5, 33.9), 7.2, 12.9, 66.0, 33.9),
    "avery-l7163": Layout(_A4, 2, 7, (99.1, 38.1), 4.7, 15.1, 101.6, 38.1),
    "avery-l7651": Layout(_A4, 5, 13, (38.1, 21.2), 4.7, 10.7, 40.6, 21.2),
    "avery-5160": Layout(_LETTER_PAPER, 3, 10, (66.7, 25.4), 4.8, 12.7, 69.85, 25.4),
}
"""Sheets that are sold, by the number of their maker."""


def grid(paper: str, columns: int, rows: int, label: tuple[float, float] | None = None) -> Layout:
    """Labels side by side in the middle of a sheet; as large as the sheet allows unless their size is given."""
    if not (1 <= columns <= 20 and 1 <= rows <= 40):
        raise Unfit("A sheet has 1 to 20 columns and 1 to 40 rows")
    width, height = PAPERS[paper]
    across, down = label or ((width - 2 * MARGIN) / columns, (height - 2 * MARGIN) / rows)
    left, top = (width - columns * across) / 2, (height - rows * down) / 2
    if not (math.isfinite(across) and math.isfinite(down) and across > 0 and down > 0) or min(left, top) < 0:
        raise Unfit(f"{columns} × {rows} labels of {across:g} × {down:g} mm do not fit the paper")
    return Layout((width, height), columns, rows, (across, down), left, top, across, down)


@dataclass(frozen=True, slots=True)
class Job:
    """How every label of a file is drawn. ``code``: the width of a code with its white border; ``points``: of text.

    ``dot``: modules are so many of these wide, and begin where one does; 0 if they had no room to.
    """

    layout: Layout
    level: str
    version: int
    code: float
    dot: float
    points: float
    lines: int
    crop_marks: bool = False

    @property
    def text_height(self) -> float:
        """What the lines below a code take."""
        return self.lines * self.points * _LINE * _MM

    def code_box(self, place: int) -> tuple[float, float, float, float]:
        """Where the code of a label is: left, bottom, right and top from the lower left corner of the sheet."""
        left, top = self.layout.corner(place)
        left += (self.layout.label[0] - self.code) / 2
        top += (self.layout.label[1] - self.code - self.text_height) / 2
        if self.dot:
            left, top = (round(edge / self.dot) * self.dot for edge in (left, top))
        bottom = self.layout.paper[1] - top - self.code
        return left, bottom, left + self.code, bottom + self.code


def job(
    layout: Layout, level: str, version: int, lines: tuple[int, int], most: float | None = None, *, marks: bool = False
) -> Job:
    """The largest code that fits a label, or one no wider than that; ``Unfit`` if it could not be read back.

    ``lines``: how many stand below a code, and how many letters the longest has.
    """
    number, letters = lines
    width, height = layout.label[0] - 2 * EDGE, layout.label[1] - EDGE  # above a code is white of its own
    points = min(POINTS, width / _MM / (letters * _LETTER))
    if points < FEWEST_POINTS:
        raise Unfit(f"The labels are too narrow for {letters} letters in a line. Take wider ones")
    modules = symbols.width(version) + 2 * symbols.QUIET
    needed = modules * SMALLEST_MODULE
    if most is not None and most < needed:
        raise Unfit(f"A code of {most:g} mm could not be read back safely: make it at least {needed:.1f} mm wide")
    room = min(width, height - number * points * _LINE * _MM)
    if room < needed:  # smaller letters make room
        points = FEWEST_POINTS
        room = min(width, height - number * points * _LINE * _MM)
    if room < needed:
        raise Unfit(
            f"These labels have room for a code of {max(room, 0):.1f} mm, and it must be {needed:.1f} mm wide. "
            "Take larger labels, less error correction (--level M) or shorter serial numbers"
        )
    module, dot = _module(min(room, most or room) / modules)
    return Job(layout, level, version, module * modules, dot, points, number, marks)


def _module(most: float) -> tuple[float, float]:
    """How wide a module is, at most so much: whole dots of a printer, so that no edge falls between two of them."""
    for dpi in GRIDS:
        dot = 25.4 / dpi
        if (wide := math.floor(most / dot + 1e-9) * dot) >= SMALLEST_MODULE:
            return wide, dot
    return most, 0.0
