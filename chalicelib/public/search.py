"""Searching for factories at a cost that does not grow with their number. ``docs/search.md`` has the figures.

A search reads one list, the shortest it can tell, and keeps the cards that have all that is asked for. It reads at most
``MOST_READ`` cards a page and says where it stopped; the next page goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from chalicelib.domain import spelling
from chalicelib.domain.finding import Card, Wish
from chalicelib.domain.wording import canonical, folded_trade
from chalicelib.store import finder

PAGE = 50
MOST_READ = 300
MOST_PROBED = 3
MOST_SUSPECTS = 2
MOST_MEANT = 2
SUGGESTED = 5
_PROBE = 60
_STEP = 100
List = tuple[str, str]
"""The kind and the value of a list (``public_keys.listing``)."""


@dataclass(frozen=True, slots=True)
class Position:
    """Behind which place of which list to go on, and how many were shown before."""

    kind: str
    value: str
    after: str
    shown: int


@dataclass(frozen=True, slots=True)
class Found:
    """Cards in order. ``next`` is where the list goes on, if it does; ``looked`` is how many cards were read.

    ``close``: nothing fits the words as typed, these nearly do. ``cut``: near names beyond these were not looked at.
    ``some``: nothing fits, and these have some of the words.
    """

    cards: tuple[Card, ...] = ()
    next: Position | None = None
    before: int = 0
    looked: int = 0
    close: bool = False
    cut: bool = False
    some: tuple[Card, ...] = field(default=())


def search(wish: Wish, today: date, start: Position | None = None) -> Found:
    """A page of the factories that fit; if there are none, those whose names nearly do."""
    if start is not None:
        return _gathered(wish, today, (start.kind, start.value), _Read([], complete=False), start)
    exact, tried = _exact(wish, today)
    if exact.cards or exact.next or not wish.typed:
        return exact
    return _near(wish, today, {value: read for (_, value), read in tried.items()})


def _exact(wish: Wish, today: date) -> tuple[Found, dict[List, _Read]]:
    tried = _tried(wish)
    chosen = next((each for each, read in tried.items() if read.complete), next(iter(tried)))
    return _gathered(wish, today, chosen, tried[chosen], None), tried


def lists(wish: Wish) -> list[List]:
    """The lists that hold all that fits, those likely to be short first."""
    if wish.words:
        return [("word", word) for word in wish.words]
    if wish.standard:
        return [("standard", wish.standard)]
    if wish.valid:
        return [("certified", "")]
    return [("category", wish.category)] if wish.category else [("directory", "")]


@dataclass(frozen=True, slots=True)
class _Read:
    """The first rows of a list. ``complete``: there are no others."""

    rows: list[finder.Row]
    complete: bool


def _read(chosen: List, wish: Wish, limit: int, after: str | None = None) -> _Read:
    rows = finder.rows(*chosen, wish.country, after, limit)
    return _Read(rows, complete=len(rows) < limit)


def _tried(wish: Wish) -> dict[List, _Read]:
    """The beginnings of at most three lists, up to the first that is short."""
    candidates = lists(wish)[:MOST_PROBED]
    limit = _PROBE if len(candidates) > 1 or _filters(wish, candidates[0]) else PAGE + 1
    tried: dict[List, _Read] = {}
    for each in candidates:
        tried[each] = _read(each, wish, limit)
        if tried[each].complete:
            break
    return tried


def _filters(wish: Wish, chosen: List) -> bool:
    """Whether a list holds more than what fits (the country is part of every place)."""
    facets = {"category": wish.category, "standard": wish.standard}
    open_facets = [value for kind, value in facets.items() if value and chosen != (kind, value)]
    return bool(open_facets) or wish.valid or len(wish.words) > 1


def _gathered(wish: Wish, today: date, chosen: List, read: _Read, start: Position | None) -> Found:
    after = start.after if start else None
    before = start.shown if start else 0
    step = _STEP if _filters(wish, chosen) else PAGE + 1
    kept: list[Card] = []
    looked = 0
    while True:
        for place, card in read.rows:
            if len(kept) == PAGE:
                return Found(tuple(kept), Position(*chosen, after or "", before + PAGE), before, looked)
            looked, after = looked + 1, place
            if wish.admits(card, today):
                kept.append(card)
        if read.complete:
            return Found(tuple(kept), None, before, looked)
        if looked >= MOST_READ or len(kept) == PAGE:
            return Found(tuple(kept), Position(*chosen, after or "", before + len(kept)), before, looked)
        read = _read(chosen, wish, step, after)


def _near(wish: Wish, today: date, tried: dict[str, _Read]) -> Found:
    """Names that nearly fit: among the cards of the telling words that are right, else under words one edit away."""
    for word in wish.words[:MOST_PROBED]:
        tried[word] = tried.get(word) or _read(("word", word), wish, _PROBE)
    telling = {word: read for word, read in tried.items() if read.complete and word not in folded_trade()}
    found = _nearly(wish, today, telling)
    if found.cards:
        return found
    missing = [typed for typed in wish.typed if canonical(typed) in tried and not tried[canonical(typed)].rows]
    suspects = (missing or sorted(wish.typed, key=len, reverse=True))[:MOST_SUSPECTS]
    for suspect in suspects:
        meant = _meant(suspect, last=suspect == wish.typed[-1])[:MOST_MEANT]
        found = _corrected(wish, today, suspect, meant, tried)
        if found.cards:
            return found
    found = _nearly(wish, today, tried)
    if found.cards:
        return found
    others = [card for read in tried.values() for _, card in read.rows[:SUGGESTED]]
    some = {card["factory_id"]: card for card in others if wish.facets_admit(card, today)}
    return Found(some=tuple(some.values())[:SUGGESTED])


def _corrected(wish: Wish, today: date, suspect: str, meant: list[str], tried: dict[str, _Read]) -> Found:
    """What fits if one of some words was meant by a word as typed. What is read on the way is added to ``tried``."""
    cards: dict[str, Card] = {}
    cut, looked = False, 0
    for word in meant:
        typed = tuple(word if each == suspect else each for each in wish.typed)
        found, reads = _exact(replace(wish, typed=typed), today)
        tried |= {value: read for (_, value), read in reads.items()}
        cards.update((card["factory_id"], card) for card in found.cards)
        cut, looked = cut or found.next is not None, looked + found.looked
    return Found(tuple(cards.values())[:PAGE], close=True, cut=cut or len(cards) > PAGE, looked=looked)


def _nearly(wish: Wish, today: date, lists: dict[str, _Read]) -> Found:
    cards = {card["factory_id"]: card for read in lists.values() for _, card in read.rows}
    fitting = [card for card in cards.values() if wish.nearly_admits(card, today)]
    cut = len(fitting) > PAGE or not all(read.complete for read in lists.values())
    return Found(tuple(fitting[:PAGE]), close=True, cut=cut, looked=len(cards))


def _meant(typed: str, *, last: bool) -> list[str]:
    """Indexed words near what was typed; ``last``: it may be the beginning of a word."""
    found = spelling.near_trade(typed)
    if typed[0].isdigit():
        return found
    if len(typed) >= spelling.SHORTEST - 1:
        found += spelling.nearest(typed, finder.words_like(spelling.probes(typed)))
    if not found and last and len(typed) >= spelling.SHORTEST_BEGINNING:
        found = spelling.near_trade(typed, beginning=True)
        begun = finder.words_like(spelling.beginnings(typed))
        found += sorted((word for word in begun if word.startswith(typed)), key=lambda word: (len(word), word))
    return found or [spelling.swapped_in_the_middle(typed)]
