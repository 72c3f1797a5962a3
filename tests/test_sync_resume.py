"""A sync killed twice and resumed leaves what an undisturbed one leaves, byte for byte. Real processes, MiniStack."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import sync_file, sync_resume, sync_state
from bench.sync_resume import Plan
from infra.engine import Engine
from tests.stack import Tables
from tests.world import World, audit_item


@pytest.mark.parametrize("order", sync_file.ORDERS)
def test_a_sync_killed_twice_leaves_the_state_of_an_undisturbed_one(
    stack: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    monkeypatch.setattr(sync_file, "_WRONG", 50)
    file = tmp_path / "audits.csv"
    rows = sync_file.write(file, 300, 60, order)
    plan = Plan(file, rows, batch=15, kills=(3, 9), delay=0.02)
    undisturbed, killed = sync_resume.compared(plan, tmp_path, stack)
    assert [len(undisturbed.killed_at), len(killed.killed_at)] == [0, 2]
    lines = [set(each.state.path.read_text().splitlines()) for each in (undisturbed, killed)]
    assert sorted(line[:300] for line in lines[0] ^ lines[1])[:4] == []  # shown where they differ, but not all of it
    assert sync_resume.same(undisturbed, killed)
    assert undisturbed.state.events > 250
    assert undisturbed.counted["write_units"] > 300
    assert undisturbed.report.count(b"rejected") == 6
    assert "60 created" in undisturbed.summary


def test_the_state_that_is_compared_shows_any_difference_but_the_clock_s(world: World, tmp_path: Path) -> None:
    def exported() -> str:
        both = world.tables.registry, world.tables.public
        return sync_state.export(world.tables.client, both, tmp_path / "state").path.read_text()

    factory = world.a_factory("S-1")
    before = exported()
    assert "<instant>" in before
    page = {"pk": {"S": f"FACTORY#{factory}"}, "sk": {"S": "PAGE"}}
    held = world.tables.client.get_item(TableName=world.tables.public, Key=page)["Item"]
    body = json.loads(held["body"]["S"])
    for changed, differs in (
        ({**body, "updated_at": "2020-01-01T00:00:00Z"}, False),
        ({**body, "name": "Another"}, True),
    ):
        item = {**held, "body": {"S": json.dumps(changed)}}
        world.tables.client.put_item(TableName=world.tables.public, Item=item)
        assert (exported() != before) is differs
    world.push(audit_item("S-1", 2), key="k").ok()
    assert exported() != before


def test_a_chain_that_is_broken_is_not_taken_for_a_state(moto: Tables, world: World, tmp_path: Path) -> None:
    factory = world.a_factory("S-1")
    key = {"pk": {"S": f"EVENTS#FACTORY#{factory}"}, "sk": {"S": f"{1:012d}"}}
    held = moto.client.get_item(TableName=moto.registry, Key=key)["Item"]
    forged = json.dumps({**json.loads(held["body"]["S"]), "at": "2020-01-01T00:00:00Z"})
    moto.client.put_item(TableName=moto.registry, Item={**held, "body": {"S": forged}})
    with pytest.raises(sync_state.BrokenChain):
        sync_state.export(moto.client, (moto.registry, moto.public), tmp_path / "state")
