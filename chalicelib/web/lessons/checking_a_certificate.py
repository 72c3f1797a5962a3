"""A lesson for whoever relies on a certificate: its statuses, the day, and who stands behind it."""

from __future__ import annotations

from chalicelib.web.lessons import Lesson, Onward, Question, Section
from chalicelib.web.words import N_

LESSON = Lesson(
    title=N_("Check a certificate"),
    about=N_("What each status means, which day it is about, and who stands behind it."),
    sections=(
        Section(
            N_("Five statuses"),
            (
                N_(
                    "Valid: it holds. Not yet valid: it begins later. Expired: it ended. Suspended: it "
                    "does not hold for now. Withdrawn: it does not hold any more."
                ),
                N_(
                    "Unknown only means that the number is not on record here. It does not mean a "
                    "forgery: check the number first."
                ),
            ),
        ),
        Section(
            N_("Today, or another day"),
            (
                N_("The status is worked out when you ask. Ask again when it matters: it can change within the hour."),
                N_("For goods of last spring, ask about a day of last spring."),
            ),
        ),
        Section(
            N_("Confirmed or declared"),
            (
                N_(
                    "Confirmed: the certifier itself put it on record. Declared: the factory says so, "
                    "and nobody has confirmed it."
                ),
                N_("Compare number, holder, standard and scope with the paper. Does the scope cover what you buy?"),
            ),
        ),
    ),
    onward=(
        Onward("/verify", N_("Check many certificates")),
        Onward("/", N_("Check one")),
    ),
    questions=(
        Question(
            N_("A certificate is “Declared valid”. What do you do?"),
            (
                N_("I rely on it."),
                N_("I ask the certifier."),
                N_("I report a forgery."),
            ),
            1,
            N_("Nobody but the factory has said so yet. Its certifier knows."),
        ),
        Question(
            N_("It was valid yesterday and you ship today. What do you do?"),
            (
                N_("I ask again today."),
                N_("Nothing: it holds until its last day."),
                N_("I keep a picture of the page."),
            ),
            0,
            N_("It may have been suspended or withdrawn since."),
        ),
        Question(
            N_("The answer is “unknown”. What does that mean?"),
            (
                N_("It is a forgery."),
                N_("It has ended."),
                N_("It is not on record here."),
            ),
            2,
            N_("Check the number, then ask the certifier. Not every certificate is on record here."),
        ),
    ),
)
