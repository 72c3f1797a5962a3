"""Records that are not what was written with their last event: somebody changed them by another way."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.store import plain, seals
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import history, lookup
from infra.check import histories
from infra.check.faults import RECORDS, RESTORE, Fault, named


def wrong(item: RegistryItem) -> Fault:
    """What is said of a record whose seal does not hold."""
    last = history.latest(histories.record_of(item), None, 1)
    told = histories.told(last[0]) if last else "none"
    advice = f"Nothing that follows from it is published. {RESTORE}"
    return Fault(RECORDS, named(item.key), f"was changed without an event, since its last: {told}", advice=advice)


def among(wanted: Iterable[Key]) -> list[Key]:
    """Which of these records were changed without an event, as they are now."""
    return sorted(item.key for item in lookup.items(wanted) if not seals.holds(plain.item(item, {})))
