"""Single items of the registry table, by key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem, reaching


def item(key: Key) -> RegistryItem | None:
    """One item, read consistently; ``None`` if there is none."""
    with reaching():
        try:
            return RegistryItem.get(key.pk, key.sk, consistent_read=True)
        except RegistryItem.DoesNotExist:
            return None


def bodies(wanted: Iterable[Key]) -> dict[Key, dict[str, Any]]:
    """The contents of several items by key; those that are not there are absent."""
    return {found.key: found.body for found in items(wanted)}


def items(wanted: Iterable[Key]) -> list[RegistryItem]:
    """Several items in no order; those that are not there are absent."""
    distinct = {(key.pk, key.sk) for key in wanted}
    if not distinct:
        return []
    with reaching():
        return list(RegistryItem.batch_get(distinct, consistent_read=True))


def below(partition: str, prefix: str = "", limit: int | None = 1000) -> list[dict[str, Any]]:
    """The contents of a partition's items, or of those whose sort key begins with ``prefix``, in order.

    ``limit=None``: all of them, however many.
    """
    wanted = RegistryItem.sk.startswith(prefix) if prefix else None
    with reaching():
        found = RegistryItem.query(partition, wanted, consistent_read=True, limit=limit)
        return [each.body for each in found]


def following(place: Key, last: str, limit: int) -> list[dict[str, Any]]:
    """As ``below``, of the items whose sort key begins as that of ``place``: those after ``last``, page by page.

    ``last`` is the end of the sort key of the last item seen, empty at first. Such ends are of capitals and digits.
    """
    start = f"{place.sk}{last}#" if last else place.sk
    with reaching():
        wanted = RegistryItem.sk.between(start, f"{place.sk}~")
        return [each.body for each in RegistryItem.query(place.pk, wanted, consistent_read=True, limit=limit)]
