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
    def write_units(self) -> float:
        """Write request units of the transactions and single puts."""
        return sum(_write_units(name, asked) for name, asked, _ in self.requests)

    @property
    def written_bytes(self) -> int:
        """Bytes of the items that transactions put."""
        actions = [action for name, asked, _ in self.requests for action in asked.get("TransactItems", ())]
        return sum(size(action["Put"]["Item"]) for action in actions if "Put" in action)


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
    """Write units of one request as it is sent, batches of puts and deletes too.

    By DynamoDB's rule, from the bytes sent: a unit for each KB begun, two in a transaction. Where an item was larger
    before it was replaced or deleted, DynamoDB counts the larger size, which a request does not show.
    """
    if name != "BatchWriteItem":
        return int(_write_units(name, json.loads(asked))) if name in ("PutItem", "TransactWriteItems") else 0
    entries = [entry for table in json.loads(asked)["RequestItems"].values() for entry in table]
    return sum(max(1, math.ceil(size(entry.get("PutRequest", {}).get("Item", {})) / WRITE_UNIT)) for entry in entries)


def size(item: dict[str, Any]) -> int:
    """An item's bytes as DynamoDB counts them: names and values; ours have texts and numbers only."""
    return sum(
        len(name.encode()) + sum(len(str(part).encode()) for part in value.values()) for name, value in item.items()
    )


def _read_units(operation: str, asked: dict[str, Any], came: dict[str, Any]) -> float:
    if operation == "GetItem":
        return max(1, math.ceil(size(came.get("Item", {})) / READ_UNIT)) * _consistency(asked)
    if operation == "Query":
        return max(1, math.ceil(sum(map(size, came["Items"])) / READ_UNIT)) * _consistency(asked)
    if operation == "BatchGetItem":
        wanted = list(asked["RequestItems"].values())
        items = [item for items in came["Responses"].values() for item in items]
        missing = sum(len(table["Keys"]) for table in wanted) - len(items)
        units = sum(max(1, math.ceil(size(item) / READ_UNIT)) for item in items) + missing
        return units * _consistency(wanted[0])
    return 0


def _consistency(asked: dict[str, Any]) -> float:
    return 1.0 if asked.get("ConsistentRead") else 0.5


def _write_units(operation: str, asked: dict[str, Any]) -> float:
    if operation == "PutItem":
        return math.ceil(size(asked["Item"]) / WRITE_UNIT)
    if operation != "TransactWriteItems":
        return 0
    units = 0
    for action in asked["TransactItems"]:
        [(_, about)] = action.items()
        units += TRANSACTED * max(1, math.ceil(size(about.get("Item", {})) / WRITE_UNIT))
    return units
