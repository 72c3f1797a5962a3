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
from tests.safety.play import SYNCS, left_wrong
from tests.stack import Tables, fresh_tables
from tests.world import Caller, World, audit_item

PROCESSES = 16
OPERATIONS = 12
_FORK = multiprocessing.get_context("fork")
WHOLE = "after kill -9 in the middle both tables are whole"
COUNTED = "after kill -9 in the middle no event is lost or doubled"


class Worker:
    """What each process does: requests of all kinds to the same few records, drawn from a seed."""

    def __init__(self, number: int, seed: int, keys: dict[str, str], sites: dict[str, str], code: str) -> None:
        self._number, self._random = number, random.Random(seed)
        self._keys, self._sites, self._code = keys, sites, code

    def work(self, tables: Tables, pipe: int) -> None:
        """Tell before each commit that it comes, so that one may be killed in the middle of it."""
        chosen = replace(settings.load(), registry_table=tables.registry, public_table=tables.public)
        models.connect(replace(chosen, dynamodb_endpoint=str(tables.client.meta.endpoint_url)))
        send = Commit._send

        def told(commit: Commit) -> None:
            os.write(pipe, bytes([self._number]))
            send(commit)

        Commit._send = told  # type: ignore[method-assign,assignment]
        with Client(app.app) as client:
            for number in range(OPERATIONS):
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


def killed(tables: Tables, world: World, seed: int) -> int:
    """A round: sixteen processes at once, most of them killed before some commit of theirs. Says how many were."""
    rng = random.Random(seed)
    sites = {f"S-{number}": world.a_factory(f"S-{number}") for number in range(3)}
    held = world.certifier.get("/internal/v1/certificates").json["results"]
    code = held[0]["code"] if held else world.a_certificate(sites["S-0"])
    keys = {name: getattr(world, name).key for name in ("staff", "ics", "certifier")}
    ours, theirs = os.pipe()
    processes = []
    for number in range(PROCESSES):
        worker = Worker(number, seed + number, keys, sites, code)
        process = _FORK.Process(target=worker.work, args=(tables, theirs), daemon=True)
        process.start()
        processes.append(process)
    os.close(theirs)
    ends = {number: rng.randint(1, OPERATIONS) for number in range(PROCESSES) if rng.random() < 0.8}
    sent, ended = Counter[int](), 0
    while told := os.read(ours, 1):
        number = told[0]
        sent[number] += 1
        if sent[number] == ends.get(number):
            pid = processes[number].pid
            assert pid is not None
            with suppress(ProcessLookupError):  # it was done already
                os.kill(pid, signal.SIGKILL)
                ended += 1
    os.close(ours)
    for process in processes:
        process.join(60)
    return ended


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


def run(engine: Engine, *, seconds: float) -> list[tuple[str, int, int]]:
    """Rounds for so long: statement, tried, held."""
    end, rounds, whole, exact = time.monotonic() + seconds, 0, 0, 0
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        while rounds == 0 or time.monotonic() < end:
            for tables in fresh_tables(engine):
                for world in World.begun(tables, patch):
                    killed(tables, world, random.SystemRandom().randrange(2**32))
                rows, events = counted(tables)
                wrong = left_wrong(looked(tables, Path(folder)))
            if wrong:
                print("\n".join(wrong))
            rounds, whole, exact = rounds + 1, whole + (not wrong), exact + (rows == events)
    return [(WHOLE, rounds, whole), (COUNTED, rounds, exact)]
