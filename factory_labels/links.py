"""What stands in the code of one item: the GS1 Digital Link of its product with its serial number."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit

_SET_82 = re.compile(r"""[!"%-?A-Z_a-z]{1,20}\Z""")
_RUNNING = re.compile(r"(.*?)([0-9]+)\Z", re.ASCII)
MOST_IN_A_RANGE = 1_000_000


class Unfit(ValueError):
    """This cannot stand on a label. The message says why."""


class Item(NamedTuple):
    """One label: the address in its code, and the lines below it."""

    address: str
    lines: tuple[str, ...]


def item(base_url: str, gtin: str, serial: str, lot: str = "") -> Item:
    """The label of one item. ``Unfit`` for what GS1 does not allow."""
    gtin = checked_gtin(gtin)
    named = [("01", gtin), *([("10", _checked(lot, "lot"))] if lot else []), ("21", _checked(serial, "serial number"))]
    path = "".join(f"/{ai}/{quote(value, safe='')}" for ai, value in named)
    return Item(_shortest(base_url, path), tuple(f"({ai}){value}" for ai, value in named))


def checked_gtin(text: str) -> str:
    """A GTIN-8, -12, -13 or -14 as the fourteen digits of a Digital Link."""
    digits = re.sub(r"[\s-]", "", text)
    if len(digits) not in (8, 12, 13, 14) or not (digits.isascii() and digits.isdigit()):
        raise Unfit(f"{text!r} is no GTIN: the number under a bar code has 8, 12, 13 or 14 digits")
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    if weighed % 10:
        raise Unfit(f"{text} has a typing error: the last digit of a GTIN does not fit the others")
    return digits.zfill(14)


def running(first: str, last: str) -> range:
    """The numbers from one serial number to another: both begin alike and end in digits. See ``numbered``."""
    one, other = _RUNNING.match(first), _RUNNING.match(last)
    if one is None or other is None or one[1] != other[1]:
        raise Unfit(f"From {first} to {last}: both must begin alike and end in digits, such as A0001 and A0500")
    if len(one[2]) != len(other[2]) and (one[2].startswith("0") or len(one[2]) > len(other[2])):
        raise Unfit(f"From {first} to {last}: both need as many digits, such as A0001 and A0500")
    found = range(int(one[2]), int(other[2]) + 1)
    if not found:
        raise Unfit(f"From {first} to {last}: the first comes after the last")
    if len(found) > MOST_IN_A_RANGE:
        raise Unfit(f"From {first} to {last} are {len(found):,} labels: at most {MOST_IN_A_RANGE:,} in one file")
    return found


def numbered(first: str, number: int) -> str:
    """The serial number with that number, written like the first of its range."""
    begun = _RUNNING.match(first)
    if begun is None:
        raise Unfit(f"{first} does not end in digits")
    return f"{begun[1]}{number:0{len(begun[2])}d}"


def _checked(value: str, what: str) -> str:
    if not _SET_82.match(value):
        raise Unfit(f"{value!r} is no {what}: GS1 takes 1 to 20 letters, digits and signs, without blanks")
    if value in (".", ".."):
        raise Unfit(f"A {what} of nothing but dots is lost on the way: browsers shorten such addresses")
    return value


def _shortest(base_url: str, path: str) -> str:
    """Scheme and host in capitals, which a QR code stores in fewer modules, unless letters elsewhere are small."""
    parts = urlsplit(base_url)
    if parts.path.strip("/") or path != path.upper():
        return base_url.rstrip("/") + path
    return f"{parts.scheme}://{parts.netloc}".upper() + path
