"""QR symbols by the thousand: the ones that segno makes, in a quarter of its time.

Most of that time goes into trying the eight masks. Masks are XOR: two masks of one size of symbol differ by the same
modules whatever the symbol says. So segno makes each symbol once, and the other seven follow; all are weighed by
arithmetic on whole symbols, each one number whose bits are its rows and its columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

QUIET = 4
"""Modules of white on every side, as ISO/IEC 18004 asks."""
LEVELS = ("L", "M", "Q", "H")
_GAP = 4  # white modules behind each row and column, which the third rule looks at
_DIGITS = bytes.maketrans(b"\0\1", b"01")


def version_of(content: str, level: str) -> int:
    """The smallest version in which this can stand: 1 is 21 modules wide, each more adds 4."""
    return int(_made(content, level).version)


def width(version: int) -> int:
    """How many modules wide a symbol is, without its quiet zone."""
    return 17 + 4 * version


def rows(content: str, level: str, version: int) -> list[str]:
    """A symbol row by row, ``1`` for dark, without its quiet zone, under the mask that ISO/IEC 18004 prefers."""
    masks = _masks(level, version)
    symbol = _number(_made(content, level, version, 0).matrix)
    best = min(range(8), key=lambda mask: masks.penalty(symbol ^ masks.turned[mask]))
    side, stride = width(version), width(version) + _GAP
    text = f"{symbol ^ masks.turned[best]:0{2 * side * stride}b}"
    return [text[start : start + side] for start in range(0, side * stride, stride)]


@dataclass(frozen=True, slots=True)
class _Masks:
    """What is the same for all symbols of a level and version.

    ``turned``: what a mask changes of a symbol under the first. The rest picks modules of a symbol: those that are
    weighed (the standard leaves out what tells the mask and the version), pairs within a line, and upper rows.
    """

    side: int
    turned: tuple[int, ...]
    weighed: int
    pairs: int
    squares: int

    def penalty(self, whole: int) -> int:
        """How hard a symbol is to read: the four rules of ISO/IEC 18004:2015, 7.8.3.1, as segno reads them."""
        seen, stride = whole & self.weighed, self.side + _GAP
        same = ~(seen ^ (seen >> 1)) & self.pairs
        five = same & (same >> 1) & (same >> 2) & (same >> 3)
        runs = five.bit_count() + 2 * (five & ~(five << 1)).bit_count()
        level = ~(seen ^ (seen << stride))
        squares = (same & (same << stride) & level & self.squares).bit_count()
        dark = (seen >> (self.side * stride)).bit_count()
        return runs + 3 * squares + 40 * self._finders(seen) + 10 * int(abs(dark / self.side**2 * 100 - 50) / 5)

    def _finders(self, seen: int) -> int:
        """Patterns like those in the corners (1:1:3:1:1), with four white modules before or behind."""
        found = seen & ~(seen >> 1) & (seen >> 2) & (seen >> 3) & (seen >> 4) & ~(seen >> 5) & (seen >> 6)
        behind = (seen >> 7) | (seen >> 8) | (seen >> 9) | (seen >> 10)
        before = (seen << 1) | (seen << 2) | (seen << 3) | (seen << 4)
        found &= ~(behind & before)
        # Two that share modules count once: only what stands in front of a counted one in reading order does.
        return (found & ~((found >> 4 | found >> 6) & found)).bit_count()


@lru_cache
def _masks(level: str, version: int) -> _Masks:
    under = [_number(_made("0", level, version, mask).matrix) for mask in range(8)]
    side = width(version)
    pairs = [[0] + [1] * (side - 1)] * side
    squares = [[0] + [1] * (side - 1)] * (side - 1) + [[0] * side]
    return _Masks(
        side,
        tuple(each ^ under[0] for each in under),
        _number([[not _tells(row, column, version) for column in range(side)] for row in range(side)]),
        _number(pairs, pairs),
        _number(squares, [[0] * side] * side),
    )


def _tells(row: int, column: int, version: int) -> bool:
    """Whether a module tells the mask, the level or the version."""
    side = width(version)
    for along, across in ((row, column), (column, row)):
        if along == 8 and ((across <= 8 and across != 6) or across >= side - 8):
            return True
        if version >= 7 and along < 6 and side - 11 <= across < side - 8:
            return True
    return False


def _number(matrix: Sequence[Sequence[int]], columns: Sequence[Sequence[int]] | None = None) -> int:
    """A symbol as one number: its rows from the top, then its columns from the left, a gap behind each."""
    lines = [*matrix, *(zip(*matrix, strict=True) if columns is None else columns)]
    gap = bytes(_GAP)
    return int(b"".join(bytes(line) + gap for line in lines).translate(_DIGITS), 2)


def _made(content: str, level: str, version: int | None = None, mask: int | None = None) -> Any:
    import segno

    return segno.make_qr(content, error=level, version=version, mask=mask, boost_error=False)
