"""Records that are not what was written with their last event: somebody changed them by another way."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.store import plain, seals
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import history, lookup
from infra.check import histories
from infra.check.faults import RECORDS, RESTORE, Fault, named

_GIVEN_LATER = {"history", "status_index", "version"}
"""Of a certificate: what the event that put it on record does not fix."""


def tells(item: RegistryItem) -> bool:
    """Whether anything tells what a record must be: its seal or, of a certificate without one, its events."""
    return item.seal is not None or (item.events is not None and item.sk.startswith("CERTIFICATE#"))


def holds(item: RegistryItem) -> bool:
    """Whether a record is what its seal or its events tell."""
    if item.seal is not None:
        return seals.holds(plain.item(item, {}))
    try:
        return not tells(item) or _is_as_told(item)
    except (KeyError, TypeError):
        return False  # what is there is no certificate, or its events are not those of one


def wrong(item: RegistryItem) -> Fault:
    """What is said of a record that is not what was written with its last event."""
    last = history.latest(histories.record_of(item), None, 1)
    told = histories.told(last[0]) if last else "none"
    advice = f"Nothing that follows from it is published. {RESTORE}"
    return Fault(RECORDS, named(item.key), f"was changed without an event, since its last: {told}", advice=advice)


def among(wanted: Iterable[Key]) -> list[Key]:
    """Which of these records were changed without an event, as they are now."""
    return sorted(item.key for item in lookup.items(wanted) if not holds(item))


def _is_as_told(item: RegistryItem) -> bool:
    """Whether a certificate says what the event that put it on record said, and then each statement about it."""
    said, standings = None, list[tuple[str, str]]()
    for event in history.of(histories.record_of(item), limit=1000):
        changes = event.get("changes", {})
        if event.get("action") in ("declared", "confirmed"):
            said = changes["to"]
            standings = [(each["standing"], each["effective"]) for each in said["history"]]
        elif event.get("action") == "standing":
            standings.append((changes["standing"]["to"], changes["effective"]["to"]))
    if said is None:
        return True
    names = said.keys() & item.body.keys() - _GIVEN_LATER
    now = [(each["standing"], each["effective"]) for each in item.body["history"]]
    return now == standings and all(said[name] == item.body[name] for name in names)
