"""The log of changes while many write at once and a sequencer is killed: no gap, no double, nothing lost. MiniStack."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from chalicelib import clock, settings
from chalicelib.domain import log, merkle
from chalicelib.domain.certificate import Standing
from chalicelib.domain.log import Entry
from chalicelib.domain.word import Word
from chalicelib.store import log_reader, public_table
from chalicelib.store.registry import certificates, changelog, checkpoints, sequencer
from chalicelib.store.registry.commit import Commit
from tests.stack import Tables
from tests.test_concurrency import ACTOR, MANY, at_once, particulars, row, sent

ROOT = Path(__file__).resolve().parent.parent
CHANGES = 3
TOLD = """
import sys
from chalicelib.store.registry import commit, sequencer

send = commit.Commit._send

def told(self):
    print("sending", flush=True)
    send(self)

commit.Commit._send = told
sequencer.AT_ONCE = 3
while True:
    sequencer.run()
"""


def some_certificates() -> list[str]:
    """One at each of sixteen factories."""
    made = sent([row(f"S-{number}", 1, "A", 1, number) for number in range(MANY)], "make")
    return [
        certificates.register(result.factory_id or "", particulars(f"CU {number}"), ACTOR)[0].code
        for number, result in enumerate(made)
    ]


def changed(code: str) -> None:
    for number in range(CHANGES):
        standing = Standing.ACTIVE if number % 2 else Standing.SUSPENDED
        said = Word(standing, "Because", date(2026, 2, 2), clock.today())
        certificates.change_standing(code, said, "sureseal", ACTOR)


def killed(tables: Tables, after: int) -> None:
    """A sequencer of its own, killed while it sends its so-manieth transaction."""
    chosen = settings.load()
    environment = {
        **os.environ,
        "REGISTRY_TABLE": tables.registry,
        "PUBLIC_TABLE": tables.public,
        "DYNAMODB_ENDPOINT": str(tables.client.meta.endpoint_url),
        "AWS_REGION": chosen.region,
    }
    with subprocess.Popen(
        [sys.executable, "-c", TOLD], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for _ in range(after):
            assert process.stdout.readline() == "sending\n"
        process.kill()


def assert_whole(codes: list[str]) -> list[Entry]:
    entries = log_reader.entries(0, 1000)
    assert [each.number for each in entries] == list(range(len(codes) * (1 + CHANGES)))
    assert Counter((each.code, each.line) for each in entries) == {
        (code, line): 1 for code in codes for line in range(1, CHANGES + 2)
    }
    previous, lines = log.GENESIS, Counter[str]()
    for each in entries:
        lines[each.code] += 1
        assert (each.previous, each.line) == (previous, lines[each.code])
        previous = log.chain_hash(each)
    made = checkpoints.make()
    assert (made.size, made.head) == (len(entries), previous)
    assert made.root == merkle.root([log.leaf(each) for each in entries]).hex()
    for code in codes:
        assert log_reader.of_certificate(code) == [each for each in entries if each.code == code]
    assert changelog.waiting() == []
    return entries


@pytest.mark.usefixtures("ministack")
def test_of_16_writers_and_three_sequencers_at_once_nothing_is_lost_or_numbered_twice() -> None:
    codes = some_certificates()
    writers = [lambda code=code: changed(code) for code in codes]
    at_once([*writers, sequencer.run, sequencer.run, sequencer.run])
    sequencer.run()
    entries = assert_whole(codes)
    assert all(each.event for each in entries)


def test_a_sequencer_that_is_killed_in_the_middle_leaves_no_gap_and_nothing_double(ministack: Tables) -> None:
    codes = some_certificates()
    for code in codes:
        changed(code)
    for after in (1, 2, 4):
        killed(ministack, after)
        known = [public_table.body(each) for each in public_table.query("LOG_ENTRIES#00000000", limit=1000)]
        assert [each["number"] for each in known] == list(range(len(known)))
        assert log_reader.extent().size == len(known)
    assert 0 < len(known) < len(codes) * (1 + CHANGES)
    sequencer.run()
    assert_whole(codes)


def test_a_transaction_whose_reply_was_lost_is_recognised_and_nothing_is_numbered_twice(
    ministack: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_certificates()
    send, lost = Commit._send, list[Commit]()

    def twice(self: Commit) -> None:
        send(self)
        if not lost:
            lost.append(self)
            kept, self._write_id = self._write_id, "another token, as after the ten minutes of DynamoDB's own"[:36]
            try:
                send(self)
            finally:
                self._write_id = kept

    monkeypatch.setattr(Commit, "_send", twice)
    assert sequencer.run() == MANY
    assert lost
    assert [each.number for each in log_reader.entries(0, 1000)] == list(range(MANY))
    assert ministack.bodies(ministack.registry, "LOG#")[0]["size"] == MANY
