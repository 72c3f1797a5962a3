"""Words that differ by one slip of the finger, and how an index finds them with two entries a word.

One edit (a letter wrong, missing, too many, or two neighbours swapped) leaves the front half or the back half of a
word as it was, unless the swap straddles the middle. So each word stands in the index under both its halves; whoever
looks for a word as typed asks for the halves that a word one letter shorter, as long, or one longer would have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.domain.wording import canonical, folded_forms, folded_trade

SHORTEST = 5
"""Shorter words are not forgiven an edit: too many of them are one edit apart."""
SHORTEST_BEGINNING = 3
MOST_BEGINNINGS = 4


@dataclass(frozen=True, slots=True)
class Probe:
    """One question to the index: which words with this half have so many letters."""

    half: str
    fewest: int
    most: int


def halves(word: str) -> tuple[str, str]:
    """The two entries of a word: ``symmetry`` → ``symm-``, ``-etry``."""
    middle = len(word) // 2
    return f"{word[:middle]}-", f"-{word[middle:]}"


def is_forgiven(word: str) -> bool:
    """Whether a word is indexed by its halves: words of the trade are put right without the index."""
    return len(word) >= SHORTEST and not word[0].isdigit() and word not in folded_trade()


def probes(typed: str) -> list[Probe]:
    """The questions that find every indexed word one edit away from what was typed: four."""
    found: dict[str, Probe] = {}
    for length in range(max(len(typed) - 1, SHORTEST), len(typed) + 2):
        middle = length // 2
        for half in (f"{typed[:middle]}-", f"-{typed[-(length - middle) :]}"):
            known = found.get(half)
            found[half] = Probe(half, known.fewest if known else length, length)
    return list(found.values())


def beginnings(typed: str) -> list[Probe]:
    """The questions that find indexed words that begin with what was typed, if it is at least half of the word."""
    shortest = max(len(typed) // 2, 2)
    fronts = range(shortest, min(len(typed), shortest + MOST_BEGINNINGS - 1) + 1)
    return [Probe(f"{typed[:front]}-", max(2 * front, len(typed)), 2 * front + 1) for front in fronts]


def swapped_in_the_middle(typed: str) -> str:
    """The one word whose swap the halves do not find."""
    middle = len(typed) // 2
    return typed[: middle - 1] + typed[middle] + typed[middle - 1] + typed[middle + 1 :]


def is_near(typed: str, word: str) -> bool:
    """Whether a word is what was typed, or one edit away from it and long enough for that to mean something."""
    if canonical(typed) == word:
        return True
    forms = _plurals(word) if word in folded_trade() else (word,)
    return any(max(len(form), len(typed)) >= SHORTEST and one_edit_apart(typed, form) for form in forms)


def near_trade(typed: str, *, beginning: bool = False) -> list[str]:
    """Words of the trade that were meant, if any: one edit away, or ``beginning`` with what was typed."""
    if len(typed) < (SHORTEST_BEGINNING if beginning else SHORTEST - 1):
        return []
    if beginning:
        return [word for word in _trade() if word.startswith(typed) and word != typed]
    return [word for word in _trade() if word != typed and is_near(typed, word)]


def is_near_form(typed: str) -> bool:
    """Whether a form of company was meant: ``limitted``."""
    return len(typed) > SHORTEST and any(one_edit_apart(typed, form) for form in folded_forms() if len(form) > SHORTEST)


def one_edit_apart(one: str, other: str) -> bool:
    """Whether one edit turns one word into the other."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1 or one == other:
        return False
    at = next((place for place, letter in enumerate(one) if letter != other[place]), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return swapped or one[at + 1 :] == other[at + 1 :]


def nearest(typed: str, candidates: Iterable[str]) -> Iterator[str]:
    """Candidates that are near, as long as the typed word first."""
    near = {word for word in candidates if is_near(typed, word)}
    yield from sorted(near, key=lambda word: (abs(len(word) - len(typed)), word[:1] != typed[:1], word))


@lru_cache(maxsize=1)
def _trade() -> tuple[str, ...]:
    return tuple(sorted(folded_trade()))


def _plurals(word: str) -> tuple[str, ...]:
    return word, f"{word}s", f"{word}es", f"{word[:-1]}ies"
