"""A table put back into an empty one. A killed restore goes on: putting an item twice changes nothing.

How far it has come is noted for one export and one table, as it was made: a table made anew begins anew.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from infra import tables
from infra.backup.items import Raw, over
from infra.backup.manifest import Export

AT_ONCE = 25  # what one request of DynamoDB takes
_WORKERS = 8
_LONGEST_PAUSE = 5.0  # seconds
Advance = Callable[[int], Any]


class NotEmpty(Exception):
    """There is something in the table already, and it was not put there by this restore."""


def restore(
    client: Any, table: str, held: Export, state: Path, moment: int, advance: Advance = lambda _items: None
) -> int:
    """Put all items that have not expired at ``moment`` into an empty table, and say how many that were.

    ``state``: where it is noted how far it has come. Raises ``NotEmpty``, ``manifest.Broken``.
    """
    of = [tables.made(client, table), *_named(held)]
    done = _done(state, of)
    if done is None:
        if client.scan(TableName=table, Limit=1, ConsistentRead=True)["Items"]:
            raise NotEmpty(f"{table} is not empty. A backup goes into an empty table only.")
        done = {}
        _note(state, of, done)
    with ThreadPoolExecutor(_WORKERS) as workers:
        for file in held.files:
            if file.name not in done:
                alive = [item for item in held.read(file) if not over(item, moment)]
                for written in workers.map(lambda items: _put(client, table, items), _batches(alive)):
                    advance(written)
                advance(file.items - len(alive))
                done[file.name] = len(alive)
                _note(state, of, done)
            else:
                advance(file.items)
    return sum(done.values())


def _batches(items: list[Raw]) -> Iterator[list[Raw]]:
    yield from (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))


def _put(client: Any, table: str, items: list[Raw]) -> int:
    """Put them, with growing pauses while the table takes only some of them."""
    left: list[Any] = [{"PutRequest": {"Item": item}} for item in items]
    turn = 0
    while left:
        if turn:
            time.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.05 * 2**turn)))  # nosec B311: jitter, no secret
        left = client.batch_write_item(RequestItems={table: left})["UnprocessedItems"].get(table, [])
        turn += 1
    return len(items)


def _done(state: Path, of: list[Any]) -> dict[str, int] | None:
    """How many items of which file were put; ``None``: nothing was begun. Another restore's note counts for nothing."""
    if not state.exists():
        return None
    noted = json.loads(state.read_text(encoding="utf-8"))
    return dict(noted["files"]) if noted["of"] == of else None


def _note(state: Path, of: list[Any], done: dict[str, int]) -> None:
    state.parent.mkdir(parents=True, exist_ok=True)
    draft = state.with_suffix(".part")
    draft.write_text(json.dumps({"of": of, "files": done}), encoding="utf-8")
    draft.replace(state)


def _named(held: Export) -> list[Any]:
    return [held.below, held.summary.get("endTime"), [file.md5 for file in held.files]]
