"""What the value of each GS1 Application Identifier (AI) may be: GS1 Syntax Dictionary, release 2026-01-27.

Checked are the character set, the length, check digits and check characters, days and months, and "piece 2 of 4". Not
checked are lists that change from outside (countries, currencies), bank account numbers, coupons, and which AIs have
to stand together: no page of ours depends on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from stdnum import ean

from chalicelib.domain.errors import Malformed
from chalicelib.domain.phrase import Phrase, phrase

# Each line: what a value consists of, then the AIs. N digits, X set 82, Y set 39, Z base 64 for addresses; [] optional;
# ``:`` a check. ``310n`` stands for 3100 to 3105. ``*``: not in the query of a Digital Link.
_TABLE = """
N18:check 00 8017-8018
N14:check 01-02
*N14:check 03
X1-20 10 243 420 710-717 4318 7020-7022 7240 8002 8012
N6:month 11-13 15-17
N2 20 7241
*X1-20 21-22 254
*X1-28 235
X1-30 90 240-241 250-251 400-401 403 4308 4319 7002 7023 8004
N1-6 242
N13:check+[X1-17] 253
N13:check+[N1-12] 255
N1-8 30 37
N6 310n-316n 320n-329n 330n-337n 340n-357n 360n-369n 395n 8005
N1-15 3900-3909 3920-3929
N3+N1-15 3910-3919 3930-3939
N4 3940-3943 8111
N17:check 402
N13:check 410-417
N3+X1-9 421
N3 422 424 426
N3+[N3]+[N3]+[N3]+[N3] 423 425
X1-3 427 7008
X1-35 4300-4301 4310-4311 4320
X1-70 4302-4306 4312-4316 7257 8110 8112
X2 4307 4317
N10+N10 4309
N1 4321-4323 7252
N6:month+N4 4324-4325
N6:day 4326 7006
N6+[X1] 4330-4333
N13 7001
N6:day+N4 7003
N1-4 7004
X1-12 7005
N6:day+[N6:day] 7007
X1-10 7009 7255
X1-2 7010
N6:day+[N4] 7011
N3+X1-27 7030-7039
*N1+X3 7040
*X1-4 7041
X2+X1-28 7230-7239
X1-25 7242
N8 7250
N8+N4 7251
X1-40 7253-7254 7259
X1-90 91-99 7256
X3 7258
N4+N5+N3+N1+N1 8001
N1:zero+N13:check+[X1-16] 8003
N14:check+N4:piece 8006 8026
X1-34 8007
N6:day+N2+[N2]+[N2] 8008
X1-50 8009
Y1-30 8010
*N1-12 8011
X1-25:pair 8013
*X1-25:pair 8014
*N1-10 8019
*X1-25 8020
Z1-90 8030
*N15 8040-8041
*N32 8042
*N18+[N1-2] 8043
*X1-70 8200
"""
_SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_SET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LETTERS = {"N": "[0-9]", "X": f"[{re.escape(_SET_82)}]", "Y": "[#\\-/0-9A-Z]", "Z": "[0-9A-Za-z_=\\-]"}
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_NAMES = {
    "01": "GTIN",
    "10": phrase("lot number"),
    "21": phrase("serial number"),
    "22": phrase("consumer product variant"),
    "235": phrase("third-party serial number"),
    "253": "GDTI",
    "254": phrase("GLN extension"),
    "414": "GLN",
}
# In an element string these need no separator; in a canonical Digital Link they therefore stand first.
_FIXED_LENGTH = re.compile(r"(?:0[0-4]|1[1-9]|20|3[1-6]|41)")


class _Shape(NamedTuple):
    pattern: str
    checks: tuple[str, ...]  # one a group, empty where there is nothing more to check
    attribute: bool


def is_known(ai: str) -> bool:
    """Whether GS1 has given this AI a meaning."""
    return ai in _shapes()


def is_attribute(ai: str) -> bool:
    """Whether the AI may stand in the query of a Digital Link."""
    return ai in _shapes() and _shapes()[ai].attribute


def is_fixed_length(ai: str) -> bool:
    """Whether the AI is one of those that stand first in a canonical Digital Link."""
    return _FIXED_LENGTH.match(ai) is not None


def name(ai: str) -> Phrase:
    """What people call an AI: ``GTIN (01)``, ``AI 99``."""
    return phrase("%(name)s (%(ai)s)", name=_NAMES[ai], ai=ai) if ai in _NAMES else phrase("AI %(ai)s", ai=ai)


def check(ai: str, value: str) -> None:
    """``Malformed`` if this cannot be a value of the AI, which must be known."""
    shape = _shapes()[ai]
    match = re.fullmatch(shape.pattern, value, re.ASCII)
    if match is None:
        raise Malformed(
            phrase(
                "This is no %(name)s: it has a wrong length, or characters that GS1 does not allow there.",
                name=name(ai),
            )
        )
    for kind, part in zip(shape.checks, match.groups(), strict=True):
        if kind and part is not None and not _CHECKS[kind](part):
            raise Malformed(
                phrase(
                    "This %(name)s has a typing error: %(fault)s. Compare it once more.",
                    name=name(ai),
                    fault=_FAULTS[kind],
                )
            )


@lru_cache(maxsize=1)
def _shapes() -> dict[str, _Shape]:
    shapes = {}
    for line in _TABLE.split("\n")[1:-1]:
        spec, *listed = line.split()
        shape = _shape(spec.lstrip("*"), attribute=not spec.startswith("*"))
        for entry in listed:
            for ai in _expanded(entry):
                shapes[ai] = shape
    return shapes


def _shape(spec: str, *, attribute: bool) -> _Shape:
    patterns, checks = [], []
    for part in spec.split("+"):
        body, _, kind = part.strip("[]").partition(":")
        least, _, most = body[1:].partition("-")
        pattern = f"({_LETTERS[body[0]]}{{{least},{most or least}}})"
        patterns.append(pattern + "?" if part.startswith("[") else pattern)
        checks.append(kind)
    return _Shape("".join(patterns), tuple(checks), attribute)


def _expanded(entry: str) -> Iterator[str]:
    first, _, last = entry.partition("-")
    last = last or first
    width = len(first.rstrip("n"))
    for number in range(int(first.rstrip("n")), int(last.rstrip("n")) + 1):
        ai = f"{number:0{width}}"
        yield from (f"{ai}{digit}" for digit in range(6)) if first.endswith("n") else (ai,)


def _digit_fits(digits: str) -> bool:
    return bool(ean.calc_check_digit(digits[:-1]) == digits[-1])


def _pair_fits(text: str) -> bool:
    """GS1's check character pair (General Specifications 7.9.5): prime weights, modulo 1021."""
    body, pair = text[:-2], text[-2:]
    if not body or not set(pair) <= set(_SET_32):
        return False
    total = sum(weight * _SET_82.index(letter) for weight, letter in zip(_PRIMES, reversed(body), strict=False))
    return total % 1021 == _SET_32.index(pair[0]) * 32 + _SET_32.index(pair[1])


def _is_day(digits: str) -> bool:
    # Whether 29 February exists depends on a century that six digits leave open: the four years from 2000 decide alike.
    try:
        date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        return False
    return True


def _is_month(digits: str) -> bool:
    return _is_day(digits[:4] + "01") if digits.endswith("00") else _is_day(digits)


def _is_piece(digits: str) -> bool:
    return "01" <= digits[:2] <= digits[2:]


_CHECKS = {
    "check": _digit_fits,
    "day": _is_day,
    "month": _is_month,
    "pair": _pair_fits,
    "piece": _is_piece,
    "zero": "0".__eq__,
}
_FAULTS = {
    "check": phrase("its check digit does not fit the others"),
    "day": phrase("its date does not exist"),
    "month": phrase("its date does not exist"),
    "pair": phrase("its check characters do not fit the others"),
    "piece": phrase("its piece number is larger than the number of pieces"),
    "zero": phrase("its first digit must be 0"),
}
