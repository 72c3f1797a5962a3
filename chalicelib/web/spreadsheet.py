"""The first sheet of an XLSX workbook as rows of text, read as a stream and given up at the first sign of a bomb.

Only what a list of numbers needs: texts, numbers and results of formulas, as they are stored. Formats are not
applied: a number shown as ``000123`` but stored as 123 comes out as ``123``. Nothing is unpacked to disk, no part
beyond its cap is unpacked at all, and a document type (where entities would be declared) is refused. No cell is cut:
a certificate would say something else than its certifier does.
"""

from __future__ import annotations

import contextlib
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from xml.parsers import expat

from chalicelib.domain.errors import Malformed, TooLarge
from chalicelib.web.words import N_

MOST_UNPACKED = 16_000_000  # bytes of all parts that are read
MOST_SAID = 8_000_000  # characters of all cells: one shared text may stand in many
MOST_TEXTS = 200_000  # shared texts
MOST_COLUMNS = 50
_DEEPEST = 40
_PIECE = 1 << 16
_PLACE = re.compile(r"([A-Z]{1,3})[0-9]+\Z")
_NO_WORKBOOK = N_("This file could not be read as an XLSX workbook. Save it as CSV and try again.")
_TOO_MUCH = N_("This workbook unpacks to far more than a list of numbers needs. Save the one column as CSV.")

Handler = Callable[[str, Mapping[str, str]], None]


class Enough(Exception):
    """Raised by a handler that needs no more."""


def rows(content: bytes, most: int) -> list[tuple[int, list[str]]]:
    """At most so many rows that are not blank, each with its number in the sheet and its cells.

    ``Malformed`` for what is no workbook, ``TooLarge`` for one that unpacks to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            book = _Book(archive)
            return _Sheet(book.texts(), most).read(book.parts(book.first_sheet()))
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, KeyError, EOFError, ValueError) as error:
        raise Malformed(_NO_WORKBOOK) from error
    except (NotImplementedError, RuntimeError) as error:  # another compression; encrypted
        raise Malformed(_NO_WORKBOOK) from error


class _Book:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = MOST_UNPACKED

    def parts(self, name: str) -> Iterator[bytes]:
        """A part of the workbook in pieces, within what all of them may unpack to."""
        with self._archive.open(name) as stream:
            while piece := stream.read(_PIECE):
                self._left -= len(piece)
                if self._left < 0:
                    raise TooLarge(_TOO_MUCH)
                yield piece

    def first_sheet(self) -> str:
        """The part that holds the sheet which the workbook lists first."""
        sheets: list[str] = []
        targets: dict[str, str] = {}

        def in_book(tag: str, attributes: Mapping[str, str]) -> None:
            if tag == "sheet":
                sheets.extend(value for name, value in attributes.items() if _local(name) == "id")

        def in_relations(tag: str, attributes: Mapping[str, str]) -> None:
            if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
                targets[attributes["Id"]] = attributes["Target"]

        _parse(self.parts("xl/workbook.xml"), in_book)
        _parse(self.parts("xl/_rels/workbook.xml.rels"), in_relations)
        target = next(targets[relation] for relation in [*sheets, ""] if relation in targets or not relation)
        return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))

    def texts(self) -> list[str]:
        """The texts that cells refer to by their number."""
        if "xl/sharedStrings.xml" not in self._archive.namelist():
            return []
        found: list[str] = []
        pieces: list[str] = []
        state = {"text": False, "aloud": 0}

        def start(tag: str, _attributes: Mapping[str, str]) -> None:
            if tag == "si":
                pieces.clear()
            state["text"] = tag == "t" and not state["aloud"]
            state["aloud"] += tag == "rPh"  # how a text is read aloud, in Japanese and Chinese: no part of it

        def end(tag: str) -> None:
            state["text"] = False
            state["aloud"] -= tag == "rPh"
            if tag == "si":
                found.append("".join(pieces).strip())
                if len(found) > MOST_TEXTS:
                    raise TooLarge(_TOO_MUCH)

        def data(text: str) -> None:
            if state["text"]:
                pieces.append(text)

        _parse(self.parts("xl/sharedStrings.xml"), start, end, data)
        return found


class _Sheet:
    def __init__(self, texts: list[str], most: int) -> None:
        self._texts = texts
        self._most = most
        self._left = MOST_SAID
        self._rows: list[tuple[int, list[str]]] = []
        self._number = 0
        self._cells: dict[int, str] = {}
        self._column = -1
        self._kind = ""
        self._pieces: list[str] | None = None
        self._said: list[str] = []

    def read(self, parts: Iterator[bytes]) -> list[tuple[int, list[str]]]:
        """The rows, as far as they are wanted."""
        with contextlib.suppress(Enough):
            _parse(parts, self._start, self._end, self._data)
        return self._rows

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "row":
            given = attributes.get("r", "")
            self._number = int(given) if given.isascii() and given.isdigit() and len(given) < 8 else self._number + 1
            self._cells, self._column = {}, -1
        elif tag == "c":
            self._column = _column(attributes.get("r", ""), self._column + 1)
            self._kind, self._said = attributes.get("t", "n"), []
        elif tag in ("v", "t"):
            self._pieces = []

    def _data(self, text: str) -> None:
        if self._pieces is not None:
            self._pieces.append(text)

    def _end(self, tag: str) -> None:
        if tag in ("v", "t") and self._pieces is not None:
            self._said.append("".join(self._pieces))
            self._pieces = None
        elif tag == "c":
            self._keep(self._cell("".join(self._said)).strip())
        elif tag == "row" and self._cells:
            self._rows.append((self._number, [self._cells.get(at, "") for at in range(max(self._cells) + 1)]))
            if len(self._rows) >= self._most:
                raise Enough
        elif tag == "sheetData":
            raise Enough

    def _keep(self, text: str) -> None:
        if text and self._column < MOST_COLUMNS:
            self._left -= len(text)
            if self._left < 0:
                raise TooLarge(_TOO_MUCH)
            self._cells[self._column] = text

    def _cell(self, said: str) -> str:
        if self._kind == "s":
            place = int(said)
            return self._texts[place] if 0 <= place < len(self._texts) else ""
        if self._kind == "n":
            return _plain(said)
        return "" if self._kind == "e" else said


def _plain(number: str) -> str:
    """A number as people write it: ``7190442.0`` and ``7.190442E6`` are ``7190442``."""
    try:
        value = float(number)
    except ValueError:
        return number
    whole = value.is_integer() and abs(value) < 1e15
    return str(int(value)) if whole else number


def _column(place: str, following: int) -> int:
    match = _PLACE.match(place)
    if not match:
        return following
    number = 0
    for letter in match.group(1):
        number = number * 26 + ord(letter) - 64
    return number - 1


def _local(name: str) -> str:
    return name.rpartition(" ")[2].rpartition(":")[2]


def _parse(
    parts: Iterator[bytes],
    start: Handler,
    end: Callable[[str], None] = lambda _tag: None,
    data: Callable[[str], None] = lambda _text: None,
) -> None:
    """Feed a part to handlers, which are told names without their namespaces."""
    depth = 0

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise Malformed(_NO_WORKBOOK)
        start(_local(tag), attributes)

    def closed(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(_local(tag))

    def refused(*_declared: object) -> None:
        raise Malformed(_NO_WORKBOOK)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = opened, closed, data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refused
    for part in parts:
        parser.Parse(part, False)
    parser.Parse(b"", True)
