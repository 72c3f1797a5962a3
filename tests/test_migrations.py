"""``python -m infra.migrate``: dry, stopped and gone on with, killed, beside others who write, and twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.errors import Conflict, Unavailable
from chalicelib.store import keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import lookup, outbox
from chalicelib.store.registry.history import Actor
from chalicelib.store.registry.migrations import rewriting
from chalicelib.store.registry.migrations.every import ALL
from infra.migrate import __main__ as command
from infra.migrate import walk
from tests.stack import Tables
from tests.world import World

ACTOR = Actor("staff", "operators", "test")
PROJECT = Path(__file__).resolve().parent.parent


def _older(body: dict[str, Any]) -> dict[str, Any]:
    """Sites got a country."""
    return {"country": "BD", **body}


COUNTRIES = rewriting.rewriting("countries", "sites have a country", "SITE", _older)


def sites(count: int, tables: Tables) -> None:
    """So many older records, as others may have written them."""
    for number in range(count):
        body = json.dumps({"factory_id": f"F{number}"})
        item = {"pk": {"S": f"SITE#{number}"}, "sk": {"S": keys.RECORD}, "body": {"S": body}, "version": {"N": "1"}}
        events = {"events": {"N": "4"}, "event_hash": {"S": "h"}}
        tables.client.put_item(TableName=tables.registry, Item={**item, **events})


def walked(tables: Tables, step: Any = None, told: list[str] | None = None) -> walk.Came:
    """Take all sites further."""
    give = step or (lambda key: COUNTRIES.give(key, ACTOR))
    tell = (told if told is not None else []).append
    return walk.walk(tables.client, tables.registry, COUNTRIES.name, "SITE", give, lambda _: None, tell)


def body(number: int) -> dict[str, Any]:
    found = lookup.item(keys.Key(f"SITE#{number}", keys.RECORD))
    assert found is not None
    return dict(found.body)


def test_a_record_is_rewritten_once_under_its_version_and_keeps_its_history(moto: Tables) -> None:
    sites(3, moto)
    assert walk.foretold(moto.client, moto.registry, "SITE", COUNTRIES.lacks, lambda _: None).changed == 3
    came = walked(moto)
    assert (came.looked, came.changed, came.refused) == (3, 3, 0)
    found = lookup.item(keys.Key("SITE#1", keys.RECORD))
    assert found is not None
    assert (found.body, found.version, found.events) == ({"country": "BD", "factory_id": "F1"}, 2, 4)
    before = moto.scan(moto.registry)
    assert walked(moto).changed == 0
    assert [each for each in moto.scan(moto.registry) if "SITE" in each["pk"]["S"]] == [
        each for each in before if "SITE" in each["pk"]["S"]
    ]


def test_a_change_that_comes_between_reading_and_writing_is_not_lost(
    moto: Tables,
) -> None:
    sites(1, moto)
    pure, key = _older, keys.Key("SITE#0", keys.RECORD)

    def meanwhile(held: dict[str, Any]) -> dict[str, Any]:
        if "said" not in held:
            RegistryItem(*key, body={**held, "said": "by somebody else"}, version=2).save()
        return pure(held)

    racing = rewriting.rewriting("countries", "", "SITE", meanwhile)
    assert racing.give(key, ACTOR)
    assert body(0) == {"country": "BD", "factory_id": "F0", "said": "by somebody else"}


def test_a_walk_that_was_stopped_goes_on_where_it_was(moto: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "AT_ONCE", 2)
    sites(7, moto)
    steps: list[str] = []

    def some(key: keys.Key) -> bool:
        if len(steps) == 5:
            raise Unavailable("The registry could not be reached just now.")
        steps.append(key.pk)
        return COUNTRIES.give(key, ACTOR)

    with pytest.raises(Unavailable):
        walked(moto, some)
    stopped = walk.came(COUNTRIES.name)
    assert stopped is not None
    assert (stopped.looked, stopped.ended) == (4, None)
    steps.clear()
    came = walked(moto, some)
    assert (came.looked, len(steps), came.ended is not None) == (7, 3, True)
    assert all(body(number)["country"] == "BD" for number in range(7))


def test_a_record_that_refuses_is_named_and_hinders_no_other(moto: Tables) -> None:
    sites(3, moto)
    told: list[str] = []

    def step(key: keys.Key) -> bool:
        if key.pk == "SITE#1":
            raise Conflict("This record leads to another.")
        return COUNTRIES.give(key, ACTOR)

    came = walked(moto, step, told)
    assert (came.changed, came.refused, told) == (2, 1, ["SITE#1: This record leads to another."])


def test_names_are_given_once() -> None:
    assert len({each.name for each in ALL}) == len(ALL)


def test_the_command_foretells_does_and_does_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    note = outbox.note_ending
    monkeypatch.setattr(outbox, "note_ending", lambda *_: None)
    first, second = world.a_factory("S-1"), world.a_factory("S-2")
    world.a_certificate(first)
    monkeypatch.setattr(outbox, "note_ending", note)
    assert first != second
    before = world.tables.everything()
    assert command.main(["--dry-run"]) == 0
    assert "endings-and-codes: 2 looked at, 1 want it" in capsys.readouterr().out
    assert world.tables.everything() == before
    assert command.main([]) == 0
    assert "2 looked at, 1 changed, 0 refused" in capsys.readouterr().out
    assert command.main(["--list"]) == 0
    assert "over since" in capsys.readouterr().out
    after = world.tables.everything()
    assert command.main([]) == 0
    assert world.tables.everything() == after
    assert command.main(["--again"]) == 0
    assert "1 changed" not in capsys.readouterr().out
    assert command.main(["--only", "nothing"]) == 2


_KILLED = """
import sys
from infra.migrate import walk
from tests import test_migrations as of
walk.AT_ONCE = 5
print("begun", flush=True)
of.walked(of.Tables(of.client(), *sys.argv[1:]))
"""


def client() -> Any:
    """A client of the engine that the environment names."""
    import boto3

    return boto3.client("dynamodb", endpoint_url=os.environ["DYNAMODB_ENDPOINT"])


def test_a_walk_that_was_killed_goes_on_and_leaves_no_record_behind(ministack: Tables, stack: Any) -> None:
    sites(60, ministack)
    environment = {
        **os.environ,
        "REGISTRY_TABLE": ministack.registry,
        "PUBLIC_TABLE": ministack.public,
        "DYNAMODB_ENDPOINT": stack.url,
        "PYTHONPATH": str(PROJECT),
    }
    program = [sys.executable, "-c", _KILLED, ministack.registry, ministack.public]
    running = subprocess.Popen(program, env=environment, cwd=PROJECT, stdout=subprocess.PIPE)
    try:
        while (noted := walk.came(COUNTRIES.name)) is None or noted.looked < 10:
            assert running.poll() is None
    finally:
        running.send_signal(signal.SIGKILL)
        running.communicate()
    stopped = walk.came(COUNTRIES.name)
    assert stopped is not None
    assert (stopped.ended, stopped.looked < 60) == (None, True)
    came = walked(ministack)
    assert (came.looked, came.ended is not None) == (60, True)
    assert all(body(number)["country"] == "BD" for number in range(60))
    versions = {
        each["version"]["N"]
        for each in ministack.scan(ministack.registry)
        if each["pk"]["S"] < "SITE$" and each["pk"]["S"].startswith("SITE#")
    }
    assert versions == {"2"}
