"""Readings out of a file or what somebody pasted: one a row, columns by their headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chalicelib.domain.errors import Malformed, TooLarge
from chalicelib.web import sheet
from chalicelib.web.columns import Columns, Entry
from chalicelib.web.words import N_

MOST_ROWS = 240
COLUMNS = ("period", "amount", "unit", "output", "output_unit")
_HEADINGS = {
    "period": ("period", "month", "quarter", "year", "date"),
    "amount": ("amount", "reading", "consumption", "use", "value"),
    "unit": ("unit", "unitofamount"),
    "output": ("output", "production", "whole", "total"),
    "output_unit": ("outputunit", "unitofoutput", "productionunit"),
}
TOO_MANY = N_("A file may have at most 240 rows. Split it and send one part after the other.")
NONE_GIVEN = N_("Choose a file, or paste the rows.")
NO_HEADINGS = N_("The first row has to name the columns. There must be one called period and one called amount.")


def from_file(content: bytes) -> list[Entry]:
    """Of an uploaded file: XLSX by its first bytes, else CSV."""
    return _LIST.of_file(content)


def pasted(text: str) -> list[Entry]:
    """Of a text: CSV, or cells copied from a spreadsheet."""
    return _LIST.of_text(text)


def written(rows: Iterable[Mapping[str, str]]) -> str:
    """Rows as CSV."""
    return sheet.written(COLUMNS, ([row.get(column, "") for column in COLUMNS] for row in rows))


_LIST = Columns(
    _HEADINGS,
    frozenset({"period", "amount"}),
    MOST_ROWS,
    no_headings=lambda: Malformed(NO_HEADINGS),
    too_many=lambda: TooLarge(TOO_MANY),
    none_given=lambda: Malformed(NONE_GIVEN),
)
