"""What is on record after processes were killed, added up: batch by batch, record by record, and by what was answered.

A process names each request after itself. A batch has that name as its key and as the reference of its audits, anything
else as its reason: so each event can be told from all others.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from chalicelib.store import keys
from tests.stack import Tables

EXPECTED = (200, 409, 503)
"""What a process may be answered: it was done, the record does not take it now, or come again."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a process was told. ``done``: the events that tell of it now, none or some; ``None``: nobody can say."""

    worker: int
    kind: str
    status: int
    name: str
    done: list[str] | None


@dataclass
class Books:
    """What the registry holds. A batch is the hash of its key, a record what its history is called."""

    rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Rows of batches that changed something, by batch and action."""
    audits: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Events that tell of a row, by batch and action."""
    told: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Events that have a name, by record, action and name."""
    events: Counter[str] = field(default_factory=Counter)
    """Events by record."""
    changes: Counter[str] = field(default_factory=Counter)
    """How often a record was changed: its version. A change of a certificate is one of its holder, too."""
    within: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The certificates of each factory."""

    def doubtful(self) -> Iterator[str]:
        """Where an event is missing or one too many: each process changes one thing at a time, in one event."""
        for batch, action in sorted(self.rows | self.audits):
            rows, audits = self.rows[batch, action], self.audits[batch, action]
            if rows != audits:
                yield f"batch {batch[:8]}: {rows} rows and {audits} events are {action}"
        for record in sorted({*self.changes, *self.events}):
            parts = sorted({record, *self.within.get(record, ())})
            events = sum(self.events[part] for part in parts)
            if self.changes[record] != events:
                yield f"{record}: {self.changes[record]} changes and {events} events"
        for (record, action, name), many in sorted(self.told.items()):
            if many > 1:
                yield f"{record}: {action} {name} is told {many} times"

    def broken_words(self, replies: Iterable[Reply]) -> Iterator[str]:
        """Answers that are not true: done, and no event tells of it; or refused, and one does."""
        by_name: dict[str, Counter[str]] = defaultdict(Counter)
        for (_, action, name), many in self.told.items():
            by_name[name][action] += many
        for each in replies:
            if each.done is not None and by_name[each.name] != Counter(each.done):
                told = dict(by_name[each.name])
                yield f"{each.kind} {each.name}: a {each.status} said {each.done}, and {told} is told"


def read(tables: Tables) -> Books:
    """The books of the factories and their certificates."""
    books = Books()
    for item in tables.scan(tables.registry):
        pk, sk = item["pk"]["S"], item["sk"]["S"]
        if pk.startswith(("EVENTS#FACTORY#", "EVENTS#CERTIFICATE#")):
            _event(books, pk.removeprefix("EVENTS#"), json.loads(item["body"]["S"]))
        elif sk.startswith("ROW#"):
            outcome = json.loads(item["body"]["S"])["result"]["outcome"]
            if outcome != "conflict":  # answered beside what was applied, and no change itself
                books.rows[pk.rpartition("#")[2], f"audit_{outcome}"] += 1
        elif pk.startswith("FACTORY#") and (sk == keys.RECORD or sk.startswith("CERTIFICATE#")):
            record = pk if sk == keys.RECORD else sk
            books.changes[record] = int(item["version"]["N"])
            if record == sk:
                books.within[pk].add(sk)
    return books


def _event(books: Books, record: str, event: dict[str, Any]) -> None:
    action, name = event["action"], event["reason"]
    if action.startswith("audit_"):
        name = event["changes"]["audit"]["to"]["reference"]
        books.audits[hashlib.sha256(name.encode()).hexdigest(), action] += 1
    books.events[record] += 1
    if name:
        books.told[record, action, name] += 1
