"""A lesson for machines, and as rows of a list, in a language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.learning import LESSONS
from chalicelib.web.language import Language
from chalicelib.web.lessons import lesson


@dataclass(frozen=True, slots=True)
class Line:
    """A lesson in a list. Texts are translated when shown."""

    slug: str
    title: str
    about: str
    audiences: tuple[str, ...]
    minutes: int


def line(slug: str) -> Line:
    """A lesson as it stands in a list."""
    said = lesson(slug)
    return Line(slug, said.title, said.about, tuple(map(str, LESSONS[slug])), said.minutes)


def lines(slugs: Iterable[str]) -> list[Line]:
    """Several of them."""
    return [line(slug) for slug in slugs]


def card(slug: str, spoken: Language, url: str) -> dict[str, Any]:
    """A lesson in a list for machines."""
    each = line(slug)
    return {
        "slug": slug,
        "title": spoken.gettext(each.title),
        "about": spoken.gettext(each.about),
        "audiences": list(each.audiences),
        "minutes": each.minutes,
        "url": url,
    }


def document(slug: str, spoken: Language, url: str, base_url: str) -> dict[str, Any]:
    """The whole lesson for machines. ``right`` counts answers from 0."""
    said, translated = lesson(slug), spoken.gettext
    return {
        **card(slug, spoken, url),
        "language": spoken.code,
        "sections": [
            {"title": translated(each.title), "paragraphs": [translated(text) for text in each.paragraphs]}
            for each in said.sections
        ],
        "next": [{"title": translated(each.title), "url": base_url + each.path} for each in said.onward],
        "questions": [
            {
                "question": translated(each.text),
                "answers": [translated(text) for text in each.answers],
                "right": each.right,
                "why": translated(each.why),
            }
            for each in said.questions
        ],
    }
