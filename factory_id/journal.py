"""What a sync has done so far, beside the file that it syncs: so that it goes on after whatever stopped it.

One line of JSON for each batch that was answered, on disk before the next is sent. A last line that was cut short
counts as none: its batch is sent again under the same key, and the service tells what it told before.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from factory_id.endings import WrongUse

VERSION = 1
Refusal = tuple[int, str, str, str, str]
"""Row, site, reference, outcome, why."""


class Journal:
    """The journal of one file for one service."""

    def __init__(self, path: Path, about: dict[str, Any]) -> None:
        """Open it, and take up what it says if it is about the same file and service.

        ``WrongUse`` if another process has it open.
        """
        self.path = path
        self.about = {"journal": VERSION, **about}
        self.done = 0
        self.rows = 0
        self.counts: Counter[str] = Counter()
        self._file: BinaryIO = path.open("a+b")
        lock(self._file, path, "syncing this file")
        if not self._taken_up():
            self._file.truncate(0)
            self._append(self.about)

    def _taken_up(self) -> bool:
        self._file.seek(0)
        good = 0
        for number, line in enumerate(self._file):
            entry = entry_of(line)
            if number == 0:
                same = ("journal", "digest", "url", "ignored")
                if entry is None or [entry.get(name) for name in same] != [self.about.get(name) for name in same]:
                    return False
                self.about = entry  # with its size of batches and its name of the run
            elif entry is None or entry["batch"] != self.done:
                break
            else:
                self.done += 1
                self.rows += entry["rows"]
                self.counts.update(entry["counts"])
            good += len(line)
        self._file.truncate(good)
        return good > 0

    def note(self, rows: int, counts: dict[str, int], refusals: list[Refusal]) -> None:
        """A batch was answered. Returns once that is on disk."""
        self._append({"batch": self.done, "rows": rows, "counts": counts, "refusals": refusals})
        self.done += 1
        self.rows += rows
        self.counts.update(counts)

    def refusals(self) -> Iterator[Refusal]:
        """The refusals of all batches, read from disk one line at a time."""
        with self.path.open("rb") as file:
            for line in file:
                entry = entry_of(line) or {}
                for refusal in entry.get("refusals", ()):
                    yield tuple(refusal)

    def close(self, *, finished: bool) -> None:
        """Let it go; one that is finished is of no more use."""
        if finished:
            self.path.unlink(missing_ok=True)
        self._file.close()

    def _append(self, entry: dict[str, Any]) -> None:
        self._file.seek(0, os.SEEK_END)
        self._file.write(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def entry_of(line: bytes) -> dict[str, Any] | None:
    """What a line of a journal says; ``None`` for one that was cut short."""
    with contextlib.suppress(ValueError):
        entry = json.loads(line)
        if isinstance(entry, dict) and line.endswith(b"\n"):
            return entry
    return None


def lock(file: BinaryIO, path: Path, doing: str) -> None:
    """Keep other processes off a file until it is closed; ``WrongUse`` if one was first."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise WrongUse(f"Another process is {doing} ({path.name} is in use). Wait for it to end.") from error
