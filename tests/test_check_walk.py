"""A walk goes on over the tables that it was begun on, and says in one line why it cannot."""

from __future__ import annotations

import sqlite3
from argparse import Namespace
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from chalicelib.domain import hash_tiles
from chalicelib.domain.errors import Unavailable
from chalicelib.store.registry import checkpoints, sequencer
from chalicelib.store.registry.commit import Commit
from chalicelib.store.wire import Refused
from infra import operating, tables
from infra.check import __main__ as command
from infra.check import ground, log_walk, report
from infra.check.report import Found
from infra.check.state import MOST_AGE, OtherWalk, State
from infra.check.walk import Walk
from tests.stack import Tables
from tests.world import World

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE = {"registry": "arn:1 id-1", "endpoint": "https://dynamodb.example", "signing key": ""}


def begun(path: Path, now: datetime = NOON, **changed: str) -> str:
    """Open the file of a walk and begin, as a command does that is then stopped."""
    state = State(path)
    try:
        return state.begin({**HERE, **changed}, now)
    finally:
        state.close(forget=False)


def test_a_walk_goes_on_within_some_hours_and_says_when_it_began(tmp_path: Path) -> None:
    path = tmp_path / "walk.sqlite"
    assert begun(path) == "2026-03-01T12:00:00Z"
    assert begun(path, NOON + MOST_AGE) == "2026-03-01T12:00:00Z"
    for moment in (NOON + MOST_AGE + timedelta(seconds=1), NOON - timedelta(seconds=1)):
        with pytest.raises(OtherWalk, match=r"2026-03-01T12:00:00Z, too long ago .* --afresh"):
            begun(path, moment)


@pytest.mark.parametrize("name", HERE)
def test_a_walk_over_something_else_is_refused_by_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / "walk.sqlite"
    begun(path)
    with pytest.raises(OtherWalk, match=rf"another {name}: .*, not others\. .* --afresh"):
        begun(path, **{name: "others"})


def test_a_walk_of_an_earlier_release_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "walk.sqlite"
    state = State(path)
    state.reached("registry", None, 7)
    state.close(forget=False)
    with pytest.raises(OtherWalk, match="earlier release"):
        begun(path)


def _interrupted(_walk: Walk) -> None:
    raise KeyboardInterrupt


def test_tables_that_were_dropped_and_made_anew_are_others(moto: Tables) -> None:
    before = ground.of(moto.client, moto.registry, moto.public)
    assert ground.of(moto.client, moto.registry, moto.public) == before
    moto.client.delete_table(TableName=moto.public)
    moto.client.delete_table(TableName=moto.registry)
    tables.create_tables(moto.client)
    after = ground.of(moto.client, moto.registry, moto.public)
    assert {name for name in before if before[name] != after[name]} == {"registry", "public table"}


def test_an_event_that_goes_while_a_walk_waits_over_night_is_found(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was seen before the stop is not told as if it were so: the walk has to begin anew."""
    both = world.tables.registry, world.tables.public
    with monkeypatch.context() as patch:
        patch.setattr(Walk, "_records", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            report.walked(world.tables.client, *both, tmp_path / "walk.sqlite")
    db = sqlite3.connect(tmp_path / "walk.sqlite")
    db.execute("UPDATE walk SET began = '2026-01-01T00:00:00Z'")
    db.commit()
    db.close()
    with pytest.raises(OtherWalk, match="too long ago"):
        report.walked(world.tables.client, *both, tmp_path / "walk.sqlite")


def test_the_command_refuses_another_walk_in_one_line_until_it_is_told_to_begin_afresh(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert world
    monkeypatch.chdir(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Walk, "_records", _interrupted)
        assert command.main([]) == 3
    assert capsys.readouterr().err.splitlines()[-1].startswith("Stopped: interrupted. Run the same command again")
    monkeypatch.setenv("BASE_URL", "https://elsewhere.example")
    assert command.main([]) == 3
    said = capsys.readouterr().err
    assert "another address: http://127.0.0.1:8000, not https://elsewhere.example. Begin anew with --afresh" in said
    assert "Traceback" not in said
    assert command.main(["--afresh"]) == command.WHOLE
    told = capsys.readouterr().out
    assert "\nBegan at 2" in f"\n{told}"


@pytest.mark.parametrize("page", [2, 3])
def test_each_tile_of_a_log_that_has_many_is_found_and_made_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    """Tiles of two hashes instead of 256, read in stretches of two and three entries, stopped after each stretch."""
    monkeypatch.setattr(hash_tiles, "HEIGHT", 1)
    monkeypatch.setattr(hash_tiles, "WIDTH", 2)
    monkeypatch.setattr(log_walk, "_PAGE", page)
    factory_id = world.a_factory()
    for number in range(7):
        world.a_certificate(factory_id, number=f"CU-{number}")
    sequencer.run()
    checkpoints.make()
    kept = world.tables.scan(world.tables.public)
    tiles = [item for item in kept if item["pk"]["S"].startswith("LOG_HASHES#")]
    assert len(tiles) == 4 + 2 + 1
    path = tmp_path / "walk.sqlite"
    assert _stretch_by_stretch(world, path, repair=False).told == ()
    for tile in tiles:
        key = {name: tile[name] for name in ("pk", "sk")}
        world.tables.client.delete_item(TableName=world.tables.public, Key=key)
    told = _stretch_by_stretch(world, path, repair=True).told
    assert {each.name for each in told} == {f"{tile['pk']['S']} {tile['sk']['S']}" for tile in tiles}
    assert {each.ending for each in told} == {"Repaired."}
    assert world.tables.scan(world.tables.public) == kept


def _stretch_by_stretch(world: World, path: Path, *, repair: bool) -> Found:
    """A walk that is stopped after each stretch of the log, and goes on."""
    reached, both = State.reached, (world.tables.registry, world.tables.public)

    def stops(state: State, phase: str, cursor: Any, done: int) -> None:
        reached(state, phase, cursor, done)
        if phase == "log" and cursor:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(State, "reached", stops)
        while True:
            with suppress(KeyboardInterrupt):
                return report.walked(world.tables.client, *both, path, repair=repair)


class Engine:
    """DynamoDB as it answers when something is the matter with it."""

    def __init__(self, client: Any, error: Exception) -> None:
        self._client, self._error = client, error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def scan(self, **_asked: Any) -> Any:
        raise self._error


def _answer(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "Two\nlines."}}, "Scan")


FAILURES = {
    "throttled": (_answer("ProvisionedThroughputExceededException"), "wait some minutes"),
    "denied": (_answer("AccessDeniedException"), "docs/check.md"),
    "gone": (_answer("ResourceNotFoundException"), "look at --name"),
    "signed out": (_answer("ExpiredTokenException"), "sign in anew"),
    "without credentials": (NoCredentialsError(), "AWS_PROFILE"),
    "out of reach": (EndpointConnectionError(endpoint_url="http://127.0.0.1:9"), "Run the same command again"),
    "unforeseen": (_answer("InternalServerError"), "Run the same command again"),
    "read": (Unavailable("The registry could not be reached just now."), "Run the same command again"),
    "its file": (sqlite3.OperationalError("database is locked"), "--state"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_whatever_stops_a_walk_is_one_line_that_says_what_to_do(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], failure: str
) -> None:
    error, advice = FAILURES[failure]
    monkeypatch.chdir(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(command.boto3, "client", lambda *_args, **_named: Engine(world.tables.client, error))
        assert command.main([]) == operating.STOPPED == 3
    [line] = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Stopped: ")]
    assert advice in line
    assert line.endswith(".")
    assert command.main([]) == command.WHOLE, "the same command goes on"


def test_a_table_that_is_not_there_stops_the_walk_and_leaves_no_trace_of_one(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert world
    monkeypatch.chdir(tmp_path)
    for name in ("REGISTRY_TABLE", "PUBLIC_TABLE"):
        monkeypatch.setenv(name, "as before")
    assert command.main(["--name", "nowhere"]) == 3
    [line] = capsys.readouterr().err.strip().splitlines()
    assert "ResourceNotFoundException" in line
    assert "look at --name" in line


def test_a_repair_without_the_right_to_write_stops_at_once(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for facet in ("country#ZZ", "country#YY"):
        item = {"pk": {"S": "FACETS"}, "sk": {"S": facet}, "body": {"S": "{}"}}
        world.tables.client.put_item(TableName=world.tables.public, Item=item)
    tried = []

    def denied(_commit: Commit) -> None:
        tried.append(1)
        raise Refused(400, {"__type": "com.amazon.coral.service#AccessDeniedException"})

    monkeypatch.setattr(Commit, "_send", denied)
    assert command.main(["--repair"]) == 3
    [line] = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Stopped: ")]
    assert "AccessDeniedException" in line
    assert len(tried) == 1


def test_other_commands_of_operators_say_it_in_the_same_line(capsys: pytest.CaptureFixture[str]) -> None:
    def work(_chosen: Namespace) -> int:
        raise _answer("ThrottlingException")

    def wrong(_chosen: Namespace) -> int:
        raise KeyError("a fault of ours")

    chosen = Namespace(name="factory-id", base_url=None, signing_key=None, endpoint=None)
    assert operating.run(chosen, work) == 3
    [line] = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("Stopped: ")
    assert "wait some minutes" in line
    with pytest.raises(KeyError):
        operating.run(chosen, wrong)
