"""Pages that no address gives by itself: what a form answers, and what is said when something fails."""

from __future__ import annotations

import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any, NamedTuple

from chalicelib.domain.errors import Unavailable
from chalicelib.web import responses, shown, words
from chalicelib.web.request import Ask
from tests.browser.demo import Demo


class Made(NamedTuple):
    """An answer to be shown to a browser as it is, with its Content-Security-Policy. Header names in lower case."""

    status: int
    headers: dict[str, str]
    html: str

    @classmethod
    def of(cls, reply: Any) -> Made:
        """What urllib was answered."""
        headers = {name.lower(): value for name, value in reply.headers.items()}
        return cls(reply.status, headers, reply.read().decode())


def checked(demo: Demo, code: str) -> Made:
    """A list checked, with every answer that a line can get, and lines that hold slips and markup."""
    statuses = ("valid", "declared", "not_yet_valid", "expired", "suspended", "withdrawn")
    slip = demo.names["valid"][:-1] + ("0" if demo.names["valid"][-1] != "0" else "1")
    odd = [slip, "…", "NOT-ON-RECORD-" + 40 * "W", "<script>alert(1)</script>"]
    return _post(demo, code, "\n".join([*(demo.names[status] for status in statuses), *odd]))


def too_many(_demo: Demo, code: str) -> Made:
    """Whoever asks too often is told to wait."""
    return _problem(code, responses.Problem(429, words.TOO_MANY, words.WAIT))


def unavailable(_demo: Demo, code: str) -> Made:
    """The database cannot be reached."""
    return _problem(code, responses.problem_of(Unavailable("The registry could not be reached just now.")))


def receipt(demo: Demo, code: str) -> Made:
    """Proof of a check, just given."""
    request = urllib.request.Request(f"{demo.url('/c/{valid}/receipt')}?lang={code}", b"on=&known_at=")
    with demo.asked(request) as reply:
        return Made.of(reply)


KINDS: dict[str, Callable[[Demo, str], Made]] = {
    "checked": checked,
    "receipt": receipt,
    "429": too_many,
    "503": unavailable,
}
"""Each with the demo and the code of a language."""


def _post(demo: Demo, code: str, numbers: str) -> Made:
    body = urllib.parse.urlencode({"numbers": numbers, "format": "page"}).encode()
    request = urllib.request.Request(f"{demo.base}/verify?lang={code}", body)
    with demo.asked(request) as reply:
        return Made.of(reply)


def _problem(code: str, problem: responses.Problem) -> Made:
    answer = shown.problem_page(Ask("GET", "/c/C", {}, {"lang": code}, {}, b""), problem)
    headers = {name.lower(): str(value) for name, value in answer.headers.items()}
    return Made(answer.status_code, headers, str(answer.body))
