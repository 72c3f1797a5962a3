"""A PDF of labels, written page by page beside the file that it becomes, and noted so that a run can go on.

Pages are drawn by several processes, a part at a time, and written in order. Each part is on disk before it is noted;
what was written and not noted is cut off and drawn again. The file gets its name when all of it is there.
"""

from __future__ import annotations

import json
import os
import threading
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import astuple
from functools import partial
from itertools import islice
from multiprocessing import connection, parent_process
from pathlib import Path
from typing import Any, BinaryIO

from factory_id.journal import entry_of, lock
from factory_labels import document
from factory_labels.layouts import Job
from factory_labels.links import Item

FORMAT = 1
PART = 400  # labels, more or less: whole pages


class LabelFile:
    """A file of labels in the making: ``path`` with ``.part`` behind its name, and ``.state`` for what is done."""

    def __init__(self, path: Path, job: Job, digest: str, title: str) -> None:
        """Open it, and take up what an earlier run wrote if it was of the very same labels."""
        self.path, self.job = path, job
        self.part, self.state = (path.with_name(path.name + ending) for ending in (".part", ".state"))
        self.sizes: list[int] = []
        self._head, self._places = document.head(title)
        about = {"format": FORMAT, "digest": digest, "title": title, "zlib": zlib.ZLIB_RUNTIME_VERSION}
        self._about: dict[str, Any] = json.loads(json.dumps({**about, "job": astuple(job)}))
        self._notes: BinaryIO = self.state.open("a+b")
        lock(self._notes, self.state, "writing these labels")
        self._pages: BinaryIO = self.part.open("r+b" if self.part.exists() else "w+b")
        self._take_up()

    def _take_up(self) -> None:
        self._notes.seek(0)
        lines = iter(self._notes)
        first = next(lines, b"")
        good = len(first) if entry_of(first) == self._about else 0
        room = self._pages.seek(0, os.SEEK_END) - len(self._head)
        for line in lines if good else ():
            entry = entry_of(line)
            if entry is None or sum(self.sizes) + sum(entry["sizes"]) > room:
                break
            self.sizes += entry["sizes"]
            good += len(line)
        self._notes.truncate(good)
        if good:
            self._pages.truncate(len(self._head) + sum(self.sizes))
            self._pages.seek(0, os.SEEK_END)
            return
        self._pages.truncate(0)
        self._pages.seek(0)
        self._pages.write(self._head)
        self._note(self._about)

    @property
    def done(self) -> int:
        """How many pages are written."""
        return len(self.sizes)

    def write(self, items: Iterator[Item], workers: int, advance: Callable[[int], None]) -> None:
        """The pages that are missing, of all items from the first one on. ``advance`` is told of labels written."""
        each = self.job.layout.labels
        first = self.done
        for _ in islice(items, first * each):
            pass
        for pages, labels in _drawn(self.job, _parts(items, each, first), workers):
            for page in pages:
                self._pages.write(page)
            self._note({"sizes": [len(page) for page in pages]})
            self.sizes += [len(page) for page in pages]
            advance(labels)
        self._pages.write(document.tail(self.job, len(self._head), self._places, self.sizes))
        self._on_disk(self._pages)

    def finish(self) -> None:
        """Give the file its name."""
        self._pages.close()
        os.replace(self.part, self.path)
        self.state.unlink(missing_ok=True)
        self._notes.close()

    def close(self) -> None:
        """Let it go as it is; another run goes on."""
        self._pages.close()
        self._notes.close()

    def forget(self) -> None:
        """Throw away what was written."""
        self.close()
        self.part.unlink(missing_ok=True)
        self.state.unlink(missing_ok=True)

    def _note(self, entry: dict[str, Any]) -> None:
        self._on_disk(self._pages)
        self._notes.seek(0, os.SEEK_END)
        self._notes.write(json.dumps(entry).encode("ascii") + b"\n")
        self._on_disk(self._notes)

    @staticmethod
    def _on_disk(file: BinaryIO) -> None:
        file.flush()
        os.fsync(file.fileno())


def pool(workers: int) -> ProcessPoolExecutor:
    """Processes that end with this one, however it ends."""
    return ProcessPoolExecutor(workers, initializer=_end_with_parent)


def in_order(pool: Executor, call: Callable[[Any], Any], asked: Iterator[Any], ahead: int) -> Iterator[tuple[Any, Any]]:
    """What was asked with what ``call`` made of it, in order; no more than ``ahead`` at a time are under way."""
    waiting: deque[tuple[Any, Future[Any]]] = deque()
    for each in asked:
        waiting.append((each, pool.submit(call, each)))
        if len(waiting) >= ahead:
            question, answer = waiting.popleft()
            yield question, answer.result()
    for question, answer in waiting:
        yield question, answer.result()


def _drawn(job: Job, parts: Iterator[tuple[int, list[list[Item]]]], workers: int) -> Iterator[tuple[list[bytes], int]]:
    if workers == 1:
        yield from ((_draw(job, part), sum(map(len, part[1]))) for part in parts)
        return
    with pool(workers) as processes:
        for (_, pages), drawn in in_order(processes, partial(_draw, job), parts, 2 * workers):
            yield drawn, sum(map(len, pages))


def _draw(job: Job, part: tuple[int, Sequence[Sequence[Item]]]) -> list[bytes]:
    first, pages = part
    return [document.one_page(job, first + number, page) for number, page in enumerate(pages)]


def _parts(items: Iterator[Item], each: int, first: int) -> Iterator[tuple[int, list[list[Item]]]]:
    """Runs of whole pages, each with the number of its first page."""
    while pages := [page for _ in range(max(1, PART // each)) if (page := list(islice(items, each)))]:
        yield first, pages
        first += len(pages)


def _end_with_parent() -> None:
    """A parent that is killed tells its children nothing: so look out for its end."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    with suppress(OSError):
        connection.wait([sentinel])
        os._exit(1)
