"""The history of a record: append-only, each event bound to the one before it by a hash."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.errors import Malformed
from chalicelib.store import keys
from chalicelib.store.models import RegistryItem, reaching

GENESIS = "0" * 64
_PAGE = 100
_TOLD = "CERTIFICATE#"
"""Records whose events' hashes anyone may see, in the log of changes: a salt keeps them from being guessed."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: what kind of caller, which tenant, by which key or session (never a secret, never an e-mail)."""

    kind: str
    tenant: str
    by: str


@dataclass(frozen=True, slots=True)
class Head:
    """How far the history of a record has come: the number and hash of its last event."""

    events: int = 0
    hash: str = GENESIS


def head_of(item: RegistryItem | None) -> Head:
    """How far the history of a record has come, as its item says; the beginning for one that is not there yet."""
    return Head(int(item.events), item.event_hash) if item is not None and item.events else Head()


@dataclass(frozen=True, slots=True)
class Happening:
    """Something to be recorded: what was done, what it changed (from, to), and why."""

    action: str
    changes: Mapping[str, Any]
    reason: str | None = None


def appended(record: str, head: Head, happening: Happening, actor: Actor, at: str) -> tuple[RegistryItem, Head]:
    """The item of the next event of a record, and the head after it."""
    body = {
        "record": record,
        "number": head.events + 1,
        "at": at,
        "actor": {"kind": actor.kind, "tenant": actor.tenant, "by": actor.by},
        "action": happening.action,
        "changes": dict(happening.changes),
        "reason": happening.reason,
        "previous": head.hash,
    }
    if record.startswith(_TOLD):
        body["salt"] = secrets.token_hex(16)
    body["hash"] = digest(body)
    key = keys.event(record, head.events + 1)
    return RegistryItem(key.pk, key.sk, body=body), Head(head.events + 1, str(body["hash"]))


def digest(body: Mapping[str, Any]) -> str:
    """SHA-256 of an event without its own hash, as canonical JSON (sorted, compact, UTF-8)."""
    content = {name: value for name, value in body.items() if name != "hash"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def first_false(events: Iterable[Mapping[str, Any]]) -> int | None:
    """The number of the first event that does not fit the chain; ``None`` if all do."""
    previous = GENESIS
    for number, event in enumerate(events, start=1):
        if event["number"] != number or event["previous"] != previous or digest(event) != event["hash"]:
            return number
        previous = event["hash"]
    return None


@dataclass(frozen=True, slots=True)
class Chain:
    """What a check of a history found: how many events there are, and the first that does not fit the chain.

    ``counted`` is how many the record itself has counted; ``more``: there are others that were not looked at.
    """

    events: int
    broken: int | None
    counted: int | None
    more: bool

    @property
    def holds(self) -> bool:
        """Whether nothing was changed, taken out or added."""
        return self.broken is None and self.counted in (None, self.events)


def check(record: str, root: RegistryItem | None, most: int = 2000) -> Chain:
    """Walk the chain. ``root`` is the item that counts the events: a chain cut off at its end is found out by it."""
    events: list[dict[str, Any]] = []
    while len(events) < most:
        part = of(record, len(events), _PAGE)
        events += part
        if len(part) < _PAGE:
            break
    more = len(events) >= most
    counted = int(root.events) if root is not None and root.events and not more else None
    return Chain(len(events), first_false(events), counted, more)


def latest(record: str, before: int | None, limit: int) -> list[dict[str, Any]]:
    """The newest events of a record, the newest first: those before number ``before``, if given."""
    start, end = keys.event(record, 0), keys.event(record, 10**12 - 1 if before is None else max(before - 1, 0))
    with reaching():
        found = RegistryItem.query(
            start.pk,
            RegistryItem.sk.between(start.sk, end.sk),
            consistent_read=True,
            limit=limit,
            scan_index_forward=False,
        )
        return [item.body for item in found]


def of(record: str, after: int = 0, limit: int = 100) -> list[dict[str, Any]]:
    """The events of a record in order, from the one after number ``after``."""
    if not 0 <= after < 10**12:
        raise Malformed("The cursor is a number of an event.")
    start = keys.event(record, after)
    with reaching():
        found = RegistryItem.query(start.pk, RegistryItem.sk > start.sk, consistent_read=True, limit=limit)
        return [item.body for item in found]
