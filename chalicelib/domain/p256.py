"""Verifying ECDSA signatures on P-256 with SHA-256 (FIPS 186-5 section 6.4.2, SP 800-186 section 3.2.1.3).

Verifying needs no secret, so nothing here has to run in constant time. Nothing can be signed with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from chalicelib.domain import jws

_P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_Jacobian = tuple[int, int, int]
_NOWHERE: _Jacobian = (1, 1, 0)


def verify(jwk: Mapping[str, str], message: bytes, signature: bytes) -> bool:
    """Whether a signature of 64 bytes (RFC 7518 section 3.4) over a message is of this public key."""
    point = _point(jwk)
    if point is None or len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    if not (0 < r < _N and 0 < s < _N):
        return False
    digest, inverse = int.from_bytes(hashlib.sha256(message).digest()), pow(s, -1, _N)
    x, _, z = _sum(_times(digest * inverse % _N, _G), _times(r * inverse % _N, point))
    return z != 0 and x * pow(z, -2, _P) % _P % _N == r


def _point(jwk: Mapping[str, str]) -> tuple[int, int] | None:
    try:
        raw = [jws.decoded(str(jwk[name])) for name in ("x", "y")]
    except (KeyError, ValueError):
        return None
    x, y = map(int.from_bytes, raw)
    on_curve = (y * y - x * x * x + 3 * x - _B) % _P == 0
    right = jwk.get("crv") == "P-256" and all(len(each) == 32 for each in raw) and x < _P and y < _P
    return (x, y) if right and on_curve else None


def _times(factor: int, point: tuple[int, int]) -> _Jacobian:
    found, added = _NOWHERE, (*point, 1)
    while factor:
        if factor & 1:
            found = _sum(found, added)
        added = _double(added)
        factor >>= 1
    return found


def _double(point: _Jacobian) -> _Jacobian:
    x, y, z = point
    square = y * y % _P
    part = 4 * x * square % _P
    slope = 3 * (x - z * z) * (x + z * z) % _P
    across = (slope * slope - 2 * part) % _P
    return across, (slope * (part - across) - 8 * square * square) % _P, 2 * y * z % _P


def _sum(one: _Jacobian, other: _Jacobian) -> _Jacobian:
    if one[2] == 0:
        return other
    if other[2] == 0:
        return one
    (x1, y1, z1), (x2, y2, z2) = one, other
    square1, square2 = z1 * z1 % _P, z2 * z2 % _P
    u1, u2 = x1 * square2 % _P, x2 * square1 % _P
    s1, s2 = y1 * square2 * z2 % _P, y2 * square1 * z1 % _P
    if u1 == u2:
        return _double(one) if s1 == s2 else _NOWHERE
    across, slope = (u2 - u1) % _P, (s2 - s1) % _P
    square = across * across % _P
    cube, part = across * square % _P, u1 * square % _P
    x = (slope * slope - cube - 2 * part) % _P
    return x, (slope * (part - x) - s1 * cube) % _P, across * z1 * z2 % _P
