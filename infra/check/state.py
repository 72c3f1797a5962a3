"""What a walk knows so far, in a file: memory stays the same for any registry, and a walk goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.store.keys import Key
from infra.check.faults import KINDS, Fault

_TABLES = """
CREATE TABLE IF NOT EXISTS place (phase TEXT PRIMARY KEY, cursor TEXT, done INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS wanted (hash BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS met (pk TEXT, sk TEXT, root TEXT, PRIMARY KEY (pk, sk)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS indexes (place INTEGER PRIMARY KEY, code TEXT);
CREATE TABLE IF NOT EXISTS tally (kind TEXT PRIMARY KEY, checked INTEGER, wrong INTEGER, repaired INTEGER);
CREATE TABLE IF NOT EXISTS found (kind TEXT, name TEXT, how TEXT, ending TEXT, PRIMARY KEY (kind, name, how));
"""


@dataclass(frozen=True, slots=True)
class Row:
    """How many of a kind were looked at, were wrong, and were put right."""

    kind: str
    checked: int
    wrong: int
    repaired: int


@dataclass(frozen=True, slots=True)
class Told:
    """A fault as it is told: ``ending`` is what became of it, or what to do."""

    kind: str
    name: str
    how: str
    ending: str


class State:
    """The file of one walk."""

    def __init__(self, path: Path) -> None:
        """Opened, and made if it is not there."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._db = sqlite3.connect(path)
        self._db.executescript(_TABLES)
        self._db.executemany("INSERT OR IGNORE INTO tally VALUES (?, 0, 0, 0)", [(kind,) for kind in KINDS])

    def close(self, *, forget: bool) -> None:
        """At the end; ``forget``: the walk is over, and there is nothing to go on with."""
        self._db.commit()
        self._db.close()
        if forget:
            self._path.unlink()

    def saved(self) -> None:
        """What was done so far is done, should the walk be stopped now."""
        self._db.commit()

    def place(self, phase: str) -> tuple[Any, int] | None:
        """Where a phase is to go on, and how much of it was done; ``None``: it is over."""
        row = self._db.execute("SELECT cursor, done FROM place WHERE phase = ?", (phase,)).fetchone()
        if row is None:
            return {}, 0
        return None if row[0] is None else (json.loads(row[0]), row[1])

    def reached(self, phase: str, cursor: Any, done: int) -> None:
        """A phase came so far; without a cursor it is over."""
        text = json.dumps(cursor) if cursor else None
        self._db.execute("INSERT OR REPLACE INTO place VALUES (?, ?, ?)", (phase, text, done))
        self._db.commit()

    def want(self, table: str, key: Key) -> None:
        """A record answers for this item."""
        self._db.execute("INSERT OR IGNORE INTO wanted VALUES (?)", (_hash(table, key),))

    def is_wanted(self, table: str, key: Key) -> bool:
        """Whether a record answers for this item."""
        found = self._db.execute("SELECT 1 FROM wanted WHERE hash = ?", (_hash(table, key),))
        return found.fetchone() is not None

    def meet(self, key: Key, root: Key) -> None:
        """A pointer that lies there, to be compared once all records were seen."""
        self._db.execute("INSERT OR REPLACE INTO met VALUES (?, ?, ?)", (*key, root.pk))

    def met(self) -> Iterator[tuple[Key, str]]:
        """Each pointer that no record answers for, with the record that it leads to."""
        for pk, sk, root in self._db.execute("SELECT pk, sk, root FROM met ORDER BY pk, sk"):
            if not self.is_wanted("registry", Key(pk, sk)):
                yield Key(pk, sk), root

    def index_of(self, place: int, code: str) -> str:
        """Note whose place in the status lists it is; the answer is whose it is already."""
        self._db.execute("INSERT OR IGNORE INTO indexes VALUES (?, ?)", (place, code))
        return str(self._db.execute("SELECT code FROM indexes WHERE place = ?", (place,)).fetchone()[0])

    def highest_index(self) -> int:
        """The highest place in the status lists that a certificate has; -1 if none has."""
        found = self._db.execute("SELECT MAX(place) FROM indexes").fetchone()[0]
        return -1 if found is None else int(found)

    def checked(self, kind: str, number: int = 1) -> None:
        """So many more were looked at."""
        self._db.execute("UPDATE tally SET checked = checked + ? WHERE kind = ?", (number, kind))

    def found(self, fault: Fault, ending: str, *, repaired: bool) -> None:
        """Something was wrong. What is wrong in one way is counted once."""
        row = (fault.kind, fault.name, fault.how, ending)
        if self._db.execute("INSERT OR IGNORE INTO found VALUES (?, ?, ?, ?)", row).rowcount:
            self._db.execute(
                "UPDATE tally SET wrong = wrong + 1, repaired = repaired + ? WHERE kind = ?", (repaired, fault.kind)
            )

    def rows(self) -> list[Row]:
        """The table."""
        held = {row[0]: Row(*row) for row in self._db.execute("SELECT * FROM tally")}
        return [held[kind] for kind in KINDS]

    def told(self) -> list[Told]:
        """All that was wrong."""
        return [Told(*row) for row in self._db.execute("SELECT * FROM found ORDER BY kind, name, how")]


def _hash(table: str, key: Key) -> bytes:
    return hashlib.sha256(f"{table}\0{key.pk}\0{key.sk}".encode()).digest()[:16]
