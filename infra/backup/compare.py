"""Whether a table holds what a backup holds, or what another table holds: item by item, whatever the order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from infra.backup.items import Raw, Sums, bucket, line, over
from infra.backup.manifest import Export

Read = Callable[[], Iterable[Raw]]
Advance = Callable[[int], Any]
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Compared:
    """How many items are on either side, and the first that are on one side only or not the same."""

    there: int
    here: int
    unlike: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether both hold the same."""
        return not self.unlike


def compare(there: Read, here: Read, moment: int) -> Compared:
    """Both are read once, and once more only if they differ; what has expired at ``moment`` counts on neither side."""
    one, two = _summed(there, moment), _summed(here, moment)
    wrong = one.unlike(two)
    if not wrong:
        return Compared(one.items, two.items, ())
    first, second = (_lines(read, wrong, moment) for read in (there, here))
    keys = sorted(key for key in first.keys() | second.keys() if first.get(key) != second.get(key))
    told = tuple(_told(key, key in first, key in second) for key in keys)
    return Compared(one.items, two.items, told[:MOST_NAMED])


def of_export(held: Export, advance: Advance = lambda _items: None) -> Read:
    """The items of a backup."""

    def read() -> Iterator[Raw]:
        for file in held.files:
            yield from held.read(file)
            advance(file.items)

    return read


def of_table(client: Any, table: str, advance: Advance = lambda _items: None) -> Read:
    """The items of a table."""

    def read() -> Iterator[Raw]:
        for page in client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
            yield from page["Items"]
            advance(len(page["Items"]))

    return read


def _summed(read: Read, moment: int) -> Sums:
    sums = Sums()
    for item in read():
        if not over(item, moment):
            sums.add(item)
    return sums


def _lines(read: Read, wrong: frozenset[int], moment: int) -> dict[tuple[str, str], str]:
    kept = (item for item in read() if bucket(item) in wrong and not over(item, moment))
    return {(item["pk"]["S"], item["sk"]["S"]): line(item) for item in kept}


def _told(key: tuple[str, str], there: bool, here: bool) -> str:
    how = "is not the same" if there and here else "is missing here" if there else "is here only"
    return f"{key[0]} {key[1]} {how}"
