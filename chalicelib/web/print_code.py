"""Codes for printing: as PNG, and the rule that refuses what could not be read back.

The rule comes from measurements with an independent decoder (``infra/scannability.py``, ``docs/qr.md``), which is
compiled and not deployed. Tests hold the rule against it.
"""

from __future__ import annotations

import math

from chalicelib.domain.errors import Malformed
from chalicelib.domain.phrase import phrase
from chalicelib.web import qr
from chalicelib.web.qr import Level

LEVELS: tuple[Level, ...] = ("L", "M", "Q", "H")
SMALLEST_MODULE_MM = 0.45
"""The width of one module below which a phone at 15 cm did not read every trial."""
FEWEST_DOTS = 3
"""Printer's dots a module, in a PNG that has whole dots a module."""
DENSE_MODULES, DENSE_LEVEL, DENSE_MM, DENSE_DPIS = 65, "M", 25.0, (300, 600, 1200)
"""The code that can be checked without a network (version 10) was measured by itself, on these printers: from this
width on every trial was read, drawn to the nearest dot. ``docs/qr.md`` has the readings."""
LOWEST_DPI, HIGHEST_DPI = 72, 2400
MOST_PIXELS = 5000
READ_FROM_MM = 150.0
"""The distance at which ``SMALLEST_MODULE_MM`` was measured; twice the module is read from twice as far."""


def level_of(given: str) -> Level:
    """A level of error correction by its letter."""
    for level in LEVELS:
        if given.upper() == level:
            return level
    raise Malformed("The level of error correction is L, M, Q or H.").at("/level")


def width_in_modules(content: str, level: Level) -> int:
    """How many modules wide a code is, its quiet zone included."""
    return len(qr.modules(content, level)) + 2 * qr.QUIET


def smallest_mm(content: str, level: Level, dpi: int | None = None) -> float:
    """The smallest width in mm at which this code may be printed, rounded up to a whole millimetre.

    With ``dpi``, as a PNG that has whole dots a module, unless it was measured otherwise.
    """
    if is_measured(content, level, dpi):
        return DENSE_MM
    module = SMALLEST_MODULE_MM
    if dpi is not None:
        module = _fewest_dots(dpi) / dpi * 25.4
    return float(math.ceil(round(width_in_modules(content, level) * module, 6)))


def is_measured(content: str, level: Level, dpi: int | None) -> bool:
    """Whether this very kind of code was measured on such a printer."""
    return level == DENSE_LEVEL and dpi in DENSE_DPIS and width_in_modules(content, level) == DENSE_MODULES


def _fewest_dots(dpi: int) -> int:
    return max(FEWEST_DOTS, math.ceil(SMALLEST_MODULE_MM / 25.4 * dpi))


def refuse_unreadable(content: str, level: Level, size_mm: float, dpi: int | None = None) -> None:
    """``Malformed`` with advice if a code of that width could not be read back when printed."""
    if not math.isfinite(size_mm) or not qr.SMALLEST_MM <= size_mm <= qr.LARGEST_MM:
        raise Malformed(
            phrase(
                "The size of a QR code must be between %(least)s and %(most)s mm.",
                least=f"{qr.SMALLEST_MM:g}",
                most=f"{qr.LARGEST_MM:g}",
            )
        )
    if dpi is not None and not LOWEST_DPI <= dpi <= HIGHEST_DPI:
        raise Malformed(
            phrase("The resolution must be between %(least)s and %(most)s dpi.", least=LOWEST_DPI, most=HIGHEST_DPI)
        )
    needed = smallest_mm(content, level, dpi)
    if size_mm < needed:
        values = {"size": f"{size_mm:g}", "least": f"{needed:g}"}
        if dpi is None or smallest_mm(content, level) == needed:
            raise Malformed(
                phrase(
                    "A code of %(size)s mm could not be read back safely: make it at least %(least)s mm wide. "
                    "Less error correction or a shorter address makes a code smaller.",
                    **values,
                )
            )
        raise Malformed(
            phrase(
                "A code of %(size)s mm could not be read back safely: make it at least %(least)s mm wide, "
                "or print with more dots to the inch. "
                "Less error correction or a shorter address makes a code smaller.",
                **values,
            )
        )


def read_from_mm(content: str, level: Level, size_mm: float) -> int:
    """From how far a printed code can be read with a plain phone, in mm, rounded down to 5 cm."""
    module = size_mm / width_in_modules(content, level)
    return int(module / SMALLEST_MODULE_MM * READ_FROM_MM // 50 * 50)


def png(content: str, *, size_mm: float, dpi: int, level: Level) -> tuple[bytes, float]:
    """A PNG with whole dots a module, and the width in mm at which it prints: the one asked, or a little less.

    Where whole dots would be too few, but the code was measured at this size, it is as wide as asked to the dot.
    """
    refuse_unreadable(content, level, size_mm, dpi)
    width = width_in_modules(content, level)
    dots = int(size_mm / 25.4 * dpi) // width
    if dots * width > MOST_PIXELS:
        raise Malformed(
            phrase(
                "A PNG of more than %(most)s dots is more than a code needs. Take the SVG, or fewer dpi.",
                most=f"{MOST_PIXELS:,}",
            )
        )
    if dots < _fewest_dots(dpi):
        return qr.png_to_the_dot(content, level, size_mm, dpi), size_mm
    return qr.png(content, level, dots, dpi), dots * width / dpi * 25.4
