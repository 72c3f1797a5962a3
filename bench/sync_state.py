"""All that two tables hold, as text that can be compared: every item, but for what the clock and chance put there.

Taken out, and nothing else:

- ``write_id``: a random signature of each transaction, by which it knows itself again;
- ``expires``: when an item may be deleted, counted from now;
- ``used``: when an API key was last used;
- instants: ``updated_at`` of a factory and its page, ``at`` of an event and of a batch (there also in the sort key);
- ``hash``, ``previous`` and ``event_hash``: an event's hash is made over its instant. Before they are taken out each
  chain is checked: every event fits the one before it, and the record names the last;
- ``seal``: made over that hash.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.store.registry import history

_CLOCK = "<instant>"
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_TAKEN_OUT = ("write_id", "expires", "used", "event_hash", "seal", "body")


@dataclass(frozen=True, slots=True)
class State:
    """What was written to ``path``: one line an item, in the order of the keys."""

    path: Path
    items: int
    events: int
    digest: str


class BrokenChain(RuntimeError):
    """A history that does not fit its record; the message names it."""


def export(client: Any, tables: tuple[str, ...], path: Path) -> State:
    """Write all that the tables hold to a file. Raises ``BrokenChain``."""
    lines: list[str] = []
    chains: dict[str, list[dict[str, Any]]] = defaultdict(list)
    heads: dict[str, tuple[int, str]] = {}
    for table in tables:
        for item in _items(client, table):
            body = json.loads(item["body"]["S"]) if "body" in item else None
            if item["pk"]["S"].startswith("EVENTS#"):
                chains[item["pk"]["S"].removeprefix("EVENTS#")].append(body)
            if "event_hash" in item:
                named = item["pk"]["S"] if item["sk"]["S"] == "RECORD" else item["sk"]["S"]
                heads[named] = int(item["events"]["N"]), item["event_hash"]["S"]
            lines.append(_line(table.rpartition("-")[2], item, body))
    _check(chains, heads)
    lines.sort()
    text = "".join(lines).encode()
    path.write_bytes(text)
    return State(path, len(lines), sum(map(len, chains.values())), hashlib.sha256(text).hexdigest())


def _items(client: Any, table: str) -> Iterator[dict[str, Any]]:
    for page in client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]


def _line(table: str, item: dict[str, Any], body: Any) -> str:
    pk, sk = item["pk"]["S"], item["sk"]["S"]
    kept = {name: value for name, value in item.items() if name not in _TAKEN_OUT}
    if pk == "SYNCS#":
        kept["sk"] = {"S": _INSTANT.sub(_CLOCK, sk)}
        body = {**body, "at": _CLOCK}
    elif pk.startswith("EVENTS#"):
        body = {name: value for name, value in body.items() if name not in ("at", "hash", "previous")}
    elif pk.startswith("FACTORY#") and sk in ("RECORD", "PAGE"):
        body = {**body, "updated_at": _CLOCK}
    return json.dumps([table, pk, kept["sk"]["S"], kept, body], ensure_ascii=False) + "\n"


def _check(chains: dict[str, list[dict[str, Any]]], heads: dict[str, tuple[int, str]]) -> None:
    for record, events in chains.items():
        events.sort(key=lambda event: int(event["number"]))
        broken = history.first_false(events)
        if broken is not None:
            raise BrokenChain(f"{record}: event {broken} does not fit")
        if record in heads and heads[record] != (len(events), events[-1]["hash"]):
            raise BrokenChain(f"{record}: the record names another last event")
