"""One transaction: all of it or nothing, with the conditions under which it may happen.

The wire repeats a request whose reply was lost, and then a conditional write fails on its own earlier success. Each
commit therefore signs its root item with a ``write_id``; a failed condition that finds this very signature is success.
While DynamoDB says that a transaction of this very token is in progress, nobody knows how that ends: it is asked again
with the same token, and never decided anew.
"""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar

from chalicelib.domain.errors import Conflict, Unavailable
from chalicelib.store import actions, both_tables
from chalicelib.store.actions import Condition
from chalicelib.store.both_tables import Action
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem, RegistryItem
from chalicelib.store.numbers import Move
from chalicelib.store.wire import Refused

MOST_ACTIONS = 100
_ATTEMPTS = 40
_TRIES = 3
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 0.4  # seconds, with full jitter
_IN_PROGRESS_PAUSES = (0.5, 1.0, 2.0)  # seconds, before the same transaction is sent again
_THROTTLED = frozenset({"ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"})
_OTHERS = frozenset({"ConditionalCheckFailed", "TransactionConflict"})
_T = TypeVar("_T")


class Collision(Exception):
    """A condition failed: somebody else wrote meanwhile. To be tried again against fresh state."""


class Throttled(Unavailable):
    """The tables take no more at this moment. Nothing was written; the same transaction may be sent again."""


class TooMuchAtOnce(Conflict):
    """A change that does not fit one transaction."""


class Commit:
    """Collects writes; ``now`` sends them as one transaction."""

    def __init__(self) -> None:
        self._write_id = secrets.token_hex(16)
        self._puts: list[tuple[RegistryItem | PublicItem, Condition | None]] = []
        self._deletes: list[tuple[PublicItem | RegistryItem, Condition | None]] = []
        self._moves: list[Move] = []
        self._shows: list[tuple[PublicItem, dict[str, str]]] = []
        self._stands: list[tuple[Key, int | None]] = []

    def __len__(self) -> int:
        return len(self._puts) + len(self._deletes) + len(self._moves) + len(self._shows) + len(self._stands)

    def put(self, item: RegistryItem | PublicItem) -> None:
        """Write an item whatever was there: its root's condition guards it."""
        self._puts.append((item, None))

    def show(self, item: PublicItem, credential: str | None = None, code: str | None = None) -> None:
        """Write a public item, with what is newly signed about it: ``""`` for none any more, ``None`` for as it was."""
        signed = {"credential": credential, "code": code}
        self._shows.append((item, {name: value for name, value in signed.items() if value is not None}))

    def create(self, item: RegistryItem) -> None:
        """Write an item where there must be none."""
        self._sign(item)
        self._puts.append((item, actions.ABSENT))

    def replace(self, item: RegistryItem, held_version: int) -> None:
        """Write the next version of a record that is still at ``held_version`` (0: not there yet)."""
        if held_version == 0:
            item.version = 1
            self.create(item)
            return
        item.version = held_version + 1
        self._sign(item)
        self._puts.append((item, actions.at_version(held_version)))

    def delete(self, item: PublicItem | RegistryItem) -> None:
        """Remove an item, whether it is there or not."""
        self._deletes.append((item, None))

    def take(self, item: RegistryItem) -> None:
        """Remove an item that must still be there: of several who want it, one gets it."""
        self._deletes.append((item, actions.PRESENT))

    def take_at(self, item: RegistryItem, held_version: int) -> None:
        """Remove an item that must still be at ``held_version``."""
        self._deletes.append((item, actions.at_version(held_version)))

    def move(self, move: Move) -> None:
        """Add to and take from the sets of a shared item. It needs no condition: others' entries stay as they are."""
        self._moves.append(move)

    def stands(self, key: Key, version: int | None) -> None:
        """Only if a record that is not written is at ``version``; ``None``: if there is none."""
        self._stands.append((key, version))

    def _sign(self, item: RegistryItem) -> None:
        item.write_id = self._write_id

    def now(self) -> None:
        """Send it, a few times where it is throttled. Raises as ``once`` does."""
        for turn in range(1, _TRIES):
            try:
                return self.once()
            except Throttled:
                time.sleep(random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**turn)))  # nosec B311: jitter
        return self.once()

    def once(self) -> None:
        """Send it. ``Collision``: a condition failed. ``Unavailable``: the outcome could not be learned, or nothing
        was written; it is ``Throttled`` if nothing was, and it may be sent again.
        """
        if len(self) > MOST_ACTIONS:
            raise TooMuchAtOnce("This change touches too many records at once. Split it into smaller ones.")
        for pause in (*_IN_PROGRESS_PAUSES, None):
            try:
                self._send()
            except Refused as error:
                if error.kind != "TransactionInProgressException":
                    self._judge(error)
                    return
                if pause is None:
                    raise Unavailable(error.detail) from error
                time.sleep(pause)
            else:
                return

    def _send(self) -> None:
        both_tables.transact(self._actions(), self._write_id)

    def _actions(self) -> list[Action]:
        """As DynamoDB takes them. What several items have in common is encoded once."""
        encoded: dict[int, str] = {}
        found = [actions.check(key, version) for key, version in self._stands]
        found += [actions.delete(item, needed) for item, needed in self._deletes]
        found += [actions.move(move) for move in self._moves]
        found += [actions.show(item, signed, encoded) for item, signed in self._shows]
        found += [actions.put(item, needed, encoded) for item, needed in self._puts]
        return found

    def _judge(self, error: Refused) -> None:
        if error.throttled:
            raise Throttled(error.detail) from error
        if error.kind != "TransactionCanceledException":
            raise error
        reasons = [each for each in error.answered.get("CancellationReasons") or () if each.get("Code") != "None"]
        for reason in reasons:
            if reason["Code"] == "ConditionalCheckFailed" and _written_by(reason.get("Item")) == self._write_id:
                return
        codes = {reason["Code"] for reason in reasons}
        if codes & _THROTTLED:
            raise Throttled("The registry is busy. Try again in a moment.") from error
        if not codes or codes - _OTHERS:
            raise Unavailable("The registry is busy. Try again in a moment.") from error
        raise Collision from error


def _written_by(raw: dict[str, dict[str, Any]] | None) -> str | None:
    return None if raw is None else raw.get("write_id", {}).get("S")


def persistently(attempt: Callable[[], _T]) -> _T:
    """Run an attempt that reads fresh state and commits, again and again while others get there first."""
    for turn in range(_ATTEMPTS):
        try:
            return attempt()
        except Collision:
            time.sleep(random.uniform(0, min(0.2, 0.005 * 2**turn)))  # nosec B311: jitter, no secret
    raise Unavailable("Many others are changing this record just now. Try again in a moment.")
