"""What staff do once after an update: records that are older than a feature are given what newer ones have."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.internal import access
from chalicelib.internal.access import Call
from chalicelib.store.registry import catching_up
from chalicelib.web import cursor, responses

routes = Blueprint(__name__)

_QUESTION = "catch-up"


@access.endpoint(routes, "POST", "/internal/v1/catch-ups", scope="staff")
def post(call: Call) -> Response:
    """A stretch of the factories that show: ``next_cursor`` goes on. The same stretch once more changes nothing."""
    token = call.ask.query.get("cursor", "")
    after = cursor.read_place(token, _QUESTION) if token else ""
    done = catching_up.catch_up(after, call.caller.actor)
    reached = cursor.write([done.after], _QUESTION) if done.after is not None else None
    told = {"certificates": done.certificates, "signed": done.signed, "next_cursor": reached}
    return responses.json_response(told)
