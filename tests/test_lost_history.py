"""The history of a record that is lost: staff read it under the name by which the checker tells of it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from chalicelib.store import keys
from infra.check import report
from tests.test_internal_routes import assert_problem
from tests.world import World

ASK = "/internal/v1/events?record="


@pytest.fixture
def lost(world: World, tmp_path: Path) -> str:
    """What the checker calls the history of a certificate whose record is gone, and its pointer with it."""
    factory_id = world.a_factory()
    code = world.a_certificate(factory_id)
    tables = world.tables
    for key in (keys.held_certificate(factory_id, code), keys.certificate(code)):
        item = {"pk": {"S": key.pk}, "sk": {"S": key.sk}}
        tables.client.delete_item(TableName=tables.registry, Key=item)
    found = report.walked(tables.client, tables.registry, tables.public, tmp_path / "check.sqlite", repair=False)
    [name] = [each.name for each in found.told if each.kind == "histories"]
    assert name == f"EVENTS#CERTIFICATE#{code}"
    return name


def test_the_history_of_a_lost_record_is_read_by_the_name_that_the_checker_gives_it(world: World, lost: str) -> None:
    record = lost.removeprefix("EVENTS#")
    assert_problem(world.staff.get(ASK + record.removeprefix("CERTIFICATE#")), 404)
    for name in (lost, record):
        results = world.staff.get(ASK + quote(name, safe="")).ok().json["results"]
        assert {event["record"] for event in results} == {record}
        assert results[0]["number"] == 1


def test_nobody_but_staff_calls_a_record_so(world: World, lost: str) -> None:
    for name in (lost, lost.removeprefix("EVENTS#"), "MEMBER#maison", "TEAM#member#maison"):
        for caller in (world.member, world.certifier):
            assert_problem(caller.get(ASK + quote(name, safe="")), 400)


def test_what_is_no_name_of_a_record_is_refused_though_staff_ask(world: World) -> None:
    for name in ("CERTIFICATE#", "certificate#C1", "#C1", "CERTIFICATE#C 1", f"CERTIFICATE#{'C' * 300}", "X#é"):
        assert_problem(world.staff.get(ASK + quote(name, safe="")), 400)
