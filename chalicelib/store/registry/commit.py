"""One transaction: all of it or nothing, with the conditions under which it may happen.

botocore repeats a request whose reply was lost, and then a conditional write fails on its own earlier success. Each
commit therefore signs its root item with a ``write_id``; a failed condition that finds this very signature is success.
"""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.domain.errors import Conflict, Unavailable
from chalicelib.store.keys import Key
from chalicelib.store.models import NumberItem, PublicItem, RegistryItem, connection, reaching, refusal
from chalicelib.store.numbers import Move

MOST_ACTIONS = 100
_ATTEMPTS = 40
_T = TypeVar("_T")


class Collision(Exception):
    """A condition failed: somebody else wrote meanwhile. To be tried again against fresh state."""


class TooMuchAtOnce(Conflict):
    """A change that does not fit one transaction."""


class Commit:
    """Collects writes; ``now`` sends them as one transaction."""

    def __init__(self) -> None:
        self._write_id = secrets.token_hex(16)
        self._puts: list[tuple[RegistryItem | PublicItem, Condition | None]] = []
        self._deletes: list[tuple[PublicItem | RegistryItem, Condition | None]] = []
        self._moves: list[Move] = []
        self._stands: list[tuple[Key, int | None]] = []
        self._shows: list[tuple[PublicItem, list[Action]]] = []

    def __len__(self) -> int:
        return len(self._puts) + len(self._deletes) + len(self._moves) + len(self._shows) + len(self._stands)

    def put(self, item: RegistryItem | PublicItem) -> None:
        """Write an item whatever was there: its root's condition guards it."""
        self._puts.append((item, None))

    def show(self, item: PublicItem, credential: str | None = None, code: str | None = None) -> None:
        """Write a public item, with what is newly signed about it: ``""`` for none any more, ``None`` for as it was."""
        actions: list[Action] = [PublicItem.body.set(item.body)]
        for attribute, signed in ((PublicItem.credential, credential), (PublicItem.code, code)):
            if signed is not None:
                actions.append(attribute.set(signed) if signed else attribute.remove())
        self._shows.append((item, actions))

    def create(self, item: RegistryItem) -> None:
        """Write an item where there must be none."""
        self._sign(item)
        self._puts.append((item, RegistryItem.pk.does_not_exist()))

    def replace(self, item: RegistryItem, held_version: int) -> None:
        """Write the next version of a record that is still at ``held_version`` (0: not there yet)."""
        if held_version == 0:
            item.version = 1
            self.create(item)
            return
        item.version = held_version + 1
        self._sign(item)
        self._puts.append((item, RegistryItem.version == held_version))

    def delete(self, item: PublicItem | RegistryItem) -> None:
        """Remove an item, whether it is there or not."""
        self._deletes.append((item, None))

    def take(self, item: RegistryItem) -> None:
        """Remove an item that must still be there: of several who want it, one gets it."""
        self._deletes.append((item, RegistryItem.pk.exists()))

    def take_at(self, item: RegistryItem, held_version: int) -> None:
        """Remove an item that must still be at ``held_version``."""
        self._deletes.append((item, RegistryItem.version == held_version))

    def move(self, move: Move) -> None:
        """Add to and take from the sets of a shared item. It needs no condition: others' entries stay as they are."""
        self._moves.append(move)

    def stands(self, key: Key, version: int | None) -> None:
        """Only if a record that is not written is at ``version``; ``None``: if there is none."""
        self._stands.append((key, version))

    def _sign(self, item: RegistryItem) -> None:
        item.write_id = self._write_id

    def now(self) -> None:
        """Send it. Raises ``Collision`` if a condition failed, ``Unavailable`` if the outcome could not be learned."""
        if len(self) > MOST_ACTIONS:
            raise TooMuchAtOnce("This change touches too many records at once. Split it into smaller ones.")
        with reaching():
            try:
                self._send()
            except TransactWriteError as error:
                if refusal(error) not in ("TransactionCanceledException", "TransactionInProgressException"):
                    raise
                self._judge(error)

    def _send(self) -> None:
        with TransactWrite(connection=connection(), client_request_token=self._write_id) as transaction:
            for key, version in self._stands:
                found = RegistryItem.version == version if version is not None else RegistryItem.pk.does_not_exist()
                transaction.condition_check(RegistryItem, key.pk, key.sk, condition=found)
            for item, needed in self._deletes:
                transaction.delete(item, condition=needed)
            for move in self._moves:
                transaction.update(move.item, _set_actions(move))
            for shown, actions in self._shows:
                transaction.update(shown, actions)
            for put, condition in self._puts:
                transaction.save(put, condition=condition, return_values="ALL_OLD" if condition is not None else None)

    def _judge(self, error: TransactWriteError) -> None:
        reasons = [reason for reason in error.cancellation_reasons if reason is not None]
        for reason in reasons:
            if reason.code == "ConditionalCheckFailed" and _written_by(reason.raw_item) == self._write_id:
                return
        if any(reason.code not in ("ConditionalCheckFailed", "TransactionConflict") for reason in reasons):
            raise Unavailable("The registry is busy. Try again in a moment.") from error
        raise Collision from error


def _set_actions(move: Move) -> list[Action]:
    actions: list[Action] = []
    for attribute, come, go in (
        (NumberItem.confirmed, move.come.confirmed, move.go.confirmed),
        (NumberItem.declared, move.come.declared, move.go.declared),
    ):
        if come:
            actions.append(attribute.add(set(come)))
        if go:
            actions.append(attribute.delete(set(go)))
    return actions


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
