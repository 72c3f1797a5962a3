"""Which version of a record somebody saw before they change it: ``If-Match`` with the ETag that GET gave."""

from __future__ import annotations

import re
from collections.abc import Container

from chalice.app import Response

from chalicelib.domain.errors import Malformed, StaleVersion
from chalicelib.internal.access import Call

_ANY = range(10**15)
_QUOTED = re.compile(r'"([^"]*)"')
_OURS = re.compile(r"[0-9]{1,15}\Z")


def asked(call: Call) -> Container[int]:
    """The versions that the caller takes, mostly the one that it saw."""
    version = if_any(call)
    if version is None:
        raise Malformed("Send If-Match with the ETag that GET gave, so that nobody's change is lost.")
    return version


def if_any(call: Call) -> Container[int] | None:
    """The same where it may be left out: ``None`` if it is. ``*`` takes any version, as RFC 9110 has it."""
    given = call.ask.header("if-match").strip()
    if not given:
        return None
    if given == "*":
        return _ANY
    tags = _QUOTED.findall(given) if '"' in given else [given.removeprefix("W/")]
    ours = {int(tag) for tag in tags if _OURS.match(tag)}
    if not ours:
        raise StaleVersion("This ETag is none of ours. GET the record again.")
    return ours


def told(answer: Response, version: int) -> Response:
    """The answer with the ETag of a version."""
    answer.headers["ETag"] = f'"{version}"'
    return answer
