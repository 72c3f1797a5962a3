"""A badge for other people's pages: what holds at this moment, as SVG, and the script-free HTML that shows it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.certificate import Status
from chalicelib.domain.disclosure import answer_on
from chalicelib.domain.errors import NotFound, Unavailable
from chalicelib.public import edge
from chalicelib.public.certificate import answered
from chalicelib.store import reader
from chalicelib.web import pages, responses
from chalicelib.web.request import Ask
from chalicelib.web.shown import about

routes = Blueprint(__name__)

WIDTH, HEIGHT = 330, 92
_LONGEST = 40  # characters of a line


@edge.document(routes, "/badge/{kind}/{file}")
def badge(ask: Ask, kind: str, file: str) -> Response:
    """Asked for anew each time that a page with it is opened. What cannot be read is said on the badge as well."""
    stem, _, ending = file.rpartition(".")
    draw = _DRAWN.get(kind.lower())
    if draw is None or ending.lower() != "svg":
        raise NotFound("There are badges at /badge/f/{id}.svg and /badge/c/{code}.svg.")
    try:
        return draw(ask, stem)
    except Unavailable:
        return _drawn(ask, "unavailable", edge.SETTINGS.host, http_status=503)


def snippet(kind: str, identifier: str, name: str) -> str:
    """HTML to paste into a page: a picture that links to the page behind it. No script, and no referrer sent."""
    alt = f"{name} ({identity.shown(identifier)}): present standing, from {edge.SETTINGS.host}"
    return (
        f'<a href="{escape(edge.url(f"/{kind}/{identifier}"))}" rel="noopener" referrerpolicy="no-referrer">'
        f'<img src="{escape(edge.url(f"/badge/{kind}/{identifier}.svg"))}" width="{WIDTH}" height="{HEIGHT}" '
        f'alt="{escape(alt)}" loading="lazy" referrerpolicy="no-referrer"></a>'
    )


def _certificate(ask: Ask, stem: str) -> Response:
    code = identity.parse_certificate_code(stem)
    answer = answered(code, clock.today())
    if answer is None:
        return _drawn(ask, "unknown", identity.shown(code), http_status=404)
    page = answer.certificate
    face = "declared" if answer.status is Status.VALID and not page.confirmed else answer.status.value
    return _drawn(ask, face, f"{page.number} · {page.standard_name}", page.holder_name)


def _factory(ask: Ask, stem: str) -> Response:
    code = identity.parse_factory_id(stem)
    page = reader.factory(code)
    if page is None:
        return _drawn(ask, "unknown", identity.shown(code), http_status=404)
    answers = [answer_on(each, clock.today()) for each in page.certificates]
    holds = sum(answer.status is Status.VALID and answer.certificate.confirmed for answer in answers)
    return _drawn(ask, "factory", page.name, shown_id=identity.shown(code), state=page.state, holds=holds)


_DRAWN: dict[str, Callable[[Ask, str], Response]] = {"c": _certificate, "f": _factory}


def _drawn(
    ask: Ask,
    face: str,
    first: str,
    detail: str = "",
    *,
    shown_id: str = "",
    state: str = "open",
    holds: int = 0,
    http_status: int = 200,
) -> Response:
    lines = {"first": _short(first), "detail": _short(detail), "shown_id": shown_id, "state": state, "holds": holds}
    svg = pages.render("badge.html", about(edge.spoken(ask), "/", index=False), face=face, **lines)
    return responses.badge_response(svg.strip(), status=http_status)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
