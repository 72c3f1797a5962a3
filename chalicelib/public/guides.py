"""What the pages of guides and lessons show. Loaded when somebody asks for one: no scan of a code waits for it."""

from __future__ import annotations

from typing import Any

from chalicelib.domain import learning
from chalicelib.public import edge
from chalicelib.web import lesson_sheet, lessons
from chalicelib.web.language import Language

PATH = "/resources"


def listing(given: str) -> dict[str, Any]:
    """What the list shows: all lessons, or those for one kind of reader; ``Malformed`` if there is none of the name."""
    reader = learning.audience(given)
    slugs = learning.lessons_for([reader] if reader else [])
    return {"reader": reader, "readers": lessons.AUDIENCE, "lessons": lesson_sheet.lines(slugs)}


def one(given: str) -> dict[str, Any]:
    """What the page of a lesson shows; ``NotFound`` if there is none of the name."""
    slug = learning.known(given.lower())
    shown = {"lesson": lessons.lesson(slug), "line": lesson_sheet.line(slug)}
    return {"slug": slug, "readers": lessons.AUDIENCE, **shown}


def listing_document(given: str, spoken: Language) -> dict[str, Any]:
    """The list for machines."""
    results = [lesson_sheet.card(each.slug, spoken, _address(each.slug)) for each in listing(given)["lessons"]]
    return {"language": spoken.code, "results": results}


def document(given: str, spoken: Language) -> dict[str, Any]:
    """A lesson for machines."""
    slug = learning.known(given.lower())
    return lesson_sheet.document(slug, spoken, _address(slug), edge.url(""))


def paths() -> list[str]:
    """The pages of all lessons, for the site map."""
    return [PATH, *(f"{PATH}/{slug}" for slug in learning.LESSONS)]


def _address(slug: str) -> str:
    return edge.url(f"{PATH}/{slug}")
