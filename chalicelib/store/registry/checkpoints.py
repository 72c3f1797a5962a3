"""Checkpoints of the public log: its size and root at an instant, signed where the registry signs."""

from __future__ import annotations

from typing import Any

from chalicelib import clock, settings
from chalicelib.domain.errors import Conflict
from chalicelib.domain.log import Checkpoint
from chalicelib.store import codec, log_keys, log_reader
from chalicelib.store.models import PublicItem
from chalicelib.store.registry import sequencer, signing
from chalicelib.store.registry.commit import Commit, persistently

HEADER = {"typ": "log-checkpoint+jws"}


def daily() -> Checkpoint | None:
    """Make a checkpoint unless there is one of today (UTC), or nothing in the log."""
    held = sequencer.head()
    last = held.body["checkpoint"]
    if not held.size or (last is not None and last["at"][:10] >= clock.today().isoformat()):
        return None
    return make()


def make() -> Checkpoint:
    """Make a checkpoint of all that has a number. ``Conflict`` if nothing has."""
    return persistently(_made)


def _made() -> Checkpoint:
    held = sequencer.head()
    if not held.size:
        raise Conflict("The log has no entry yet.")
    root = log_reader.hashes([(0, held.size)])[0].hex()
    at = clock.instant(clock.now())
    made = Checkpoint(held.size, root, held.body["head"], at, _signed(held.size, root, held.body["head"], at))
    transaction = Commit()
    transaction.put(PublicItem(*log_keys.checkpoint(made.size, at), body=codec.to_json(made)))
    sequencer.put_head(transaction, held, {**held.body, "checkpoint": codec.to_json(made)})
    transaction.now()
    return made


def _signed(size: int, root: str, head: str, at: str) -> str | None:
    if not signing.configured():
        return None
    said: dict[str, Any] = {"log": settings.load().base_url, "size": size, "root": root, "head": head, "at": at}
    return signing.signed_document(said, HEADER)
