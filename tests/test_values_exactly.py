"""The values of GS1's Application Identifiers, to the letter: the names, the characters, and what is checked."""

from __future__ import annotations

from itertools import product

import pytest

from chalicelib.domain import gs1_values
from chalicelib.domain.errors import Malformed
from chalicelib.domain.phrase import Phrase


def test_as_many_identifiers_are_known_as_gs1_has_given_a_meaning() -> None:
    digits = "0123456789"
    known = [ai for width in (2, 3, 4) for ai in map("".join, product(digits, repeat=width)) if gs1_values.is_known(ai)]
    assert [sum(len(ai) == width for ai in known) for width in (2, 3, 4)] == [26, 38, 477]
    assert {"00", "03", "402", "417", "3100", "3695", "8200", "99"} <= set(known)
    assert {"04", "89", "418", "3106", "8201", "0", "310n"}.isdisjoint(known)


@pytest.mark.parametrize(
    ("ai", "attribute", "first"),
    [
        ("17", True, True),
        ("3103", True, True),
        ("410", True, True),
        ("99", True, False),
        ("8003", True, False),
        ("03", False, True),
        ("21", False, False),
        ("7040", False, False),
        ("89", False, False),
    ],
)
def test_where_an_identifier_may_stand(ai: str, attribute: bool, first: bool) -> None:
    assert gs1_values.is_attribute(ai) is attribute
    assert gs1_values.is_fixed_length(ai) is first


def test_what_is_no_identifier_has_no_place() -> None:
    assert not any(gs1_values.is_attribute(ai) or gs1_values.is_known(ai) for ai in ("", "X", "1O", "٠١"))


def test_an_identifier_has_the_name_that_people_know_or_its_number() -> None:
    assert gs1_values.name("01") == "GTIN (01)"
    lot = gs1_values.name("10")
    assert (lot, lot.message) == ("lot number (10)", "%(name)s (%(ai)s)")
    assert isinstance(lot.values["name"], Phrase)
    assert (gs1_values.name("99"), gs1_values.name("99").message) == ("AI 99", "AI %(ai)s")


@pytest.mark.parametrize(
    ("ai", "value"),
    [
        ("00", "095212345432132349"),
        ("01", "09521234543213"),
        ("10", "a"),
        ("10", "!\"%&'()*+,-./09:;<=>"),
        ("10", "?_AZaz"),
        ("17", "260228"),
        ("17", "260200"),
        ("17", "000229"),
        ("240", "L" * 30),
        ("242", "123456"),
        ("253", "9521234543213"),
        ("253", "9521234543213" + "X" * 17),
        ("3103", "000000"),
        ("3910", "9781"),
        ("423", "056"),
        ("423", "056056056056056"),
        ("4324", "2602280000"),
        ("4326", "260228"),
        ("7007", "260228"),
        ("7007", "260228260301"),
        ("7040", "1ABC"),
        ("8003", "09521234543213"),
        ("8006", "095212345432130101"),
        ("8006", "095212345432130210"),
        ("8010", "#-/9A"),
        ("8013", "1987654Ad4X4bL5ttr2310c2K"),
        ("8013", "A3U"),
        ("8030", "aZ09_-="),
    ],
)
def test_what_a_value_may_be(ai: str, value: str) -> None:
    gs1_values.check(ai, value)


@pytest.mark.parametrize(
    ("ai", "value"),
    [
        ("01", "9521234543213"),
        ("01", "095212345432130"),
        ("01", "0952123454321\u0663"),
        ("10", ""),
        ("10", "L" * 21),
        ("10", "a b"),
        ("10", "#"),
        ("10", "é"),
        ("242", "1234567"),
        ("253", "9521234543213" + "X" * 18),
        ("3910", "978"),
        ("423", "0560"),
        ("8010", "a"),
        ("8030", "+"),
    ],
)
def test_a_value_of_another_length_or_with_other_characters_is_none(ai: str, value: str) -> None:
    with pytest.raises(Malformed) as caught:
        gs1_values.check(ai, value)
    name = gs1_values.name(ai)
    assert str(caught.value.detail) == (
        f"This is no {name}: it has a wrong length, or characters that GS1 does not allow there."
    )
    assert isinstance(caught.value.detail, Phrase)
    assert caught.value.detail.values == {"name": name}


@pytest.mark.parametrize(
    ("ai", "value", "fault"),
    [
        ("01", "09521234543214", "its check digit does not fit the others"),
        ("253", "9521234543214X", "its check digit does not fit the others"),
        ("8003", "09521234543214X", "its check digit does not fit the others"),
        ("8003", "19521234543213", "its first digit must be 0"),
        ("17", "260229", "its date does not exist"),
        ("17", "260230", "its date does not exist"),
        ("17", "261300", "its date does not exist"),
        ("17", "260001", "its date does not exist"),
        ("4326", "260200", "its date does not exist"),
        ("7007", "260228260229", "its date does not exist"),
        ("8006", "095212345432130302", "its piece number is larger than the number of pieces"),
        ("8006", "095212345432130003", "its piece number is larger than the number of pieces"),
        ("8013", "1987654Ad4X4bL5ttr2310c2L", "its check characters do not fit the others"),
        ("8013", "1987654Ad4X4bL5ttr2310d2K", "its check characters do not fit the others"),
        ("8013", "A30", "its check characters do not fit the others"),
        ("8013", "A0U", "its check characters do not fit the others"),
        ("8013", "22", "its check characters do not fit the others"),
        ("8013", "2", "its check characters do not fit the others"),
    ],
)
def test_a_typing_error_in_a_value_is_named(ai: str, value: str, fault: str) -> None:
    with pytest.raises(Malformed) as caught:
        gs1_values.check(ai, value)
    detail = caught.value.detail
    assert str(detail) == f"This {gs1_values.name(ai)} has a typing error: {fault}. Compare it once more."
    assert isinstance(detail, Phrase)
    assert {name: type(each) for name, each in detail.values.items()} == {"name": Phrase, "fault": Phrase}
