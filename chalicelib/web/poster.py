"""What stands on a poster and on a sheet of labels: measured here, drawn as PDF here and as a page by templates."""

from __future__ import annotations

import math
from dataclasses import dataclass

from chalicelib.domain.errors import Malformed
from chalicelib.domain.phrase import phrase
from chalicelib.web import pdf, print_code, qr
from chalicelib.web.words import N_

LEVEL: qr.Level = "Q"
"""For paper that hangs in the open and labels that are handled: a twelfth of the code may be lost."""
HEADLINE = N_("Scan to see who we are, and which of our certificates hold today")
ADDRESS = N_("The address that opens must begin with")
CAUTION = N_("If another address opens, do not rely on what it says.")
MARGIN = 8.0  # mm that printers leave white
POSTER_CODE = 140.0  # mm, or less where a long name needs the room
_FOOT = 60.0  # mm for what stands below the code
_LABEL_LINES = 9.0  # mm for the lines below a code


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose poster: ``address`` is what the code says, ``shown_id`` what people type."""

    name: str
    place: str
    shown_id: str
    address: str
    begins_with: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet of labels that are cut apart. All measures in mm."""

    paper: str
    columns: int
    rows: int
    size: float

    @property
    def paper_size(self) -> tuple[float, float]:
        """Width and height of the paper."""
        return pdf.PAPERS[self.paper]

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of one label."""
        width, height = self.paper_size
        return (width - 2 * MARGIN) / self.columns, (height - 2 * MARGIN) / self.rows

    @property
    def largest(self) -> float:
        """The largest code that fits a label, in whole mm."""
        width, height = self.cell
        return float(math.floor(min(width, height - _LABEL_LINES)))


def grid(paper: str, columns: int, rows: int, size: float | None, address: str) -> Grid:
    """A sheet as asked; the largest code that fits, up to 40 mm, if no size is. ``Malformed`` with advice."""
    if not (1 <= columns <= 10 and 1 <= rows <= 20):
        raise Malformed("A sheet has 1 to 10 columns and 1 to 20 rows.")
    empty = Grid(paper, columns, rows, 0.0)
    needed = print_code.smallest_mm(address, LEVEL)
    if empty.largest < needed:
        raise Malformed(
            phrase(
                "These labels are too small: a code needs %(least)s mm. Take fewer columns or rows.",
                least=f"{needed:g}",
            )
        )
    wanted = min(empty.largest, 40.0) if size is None else size
    if wanted > empty.largest:
        raise Malformed(
            phrase(
                "Codes of %(size)s mm do not fit: at most %(most)s mm with so many labels.",
                size=f"{wanted:g}",
                most=f"{empty.largest:g}",
            )
        )
    print_code.refuse_unreadable(address, LEVEL, wanted)
    return Grid(paper, columns, rows, wanted)


def poster_pdf(paper: str, subject: Subject, said: tuple[str, str, str]) -> str:
    """A poster as PDF. ``said``: headline, address and caution in the reader's language."""
    width, height = pdf.PAPERS[paper]
    page = pdf.Document((width, height), f"{subject.name} {subject.shown_id}", qr.modules(subject.address, LEVEL))
    middle, y = width / 2, 28.0
    headline, address, caution = said
    for points, text in ((26, headline), (22, subject.name), (14, subject.place)):
        for line in pdf.wrapped(text, points, width - 40) if text else []:
            page.text(line, middle, y, points, centred=True)
            y += points * 0.45
        y += 3
    room = height - _FOOT - y + 8  # the white border of a code is room enough
    size = min(POSTER_CODE, room)
    page.code(middle - size / 2, y - 8 + (room - size) / 2, size, qr.QUIET)
    page.text(subject.shown_id, middle, height - 54, 24, centred=True)
    for y, points, text in ((40.0, 13, address), (33.0, 15, subject.begins_with), (24.0, 13, caution)):
        page.text(text, middle, height - y, points, centred=True)
    return page.written()


def labels_pdf(sheet: Grid, subject: Subject) -> str:
    """A sheet of labels as PDF, with thin lines to cut along."""
    page = pdf.Document(sheet.paper_size, subject.shown_id, qr.modules(subject.address, LEVEL))
    width, height = sheet.cell
    for row in range(sheet.rows):
        for column in range(sheet.columns):
            x, y = MARGIN + column * width, MARGIN + row * height
            top = y + (height - sheet.size - _LABEL_LINES) / 2
            page.code(x + (width - sheet.size) / 2, top, sheet.size, qr.QUIET)
            page.text(subject.shown_id, x + width / 2, top + sheet.size + 3, 9, centred=True)
            page.text(subject.begins_with, x + width / 2, top + sheet.size + 6.5, 6, centred=True)
    right, bottom = sheet.paper_size[0] - MARGIN, sheet.paper_size[1] - MARGIN
    for column in range(sheet.columns + 1):
        page.rule(MARGIN + column * width, MARGIN, MARGIN + column * width, bottom)
    for row in range(sheet.rows + 1):
        page.rule(MARGIN, MARGIN + row * height, right, MARGIN + row * height)
    return page.written()
