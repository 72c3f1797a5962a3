"""Processes that write to the same records and are killed at any point: afterwards both tables are whole."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chalice.test import Client

import app
from chalicelib import settings
from chalicelib.domain.errors import DomainError
from chalicelib.store import models
from chalicelib.store.registry import sequencer
from chalicelib.store.registry.commit import Commit
from infra.check import report
from infra.check.report import Found
from infra.engine import Engine
from tests.safety.invariants import Broken, Tally
from tests.safety.lines import Row
from tests.safety.play import SYNCS, left_wrong
from tests.stack import Tables, fresh_tables
from tests.world import Caller, World, audit_item

PROCESSES = 16
OPERATIONS, UNTIL_KILLED = 12, 240
"""What a process does; what one does that is to be killed, unless it is killed before."""
FORK = multiprocessing.get_context("fork")
WHOLE = "after kill -9 in the middle both tables are whole"
COUNTED = "after kill -9 in the middle no event is lost or doubled"
ALL = (WHOLE, COUNTED)
KILLED = "of the processes of a round half were killed at the least"
LEAST_KILLED = 1 / 2
"""Four in five are to be."""


def reach(tables: Tables) -> None:
    """In a process of its own: ways of its own to the tables."""
    chosen = replace(settings.load(), registry_table=tables.registry, public_table=tables.public)
    models.connect(replace(chosen, dynamodb_endpoint=str(tables.client.meta.endpoint_url)))


class Worker:
    """What each process does: requests of all kinds to the same few records, drawn from a seed."""

    def __init__(self, number: int, seed: int, keys: dict[str, str], sites: dict[str, str], code: str) -> None:
        self._number, self._random = number, random.Random(seed)
        self._keys, self._sites, self._code = keys, sites, code

    def work(self, tables: Tables, pipe: int, operations: int) -> None:
        """Tell before each commit that it comes, so that one may be killed in the middle of it."""
        reach(tables)
        send = Commit._send

        def told(commit: Commit) -> None:
            os.write(pipe, bytes([self._number]))
            send(commit)

        Commit._send = told  # type: ignore[method-assign,assignment]
        with Client(app.app) as client:
            for number in range(operations):
                self._one(client, number)

    def _one(self, client: Client, number: int) -> None:
        callers = {name: Caller(client, key) for name, key in self._keys.items()}
        staff, one = callers["staff"], self._random.choice(sorted(self._sites.values()))
        kind = self._random.choice(("sync", "sync", "sync", "privacy", "merge", "unmerge", "state", "number"))
        try:
            if kind == "sync":
                key = f"worker-{self._number}-{number}"
                callers["ics"]("POST", SYNCS, {"items": self._rows(number)}, Idempotency_Key=key)
            elif kind == "privacy":
                audience = self._random.choice(("public", "network", "private"))
                staff("PUT", f"/internal/v1/factories/{one}/privacy", {"city": audience})
            elif kind == "merge":
                into = self._random.choice(sorted(self._sites.values()))
                staff("POST", f"/internal/v1/factories/{one}/merge", {"into": into, "reason": "Twins"})
            elif kind == "unmerge":
                staff("POST", f"/internal/v1/factories/{one}/unmerge", {"reason": "No twins"})
            elif kind == "state":
                body = {"standing": self._random.choice(("active", "suspended")), "reason": f"By {self._number}"}
                callers["certifier"]("POST", f"/internal/v1/certificates/{self._code}/standing", body)
            else:
                sequencer.run(1.0)
        except DomainError:
            pass  # too many were at it

    def _rows(self, number: int) -> list[dict[str, Any]]:
        sites = self._random.sample(["S-0", "S-1", "S-2", "S-9"], 2)
        reference = f"A-{self._number}-{number}"
        return [audit_item(site, self._random.randint(1, 9), audit_reference=reference) for site in sites]


def killed(tables: Tables, world: World, seed: int, many: int = PROCESSES) -> int:
    """A round: sixteen processes at once, most of them killed before some commit of theirs. Says how many were."""
    rng = random.Random(seed)
    sites = {f"S-{number}": world.a_factory(f"S-{number}") for number in range(3)}
    held = world.certifier.get("/internal/v1/certificates").json["results"]
    code = held[0]["code"] if held else world.a_certificate(sites["S-0"])
    keys = {name: getattr(world, name).key for name in ("staff", "ics", "certifier")}
    ends = {number: rng.randint(1, OPERATIONS) for number in range(many) if rng.random() < 0.8}
    ours, theirs = os.pipe()
    processes = []
    for number in range(many):
        worker = Worker(number, seed + number, keys, sites, code)
        operations = UNTIL_KILLED if number in ends else OPERATIONS
        process = FORK.Process(target=worker.work, args=(tables, theirs, operations), daemon=True)
        process.start()
        processes.append(process)
    os.close(theirs)
    sent = Counter[int]()
    while told := os.read(ours, 1):
        number = told[0]
        sent[number] += 1
        if sent[number] == ends.get(number):
            pid = processes[number].pid
            assert pid is not None
            with suppress(ProcessLookupError):  # it was done already
                os.kill(pid, signal.SIGKILL)
    os.close(ours)
    for process in processes:
        process.join(60)
    return sum(process.exitcode == -signal.SIGKILL for process in processes)


def looked(tables: Tables, folder: Path, *, repair: bool = False) -> Found:
    """What the checker finds."""
    path = folder / "check.sqlite"
    return report.walked(tables.client, tables.registry, tables.public, path, repair=repair)


def counted(tables: Tables) -> tuple[Counter[str], Counter[str]]:
    """By outcome, how many rows of batches say that they changed something, and how many events tell of it."""
    rows, events = Counter[str](), Counter[str]()
    for item in tables.scan(tables.registry):
        if item["pk"]["S"].startswith("EVENTS#"):
            action = json.loads(item["body"]["S"])["action"]
            events.update([action] if action.startswith("audit_") else [])
        elif item["sk"]["S"].startswith("ROW#"):
            rows[f"audit_{json.loads(item['body']['S'])['result']['outcome']}"] += 1
    return rows, events


def judge(tally: Tally, tables: Tables, folder: Path) -> None:
    """Look at both promises, after a round. The first that is broken is raised, when both were looked at."""
    rows, events = counted(tables)
    found = looked(tables, folder)
    whole = any(row.checked for row in found.rows) and not left_wrong(found)
    broken: Broken | None = None
    for name, holds, told in ((WHOLE, whole, found.text), (COUNTED, rows and rows == events, f"{rows} and {events}")):
        try:
            tally.must(name, holds, told)
        except Broken as error:
            broken = broken or error
    if broken is not None:
        raise broken


def run(engine: Engine, *, seconds: float) -> list[Row]:
    """Rounds for so long: statement, tried, held."""
    end, rounds, ended, tally = time.monotonic() + seconds, 0, 0, Tally(ALL)
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        while rounds == 0 or time.monotonic() < end:
            for tables in fresh_tables(engine):
                for world in World.begun(tables, patch):
                    ended += killed(tables, world, random.SystemRandom().randrange(2**32))
                try:
                    judge(tally, tables, Path(folder))
                except Broken as error:
                    print(error)
            rounds += 1
    least = round(rounds * PROCESSES * LEAST_KILLED)
    return [*tally.rows(), (KILLED, least, min(least, ended))]
