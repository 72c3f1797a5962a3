"""What waits for a decision of staff, and the decision."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.domain import text
from chalicelib.domain.errors import Malformed
from chalicelib.domain.moderation import Decision, Matter
from chalicelib.internal import access, body
from chalicelib.internal.access import Call, Caller
from chalicelib.store.registry import moderation as store
from chalicelib.web import cursor, responses

routes = Blueprint(__name__)

MOST_BYTES = 10_000
PAGE = 50
STATES = ("open", "done")


@access.endpoint(routes, "GET", "/internal/v1/moderation", scope="staff")
def listed(call: Call) -> Response:
    """What waits, the oldest first; with ``?state=done`` what was decided, the newest first. 50 at a time."""
    found, following = page_of(call.ask.query.get("state", "open"), call.ask.query.get("cursor", ""))
    return responses.json_response({"results": [describe(each) for each in found], "next_cursor": following})


@access.endpoint(routes, "POST", "/internal/v1/moderation/{matter_id}", scope="staff")
def decide(call: Call, matter_id: str) -> Response:
    """Dismiss a matter, or say what was done about it. The reason is kept in its history."""
    read = body.read(call.ask.json(MOST_BYTES), {"decision": body.one_of(*Decision), "reason": text.clean})
    return responses.json_response(describe(settle(call.caller, matter_id, read["decision"], read["reason"])))


def page_of(state: str, after: str) -> tuple[list[Matter], str | None]:
    """A page of the queue, and the cursor of the next one."""
    if state not in STATES:
        raise Malformed("state is open or done.").at("/state")
    question = f"moderation {state}"
    start = cursor.read_place(after, question) if after else None
    found, following = store.listed(state, start, PAGE)
    return found, cursor.write([following], question) if following else None


def settle(caller: Caller, matter_id: str, decision: str, reason: str) -> Matter:
    """Decide a matter."""
    return store.decide(matter_id, Decision(decision), reason, caller.actor)


def describe(matter: Matter) -> dict[str, Any]:
    """A matter as JSON, with the address of the page it is about."""
    return {
        "id": matter.matter_id,
        "kind": matter.kind.value,
        "about": f"{access.SETTINGS.base_url}{matter.about}",
        "subject": matter.subject,
        "opened_at": matter.opened_at,
        "details": dict(matter.details),
        "decision": matter.decision.value if matter.decision else None,
        "reason": matter.reason,
        "decided_at": matter.decided_at,
    }
