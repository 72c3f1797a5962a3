"""CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

_STARTS = ("=", "+", "-", "@", "\t", "\r")


def written(heading: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV (RFC 4180). A cell that a spreadsheet would run as a formula is made text by an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return out.getvalue()


def inert(cell: object) -> str:
    """A cell as text. Blanks before a formula don't save it: some spreadsheets trim them. A number is no formula."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return str(cell)
    text = "" if cell is None else "yes" if cell is True else "no" if cell is False else str(cell)
    return f"'{text}" if text.startswith(_STARTS) or text.lstrip().startswith(_STARTS) else text


def typed(cell: str, longest: int) -> str:
    """What was typed into a cell: at most ``longest`` characters of it, without the apostrophe of ``inert``."""
    text = cell.strip()[:longest]
    return text[1:].strip() if text.startswith("'") and text[1:].lstrip().startswith(_STARTS) else text
