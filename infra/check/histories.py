"""The history of a record, walked page by page: whether each event fits the one before it, and none is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.store import keys
from chalicelib.store.keys import RECORD, Key
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import history, lookup
from infra.check.faults import HISTORIES, RESTORE, Fault, lacking, named

_PAGE = 100
_ADVICE = f"Events are never mended. {RESTORE}"


def record_of(item: RegistryItem) -> str:
    """What a history is called by the item that counts its events."""
    return str(item.pk if item.sk == RECORD else item.sk)


def counter_of(record: str) -> RegistryItem | None:
    """The item that counts the events of a record; ``None`` if it is not there."""
    place = Key(record, RECORD)
    if record.startswith("CERTIFICATE#"):
        pointer = lookup.item(place)
        holder = str(pointer.body["factory_id"]) if pointer is not None else ""
        place = keys.held_certificate(holder, record.partition("#")[2])
    return lookup.item(place)


def told(event: Mapping[str, Any]) -> str:
    """An event for people."""
    return f"event {event.get('number')}, {event.get('action')}, of {event.get('at')}"


def uncounted(item: RegistryItem) -> Fault:
    """What is said of a record that has lost the number of its events, and with it the proof that none is missing."""
    how = f"is counted by nobody: {named(item.key)} does not say how many events there are"
    return Fault(HISTORIES, f"EVENTS#{record_of(item)}", how, advice=_ADVICE)


def wrong(item: RegistryItem, walked: Callable[[int], None] = lambda _events: None) -> list[Fault]:
    """What is wrong with the history of a record. ``walked``: is told how many events were looked at."""
    record = record_of(item)
    found = _first_false(record, walked)
    number, last = found
    if number is not None:
        return [Fault(HISTORIES, f"EVENTS#{record} {number:012d}", "does not fit the chain", advice=_ADVICE)]
    if last == history.head_of(item):
        return []
    now = lookup.item(item.key)
    if now is None or last == history.head_of(now):
        return []
    if int(now.version or 0) != int(item.version or 0):
        return wrong(now)
    counted = history.head_of(now).events
    how = f"ends at event {last.events}, and its record counted {counted}"
    lacks = lacking(now) if last.events > counted else ()
    return [Fault(HISTORIES, f"EVENTS#{record}", how, advice=_ADVICE, lacking=lacks)]


def _first_false(record: str, walked: Callable[[int], None]) -> tuple[int | None, history.Head]:
    head = history.Head()
    while True:
        part = history.of(record, head.events, _PAGE)
        for event in part:
            number = head.events + 1
            fits = (event.get("number"), event.get("previous")) == (number, head.hash)
            if not fits or history.digest(event) != event.get("hash"):
                return number, head
            head = history.Head(number, event["hash"])
        walked(len(part))
        if len(part) < _PAGE:
            return None, head
