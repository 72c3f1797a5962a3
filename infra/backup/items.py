"""An item as a line of an export, and sums by which two heaps of items are compared whatever their order."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

Raw = dict[str, dict[str, Any]]
BUCKETS = 4096
_SETS = ("SS", "NS", "BS")


def line(item: Raw) -> str:
    """An item as DynamoDB's exports write it, always in the same way: names sorted, sets too."""
    written = {name: _written(value) for name, value in item.items()}
    return json.dumps({"Item": written}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def item_of(text: str) -> Raw:
    """The item that a line of an export holds. Raises ``ValueError`` if it holds none."""
    held = json.loads(text)
    if not isinstance(held, dict) or not isinstance(held.get("Item"), dict):
        raise ValueError("a line without an item")
    return {name: _read(value) for name, value in held["Item"].items()}


def packed(lines: Iterable[str]) -> bytes:
    """Lines as a file of an export: the same lines are the same bytes."""
    return gzip.compress("".join(f"{each}\n" for each in lines).encode(), compresslevel=6, mtime=0)


def unpacked(content: bytes) -> Iterator[Raw]:
    """The items of a file of an export."""
    for text in gzip.decompress(content).decode().split("\n"):
        if text:
            yield item_of(text)


def over(item: Raw, moment: int) -> bool:
    """Whether an item has expired by an instant in epoch seconds: DynamoDB deletes it when it likes."""
    return "expires" in item and int(item["expires"]["N"]) < moment


class Sums:
    """How many items, and a sum of their hashes, by buckets: the same for the same items in any order."""

    def __init__(self) -> None:
        self.counts, self._sums = [0] * BUCKETS, [0] * BUCKETS

    def add(self, item: Raw) -> None:
        """Count an item in."""
        text, place = line(item).encode(), bucket(item)
        self.counts[place] += 1
        self._sums[place] = (self._sums[place] + int.from_bytes(hashlib.sha256(text).digest())) % 2**256

    @property
    def items(self) -> int:
        """How many were counted in."""
        return sum(self.counts)

    def unlike(self, other: Sums) -> frozenset[int]:
        """The buckets in which two heaps differ."""
        mine = zip(self.counts, self._sums, strict=True)
        theirs = zip(other.counts, other._sums, strict=True)
        return frozenset(place for place, (one, two) in enumerate(zip(mine, theirs, strict=True)) if one != two)


def bucket(item: Raw) -> int:
    """The bucket of an item, which follows from its key."""
    key = f"{item['pk']['S']}\0{item['sk']['S']}".encode()
    return int.from_bytes(hashlib.sha256(key).digest()[:4]) % BUCKETS


def _written(value: dict[str, Any]) -> dict[str, Any]:
    ((kind, held),) = value.items()
    if kind == "B":
        return {kind: base64.b64encode(held).decode()}
    if kind == "BS":
        return {kind: sorted(base64.b64encode(each).decode() for each in held)}
    if kind in _SETS:
        return {kind: sorted(held)}
    if kind == "L":
        return {kind: [_written(each) for each in held]}
    if kind == "M":
        return {kind: {name: _written(each) for name, each in held.items()}}
    return {kind: held}


def _read(value: dict[str, Any]) -> dict[str, Any]:
    ((kind, held),) = value.items()
    if kind == "B":
        return {kind: base64.b64decode(held)}
    if kind == "BS":
        return {kind: [base64.b64decode(each) for each in held]}
    if kind == "L":
        return {kind: [_read(each) for each in held]}
    if kind == "M":
        return {kind: {name: _read(each) for name, each in held.items()}}
    return {kind: held}
