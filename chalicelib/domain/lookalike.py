"""Names that look like other names: letters of two scripts in one word, and words that could be read as Latin.

Nothing here refuses a name: what it finds is flagged for staff. ``text.clean`` refuses what nobody can see.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from chalicelib.domain.wording import folded_forms

_TWINS = {
    # Letters that look like Latin ones, after the confusables of Unicode (UTS 39): each pair is a letter and its twin.
    "CYRILLIC": "АAВBЕEЅSІIЈJКKМMНHОOРPСCТTУYХXҮYҺHԌGӀIԚQԜWаaеeѕsіiјjоoрpсcуyхxүyһhԁdԛqԝwӏlкk",
    "GREEK": "ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXαaγyιiκkνvοoρpτtυuχx",
    "ARMENIAN": "ՍUՕOհhոnսuօoցgզq",
    "CHEROKEE": "ᎪAᏴBᏟCᎠDᎬEᎻHᎫJᏦKᏞLᎷMᏢPᎡRᏚSᎢTᏙVᏔWᏃZ",
    "LATIN": "ɑaɡgɩiıi",
}
TWINS = {ord(letters[at]): letters[at + 1] for letters in _TWINS.values() for at in range(0, len(letters), 2)}
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"})
_WORD = re.compile(r"[^\W_]+")
_NOUGHT_AMONG_LETTERS = re.compile(r"(?<=[^\W\d_])0|0(?=[^\W\d_])")
_ONE_AMONG_LETTERS = re.compile(r"(?<=[^\W\d_])1(?=[^\W\d_])")


class Oddity(StrEnum):
    """What is odd about the letters of a name."""

    MIXED_SCRIPTS = "mixed_scripts"
    LOOKS_LATIN = "looks_latin"


def oddities(name: str) -> tuple[Oddity, ...]:
    """What is odd about a name: a word in two scripts at once, or only words in another script that look Latin."""
    words = [word for word in _WORD.findall(unicodedata.normalize("NFKC", name)) if any(map(str.isalpha, word))]
    found = []
    if any(len(scripts(word)) > 1 for word in words):
        found.append(Oddity.MIXED_SCRIPTS)
    telling = [word for word in words if word.casefold() not in folded_forms()]
    alone = {script for word in telling for script in scripts(word)}
    if any(_looks_latin(word) and (len(alone) > 1 or all(map(_looks_latin, telling))) for word in telling):
        found.append(Oddity.LOOKS_LATIN)
    return tuple(found)


def scripts(word: str) -> set[str]:
    """The scripts of a word's letters. Latin ones among Chinese, Japanese or Korean ones are nothing odd."""
    found = {_script(letter) for letter in word if unicodedata.category(letter) in ("Lu", "Ll", "Lt", "Lo")}
    if found & _EAST_ASIAN:
        return (found - _EAST_ASIAN - {"LATIN"}) | {"CJK"}
    return found


def skeleton(name: str) -> str:
    """A name as it looks, in Latin letters: two names with one skeleton cannot be told apart by eye."""
    plain = unicodedata.normalize("NFKC", name).translate(TWINS)
    return _ONE_AMONG_LETTERS.sub("l", _NOUGHT_AMONG_LETTERS.sub("o", plain))


def _looks_latin(word: str) -> bool:
    """Whether each letter of a word is of another script, and has a twin in Latin."""
    letters = [letter for letter in word if letter.isalpha()]
    return len(letters) > 1 and all(_script(letter) != "LATIN" and ord(letter) in TWINS for letter in letters)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").partition(" ")[0]
