"""Processes on the same records, killed with SIGKILL: a batch sent again after it, and sixteen at once. MiniStack."""

from __future__ import annotations

import itertools
import os
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chalice.test import Client

import app
from chalicelib.internal import certificates as certificate_routes
from chalicelib.store import both_tables
from chalicelib.store.registry import audits, factories, history, sequencer
from chalicelib.store.registry.commit import Commit
from tests.safety import books, crash
from tests.safety.invariants import Broken, Tally
from tests.safety.play import SYNCS, left_wrong
from tests.safety.test_planted import doubled_event
from tests.stack import Tables
from tests.world import Caller, World, audit_item

ROUNDS = 3
FEW, AT_MOST = 3, 12
"""Processes of a round with a planted fault, and rounds until it is caught: what a process is killed in is chance."""
Patch = pytest.MonkeyPatch


@pytest.mark.safety("faults.killed")
def test_of_16_processes_killed_in_the_middle_nothing_half_done_is_left(
    ministack: Tables, monkeypatch: Patch, tmp_path: Path
) -> None:
    for world in World.begun(ministack, monkeypatch):
        rounds = [crash.killed(ministack, world, seed) for seed in range(ROUNDS)]
        assert sum(each.killed for each in rounds) >= ROUNDS * crash.PROCESSES * crash.LEAST_KILLED
        tally = Tally(crash.ALL)
        crash.judge(tally, ministack, tmp_path, rounds)
        done = {reply.kind for each in rounds for reply in each.replies if reply.status == 200}
        assert done == set(crash.KINDS) - {"number"}
        assert tally.rows() == [(name, 1, 1) for name in crash.ALL]
        found = crash.looked(ministack, tmp_path, repair=True)
        assert left_wrong(found) == []
        assert next(row.checked for row in found.rows if row.kind == "histories") > 100
        assert found.whole
        assert crash.looked(ministack, tmp_path).told == ()


@pytest.mark.safety("faults.killed")
@pytest.mark.parametrize("before", [True, False], ids=["before its third commit", "after its third commit"])
def test_a_batch_whose_process_is_killed_is_answered_item_by_item_when_it_is_sent_again(
    ministack: Tables, monkeypatch: Patch, before: bool
) -> None:
    for world in World.begun(ministack, monkeypatch):
        items = [audit_item(f"S-{number}") for number in range(5)] + [audit_item("S-0", 2)]
        process = crash.FORK.Process(target=_dies, args=(ministack, world.ics.key, items, before))
        process.start()
        process.join(60)
        assert process.exitcode == -signal.SIGKILL
        stayed = _applied(ministack)
        assert len(stayed) == (2 if before else 3)
        results = world.push(*items, key="night").ok().json["results"]
        assert [row["outcome"] for row in results] == ["created"] * 5 + ["updated"]
        after = _applied(ministack)
        assert {site: after[site] for site in stayed} == stayed
        assert {row["factory_id"] for row in results} == set(after.values())
        for number in range(5):
            told = history.of(f"FACTORY#{after[f'S-{number}']}")
            assert [event["action"] for event in told] == ["audit_created", "audit_updated"][: 2 if number == 0 else 1]


def _dies(tables: Tables, key: str, items: list[Any], before: bool) -> None:
    """Send a batch, and be killed at the third commit: before it, or when it is done and nobody was told."""
    crash.reach(tables)
    send, numbers = Commit._send, itertools.count(1)

    def fatal(commit: Commit) -> None:
        last = next(numbers) == 3
        if not (last and before):
            send(commit)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)

    Commit._send = fatal  # type: ignore[method-assign]
    with Client(app.app) as client:
        Caller(client, key)("POST", SYNCS, {"items": items}, Idempotency_Key="night")


def _applied(tables: Tables) -> dict[str, str]:
    """The sites on record, with their Factory IDs."""
    found = tables.bodies(tables.registry, "SITE#")
    named = [pk for pk, _ in sorted(tables.keys(tables.registry)) if pk.startswith("SITE#")]
    return {pk.removeprefix("SITE#"): each["factory_id"] for pk, each in zip(named, found, strict=True)}


def half_written(patch: Patch) -> None:
    """A commit in two transactions: a process that is killed is killed between the two."""
    parent = os.getpid()

    def halves(commit: Commit) -> None:
        actions = commit._actions()
        middle = len(actions) // 2
        both_tables.transact(actions[:middle] or actions, f"{commit._write_id[:30]}-1")
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        if middle:
            both_tables.transact(actions[middle:], f"{commit._write_id[:30]}-2")

    patch.setattr(Commit, "_send", halves)


def unpublished(patch: Patch) -> None:
    publish = factories._publish

    def only_new(transaction: Any, held: Any, *rest: Any, **more: Any) -> None:
        if held is None:
            publish(transaction, held, *rest, **more)

    patch.setattr(factories, "_publish", only_new)


def told_as(*actions: str, times: int) -> Callable[[Patch], None]:
    """Whose process tells of some actions so many times."""

    def plant(patch: Patch) -> None:
        append = factories._append

        def again(transaction: Any, root: Any, record: str, heads: Any, happenings: Any, *rest: Any) -> None:
            told = [one for one in happenings for _ in range(times if one.action in actions else 1)]
            append(transaction, root, record, heads, told, *rest)

        patch.setattr(factories, "_append", again)

    return plant


def lost_event(patch: Patch) -> None:
    """Whose process is killed leaves a row that was answered, and no event."""
    remembered = audits._change

    def untold(*given: Any) -> Any:
        return replace(remembered(*given), happenings=())

    patch.setattr(audits, "_change", untold)


def one_for_another(patch: Patch) -> None:
    """An event that is lost on one record, and one that is doubled on another: as many as there ought to be."""
    append, owed = factories._append, list[bool]()

    def moved(transaction: Any, root: Any, record: str, heads: Any, happenings: Any, *rest: Any) -> None:
        told = [*happenings, *happenings] if owed else []
        if happenings:
            owed[:] = [] if owed else [True]
        append(transaction, root, record, heads, told, *rest)

    patch.setattr(factories, "_append", moved)


def answered_before(patch: Patch) -> None:
    """Answers that come before their commits; and then the commits do not."""
    parent, send = os.getpid(), Commit._send
    patch.setattr(Commit, "_send", lambda commit: send(commit) if os.getpid() == parent else None)


def untranslated(patch: Patch) -> None:
    parent, body = os.getpid(), certificate_routes._body

    def fails(found: Any) -> Any:
        return body(found) if os.getpid() == parent else body(None)

    patch.setattr(certificate_routes, "_body", fails)


def dying(patch: Patch) -> None:
    def fails(*_given: Any) -> Any:
        raise KeyError("number")

    patch.setattr(sequencer, "run", fails)


PLANTED = {
    "a commit in two halves": (half_written, crash.WHOLE),
    "a page that is not written with its record": (unpublished, crash.WHOLE),
    "an event that is doubled": (doubled_event, crash.COUNTED),
    "a merge that is told of twice": (told_as("merged", times=2), crash.COUNTED),
    "a change of standing or privacy that is told of twice": (told_as("standing", "privacy", times=2), crash.COUNTED),
    "an event that is left out": (lost_event, crash.COUNTED),
    "an event that is lost here and doubled there": (one_for_another, crash.COUNTED),
    "an answer before its commit": (answered_before, crash.KEPT),
    "an error that nobody translates": (untranslated, crash.ANSWERS),
    "a process that dies by itself": (dying, crash.ENDS),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_caught_by_the_name_of_what_it_breaks(
    ministack: Tables, monkeypatch: Patch, tmp_path: Path, fault: str
) -> None:
    plant, name = PLANTED[fault]
    for world in World.begun(ministack, monkeypatch):
        plant(monkeypatch)
        tally = Tally(crash.ALL)
        with pytest.raises(Broken, match=f"^{name}: "):
            _judged_in_rounds(tally, ministack, world, tmp_path)
        assert set(tally.tried) == set(crash.ALL)


def _judged_in_rounds(tally: Tally, tables: Tables, world: World, folder: Path) -> None:
    rounds = list[crash.Round]()
    for seed in range(AT_MOST):
        rounds.append(crash.killed(tables, world, seed, FEW))
        crash.judge(tally, tables, folder, rounds)


def test_a_fault_is_planted_for_every_promise() -> None:
    assert {name for _, name in PLANTED.values()} == set(crash.ALL)


def test_books_name_each_record_and_batch_that_does_not_add_up() -> None:
    told = books.Books(changes=Counter({"FACTORY#A": 3, "CERTIFICATE#C": 1}), within={"FACTORY#A": {"CERTIFICATE#C"}})
    told.events.update({"FACTORY#A": 2, "CERTIFICATE#C": 1})
    told.rows["batch", "audit_created"] = told.audits["batch", "audit_created"] = 1
    assert list(told.doubtful()) == []
    told.rows["batch", "audit_created"] += 1
    told.events["FACTORY#A"] += 1
    told.events["FACTORY#B"] += 1
    told.told["FACTORY#A", "merged", "7-1-2"] = 2
    assert list(told.doubtful()) == [
        "batch batch: 2 rows and 1 events are audit_created",
        "FACTORY#A: 3 changes and 4 events",
        "FACTORY#B: 0 changes and 1 events",
        "FACTORY#A: merged 7-1-2 is told 2 times",
    ]


@pytest.mark.parametrize(
    ("status", "done", "true"),
    [(200, ["merged"], True), (200, None, True), (200, ["standing"], False), (409, [], False), (503, None, True)],
)
def test_an_answer_that_no_event_bears_out_is_named(status: int, done: list[str] | None, true: bool) -> None:
    told = books.Books(told=Counter({("FACTORY#A", "merged", "7-1-2"): 1}))
    assert (list(told.broken_words([books.Reply(1, "merge", status, "7-1-2", done)])) == []) is true
