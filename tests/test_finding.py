"""Finding a factory by name: case, accents, dots and blanks make no difference, in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import finding


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ST Screen", "S.T. Screen"),
        ("ST Screen", "s. t. SCREEN"),
        ("S T Screen", "S.T.Screen Ltd."),
        ("Têxtil São João", "TEXTIL SAO JOAO LDA"),
        ("İplik Sanayi", "iplik sanayı"),
        ("Công ty Dệt Đông", "cong ty det dong"),
        ("Straße", "STRASSE"),
        ("ＦＡＣＴＯＲＹ １", "factory 1"),
        ("A.B.C. Knit & Dye", "ABC Knit Dye"),
        ("ঢাকা নিট", "ঢাকা  নিট"),
        ("ক্\u200cষ মিল", "ক্ষ মিল"),
    ],
)
def test_two_ways_to_write_a_name_have_the_same_words(one: str, other: str) -> None:
    assert finding.words(one) == finding.words(other)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("মেঘনা নিট কম্পোজিট", ["মেঘনা", "নিট", "কম্পোজিট"]),
        ("भारत टेक्सटाइल", ["भारत", "टेक्सटाइल"]),
        ("مصنع النسيج", ["مصنع", "النسيج"]),
        ("S.T. Screen & Print Ltd", ["st", "screen", "print"]),
        ("The Mill of Dhaka Pvt. Ltd.", ["mill", "dhaka"]),
        ("广州 纺织", ["广州", "纺织"]),
    ],
)
def test_a_word_stays_whole_in_its_script(name: str, words: list[str]) -> None:
    assert finding.words(name) == words


@given(st.text(max_size=250))
def test_words_are_few_folded_and_short_enough_for_a_key(name: str) -> None:
    found = finding.words(name)
    assert len(found) <= finding.MOST_WORDS
    assert len(set(found)) == len(found)
    for word in found:
        assert word == word.strip()
        assert 0 < len(word.encode("utf-8", "replace")) <= 1000


def test_a_sign_that_stands_for_a_whole_word_does_not_outgrow_a_key() -> None:
    assert all(len(word.encode()) <= 1000 for word in finding.words("㌀" * 200))
