"""Watchers are told by the deployed worker: the stream of the registry wakes it, under its role."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import urllib3

from infra.demo.api import Api
from tests.portal_browser import filled

if TYPE_CHECKING:
    from tests.conftest_deployment import Deployment

pytest_plugins = ["tests.conftest_builds", "tests.conftest_deployment"]
pytestmark = pytest.mark.xdist_group("deployment")

OWNER = "claire@deployed-buyer.example"


def test_the_stream_wakes_the_worker_and_a_watcher_has_the_mail_within_a_minute(deployment: Deployment) -> None:
    base = deployment.address("internal")
    functions = deployment.engine.client("lambda")
    [mapping] = functions.list_event_source_mappings()["EventSourceMappings"]
    assert mapping["EventSourceArn"] == deployment.outputs["data"]["RegistryStreamArn"]
    assert "OUTBOX#" in mapping["FilterCriteria"]["Filters"][0]["Pattern"]
    events = deployment.engine.client("events")
    rules = events.list_rules()["Rules"]
    [minute] = [rule["Name"] for rule in rules if rule.get("ScheduleExpression") == "rate(1 minute)"]
    events.disable_rule(Name=minute)  # so that nothing but the stream wakes it
    staff = Api(base, deployment.first_key("watching"))
    code, certifier = _certificate(staff, base)
    pool = urllib3.PoolManager(retries=False, timeout=30)

    def post(path: str, **typed: str) -> None:
        form = filled(pool.request("GET", base + path).data.decode())
        reply = pool.request("POST", base + path, fields={**form, **typed}, encode_multipart=False, redirect=False)
        assert reply.status == 303, reply.data

    def mails() -> list[str]:
        return [each["BodyText"] for each in deployment.engine.mails() if OWNER in each["To"]]

    post("/portal/watch", things=code, email=OWNER)
    [asked] = mails()
    post("/portal/watches/" + asked.partition("/portal/watches/")[2].split()[0])
    certifier.send("POST", f"/internal/v1/certificates/{code}/standing", {"standing": "suspended", "reason": "Late"})
    end = time.monotonic() + 55
    while len(mails()) < 2 and time.monotonic() < end:
        time.sleep(0.2)  # the stream is polled by the engine: there is nothing else to wait for
    [_, told] = mails()
    assert "Suspended from" in told
    assert "Late" in told


def _certificate(staff: Api, base: str) -> tuple[str, Api]:
    staff.send("PUT", "/internal/v1/certifiers/watchseal", {"name": "Watchseal", "country": "FR"})
    staff.send("PUT", "/internal/v1/standards/watched", {"name": "Watched Standard", "owner": "W"})
    keys = {
        kind: staff.send("POST", "/internal/v1/keys", {"kind": kind, "tenant": tenant})["key"]
        for kind, tenant in (("certifier", "watchseal"), ("ics", "ics"))
    }
    audit = {"reference": "A-W", "scope": "social", "type": "initial", "notice": "announced", "date": "2026-01-02"}
    factory = {"name": "Padma Watched Ltd", "country": "BD", "city": "Dhaka"}
    item = {"site": "S-WATCHED", "version": 1, "factory": factory, "member_ids": [], "audit": audit}
    answer = Api(base, keys["ics"]).send("POST", "/internal/v1/audit-syncs", {"items": [item]}, Idempotency_Key="w")
    certifier = Api(base, keys["certifier"])
    body = {
        "factory_id": answer["results"][0]["factory_id"],
        "number": "W-1",
        "standard_id": "watched",
        "scope": "Weaving",
        "valid_from": "2026-01-01",
        "valid_to": "2099-12-31",
    }
    return str(certifier.send("POST", "/internal/v1/certificates", body)["code"]), certifier
