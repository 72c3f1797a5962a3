"""The history of a record: append-only, each event bound to the one before it by a hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.errors import Malformed
from chalicelib.store import keys
from chalicelib.store.models import RegistryItem, reaching

GENESIS = "0" * 64


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


def of(record: str, after: int = 0, limit: int = 100) -> list[dict[str, Any]]:
    """The events of a record in order, from the one after number ``after``."""
    if not 0 <= after < 10**12:
        raise Malformed("The cursor is a number of an event.")
    start = keys.event(record, after)
    with reaching():
        found = RegistryItem.query(start.pk, RegistryItem.sk > start.sk, consistent_read=True, limit=limit)
        return [item.body for item in found]
