"""What lessons say: one module each, named as the lesson is, loaded when somebody first asks for it.

Every text is marked by ``N_`` and translated when it is shown. A paragraph is a text of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from chalicelib.domain.learning import LESSONS, known
from chalicelib.web.words import N_

WORDS_A_MINUTE = 120
"""Slow enough for who reads a foreign language, or answers on the way."""

AUDIENCE = {
    "consumer": N_("Consumers"),
    "buyer": N_("Buyers"),
    "factory": N_("Factories"),
    "member": N_("ICS members"),
    "organiser": N_("Organisers of programmes"),
}
"""For whom lessons are, in words."""

NEED = {
    "profile": N_("Your profile lacks things that people look for."),
    "page": N_("Your page is a draft: nobody who scans the code finds it."),
    "confirmation": N_("You declared a certificate that nobody has confirmed yet."),
}
"""Why a lesson is the next one, in words."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Onward:
    """A page of this service where one does what was learned; for who runs one factory, the ``tab`` of its pages."""

    path: str
    title: str
    tab: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answers: which of them is ``right``, counted from 0, and why."""

    text: str
    answers: tuple[str, ...]
    right: int
    why: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson in English, to be translated text by text."""

    title: str
    about: str
    sections: tuple[Section, ...]
    onward: tuple[Onward, ...]
    questions: tuple[Question, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is read of it."""
        asked = [text for each in self.questions for text in (each.text, *each.answers, each.why)]
        said = [text for each in self.sections for text in (each.title, *each.paragraphs)]
        return (self.title, self.about, *said, *(each.title for each in self.onward), *asked)

    @property
    def minutes(self) -> int:
        """How long it takes, by its words."""
        words = sum(len(text.split()) for text in self.texts)
        return -(-words // WORDS_A_MINUTE)

    @property
    def right(self) -> tuple[int, ...]:
        """The right answer of each question."""
        return tuple(each.right for each in self.questions)


@lru_cache(maxsize=len(LESSONS))
def lesson(slug: str) -> Lesson:
    """What a lesson says. ``NotFound`` if there is none of that name."""
    found: Lesson = import_module(f"{__name__}.{known(slug).replace('-', '_')}").LESSON
    return found
