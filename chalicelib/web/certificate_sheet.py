"""Rows about certificates out of a file or a pasted sheet: one a row, columns by their headings; and the template."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.errors import Malformed, TooLarge
from chalicelib.domain.phrase import phrase
from chalicelib.web import listing, sheet
from chalicelib.web.listing import Row
from chalicelib.web.words import N_

MOST_ROWS = 500
COLUMNS = ("factory_id", "number", "standard_id", "scope", "valid_from", "valid_to", "products", "gdti")
STANDING_COLUMNS = ("code", "number", "standard_id", "standing", "reason", "effective")
TOO_MANY = N_("At most 500 rows are taken at once. Split the list and send one part after the other.")
NONE_GIVEN = N_("Choose a file, or paste the rows with the headings above them.")
_NAMES = dict.fromkeys((*COLUMNS, *STANDING_COLUMNS))
_OTHER_NAMES = {
    "id": "factory_id",
    "holder": "factory_id",
    "certificatenumber": "number",
    "certificate": "number",
    "standard": "standard_id",
    "from": "valid_from",
    "to": "valid_to",
    "until": "valid_to",
    "status": "standing",
    "effectivedate": "effective",
    "certificatecode": "code",
}
_COLUMN_OF = {**{name.replace("_", ""): name for name in _NAMES}, **_OTHER_NAMES}
_EXAMPLE = (
    "BD-F8QY4-0YGE1",
    "CU 7190442",
    "gots",
    "Knitting and dyeing",
    "2026-01-01",
    "2026-12-31",
    "T-shirts; Socks",
)
_STANDING_EXAMPLE = ("", "CU 7190442", "gots", "suspended", "Wastewater over the limit", "2026-03-01")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as it would come in JSON, and the line of the file that it stood in."""

    line: int
    said: dict[str, Any]


def of_file(content: bytes) -> list[Entry]:
    """Of an uploaded file: XLSX by its first bytes, else CSV."""
    return _entries(listing.rows_of_file(content, MOST_ROWS))


def of_text(text: str) -> list[Entry]:
    """Of a CSV, or of cells copied from a spreadsheet."""
    return _entries(listing.rows_of_text(text))


def written(entries: Iterable[Entry]) -> str:
    """Rows as CSV again, with the columns that are in use."""
    entries = list(entries)
    used = [name for name in _NAMES if any(name in entry.said for entry in entries)]
    return sheet.written(used, ([_cell(entry.said.get(name, "")) for name in used] for entry in entries))


def template(kind: str) -> str:
    """A CSV to fill in, with one row as an example."""
    if kind == "standing":
        return sheet.written(STANDING_COLUMNS, [_STANDING_EXAMPLE])
    return sheet.written(COLUMNS, [(*_EXAMPLE, "")])


def room_for(rows: int) -> None:
    """Refuse more rows than are taken at once."""
    if rows > MOST_ROWS:
        raise TooLarge(TOO_MANY)


def _entries(rows: Iterable[Row]) -> list[Entry]:
    columns: list[str] = []
    found: list[Entry] = []
    for line, raw in rows:
        cells = [sheet.typed(cell) for cell in raw]
        if not any(cells):
            continue
        if not columns:
            columns = _headings(cells)
            continue
        room_for(len(found) + 1)
        said = {name: cell for name, cell in zip(columns, cells, strict=False) if name and cell}
        found.append(Entry(line, {name: _value(name, cell) for name, cell in said.items()}))
    if not found:
        raise Malformed(NONE_GIVEN)
    return found


def _headings(cells: list[str]) -> list[str]:
    named = [_COLUMN_OF.get(listing.folded(cell), "") for cell in cells]
    unknown = [cell for cell, name in zip(cells, named, strict=True) if cell and not name]
    if unknown:
        raise Malformed(
            phrase("There is no column %(name)s. See the template for their names.", name=repr(unknown[0][:50]))
        )
    if len(set(named) - {""}) < len([name for name in named if name]):
        raise Malformed("Two columns have the same heading.")
    return named


def _value(name: str, cell: str) -> Any:
    if name == "products":
        return [part.strip() for part in re.split(r"[;\n]", cell) if part.strip()]
    return cell.lower() if name == "standing" else cell


def _cell(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value)
