"""Which version of a record somebody saw before they change it: ``If-Match`` with the ETag that GET gave."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.domain.errors import Malformed, StaleVersion
from chalicelib.internal.access import Call


def asked(call: Call) -> int:
    """The version that the caller saw."""
    version = if_any(call)
    if version is None:
        raise Malformed("Send If-Match with the ETag that GET gave, so that nobody's change is lost.")
    return version


def if_any(call: Call) -> int | None:
    """The same where it may be left out: ``None`` if it is."""
    given = call.ask.header("if-match").strip()
    if not given:
        return None
    tag = given.removeprefix("W/").strip('"')
    if not (tag.isascii() and tag.isdigit()) or len(tag) > 15:
        raise StaleVersion("This ETag is none of ours. GET the record again.")
    return int(tag)


def told(answer: Response, version: int) -> Response:
    """The answer with the ETag of a version."""
    answer.headers["ETag"] = f'"{version}"'
    return answer
