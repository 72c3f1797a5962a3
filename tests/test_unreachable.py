"""The database unreachable: "cannot confirm now", never valid, never unknown, and soon."""

from __future__ import annotations

import itertools
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from chalice.test import Client

import app
from chalicelib import settings
from chalicelib.domain import identity
from chalicelib.store import models, wire
from chalicelib.store.registry import commit, pace
from infra.engine import free_port
from tests.moto_wire import MotoWire
from tests.safety.crash import looked as walked
from tests.safety.play import left_wrong
from tests.world import GTIN, Answer, Caller, World, audit_item

_draw = random.Random(7).choice
FACTORY = identity.new_factory_id("BD", _draw)
CODE = identity.new_certificate_code(_draw)
PAGES = (
    f"/f/{FACTORY}",
    f"/c/{CODE}",
    f"/c/{CODE}?on=2026-03-01",
    f"/01/{GTIN}",
    "/find?q=mill",
    "/factories?country=BD",
)
DOCUMENTS = (
    f"/v1/factories/{FACTORY}",
    f"/v1/certificates/{CODE}",
    "/v1/certificates?number=CU1",
    f"/v1/products/{GTIN}",
    "/v1/directory?q=mill",
)


@pytest.fixture(scope="module")
def anyone() -> Iterator[Caller]:
    """Somebody who asks while nothing listens where the database should be, without the usual second try."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wire, "TRIES", 1)
        yield from _cut_off()


@pytest.fixture
def anyone_patient() -> Iterator[Caller]:
    """The same with all tries of production."""
    yield from _cut_off()


def _cut_off() -> Iterator[Caller]:
    models.connect(replace(settings.load(), dynamodb_endpoint=f"http://127.0.0.1:{free_port()}"))
    with Client(app.app) as client:
        yield Caller(client)
    models.connect(settings.load())


def words(html: str) -> str:
    """What a reader sees of a page."""
    body = html[html.index("<main") : html.index("</main>")] if "<main" in html else html
    return re.sub(r"<[^>]+>", " ", body).lower()


@pytest.mark.safety("certificates.database-down", "faults.throttled")
@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_that_it_cannot_confirm_now(anyone: Caller, path: str) -> None:
    answer = anyone.get(path)
    assert answer.status == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["cache-control"] == "no-store"
    said = words(answer.text)
    assert "cannot confirm" in said
    for word in ("valid", "unknown", "expired", "withdrawn", "suspended", "not found"):
        assert not re.search(rf"\b{word}\b", said), word


@pytest.mark.safety("certificates.database-down")
@pytest.mark.parametrize("path", DOCUMENTS)
def test_json_says_that_it_cannot_confirm_now(anyone: Caller, path: str) -> None:
    answer = anyone.get(path)
    assert answer.status == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json["status"] == 503
    assert "cannot confirm" in answer.text
    for word in ("valid", "unknown"):
        assert word not in answer.text


def test_it_is_said_soon(anyone_patient: Caller) -> None:
    for path in (f"/c/{CODE}", f"/v1/products/{GTIN}"):
        start = time.monotonic()
        assert anyone_patient.get(path).status == 503
        assert time.monotonic() - start < 10


def test_what_needs_no_database_still_works(anyone: Caller) -> None:
    for path in ("/", "/healthz", f"/qr/f/{FACTORY}.svg", f"/find?q={CODE}"):
        assert anyone.get(path).status < 400, path
    assert anyone.get("/f/x").status == 400


@pytest.mark.safety("faults.throttled")
def test_the_inside_says_it_too(anyone: Caller) -> None:
    key = "fid_" + "0" * 12 + "_" + "x" * 43
    answer = Caller(anyone.client, key)("POST", "/internal/v1/audit-syncs", {"items": []}, Idempotency_Key="k")
    assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
    assert anyone("POST", "/internal/v1/invitations/accept", {"token": "x" * 43}).status == 503


def _batch(world: World, _factory_id: str, _other_id: str, _code: str) -> Answer:
    return world.push(audit_item("S-1", 2), audit_item("S-2"), key="again")


def _standing(world: World, _factory_id: str, _other_id: str, code: str) -> Answer:
    said = {"standing": "suspended", "reason": "Late"}
    return world.certifier("POST", f"/internal/v1/certificates/{code}/standing", said)


def _certificate(world: World, factory_id: str, _other_id: str, _code: str) -> Answer:
    return world.certifier("POST", "/internal/v1/certificates", world.certificate_body(factory_id, number="SECOND 2"))


def _decision(world: World, factory_id: str, _other_id: str, _code: str) -> Answer:
    return world.staff("PUT", f"/internal/v1/factories/{factory_id}/privacy", {"city": "private"})


def _merge(world: World, factory_id: str, other_id: str, _code: str) -> Answer:
    said = {"into": factory_id, "reason": "Twins"}
    return world.staff("POST", f"/internal/v1/factories/{other_id}/merge", said)


CHANGES: dict[str, tuple[Callable[[World, str, str, str], Answer], str]] = {
    "a batch": (_batch, "ThrottlingException"),
    "a standing": (_standing, "InternalServerError"),
    "a certificate": (_certificate, "ThrottlingException"),
    "a decision": (_decision, "InternalServerError"),
    "a merge": (_merge, "ThrottlingException"),
}
"""What somebody wants, and how the database fails meanwhile."""


@pytest.mark.safety("faults.throttled")
@pytest.mark.parametrize("change", CHANGES)
def test_whichever_call_to_the_database_fails_a_change_is_done_wholly_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: str
) -> None:
    wanted, kind = CHANGES[change]
    for module in (wire, commit, pace):
        monkeypatch.setattr(module, "_FIRST_PAUSE", 0.0)
    monkeypatch.setattr(pace, "PATIENCE", 0.0)
    call, calls, failing = BaseClient._make_api_call, itertools.count(1), [False]
    first = 0

    def fails(self: BaseClient, operation: str, arguments: Any) -> Any:
        if failing[0] and next(calls) > first:
            raise ClientError({"Error": {"Code": kind, "Message": ""}}, operation)
        return call(self, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", fails)
    factory_id = world.a_factory()
    code = world.a_certificate(factory_id)
    other_id = world.a_factory("S-9")
    before, refused = world.tables.everything(), 0
    while True:
        calls, failing[0] = itertools.count(1), True
        answer = wanted(world, factory_id, other_id, code)
        failing[0] = False
        if answer.status != 503:
            break
        assert int(answer.headers["retry-after"]) > 0
        refused, first = refused + 1, first + 1
        if change != "a batch":
            assert world.tables.everything() == before, first
        else:  # each of its items is a change of its own
            assert left_wrong(walked(world.tables, tmp_path)) == [], first
    assert answer.ok()
    assert refused > 2
    assert left_wrong(walked(world.tables, tmp_path)) == []


def test_a_connection_that_closes_while_a_transaction_is_under_way_is_unavailable(world: World) -> None:
    asked = MotoWire._asked

    def closed(way: MotoWire, operation: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if operation == "TransactWriteItems":
            raise ConnectionResetError
        return asked(way, operation, body)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wire, "_FIRST_PAUSE", 0.0)
        patch.setattr(MotoWire, "_asked", closed)
        answer = world.push(audit_item())
    assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
    assert int(answer.headers["retry-after"]) > 0
