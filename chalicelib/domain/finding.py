"""How factories are found by name: which words a name has, whatever its case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata

from chalicelib.domain.disclosure import PublicFactory

_INITIALS = re.compile(r"\b(?:\w[.\s]+)+\w\b\.?")
_WORD = re.compile(r"[^\W_]+")
COMMON = frozenset(
    [
        *("ltd", "limited", "co", "company", "inc", "corp", "corporation", "pvt", "private", "plc", "llc", "gmbh"),
        *("sa", "sarl", "srl", "lda", "as", "sti", "san", "tic", "ve", "and", "the", "of", "de", "et", "y", "e"),
    ]
)
"""Words that tell no factory from another. They are not indexed."""
MOST_WORDS = 24


def fold(text: str) -> str:
    """Text without case and accents: ``Têxtil`` → ``textil``, ``İplik`` → ``iplik``."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFC", bare).replace("ı", "i").replace("đ", "d").replace("ß", "ss")


def words(text: str) -> list[str]:
    """The telling words of a name, initials joined: ``S.T. Screen & Print Ltd`` → ``st``, ``screen``, ``print``."""
    joined = _INITIALS.sub(lambda match: re.sub(r"[.\s]+", "", match.group()) + " ", fold(text))
    found = [word for word in _WORD.findall(joined) if word not in COMMON]
    return list(dict.fromkeys(found))[:MOST_WORDS]


def words_of(factory: PublicFactory) -> list[str]:
    """All words under which a factory can be found: its public names."""
    names = [factory.name, factory.fields.get("local_name") or "", *factory.fields.get("aliases", ())]
    return list(dict.fromkeys(word for name in names for word in words(name)))[:MOST_WORDS]


def sort_name(factory: PublicFactory) -> str:
    """By what a factory stands in a list."""
    return " ".join(_WORD.findall(fold(factory.name)))[:60]


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
