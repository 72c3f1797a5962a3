"""QR codes: what stands in them, and how they look. Nothing else imports segno, and only when a code is drawn."""

from __future__ import annotations

import io
import math
import textwrap
import unicodedata
from html import escape
from typing import Literal
from urllib.parse import urlsplit

from chalicelib.domain import text
from chalicelib.domain.errors import Malformed
from chalicelib.domain.phrase import phrase

QUIET = 4  # modules of white on every side, as ISO/IEC 18004 asks
SMALLEST_MM, LARGEST_MM = 10.0, 1000.0
LONGEST_LABEL = 120
_MOST_LINES = 4
_LETTER = 2.2  # height of the label's letters, in modules
_LINE = 2.8

Level = Literal["L", "M", "Q", "H"]


def payload(base_url: str, kind: str, code: str) -> str:
    """The address that a code carries; ``kind`` is ``f``, ``c`` or ``p``.

    On a domain of its own all of it is upper case, which a QR code stores in 5.5 bits a character instead of 8:
    ``HTTPS://HOST/F/BD…``. Under a path (a bare stage URL, where case matters) it is left as it is.
    """
    parts = urlsplit(base_url)
    if parts.path.strip("/"):
        return f"{base_url.rstrip('/')}/{kind}/{code}"
    return f"{parts.scheme}://{parts.netloc}/{kind}/{code}".upper()


def svg(content: str, *, size_mm: float | None = None, label: str | None = None, level: Level = "M") -> str:
    """A QR code as an SVG image, black on white with its quiet zone; ``size_mm`` is its whole width.

    A label is printed below. ``Malformed`` for a size or label that cannot be printed.
    """
    rows = modules(content, level)
    width = len(rows) + 2 * QUIET
    lines = _label_lines(label, width)
    height = width + (math.ceil(len(lines) * _LINE + 1) if lines else 0)
    title = escape(" ".join(lines) or content)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"{_size(size_mm, width, height)} '
        f'role="img"><title>{title}</title>'
        f'<path fill="#fff" d="M0 0h{width}v{height}H0z"/>'
        f'<path fill="none" stroke="#000" shape-rendering="crispEdges" d="{_strokes(rows)}"/>'
        f"{_printed(lines, width)}</svg>"
    )


def terminal(content: str) -> str:
    """A QR code in half-block characters, two rows of modules a line, for a light-on-dark terminal."""
    rows = modules(content, "M")
    width = len(rows) + 2 * QUIET
    blank = [0] * width
    padded = [blank] * QUIET + [[0] * QUIET + row + [0] * QUIET for row in rows] + [blank] * QUIET
    if len(padded) % 2:
        padded.append(blank)
    glyphs = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
    pairs = zip(padded[::2], padded[1::2], strict=True)
    return "\n".join("".join(glyphs[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs)


def png(content: str, level: Level, dots: int, dpi: int) -> bytes:
    """A QR code as PNG with its quiet zone, so many dots a module; it says how many of them make an inch."""
    import segno

    out = io.BytesIO()
    code = segno.make_qr(content, error=level, boost_error=False)
    code.save(out, kind="png", scale=dots, border=QUIET, dpi=dpi)
    return out.getvalue()


def png_to_the_dot(content: str, level: Level, size_mm: float, dpi: int) -> bytes:
    """A QR code as PNG, as wide as asked: the edges of its modules lie at the nearest dot."""
    from chalicelib.web import png as writer

    rows = modules(content, level)
    width = len(rows) + 2 * QUIET
    blank, side = [0] * width, [0] * QUIET
    edges = [round(place * size_mm / width / 25.4 * dpi) for place in range(width + 1)]
    padded = [blank] * QUIET + [side + row + side for row in rows] + [blank] * QUIET
    return writer.written(padded, edges, dpi)


def modules(content: str, level: Level) -> list[list[int]]:
    """The modules of a code, row by row, 1 for dark, without its quiet zone."""
    import segno

    code = segno.make_qr(content, error=level, boost_error=False)
    return [[1 if module else 0 for module in row] for row in code.matrix]


def _strokes(rows: list[list[int]]) -> str:
    """An SVG path of horizontal strokes, one a run of dark modules."""
    path = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run]:
                run += 1
            if run:
                path.append(f"M{x + QUIET} {y + QUIET}.5h{run}")
            x += run + 1
    return "".join(path)


def _size(size_mm: float | None, width: int, height: int) -> str:
    if size_mm is None:
        return ""
    if not math.isfinite(size_mm) or not SMALLEST_MM <= size_mm <= LARGEST_MM:
        raise Malformed(
            phrase(
                "The size of a QR code must be between %(least)s and %(most)s mm.",
                least=f"{SMALLEST_MM:g}",
                most=f"{LARGEST_MM:g}",
            )
        )
    return f' width="{size_mm:.6g}mm" height="{size_mm * height / width:.6g}mm"'


def _label_lines(label: str | None, width: int) -> list[str]:
    if label is None or not label.strip():
        return []
    try:
        cleaned = text.clean(label, LONGEST_LABEL)
    except Malformed as fault:
        raise Malformed(phrase("The label cannot be taken: it %(fault)s.", fault=fault.detail)) from fault
    wide = any(unicodedata.east_asian_width(letter) in "WF" for letter in cleaned)
    letters = int((width - 2) / (_LETTER * (1.0 if wide else 0.6)))
    lines = textwrap.wrap(cleaned, letters)
    if len(lines) > _MOST_LINES:
        raise Malformed(phrase("The label needs more than %(most)s lines: make it shorter.", most=_MOST_LINES))
    return lines


def _printed(lines: list[str], width: int) -> str:
    spans = "".join(
        f'<text x="{width / 2:g}" y="{width - 1 + number * _LINE + 1.2:g}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    return spans and f'<g fill="#000" font-family="sans-serif" font-size="{_LETTER}" text-anchor="middle">{spans}</g>'
