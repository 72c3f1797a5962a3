"""Factories on record that are likely to be one described: candidates by number and by name, at a bounded price.

Candidates are compared by what everybody may see of them. So nobody learns by guessing where a factory is that keeps
its place to its network; only who knows an ICS site number learns whose it is, unless the factory keeps that to itself.
"""

from __future__ import annotations

from chalicelib.domain import lookalike, spelling
from chalicelib.domain.disclosure import audience_of
from chalicelib.domain.factory import Audience
from chalicelib.domain.finding import Card
from chalicelib.domain.likeness import Described, Likely, compared
from chalicelib.domain.wording import folded_trade, words
from chalicelib.store import finder, keys, reader
from chalicelib.store.registry import factories, lookup

MOST_WORDS = 6
MOST_NEAR = 3
CARDS_A_LIST = 40
MOST_COMPARED = 60
"""With four probes for words one slip away, the site, its holder, the GLN and the pages: at most 17 requests."""


def likely(about: Described, *, but: str = "") -> list[Likely]:
    """Factories on record that are likely to be the one described, the likeliest first; ``but`` is left out."""
    found: dict[str, None] = {}
    holder = _holder_of_site(about.site) if about.site else None
    if holder is not None:
        found[holder] = None
    if about.gln:
        found.update((card["factory_id"], None) for card in reader.factories_with_gln(about.gln))
    found.update(dict.fromkeys(_by_name(about)))
    found.pop(but, None)
    pages = reader.factories(list(found)[:MOST_COMPARED])
    described = {
        factory_id: Described.of(page, about.site if factory_id == holder else "")
        for factory_id, page in pages.items()
        if page.state != "merged"
    }
    return compared(about, described)


def _holder_of_site(site: str) -> str | None:
    pointer = lookup.item(keys.site(site))
    held = factories.load(pointer.body["factory_id"]) if pointer is not None else None
    if held is None or audience_of(held.factory, "site") is Audience.PRIVATE:
        return None
    return held.factory.factory_id


def _by_name(about: Described) -> list[str]:
    """Factory IDs that share a telling word of a name, as written, as it looks, or one slip away."""
    country = about.country or None
    asked = _asked(about)
    found = [card["factory_id"] for word in asked for card in _cards(word, country)]
    forgiven = next((word for word in asked if spelling.is_forgiven(word)), None)
    if forgiven is not None:
        near = spelling.nearest(forgiven, finder.words_like(spelling.probes(forgiven)) - set(asked))
        found += [card["factory_id"] for word in list(near)[:MOST_NEAR] for card in _cards(word, country)]
    return found


def _asked(about: Described) -> list[str]:
    """The words to look up, the most telling first."""
    names = [*about.names, *map(lookalike.skeleton, about.names)]
    found = list(dict.fromkeys(word for name in names for word in words(name)))
    telling = [word for word in found if word not in folded_trade()] or found
    return sorted(telling, key=len, reverse=True)[:MOST_WORDS]


def _cards(word: str, country: str | None) -> list[Card]:
    return [card for _, card in finder.rows("word", word, country, None, CARDS_A_LIST)]
