"""Staff see the last batches of audits, and every row that was not applied."""

from __future__ import annotations

import csv
import io
from email.message import EmailMessage
from typing import Any

import pytest

from chalicelib.store.registry import callers, people, syncs
from chalicelib.store.registry.people import Role
from tests.portal_browser import STAFF, Browser, signed_in
from tests.world import Caller, audit_item

pytest_plugins = ["tests.conftest_portal"]

PAGE = "/portal/staff/syncs"
WANDA = "wanda@staff.example"


@pytest.fixture
def wanda(browser: Browser, mails: list[EmailMessage]) -> Browser:
    people.add(Role("staff", "staff"), WANDA, STAFF)
    return signed_in(browser, WANDA, mails)


def push(browser: Browser, key: str, *items: Any) -> None:
    made = callers.create_key("ics", key, ["audits:write"], "test")[1]
    Caller(browser.client, made)("POST", "/internal/v1/audit-syncs", {"items": list(items)}, Idempotency_Key=key).ok()


def test_a_batch_shows_with_its_counts_and_its_refusals_inert(wanda: Browser) -> None:
    assert "None was received" in wanda.get(PAGE).text
    push(
        wanda,
        "nightly",
        audit_item("S-1"),
        audit_item("<b>S</b>", version=0, audit_reference="=cmd()"),
        audit_item("S-1", audit_date="2026-01-03"),
    )
    text = wanda.get(PAGE).text
    assert "Created: 1" in text
    assert "Rows not applied: 2" in text
    assert "/version" in text
    assert "&lt;b&gt;S&lt;/b&gt;" in text
    assert "<b>S</b>" not in text
    [rejected, conflict] = csv.DictReader(io.StringIO(wanda.get(f"{PAGE}.csv").text.lstrip("\ufeff")))
    assert (rejected["row_of_batch"], rejected["audit_reference"]) == ("2", "'=cmd()")
    assert (conflict["site"], conflict["outcome"]) == ("S-1", "conflict")
    assert conflict["sent_by"] == "nightly"
    assert PAGE in wanda.get("/portal").text


def test_older_batches_follow_on_the_next_page(wanda: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncs, "PAGE", 2)
    for number in range(3):
        push(wanda, f"night-{number}", audit_item("S-1", number + 1))
    first = wanda.get(PAGE).text
    following = first.split(f'href="{PAGE}?cursor=')[1].split('"')[0]
    second = wanda.get(f"{PAGE}?cursor={following}").text
    seen = [night for night in range(3) for text in (first, second) if f"night-{night}" in text]
    assert sorted(seen) == [0, 1, 2]
    assert "Older ones" not in second
    assert wanda.get(f"{PAGE}?cursor=x").status == 400


def test_nobody_but_staff_sees_them(browser: Browser, mails: list[EmailMessage]) -> None:
    assert browser.get(PAGE).status == 303
    people.add(Role("member", "maison"), "claire@maison.example", STAFF)
    claire = signed_in(browser, "claire@maison.example", mails)
    assert claire.get(PAGE).status == 403
    assert claire.get(f"{PAGE}.csv").status == 403
