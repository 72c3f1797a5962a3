"""Scans by day, added up from the lines of the public side's log. A batch counts once, however often it comes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from chalicelib import clock
from chalicelib.domain.scans import MOST_SERIALS, Day, Thing
from chalicelib.store import codec, scan_keys
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem, reaching
from chalicelib.store.registry import lookup
from chalicelib.store.registry.commit import MOST_ACTIONS, Commit, persistently

KEPT = timedelta(days=400)
MARKS_KEPT = timedelta(days=2)
"""From the beginning of the day: lines of a day may come late, but not a day late."""
BATCH_KEPT = timedelta(days=7)
_AT_ONCE = (MOST_ACTIONS - 1) // 3
"""Things and days in a transaction: each with its count, its marks, and the number of its product's serial numbers."""

Counts = Mapping[tuple[Thing, date], Day]


def add(counts: Counts, batch: str) -> None:
    """Add what a batch of lines came to. ``batch`` names it: what was added under a name is not added again."""
    rows = sorted(counts.items(), key=lambda row: (row[0][0].name, row[0][1]))
    for start in range(0, len(rows), _AT_ONCE):
        digest = hashlib.sha256(f"{batch}\n{start}".encode()).hexdigest()
        _add(dict(rows[start : start + _AT_ONCE]), digest)


def days(thing: Thing, since: date) -> dict[date, Day]:
    """The counts of a thing from a day on; without the marks, which nobody has to see."""
    with reaching():
        wanted = RegistryItem.sk >= since.isoformat()
        found = RegistryItem.query(scan_keys.day(thing.name, "").pk, wanted, consistent_read=True)
        return {date.fromisoformat(item.sk): _day(item.body) for item in found}


def uncounted(product: Thing, since: date) -> int:
    """Scans of a product from a day on whose serial numbers were too many to be counted by themselves."""
    with reaching():
        wanted = RegistryItem.sk >= since.isoformat()
        found = RegistryItem.query(scan_keys.serials(product.whole.name, "").pk, wanted, consistent_read=True)
        return sum(int(item.body["beyond"]) for item in found)


def _add(counts: Counts, digest: str) -> None:
    def attempt() -> None:
        marker = scan_keys.batch(digest)
        if lookup.item(marker) is not None:
            return
        held = _held(counts)
        now = clock.now()
        transaction = Commit()
        left_out = _left_out(transaction, counts, held)
        transaction.create(RegistryItem(marker.pk, marker.sk, body={}, expires=int((now + BATCH_KEPT).timestamp())))
        for (thing, day), more in counts.items():
            if (thing, day) in left_out:
                continue
            key, aside = scan_keys.day(thing.name, day.isoformat()), scan_keys.marks(thing.name, day.isoformat())
            item, marks = held.get((key.pk, key.sk)), held.get((aside.pk, aside.sk))
            before = _day(item.body, marks.body["marks"] if marks is not None else ()) if item is not None else Day()
            after = before + more
            transaction.replace(_item(key.pk, key.sk, _body(after), day, KEPT), _version(item))
            if after.marks:
                transaction.put(_item(aside.pk, aside.sk, {"marks": sorted(after.marks)}, day, MARKS_KEPT))
        transaction.now()

    persistently(attempt)


def _left_out(
    transaction: Commit, counts: Counts, held: Mapping[tuple[str, str], RegistryItem]
) -> set[tuple[Thing, date]]:
    """The items that have to count for their product only: those of serial numbers beyond the day's most.

    Anybody can make up serial numbers: without an end to them, each would be an item that is kept for 400 days.
    """
    left_out: set[tuple[Thing, date]] = set()
    new: dict[Key, list[tuple[Thing, date]]] = {}
    for thing, day in counts:
        key = scan_keys.day(thing.name, day.isoformat())
        if thing.serial and (key.pk, key.sk) not in held:
            new.setdefault(scan_keys.serials(thing.whole.name, day.isoformat()), []).append((thing, day))
    for place, items in new.items():
        item = held.get((place.pk, place.sk))
        before = item.body["serials"] if item is not None else 0
        taken = max(0, min(len(items), MOST_SERIALS - before))
        beyond = sum(counts[each].people + counts[each].bots for each in items[taken:])
        left_out.update(items[taken:])
        total = beyond + (item.body["beyond"] if item is not None else 0)
        body = {"serials": before + taken, "beyond": total}
        transaction.replace(_item(place.pk, place.sk, body, items[0][1], KEPT), _version(item))
    return left_out


def _held(counts: Counts) -> dict[tuple[str, str], RegistryItem]:
    places = [make(thing.name, day.isoformat()) for thing, day in counts for make in (scan_keys.day, scan_keys.marks)]
    places += [scan_keys.serials(thing.whole.name, day.isoformat()) for thing, day in counts if thing.serial]
    return {(str(item.pk), str(item.sk)): item for item in lookup.items(places)}


def _version(item: RegistryItem | None) -> int:
    return int(item.version) if item is not None else 0


def _item(pk: str, sk: str, body: dict[str, Any], day: date, kept: timedelta) -> RegistryItem:
    begins = datetime.combine(day, time(), UTC)
    return RegistryItem(pk, sk, body=body, expires=int((begins + kept).timestamp()))


def _body(day: Day) -> dict[str, Any]:
    return {"people": day.people, "bots": day.bots, "places": day.places, "countries": dict(day.countries)}


def _day(body: Mapping[str, Any], marks: Iterable[str] = ()) -> Day:
    return codec.made(Day, {**body, "marks": frozenset(marks)})
