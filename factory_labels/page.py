"""One page of labels as a stream of PDF's drawing commands.

A code is drawn as rectangles, one for each run of dark modules in a row, all of them filled at once: so it is sharp at
any resolution, and no seam shows between rows. A picture of one dot a module would be a third of the size, but how it
is enlarged, smoothed or not, is for each viewer and each printer's driver to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from factory_labels import symbols
from factory_labels.layouts import Job
from factory_labels.links import Item

_POINTS = 72 / 25.4
_RUN = re.compile("1+")
_LETTER, _LINE = 0.6, 1.15
_MARK, _CLEAR = 3.0, 1.0  # mm: how long a crop mark is, and how far from the label it ends


def drawn(job: Job, items: Sequence[Item]) -> bytes:
    """The labels of one page, from the upper left in rows. Not compressed, ASCII."""
    parts = ["0.3 w"] if job.crop_marks else []
    for place, item in enumerate(items):
        left, bottom, right, _ = job.code_box(place)
        parts.append(_code(job, item.address, left, bottom))
        parts.extend(_lines(job, item.lines, (left + right) / 2, bottom))
    if job.crop_marks:
        parts.extend(_marks(job, len(items)))
    return "\n".join(parts).encode("ascii")


def _code(job: Job, address: str, left: float, bottom: float) -> str:
    """A code, its white border left out, whose lower left corner with the border is there."""
    module = job.code / (symbols.width(job.version) + 2 * symbols.QUIET)
    x, y = ((place + symbols.QUIET * module) * _POINTS for place in (left, bottom))
    rows = symbols.rows(address, job.level, job.version)
    last = len(rows) - 1
    runs = [_run(last - number, *run.span()) for number, row in enumerate(rows) for run in _RUN.finditer(row)]
    return f"q {module * _POINTS:.5f} 0 0 {module * _POINTS:.5f} {x:.4f} {y:.4f} cm\n" + "\n".join(runs) + "\nf Q"


@lru_cache(maxsize=100_000)
def _run(up: int, start: int, end: int) -> str:
    return f"{start} {up} {end - start} 1 re"


def _lines(job: Job, lines: Sequence[str], middle: float, below: float) -> Iterator[str]:
    """The lines below a code, each in the middle."""
    for number, line in enumerate(lines, 1):
        x = middle * _POINTS - len(line) * job.points * _LETTER / 2
        y = below * _POINTS - (number * _LINE - 0.3) * job.points
        escaped = re.sub(r"([()\\])", r"\\\1", line)
        yield f"BT /F {job.points:.2f} Tf {x:.2f} {y:.2f} Td ({escaped}) Tj ET"


def _marks(job: Job, labels: int) -> Iterator[str]:
    """Thin lines at the edge of the sheet, to cut along: none runs over a label."""
    layout = job.layout
    width, height = layout.paper
    rows = -(-labels // layout.columns)
    columns = min(labels, layout.columns)
    right = layout.left + (columns - 1) * layout.across + layout.label[0]
    bottom = height - layout.top - (rows - 1) * layout.down - layout.label[1]
    for column in range(columns):
        for x in (layout.left + column * layout.across, layout.left + column * layout.across + layout.label[0]):
            yield _line(x, height - layout.top + _CLEAR, x, height - layout.top + _CLEAR + _MARK)
            yield _line(x, bottom - _CLEAR, x, bottom - _CLEAR - _MARK)
    for row in range(rows):
        for y in (height - layout.top - row * layout.down, height - layout.top - row * layout.down - layout.label[1]):
            yield _line(layout.left - _CLEAR, y, layout.left - _CLEAR - _MARK, y)
            yield _line(right + _CLEAR, y, min(width, right + _CLEAR + _MARK), y)


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    a, b, c, d = (place * _POINTS for place in (x1, y1, x2, y2))
    return f"{a:.2f} {b:.2f} m {c:.2f} {d:.2f} l S"
