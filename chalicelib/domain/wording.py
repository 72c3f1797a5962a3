"""From a name to its words, whatever its case, accents, punctuation and script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from chalicelib.domain.vocabulary import DENSE_FORMS, FORMS, TRADE

MOST_WORDS = 24
LONGEST = 40
"""So many words of a name, and characters of a word, are looked at."""
MOST_PAIRS = 12
"""So many pairs of a run of characters without blanks are indexed: names in Chinese rarely have more."""

_UNSEEN = "\u00ad\u0640\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_LETTERS = str.maketrans(
    # Latin letters that no accent makes; then Arabic ones that writers of Arabic, Persian and Urdu interchange.
    "ıđøłðħ" + "ىیېکةۃہھٱ",
    "idoldh" + "يييكهههها",
) | str.maketrans({"œ": "oe", "æ": "ae", "þ": "th"})
_MARKS = re.compile(f"[\u0300-\u036f\u064b-\u065f\u0670{_UNSEEN}]")
_ELISION = re.compile(r"(?<![^\W_])[ld]['’ʼ](?=[^\W_])")
_APOSTROPHES = re.compile("['’ʼ`´]")
_DENSE_FORM = re.compile("|".join(DENSE_FORMS))
_DENSE = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # kana
    (0x3400, 0x9FFF),  # Han
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def fold(text: str) -> str:
    """Text without case and accents: ``Têxtil`` → ``textil``, ``İplik`` → ``iplik``, ``Đông`` → ``dong``."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", plain).translate(_LETTERS))


def tokens(text: str) -> list[str]:
    """The telling words of a name in order, as written: ``S.T. Screen & Prints Ltd`` → ``st screen prints``.

    Forms of company are left out unless there is nothing else. Scripts without blanks are cut into pairs.
    """
    cleaned = _APOSTROPHES.sub("", _ELISION.sub("", fold(text)))
    found = [word[:LONGEST] for word in _initials_joined(_pieces(_DENSE_FORM.sub(" ", cleaned)))]
    return [word for word in found if word not in folded_forms()][:MOST_WORDS] or found[:MOST_WORDS]


def canonical(word: str) -> str:
    """A word as it is indexed: words of the trade in the singular, so that ``textiles`` finds ``textile``."""
    return next((single for single in _singulars(word) if single in folded_trade()), word)


def _singulars(word: str) -> list[str]:
    endings = (("ies", "y"), ("s", ""), ("es", ""))
    return [word[: -len(plural)] + single for plural, single in endings if word.endswith(plural)]


def words(text: str) -> list[str]:
    """The words under which a name is indexed and found, each once."""
    return list(_words(text))


@lru_cache(maxsize=256)
def _words(text: str) -> tuple[str, ...]:
    """While a factory is written each of its names is asked for several times."""
    return tuple(dict.fromkeys(canonical(word) for word in tokens(text)))


@lru_cache(maxsize=1)
def folded_forms() -> frozenset[str]:
    """Forms of company as ``tokens`` meets them."""
    return frozenset(fold(word) for word in FORMS)


@lru_cache(maxsize=1)
def folded_trade() -> frozenset[str]:
    """Words of the trade as ``tokens`` meets them, in the singular."""
    folded = frozenset(fold(word) for word in TRADE)
    return frozenset(word for word in folded if folded.isdisjoint(_singulars(word)))


def _kind(letter: str) -> str:
    """``w`` a letter or mark, ``n`` a digit, ``d`` of a script without blanks, empty for all else."""
    category = unicodedata.category(letter)[0]
    if category not in "LMN":
        return ""
    code = ord(letter)
    if code >= 0x0E00 and any(first <= code <= last for first, last in _DENSE):
        return "d"
    return "n" if category == "N" else "w"


def _pieces(text: str) -> list[str]:
    """Runs of letters, of digits, and pairs of what has no blanks. A mark belongs to the letter before it."""
    runs: list[tuple[str, list[str]]] = []
    last = ""
    for letter in text:
        kind = _kind(letter)
        if kind and last and unicodedata.category(letter)[0] == "M":
            runs[-1][1][-1] += letter
            continue
        if kind == "n":
            letter = str(unicodedata.digit(letter, letter))  # noqa: PLW2901  (digits of any script are one)
        if kind and kind == last:
            runs[-1][1].append(letter)
        elif kind:
            runs.append((kind, [letter]))
        last = kind
    return [piece for kind, letters in runs for piece in (_pairs(letters) if kind == "d" else ["".join(letters)])]


def _pairs(letters: list[str]) -> list[str]:
    if len(letters) == 1:
        return letters
    return [one + other for one, other in pairwise(letters)][:MOST_PAIRS]


def _initials_joined(pieces: list[str]) -> list[str]:
    """Single letters in a row are one word: ``s t screen`` → ``st screen``."""
    joined: list[str] = []
    open_run = False
    for piece in pieces:
        single = len(piece) == 1 and piece.isalpha() and ord(piece) < 0x0E00
        if single and open_run:
            joined[-1] += piece
        else:
            joined.append(piece)
        open_run = single
    return joined
