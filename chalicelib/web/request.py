"""A question as it came in, with what Chalice leaves to do done: parameters decoded once, header names folded."""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from chalicelib.domain.errors import Malformed, TooLarge
from chalicelib.domain.phrase import phrase
from chalicelib.web import strict_json

_YES = ("1", "true")
_NO = ("0", "false")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MOST_FIELDS = 1100
"""Of a form: one for each of 500 rows, and a text box."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. ``path`` and ``params`` are decoded; ``query`` holds the last value of each name, ``pairs`` all.

    ``address``: of the network peer, as the gateway says. It is kept nowhere.
    """

    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    pairs: tuple[tuple[str, str], ...] = ()
    address: str = field(default="", repr=False)

    @classmethod
    def of(cls, request: Any) -> Ask:
        """From Chalice's request. ``Malformed`` for an encoding that is none."""
        query = request.query_params
        try:
            body = request.raw_body or b""
        except (binascii.Error, ValueError) as error:
            raise Malformed("The body is not base64.") from error
        return cls(
            method=request.method,
            path=request.context.get("path") or request.path,
            params={name: _decoded(value) for name, value in (request.uri_params or {}).items()},
            query={name: query[name] for name in query} if query is not None else {},
            headers={name.lower(): value for name, value in (request.to_original_event()["headers"] or {}).items()},
            body=body if isinstance(body, bytes) else body.encode(),
            pairs=tuple((name, value) for name in query or () for value in query.getlist(name)),
            address=str((request.context.get("identity") or {}).get("sourceIp") or ""),
        )

    def header(self, name: str) -> str:
        """A header's value, or an empty string."""
        return self.headers.get(name, "")

    def yes(self, name: str) -> bool:
        """Whether ``?name=`` says yes. Without it: no. What is neither yes nor no is refused, for nobody to guess."""
        given = self.query.get(name, "0").lower()
        if given not in _YES + _NO:
            raise Malformed(phrase("%(name)s is one of %(allowed)s.", name=name, allowed=", ".join(_YES + _NO))).at(
                f"/{name}"
            )
        return given in _YES

    def json(self, most_bytes: int) -> dict[str, Any]:
        """The body as a JSON object of at most so many bytes."""
        media = self.header("content-type").partition(";")[0].strip().lower()
        if media not in ("application/json", "application/merge-patch+json"):
            raise Malformed("Send the body as Content-Type: application/json.")
        self.limit(most_bytes)
        return strict_json.parse_object(self.body)

    def form(self, most_bytes: int = 100_000) -> dict[str, str]:
        """The body as an HTML form: the last value of each name."""
        self.limit(most_bytes)
        try:
            return dict(
                parse_qsl(self.body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
            )
        except ValueError as error:
            raise Malformed("The form could not be read.") from error

    def limit(self, most_bytes: int) -> None:
        """Refuse a body of more bytes than that."""
        if len(self.body) > most_bytes:
            raise TooLarge(phrase("The body may have at most %(most)s bytes.", most=f"{most_bytes:,}"))


def _decoded(value: str) -> str:
    try:
        text = unquote(value, errors="strict")
    except UnicodeDecodeError as error:
        raise Malformed("The address holds bytes that are no UTF-8.") from error
    if _CONTROL.search(text):
        raise Malformed("The address holds control characters.")
    return text
