"""The writes of a transaction as DynamoDB takes them, with the conditions under which each may happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chalicelib.store import plain, seals
from chalicelib.store.both_tables import Action
from chalicelib.store.entries import Entries
from chalicelib.store.keys import Key
from chalicelib.store.models import NumberItem, PublicItem, RegistryItem
from chalicelib.store.numbers import Move


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of an item before it is written."""

    expression: str
    name: str
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def written(self) -> dict[str, Any]:
        """Its part of an action."""
        values = {"ExpressionAttributeValues": self.values} if self.values else {}
        return {"ConditionExpression": self.expression, "ExpressionAttributeNames": {"#0": self.name}, **values}


ABSENT = Condition("attribute_not_exists (#0)", "pk")
PRESENT = Condition("attribute_exists (#0)", "pk")


def at_version(version: int) -> Condition:
    """The item is still at this version."""
    return Condition("#0 = :0", "version", {":0": {"N": str(version)}})


def put(item: RegistryItem | PublicItem, needed: Condition | None, encoded: dict[int, str]) -> Action:
    """Write an item. Whose condition fails says what was there. ``encoded``: contents that are text already."""
    about = {"TableName": item.Meta.table_name, "Item": seals.sealed(plain.item(item, encoded))}
    if needed is not None:
        about.update(needed.written, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    return {"Put": about}


def delete(item: RegistryItem | PublicItem, needed: Condition | None) -> Action:
    """Remove an item."""
    about = {"TableName": item.Meta.table_name, "Key": _key(item)}
    return {"Delete": about | needed.written if needed is not None else about}


def show(item: PublicItem, signed: dict[str, str], encoded: dict[int, str]) -> Action:
    """Write a public item's content, and what is signed about it: ``""`` takes it away, what is not named stays."""
    wanted = {"body": plain.item(item, encoded)["body"], **{name: {"S": text} for name, text in signed.items() if text}}
    return _update(item, SET=wanted, REMOVE={name: None for name, text in signed.items() if not text})


def move(wanted: Move) -> Action:
    """Add to and take from the sets of a shared item."""
    return _update(wanted.item, ADD=_sets(wanted.come), DELETE=_sets(wanted.go))


def check(key: Key, version: int | None) -> Action:
    """A record that is not written is at ``version``; ``None``: there is none."""
    needed = ABSENT if version is None else at_version(version)
    return {"ConditionCheck": {"TableName": RegistryItem.Meta.table_name, "Key": plain.key(key), **needed.written}}


def _sets(entries: Entries) -> dict[str, Any]:
    named = {"confirmed": sorted(entries.confirmed), "declared": sorted(entries.declared)}
    return {name: {"SS": found} for name, found in named.items() if found}


def _update(item: PublicItem | NumberItem, **clauses: dict[str, Any]) -> Action:
    """``SET #0 = :0 REMOVE #1``: an attribute in each clause with its value, ``None`` where there is none."""
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    written = []
    for word, wanted in clauses.items():
        parts = []
        for name, value in wanted.items():
            number = len(names)
            names[f"#{number}"] = name
            if value is not None:
                values[f":{number}"] = value
            parts.append(f"#{number}" + ("" if value is None else f" = :{number}" if word == "SET" else f" :{number}"))
        if parts:
            written.append(f"{word} {', '.join(parts)}")
    about = {"TableName": item.Meta.table_name, "Key": _key(item), "UpdateExpression": " ".join(written)}
    return {"Update": {**about, "ExpressionAttributeNames": names, "ExpressionAttributeValues": values}}


def _key(item: RegistryItem | PublicItem | NumberItem) -> plain.Raw:
    return {"pk": {"S": item.pk}, "sk": {"S": item.sk}}
