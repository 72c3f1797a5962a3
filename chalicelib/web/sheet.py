"""CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

_STARTS = ("=", "+", "-", "@", "\t", "\r")
_BETWEEN = r"(?<![\s\";])((?=[\s\"]*[;\t\r\n])[\s\";]++)"
"""All that stands between two cells for a spreadsheet that takes semicolons or tabs for the separator, as it does in
French. It is taken whole or not at all: a cell of line breaks only is read once, not once for each."""
_INNER = re.compile(_BETWEEN + r"(?=[=+\-@])")
_INNER_MADE_TEXT = re.compile(_BETWEEN + r"'(?=[=+\-@])")


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
    text = _INNER.sub(r"\1'", text)
    return f"'{text}" if text.startswith(_STARTS) or text.lstrip().startswith(_STARTS) else text


def typed(cell: str) -> str:
    """What was typed into a cell, all of it, without the apostrophes of ``inert``. Its rule says how long it may be."""
    text = _INNER_MADE_TEXT.sub(r"\1", cell.strip())
    return text[1:].strip() if text.startswith("'") and text[1:].lstrip().startswith(_STARTS) else text
