"""A walk over all records of a kind, which notes how far it has come in the registry itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib import clock
from chalicelib.domain.errors import DomainError, Unavailable
from chalicelib.store import keys, migration_keys, public_table
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem, reaching
from chalicelib.store.registry import lookup

AT_ONCE = 200  # items of the table that are read between two notes
Advance = Callable[[int], Any]
Tell = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Came:
    """What a walk came to: records looked at, changed, and refused; ``ended``: when it was over, if it is."""

    looked: int = 0
    changed: int = 0
    refused: int = 0
    ended: str | None = None
    cursor: dict[str, Any] | None = None


def came(name: str) -> Came | None:
    """How far a walk has come; ``None`` if it never began."""
    held = lookup.item(migration_keys.migration(name))
    return None if held is None else Came(**held.body)


def walk(
    client: Any, table: str, name: str, kind: str, step: Callable[[Key], bool], advance: Advance, tell: Tell
) -> Came:
    """Take each record of a kind a step further, going on where an earlier walk was stopped; all over if it was over.

    A record whose step is refused is told of and left. ``Unavailable`` ends the walk, to be gone on with.
    """
    last = came(name)
    now = last if last is not None and last.ended is None else Came()
    start = now.cursor
    while True:
        asked = {"ExclusiveStartKey": start} if start else {}
        page = client.scan(TableName=table, Limit=AT_ONCE, ConsistentRead=True, ProjectionExpression="pk, sk", **asked)
        looked, changed, refused = now.looked, now.changed, now.refused
        for key in _records(page["Items"], kind):
            done = _taken(key, step, tell)
            looked, changed, refused = looked + 1, changed + (done is True), refused + (done is None)
        start = page.get("LastEvaluatedKey")
        ended = None if start else clock.instant(clock.now())
        now = Came(looked, changed, refused, ended, start)
        _note(name, now)
        advance(len(page["Items"]))
        if ended:
            return now


def over(name: str, places: Iterable[Key], step: Callable[[Key], bool], tell: Tell) -> Came:
    """As ``walk``, of a few that lie at places that are known: all of them, from the first."""
    done = [_taken(key, step, tell) for key in places]
    now = Came(len(done), done.count(True), done.count(None), clock.instant(clock.now()))
    _note(name, now)
    return now


def foretold(client: Any, table: str, kind: str, lacks: Callable[[Key], bool], advance: Advance) -> Came:
    """What a walk would come to, from end to end, without writing anything."""
    looked = changed = 0
    for page in client.get_paginator("scan").paginate(
        TableName=table, ConsistentRead=True, ProjectionExpression="pk, sk"
    ):
        for key in _records(page["Items"], kind):
            looked, changed = looked + 1, changed + lacks(key)
        advance(len(page["Items"]))
    return Came(looked, changed)


def _taken(key: Key, step: Callable[[Key], bool], tell: Tell) -> bool | None:
    """Whether a step changed it; ``None`` if it was refused."""
    try:
        return step(key)
    except Unavailable:
        raise
    except DomainError as error:
        tell(f"{key.pk}: {error}")
        return None


def _records(items: list[dict[str, Any]], kind: str) -> Iterator[Key]:
    for raw in items:
        key = public_table.key_of(raw)
        if key.sk == keys.RECORD and key.pk.startswith(f"{kind}#"):
            yield key


def _note(name: str, now: Came) -> None:
    key = migration_keys.migration(name)
    body = {each: getattr(now, each) for each in Came.__dataclass_fields__}
    with reaching():
        RegistryItem(key.pk, key.sk, body=body).save()
