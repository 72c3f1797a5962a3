"""From a name to the words under which it is found, to the letter."""

from __future__ import annotations

import pytest

from chalicelib.domain import wording


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Têxtil", "textil"),
        ("İplik", "iplik"),
        ("Đông", "dong"),
        ("Œuvre Þæ", "oeuvre thae"),
        ("ＦＡＣＴＯＲＹ", "factory"),
        ("한국", "한국"),
        ("ن\u064eسيج", "نسيج"),
        ("mi\u00adll", "mill"),
    ],
)
def test_case_and_accents_decide_nothing(text: str, folded: str) -> None:
    assert wording.fold(text) == folded


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("S.T. Screen & Prints Ltd", ["st", "screen", "prints"]),
        ("S Screen", ["s", "screen"]),
        ("Screen S T", ["screen", "st"]),
        ("S T 2 U", ["st", "2", "u"]),
        ("Unit 2 3", ["unit", "2", "3"]),
        ("Unit2Screen", ["unit", "2", "screen"]),
        ("Unit-12", ["unit", "12"]),
        ("L'Atelier d’Anna's", ["atelier", "annas"]),
        ("The Company Ltd", ["the", "company", "ltd"]),
        ("!", []),
        ("x" * 41, ["x" * 40]),
        ("কারখানা ২৩", ["কারখানা", "23"]),
        ("িক", ["িক"]),
        ("ক িক", ["ক", "িক"]),
        ("কি", ["কি"]),
        ("নিটিং মিল", ["নিটিং", "মিল"]),
        ("〇", ["〇"]),
        ("가 나", ["가", "나"]),
        ("한국섬유", ["한국섬유"]),
        ("ქსოვილი", ["ქსოვილი"]),
        ("广", ["广"]),
        ("广 州", ["广", "州"]),
        ("广州 纺织品", ["广州", "纺织", "织品"]),
        ("广州纺织有限公司", ["广州", "州纺", "纺织"]),
        ("广有限公司州", ["广", "州"]),
        ("广A州2", ["广", "a", "州", "2"]),
        ("กีขค", ["กีข", "ขค"]),
    ],
)
def test_the_telling_words_of_a_name_in_order(name: str, found: list[str]) -> None:
    assert wording.tokens(name) == found


@pytest.mark.parametrize("letter", ["ก", "က", "ក", "あ", "\u3400", "\u9fff", "\U00020000"])
def test_scripts_without_blanks_are_cut_into_pairs(letter: str) -> None:
    assert wording.tokens(letter * 3) == [letter * 2] * 2
    assert wording.tokens(letter * 15) == [letter * 2] * 12


def test_so_many_words_of_a_name_are_looked_at() -> None:
    names = [f"{one}{other}x" for one in "abcde" for other in "fghij"]
    assert wording.tokens(" ".join(names)) == names[:24]
    assert wording.tokens("ltd " * 25) == ["ltd"] * 24
    assert wording.tokens("ltd " * 25 + "mill") == ["mill"]


@pytest.mark.parametrize(
    ("word", "single"),
    [
        ("factories", "factory"),
        ("textiles", "textile"),
        ("glasses", "glass"),
        ("mills", "mill"),
        ("mill", "mill"),
        ("rahims", "rahims"),
        ("rahim", "rahim"),
    ],
)
def test_words_of_the_trade_are_indexed_in_the_singular(word: str, single: str) -> None:
    assert wording.canonical(word) == single


def test_a_name_is_found_under_each_of_its_words_once() -> None:
    assert wording.words("Mills Mill of Rahim, Mill") == ["mill", "rahim"]
