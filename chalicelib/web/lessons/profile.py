"""A lesson for factories: what a profile is for, and how to fill it in."""

from __future__ import annotations

from chalicelib.web.lessons import Lesson, Onward, Question, Section
from chalicelib.web.words import N_

LESSON = Lesson(
    title=N_("Fill in your factory's profile"),
    about=N_("What people look for on your page, and what to do with the words that ICS sent."),
    sections=(
        Section(
            N_("Start from what is there"),
            (
                N_("Your page begins with what an audit noted: name, address, what you make. Read it first."),
                N_("If something is wrong, write your own words beside it. Both show where they come from, and when."),
            ),
        ),
        Section(
            N_("Fill in what people look for"),
            (
                N_("Buyers search by product, process and place. Give the address where the work is done."),
                N_("Describe your work in two or three sentences, in the languages that you speak with buyers."),
                N_("Say only what you can show. Words such as “green” need proof."),
            ),
        ),
        Section(
            N_("Keep it true"),
            (
                N_("Look at the preview, then publish. Come back when something changes, and at least once a year."),
                N_(
                    "If the factory moves or closes, tell the registry. Your Factory ID stays, so old "
                    "codes still lead home."
                ),
            ),
        ),
    ),
    onward=(Onward("/portal", N_("Go to my factories"), "profile"),),
    questions=(
        Question(
            N_("ICS noted an old address. What do you do?"),
            (
                N_("I ask for a new Factory ID."),
                N_("I write the right address in my profile."),
                N_("I wait for the next audit."),
            ),
            1,
            N_("Your word counts beside that of ICS, with its date. The ID stays the same."),
        ),
        Question(
            N_("Which address belongs there?"),
            (
                N_("The head office"),
                N_("The agent's office"),
                N_("The place where the work is done"),
            ),
            2,
            N_("Who scans wants to know where the product was made."),
        ),
        Question(
            N_("Who sees a profile that is not published?"),
            (
                N_("Only those who run it, and staff"),
                N_("Everybody"),
                N_("Everybody with the QR code"),
            ),
            0,
            N_("A draft is public nowhere. The code leads to it once you publish."),
        ),
    ),
)
