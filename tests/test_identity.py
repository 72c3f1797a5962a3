"""Codes: what is made can be read back however it is typed, and one wrong character is caught."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import ean
from stdnum.iso7064 import mod_37_36

from chalicelib.domain import identity
from chalicelib.domain.errors import Malformed

COUNTRIES = st.sampled_from(["BD", "IN", "TR", "VN", "OM", "IO", "LO", "ID", "LI", "CN", "PT"])
PARSERS = {
    "factory": identity.parse_factory_id,
    "certificate": identity.parse_certificate_code,
    "product": identity.parse_product_code,
}


@st.composite
def made(draw: st.DrawFn) -> tuple[str, str]:
    """A new code and what it is of."""
    choose = random.Random(draw(st.integers(0, 2**64))).choice
    kind = draw(st.sampled_from(sorted(PARSERS)))
    if kind == "factory":
        return kind, identity.new_factory_id(draw(COUNTRIES), choose)
    make = identity.new_certificate_code if kind == "certificate" else identity.new_product_code
    return kind, make(choose)


def prefix_length(kind: str) -> int:
    return 2 if kind == "factory" else 1


@given(made())
def test_a_new_code_reads_back_as_itself_also_as_it_is_printed(code: tuple[str, str]) -> None:
    kind, text = code
    assert PARSERS[kind](text) == text
    assert PARSERS[kind](identity.shown(text)) == text
    assert identity.shown(text).replace("-", "") == text
    assert mod_37_36.is_valid(text)


@given(made())
def test_a_new_code_has_none_of_the_letters_that_are_misread(code: tuple[str, str]) -> None:
    kind, text = code
    assert not set(text[prefix_length(kind) :]) & set("ILOU")


@pytest.mark.safety("certificates.forgiving")
@given(made(), st.randoms(use_true_random=False))
def test_however_a_code_is_typed_it_is_the_same(code: tuple[str, str], rng: random.Random) -> None:
    kind, text = code
    looks = {"0": "0Oo０Ｏ", "1": "1IiLl１Ｉｌ"}
    typed = []
    for place, letter in enumerate(text):
        forms = [letter, letter.lower(), chr(ord(letter) + 0xFEE0)]
        if place >= prefix_length(kind):
            forms += looks.get(letter, "")
        typed.append(rng.choice(forms))
        typed.append(rng.choice(["", "", "", " ", "-", "–", "—", "\u00a0", "\u200b", ".", "_", "\t", "−"]))
    assert PARSERS[kind]("  " + "".join(typed) + "\n") == text


@pytest.mark.safety("certificates.check-digit")
@given(made())
def test_one_wrong_character_is_always_caught(code: tuple[str, str]) -> None:
    kind, text = code
    start = prefix_length(kind)
    for place in range(start, len(text)):
        for other in identity.ALPHABET:
            if other != text[place]:
                with pytest.raises(Malformed):
                    PARSERS[kind](text[:place] + other + text[place + 1 :])


@given(made())
def test_two_swapped_neighbours_are_caught(code: tuple[str, str]) -> None:
    kind, text = code
    for place in range(len(text) - 1):
        swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        if swapped == text:
            continue
        try:
            assert PARSERS[kind](swapped) == text
        except Malformed:
            continue


@given(made(), st.sampled_from("ABCDEFGHJKMNPQRSTVWXYZ"), st.integers(0, 1))
def test_a_wrong_country_is_caught(code: tuple[str, str], other: str, place: int) -> None:
    kind, text = code
    if kind != "factory" or text[place] == other:
        return
    with pytest.raises(Malformed):
        identity.parse_factory_id(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize(
    "parse",
    [
        *PARSERS.values(),
        identity.parse_gtin,
        identity.parse_gln,
        identity.parse_product_id,
        identity.squeeze_number,
    ],
)
@given(
    st.one_of(
        st.text(max_size=300), st.from_regex(r"[A-Z0-9 \-]{8,14}", fullmatch=True), made().map(lambda code: code[1])
    )
)
@example("")
@example("BD" + "²" * 10)
@example("٠" * 13)
@example("\ud800" * 12)
@example("ß" * 6)
@example("ﷺ" * 200)
def test_junk_is_malformed_and_nothing_worse(parse: object, text: str) -> None:
    try:
        assert parse(text)  # type: ignore[operator]
    except Malformed:
        return


@given(st.text(alphabet="0123456789", min_size=7, max_size=15))
def test_a_gtin_is_taken_when_and_only_when_the_standard_takes_it(digits: str) -> None:
    fits = len(digits) in (8, 12, 13, 14) and ean.is_valid(digits)
    try:
        assert identity.parse_gtin(digits) == digits.zfill(14)
        assert fits
    except Malformed:
        assert not fits


@given(st.integers(0, 10**13 - 1))
def test_a_true_gtin_is_read_in_all_its_lengths(number: int) -> None:
    for length in (8, 12, 13, 14):
        payload = str(number % 10 ** (length - 1)).zfill(length - 1)
        digits = payload + ean.calc_check_digit(payload)
        assert identity.parse_gtin(digits) == digits.zfill(14)
        assert identity.parse_product_id(f" {digits[:4]}-{digits[4:]} ") == digits.zfill(14)


@given(st.text(alphabet="0123456789", min_size=12, max_size=14))
def test_a_gln_is_taken_when_and_only_when_the_standard_takes_it(digits: str) -> None:
    fits = len(digits) == 13 and ean.is_valid(digits)
    try:
        assert identity.parse_gln(digits) == digits
        assert fits
    except Malformed:
        assert not fits


@pytest.mark.parametrize(
    "typed", ["CU 7190442-2026", "cu7190442.2026", " CU/7190442/2026 ", "ＣＵ７１９０４４２２０２６"]
)
def test_a_certificate_number_is_one_however_it_is_spaced(typed: str) -> None:
    assert identity.squeeze_number(typed) == "cu71904422026"


@given(st.text(min_size=1, max_size=400))
def test_a_squeezed_number_always_fits_a_key(text: str) -> None:
    try:
        squeezed = identity.squeeze_number(text)
    except Malformed:
        return
    assert len(squeezed.encode()) <= 1000
    assert identity.squeeze_number(squeezed) == squeezed


def test_a_number_of_letters_that_unfold_does_not_outgrow_its_key() -> None:
    with pytest.raises(Malformed):
        identity.squeeze_number("ﷺ" * 200)


def test_two_long_numbers_that_differ_at_their_ends_are_not_taken_for_one() -> None:
    with pytest.raises(Malformed):
        identity.squeeze_number("9" * 201)
