"""A list of certificate numbers out of what somebody pasted, uploaded or posted: one number a line, in their order."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from chalicelib.domain.errors import Fault, Malformed, TooLarge
from chalicelib.domain.phrase import phrase
from chalicelib.web.words import N_

MOST_LINES = 1000
LONGEST_NUMBER = 200
TOO_MANY = N_("At most 1,000 numbers can be checked at once. Split the list and check one part after the other.")
TOO_LONG = N_("A number has at most 200 characters: see that there is one number a line.")
NONE_GIVEN = N_("Give at least one number.")
NO_TEXT = N_("This file could not be read. Save it as CSV (UTF-8) or XLSX and try again.")

_HEADINGS = (  # of the column to read, the most telling first
    ("number", "numbers", "certificatenumber", "certificateno", "certificatenr", "certno", "certificatenumbers"),
    ("code", "codes", "certificatecode", "certificatecodes"),
    ("certificate", "certificates", "certificateid"),
)
_BREAKS = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
ZIP = b"PK\x03\x04"

Row = tuple[int, list[str]]


class Line(NamedTuple):
    """A number as it was typed, and the line of what was sent that it stood in (from 1)."""

    line: int
    number: str


def pasted(text: str) -> list[Line]:
    """Of a text box: one number a line; or cells copied from a sheet; or one line of numbers with commas between."""
    lines = _BREAKS.split(text)
    filled = [line for line in lines if line.strip()]
    if len(filled) == 1 and "\t" not in text:
        return _checked(Line(1, part.strip()) for part in re.split("[,;]", filled[0]) if part.strip())
    if "\t" in text or all("," in line for line in filled) or all(";" in line for line in filled):
        return from_csv("\n".join(lines))
    return _checked(Line(place, line.strip()) for place, line in enumerate(lines, 1) if line.strip())


def from_file(content: bytes, read_workbook: Callable[[bytes, int], list[Row]]) -> list[Line]:
    """Of an uploaded file: XLSX by its first bytes, else CSV. ``read_workbook`` is ``spreadsheet.rows``."""
    if content.startswith(ZIP):
        return _of_rows(read_workbook(content, MOST_LINES + 2))
    return from_csv(decoded(content))


def from_csv(text: str) -> list[Line]:
    """Of a CSV with commas, semicolons or tabs: the column called number, code or certificate, else the first."""
    try:
        return _of_rows(csv_rows(text))
    except csv.Error as error:
        raise Malformed(NO_TEXT) from error


def from_json(numbers: object) -> list[Line]:
    """Of ``{"numbers": […]}``: every entry is answered, so none is left out, not even an empty one."""
    if not isinstance(numbers, list):
        raise Malformed("The body has no list of numbers.", [Fault("/numbers", "must be a list of texts")])
    if len(numbers) > MOST_LINES:
        raise TooLarge(TOO_MANY)
    faults = [
        Fault(f"/numbers/{place}", "must be a text of at most 200 characters")
        for place, number in enumerate(numbers)
        if not isinstance(number, str) or len(number) > LONGEST_NUMBER
    ]
    if faults:
        raise Malformed("Some numbers cannot be read.", faults[:100])
    return _checked(Line(place, number) for place, number in enumerate(numbers, 1))


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 where it says so, else the Western European of older spreadsheets."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise Malformed(NO_TEXT)
    return text


def rows_of_file(content: bytes, most: int) -> Iterable[Row]:
    """The rows of an uploaded table: XLSX by its first bytes, else CSV. Little more than ``most`` of a workbook."""
    if content.startswith(ZIP):
        from chalicelib.web import spreadsheet

        return spreadsheet.rows(content, most + 2)
    return rows_of_text(decoded(content))


def rows_of_text(text: str) -> Iterator[Row]:
    """The rows of a CSV, or of cells copied from a spreadsheet; ``Malformed`` where it can't be read."""
    try:
        yield from csv_rows(text)
    except csv.Error as error:
        raise Malformed(NO_TEXT) from error


def csv_rows(text: str) -> Iterator[Row]:
    """The rows of a CSV with commas, semicolons or tabs, each with the number of its line. May raise ``csv.Error``."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    before = 0
    for cells in reader:
        yield before + 1, cells  # a row may run over several lines: it is called by its first
        before = reader.line_num


def _delimiter(text: str) -> str:
    head = next((line for line in text.split("\n", 20) if line.strip()), "")
    head = re.sub('"[^"]*"', "", head)
    return max(",;\t", key=lambda mark: (head.count(mark), mark == ","))


def _of_rows(rows: Iterable[Row]) -> list[Line]:
    found: list[Line] = []
    column: int | None = None
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if column is None:
            column = _column_of(cells)
            if column is not None:
                continue
            column = 0
        if column < len(cells) and cells[column].strip():
            found.append(Line(number, cells[column].strip()))
            if len(found) > MOST_LINES:
                break
    return _checked(found)


def _column_of(cells: list[str]) -> int | None:
    """Which column a row of headings points to; ``None`` if it is no row of headings."""
    headings = [folded(cell) for cell in cells]
    for names in _HEADINGS:
        for place, name in enumerate(headings):
            if name in names:
                return place
    return None


def folded(cell: str) -> str:
    """A heading as it is compared: letters and digits only, whatever their case."""
    plain = unicodedata.normalize("NFKC", cell[:50]).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def _checked(lines: Iterable[Line]) -> list[Line]:
    found: list[Line] = []
    for line in lines:
        if len(found) >= MOST_LINES:
            raise TooLarge(TOO_MANY)
        if len(line.number) > LONGEST_NUMBER:
            raise Malformed(
                TOO_LONG, [Fault(f"/numbers/{len(found)}", phrase("line %(line)s is too long", line=line.line))]
            )
        found.append(line)
    if not found:
        raise Malformed(NONE_GIVEN).at("/numbers")
    return found
