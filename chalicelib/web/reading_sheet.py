"""Readings out of a file or what somebody pasted: one a row, columns by their headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.domain.errors import Malformed, TooLarge
from chalicelib.web import listing, sheet
from chalicelib.web.listing import Row
from chalicelib.web.words import N_

MOST_ROWS = 240
LONGEST_CELL = 60
COLUMNS = ("period", "amount", "unit", "output", "output_unit")
_HEADINGS = {
    "period": ("period", "month", "quarter", "year", "date"),
    "amount": ("amount", "reading", "consumption", "use", "value"),
    "unit": ("unit", "unitofamount"),
    "output": ("output", "production", "whole", "total"),
    "output_unit": ("outputunit", "unitofoutput", "productionunit"),
}
_COLUMN_OF = {heading: column for column, headings in _HEADINGS.items() for heading in headings}
TOO_MANY = N_("A file may have at most 240 rows. Split it and send one part after the other.")
NONE_GIVEN = N_("Choose a file, or paste the rows.")
NO_HEADINGS = N_("The first row has to name the columns. There must be one called period and one called amount.")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as it was sent: the line that it stood in, and what stood in each known column."""

    line: int
    cells: Mapping[str, str]


def from_file(content: bytes) -> list[Entry]:
    """Of an uploaded file: XLSX by its first bytes, else CSV."""
    return _of_rows(listing.rows_of_file(content, MOST_ROWS))


def pasted(text: str) -> list[Entry]:
    """Of a text: CSV, or cells copied from a spreadsheet."""
    return _of_rows(listing.rows_of_text(text))


def written(rows: Iterable[Mapping[str, str]]) -> str:
    """Rows as CSV."""
    return sheet.written(COLUMNS, ([row.get(column, "") for column in COLUMNS] for row in rows))


def _of_rows(rows: Iterable[Row]) -> list[Entry]:
    entries: list[Entry] = []
    columns: list[str | None] = []
    for line, raw in rows:
        cells = [cell.strip()[:LONGEST_CELL] for cell in raw]
        if not any(cells):
            continue
        if not columns:
            columns = [_COLUMN_OF.get(listing.folded(cell)) for cell in cells]
            if not {"period", "amount"} <= set(columns):
                raise Malformed(NO_HEADINGS)
            continue
        if len(entries) == MOST_ROWS:
            raise TooLarge(TOO_MANY)
        pairs = zip(columns, cells, strict=False)
        entries.append(Entry(line, {column: cell for column, cell in pairs if column and cell}))
    if not entries:
        raise Malformed(NONE_GIVEN)
    return entries
