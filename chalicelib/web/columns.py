"""Rows of a file or of what somebody pasted, whose first row names the columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from chalicelib.domain.errors import DomainError
from chalicelib.web import listing, sheet
from chalicelib.web.listing import Row


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as it was sent: the line that it stood in, and what stood in each known column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns a list has, and what is said of one that cannot be read.

    ``headings``: what each column may be called, folded. ``needed``: those that the first row must name.
    """

    headings: Mapping[str, tuple[str, ...]]
    needed: frozenset[str]
    most_rows: int
    no_headings: Callable[[], DomainError]
    too_many: Callable[[], DomainError]
    none_given: Callable[[], DomainError]

    def of_file(self, content: bytes) -> list[Entry]:
        """The rows of an uploaded file: XLSX by its first bytes, else CSV."""
        return self._entries(listing.rows_of_file(content, self.most_rows))

    def of_text(self, text: str) -> list[Entry]:
        """The rows of a text: CSV, or cells copied from a spreadsheet."""
        return self._entries(listing.rows_of_text(text))

    def _entries(self, rows: Iterable[Row]) -> list[Entry]:
        column_of = {heading: column for column, headings in self.headings.items() for heading in headings}
        entries: list[Entry] = []
        columns: list[str | None] = []
        for line, raw in rows:
            cells = [sheet.typed(cell) for cell in raw]
            if not any(cells):
                continue
            if not columns:
                columns = [column_of.get(listing.folded(cell)) for cell in cells]
                if not self.needed <= set(columns):
                    raise self.no_headings()
                continue
            if len(entries) == self.most_rows:
                raise self.too_many()
            pairs = zip(columns, cells, strict=False)
            entries.append(Entry(line, {column: cell for column, cell in pairs if column and cell}))
        if not entries:
            raise self.none_given()
        return entries
