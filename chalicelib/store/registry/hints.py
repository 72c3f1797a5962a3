"""What helps to search and belongs to no factory alone: words to forgive a typing error, and facets to choose from.

All factories share these few items, so they are written beside the transactions, which would collide on them. Nothing
is answered from them without a factory's own entry: one that is missing or left over only costs a suggestion.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.domain import finding
from chalicelib.domain.disclosure import PublicFactory
from chalicelib.store import both_tables, public_keys
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem, reaching


def note(before: PublicFactory | None, after: PublicFactory | None) -> None:
    """Bring the hints in step with a factory's change. A word that no factory has any more goes."""
    held, wanted = _words(before), _words(after)
    lost = [word for word in sorted(held - wanted) if not _is_listed(word)]
    fresh = {*_halves(wanted - held), *(_facets(after) - _facets(before))}
    gone = _halves(lost) - fresh
    if not fresh and not gone:
        return
    both_tables.publish(sorted(fresh), sorted(gone))


def _words(page: PublicFactory | None) -> set[str]:
    return set(finding.entries(page).forgiven) if page else set()


def _halves(words: Iterable[str]) -> set[Key]:
    return {public_keys.half(half, word) for word in words for half in finding.halves(word)}


def _facets(page: PublicFactory | None) -> set[Key]:
    if page is None:
        return set()
    categories = {public_keys.facet("category", code) for code in finding.entries(page).categories}
    return {public_keys.facet("country", page.country), *categories}


def _is_listed(word: str) -> bool:
    with reaching():
        return any(PublicItem.query(public_keys.listing("word", word).pk, consistent_read=True, limit=1))
