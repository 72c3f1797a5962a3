"""Whether the log of changes grew while both tables were taken out: then its head is on record and entries are not."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.store import log_keys
from infra.backup.places import Place

_NOTE = "log.json"
GREW = "The log of changes grew from {:,} to {:,} entries while this was taken out: it is not whole."


def began(client: Any, registry: str, place: Place) -> None:
    """Note beside the backup how many entries there are, unless an earlier try did."""
    if "before" not in _noted(place):
        _note(place, {"before": _size(client, registry)})


def ended(client: Any, registry: str, place: Place) -> None:
    """Note how many there are at its end, unless it ended before."""
    noted = _noted(place)
    if "after" not in noted:
        _note(place, {**noted, "after": _size(client, registry)})


def grew(place: Place) -> tuple[int, ...]:
    """From how many entries to how many; empty if it did not, or nobody noted it."""
    noted = _noted(place)
    return tuple(noted.values()) if len(set(noted.values())) > 1 else ()


def _size(client: Any, registry: str) -> int:
    place = log_keys.head()
    key = {"pk": {"S": place.pk}, "sk": {"S": place.sk}}
    held = client.get_item(TableName=registry, Key=key, ConsistentRead=True).get("Item")
    return int(json.loads(held["body"]["S"])["size"]) if held is not None else 0


def _noted(place: Place) -> dict[str, int]:
    try:
        return dict(json.loads(place.read(_NOTE)))
    except FileNotFoundError:
        return {}


def _note(place: Place, noted: dict[str, int]) -> None:
    place.write(_NOTE, json.dumps(noted).encode())
