"""What goes to the database and back, seen where it is sent; and what DynamoDB would charge for it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from botocore.httpsession import URLLib3Session

from chalicelib.store.wire import _Connection

READ_UNIT = 4096  # bytes that one consistent read may have
WRITE_UNIT = 1024
TRANSACTED = 2  # what a write in a transaction costs, of one outside
STORED = 100  # bytes that DynamoDB bills for each item that it keeps, besides the item's own
Item = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What writes leave in a table: so many items, and their bytes as they were sent."""

    items: int = 0
    bytes: int = 0

    @property
    def billed(self) -> int:
        """The bytes that storage is billed for."""
        return self.bytes + STORED * self.items


@dataclass
class Traffic:
    """What was sent and what came, as it was: nothing is parsed while the clock may be running."""

    raw: list[tuple[bytes | str, bytes, bytes]] = field(default_factory=list)

    @property
    def requests(self) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
        """In the order sent: the operation, what was asked, what came."""
        return [(operation(target), json.loads(asked), json.loads(came or b"{}")) for target, asked, came in self.raw]

    @property
    def operations(self) -> list[str]:
        """``GetItem`` and so on."""
        return [name for name, _, _ in self.requests]

    @property
    def read_units(self) -> float:
        """Read request units, by DynamoDB's rule: an item's bytes, or a query's altogether, in pieces of 4 KB."""
        return sum(_read_units(name, asked, came) for name, asked, came in self.requests)

    @property
    def read_sizes(self) -> list[int]:
        """Bytes of what came: of each item, of a query's items altogether. Each is rounded up to units by itself."""
        return [length for name, _, came in self.requests for length in _sizes(name, came)]

    @property
    def write_units(self) -> int:
        """Write request units of all that is written: in transactions, singly, in batches. See ``all_write_units``."""
        return sum(all_write_units(operation(target), asked) for target, asked, _ in self.raw)

    @property
    def signatures(self) -> int:
        """How often KMS was asked to sign."""
        return self.operations.count("Sign")

    def kept(self) -> dict[str, Kept]:
        """What was put and updated, by table; what was deleted is not taken from it."""
        found: dict[str, Kept] = {}
        for name, asked, _ in self.requests:
            for table, item in _written(name, asked):
                if item:
                    held = found.get(table, Kept())
                    found[table] = Kept(held.items + 1, held.bytes + size(item))
        return found


@contextmanager
def watched() -> Iterator[Traffic]:
    """Everything that is sent within: by botocore, and over the wire."""
    seen = Traffic()
    send = URLLib3Session.send

    def spy(self: URLLib3Session, request: Any) -> Any:
        response = send(self, request)
        seen.raw.append((request.headers.get("X-Amz-Target", ""), request.body, response.content))
        return response

    exchange = _Connection.exchange

    def overheard(self: _Connection, request: bytes) -> tuple[int, bytes, bool]:
        status, came, keeps = exchange(self, request)
        head, _, asked = request.partition(b"\r\n\r\n")
        seen.raw.append((head, asked, came))
        return status, came, keeps

    with patch.object(URLLib3Session, "send", spy), patch.object(_Connection, "exchange", overheard):
        yield seen


def operation(target: bytes | str) -> str:
    """``GetItem`` and so on, from a request's header or from all its headers."""
    text = target.decode() if isinstance(target, bytes) else target
    return text.rpartition("X-Amz-Target: ")[2].partition("\r\n")[0].rpartition(".")[2]


def all_write_units(name: str, asked: bytes | str) -> int:
    """Write units of one request as it is sent.

    By DynamoDB's rule, from the bytes sent: a unit for each KB begun of an item, two in a transaction, where a
    condition on an item that is not written counts as well. What a request does not show is not in it: an item that was
    larger before, and the attributes that an update leaves as they were.
    """
    if name not in _WRITES:
        return 0
    times = TRANSACTED if name == "TransactWriteItems" else 1
    return sum(times * max(1, math.ceil(size(item) / WRITE_UNIT)) for _, item in _written(name, json.loads(asked)))


_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")


def _written(name: str, asked: dict[str, Any]) -> list[tuple[str, Item]]:
    """The table and the item of each write, as far as it was sent; empty for what is deleted or only looked at."""
    if name == "BatchWriteItem":
        entries = [(table, entry) for table, each in asked["RequestItems"].items() for entry in each]
        return [(table, entry.get("PutRequest", {}).get("Item", {})) for table, entry in entries]
    if name == "TransactWriteItems":
        actions = [(kind, about) for action in asked["TransactItems"] for kind, about in action.items()]
        return [(about["TableName"], _updated(about) if kind == "Update" else about.get("Item", {}))
                for kind, about in actions]  # fmt: skip
    if name not in _WRITES:
        return []
    return [(asked["TableName"], _updated(asked) if name == "UpdateItem" else asked.get("Item", {}))]


def _updated(about: dict[str, Any]) -> Item:
    """The key and the values that an update brings, under their names where ``#1`` goes with ``:1`` as ours do."""
    names = about.get("ExpressionAttributeNames", {})
    values = about.get("ExpressionAttributeValues", {})
    return {**about["Key"], **{names.get(f"#{place[1:]}", place): value for place, value in values.items()}}


def size(item: Item) -> int:
    """An item's bytes as DynamoDB counts them: names and values."""
    return sum(len(name.encode()) + _weight(value) for name, value in item.items())


def _weight(value: dict[str, Any]) -> int:
    [(kind, held)] = value.items()
    if kind in ("SS", "NS"):
        return sum(len(each.encode()) for each in held)
    if kind in ("L", "M"):
        parts = [*map(_weight, held)] if kind == "L" else [len(name.encode()) + _weight(held[name]) for name in held]
        return 3 + sum(parts) + len(parts)
    return len(held.encode()) if kind in ("S", "N") else 1


def _sizes(operation: str, came: dict[str, Any]) -> list[int]:
    if operation == "GetItem":
        return [size(came.get("Item", {}))]
    if operation == "Query":
        return [sum(map(size, came["Items"]))]
    if operation == "BatchGetItem":
        return [size(item) for items in came["Responses"].values() for item in items]
    return []


def _read_units(operation: str, asked: dict[str, Any], came: dict[str, Any]) -> float:
    units = sum(units_of(length) for length in _sizes(operation, came))
    if operation == "BatchGetItem":
        wanted = list(asked["RequestItems"].values())
        missing = sum(len(table["Keys"]) for table in wanted) - len(_sizes(operation, came))
        return (units + missing) * _consistency(wanted[0])
    return units * _consistency(asked)


def units_of(length: int) -> int:
    """Read units of a consistent read of so many bytes; what is not there costs one."""
    return max(1, math.ceil(length / READ_UNIT))


def _consistency(asked: dict[str, Any]) -> float:
    return 1.0 if asked.get("ConsistentRead") else 0.5
