"""How factories are found: under which entries each is listed, what a list shows of it, and which a reader asked for.

A list never stores whether a certificate holds. A card has the days and the certifier's statements, and says on the day
that it is read (``certificate.status_on``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.domain import spelling
from chalicelib.domain.certificate import Standing, StandingChange, Status, status_on
from chalicelib.domain.disclosure import PublicCertificate, PublicFactory
from chalicelib.domain.spelling import halves
from chalicelib.domain.wording import MOST_WORDS, canonical, fold, folded_trade, tokens, words

__all__ = ["MOST_WORDS", "Card", "Wish", "card", "entries", "fold", "halves", "sort_name", "words"]

MOST_LISTED = 22
MOST_FORGIVEN = 8
MOST_FACETS = 8
MOST_ASKED = 10
_MOST_ON_CARD = 60
_MOST_ALIASES = 6
Card = Mapping[str, Any]
"""What a list shows of a factory: JSON, as ``card`` makes it."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Under what a factory is listed. A rename changes all of it, and must fit one transaction of a hundred actions.

    Hence at most ``MOST_LISTED`` words, ``MOST_FACETS`` product categories and as many standards. ``forgiven`` are the
    long words in which a typing error is forgiven, at most ``MOST_FORGIVEN``.
    """

    words: tuple[str, ...]
    forgiven: tuple[str, ...]
    categories: tuple[str, ...]
    standards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """The days of a certificate and what its certifier said, off a card."""

    standard_id: str
    valid_from: date
    valid_to: date
    confirmed: bool
    history: tuple[StandingChange, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader looks for. ``typed`` are words as typed (``wording.tokens``); facets are codes, ``None``: any."""

    typed: tuple[str, ...] = ()
    country: str | None = None
    category: str | None = None
    standard: str | None = None
    valid: bool = False

    @property
    def words(self) -> list[str]:
        """The words to look up, the most telling first: words of the trade last, longer before shorter."""
        found = dict.fromkeys(canonical(word) for word in self.typed)
        return sorted(found, key=lambda word: (word in folded_trade(), -len(word)))

    @property
    def is_open(self) -> bool:
        """Whether nothing is asked for at all."""
        return self == Wish()

    def admits(self, card: Card, today: date) -> bool:
        """Whether a factory has all that is asked for: each word, and each facet."""
        return set(self.words) <= set(card["words"].split()) and self.facets_admit(card, today)

    def nearly_admits(self, card: Card, today: date) -> bool:
        """As ``admits``, forgiving one edit in each longer word, and an unfinished last word."""
        held = card["words"].split()
        return self.facets_admit(card, today) and all(
            any(spelling.is_near(typed, word) for word in held)
            or (typed == self.typed[-1] and _begins(typed, held))
            or spelling.is_near_form(typed)
            for typed in self.typed
        )

    def facets_admit(self, card: Card, today: date) -> bool:
        """Whether a factory fits the country, the category, the standard, and has a certificate that holds today."""
        if self.country not in (None, card["country"]):
            return False
        if self.category is not None and self.category not in card["product_categories"]:
            return False
        if self.standard is None and not self.valid:
            return True
        held = [term for term in terms(card) if self.standard in (None, term.standard_id)]
        return any(not self.valid or holds(term, today) for term in held)


def _begins(typed: str, held: list[str]) -> bool:
    return len(typed) >= spelling.SHORTEST_BEGINNING and any(word.startswith(typed) for word in held)


def names_of(factory: PublicFactory) -> list[str]:
    """All public names of a factory: the legal one, the one in local script, former and trading names."""
    return [factory.name, factory.fields.get("local_name") or "", *factory.fields.get("aliases", ())]


def words_of(factory: PublicFactory) -> list[str]:
    """The words of all names of a factory, in the order of the names."""
    return list(dict.fromkeys(word for name in names_of(factory) for word in words(name)))


def town_of(factory: PublicFactory) -> list[str]:
    """The words of the town: not enough to find a factory, but they tell one from its namesakes."""
    return words(factory.fields.get("city") or "")


def entries(factory: PublicFactory) -> Entries:
    """Under what a factory is listed."""
    found = words_of(factory)
    telling = sorted(found, key=lambda word: word in folded_trade())  # stable: names keep their order
    forgiven = [word for word in found if spelling.is_forgiven(word)][:MOST_FORGIVEN]
    return Entries(
        words=tuple(telling[:MOST_LISTED]),
        forgiven=tuple(forgiven),
        categories=tuple(factory.fields.get("product_categories", ())[:MOST_FACETS]),
        standards=tuple(dict.fromkeys(each.standard_id for each in factory.certificates))[:MOST_FACETS],
    )


def sort_name(factory: PublicFactory) -> str:
    """By what a factory stands in a list: at most forty characters, none of them ``#``."""
    letters = "".join(letter if letter.isalnum() else " " for letter in fold(factory.name))
    return " ".join(letters.split())[:40]


def card(factory: PublicFactory) -> dict[str, Any]:
    """What a list shows of a factory, and what is needed to tell whether somebody asked for it."""
    shown = factory.fields
    return {
        "factory_id": factory.factory_id,
        "name": factory.name,
        "local_name": shown.get("local_name"),
        "aliases": list(shown.get("aliases", ()))[:_MOST_ALIASES],
        "country": factory.country,
        "city": shown.get("city"),
        "state": factory.state,
        "state_since": factory.state_since,
        "successor": factory.successor,
        "product_categories": list(shown.get("product_categories", ())),
        "certificates": [_written(each) for each in factory.certificates],
        "words": " ".join(dict.fromkeys([*words_of(factory)[:_MOST_ON_CARD], *town_of(factory)])),
    }


def _written(certificate: PublicCertificate) -> list[Any]:
    history = [[change.standing.value, change.effective.isoformat()] for change in certificate.history]
    if len(history) == 1 and history[0][0] == Standing.ACTIVE:
        history = []
    days = [certificate.valid_from.isoformat(), certificate.valid_to.isoformat()]
    return [certificate.standard_id, *days, int(certificate.confirmed), history]


def terms(card: Card) -> list[Term]:
    """The certificates on a card."""
    return [
        Term(
            standard_id,
            date.fromisoformat(start),
            date.fromisoformat(end),
            bool(confirmed),
            tuple(StandingChange(Standing(value), "", date.fromisoformat(on), "") for value, on in history),
        )
        for standard_id, start, end, confirmed, history in card["certificates"]
    ]


def holds(term: Term, day: date) -> bool:
    """Whether a certificate is confirmed by its certifier and valid on a day."""
    return term.confirmed and status_on(term, day) is Status.VALID


def also_known(card: Card, wish: Wish) -> str | None:
    """The alias under which a factory was found, if its shown names have not all the words asked for."""
    wanted = set(wish.words)
    shown = {word for name in ("name", "local_name", "city") for word in words(card[name] or "")}
    if wanted <= shown:
        return None
    return next((alias for alias in card["aliases"] if wanted & set(words(alias)) - shown), None)


def asked(text: str) -> tuple[str, ...]:
    """The words that somebody typed, each once."""
    return tuple(dict.fromkeys(tokens(text)))[:MOST_ASKED]
