"""How often something may happen in a stretch of time. Nothing is kept of who did it but a hash, and not for long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.errors import TooMany
from chalicelib.store import keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import lookup
from chalicelib.store.registry.commit import Commit


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in each stretch of time. Stretches follow one another, whenever the first one happened."""

    name: str
    most: int
    window: timedelta


def count(transaction: Commit, limit: Limit, whose: str, now: datetime) -> None:
    """Count one more, with what it counts. ``TooMany`` if this stretch has had its share."""
    seconds = int(limit.window.total_seconds())
    stretch = int(now.timestamp()) // seconds
    key = keys.count(f"{limit.name}#{whose}", stretch)
    held = lookup.item(key)
    so_far = held.body["count"] if held is not None else 0
    if so_far >= limit.most:
        raise TooMany("There were too many of these just now. Please try again later.")
    item = RegistryItem(key.pk, key.sk, body={"count": so_far + 1}, expires=(stretch + 1) * seconds)
    transaction.replace(item, int(held.version) if held is not None else 0)
