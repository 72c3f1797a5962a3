"""Requests that may have an ``Idempotency-Key``: sent again, they get the reply that they got, and change nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from chalice.app import Response

from chalicelib.domain.errors import Malformed
from chalicelib.internal.access import Call
from chalicelib.store.registry import replies
from chalicelib.store.registry.replies import Request
from chalicelib.web import responses


def request_of(call: Call, about: str = "") -> Request | None:
    """The request under its key; ``None`` if it has none. ``about``: what its address names, as part of its content."""
    key = call.ask.header("idempotency-key")
    if not key:
        return None
    if len(key) > 200:
        raise Malformed("An Idempotency-Key has at most 200 characters.")
    caller = call.caller
    digest = hashlib.sha256(about.encode() + call.ask.body).hexdigest()
    return Request(f"{caller.kind}:{caller.tenant}", key, digest)


def answer(request: Request | None, act: Callable[[], Any], status: int = 200) -> Response:
    """The stored reply; where there is none what ``act`` says, which is stored then."""
    stored = replies.replied(request) if request else None
    if stored is None:
        stored = responses.dumps(act())
        stored = replies.remember(request, stored) if request else stored
    answered = responses.json_response({}, status=status)
    answered.body = stored
    return answered
