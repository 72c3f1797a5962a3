"""A list of factories to invite, out of a file or what somebody pasted: one a row, columns by their headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.errors import Malformed, TooLarge
from chalicelib.web import listing, sheet
from chalicelib.web.columns import Entry
from chalicelib.web.listing import Row
from chalicelib.web.words import N_

MOST_ROWS = 500
COLUMNS = (
    "email",
    "name",
    "country",
    "language",
    "address",
    "city",
    "factory_id",
    "site",
    "latitude",
    "longitude",
)
"""In the order of the template that people fill in."""
_HEADINGS = {
    "email": ("email", "emailaddress", "mail", "contactemail", "contact"),
    "name": ("name", "factory", "factoryname", "supplier", "suppliername", "legalname", "company"),
    "country": ("country", "countrycode"),
    "language": ("language", "lang", "languagecode"),
    "address": ("address", "street", "streetandnumber"),
    "city": ("city", "town", "townorcity"),
    "factory_id": ("factoryid", "id", "fid"),
    "site": ("site", "icssite", "icssitenumber", "sitenumber"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "long", "lng"),
}
_COLUMN_OF = {heading: column for column, headings in _HEADINGS.items() for heading in headings}
TOO_MANY = N_("At most 500 factories can be invited at once. Split the list and send one part after the other.")
NONE_GIVEN = N_("Choose a file, or paste a list.")
NO_ADDRESSES = N_("There is no column with e-mail addresses. Call it email, in the first row.")
_EXAMPLE = ("office@example.com", "Example Knit Ltd", "BD", "bn", "17 Mill Road", "Gazipur", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a list, and the headings that nobody here knows: their columns are not read."""

    entries: tuple[Entry, ...]
    unread: tuple[str, ...] = ()


def from_file(content: bytes) -> Sheet:
    """Of an uploaded file: XLSX by its first bytes, else CSV."""
    return _of_rows(listing.rows_of_file(content, MOST_ROWS))


def pasted(text: str) -> Sheet:
    """Of a text: CSV, or cells copied from a spreadsheet."""
    return _of_rows(listing.rows_of_text(text))


def written(rows: Iterable[Mapping[str, str]]) -> str:
    """Rows as CSV, with the columns that are in use."""
    rows = list(rows)
    used = [column for column in COLUMNS if column in ("email", "name", "country") or any(column in r for r in rows)]
    return sheet.written(used, ([row.get(column, "") for column in used] for row in rows))


def template() -> str:
    """A CSV to fill in: all columns, and one factory that nobody has."""
    return sheet.written(COLUMNS, [_EXAMPLE])


def _of_rows(rows: Iterable[Row]) -> Sheet:
    entries: list[Entry] = []
    columns: Sequence[str | None] | None = None
    unread: tuple[str, ...] = ()
    for line, raw in rows:
        cells = [sheet.typed(cell) for cell in raw]
        if not any(cells):
            continue
        if columns is None:
            if any("@" in cell for cell in cells):  # no headings: the columns of the template, in its order
                columns = COLUMNS
            else:
                columns = [_COLUMN_OF.get(listing.folded(cell)) for cell in cells]
                unread = tuple(cell[:60] for cell, column in zip(cells, columns, strict=True) if cell and not column)
                if "email" not in columns:
                    raise Malformed(NO_ADDRESSES)
                continue
        if len(entries) == MOST_ROWS:
            raise TooLarge(TOO_MANY)
        pairs = zip(columns, cells, strict=False)
        entries.append(Entry(line, {column: cell for column, cell in pairs if column and cell}))
    if not entries:
        raise Malformed(NONE_GIVEN)
    return Sheet(tuple(entries), unread)
