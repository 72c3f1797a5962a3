"""What is different behind the distribution in front, which sends a secret with each request that nobody else knows.

CloudFront stores what says ``public, max-age=0, must-revalidate``, and when the function fails it sends what it stored,
though that has expired: a certificate that was withdrawn would be shown as valid. So what is asked again each time
leaves for CloudFront as ``private``, which it never stores. A browser may hold it as before, and asks each time.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.web.responses import REVALIDATE

UNSHARED = REVALIDATE.replace("public", "private")
HEADER = "x-origin-secret"
Answers = Callable[[Mapping[str, Any], Any], dict[str, Any]]
_PROBLEM = {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": "Ask at the address of the service."}
_HEADERS = {
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
}


def closed(answers: Answers, secrets: str) -> Answers:
    """``answers``, but for whoever does not send a secret: so no rule and no limit in front can be walked around.

    ``secrets``: one, or while it is changed the new and the former, a blank between. Each is compared, whichever it is.
    Where there is none, anybody may ask; what a distribution asks even so is as little for its store.
    """
    known = [each.encode() for each in secrets.split()]

    def ask(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        sent = _sent(event)
        if secrets and True not in [hmac.compare_digest(sent.encode(), each) for each in known]:
            return {"statusCode": 403, "headers": _HEADERS, "body": json.dumps(_PROBLEM), "isBase64Encoded": False}
        answer = answers(event, context)
        return unshared(answer) if sent else answer

    return ask


def unshared(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer, but what has to be asked again each time is for the asking browser only, and for no store between."""
    headers = answer.get("headers") or {}
    for name in ("Cache-Control", "cache-control"):
        if headers.get(name) == REVALIDATE:
            return {**answer, "headers": {**headers, name: UNSHARED}}
    return answer


def _sent(event: Mapping[str, Any]) -> str:
    """What was sent, in an event of either format. A REST API hands names over as they were written."""
    headers = event.get("headers") or {}
    return next((str(value) for name, value in headers.items() if name.lower() == HEADER), "")
