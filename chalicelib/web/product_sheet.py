"""A list of products out of a file or what somebody pasted: one stage a row, columns by their headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chalicelib.domain.errors import Malformed, TooLarge
from chalicelib.web import sheet
from chalicelib.web.columns import Columns, Entry
from chalicelib.web.words import N_

MOST_ROWS = 2000
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
TOO_MANY = N_("A file may have at most 2,000 rows. Split it and import one part after the other.")
NONE_GIVEN = N_("Choose a file, or paste the rows.")
NO_HEADINGS = N_("The first row has to name the columns. There must be one called process and one called factory_id.")
_EXAMPLES = (
    ("09521234543213", "Example Brand", "T-shirt", "knitwear", "L2026-07", "knitting", "BD-F8QY4-0YGE1"),
    ("09521234543213", "Example Brand", "T-shirt", "knitwear", "L2026-07", "sewing", "BD-F8QY4-0YGE1"),
)


def from_file(content: bytes) -> list[Entry]:
    """Of an uploaded file: XLSX by its first bytes, else CSV."""
    return _LIST.of_file(content)


def pasted(text: str) -> list[Entry]:
    """Of a text: CSV, or cells copied from a spreadsheet."""
    return _LIST.of_text(text)


def written(rows: Iterable[Mapping[str, str]]) -> str:
    """Rows as CSV."""
    return sheet.written(COLUMNS, ([row.get(column, "") for column in COLUMNS] for row in rows))


def template() -> str:
    """A CSV to fill in: all columns, and one product that nobody sells."""
    return sheet.written(COLUMNS, _EXAMPLES)


_LIST = Columns(
    _HEADINGS,
    frozenset({"process", "factory_id"}),
    MOST_ROWS,
    no_headings=lambda: Malformed(NO_HEADINGS),
    too_many=lambda: TooLarge(TOO_MANY),
    none_given=lambda: Malformed(NONE_GIVEN),
)
