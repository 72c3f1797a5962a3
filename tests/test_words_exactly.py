"""Text that people send in, words that were misspelt, names that look like others: to the letter."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from chalicelib.domain import lookalike, spelling, text
from chalicelib.domain.errors import Malformed
from chalicelib.domain.lookalike import Oddity
from chalicelib.domain.spelling import Probe

WEBSITE = "must be a web address such as https://www.example.com/factory"


# --- Text


@pytest.mark.parametrize(
    ("typed", "lines", "said"),
    [
        (5, False, "must be text"),
        (" \t ", False, "must not be empty"),
        ("x" * 11, False, "is longer than 10 characters"),
        (" " * 39 + "xy", False, "is longer than 10 characters"),
        ("Mi\x07ll", False, "holds the character U+0007, which readers cannot see: take it out"),
        ("Mill\u3164", False, "holds the character U+3164, which readers cannot see: take it out"),
        ("a\nb", False, "holds the character U+000A, which readers cannot see: take it out"),
        ("a\nb\u200b", True, "holds the character U+200B, which readers cannot see: take it out"),
        ("ক\u200dষ\u200b", False, "holds the character U+200B, which readers cannot see: take it out"),
        ("\u0338Valid", False, "begins with a mark that belongs to a letter: take it out"),
        ("\u09be", False, "begins with a mark that belongs to a letter: take it out"),
        ("\ufe0f\u263a", False, "begins with a mark that belongs to a letter: take it out"),
        ("x" + "\u0301" * 9, False, "stacks more than 8 marks on one letter: take some out"),
        ("x" + "\u20dd\u0338" * 4 + "\u0e49", False, "stacks more than 8 marks on one letter: take some out"),
        ("\u200dক", False, "holds the character U+200D, which readers cannot see: take it out"),
        ("\u024f\u200dক", False, "holds the character U+200D, which readers cannot see: take it out"),
        ("৫\u200dক", False, "holds the character U+200D, which readers cannot see: take it out"),
    ],
)
def test_what_is_wrong_with_a_text_is_said(typed: object, lines: bool, said: str) -> None:
    with pytest.raises(Malformed) as caught:
        text.clean(typed, 10, lines=lines)
    assert caught.value.detail == said


def test_a_text_has_one_line_unless_it_may_have_more() -> None:
    with pytest.raises(Malformed):
        text.clean("a\nb")
    assert text.clean(" \n a \n") == "a"


@pytest.mark.parametrize(
    ("typed", "lines", "cleaned"),
    [
        (" " * 38 + "xy", False, "xy"),
        ("x" * 10, False, "x" * 10),
        ("x" + "\u0301" * 8, False, "x" + "\u0301" * 8),
        ("x" + "\u0301" * 5 + "x" + "\u0301" * 3, False, "x" + "\u0301" * 5 + "x" + "\u0301" * 3),
        (" a \t b \r\n  c \n", True, "a b\nc"),
        ("\u0250\u200dক", False, "\u0250\u200dক"),
        ("ক্\u200dষ", False, "ক্\u200dষ"),
        ("e\u0301", False, "é"),
    ],
)
def test_what_can_be_cleaned_is(typed: str, lines: bool, cleaned: str) -> None:
    assert text.clean(typed, 10, lines=lines) == cleaned


def test_a_day_is_written_in_one_way_and_lies_within_its_bounds() -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    assert text.clean_day("2026-01-01", first, last) == first
    assert text.clean_day("2026-12-31", first, last) == last
    for other in ("2025-12-31", "2027-01-01"):
        with pytest.raises(Malformed) as caught:
            text.clean_day(other, first, last)
        assert caught.value.detail == "must lie between 2026-01-01 and 2026-12-31"
    for other in ("20260101", "2026-W01-1", "2026-02-30", 20260101, None):  # type: ignore[assignment]
        with pytest.raises(Malformed, match="must be a date written YYYY-MM-DD"):
            text.clean_day(other, first, last)


def test_codes_and_identifiers_have_their_letters_and_their_length() -> None:
    assert text.clean_code("a" * 40) == "a" * 40
    assert text.clean_tenant("b-1") == "b-1"
    assert text.is_tenant("ab")
    assert not text.is_tenant("a")
    for code in ("a" * 41, "A", "", 5):
        with pytest.raises(Malformed, match="must be a code of"):
            text.clean_code(code)
    for name in ("a", "a_b", 55):
        with pytest.raises(Malformed, match="must be an identifier of"):
            text.clean_tenant(name)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/" + "a" * 180,
        "http://EXAMPLE.com:80/!~",
        "https://example.com:443",
        "http://example.com/me@x",
        "https://xn--abc.xn--p1ai",
    ],
)
def test_a_web_address_is_taken_as_it_is(address: str) -> None:
    assert text.clean_website(address) == address
    assert text.clean_website(address[:190] + "  ") == address[:190]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (5, WEBSITE),
        ("https://example.com/" + "a" * 181, WEBSITE),
        ("https://example.com:99999", WEBSITE),
        ("https://example", WEBSITE),
        ("https:///example", WEBSITE),
        *(
            (f"https://example.com/{bad}x", f"{WEBSITE}, in plain letters, without blanks or backslashes")
            for bad in '\\"<>`{}|^ é\x7f'
        ),
        *(
            (bad, f"{WEBSITE}: http or https, without user name or port")
            for bad in ("ftp://example.com", "https://me@example.com", "https://example.com:8080")
        ),
    ],
)
def test_what_is_wrong_with_a_web_address_is_said(address: object, said: str) -> None:
    with pytest.raises(Malformed) as caught:
        text.clean_website(address)
    assert caught.value.detail == said


# --- Spelling


def test_a_word_stands_in_the_index_under_both_its_halves() -> None:
    assert spelling.halves("symmetry") == ("symm-", "-etry")
    assert spelling.halves("seven") == ("se-", "-ven")


def test_the_halves_of_what_is_typed_are_asked_for_as_those_of_a_word_one_shorter_as_long_and_one_longer() -> None:
    assert spelling.probes("symmetry") == [
        Probe("sym-", 7, 7),
        Probe("-etry", 7, 8),
        Probe("symm-", 8, 9),
        Probe("-metry", 9, 9),
    ]
    assert spelling.probes("silk") == [Probe("si-", 5, 5), Probe("-ilk", 5, 5)]


def test_a_beginning_is_asked_for_as_the_front_half_of_every_word_that_it_may_be_half_of() -> None:
    assert spelling.beginnings("sy") == [Probe("sy-", 4, 5)]
    assert spelling.beginnings("sym") == [Probe("sy-", 4, 5), Probe("sym-", 6, 7)]
    assert spelling.beginnings("symmetr") == [
        Probe("sym-", 7, 7),
        Probe("symm-", 8, 9),
        Probe("symme-", 10, 11),
        Probe("symmet-", 12, 13),
    ]


def test_the_swap_that_straddles_the_middle_is_a_word_of_its_own() -> None:
    assert spelling.swapped_in_the_middle("abcdef") == "abdcef"
    assert spelling.swapped_in_the_middle("abcde") == "acbde"


def test_long_words_that_are_not_of_the_trade_are_forgiven_a_slip() -> None:
    words = ("kolma", "kolm", "5kolma", "k5lma", "textile")
    assert [spelling.is_forgiven(word) for word in words] == [True, False, False, True, False]


@pytest.mark.parametrize(
    ("typed", "word", "near"),
    [
        ("kolm", "kolm", True),
        ("kolm", "kola", False),
        ("kolm", "kolma", True),
        ("kolma", "kolm", True),
        ("textiles", "textile", True),
        ("textlies", "textile", True),
        ("industrees", "industry", True),
        ("industreis", "industry", True),
        ("dressez", "dress", True),
        ("kolmliatas", "kolmilata", False),
        ("kolmilato", "kolmilata", True),
    ],
)
def test_a_word_is_near_what_was_typed_by_one_slip_and_in_the_trade_by_its_plural(
    typed: str, word: str, near: bool
) -> None:
    assert spelling.is_near(typed, word) is near


def test_words_of_the_trade_are_put_right_and_completed() -> None:
    assert spelling.near_trade("embroidary") == ["embroidery"]
    assert spelling.near_trade("embroidery") == []
    assert spelling.near_trade("lnen") == ["linen"]
    assert spelling.near_trade("sus") == []
    assert spelling.near_trade("emb", beginning=True) == ["embroidery"]
    assert spelling.near_trade("em", beginning=True) == []
    assert spelling.near_trade("embroidery", beginning=True) == []
    assert spelling.near_trade("indu", beginning=True) == sorted(spelling.near_trade("indu", beginning=True)) != []


def test_a_long_form_of_company_is_put_right() -> None:
    words = ("limitted", "limite", "sanay", "groupp", "meghna")
    assert [spelling.is_near_form(word) for word in words] == [True, True, False, False, False]


def edited(word: str) -> set[str]:
    """All that one edit makes of a word, over three letters."""
    gaps = range(len(word) + 1)
    return {
        *(word[:at] + letter + word[at:] for at in gaps for letter in "abc"),
        *(word[:at] + letter + word[at + 1 :] for at in gaps[:-1] for letter in "abc"),
        *(word[:at] + word[at + 1 :] for at in gaps[:-1]),
        *(word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in gaps[:-2]),
    } - {word}


def test_one_edit_is_a_letter_wrong_missing_or_too_many_or_two_neighbours_swapped() -> None:
    every = ["".join(letters) for length in range(5) for letters in product("abc", repeat=length)]
    for one in every:
        assert {other for other in every if spelling.one_edit_apart(one, other)} == edited(one) & set(every)


def test_the_nearest_is_as_long_then_begins_as_typed_then_stands_first_in_the_alphabet() -> None:
    found = ["kolmilatas", "kolmilat", "holmilata", "kolmilatb", "kalmilata", "meghna"]
    assert list(spelling.nearest("kolmilata", [*found, *found])) == [
        "kalmilata",
        "kolmilatb",
        "holmilata",
        "kolmilat",
        "kolmilatas",
    ]


# --- Names that look like others


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Kolmil\u0430ta", [Oddity.MIXED_SCRIPTS]),
        ("Steel \u0421\u041e\u0421\u0430\u006c", [Oddity.MIXED_SCRIPTS]),
        ("\uff2b\uff4eit 17", []),  # full-width letters are Latin
        ("\u0421\u041e Steel", [Oddity.LOOKS_LATIN]),
        ("\u0421 Steel", []),  # one letter is no word
        ("\u0421\u041e\u042e Steel", []),  # one letter of it has no twin
        ("\u0421\u041e\u0421\u0410", [Oddity.LOOKS_LATIN]),
        ("\u0421\u041e\u0421\u0410 LTD", [Oddity.LOOKS_LATIN]),
        ("\u0421\u041e\u0421\u0410 Ромашка", []),
        ("\u0421\u041e\u0421\u0410 Ромашка LTD", []),
        ("\u0251\u0261 Steel", []),  # Latin letters that look like others
        ("\u0251\u0261", []),
        ("Kolmil\u0430ta \u0421\u041e", [Oddity.MIXED_SCRIPTS, Oddity.LOOKS_LATIN]),
    ],
)
def test_what_is_odd_about_a_name(name: str, expected: list[Oddity]) -> None:
    assert list(lookalike.oddities(name)) == expected


@pytest.mark.parametrize(
    ("word", "scripts"),
    [
        ("Aa\u01c5", {"LATIN"}),
        ("\u01c5", {"LATIN"}),
        ("\u0628", {"ARABIC"}),
        ("a-1", {"LATIN"}),
        ("T\u6064", {"CJK"}),
        ("\U00017000", {"UNKNOWN"}),  # a letter without a name
        ("T\u30c6\u6064\u0422", {"CJK", "CYRILLIC"}),
    ],
)
def test_the_scripts_of_a_word(word: str, scripts: set[str]) -> None:
    assert lookalike.scripts(word) == scripts


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("K0l", "Kol"),
        ("0k", "ok"),
        ("k0", "ko"),
        ("a1b", "alb"),
        ("a1", "a1"),
        ("1a", "1a"),
        ("10", "10"),
        ("\uff2b\u043e", "Ko"),
    ],
)
def test_a_name_as_it_looks(name: str, seen: str) -> None:
    assert lookalike.skeleton(name) == seen
