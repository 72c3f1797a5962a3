"""A lesson for whoever reads a page: what the date of an audit says, and what it does not."""

from __future__ import annotations

from chalicelib.web.lessons import Lesson, Onward, Question, Section
from chalicelib.web.words import N_

LESSON = Lesson(
    title=N_("Read an audit date"),
    about=N_("What the date and the type of an audit say, and what they do not."),
    sections=(
        Section(
            N_("What you see"),
            (
                N_(
                    "ICS members have their suppliers audited together. ICS shares here the date of "
                    "each audit and its type. Nothing more."
                ),
                N_(
                    "A social audit looks at people: hours, pay, safety, child and forced labour. An "
                    "environmental one looks at energy, water, waste and air."
                ),
            ),
        ),
        Section(
            N_("The types"),
            (
                N_(
                    "Initial: the first one. Follow-up: somebody came back to look at certain points. "
                    "Re-audit: all was looked at once more."
                ),
                N_("Announced, semi-announced or unannounced says how much the factory knew of the day."),
            ),
        ),
        Section(
            N_("What it does not say"),
            (
                N_(
                    "An audit is not a certificate, and nobody passes or fails it here. No result, "
                    "score or finding is shared."
                ),
                N_(
                    "An old date is no reproach, and a new one is no praise. If no audit is shown, that "
                    "is no judgement."
                ),
            ),
        ),
    ),
    onward=(
        Onward("/factories", N_("Find a factory")),
        Onward("/verify", N_("Check certificates")),
    ),
    questions=(
        Question(
            N_("A page shows a social audit of March. What do you know?"),
            (
                N_("The factory did well in it."),
                N_("The factory is certified."),
                N_("An audit took place in March."),
            ),
            2,
            N_("Date and type are all that is shared. How it went is not known here."),
        ),
        Question(
            N_("There is a follow-up. What does that mean?"),
            (
                N_("Somebody came back to look at certain points."),
                N_("The factory failed."),
                N_("All problems are solved."),
            ),
            0,
            N_("A follow-up is a usual step. It says neither good nor bad."),
        ),
        Question(
            N_("You want to know the result. Whom do you ask?"),
            (
                N_("This registry"),
                N_("Nobody: it is shown on the page"),
                N_("The factory, or the brand that you buy from"),
            ),
            2,
            N_("The registry does not hold results, so it cannot share them."),
        ),
    ),
)
