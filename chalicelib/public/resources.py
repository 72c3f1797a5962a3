"""Guides and short lessons, for anyone: the list, narrowed to a kind of reader, and each of them."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.public import edge
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

PATH = "/resources"


@edge.page(routes, PATH)
def resources(ask: Ask) -> Response:
    """The lessons: all of them, or those for one kind of reader (``?for=buyer``)."""
    from chalicelib.public import guides

    found = guides.listing(ask.query.get("for", ""))
    path = f"{PATH}?for={found['reader']}" if found["reader"] else PATH
    return edge.render(ask, "resources.html", path=path, index=path == PATH, cache=responses.REVALIDATE, **found)


@edge.page(routes, f"{PATH}/{{slug}}")
def resource(ask: Ask, slug: str) -> Response:
    """One lesson: what it says, what to do next, and three questions with their answers."""
    from chalicelib.public import guides

    found = guides.one(slug)
    return edge.render(ask, "resource.html", path=f"{PATH}/{found['slug']}", cache=responses.REVALIDATE, **found)


@edge.document(routes, "/v1/resources")
def resources_document(ask: Ask) -> Response:
    """The lessons, in the language asked for; ``?for=`` narrows them to a kind of reader."""
    from chalicelib.public import guides

    return _told(guides.listing_document(ask.query.get("for", ""), edge.spoken(ask)))


@edge.document(routes, "/v1/resources/{slug}")
def resource_document(ask: Ask, slug: str) -> Response:
    """One lesson with its questions and answers, in the language asked for."""
    from chalicelib.public import guides

    return _told(guides.document(slug, edge.spoken(ask)))


def _told(body: dict[str, Any]) -> Response:
    cache, code = responses.REVALIDATE, body["language"]
    return responses.json_response(body, cache=cache, Content_Language=code, Vary="Accept-Language")
