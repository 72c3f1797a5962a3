"""Text that people and machines send in: cleaned where that is safe, refused where it could deceive a reader."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from urllib.parse import urlsplit

from chalicelib.domain.errors import Malformed
from chalicelib.domain.phrase import phrase

SHORT = 200
LONG = 1000
_JOINERS = "\u200c\u200d"
# Letters and signs by category that nobody can see: fillers, the blank Braille pattern, the grapheme joiner.
_BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
MOST_MARKS = 8
"""On one letter. UTS #39, section 5.4, has four in identifiers; Tibetan stacks more. A tower hides the lines above."""
_BLANKS = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_TENANT = re.compile(r"[a-z0-9][a-z0-9-]{1,39}\Z")
_HOST = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{2,59})\Z")

_NO_WEBSITE = phrase("must be a web address such as https://www.example.com/factory")
_NOT_PLAIN = phrase(
    "must be a web address such as https://www.example.com/factory, in plain letters, without blanks or backslashes"
)
_NOT_WEB = phrase(
    "must be a web address such as https://www.example.com/factory: http or https, without user name or port"
)


def clean(value: object, longest: int = SHORT, *, lines: bool = False) -> str:
    """One line of text (or several) in NFC with single blanks; ``Malformed`` if a reader could be deceived by it.

    Refused: control characters, bidirectional overrides and isolates, invisible characters; marks that would stand on
    what is written before the text, or tower over what is written above it. The joiners that Bengali, Arabic, Persian
    and the Indic scripts need are kept where they stand beside a letter or mark.
    """
    if not isinstance(value, str):
        raise Malformed("must be text")
    if len(value) > longest * 4:
        raise Malformed(phrase("is longer than %(most)s characters", most=longest))
    text = unicodedata.normalize("NFC", value)
    text = "\n".join(_BLANKS.sub(" ", part).strip() for part in text.split("\n")).strip()
    if not text:
        raise Malformed("must not be empty")
    if len(text) > longest:
        raise Malformed(phrase("is longer than %(most)s characters", most=longest))
    for place, letter in enumerate(text):
        if letter == "\n" and lines:
            continue
        if letter in _JOINERS and _joins(text, place):
            continue
        if letter in _BLANK_LETTERS or unicodedata.category(letter) in _UNSEEN:
            raise Malformed(
                phrase(
                    "holds the character %(code)s, which readers cannot see: take it out", code=f"U+{ord(letter):04X}"
                )
            )
    if not text.isascii():
        _check_marks(text)
    return text


def _check_marks(text: str) -> None:
    marks = "".join("m" if unicodedata.category(letter) in ("Mn", "Me") else "." for letter in text)
    if unicodedata.category(text[0])[0] == "M":
        raise Malformed("begins with a mark that belongs to a letter: take it out")
    if "m" * (MOST_MARKS + 1) in marks:
        raise Malformed(phrase("stacks more than %(most)s marks on one letter: take some out", most=MOST_MARKS))


def _joins(text: str, place: int) -> bool:
    before = text[place - 1] if place else " "
    return unicodedata.category(before)[0] in "LM" and ord(before) > 0x024F


def clean_day(value: object, earliest: date, latest: date) -> date:
    """A date written ``YYYY-MM-DD`` and in no other way of ISO 8601, within bounds."""
    try:
        if not isinstance(value, str) or not _DAY.match(value):
            raise ValueError
        day = date.fromisoformat(value)
    except ValueError as error:
        raise Malformed("must be a date written YYYY-MM-DD") from error
    if not earliest <= day <= latest:
        raise Malformed(phrase("must lie between %(earliest)s and %(latest)s", earliest=earliest, latest=latest))
    return day


def clean_code(value: object) -> str:
    """A code of an open list, kept as sent: lower-case letters, digits, ``_`` and ``-``, at most forty."""
    if not isinstance(value, str) or not _CODE.match(value):
        raise Malformed("must be a code of at most 40 lower-case letters, digits, _ or -")
    return value


def clean_tenant(value: object) -> str:
    """The identifier of a member, certifier or standard: two to forty lower-case letters, digits or ``-``."""
    if not isinstance(value, str) or not is_tenant(value):
        raise Malformed("must be an identifier of 2 to 40 lower-case letters, digits or -")
    return value


def is_tenant(value: str) -> bool:
    """Whether this can be the identifier of a member, certifier or standard."""
    return _TENANT.match(value) is not None


def clean_website(value: object) -> str:
    """An http or https address that leads where it seems to lead; ``Malformed`` otherwise."""
    if not isinstance(value, str) or len(value) > SHORT:
        raise Malformed(_NO_WEBSITE)
    text = value.strip()
    if any(letter in '\\"<>`{}|^' or not "!" <= letter <= "~" for letter in text):
        raise Malformed(_NOT_PLAIN)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise Malformed(_NO_WEBSITE) from error
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or port not in (None, 80, 443):
        raise Malformed(_NOT_WEB)
    if not _HOST.match((parts.hostname or "").lower()):
        raise Malformed(_NO_WEBSITE)
    return text
