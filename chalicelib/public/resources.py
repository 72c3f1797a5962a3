"""Guides and short lessons, for anyone: the list, narrowed to a kind of reader, and each of them."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.domain import learning
from chalicelib.domain.learning import LESSONS, Audience
from chalicelib.public import edge
from chalicelib.web import lesson_sheet, lessons, responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

PATH = "/resources"


@edge.page(routes, PATH)
def resources(ask: Ask) -> Response:
    """The lessons: all of them, or those for one kind of reader (``?for=buyer``)."""
    reader = learning.audience(ask.query.get("for", ""))
    return edge.render(
        ask,
        "resources.html",
        path=f"{PATH}?for={reader}" if reader else PATH,
        index=reader is None,
        cache=responses.REVALIDATE,
        reader=reader,
        readers=lessons.AUDIENCE,
        lessons=lesson_sheet.lines(_asked(reader)),
    )


@edge.page(routes, f"{PATH}/{{slug}}")
def resource(ask: Ask, slug: str) -> Response:
    """One lesson: what it says, what to do next, and three questions with their answers."""
    slug = learning.known(slug.lower())
    return edge.render(
        ask,
        "resource.html",
        path=f"{PATH}/{slug}",
        cache=responses.REVALIDATE,
        slug=slug,
        lesson=lessons.lesson(slug),
        line=lesson_sheet.line(slug),
        readers=lessons.AUDIENCE,
    )


@edge.document(routes, "/v1/resources")
def resources_document(ask: Ask) -> Response:
    """The lessons, in the language asked for; ``?for=`` narrows them to a kind of reader."""
    spoken = edge.spoken(ask)
    reader = learning.audience(ask.query.get("for", ""))
    results = [lesson_sheet.card(slug, spoken, address(slug)) for slug in _asked(reader)]
    return _told({"language": spoken.code, "results": results}, spoken.code)


@edge.document(routes, "/v1/resources/{slug}")
def resource_document(ask: Ask, slug: str) -> Response:
    """One lesson with its questions and answers, in the language asked for."""
    spoken, slug = edge.spoken(ask), learning.known(slug.lower())
    return _told(lesson_sheet.document(slug, spoken, address(slug), edge.url("")), spoken.code)


def address(slug: str) -> str:
    """Where a lesson is, for people."""
    return edge.url(f"{PATH}/{slug}")


def paths() -> list[str]:
    """The pages of all lessons, for the site map."""
    return [PATH, *(f"{PATH}/{slug}" for slug in LESSONS)]


def _asked(reader: Audience | None) -> list[str]:
    return learning.lessons_for([reader] if reader else [])


def _told(body: dict[str, object], code: str) -> Response:
    cache = responses.REVALIDATE
    return responses.json_response(body, cache=cache, Content_Language=code, Vary="Accept-Language")
