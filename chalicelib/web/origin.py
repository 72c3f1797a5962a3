"""Whether a request came by way of the distribution in front: it alone knows the secret that it sends with each."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

HEADER = "x-origin-secret"
Answers = Callable[[Mapping[str, Any], Any], dict[str, Any]]
_PROBLEM = {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": "Ask at the address of the service."}
_HEADERS = {
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
}


def closed(answers: Answers, secret: str) -> Answers:
    """``answers``, but for whoever does not send ``secret``: so no rule and no limit in front can be walked around.

    Where there is no secret, anybody may ask.
    """
    if not secret:
        return answers

    def ask(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        if hmac.compare_digest(_sent(event).encode(), secret.encode()):
            return answers(event, context)
        return {"statusCode": 403, "headers": _HEADERS, "body": json.dumps(_PROBLEM), "isBase64Encoded": False}

    return ask


def _sent(event: Mapping[str, Any]) -> str:
    """What was sent, in an event of either format. A REST API hands names over as they were written."""
    headers = event.get("headers") or {}
    return next((str(value) for name, value in headers.items() if name.lower() == HEADER), "")
