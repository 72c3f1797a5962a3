"""A lesson for factories and organisers: using less, and using it again."""

from __future__ import annotations

from chalicelib.web.lessons import Lesson, Onward, Question, Section
from chalicelib.web.words import N_

LESSON = Lesson(
    title=N_("Use less, and use it again"),
    about=N_("Resource efficiency and circular production: measure, change one thing, measure again."),
    sections=(
        Section(
            N_("Measure first"),
            (
                N_("Read the meters of energy and water each month, and weigh the waste."),
                N_(
                    "Divide by what you made: kilowatt-hours a piece, litres a kilogram. Only so can "
                    "two months be compared."
                ),
                N_("A year of readings is your baseline. Then set a target."),
            ),
        ),
        Section(
            N_("Change one thing"),
            (
                N_("Begin with leaks: steam, compressed air, dripping taps. Then insulation, then new machines."),
                N_("Measure again. A bad month is no shame, and hiding it helps nobody."),
            ),
        ),
        Section(
            N_("Close the circle"),
            (
                N_(
                    "Avoid waste, then use it again, then recycle it. Keep kinds of waste apart: mixed "
                    "scraps are worth nothing."
                ),
                N_("In a programme a coach comes three times: to look, to help, to see what came of it."),
            ),
        ),
    ),
    onward=(Onward("/portal", N_("Go to my factories")),),
    questions=(
        Question(
            N_("Electricity rose by 10 per cent and output by 30. What happened?"),
            (
                N_("You became less efficient."),
                N_("You became more efficient."),
                N_("One cannot know."),
            ),
            1,
            N_("Per piece you used less. That is what is compared."),
        ),
        Question(
            N_("What comes first?"),
            (
                N_("Buying new machines"),
                N_("Printing a label"),
                N_("Mending leaks"),
            ),
            2,
            N_("It costs least and saves from the first day."),
        ),
        Question(
            N_("What is best for scraps of fabric?"),
            (
                N_("Burn them"),
                N_("Have fewer of them, and keep them apart"),
                N_("Mix them with other waste"),
            ),
            1,
            N_("What is not made into waste costs nothing; what is kept apart can be used again."),
        ),
    ),
)
