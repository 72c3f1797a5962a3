"""What the wording of a claim risks under EU consumer law. It refuses nothing: who writes is told, and staff see it.

Directive 2005/29/EC on unfair commercial practices, as amended by Directive (EU) 2024/825, applied since 27 September
2026. What words can show is checked; whether a claim is true, and what a court would say of it, is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from chalicelib.domain.claim import Claim, Rests
from chalicelib.domain.claim_terms import TERMS
from chalicelib.domain.phrase import Phrase, phrase
from chalicelib.domain.wording import fold

_ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ب", "ل")
"""What Arabic writes together with the word that follows."""
_YEAR = "20(?:2[6-9]|[3-9][0-9])"


class Concern(StrEnum):
    """What a wording risks."""

    GENERIC = "generic"
    LABEL = "label"
    WHOLE = "whole"
    OFFSET = "offset"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class Warned:
    """One concern, the words of the claim that raise it, and what the law says: to be told to who writes."""

    concern: Concern
    words: str
    pointer: str = "/text"

    @property
    def detail(self) -> Phrase:
        """The reason, with the place in the law."""
        return _said(self.concern, self.words)


def warnings(claim: Claim) -> tuple[Warned, ...]:
    """What the words of a claim risk, by what it rests on: each concern once, with the first words that raise it.

    A label is no concern where a certificate or standard is named, and a promise none where evidence of a plan is.
    """
    found: dict[Concern, str] = {}
    for concern, words in _met(claim.text, claim.language):
        found.setdefault(concern, words)
    rests = claim.basis.kind
    if rests in (Rests.CERTIFICATE, Rests.STANDARD):
        found.pop(Concern.LABEL, None)
    if rests is Rests.EVIDENCE:
        found.pop(Concern.FUTURE, None)
    return tuple(Warned(concern, found[concern]) for concern in Concern if concern in found)


def _said(concern: Concern, words: str) -> Phrase:
    match concern:
        case Concern.GENERIC:
            return phrase(
                "“%(words)s” says too little: a general claim needs recognised excellent environmental performance. "
                "Say what exactly is better, and by how much. (Directive 2005/29/EC, Annex I, point 4a)",
                words=words,
            )
        case Concern.LABEL:
            return phrase(
                "“%(words)s” sounds like a label: one may be shown only if it rests on a certification scheme or comes "
                "from a public authority. Name its certificate or standard. (Directive 2005/29/EC, Annex I, point 2a)",
                words=words,
            )
        case Concern.WHOLE:
            return phrase(
                "“%(words)s” speaks of the whole. If it is true of a part only, say of which. "
                "(Directive 2005/29/EC, Annex I, point 4b)",
                words=words,
            )
        case Concern.OFFSET:
            return phrase(
                "“%(words)s” may not be said of a product where it rests on offsetting emissions elsewhere. Say what "
                "was reduced in making it. (Directive 2005/29/EC, Annex I, point 4c)",
                words=words,
            )
        case Concern.FUTURE:
            return phrase(
                "“%(words)s” promises something: that needs a public, detailed plan with dates, checked by an "
                "independent expert. Link to it as evidence. (Directive 2005/29/EC, Article 6(2)(d))",
                words=words,
            )


def _met(text: str, language: str) -> Iterator[tuple[Concern, str]]:
    """Each term that stands in a text: its concern, and the words as they were written."""
    tokens = list(_tokens(text))
    joined = "".join(token for token, _, _ in tokens)
    starts, ends = _bounds(tokens)
    spoken = language.partition("-")[0].lower()
    for concern, pattern, is_open in _patterns(spoken if spoken in TERMS else ""):
        for start, first in starts.items():
            hit = pattern.match(joined, start)
            if hit is None or (hit.end() not in ends and not is_open):
                continue
            last = min(end for end in ends if end >= hit.end())
            yield concern, text[first : ends[last]]
            break


def _bounds(tokens: list[tuple[str, int, int]]) -> tuple[dict[int, int], dict[int, int]]:
    """Where words begin and end in the joined text, and which places of the text as written these are."""
    starts, ends, at = {}, {}, 0
    for token, first, last in tokens:
        starts[at] = first
        for article in _ARTICLES:
            if token.startswith(article) and len(token) > len(article) + 1:
                starts.setdefault(at + len(article), first)
        at += len(token)
        ends[at] = last
    return starts, ends


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """The folded words of a text, each with its place in the text as written; of dense scripts, the characters."""
    first = None
    for place, letter in enumerate(text):
        if _is_dense(letter) or not _is_word(letter):
            if first is not None:
                yield from _token(text, first, place)
                first = None
            if _is_dense(letter) or letter in "%٪":
                yield from _token(text, place, place + 1)
        elif first is None:
            first = place
    if first is not None:
        yield from _token(text, first, len(text))


def _token(text: str, first: int, last: int) -> Iterator[tuple[str, int, int]]:
    folded = "".join(map(_plain, fold(text[first:last])))
    if folded:
        yield folded, first, last


def _plain(letter: str) -> str:
    """A letter as it is compared: digits of any script are one, and signs within a word are none."""
    if unicodedata.category(letter) == "Nd":
        return str(unicodedata.digit(letter))
    return "%" if letter in "%٪" else letter if _is_word(letter) else ""


def _is_word(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LMN"


def _is_dense(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff" or "\uf900" <= letter <= "\ufaff"


@lru_cache(maxsize=len(TERMS) + 1)
def _patterns(language: str) -> tuple[tuple[Concern, re.Pattern[str], bool], ...]:
    """The terms of a language and English ones, which are used in all; of no language, those of all."""
    chosen = dict.fromkeys((language, "en")) if language else TERMS
    return tuple(
        (Concern(concern), _pattern(term), term.endswith("*"))
        for each in chosen
        for concern, listed in TERMS[each].items()
        for term in terms_of(listed)
    )


def terms_of(listed: str) -> list[str]:
    """The terms of a list."""
    return [term.strip() for term in listed.split(",")]


def _pattern(term: str) -> re.Pattern[str]:
    parts = ("".join(token for token, _, _ in _tokens(part)) for part in term.split("#"))
    return re.compile(_YEAR.join(map(re.escape, parts)))
