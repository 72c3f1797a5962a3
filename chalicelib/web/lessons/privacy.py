"""A lesson for factories and members: the network, and who sees what."""

from __future__ import annotations

from chalicelib.web.lessons import Lesson, Onward, Question, Section
from chalicelib.web.words import N_

LESSON = Lesson(
    title=N_("Network and privacy: who sees what"),
    about=N_("Three circles of readers, and who decides about each field and each link."),
    sections=(
        Section(
            N_("Three circles"),
            (
                N_(
                    "Public: everybody, search engines too. Network: the ICS members that you supply. "
                    "Private: you, and the registry's staff."
                ),
                N_("Each field has its circle. Contact details start private."),
            ),
        ),
        Section(
            N_("You decide"),
            (
                N_(
                    "The factory chooses the circle of each field. A change acts at once, on every page "
                    "and for every program."
                ),
                N_("Name, country and Factory ID are always public: without them a code would lead nowhere."),
            ),
        ),
        Section(
            N_("Links to brands"),
            (
                N_("A link shows in public only if the factory and the brand both agree. Either may end it."),
                N_("A brand that added you by itself sees only what everybody sees, until you say that you supply it."),
            ),
        ),
    ),
    onward=(Onward("/portal", N_("Decide who sees what"), "privacy"),),
    questions=(
        Question(
            N_("You set your telephone number to “network”. Who sees it?"),
            (
                N_("The ICS members that you supply"),
                N_("Everybody"),
                N_("Only you"),
            ),
            0,
            N_("That is every brand that invited you, or that you say you supply."),
        ),
        Question(
            N_("A brand wants to show in public that you supply it. What does it need?"),
            (
                N_("Nothing"),
                N_("Your consent"),
                N_("The consent of ICS"),
            ),
            1,
            N_("Both sides have to agree, and either can change its mind."),
        ),
        Question(
            N_("When does a change from public to private act?"),
            (
                N_("After the next audit"),
                N_("At once"),
                N_("After a day"),
            ),
            1,
            N_("What is not public is not in the public table at all, from the moment that you save."),
        ),
    ),
)
