"""Identity of things: Factory IDs, certificate and product codes, GTIN, GLN. Parse, forgive, check.

Our own codes are a prefix, nine random characters of Crockford's base 32 alphabet (no I, L, O, U: 45 bits), and an
ISO 7064 MOD 37,36 check character over all that stands before it:

    ``BD7K3M9Q2XWC``  a factory: ISO 3166-1 alpha-2 country of first registration, shown as ``BD-7K3M9-Q2XWC``
    ``C4J7K2M9QXD``   a certificate (a product likewise with ``P``), shown as ``C-4J7K2-M9QXD``

A reader may type them in any case, with any blanks and dashes, with O for 0 and I or L for 1.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from stdnum import ean
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

from chalicelib.domain import gs1_values
from chalicelib.domain.errors import Malformed
from chalicelib.domain.phrase import phrase

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_LENGTH = 9
CERTIFICATE_PREFIX = "C"
PRODUCT_PREFIX = "P"

_CONFUSABLE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_AS_LETTER = str.maketrans({"0": "O", "1": "I"})
_SEPARATORS = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff._·/-]+|[\u2010-\u2015\u2212]+")
_CODE = re.compile(rf"[{ALPHABET}]+\Z")
_COUNTRY = re.compile(r"[A-Z]{2}\Z")
_DIGITS = re.compile(r"[0-9]+\Z")
_LONGEST_INPUT = 200
_SHAPES = {
    CERTIFICATE_PREFIX: phrase("A certificate code has eleven characters and begins with C."),
    PRODUCT_PREFIX: phrase("A product code has eleven characters and begins with P."),
}
_SIGNS = {
    CERTIFICATE_PREFIX: phrase("A certificate code has only letters and digits."),
    PRODUCT_PREFIX: phrase("A product code has only letters and digits."),
}
_SLIPS = {
    "F": phrase("This Factory ID has a typing error: its check character does not fit. Compare it once more."),
    CERTIFICATE_PREFIX: phrase(
        "This certificate code has a typing error: its check character does not fit. Compare it once more."
    ),
    PRODUCT_PREFIX: phrase(
        "This product code has a typing error: its check character does not fit. Compare it once more."
    ),
}

Chooser = Callable[[str], str]
"""Picks one character of a string at random: ``secrets.choice`` in production."""


def squeeze(text: str) -> str:
    """What a reader typed, without the case, blanks, dashes and full-width forms that mean nothing in a code."""
    if len(text) > _LONGEST_INPUT:
        return ""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def new_factory_id(country: str, choose: Chooser) -> str:
    """A new Factory ID for a country (ISO 3166-1 alpha-2)."""
    return _new(country, choose)


def new_certificate_code(choose: Chooser) -> str:
    """A new certificate code."""
    return _new(CERTIFICATE_PREFIX, choose)


def new_product_code(choose: Chooser) -> str:
    """A new code for a product that has no GTIN."""
    return _new(PRODUCT_PREFIX, choose)


def _new(prefix: str, choose: Chooser) -> str:
    # A check character outside the alphabet (I, L, O, U) could not be told from 1 or 0 by a reader: draw again.
    # MOD 37,36 misses 0.14 % of swapped neighbours: a code in which it would miss one is not given out.
    while True:
        payload = prefix + "".join(choose(ALPHABET) for _ in range(RANDOM_LENGTH))
        code = payload + mod_37_36.calc_check_digit(payload)
        if code[-1] in ALPHABET and not any(map(mod_37_36.is_valid, _swaps(code))):
            return code


def _swaps(code: str) -> list[str]:
    """A code with two neighbours swapped, in every way that makes a difference."""
    places = [place for place in range(len(code) - 1) if code[place] != code[place + 1]]
    return [code[:place] + code[place + 1] + code[place] + code[place + 2 :] for place in places]


@lru_cache(maxsize=4096)
def parse_factory_id(text: str) -> str:
    """The Factory ID that somebody typed, in its canonical form; ``Malformed`` if it cannot be one."""
    code = squeeze(text)
    if len(code) != 2 + RANDOM_LENGTH + 1:
        raise Malformed("A Factory ID has twelve characters, such as BD-7K3M9-Q2XWC.")
    country, rest = code[:2].translate(_AS_LETTER), code[2:].translate(_CONFUSABLE)
    if not _COUNTRY.match(country) or not _CODE.match(rest):
        raise Malformed("A Factory ID begins with two letters for a country, then has only letters and digits.")
    return _checked(country + rest, _SLIPS["F"])


@lru_cache(maxsize=4096)
def parse_certificate_code(text: str) -> str:
    """The certificate code that somebody typed, in its canonical form; ``Malformed`` if it cannot be one."""
    return _parse_prefixed(text, CERTIFICATE_PREFIX)


@lru_cache(maxsize=4096)
def parse_product_code(text: str) -> str:
    """The product code that somebody typed, in its canonical form; ``Malformed`` if it cannot be one."""
    return _parse_prefixed(text, PRODUCT_PREFIX)


def _parse_prefixed(text: str, prefix: str) -> str:
    code = squeeze(text)
    if len(code) != 1 + RANDOM_LENGTH + 1 or code[0] != prefix:
        raise Malformed(_SHAPES[prefix])
    code = prefix + code[1:].translate(_CONFUSABLE)
    if not _CODE.match(code):
        raise Malformed(_SIGNS[prefix])
    return _checked(code, _SLIPS[prefix])


def _checked(code: str, slip: str) -> str:
    if not mod_37_36.is_valid(code):
        raise Malformed(slip)
    return code


def parse_gtin(text: str) -> str:
    """A GTIN-8, -12, -13 or -14 as the fourteen digits of GS1 Digital Link; ``Malformed`` otherwise."""
    digits = squeeze(text)
    if len(digits) not in (8, 12, 13, 14) or not _DIGITS.match(digits):
        raise Malformed("A GTIN (the number under a bar code) has 8, 12, 13 or 14 digits.")
    try:
        ean.validate(digits)
    except ValidationError as error:
        raise Malformed("This GTIN has a typing error: its last digit does not fit the others.") from error
    return digits.zfill(14)


def parse_gln(text: str) -> str:
    """A GLN (GS1 Global Location Number), thirteen digits; ``Malformed`` otherwise."""
    digits = squeeze(text)
    if len(digits) != 13 or not _DIGITS.match(digits):
        raise Malformed("A GLN has 13 digits.")
    try:
        ean.validate(digits)
    except ValidationError as error:
        raise Malformed("This GLN has a typing error: its last digit does not fit the others.") from error
    return digits


def parse_gdti(text: str) -> str:
    """A GDTI (GS1 Global Document Type Identifier): thirteen digits, then up to 17 characters of set 82 as they are."""
    gdti = text.strip()
    gs1_values.check("253", gdti)
    return gdti


def parse_product_id(text: str) -> str:
    """A product by GTIN or by our own code: fourteen digits or ``P…``; ``Malformed`` otherwise."""
    if _DIGITS.match(squeeze(text)):
        return parse_gtin(text)
    return parse_product_code(text)


def product_path(product_id: str) -> str:
    """Where a product's page is: by GS1 Digital Link if it has a GTIN."""
    return f"/01/{product_id}" if product_id.isdigit() else f"/p/{product_id}"


def squeeze_number(text: str) -> str:
    """A certificate number reduced to what tells it from others: letters and digits of any script, folded.

    ``CU 7190442-2026`` and ``cu7190442.2026`` are one number. Raises ``Malformed`` if nothing is left, or too much:
    one sign may stand for many letters.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[: 2 * _LONGEST_INPUT]).casefold())
    kept = "".join(letter for letter in folded if letter.isalnum())
    if not kept:
        raise Malformed("A certificate number has at least one letter or digit.")
    if len(text) > 2 * _LONGEST_INPUT or len(kept) > _LONGEST_INPUT:
        raise Malformed(phrase("A certificate number has at most %(most)s letters and digits.", most=_LONGEST_INPUT))
    return kept


def shown(code: str) -> str:
    """A code of ours as it is printed, in groups: ``BD-7K3M9-Q2XWC``, ``C-4J7K2-M9QXD``. GTINs stay as they are."""
    prefix = len(code) - RANDOM_LENGTH - 1
    if prefix not in (1, 2):
        return code
    return f"{code[:prefix]}-{code[prefix : prefix + 5]}-{code[prefix + 5 :]}"
