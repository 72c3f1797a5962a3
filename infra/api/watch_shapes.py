"""Shapes of watches: what machines are told of by webhook."""

from __future__ import annotations

from chalicelib.domain.watching import MOST_WATCHED, State
from chalicelib.store.registry import watches
from infra.api.shapes import INSTANT, YES_NO, Schema, body, listed, nullable, one_of, record, ref, said, text


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    email = {"type": "string", "format": "email", "maxLength": 254}
    webhook = said("an https address on the internet")
    watch = {
        "watch_id": {"type": "string"},
        "state": one_of(State),
        "about": listed({"type": "string"}, MOST_WATCHED, 1),
        "webhook": nullable(webhook),
        "email": email,
        "created_at": INSTANT,
    }
    return {
        "Watch": record(watch, about="Certificates and factories whose changes a webhook is told of."),
        "WatchMade": record({**watch, "webhook_secret": said("what it is signed with; shown only here")}),
        "Watches": record({"results": listed(ref("Watch"), watches.MOST_OF_MEMBER)}),
        "WatchRequest": body(
            {
                "about": listed(text(about="a Factory ID, a certificate code, or a number"), MOST_WATCHED, 1),
                "webhook": {"type": "string", "format": "uri", "maxLength": 500},
                "email": email,
            },
            about="`email` is told if the webhook fails for more than a day.",
        ),
        "WatchTested": record(
            {"delivered": YES_NO, "detail": nullable(said("why not, as `HTTP 500` or `TimeoutError`"))}
        ),
    }
