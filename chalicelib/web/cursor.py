"""Where a list goes on, as a token in an address: opaque to the reader, checked when it comes back.

It holds no secret and needs none: the list it continues is named by the rest of the address, the token only says from
where. A digest over both keeps a token from being mangled, or used with another question.
"""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b
from typing import Any

from chalicelib.domain.errors import Malformed

_LONGEST = 1200
_DIGEST = 9


def write(position: list[Any], question: str) -> str:
    """A token for a position (JSON) in the answer to a question."""
    body = json.dumps(position, ensure_ascii=False, separators=(",", ":")).encode()
    return urlsafe_b64encode(_digest(body, question) + body).decode().rstrip("=")


def read(token: str, question: str) -> list[Any]:
    """The position; ``Malformed`` if the token is broken or belongs to another question."""
    fault = _foreign()
    if len(token) > _LONGEST:
        raise fault
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (ValueError, binascii.Error) as error:
        raise fault from error
    digest, body = raw[:_DIGEST], raw[_DIGEST:]
    if digest != _digest(body, question):
        raise fault
    try:
        position = json.loads(body)
    except ValueError as error:
        raise fault from error
    if not isinstance(position, list):
        raise fault
    return position


def read_place(token: str, question: str) -> str:
    """As ``read``, of a position that is one text."""
    position = read(token, question)
    if len(position) != 1 or not isinstance(position[0], str):
        raise _foreign()
    return position[0]


def _foreign() -> Malformed:
    return Malformed("This cursor does not belong to this search. Begin again without it.").at("/cursor")


def _digest(body: bytes, question: str) -> bytes:
    return blake2b(body, key=blake2b(question.encode()).digest(), digest_size=_DIGEST).digest()
