"""How the headers of a mail go over the wire: a mail program reads in each what was put there, no more and no less.

Python's own policy encodes an address longer than a line, which no program takes out again where an address is due; it
reads encoded words (RFC 2047) in what people typed, even the end of a line and another header behind it; and between
two encoded words it may lose a blank.
"""

from __future__ import annotations

from email.header import Header
from email.policy import EmailPolicy
from typing import Any

_AS_GIVEN = ("to", "reply-to", "list-unsubscribe")
"""Addresses. They are ASCII without blanks, so there is nothing to encode, and no place where to break the line."""
_TEXT = "subject"
LONGEST_WORD = 60
"""That stands on the line of the header's name."""


class _Policy(EmailPolicy):
    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if not _ours(name):
            return super().header_store_parse(name, value)
        if len(value.splitlines()) > 1:
            raise ValueError("A header is one line.")
        return name, value

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return value if _ours(name) else super().header_fetch_parse(name, value)

    def fold(self, name: str, value: str) -> Any:
        if not _ours(name):
            return super().fold(name, value)
        return f"{name}: {_encoded(value) if name.lower() == _TEXT else value}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        return bytes(self.fold(name, value), "ascii") if _ours(name) else super().fold_binary(name, value)


POLICY = _Policy()


def _ours(name: str) -> bool:
    return name.lower() in (*_AS_GIVEN, _TEXT)


def _encoded(text: str) -> str:
    """A text on lines of 76 characters: as it is where that is safe, else in encoded words."""
    plain = text.isascii() and "=?" not in text and all(len(word) <= LONGEST_WORD for word in text.split())
    return Header(text, "us-ascii" if plain else "utf-8", header_name=_TEXT).encode()
