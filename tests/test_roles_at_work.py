"""What the functions without requests do, and that the role of each lets it do that and nothing else.

Whole journeys on moto: each call is asked of the policy, with the partition that it touches. MiniStack, under whose
roles the deployed functions run, asks no policy about partitions: a key too few would show on AWS only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any

import pytest
from botocore.client import BaseClient

from chalicelib import clock, settings
from chalicelib.domain.invitation import VALID_FOR
from chalicelib.domain.scans import Thing
from chalicelib.internal import errands, inviting
from chalicelib.internal.inviting import Inviter, Wanted
from chalicelib.store.registry import people, watches
from chalicelib.store.registry.people import Role
from tests.local_kms import keys_in_process
from tests.portal_browser import STAFF
from tests.test_invitation_errands import a_mill, bounce, complaint
from tests.test_roles import PUBLIC, REGISTRY, decision, policy
from tests.test_scan_counts import PRODUCT, scanned
from tests.watching import BUYER, HOOK, Watched, begun
from tests.world import World

Asked = tuple[str, str, str]
"""Action, table, and the partition that is touched."""
OWNER = "owner@kolmilata.example"
KINDS = {"Put": "PutItem", "Delete": "DeleteItem", "Update": "UpdateItem", "ConditionCheck": "ConditionCheckItem"}


def asked_for(operation: str, given: dict[str, Any]) -> Iterator[Asked]:
    """What a call to DynamoDB asks of a policy, for each of its items."""
    if operation == "TransactWriteItems":
        for each in given["TransactItems"]:
            [(kind, told)] = each.items()
            yield KINDS[kind], told["TableName"], (told.get("Key") or told["Item"])["pk"]["S"]
    elif operation == "BatchGetItem":
        for table, told in given["RequestItems"].items():
            for key in told["Keys"]:
                yield operation, table, key["pk"]["S"]
    elif operation == "Query":
        place = re.search(r"= (:\w+)", given["KeyConditionExpression"])
        assert place is not None
        yield operation, given["TableName"], given["ExpressionAttributeValues"][place[1]]["S"]
    else:
        assert operation in ("GetItem", "PutItem", "UpdateItem", "DeleteItem"), operation
        yield operation, given["TableName"], (given.get("Key") or given["Item"])["pk"]["S"]


@contextmanager
def watched_calls(seen: set[Asked], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Note what is asked of DynamoDB meanwhile."""
    whole = BaseClient._make_api_call

    def call(client: Any, operation: str, given: dict[str, Any]) -> Any:
        if client.meta.service_model.service_name == "dynamodb":
            seen.update(asked_for(operation, given))
        return whole(client, operation, given)

    with monkeypatch.context() as patched:
        patched.setattr(BaseClient, "_make_api_call", call)
        yield


def assert_its_role_fits(role: str, seen: set[Asked]) -> None:
    """The role lets a function do all of this, and names no partition or action that nothing of this needed."""
    chosen = settings.load()
    tables = {chosen.registry_table: REGISTRY, chosen.public_table: PUBLIC}
    kinds = {(action, tables[table], re.split(r"(?<=#)", partition)[0]): partition for action, table, partition in seen}
    refused = {
        (action, table, partition)
        for (action, table, _), partition in kinds.items()
        if decision(role, f"dynamodb:{action}", table, partition) != "Allow"
    }
    assert refused == set()
    unused = set()
    for statement in policy(role)["Statement"]:
        if statement["Resource"] not in tables.values():
            continue
        done = {(action, partition) for action, table, partition in seen if tables[table] == statement["Resource"]}
        actions = {action.removeprefix("dynamodb:") for action in statement["Action"]}
        unused |= actions - {action for action, _ in done}
        for pattern in (
            statement.get("Condition", {}).get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", ())
        ):
            if not any(action in actions and fnmatchcase(partition, pattern) for action, partition in done):
                unused.add(f"{statement['Sid']}: {pattern}")
    assert unused == set()


@pytest.fixture
def seen() -> set[Asked]:
    return set()


@pytest.fixture
def watched(world: World, monkeypatch: pytest.MonkeyPatch) -> Watched:
    return begun(world, monkeypatch)


def test_scans_are_counted_under_their_own_role(
    world: World, seen: set[Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    factory_id = world.a_factory()
    world.a_product(factory_id)
    with watched_calls(seen, monkeypatch):
        scanned(Thing("f", factory_id), 2)
        for back in (0, 1):
            scanned(Thing("p", PRODUCT, "S9"), 7, back=back)
    assert world.member.get("/internal/v1/clones").ok().json["results"]
    assert_its_role_fits("scans", seen)


def test_watchers_are_told_under_their_own_role(
    watched: Watched, seen: set[Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = (clock.today() + timedelta(days=30)).isoformat()
    ending = watched.world.a_certificate(watched.factory_id, number="CU 30", valid_to=soon)
    watched.by_mail(watched.code, ending)
    hooked = watches.make("maison", BUYER, "en", [watched.code], HOOK)
    watched.machine.down = lambda _url: True
    watched.standing("suspended")
    with watched_calls(seen, monkeypatch):
        watched.sweep()
        for _ in range(8):
            watched.sweep(24 * 60)
    assert watches.need(hooked.watch_id).state == "paused"
    assert len(watched.mails) >= 2
    assert_its_role_fits("watching", seen)


def run_errands(event: dict[str, Any] | None = None) -> dict[str, int]:
    return errands.handler(event or {"source": "aws.events"}, None)


def test_errands_are_run_under_their_own_role(
    watched: Watched, seen: set[Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    people.add(Role("member", "maison"), "ada@maison.example", STAFF)
    watched.world.a_product(watched.factory_id)
    for back in (0, 1):
        scanned(Thing("p", PRODUCT, "S9"), 7, back=back)
    watched.standing("suspended")
    member = Inviter("maison", "Maison")
    mills = [inviting.record(member, a_mill(number, f"office-{number}@padma.example"))[0] for number in range(4)]
    watched.world.run_by(watched.factory_id, OWNER)
    inviting.record(member, Wanted(OWNER, "en", watched.factory_id, "", ""))
    mailed, hooked = watched.by_mail(), watches.make("maison", BUYER, "en", [watched.code], HOOK)
    watched.sweep()
    begin = clock.now()
    for name in ("SIGNING_KEY", "RECEIPT_KEY"):
        monkeypatch.setenv(name, name)
    with keys_in_process(), watched_calls(seen, monkeypatch):
        monkeypatch.setattr(clock, "now", lambda: begin + timedelta(minutes=11))
        assert run_errands() == {"logged": 2, "mailed": 5, "warned": 1}
        run_errands(bounce(mills[0].invitation_id, mills[0].email))
        run_errands(complaint(mills[1].invitation_id, mills[1].email))
        for kind, watch in (("bounce", mailed), ("complaint", mailed), ("complaint", hooked)):
            run_errands(of_a_watch(kind, watch.watch_id))
        monkeypatch.setattr(clock, "now", lambda: begin + timedelta(days=5, minutes=11))
        assert run_errands()["mailed"] == 3
        monkeypatch.setattr(clock, "now", lambda: begin + VALID_FOR + timedelta(days=2))
        run_errands()
    assert watches.load(mailed.watch_id) is watches.load(hooked.watch_id) is None
    assert_its_role_fits("errands", seen)


def of_a_watch(kind: str, watch_id: str) -> dict[str, Any]:
    """As EventBridge brings it from SES."""
    receivers = [{"emailAddress": BUYER}]
    told = {
        "bounce": {"bounceType": "Permanent", "bounceSubType": "NoEmail", "bouncedRecipients": receivers},
        "complaint": {"complainedRecipients": receivers},
    }[kind]
    return {
        "source": "aws.ses",
        "detail": {"eventType": kind.title(), "mail": {"tags": {"watch": [watch_id]}}, kind: told},
    }
