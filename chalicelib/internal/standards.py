"""Standards and what the map says of them: staff put them, staff and their owners confirm that they were reviewed."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import text
from chalicelib.domain.errors import NotFound
from chalicelib.domain.standard import OWNER, REGISTRY
from chalicelib.internal import access, body, standard_body
from chalicelib.internal.access import Call, Caller
from chalicelib.store import standard_codec
from chalicelib.store.registry import standards
from chalicelib.web import responses

routes = Blueprint(__name__)

MOST_BYTES = 100_000


@access.endpoint(routes, "PUT", "/internal/v1/standards/{standard_id}", scope="staff")
def put_standard(call: Call, standard_id: str) -> Response:
    """Create or replace a standard. A body without a kind says its names, and leaves what the map knows of it."""
    wanted = standard_body.read(standard_id, call.ask.json(MOST_BYTES), clock.today())
    standards.put(wanted, call.caller.actor)
    return _told(wanted.standard_id)


@access.endpoint(routes, "GET", "/internal/v1/standards/{standard_id}", scope="standards:review")
def get_standard(call: Call, standard_id: str) -> Response:
    """A standard with all that the map knows of it, for staff and its owner. All may read it at ``/v1/standards``."""
    need(call.caller, standard_id)
    return _told(standard_id)


@access.endpoint(routes, "POST", "/internal/v1/standards/{standard_id}/review", scope="standards:review")
def post_review(call: Call, standard_id: str) -> Response:
    """Confirm that an entry was compared with its sources, today or on a day before."""
    need(call.caller, standard_id)
    review(call.caller, standard_id, call.ask.json(MOST_BYTES))
    return _told(standard_id)


def need(caller: Caller, standard_id: str) -> None:
    """Refuse a standard that the caller neither owns nor keeps, in the words used for one that is not there."""
    owned = caller.kind == OWNER and caller.tenant == standard_id
    if not text.is_tenant(standard_id) or not (owned or caller.kind == "staff"):
        raise NotFound("There is no such standard of yours.")


def review(caller: Caller, standard_id: str, given: Any) -> bool:
    """Confirm a review as a body or form says: of today unless it says which day. ``caller`` may do it (``need``)."""
    today = clock.today()
    read = body.read(given, {}, {"on": lambda value: text.clean_day(value, standard_body.EARLIEST, today)})
    by = OWNER if caller.kind == OWNER else REGISTRY
    return standards.review(standard_id, (read["on"] or today).isoformat(), by, caller.actor)


def _told(standard_id: str) -> Response:
    return responses.json_response(standard_codec.to_body(standards.need(standard_id)))
