"""Which certificates are withdrawn or suspended, as bits in lists (W3C Bitstring Status List v1.0).

Each confirmed certificate has an index, given once. A list has as many places as the standard wants at the least.
"""

from __future__ import annotations

import base64
import gzip
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chalicelib.domain.certificate import Standing, Term, last_said
from chalicelib.domain.jws import base64url

PLACES = 131_072
"""Places in a list (section 6.1: no fewer, so that one asks for many at once)."""


class Purpose(StrEnum):
    """What a set bit says. ``revocation`` is a withdrawal: the certifier alone could take it back."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"


_SET_BY = {Purpose.REVOCATION: Standing.WITHDRAWN, Purpose.SUSPENSION: Standing.SUSPENDED}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the bits of a certificate are: in which lists, and where in each."""

    number: int
    position: int


def place(index: int) -> Place:
    """The place of an index."""
    return Place(*divmod(index, PLACES))


def path_of(purpose: Purpose, number: int) -> str:
    """Where a list is served."""
    return f"/credentials/status/{purpose.value}/{number}"


def entry(purpose: Purpose, index: int, base_url: str) -> dict[str, str]:
    """What a credential says of its place in a list. The index is a string, as W3C wants; UNTP's schema has a number.

    Two entries stand in an array, as W3C lets them; UNTP's schema has one.
    """
    at = place(index)
    address = base_url + path_of(purpose, at.number)
    return {
        "id": f"{address}#{at.position}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose.value,
        "statusListIndex": str(at.position),
        "statusListCredential": address,
    }


def is_set(purpose: Purpose, certificate: Term) -> bool:
    """Whether the bit of a certificate is set: by what was said last, whatever day the clock here makes it."""
    change = last_said(certificate)
    return change is not None and change.standing is _SET_BY[purpose]


def with_bit(bits: bytes, position: int, value: bool) -> bytes:
    """The bits of a list after one was set or cleared. The first place is the leftmost bit of the first byte."""
    changed = bytearray(bits or bytes(PLACES // 8))
    mask = 0x80 >> position % 8
    changed[position // 8] = changed[position // 8] | mask if value else changed[position // 8] & ~mask
    return bytes(changed)


def subject(purpose: Purpose, number: int, bits: bytes, base_url: str) -> dict[str, Any]:
    """What the credential of a list is about (section 2.2): the bits, gzipped, as base64url in multibase."""
    packed = gzip.compress(bits or bytes(PLACES // 8), mtime=0)
    return {
        "id": f"{base_url}{path_of(purpose, number)}#list",
        "type": "BitstringStatusList",
        "statusPurpose": purpose.value,
        "encodedList": "u" + base64url(packed),
    }


def packed(bits: bytes) -> str:
    """Bits as they are kept on record."""
    return base64.b64encode(gzip.compress(bits, mtime=0)).decode()


def unpacked(kept: str) -> bytes:
    """Bits as ``packed`` made them."""
    return gzip.decompress(base64.b64decode(kept))
