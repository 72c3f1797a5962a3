"""Watches of members: what their machines are told by webhook. The secret of a webhook is shown once."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import webhook
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.domain.fields import clean_email
from chalicelib.domain.watching import MOST_WATCHED, Watch
from chalicelib.internal import access, body, outbound, watch_letters, watch_lists
from chalicelib.internal.access import Call
from chalicelib.store.registry import limits
from chalicelib.store.registry import watches as store
from chalicelib.store.registry.commit import Commit, persistently
from chalicelib.web import language, responses
from chalicelib.web.listing import LONGEST_NUMBER, Line

routes = Blueprint(__name__)

MOST_BYTES = 200_000


@access.endpoint(routes, "GET", "/internal/v1/watches", scope="watches:write")
def listed(call: Call) -> Response:
    """The member's watches, the oldest first."""
    found = store.of_member(call.caller.tenant)
    return responses.json_response({"results": [describe(each) for each in found]})


@access.endpoint(routes, "POST", "/internal/v1/watches", scope="watches:write")
def post(call: Call) -> Response:
    """Watch certificates and factories by webhook. ``email`` is told if the webhook fails for more than a day."""
    read = body.read(
        call.ask.json(MOST_BYTES),
        {"about": body.list_of(_entry, MOST_WATCHED, 1), "webhook": webhook.clean, "email": clean_email},
    )
    lines = [Line(place, entry) for place, entry in enumerate(read["about"], 1)]
    about = watch_lists.codes(lines, "/about")
    spoken = language.choose(None, call.ask.header("accept-language"))
    made = store.make(call.caller.tenant, read["email"], spoken.code, about, read["webhook"])
    answer = {**describe(made), "webhook_secret": watch_letters.secret(made.watch_id)}
    return responses.json_response(answer, status=201)


@access.endpoint(routes, "DELETE", "/internal/v1/watches/{watch_id}", scope="watches:write")
def delete(call: Call, watch_id: str) -> Response:
    """End a watch."""
    store.end(_own(call, watch_id))
    return responses.empty()


@access.endpoint(routes, "POST", "/internal/v1/watches/{watch_id}/test", scope="watches:write")
def test(call: Call, watch_id: str) -> Response:
    """Send a signed test to the webhook of a watch now, and say what became of it."""
    watch = _own(call, watch_id)
    now = clock.now()
    count_test(watch)
    try:
        watch_letters.news_by_webhook(watch, watch_letters.trial(watch, clock.instant(now)), now)
    except outbound.NotDelivered as error:
        return responses.json_response({"delivered": False, "detail": str(error)})
    return responses.json_response({"delivered": True, "detail": None})


def count_test(watch: Watch) -> None:
    """A webhook is tried ten times an hour at the most."""

    def attempt() -> None:
        transaction = Commit()
        limits.count(transaction, store.TESTS, watch.watch_id, clock.now())
        transaction.now()

    persistently(attempt)


def describe(watch: Watch) -> dict[str, Any]:
    """A watch as its owner may see it."""
    return {
        "watch_id": watch.watch_id,
        "state": watch.state.value,
        "about": list(watch.about),
        "webhook": watch.webhook,
        "email": watch.email,
        "created_at": watch.created_at,
    }


def _own(call: Call, watch_id: str) -> Watch:
    found = store.load(watch_id)
    if found is None or found.member_id != call.caller.tenant:
        raise NotFound("There is no such watch of yours.")
    return found


def _entry(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_NUMBER:
        raise Malformed("must be a text of at most 200 characters")
    return value.strip()
