"""An XLSX workbook of one sheet that is pure ASCII, so that it can be sent as text where bytes cannot.

The gateway sends bytes only to who asks for them in a certain way, which a browser that follows a link does not do. So
nothing is compressed, other scripts are written as character references, and each part is filled up with blanks and a
comment until the numbers that a ZIP file is made of (lengths, offsets, CRC-32) have no byte above 127. Text is stored
as text (a shared string, marked with a quote prefix), so nothing that somebody typed is ever run as a formula.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_000  # a cell of a spreadsheet holds 32,767 characters
_XML = '<?xml version="1.0" encoding="US-ASCII"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_XML}<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_XML}<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="3"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/>'
        '<xf xfId="0" quotePrefix="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
_HEADING, _TEXT = "1", "2"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = struct.calcsize("<4s5H3L2H")
_REMARK = 24  # blanks said of each part, so that the length of the directory is ASCII
_DAY = 0x0021  # 1 January 1980, the first day that a ZIP file knows


def written(heading: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """The workbook as text of which each character is a byte. Numbers are numbers; ``None`` is an empty cell."""
    texts: dict[str, int] = {}
    lines = [_row(_text(title, _HEADING, texts) for title in heading)]
    lines += [_row(_cell(cell, texts) for cell in row) for row in rows]
    sheet = f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
    strings = f'{_XML}<sst xmlns="{_MAIN}">{"".join(map(_string, texts))}</sst>'
    return _zipped({**_PARTS, "xl/sharedStrings.xml": strings, "xl/worksheets/sheet1.xml": sheet}).decode("ascii")


def _row(cells: Iterable[str]) -> str:
    return f"<row>{''.join(cells)}</row>"


def _cell(value: object, texts: dict[str, int]) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return _text("yes" if value else "no", _TEXT, texts)
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return _text(str(value), _TEXT, texts)


def _text(value: str, style: str, texts: dict[str, int]) -> str:
    number = texts.setdefault(_NOT_XML.sub("", value[:LONGEST_CELL]), len(texts))
    return f'<c s="{style}" t="s"><v>{number}</v></c>'


def _string(text: str) -> str:
    inert = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    inert = inert.encode("ascii", "xmlcharrefreplace").decode()
    kept = "" if text == text.strip() else ' xml:space="preserve"'
    return f"<si><t{kept}>{inert}</t></si>"


def _zipped(parts: dict[str, str]) -> bytes:
    out, directory = bytearray(), bytearray()
    for name, text in parts.items():
        content = _filled(text.encode("ascii"), len(out) + _HEAD + len(name))
        fixed = (20, 0, 0, 0, _DAY, zlib.crc32(content), len(content), len(content), len(name), 0)
        directory += struct.pack("<4sH", b"PK\x01\x02", 20) + struct.pack("<5H3L2H", *fixed)
        directory += struct.pack("<3H2L", _REMARK, 0, 0, 0, len(out)) + name.encode() + b" " * _REMARK
        out += struct.pack("<4s5H3L2H", b"PK\x03\x04", *fixed) + name.encode() + content
    assert _is_ascii(len(directory))  # nosec B101: the names of the parts are fixed
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(parts), len(parts), len(directory), len(out), 0)
    return bytes(out + directory + end)


def _filled(content: bytes, place: int) -> bytes:
    """A part with so many blanks behind it that its length, its end and its CRC-32 are ASCII."""
    for length in _lengths(len(content), place):
        body = content + b" " * (length - len(content) - _COMMENT)
        so_far = zlib.crc32(body)
        for number in range(4096):
            comment = b"<!--%04x-->" % number
            if _is_ascii(zlib.crc32(comment, so_far)):
                return body + comment
    raise AssertionError("No comment was found.")  # of 4,096 about 256 fit


_COMMENT = len(b"<!--0000-->")


def _lengths(least: int, place: int) -> Iterator[int]:
    length = least + _COMMENT
    while True:
        if _is_ascii(length) and _is_ascii(place + length):
            yield length
        length += 1


def _is_ascii(number: int) -> bool:
    return not number & 0x80808080
