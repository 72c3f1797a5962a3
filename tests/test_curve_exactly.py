"""Verifying on P-256, against signatures of the standard and against arithmetic that is done here another way."""

from __future__ import annotations

import hashlib

import pytest

from chalicelib.domain import jws, p256
from chalicelib.domain.p256 import _B, _G, _N, _P

Point = tuple[int, int] | None
HASH = int.from_bytes(hashlib.sha256(b"sample").digest())
# RFC 6979, A.2.5: a key, and what it signs of "sample" and of "test" with SHA-256.
OWN = (
    0x60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6,
    0x7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299,
)
SIGNED = {
    b"sample": (
        0xEFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716,
        0xF7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8,
    ),
    b"test": (
        0xF1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367,
        0x019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083,
    ),
}


def plus(one: Point, other: Point) -> Point:
    """The sum of two points, as one learns it at school: without Jacobian coordinates."""
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % _P == 0:
        return None
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, _P) if one == other else (y2 - y1) * pow(x2 - x1, -1, _P)
    x = (slope * slope - x1 - x2) % _P
    return x, (slope * (x1 - x) - y1) % _P


def times(factor: int, point: Point) -> Point:
    found: Point = None
    for bit in bin(factor % _N)[2:]:
        found = plus(found, found)
        found = plus(found, point) if bit == "1" else found
    return found


def on_curve(x: int) -> tuple[int, int] | None:
    square = (x**3 - 3 * x + _B) % _P
    y = pow(square, (_P + 1) // 4, _P)
    return (x, y) if y * y % _P == square else None


def key(point: Point, length: int = 32, **changes: str) -> dict[str, str]:
    assert point is not None
    x, y = (jws.base64url(number.to_bytes(length)) for number in point)
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, **changes}


def verified(point: Point, r: int, s: int, message: bytes = b"sample") -> bool:
    return p256.verify(key(point), message, r.to_bytes(32) + s.to_bytes(32))


def key_that_signed(shown: Point, s: int) -> Point:
    """The public key of which ``s``, and the x of a point, are the signature of the message."""
    assert shown is not None
    r = shown[0] % _N
    return times(pow(r, -1, _N), plus(times(s, shown), times(-HASH, _G)))


@pytest.mark.parametrize("message", SIGNED)
def test_what_the_standard_signed_is_verified_and_nothing_else(message: bytes) -> None:
    r, s = SIGNED[message]
    assert verified(OWN, r, s, message)
    assert not verified(OWN, r, s, message + b"!")
    assert not verified(OWN, r, s ^ 1, message)
    assert not verified(OWN, r ^ 1, s, message)
    assert not verified(_G, r, s, message)


def test_a_signature_has_64_bytes() -> None:
    r, s = SIGNED[b"sample"]
    for length in (31, 33):
        assert not p256.verify(key(OWN), b"sample", r.to_bytes(32) + (s % (1 << 248)).to_bytes(length))
    assert not p256.verify(key(OWN), b"sample", b"")


@pytest.mark.parametrize(("r", "s"), [(0, 1), (1, 0), (_N, 1), (1, _N)])
def test_numbers_outside_the_group_sign_nothing(r: int, s: int) -> None:
    assert not verified(OWN, r, s)


def test_the_smallest_and_the_largest_numbers_can_sign() -> None:
    shown = next(filter(None, map(on_curve, range(1, 20))))
    for s in (1, _N - 1):
        assert verified(key_that_signed(shown, s), shown[0], s)
    one = next(filter(None, map(on_curve, range(_N + 1, _N + 20))))
    assert verified(key_that_signed(one, 5), one[0] - _N, 5)


def test_a_signature_may_be_made_of_twice_the_same_point() -> None:
    half = times(9, _G)
    shown = plus(half, half)
    assert shown is not None
    r, s = shown[0] % _N, HASH * pow(9, -1, _N) % _N
    assert verified(times(HASH * pow(r, -1, _N), _G), r, s)


def test_a_key_that_takes_everything_away_has_signed_nothing() -> None:
    r, s = SIGNED[b"sample"]
    assert not verified(times(-HASH * pow(r, -1, _N), _G), r, s)


def test_a_key_is_a_point_of_the_curve_written_in_one_way() -> None:
    r, s = SIGNED[b"sample"]
    raw = r.to_bytes(32) + s.to_bytes(32)
    good = key(OWN)
    assert p256.verify(good, b"sample", raw)
    without = [{name: said for name, said in good.items() if name != missing} for missing in ("x", "y", "crv")]
    x, y = OWN
    others = [key((x, y ^ 1)), key((x, _P - y)), key(OWN, 33), key(OWN, crv="P-384"), key(OWN, x="=")]
    for other in (*without, *others):
        assert not p256.verify(other, b"sample", raw)


def test_a_coordinate_is_smaller_than_the_field() -> None:
    nought = on_curve(0)
    assert nought is not None
    x, y = next(filter(None, map(on_curve, range(1, 20))))
    assert p256._point(key((x, y))) == (x, y)
    assert p256._point(key((x + _P, y))) is None
    assert p256._point(key(nought)) == nought
    assert p256._point(key((_P, nought[1]))) is None


def test_points_are_added_as_at_school() -> None:
    def plain(point: tuple[int, int, int]) -> Point:
        x, y, z = point
        return (x * pow(z, -2, _P) % _P, y * pow(z, -3, _P) % _P) if z else None

    two, three = p256._times(2, _G), p256._times(3, _G)
    assert (plain(two), plain(three)) == (times(2, _G), times(3, _G))
    assert plain(p256._sum(two, three)) == times(5, _G)
    assert plain(p256._sum(three, three)) == times(6, _G)
    assert plain(p256._times(_N, _G)) is None
    nothing = p256._times(0, _G)
    assert p256._sum(nothing, two) == p256._sum(two, nothing) == two
    minus = (two[0], -two[1] % _P, two[2])
    assert plain(p256._sum(two, minus)) is None
