"""Which batches of audits came, and what was refused of each: so that staff see what ICS should mend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib import clock
from chalicelib.store import codec, keys
from chalicelib.store.models import RegistryItem, reaching
from chalicelib.store.registry.history import Actor
from chalicelib.store.registry.replies import Request

KEPT = timedelta(days=90)
MOST_REFUSALS = 100
PAGE = 20


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not applied: which one, what it was about as far as that could be read, and why."""

    index: int
    site: str
    reference: str
    outcome: str
    detail: str


@dataclass(frozen=True, slots=True)
class Sync:
    """A batch that came: when, from whom, by which key, how many rows of each outcome, and its refusals.

    ``more`` counts the refusals beyond ``MOST_REFUSALS``, of which only the reply told.
    """

    sync_id: str
    at: str
    caller: str
    by: str
    counts: dict[str, int]
    refusals: tuple[Refusal, ...]
    more: int


def item(
    request: Request, actor: Actor, now: datetime, counts: dict[str, int], refusals: Sequence[Refusal]
) -> RegistryItem:
    """What is written with the reply to a batch, and so once for each batch."""
    at = clock.instant(now)
    key = keys.sync(at, request.caller, request.place)
    body = {
        "at": at,
        "caller": request.caller,
        "by": actor.by,
        "counts": counts,
        "refusals": [asdict(refusal) for refusal in refusals[:MOST_REFUSALS]],
        "more": max(0, len(refusals) - MOST_REFUSALS),
    }
    return RegistryItem(key.pk, key.sk, body=body, expires=int((now + KEPT).timestamp()))


def latest(before: str | None = None) -> list[Sync]:
    """The last batches, the newest first; those older than the one named ``before``."""
    place = keys.sync().pk
    older = RegistryItem.sk < before if before else None
    with reaching():
        found = RegistryItem.query(place, older, consistent_read=True, scan_index_forward=False, limit=PAGE)
        return [_sync(each.sk, each.body) for each in found]


def _sync(sync_id: str, body: dict[str, Any]) -> Sync:
    return codec.made(Sync, {**body, "sync_id": sync_id, "refusals": _refusals(body["refusals"])})


def _refusals(bodies: Iterable[dict[str, Any]]) -> tuple[Refusal, ...]:
    return tuple(codec.made(Refusal, body) for body in bodies)
