"""Suspends, withdraws and reinstates certificates while others look, and asks at once whether it is known."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from chalicelib import settings
from chalicelib.store import models
from tests.safety.load.asked import Known, said
from tests.safety.load.client import Ask, Link
from tests.stack import Tables
from tests.world import World

STANDINGS = (("suspended", "suspended"), ("active", "valid"), ("withdrawn", "withdrawn"), ("active", "valid"))
_FORK = multiprocessing.get_context("fork")


class Writer:
    """What the process does. Each change is a line of ``file``: code, began, done, status, and the next check."""

    def __init__(self, world: World, tables: Tables, endpoint: str, file: Path) -> None:
        self._world, self._tables, self._endpoint, self._file = world, tables, endpoint, file

    def work(self, codes: Sequence[str], port: int, pause: float, stopped: object) -> None:
        """Until it is stopped, with so many seconds between two changes."""
        chosen = replace(settings.load(), registry_table=self._tables.registry, public_table=self._tables.public)
        models.connect(replace(chosen, dynamodb_endpoint=self._endpoint))
        link = Link(port)
        turns = itertools.cycle((code, change) for change in STANDINGS for code in codes)
        with self._file.open("a", encoding="utf-8") as told:
            for code, (standing, status) in turns:
                if stopped.wait(pause):  # type: ignore[attr-defined]
                    return
                began = time.monotonic()
                self._change(code, standing)
                done = time.monotonic()
                print(json.dumps([code, began, done, status, self._seen(link, code)]), file=told, flush=True)

    def _change(self, code: str, standing: str) -> None:
        """Until it is confirmed: whoever was told 503 sends it again."""
        while True:
            body = {"standing": standing, "reason": "Seen at a visit"}
            answer = self._world.certifier("POST", f"/internal/v1/certificates/{code}/standing", body)
            if answer.status == 200:
                return
            if answer.status not in (409, 429, 503):
                raise RuntimeError(f"{answer.status}: {answer.text}")

    def _seen(self, link: Link, code: str) -> str:
        """What the very next check says; of those that can't say, the first that can."""
        ask = Ask("GET", f"/v1/certificates/{code}", 200, "document", codes=(code,))
        for _ in range(100):
            status, headers, body = link.exchange(ask.raw())
            if status != 503:
                return said(ask, status, headers, body)[0] if status == 200 else str(status)
        return "never confirmed"


@contextmanager
def writing(
    world: World, tables: Tables, endpoint: str, known: Known, port: int, folder: Path, pause: float
) -> Iterator[Path]:
    """Changes go on within; afterwards ``known`` has them, and the file that is given tells of them."""
    file, stopped = folder / "changes.jsonl", _FORK.Event()
    file.unlink(missing_ok=True)
    work = Writer(world, tables, endpoint, file).work
    process = _FORK.Process(target=work, args=(known.moving, port, pause, stopped), daemon=True)
    process.start()
    try:
        yield file
    finally:
        stopped.set()
        process.join(60)
        process.kill()
        for code, began, done, status, _ in told(file):
            known.standings.changes[code].append((began, done, status))
    if process.exitcode:
        raise RuntimeError("Whoever changes standings ended before its time.")


def told(file: Path) -> list[tuple[str, float, float, str, str]]:
    """The lines of the file."""
    return [tuple(json.loads(line)) for line in file.read_text("utf-8").splitlines()] if file.exists() else []
