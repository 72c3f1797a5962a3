"""What can go wrong, as responses that every route refers to."""

from __future__ import annotations

from typing import Any

from infra.api.shapes import ref

_PROBLEMS: dict[int, tuple[str, str]] = {
    400: ("BadRequest", "Malformed: `errors` says where and what to mend."),
    401: ("Unauthenticated", "No key or session, or one that is not valid any more."),
    403: ("NotAllowed", "The key lacks the scope, or a session's change lacks its X-CSRF-Token."),
    404: ("NotFound", "Nothing of that name is on record, or it is not yours to see."),
    409: ("Conflict", "It contradicts what is on record."),
    410: ("Gone", "The link no longer works: used, expired, superseded or withdrawn."),
    412: ("ChangedMeanwhile", "The record was changed meanwhile. GET it again and apply your change to that."),
    413: ("TooLarge", "Too many bytes or too many items. `detail` names the limit."),
    422: ("KeyUsedForAnotherBody", "This Idempotency-Key was used for another body."),
    429: ("TooManyRequests", "Too many at once: the gateway's own answer."),
    500: ("OurFault", "Something went wrong on our side. It has been noted."),
    503: ("Unavailable", "We cannot confirm now. It says neither valid nor unknown: ask again."),
}
_RETRIED = (429, 500, 503)


def responses() -> dict[str, dict[str, Any]]:
    """All of them by name, and the page that people get instead."""
    found = {name: _response(status, about) for status, (name, about) in _PROBLEMS.items()}
    unknown = {"application/problem+json": {"schema": {"anyOf": [ref("UnknownCertificate"), ref("Problem")]}}}
    found["UnknownNumber"] = {
        "description": "Not on record here, which is no judgement: `status` is `unknown`. Check the number once more.",
        "content": unknown,
    }
    refused = {"application/problem+json": {"schema": {"anyOf": [ref("PossibleDuplicate"), ref("Problem")]}}}
    found["PossibleDuplicate"] = {
        "description": "It contradicts what is on record; or, with `unless_likely`, it is likely to be on record.",
        "content": refused,
    }
    found["ErrorPage"] = {
        "description": "A page that says what went wrong and what to do next: 400, 403, 404, 410, 500 or 503.",
        "content": {"text/html": {"schema": {"type": "string"}}},
    }
    return found


def reference(status: int, path: str = "") -> dict[str, str]:
    """The response to refer to for a status of a path."""
    if (status, path) == (409, "/internal/v1/invitations"):
        return {"$ref": "#/components/responses/PossibleDuplicate"}
    unknown = status == 404 and path.startswith("/v1/certificates")
    return {"$ref": f"#/components/responses/{'UnknownNumber' if unknown else _PROBLEMS[status][0]}"}


def _response(status: int, about: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": about,
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }
    if status in _RETRIED:
        found["headers"] = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
    if status == 401:
        found["headers"] = {"WWW-Authenticate": {"$ref": "#/components/headers/WWW-Authenticate"}}
    return found
