"""COSE_Sign1 (RFC 9052) with ES256, and as much of CBOR (RFC 8949) as that takes. Nothing is signed here.

By hand, as ``jws`` is: written is only what we make up ourselves, shortest form first, in twenty lines. The libraries
that read CBOR are compiled and would have to be deployed; those of others read what comes of it in the tests.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

SIGN1 = b"\xd2"  # tag 18
ALGORITHM, KEY_ID = 1, 4
ES256 = -7
_SHORT = 4  # bytes of a key's thumbprint: a hint at which of a handful of keys it is


def encoded(content: Any) -> bytes:
    """CBOR of whole numbers, bytes, text, lists and maps of these. Maps keep the order in which they were written."""
    match content:
        case int():
            return _head(0, content) if content >= 0 else _head(1, -1 - content)
        case bytes():
            return _head(2, len(content)) + content
        case str():
            return _head(3, len(content.encode())) + content.encode()
        case list() | tuple():
            return _head(4, len(content)) + b"".join(map(encoded, content))
        case dict():
            return _head(5, len(content)) + b"".join(encoded(part) for pair in content.items() for part in pair)
    raise TypeError(type(content).__name__)


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    size = next(size for size in (1, 2, 4, 8) if number < 1 << 8 * size)
    return bytes([kind << 5 | 23 + size.bit_length()]) + number.to_bytes(size)


def protected(kid: str) -> bytes:
    """The header that is signed: the algorithm, and the first bytes of the key's thumbprint."""
    return encoded({ALGORITHM: ES256, KEY_ID: base64.urlsafe_b64decode(kid + "=")[:_SHORT]})


def signing_input(header: bytes, claims: Mapping[int, Any], bound: str) -> bytes:
    """What is to be signed (RFC 9052 section 4.4). ``bound`` is not in the code but beside it: its external data."""
    return encoded(["Signature1", header, bound.encode(), encoded(dict(claims))])


def sign1(header: bytes, claims: Mapping[int, Any], signature: bytes) -> bytes:
    """The signed object, with its 64 bytes of signature."""
    return SIGN1 + encoded([header, {}, encoded(dict(claims)), signature])


def base32(content: bytes) -> str:
    """Base 32 without padding (RFC 4648): letters and digits that a QR code stores in 5.5 bits each."""
    return base64.b32encode(content).decode().rstrip("=")
