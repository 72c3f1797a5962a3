"""The last batches of audits and what was refused of them, for staff and for who sent them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.internal import access
from chalicelib.internal.access import Call, Caller
from chalicelib.store.registry import syncs as store
from chalicelib.store.registry.syncs import Sync
from chalicelib.web import cursor, responses

routes = Blueprint(__name__)

_QUESTION = "syncs"


@access.endpoint(routes, "GET", "/internal/v1/syncs", scope="syncs:read")
def syncs(call: Call) -> Response:
    """The last batches, the newest first: staff see all, ICS its own."""
    found, following = page(call.caller, call.ask.query.get("cursor", ""))
    return responses.json_response({"results": [shape(each) for each in found], "next_cursor": following})


def page(caller: Caller, token: str) -> tuple[list[Sync], str | None]:
    """Some batches that the caller may see, and where the list goes on."""
    before = cursor.read_place(token, _QUESTION) if token else None
    found = store.latest(before)
    following = cursor.write([found[-1].sync_id], _QUESTION) if len(found) == store.PAGE else None
    return [each for each in found if caller.kind == "staff" or each.caller == caller.tenant], following


def shape(sync: Sync) -> dict[str, Any]:
    """A batch as JSON."""
    body = asdict(sync)
    del body["sync_id"]
    return body
