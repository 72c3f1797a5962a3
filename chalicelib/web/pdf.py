"""PDF written as plain ASCII: rectangles and lines of Helvetica, nothing compressed, nothing embedded.

A PDF of bytes could not be sent: the gateway passes bytes only to those whose first Accept entry names their type,
and a browser's never does. A PDF of ASCII is text, and passes as it is. The price is the alphabet: the fonts that
every reader of PDF has hold Latin letters only, so that other scripts are printed from the page instead.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from chalicelib.domain.errors import Malformed

PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
"""Width and height in mm."""

_POINTS = 72 / 25.4
_MARKS = {
    "ACUTE": "acute",
    "GRAVE": "grave",
    "CIRCUMFLEX": "circumflex",
    "DIAERESIS": "dieresis",
    "TILDE": "tilde",
    "RING ABOVE": "ring",
    "CEDILLA": "cedilla",
    "CARON": "caron",
    "BREVE": "breve",
    "MACRON": "macron",
    "OGONEK": "ogonek",
    "DOT ABOVE": "dotaccent",
    "DOUBLE ACUTE": "hungarumlaut",
}
# Adobe's standard Latin set has these letters with marks, and no others.
_MARKED = set(
    "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿĀāĂăĄąĆćČčĎĒēĖėĘęĚěĞğĪīĮįİŃńŇňŌōŐőŔŕŘřŚśŞşŠšŤŪūŮůŰűŲųŸŹźŻżŽž"
)
_NAMED = {
    "ı": "dotlessi", "ß": "germandbls", "Æ": "AE", "æ": "ae", "Ø": "Oslash", "ø": "oslash", "Œ": "OE",
    "œ": "oe", "Ł": "Lslash", "ł": "lslash", "Đ": "Dcroat", "đ": "dcroat", "’": "quoteright", "‘": "quoteleft",
    "“": "quotedblleft",
    "”": "quotedblright", "–": "endash", "—": "emdash", "·": "periodcentered", "«": "guillemotleft",
    "»": "guillemotright", "°": "degree", "&": "ampersand", "×": "multiply", "…": "ellipsis", "¿": "questiondown",
    "¡": "exclamdown", "ª": "ordfeminine", "º": "ordmasculine", "©": "copyright", "®": "registered",
}  # fmt: skip
# Widths of Helvetica from U+0020 to U+007E, in thousandths of the letters' height.
_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 "
    "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
    "278 556 500 722 500 500 500 334 260 334 584"
)
_WIDTH = dict(zip(map(chr, range(32, 127)), map(int, _WIDTHS.split()), strict=True))


def printable(text: str) -> bool:
    """Whether a text can be set in the fonts that every reader of PDF has."""
    return all(letter in _WIDTH or _glyph(letter) for letter in unicodedata.normalize("NFC", text))


def width_mm(text: str, points: float) -> float:
    """How long a line of text is."""
    return sum(_advance(letter) for letter in text) / 1000 * points / _POINTS


def wrapped(text: str, points: float, most_mm: float) -> list[str]:
    """A text broken at its blanks into lines that are no longer than that; a word that is longer stays whole."""
    lines = [""]
    for word in text.split():
        tried = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_mm(tried, points) > most_mm:
            lines.append(word)
        else:
            lines[-1] = tried
    return lines


class Document:
    """One page of a given size in mm, measured from its upper left corner, and one code that it may show often."""

    def __init__(self, size_mm: tuple[float, float], title: str, modules: Sequence[Sequence[int]]) -> None:
        self.width, self.height = size_mm
        self._title = title
        self._modules = modules
        self._drawn: list[str] = []
        self._kept = ""
        self._codes: dict[str, int] = {}

    def text(self, line: str, x: float, y: float, points: float, *, centred: bool = False) -> None:
        """A line of text whose base line is at ``y``. ``Malformed`` for letters that the fonts don't have."""
        line = unicodedata.normalize("NFC", line)
        left = x - width_mm(line, points) / 2 if centred else x
        at = f"{left * _POINTS:.2f} {(self.height - y) * _POINTS:.2f}"
        self._drawn.append(f"BT /F {points:g} Tf {at} Td ({self._encoded(line)}) Tj ET")

    def code(self, x: float, y: float, size: float, quiet: int) -> None:
        """The code with its quiet zone, its upper left corner at a place."""
        module = size / (len(self._modules) + 2 * quiet) * _POINTS
        left, bottom = x * _POINTS + quiet * module, (self.height - y - size) * _POINTS + quiet * module
        self._drawn.append(f"q {module:.5f} 0 0 {module:.5f} {left:.3f} {bottom:.3f} cm /Q Do Q")

    def keep(self, text: str) -> None:
        """Keep a text in the file, unseen, for programs that read it back. ASCII without brackets or backslashes."""
        self._kept = f" /Keywords ({text})"

    def rule(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """A thin grey line, to cut along."""
        ends = [(x1, y1), (x2, y2)]
        (a, b), (c, d) = [(f"{x * _POINTS:.2f}", f"{(self.height - y) * _POINTS:.2f}") for x, y in ends]
        self._drawn.append(f"q 0.6 G 0.4 w [2 2] 0 d {a} {b} m {c} {d} l S Q")

    def written(self) -> str:
        """The document, in ASCII."""
        box = f"[0 0 {self.width * _POINTS:.2f} {self.height * _POINTS:.2f}]"
        glyphs = " ".join(f"{number} /{_glyph(letter)}" for letter, number in self._codes.items())
        side = len(self._modules)
        title = "FEFF" + self._title.encode("utf-16-be").hex().upper()
        objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Contents 4 0 R "
            "/Resources << /Font << /F 5 0 R >> /XObject << /Q 6 0 R >> >> >>",
            _stream("", "\n".join(self._drawn)),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding "
            f"<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [{glyphs}] >> >>",
            _stream(f"/Type /XObject /Subtype /Form /BBox [0 0 {side} {side}] ", _dark(self._modules)),
            f"<< /Title <{title}>{self._kept} >>",
        ]
        out, offsets = "%PDF-1.4\n", []
        for number, body in enumerate(objects, 1):
            offsets.append(len(out))
            out += f"{number} 0 obj\n{body}\nendobj\n"
        table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
        count = len(objects) + 1
        trailer = f"trailer\n<< /Size {count} /Root 1 0 R /Info 7 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
        return f"{out}xref\n0 {count}\n0000000000 65535 f \n{table}{trailer}"

    def _encoded(self, line: str) -> str:
        return "".join(self._letter(letter) for letter in line)

    def _letter(self, letter: str) -> str:
        if letter in _WIDTH:
            return f"\\{letter}" if letter in "()\\" else letter
        if not _glyph(letter):
            raise Malformed("This text has letters that the fonts of a PDF do not have: print the page instead.")
        number = self._codes.setdefault(letter, 128 + len(self._codes))
        if number > 255:
            raise Malformed("This text has too many different letters for a PDF: print the page instead.")
        return f"\\{number:03o}"


def _stream(entries: str, content: str) -> str:
    return f"<< {entries}/Length {len(content)} >>\nstream\n{content}\nendstream"


def _dark(modules: Sequence[Sequence[int]]) -> str:
    """Dark modules as rectangles, as tall as they can be, so that no seam shows between rows."""
    left = {(x, y) for y, row in enumerate(modules) for x, dark in enumerate(row) if dark}
    drawn = []
    for y, row in enumerate(modules):
        for x in range(len(row)):
            if (x, y) in left:
                wide = 1
                while (x + wide, y) in left:
                    wide += 1
                tall = 1
                while all((x + step, y + tall) in left for step in range(wide)):
                    tall += 1
                left -= {(x + i, y + j) for i in range(wide) for j in range(tall)}
                drawn.append(f"{x} {len(modules) - y - tall} {wide} {tall} re")
    return "\n".join(drawn) + "\nf"


def _glyph(letter: str) -> str:
    if letter in _NAMED:
        return _NAMED[letter]
    if letter not in _MARKED:
        return ""
    base, mark = list(unicodedata.normalize("NFD", letter))
    return base + _MARKS[unicodedata.name(mark).removeprefix("COMBINING ").removesuffix(" ACCENT")]


def _advance(letter: str) -> int:
    if letter in _WIDTH:
        return _WIDTH[letter]
    plain = {"ı": "i", "Æ": "M", "æ": "m", "Œ": "M", "œ": "m", "Ł": "L", "ł": "l"}.get(letter)
    return _WIDTH.get(plain or unicodedata.normalize("NFD", letter)[0], 556)
