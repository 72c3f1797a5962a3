"""What concerns the site as a whole: home, health, robots."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.public import edge
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)


@edge.page(routes, "/")
def home(ask: Ask) -> Response:
    """What this is, and one box for any code, number or name."""
    return edge.render(ask, "home.html", cache=responses.REVALIDATE)


@edge.document(routes, "/healthz")
def healthz(_ask: Ask) -> Response:
    """Answers that the function runs; says nothing about the database."""
    return responses.json_response({"status": "ok"})


@edge.document(routes, "/robots.txt")
def robots(_ask: Ask) -> Response:
    """Pages may be indexed; searches need not be."""
    rules = "Disallow: /"
    if edge.SETTINGS.index_pages:
        rules = f"Disallow: /find\nDisallow: /qr/\nSitemap: {edge.url('/sitemap.xml')}"
    return responses.text_response(f"User-agent: *\n{rules}\n")
