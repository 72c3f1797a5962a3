"""Each change of a certificate's standing goes to the public log: written with the change, numbered later.

The transaction that changes a certificate writes what is to be logged under a key of its own, so that certificates do
not contend for a number. ``sequencer`` gives the numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pynamodb.exceptions import PutError

from chalicelib.domain import log
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.log import Line
from chalicelib.store import log_keys
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem, reaching, refusal
from chalicelib.store.registry.commit import Commit
from chalicelib.store.registry.history import Head


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that has no number yet. ``event``: the hash of the event that tells of it, if it has a salt."""

    line: Line
    event: str | None

    @property
    def key(self) -> Key:
        """Where it waits."""
        return log_keys.waiting(log_keys.shard_of(self.line.code), self.line.recorded, self.line.code, self.line.line)

    @property
    def item(self) -> RegistryItem:
        """As it is stored."""
        return RegistryItem(*self.key, body={"line": log.body(self.line), "event": self.event})


def note(transaction: Commit, before: Certificate | None, after: Certificate, head: Head) -> None:
    """Let what changed of a certificate's standing be logged, if anything did. ``head``: of its history, after it."""
    known = len(log.lines_of(before)) if before is not None else 0
    for line in log.lines_of(after)[known:]:
        transaction.put(Waiting(line, head.hash).item)


def adopt(certificate: Certificate) -> bool:
    """Let all be logged that is on record of a certificate and is not yet; whether it was to wait for that.

    Only its last line is to wait: the sequencer adds those before it, from the public record.
    """
    last = log.lines_of(certificate)[-1:]
    for line in last:
        with reaching():
            try:
                Waiting(line, None).item.save(RegistryItem.pk.does_not_exist())
            except PutError as error:
                if refusal(error) != "ConditionalCheckFailedException":
                    raise
                return False
    return bool(last)


def waiting() -> list[Waiting]:
    """All that has no number yet, in the order of recording."""
    return sorted(_waiting(), key=lambda each: (each.line.recorded, each.line.code, each.line.line))


def _waiting() -> Iterator[Waiting]:
    for shard in range(log_keys.SHARDS):
        with reaching():
            for item in RegistryItem.query(log_keys.waiting(shard).pk, consistent_read=True):
                yield Waiting(Line(**item.body["line"]), item.body["event"])
