"""A lesson for factories, and for whoever scans: the Factory ID and its QR code."""

from __future__ import annotations

from chalicelib.web.lessons import Lesson, Onward, Question, Section
from chalicelib.web.words import N_

LESSON = Lesson(
    title=N_("Your Factory ID and its QR code"),
    about=N_("What the code says, where to print it, and why it never changes."),
    sections=(
        Section(
            N_("One ID, for good"),
            (
                N_(
                    "A Factory ID is two letters for the country and ten characters. It never changes "
                    "and is never given to another."
                ),
                N_("The QR code holds the address of your page, and nothing else. It knows nobody who scans it."),
            ),
        ),
        Section(
            N_("Print it well"),
            (
                N_("At least 20 mm wide; on a wall, a tenth of the distance from which it is scanned."),
                N_("Black on white, with its white margin. No logo on it, no stretching."),
                N_("Print the ID beside it, for whoever cannot scan. Scan one print before you make many."),
            ),
        ),
        Section(
            N_("What it does not say"),
            (
                N_("The code is no certificate. It leads to a page that says what holds today."),
                N_("A code can be copied onto another's product. So the page asks readers to compare name and place."),
            ),
        ),
    ),
    onward=(
        Onward("/portal", N_("Get my code"), "share"),
        Onward("/factories", N_("Find a factory")),
    ),
    questions=(
        Question(
            N_("A certificate of yours has ended. What becomes of the printed codes?"),
            (
                N_("They must be destroyed."),
                N_("They stop working."),
                N_("They still work, and the page says that it ended."),
            ),
            2,
            N_("The code leads to the page, and the page says what holds on the day of the scan."),
        ),
        Question(
            N_("What is the smallest width to print it in?"),
            (
                N_("20 mm"),
                N_("10 mm"),
                N_("5 mm"),
            ),
            0,
            N_("Smaller codes cannot be read by many phones."),
        ),
        Question(
            N_("What does the code prove by itself?"),
            (
                N_("That the product is genuine"),
                N_("Nothing: it leads to a page"),
                N_("That an audit was passed"),
            ),
            1,
            N_("Anybody can copy a code. Compare what the page says with what you hold."),
        ),
    ),
)
