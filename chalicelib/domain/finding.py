"""How factories are found by name: which words a name has, whatever its case, accents and punctuation."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from chalicelib.domain.disclosure import PublicFactory

_JOINERS = "\u200c\u200d"
COMMON = frozenset(
    [
        *("ltd", "limited", "co", "company", "inc", "corp", "corporation", "pvt", "private", "plc", "llc", "gmbh"),
        *("sa", "sarl", "srl", "lda", "as", "sti", "san", "tic", "ve", "and", "the", "of", "de", "et", "y", "e"),
    ]
)
"""Words that tell no factory from another. They are not indexed."""
MOST_WORDS = 24
LONGEST_WORD = 40


def fold(text: str) -> str:
    """Text without case and accents: ``Têxtil`` → ``textil``, ``İplik`` → ``iplik``."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFC", bare).replace("ı", "i").replace("đ", "d").replace("ß", "ss")


def words(text: str) -> list[str]:
    """The telling words of a name, initials joined: ``S.T. Screen & Print Ltd`` → ``st``, ``screen``, ``print``."""
    found = [word[:LONGEST_WORD] for word in _joined(_runs(fold(text))) if word not in COMMON]
    return list(dict.fromkeys(found))[:MOST_WORDS]


def _runs(text: str) -> list[str]:
    """Words as they stand, and an empty one wherever something stands between them but dots and blanks.

    A vowel sign is a mark by category: it belongs to the word, as the joiners of some scripts do, which are left out.
    """
    kept = "".join(_kept(letter) for letter in text)
    runs: list[str] = []
    for part in kept.split("|"):
        runs += [*part.split(), ""]
    return runs


def _kept(letter: str) -> str:
    if letter in _JOINERS:
        return ""
    if unicodedata.category(letter)[0] in "LMN":
        return letter
    return " " if letter == "." or letter.isspace() else "|"


def _joined(runs: Iterable[str]) -> list[str]:
    """Words with neighbours of one letter joined: ``s``, ``t``, ``screen`` → ``st``, ``screen``."""
    found: list[str] = []
    initials = ""
    for run in runs:
        if len(run) == 1:
            initials += run
            continue
        found += [word for word in (initials, run) if word]
        initials = ""
    return found


def words_of(factory: PublicFactory) -> list[str]:
    """All words under which a factory can be found: its public names."""
    names = [factory.name, factory.fields.get("local_name") or "", *factory.fields.get("aliases", ())]
    return list(dict.fromkeys(word for name in names for word in words(name)))[:MOST_WORDS]


def sort_name(factory: PublicFactory) -> str:
    """By what a factory stands in a list."""
    return " ".join(run for run in _runs(fold(factory.name)) if run)[:60]


def card(factory: PublicFactory) -> dict[str, object]:
    """What a list shows of a factory."""
    shown = factory.fields
    return {
        "factory_id": factory.factory_id,
        "name": factory.name,
        "local_name": shown.get("local_name"),
        "country": factory.country,
        "city": shown.get("city"),
        "state": factory.state,
        "product_categories": shown.get("product_categories", []),
        "words": words_of(factory),
    }
