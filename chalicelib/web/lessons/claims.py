"""A lesson for whoever says something of a product: claims, and what the law of the Union asks of them."""

from __future__ import annotations

from chalicelib.web.lessons import Lesson, Onward, Question, Section
from chalicelib.web.words import N_

LESSON = Lesson(
    title=N_("Claims: what one may say"),
    about=N_(
        "How to speak of sustainability so that it is true, can be checked, and is allowed in the European Union."
    ),
    sections=(
        Section(
            N_("A claim is no certificate"),
            (
                N_(
                    "A claim is what somebody says of a product or a factory. Here it stands with its "
                    "evidence and who verified it, or that nobody did."
                ),
            ),
        ),
        Section(
            N_("What the Union forbids"),
            (
                N_("Directive (EU) 2024/825 applies since 27 September 2026 to what consumers in the Union are told."),
                N_(
                    "General words such as “green” or “eco-friendly” are forbidden without recognised "
                    "excellent environmental performance."
                ),
                N_(
                    "A label needs a certification scheme or a public authority behind it. One of your "
                    "own making is not allowed."
                ),
                N_(
                    "“Climate neutral” must not rest on offsetting. What is true of a part must not be "
                    "said of the whole."
                ),
            ),
        ),
        Section(
            N_("Say it well"),
            (
                N_(
                    "Name the part, the number, the year and the method: “Our dyeing used 18 per cent "
                    "less water in 2025 than in 2023.”"
                ),
                N_("For the future, publish a plan with dates, and have an independent expert check it regularly."),
                N_("This is an introduction, not legal advice."),
            ),
        ),
    ),
    onward=(
        Onward("/portal", N_("Look at my claims and certificates"), "certificates"),
        Onward("/verify", N_("Check certificates")),
    ),
    questions=(
        Question(
            N_("Which sentence can stand?"),
            (
                N_("“Our eco-friendly shirts”"),
                N_("“The cotton of this shirt is organic, by certificate CU 123”"),
                N_("“A shirt that is good for the planet”"),
            ),
            1,
            N_("It names the part, and what can be checked. The others are general words."),
        ),
        Question(
            N_("May you print “ICS audited” as if it were a label?"),
            (
                N_("Yes, if the audit is new"),
                N_("Yes, if ICS knows of it"),
                N_("No"),
            ),
            2,
            N_("An audit is not a certificate and not a label. ICS says so itself."),
        ),
        Question(
            N_("You bought offsets for a product. May you call it climate neutral?"),
            (
                N_("No"),
                N_("Yes"),
                N_("Yes, with a footnote"),
            ),
            0,
            N_("Such a claim must rest on the product itself, not on offsetting elsewhere."),
        ),
    ),
)
