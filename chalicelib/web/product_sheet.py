"""A list of products out of a file or what somebody pasted: one stage a row, columns by their headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.domain.errors import Malformed, TooLarge
from chalicelib.web import listing, sheet
from chalicelib.web.listing import Row
from chalicelib.web.words import N_

MOST_ROWS = 2000
LONGEST_CELL = 1000
COLUMNS = ("gtin_or_code", "brand", "name", "category", "lots", "process", "factory_id")
"""In the order of the template that people fill in."""
_HEADINGS = {
    "gtin_or_code": ("gtinorcode", "gtin", "ean", "upc", "code", "productcode", "productid", "product"),
    "brand": ("brand", "label"),
    "name": ("name", "productname", "title", "article"),
    "category": ("category", "productcategory", "kind"),
    "lots": ("lots", "lot", "lotnumber", "batch"),
    "process": ("process", "stage", "step", "whatisdone"),
    "factory_id": ("factoryid", "factory", "fid"),
}
_COLUMN_OF = {heading: column for column, headings in _HEADINGS.items() for heading in headings}
TOO_MANY = N_("A file may have at most 2,000 rows. Split it and import one part after the other.")
NONE_GIVEN = N_("Choose a file, or paste the rows.")
NO_HEADINGS = N_("The first row has to name the columns. There must be one called process and one called factory_id.")
_EXAMPLES = (
    ("09521234543213", "Example Brand", "T-shirt", "knitwear", "L2026-07", "knitting", "BD-F8QY4-0YGE1"),
    ("09521234543213", "Example Brand", "T-shirt", "knitwear", "L2026-07", "sewing", "BD-F8QY4-0YGE1"),
)


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


def template() -> str:
    """A CSV to fill in: all columns, and one product that nobody sells."""
    return sheet.written(COLUMNS, _EXAMPLES)


def _of_rows(rows: Iterable[Row]) -> list[Entry]:
    entries: list[Entry] = []
    columns: list[str | None] = []
    for line, raw in rows:
        cells = [_plain(cell) for cell in raw]
        if not any(cells):
            continue
        if not columns:
            columns = [_COLUMN_OF.get(listing.folded(cell)) for cell in cells]
            if not {"process", "factory_id"} <= set(columns):
                raise Malformed(NO_HEADINGS)
            continue
        if len(entries) == MOST_ROWS:
            raise TooLarge(TOO_MANY)
        pairs = zip(columns, cells, strict=False)
        entries.append(Entry(line, {column: cell for column, cell in pairs if column and cell}))
    if not entries:
        raise Malformed(NONE_GIVEN)
    return entries


def _plain(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from running it as a formula."""
    text = cell.strip()[:LONGEST_CELL]
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text
