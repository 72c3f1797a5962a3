"""What helps to search and belongs to no factory alone: words to forgive a typing error, and facets to choose from.

All factories share these few items, so they are written beside the transactions, which would collide on them. Nothing
is answered from them without a factory's own entry: one that is missing or left over only costs a suggestion.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

from chalicelib.domain import finding
from chalicelib.domain.disclosure import PublicFactory
from chalicelib.store import both_tables, public_keys
from chalicelib.store.both_tables import Each
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem, reaching


class Hints:
    """What changes of factories ask of the hints, to be written together: those of a batch share most of their words.

    Threads may share it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._come: set[str] = set()
        self._lost: set[str] = set()
        self._facets: set[Key] = set()

    def note(self, before: PublicFactory | None, after: PublicFactory | None) -> None:
        """Take up a change that is on record. A word that no factory has any more goes."""
        held, wanted = _words(before), _words(after)
        found = facets(after) - facets(before)
        with self._lock:
            self._come |= wanted - held
            self._lost |= held - wanted
            self._facets |= found

    def write(self, each: Each = map) -> None:
        """Write them, some at a time if ``each`` does so."""
        with self._lock:
            come, lost, offered = set(self._come), sorted(self._lost), set(self._facets)
        gone = {word for word, listed in zip(lost, each(_is_listed, lost), strict=True) if not listed}
        fresh = {*_halves(come - gone), *offered}
        both_tables.publish(sorted(fresh), sorted(_halves(gone) - fresh), each)


def note(before: PublicFactory | None, after: PublicFactory | None) -> None:
    """Bring the hints in step with one factory's change."""
    hints = Hints()
    hints.note(before, after)
    hints.write()


def _words(page: PublicFactory | None) -> set[str]:
    return set(finding.entries(page).forgiven) if page else set()


def _halves(words: Iterable[str]) -> set[Key]:
    return {public_keys.half(half, word) for word in words for half in finding.halves(word)}


def facets(page: PublicFactory | None) -> set[Key]:
    """What a factory adds to what the directory can be narrowed to."""
    if page is None:
        return set()
    categories = {public_keys.facet("category", code) for code in finding.entries(page).categories}
    return {public_keys.facet("country", page.country), *categories}


def _is_listed(word: str) -> bool:
    with reaching():
        return any(PublicItem.query(public_keys.listing("word", word).pk, consistent_read=True, limit=1))
