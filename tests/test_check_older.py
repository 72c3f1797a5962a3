"""A registry that is older than what was said: nothing is published by its word, until it is said again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.store.registry import sequencer
from infra.check import older, report
from infra.check.report import Found
from tests.local_kms import LocalKms, keys_in_process
from tests.stack import Tables
from tests.world import Caller, World

WITHDRAWN = {"standing": "withdrawn", "reason": "Holder left the programme", "effective": "2026-02-02"}
RESTORED = "infra.backup restore"


@pytest.fixture
def signs(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalKms]:
    """A registry that signs."""
    monkeypatch.setenv("SIGNING_KEY", "first")
    with keys_in_process() as local:
        yield local


class Mill:
    """A factory with a certificate and somebody who runs it, and the registry as it was then."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.tables, self.folder = world, world.tables, folder
        self.factory_id = world.a_factory()
        self.owner: Caller = world.run_by(self.factory_id)
        self.code = world.a_certificate(self.factory_id)
        sequencer.run()
        self.before = self.tables.scan(self.tables.registry)

    def look(self, *, repair: bool = True) -> Found:
        kept = self.tables
        return report.walked(kept.client, kept.registry, kept.public, self.folder / "check.sqlite", repair=repair)

    def withdraw(self) -> None:
        self.world.certifier("POST", f"/internal/v1/certificates/{self.code}/standing", WITHDRAWN).ok()

    def hide(self) -> None:
        """Its city is nobody's business."""
        self.owner("PUT", f"/internal/v1/factories/{self.factory_id}/privacy", {"city": "private"}).ok()

    def back(self, *prefixes: str) -> None:
        """The registry, or those of its items whose key begins so, is that of before."""
        _replaced(self.tables, self.tables.registry, self.before, prefixes or ("",))

    def status(self) -> str:
        return str(self.world.anyone.get(f"/v1/certificates/{self.code}").ok().json["status"])

    def shows_city(self) -> bool:
        return "Dhaka" in self.world.anyone.get(f"/v1/factories/{self.factory_id}").ok().text


def _replaced(kept: Tables, table: str, items: list[dict[str, Any]], prefixes: tuple[str, ...]) -> None:
    for item in kept.scan(table):
        if item["pk"]["S"].startswith(prefixes):
            kept.client.delete_item(TableName=table, Key={name: item[name] for name in ("pk", "sk")})
    for item in items:
        if item["pk"]["S"].startswith(prefixes):
            kept.client.put_item(TableName=table, Item=item)


@pytest.fixture
def mill(signs: LocalKms, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mill:
    """A factory whose certificate is logged; what comes is a minute later."""
    assert not signs.broken
    made, later = Mill(world, tmp_path), clock.now() + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    return made


def _withheld(mill: Mill) -> Found:
    """A repair that wrote nothing."""
    public = mill.tables.scan(mill.tables.public)
    found = mill.look()
    assert mill.tables.scan(mill.tables.public) == public, found.text
    assert not found.whole
    return found


@pytest.mark.parametrize("numbered", [False, True])
def test_a_withdrawal_that_the_registry_has_forgotten_stays_and_so_does_what_was_made_private(
    mill: Mill, numbered: bool
) -> None:
    assert mill.shows_city()
    mill.withdraw()
    mill.hide()
    if numbered:
        sequencer.run()
    mill.back()
    found = _withheld(mill)
    assert mill.status() == "withdrawn"
    assert not mill.shows_city()
    told = {each.name: each for each in found.told if "is older than" in each.how}
    assert set(told) == {f"FACTORY#{mill.factory_id} RECORD", f"FACTORY#{mill.factory_id} CERTIFICATE#{mill.code}"}
    assert all("Have it said again" in each.ending and RESTORED in each.ending for each in told.values())


def test_what_the_log_alone_remembers_is_not_unsaid(mill: Mill) -> None:
    public = mill.tables.scan(mill.tables.public)
    mill.withdraw()
    sequencer.run()
    mill.back()
    _replaced(mill.tables, mill.tables.public, public, ("CERTIFICATE#", "STATUS_LIST#"))
    mill.tables.client.delete_item(
        TableName=mill.tables.public, Key={"pk": {"S": f"CERTIFICATE#{mill.code}"}, "sk": {"S": "PAGE"}}
    )
    found = _withheld(mill)
    assert [each for each in found.told if f"is older than LOG_OF#{mill.code}" in each.how], found.text


def test_a_record_that_is_older_than_its_own_history_publishes_nothing(mill: Mill) -> None:
    """So it is after an export that was made while people wrote: the event was read after the record."""
    mill.withdraw()
    mill.back("FACTORY#", "STATUS_LIST#")
    public = mill.tables.public
    for key in mill.tables.keys(public):
        if key[1] == "PAGE" and key[0].startswith(("CERTIFICATE#", "FACTORY#", "STATUS_LIST#")):
            body = {"S": "{}"}
            mill.tables.client.put_item(TableName=public, Item={"pk": {"S": key[0]}, "sk": {"S": key[1]}, "body": body})
    found = _withheld(mill)
    assert [each for each in found.told if each.how == "ends at event 2, and its record counted 1"], found.text


def test_what_is_said_again_is_on_record_again_and_all_is_whole(mill: Mill) -> None:
    mill.withdraw()
    mill.hide()
    mill.back()
    _withheld(mill)
    mill.withdraw()
    mill.hide()
    assert mill.look().whole
    assert mill.look().told == ()
    assert mill.status() == "withdrawn"
    assert not mill.shows_city()


def test_a_certificate_that_was_registered_since_is_not_taken_away(mill: Mill) -> None:
    newer = mill.world.a_certificate(mill.factory_id, number="CU 777")
    mill.back()
    _withheld(mill)
    assert mill.world.anyone.get(f"/v1/certificates/{newer}").ok().json["status"] == "valid"


def test_a_list_is_not_signed_anew_while_it_would_say_less_of_one_certificate(mill: Mill) -> None:
    other = mill.world.a_certificate(mill.world.a_factory("S-2"), number="CU 999")
    sequencer.run()
    mill.before = mill.tables.scan(mill.tables.registry)
    mill.withdraw()
    mill.back()
    key = {"pk": {"S": "STATUS_LIST#suspension#0"}, "sk": {"S": "PAGE"}}
    mill.tables.client.delete_item(TableName=mill.tables.public, Key=key)
    found = _withheld(mill)
    lists = [each for each in found.told if each.kind == "status lists"]
    assert len(lists) >= 2, found.text
    assert all(RESTORED in each.ending for each in lists), found.text
    assert mill.world.anyone.get(f"/v1/certificates/{other}").ok().json["status"] == "valid"


def test_what_people_change_while_it_is_looked_at_is_no_older_record(
    mill: Mill, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, changes = older.records.raw_items, iter([mill.withdraw])

    def later(wanted: Any) -> Any:
        for change in changes:
            change()
        return read(wanted)

    monkeypatch.setattr(older.records, "raw_items", later)
    found = mill.look(repair=False)
    assert not [each for each in found.told if "is older than" in each.how], found.text
    assert next(changes, None) is None
