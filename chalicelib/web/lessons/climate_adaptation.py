"""A lesson for factories and organisers: adapting to climate change in four steps."""

from __future__ import annotations

from chalicelib.web.lessons import Lesson, Onward, Question, Section
from chalicelib.web.words import N_

LESSON = Lesson(
    title=N_("Adapt to climate change in four steps"),
    about=N_("How a factory prepares for heat, floods and droughts, one step after the other."),
    sections=(
        Section(
            N_("1. Analyse risks and opportunities"),
            (
                N_(
                    "What can happen here: heat, flood, storm, too little water, power cuts? How likely "
                    "is it, and how bad would it be?"
                ),
                N_("Ask the people on the floor: they know where the water comes in."),
            ),
        ),
        Section(
            N_("2. Draw up strategies"),
            (
                N_("Begin with what is likely and bad. Give each measure a date and somebody who answers for it."),
                N_("Much costs little: shade, drinking water, a raised store, a second supplier."),
            ),
        ),
        Section(
            N_("3. Communicate them"),
            (N_("Tell workers, buyers, neighbours and authorities what you plan. A plan in a drawer helps nobody."),),
        ),
        Section(
            N_("4. Find technology, finance and services"),
            (N_("List what you need and who offers it. Buyers and banks help sooner where there is a plan."),),
        ),
    ),
    onward=(Onward("/portal", N_("Go to my factories")),),
    questions=(
        Question(
            N_("Which risk comes first?"),
            (
                N_("A likely one that does much harm"),
                N_("The one in the news"),
                N_("The cheapest one"),
            ),
            0,
            N_("How likely times how bad: that gives the order."),
        ),
        Question(
            N_("What does a measure need?"),
            (
                N_("A date and somebody who answers for it"),
                N_("A consultant"),
                N_("A loan"),
            ),
            0,
            N_("Without them it stays a wish."),
        ),
        Question(
            N_("Whom do you tell of the plan?"),
            (
                N_("Nobody"),
                N_("Only the bank"),
                N_("Workers, buyers, neighbours and authorities"),
            ),
            2,
            N_("They are concerned, and each can do something."),
        ),
    ),
)
