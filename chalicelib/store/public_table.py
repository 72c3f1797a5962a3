"""The public table as it can be read: one item, a hundred, or a stretch of a partition. All reads are consistent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from chalicelib import settings
from chalicelib.domain.errors import Unavailable
from chalicelib.store.keys import Key
from chalicelib.store.wire import Wire

Raw = dict[str, dict[str, Any]]
"""An item as DynamoDB writes it: ``{"pk": {"S": …}, …}``."""

_ROUNDS = 3
AT_ONCE = 100  # keys in one BatchGetItem: DynamoDB's limit


_table: str = ""
_wire: Wire | None = None


class Between(NamedTuple):
    """Sort keys from one to another, both included."""

    first: str
    last: str


def connect(chosen: settings.Settings) -> None:
    """Point at an operator's table. Called once at import; tests call it again."""
    global _table, _wire
    if _wire is not None:
        _wire.close()
    _table, _wire = chosen.public_table, wire_to(chosen)


def wire_to(chosen: settings.Settings) -> Wire:
    """The way to an operator's DynamoDB."""
    return Wire(chosen)


def warm() -> None:
    """Make ready what every question needs, before the first."""
    if _wire is not None:
        _wire.warm()


def get(key: Key) -> Raw | None:
    """One item; ``None`` if there is none."""
    reply = _call("GetItem", {"TableName": _table, "Key": _pair(key), "ConsistentRead": True})
    found: Raw | None = reply.get("Item")
    return found


def batch(wanted: Sequence[Key]) -> tuple[list[Raw], list[Key]]:
    """Up to ``AT_ONCE`` items, those that are there; and the keys that DynamoDB had no time for."""
    asked = {_table: {"Keys": [_pair(key) for key in wanted], "ConsistentRead": True}}
    reply = _call("BatchGetItem", {"RequestItems": asked})
    left = reply.get("UnprocessedKeys", {}).get(_table, {}).get("Keys", ())
    return reply["Responses"].get(_table, []), [key_of(pair) for pair in left]


def several(wanted: Iterable[Key]) -> dict[Key, dict[str, Any]]:
    """The contents of items by key, those that are there. What DynamoDB leaves out is asked for again, a few times.

    ``Unavailable`` if it has no time for them all.
    """
    left = list(dict.fromkeys(wanted))
    found: dict[Key, dict[str, Any]] = {}
    for _ in range(_ROUNDS + (len(left) - 1) // AT_ONCE):
        if not left:
            return found
        items, unread = batch(left[:AT_ONCE])
        left = unread + left[AT_ONCE:]
        found.update((key_of(raw), body(raw)) for raw in items)
    if left:
        raise Unavailable("The registry could not be reached just now.")
    return found


def query(partition: str, within: str | Between = "", *, limit: int) -> list[Raw]:
    """Items of a partition in order, at most ``limit``: all, those whose sort key begins so, or those between two."""
    condition, values = "pk = :p", {":p": {"S": partition}}
    if isinstance(within, Between):
        condition += " AND sk BETWEEN :f AND :l"
        values.update({":f": {"S": within.first}, ":l": {"S": within.last}})
    elif within:
        condition += " AND begins_with(sk, :s)"
        values[":s"] = {"S": within}
    asked = {
        "TableName": _table,
        "KeyConditionExpression": condition,
        "ExpressionAttributeValues": values,
        "ConsistentRead": True,
    }
    found: list[Raw] = []
    while True:
        reply = _call("Query", {**asked, "Limit": limit - len(found)})
        found += reply["Items"]
        if len(found) >= limit or "LastEvaluatedKey" not in reply:
            return found
        asked["ExclusiveStartKey"] = reply["LastEvaluatedKey"]


def body(raw: Raw) -> dict[str, Any]:
    """The content of an item."""
    content: dict[str, Any] = json.loads(raw["body"]["S"])
    return content


def sort_key(raw: Raw) -> str:
    """The sort key of an item."""
    return str(raw["sk"]["S"])


def key_of(raw: Raw) -> Key:
    """Where an item lies."""
    return Key(raw["pk"]["S"], raw["sk"]["S"])


def _call(operation: str, payload: dict[str, Any]) -> dict[str, Any]:
    assert _wire is not None  # nosec B101: connected at import
    return _wire.call(operation, payload)


def _pair(key: Key) -> Raw:
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


connect(settings.load())
