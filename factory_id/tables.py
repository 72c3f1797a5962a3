"""CSV as people save it: read as a stream whatever its delimiter and mark, and written so that no cell runs."""

from __future__ import annotations

import codecs
import csv
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from factory_id.endings import WrongUse

_DELIMITERS = ",;\t|"
_STARTS = ("=", "+", "-", "@", "\t", "\r")
_INNER = re.compile(r"([;\t\r\n][\s\"]*)(?=[=+\-@])")
"""Where a cell begins for a spreadsheet that takes semicolons or tabs for the separator, as it does in French."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: its number as a spreadsheet shows it, and its cells by column.

    ``fault``: it cannot be read as one of the table's rows, and why.
    """

    number: int
    cells: dict[str, str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file that was looked through once: all of it can be read, and nothing of it is kept in memory."""

    path: Path
    encoding: str
    delimiter: str
    heading: tuple[str, ...]
    total: int
    digest: str

    @classmethod
    def of(cls, path: Path) -> Table:
        """Look a file through. ``WrongUse`` if it is not there, empty, or not text that is told apart by columns."""
        try:
            digest, encoding = _digest(path), _encoding(path)
            delimiter = _delimiter(path, encoding)
            rows = _rows(path, encoding, delimiter)
            heading = tuple(cell for _, cells in _next(rows) for cell in cells)
            if not heading:
                raise WrongUse(f"{path} is empty.")
            total = sum(1 for _ in rows)
        except OSError as error:
            raise WrongUse(f"{path} cannot be read: {error.strerror}.") from error
        except UnicodeError as error:
            raise WrongUse(f"{path} is not UTF-8. Save it as “CSV UTF-8” and try again.") from error
        except csv.Error as error:
            raise WrongUse(f"{path} is not CSV: {error}. Is there a quotation mark that nothing closes?") from error
        return cls(path, encoding, delimiter, heading, total, digest)

    @property
    def columns(self) -> tuple[str, ...]:
        """The heading in the form in which columns are looked for: ``Audit date`` is ``audit_date``."""
        return tuple(_folded(cell) for cell in self.heading)

    def __iter__(self) -> Iterator[Row]:
        rows = _rows(self.path, self.encoding, self.delimiter)
        for _ in _next(rows):
            pass
        columns = self.columns
        for number, cells in rows:
            named = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
            fault = f"has {len(cells)} cells, and the heading has {len(columns)}"
            yield Row(number, named, fault if any(cell.strip() for cell in cells[len(columns) :]) else "")


def written(path: Path, heading: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a file at once: a reader sees the old one or the whole new one."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(heading)
        writer.writerows([inert(cell) for cell in row] for row in rows)
    os.replace(partial, path)


def inert(cell: object) -> str:
    """A cell as text that no spreadsheet runs as a formula."""
    text = "" if cell is None else "yes" if cell is True else "no" if cell is False else str(cell)
    text = _INNER.sub(r"\1'", text)
    return f"'{text}" if text.lstrip().startswith(_STARTS) or text.startswith(_STARTS) else text


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        heading = next((line for line in file if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", heading)
    return max(_DELIMITERS, key=bare.count)


def _rows(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with its number: blank ones count, as they do in a spreadsheet."""
    with path.open(encoding=encoding, newline="") as file:
        for number, cells in enumerate(csv.reader(file, delimiter=delimiter), start=1):
            if any(cell.strip() for cell in cells):
                yield number, cells


def _next(rows: Iterator[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    return [row for row in [next(rows, None)] if row is not None]


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().lower())
