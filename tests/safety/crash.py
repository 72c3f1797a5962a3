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
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from chalice.test import Client

import app
from chalicelib import settings
from chalicelib.domain.errors import DomainError
from chalicelib.store import keys, models
from chalicelib.store.registry import lookup, sequencer
from chalicelib.store.registry.commit import Commit
from infra.check import report
from infra.check.report import Found
from infra.engine import Engine
from tests.safety import books
from tests.safety.books import Reply
from tests.safety.invariants import Broken, Tally
from tests.safety.lines import Row
from tests.safety.play import SYNCS, left_wrong
from tests.stack import Tables, fresh_tables
from tests.world import Answer, Caller, World, audit_item

PROCESSES = 16
OPERATIONS, UNTIL_KILLED = 12, 240
"""What a process does; what one does that is to be killed, unless it is killed before."""
FORK = multiprocessing.get_context("fork")
WHOLE = "after kill -9 in the middle both tables are whole"
COUNTED = "after kill -9 in the middle no event is lost or doubled"
KEPT = "after kill -9 in the middle what was answered as done is on record, and what was refused is not"
ANSWERS = "around kill -9 no answer is a crash, or a refusal of what was right"
ENDS = "who was not killed comes to an end"
ALL = (WHOLE, COUNTED, KEPT, ANSWERS, ENDS)
KILLED = "of the processes of a round half were killed at the least"
LEAST_KILLED = 1 / 2
"""Four in five are to be."""
_FEW = 5  # of what is wrong, in a message
KINDS = ("sync", "sync", "sync", "privacy", "merge", "unmerge", "state", "number")


def reach(tables: Tables) -> None:
    """In a process of its own: ways of its own to the tables."""
    chosen = replace(settings.load(), registry_table=tables.registry, public_table=tables.public)
    models.connect(replace(chosen, dynamodb_endpoint=str(tables.client.meta.endpoint_url)))


@dataclass
class Worker:
    """What each process does: requests of all kinds to the same few records, drawn from the seed of its round."""

    number: int
    seed: int
    keys: dict[str, str]
    sites: list[str]
    code: str

    def work(self, tables: Tables, pipe: int, operations: int) -> None:
        """Tell before each commit that it comes, so that one may be killed in the middle of it; and each answer."""
        reach(tables)
        send = Commit._send

        def told(commit: Commit) -> None:
            _tell(pipe, self.number)
            send(commit)

        Commit._send = told  # type: ignore[method-assign,assignment]
        draw = random.Random(f"{self.seed}-{self.number}")
        with Client(app.app) as client:
            callers = {name: Caller(client, key) for name, key in self.keys.items()}
            for operation in range(operations):
                kind, name = draw.choice(KINDS), f"{self.seed}-{self.number}-{operation}"
                if kind == "number":
                    with suppress(DomainError):  # too many were at it
                        sequencer.run(1.0)
                    continue
                answer, done = self._asked(callers, draw, kind, name)
                _tell(pipe, self.number, kind, answer.status, name, [] if 400 <= answer.status < 500 else done)

    def _asked(
        self, callers: dict[str, Caller], draw: random.Random, kind: str, name: str
    ) -> tuple[Answer, list[str] | None]:
        """One request, and what must have been done by its answer, if that can be said."""
        path = f"/internal/v1/factories/{draw.choice(self.sites)}"
        if kind == "sync":
            sites = draw.sample(["S-0", "S-1", "S-2", "S-9"], 2)
            rows = [audit_item(site, draw.randint(1, 9), audit_reference=name) for site in sites]
            answer = callers["ics"]("POST", SYNCS, {"items": rows}, Idempotency_Key=name)
            results = [row["outcome"] for row in answer.json["results"]] if answer.status == 200 else None
            return answer, results and [f"audit_{each}" for each in results if each in ("created", "updated")]
        if kind == "privacy":
            wanted = {"city": draw.choice(("public", "network", "private"))}
            return callers["staff"]("PUT", f"{path}/privacy", wanted), None
        if kind == "state":
            standing = draw.choice(("active", "suspended"))
            body = {"standing": standing, "reason": name}
            answer = callers["certifier"]("POST", f"/internal/v1/certificates/{self.code}/standing", body)
            return answer, ["standing"] if answer.status == 200 and standing == "suspended" else None
        into = {"into": draw.choice(self.sites)} if kind == "merge" else {}
        return callers["staff"]("POST", f"{path}/{kind}", {**into, "reason": name}), None


def _tell(pipe: int, *said: object) -> None:
    """A line, of which the reader gets all or nothing: it is shorter than what a pipe takes at once."""
    os.write(pipe, f"{json.dumps(said)}\n".encode())


@dataclass
class Round:
    """What came of a round: what its processes were told, which of them were struck, and how each ended."""

    replies: list[Reply] = field(default_factory=list)
    struck: set[int] = field(default_factory=set)
    codes: dict[int, int | None] = field(default_factory=dict)

    @property
    def killed(self) -> int:
        """How many were killed before they were done."""
        return sum(code == -signal.SIGKILL for code in self.codes.values())

    def astray(self) -> list[str]:
        """Which ended as none may: 0, or killed by us."""
        odd = {each for each in self.codes.items() if each[1] != 0} - {(each, -signal.SIGKILL) for each in self.struck}
        return [f"process {number} ended with {code}" for number, code in sorted(odd, key=str)]


def killed(tables: Tables, world: World, seed: int, many: int = PROCESSES) -> Round:
    """A round: sixteen processes at once, most of them killed before some commit of theirs."""
    rng = random.Random(seed)
    sites = [_site(world, f"S-{number}", f"{seed}-{number}") for number in range(3)]
    held = world.certifier.get("/internal/v1/certificates").json["results"]
    code = held[0]["code"] if held else world.a_certificate(sites[0])
    secrets = {name: getattr(world, name).key for name in ("staff", "ics", "certifier")}
    ends = {number: rng.randint(1, OPERATIONS) for number in range(many) if rng.random() < 0.8}
    ours, theirs = os.pipe()
    processes = []
    for number in range(many):
        worker = Worker(number, seed, secrets, sites, code)
        operations = UNTIL_KILLED if number in ends else OPERATIONS
        process = FORK.Process(target=worker.work, args=(tables, theirs, operations), daemon=True)
        process.start()
        processes.append(process)
    os.close(theirs)
    found = _watched(ours, ends, [process.pid or 0 for process in processes])
    for number, process in enumerate(processes):
        process.join(60)
        found.codes[number] = process.exitcode
    return found


def _site(world: World, site: str, name: str) -> str:
    """A site on record, by an audit of its own: its Factory ID, wherever it may lead."""
    world.push(audit_item(site, audit_reference=name), key=name).ok()
    held = lookup.item(keys.site(site))
    assert held is not None
    return str(held.body["factory_id"])


def _watched(pipe: int, ends: dict[int, int], pids: list[int]) -> Round:
    """Hear what the processes say, and kill each that is about to commit for the last time."""
    found, sent = Round(), Counter[int]()
    with os.fdopen(pipe, encoding="utf-8") as lines:
        for line in lines:
            number, *said = json.loads(line)
            if said:
                found.replies.append(Reply(number, *said))
                continue
            sent[number] += 1
            if sent[number] == ends.get(number):
                found.struck.add(number)
                with suppress(ProcessLookupError):  # it was done already
                    os.kill(pids[number], signal.SIGKILL)
    return found


def looked(tables: Tables, folder: Path, *, repair: bool = False) -> Found:
    """What the checker finds."""
    path = folder / "check.sqlite"
    return report.walked(tables.client, tables.registry, tables.public, path, repair=repair)


def judge(tally: Tally, tables: Tables, folder: Path, rounds: Sequence[Round]) -> None:
    """Look at every promise, after some rounds. The first that is broken is raised, when all were looked at."""
    replies = [reply for each in rounds for reply in each.replies]
    held, found = books.read(tables), looked(tables, folder)
    doubtful, broken_words = list(held.doubtful()), list(held.broken_words(replies))
    odd = [str(each) for each in replies if each.status not in books.EXPECTED]
    astray = [sentence for each in rounds for sentence in each.astray()]
    whole = any(row.checked for row in found.rows) and not left_wrong(found)
    promises = (
        (WHOLE, whole, found.text),
        (COUNTED, held.rows and not doubtful, *doubtful[:_FEW]),
        (KEPT, any(each.done for each in replies) and not broken_words, *broken_words[:_FEW]),
        (ANSWERS, replies and not odd, *odd[:_FEW]),
        (ENDS, not astray, *astray[:_FEW]),
    )
    broken: Broken | None = None
    for name, holds, *told in promises:
        try:
            tally.must(name, holds, *told)
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
                    done = killed(tables, world, random.SystemRandom().randrange(2**32))
                    ended += done.killed
                try:
                    judge(tally, tables, Path(folder), [done])
                except Broken as error:
                    print(error)
            rounds += 1
    least = round(rounds * PROCESSES * LEAST_KILLED)
    return [*tally.rows(), (KILLED, least, min(least, ended))]
