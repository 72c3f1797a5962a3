"""What concerns the site as a whole: home, health, robots."""

from __future__ import annotations

from chalice.app import Blueprint, Response

routes = Blueprint(__name__)


@routes.route("/healthz", content_types=[])
def healthz() -> Response:
    """Answers that the function runs; says nothing about the database."""
    return Response('{"status":"ok"}', headers={"Content-Type": "application/json", "Cache-Control": "no-store"})
