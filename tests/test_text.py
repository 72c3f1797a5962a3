"""Text, web addresses and fields that people send in: what could deceive a reader is refused."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import text
from chalicelib.domain.errors import Malformed
from chalicelib.domain.fields import FIELDS, clean_fields

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.safety("profile.unseen-letters")
@pytest.mark.parametrize(
    "letter",
    [
        *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
        *"\u200b\u2060\ufeff\u00ad\u180e\u034f",
        *"\x00\x07\x1b\x7f\x85",
        *"\u2028\u2029\ue000\U000e0041\ufff9",
        *"\u3164\u115f\u1160\uffa0\u2800",
        "\ud800",
    ],
    ids=ascii,
)
def test_a_character_that_readers_cannot_see_is_refused(letter: str) -> None:
    for typed in (f"Mill{letter}Co", f"মিল{letter}মিল"):
        with pytest.raises(Malformed):
            text.clean(typed)


@pytest.mark.safety("profile.unseen-letters")
@pytest.mark.parametrize("word", ["র\u200d্যাব", "ক্\u200cষ", "می\u200cخواهم", "ශ්\u200dරී"], ids=ascii)
def test_the_joiners_that_scripts_need_are_kept(word: str) -> None:
    assert text.clean(word) == unicodedata.normalize("NFC", word)


@pytest.mark.parametrize("word", ["\u200dMill", "Mi\u200dll", "Mill \u200dCo", "ক\u200d\u200dষ", "\u200d"], ids=ascii)
def test_a_joiner_where_no_script_needs_it_is_refused(word: str) -> None:
    with pytest.raises(Malformed):
        text.clean(word)


@pytest.mark.parametrize("word", ["Nguyễn Thị Ảnh", "กุ้งน้ำจืด", "شَرِكَةٌ مُحَمَّدِيَّة", "הַמַּפְעָל", "བརྒྱུད་ཀྱི", "👩🏽 ⚙️"], ids=ascii)
def test_marks_that_scripts_need_are_kept(word: str) -> None:
    assert text.clean(word) == unicodedata.normalize("NFC", word)


@pytest.mark.parametrize("value", ["", "   ", "\u00a0\u3000", None, 5, True, [], {}, b"Mill"])
def test_what_is_no_text_or_empty_is_refused(value: object) -> None:
    with pytest.raises(Malformed):
        text.clean(value)


def test_blanks_are_made_single_and_accents_composed() -> None:
    assert text.clean("  Têxtil \u00a0\t Lda ") == "Têxtil Lda"
    assert text.clean("one\r\ntwo  three", lines=True) == "one\ntwo three"
    with pytest.raises(Malformed):
        text.clean("one\ntwo")


def test_length_is_counted_after_cleaning_and_bounded() -> None:
    assert len(text.clean("x" * 200)) == 200
    for long in ("x" * 201, "x" * 10**6, "\u0958" * 150):  # U+0958 decomposes into two under NFC
        with pytest.raises(Malformed):
            text.clean(long)


@given(st.text(max_size=250))
def test_what_passes_is_stable_visible_and_bounded(typed: str) -> None:
    try:
        cleaned = text.clean(typed)
    except Malformed:
        return
    assert text.clean(cleaned) == cleaned
    assert 0 < len(cleaned) <= 200
    assert unicodedata.normalize("NFC", f"valid{cleaned}") == f"valid{cleaned}"
    assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") for letter in cleaned)
    cleaned.encode()


@pytest.mark.safety("profile.website")
@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "ftp://example.com",
        "file:///etc/passwd",
        "//example.com",
        "example.com",
        "https:example.com",
        "https:/example.com",
        "https:///example.com",
        "https:\\\\evil.example",
        "https://example.com\\@evil.example",
        "https://user@example.com",
        "https://user:pass@example.com",
        "https://example.com@evil.example",
        "https://@example.com",
        "https://localhost",
        "https://localhost.",
        "https://127.0.0.1",
        "https://2130706433",
        "https://0x7f.1",
        "https://[::1]/",
        "https://[example.com]/",
        "https://example.com:8080",
        "https://example.com:99999",
        "https://example.com:x",
        "https://exa mple.com",
        "https://example.com/\u202egpj.exe",
        "https://ex\u200bample.com",
        "https://еxample.com",
        "https://example.com/<script>",
        'https://example.com/"onclick=x',
        "https://example.com/`x`",
        "https://-example.com",
        "https://example..com",
        "https://.com",
        "https://example.c",
        "https://",
        "https://" + "a" * 64 + ".com",
        "https://example.com/" + "a" * 200,
        "",
        " ",
        None,
        5,
        ["https://example.com"],
    ],
    ids=ascii,
)
def test_an_address_that_does_not_lead_where_it_seems_to_is_refused(address: object) -> None:
    with pytest.raises(Malformed):
        text.clean_website(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com",
        "http://www.mill-1.com.bd/en/?a=b#c",
        "HTTPS://Example.COM/x%20y",
        "https://xn--e1afmkfd.xn--p1ai/",
    ],
)
def test_an_honest_address_is_kept_as_it_is(address: str) -> None:
    assert text.clean_website(f" {address} ") == address


@pytest.mark.parametrize("name", sorted(FIELDS))
@given(JUNK)
def test_a_field_given_junk_is_malformed_and_nothing_worse(name: str, value: Any) -> None:
    cleaned, faults = clean_fields({name: value}, "", removable=True)
    assert bool(cleaned) != bool(faults)
    for fault in faults:
        assert fault.pointer == f"/{name}"


@given(st.dictionaries(st.text(max_size=200), JUNK, max_size=3))
def test_a_field_that_is_not_known_is_refused_by_name(given_fields: dict[str, Any]) -> None:
    cleaned, faults = clean_fields(given_fields, "/factory")
    assert set(cleaned) <= set(FIELDS)
    assert len(cleaned) + len(faults) == len(given_fields)


@pytest.mark.parametrize(
    "value",
    [
        "2026-W10-3",
        "20260301",
        "2026-3-1",
        "2026-03-01T00:00",
        "2026-02-30",
        "٢٠٢٦-٠٣-٠١",
        "1989-12-31",
        "9999-01-01",
        "",
        None,
        20260301,
        ["2026-03-01"],
    ],
)
def test_a_day_is_written_in_one_way_only(value: object) -> None:
    from chalicelib.internal import body

    with pytest.raises(Malformed):
        body.day(value)
