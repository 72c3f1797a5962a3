"""What a walk knows so far, in a file: memory stays the same for any registry, and a walk goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib import clock
from chalicelib.store import keys
from chalicelib.store.keys import Key
from infra.check.faults import KINDS, Fault
from infra.check.ground import Ground

_TABLES = """
CREATE TABLE IF NOT EXISTS walk (one INTEGER PRIMARY KEY CHECK (one = 1), ground TEXT NOT NULL, began TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS roots (pk TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS logged (code TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lost (record TEXT PRIMARY KEY, why TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS place (phase TEXT PRIMARY KEY, cursor TEXT, done INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS wanted (hash BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS met (pk TEXT, sk TEXT, root TEXT, PRIMARY KEY (pk, sk)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS indexes (place INTEGER PRIMARY KEY, code TEXT);
CREATE TABLE IF NOT EXISTS tally (kind TEXT PRIMARY KEY, checked INTEGER, wrong INTEGER, repaired INTEGER);
CREATE TABLE IF NOT EXISTS found (kind TEXT, name TEXT, how TEXT, ending TEXT, PRIMARY KEY (kind, name, how));
"""


MOST_AGE = timedelta(hours=12)
"""How old a walk may be and go on: what it saw at its beginning is told as if it were so at its end."""


class OtherWalk(Exception):
    """What a file knows is of another walk than the one that is wanted."""


_AFRESH = "Begin anew with --afresh, or name another file with --state."


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

    def begin(self, ground: Ground, now: datetime) -> str:
        """Begin a walk, or go on with the one that is here; says when it began. ``OtherWalk`` if it is another one."""
        row = self._db.execute("SELECT ground, began FROM walk").fetchone()
        if row is None:
            if self._db.execute("SELECT 1 FROM place").fetchone():
                raise OtherWalk(f"{self._path} is of a walk of an earlier release. {_AFRESH}")
            began = clock.instant(now)
            self._db.execute("INSERT INTO walk VALUES (1, ?, ?)", (json.dumps(ground), began))
            self._db.commit()
            return began
        held, began = json.loads(row[0]), str(row[1])
        for name in sorted({*held, *ground}):
            if held.get(name) != ground.get(name):
                was, wanted = held.get(name) or "none", ground.get(name) or "none"
                raise OtherWalk(f"{self._path} is of a walk with another {name}: {was}, not {wanted}. {_AFRESH}")
        if not timedelta() <= now - clock.parsed(began) <= MOST_AGE:
            raise OtherWalk(f"{self._path} is of a walk that began at {began}, too long ago to go on. {_AFRESH}")
        return began

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

    def met(self, *, histories: bool) -> Iterator[tuple[Key, str]]:
        """Each pointer that no record answers for, with the record that it leads to; or each history, with its own."""
        for pk, sk, root in self._db.execute("SELECT pk, sk, root FROM met ORDER BY pk, sk"):
            if pk.startswith(keys.events("")) == histories and not self.is_wanted("registry", Key(pk, sk)):
                yield Key(pk, sk), root

    def root(self, pk: str) -> None:
        """A record that answers for other items, to be looked at once all were met."""
        self._db.execute("INSERT OR IGNORE INTO roots VALUES (?)", (pk,))

    def roots(self, after: str, limit: int) -> list[str]:
        """Such records in order, from behind one."""
        rows = self._db.execute("SELECT pk FROM roots WHERE pk > ? ORDER BY pk LIMIT ?", (after, limit))
        return [str(row[0]) for row in rows]

    def log(self, codes: Iterable[str]) -> None:
        """The log of changes tells of these certificates."""
        self._db.executemany("INSERT OR IGNORE INTO logged VALUES (?)", [(code,) for code in codes])

    def unmet(self) -> Iterator[str]:
        """The certificates of the log that were not met in the registry."""
        for (code,) in self._db.execute("SELECT code FROM logged ORDER BY code"):
            if not self.is_wanted("registry", keys.event(f"CERTIFICATE#{code}", 1)):
                yield str(code)

    def lose(self, record: str, why: str) -> None:
        """A record is not there, or lacks one that it held: ``why`` says it for people."""
        self._db.execute("INSERT OR IGNORE INTO lost VALUES (?, ?)", (record, why))

    def lost(self, record: str) -> str | None:
        """Why a record is taken for lost, or for lacking something; ``None`` if it is not."""
        row = self._db.execute("SELECT why FROM lost WHERE record = ?", (record,)).fetchone()
        return None if row is None else str(row[0])

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
