"""Anybody reports a mismatch; staff decide. SAFETY: markup inert, missing CSRF refused, limits, personal data goes."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from chalicelib import clock
from chalicelib.domain.moderation import Kind, Matter
from chalicelib.store.registry import history, limits, moderation, people
from chalicelib.store.registry.moderation import PUBLIC
from chalicelib.store.registry.people import Role
from tests.portal_browser import STAFF, Browser, signed_in

pytest_plugins = ["tests.conftest_portal"]

MARKUP = "</textarea><script>alert(1)</script><b>bold"
WRITTEN = {"kind": "paper_differs", "text": "The paper says 2027.\nThe page says 2026."}


@pytest.fixture
def page(runner: SimpleNamespace) -> str:
    """The form about a factory, opened by somebody who is not signed in."""
    runner.browser.cookie = ""
    return f"/portal/reports/new?about=/f/{runner.factory_id}"


@pytest.fixture
def staff(runner: SimpleNamespace, mails: list[Any]) -> Browser:
    people.add(Role("staff", "staff"), "sven@registry.example", STAFF)
    return signed_in(runner.browser, "sven@registry.example", mails)


def stored() -> list[dict[str, Any]]:
    return boto3.client("dynamodb").scan(TableName="factory-id-registry")["Items"]


def test_anybody_reports_a_mismatch_and_gets_a_reference(runner: SimpleNamespace, page: str) -> None:
    answer = runner.browser.send(page, **WRITTEN, email="buyer@shop.example")
    assert answer.status == 303
    thanks = runner.browser.get(answer.headers["Location"])
    assert thanks.status == 200
    reference = re.search(r"reference=([0-9a-f]{16})$", answer.headers["Location"]).group(1)
    assert reference in thanks.text
    matter = moderation.need(reference)
    assert (matter.about, matter.subject) == (f"/f/{runner.factory_id}", "Kolmilata Knit Ltd.")
    assert matter.details == {"complaint": "paper_differs", "text": WRITTEN["text"]}
    assert moderation.reporter(reference) == "buyer@shop.example"


def test_an_address_is_kept_apart_and_goes_with_the_report(runner: SimpleNamespace, page: str) -> None:
    runner.browser.send(page, **WRITTEN, email="buyer@shop.example")
    due = int((clock.now() + moderation.KEPT).timestamp())
    kept = [item for item in stored() if item["pk"]["S"].startswith(("MODERATION#", "QUEUE#"))]
    assert len(kept) == 3
    assert all(abs(int(item["expires"]["N"]) - due) < 60 for item in kept)
    assert [item["sk"]["S"] for item in stored() if "buyer@shop.example" in str(item)] == ["REPORTER"]
    events = [item for item in stored() if item["pk"]["S"].startswith("EVENTS#MODERATION#")]
    assert len(events) == 1
    assert WRITTEN["text"][:20] not in str(events)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ({"kind": "", "text": "x"}, ["kind"]),
        ({"kind": "rumour", "text": ""}, ["kind", "text"]),
        ({"kind": "other", "text": "x" * 2001}, ["text"]),
        ({"kind": "other", "text": "a\u202eb"}, ["text"]),
        ({"kind": "other", "text": "x", "email": "nobody"}, ["email"]),
        ({"kind": "other", "text": MARKUP, "email": "a@b.example\r\nBcc: c@d.example"}, ["email"]),
    ],
)
def test_what_was_typed_is_kept_when_something_is_wrong_with_it(
    runner: SimpleNamespace, page: str, typed: dict[str, str], names: list[str]
) -> None:
    answer = runner.browser.send(page, typed)
    assert answer.status == 400
    assert re.findall(r'<a href="#(\w+)">', answer.text) == names
    assert f'id="{names[0]}"' in answer.text
    assert "<script" not in answer.text
    if typed.get("kind") == "other":
        assert re.search(r'value="other" checked', answer.text)
    assert not [item for item in stored() if item["pk"]["S"].startswith("QUEUE#")]


def test_a_report_about_nothing_on_record_is_a_page_that_says_so(runner: SimpleNamespace) -> None:
    browser = runner.browser
    assert browser.get("/portal/reports/new?about=/f/BDF8QY40YGE1").status == 404
    for about in ("", "/portal", "//evil.example/f/x", "https://evil.example/", "/f/nonsense", "/f/"):
        assert browser.get(f"/portal/reports/new?about={about}").status == 400, about


def test_a_form_without_its_token_or_from_another_site_is_refused(runner: SimpleNamespace, page: str) -> None:
    assert runner.browser.post(page, WRITTEN).status == 403
    typed = {**runner.browser.form(page), **WRITTEN}
    assert runner.browser.post(page, typed, Sec_Fetch_Site="cross-site").status == 403
    assert runner.browser.post("/portal/sign-in", {**typed, "email": "a@b.example"}).status == 403


def test_reports_about_one_record_and_in_all_are_limited_and_nobody_is_tracked(
    runner: SimpleNamespace, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(moderation.ABOUT_ONE.most):
        assert runner.browser.send(page, **WRITTEN).status == 303
    answer = runner.browser.send(page, **WRITTEN)
    assert answer.status == 429
    assert "The paper says 2027." in answer.text
    counted = [item for item in stored() if item["pk"]["S"].startswith("COUNT#")]
    assert {item["pk"]["S"] for item in counted} == {f"COUNT#report-about#/f/{runner.factory_id}", "COUNT#report#all"}
    monkeypatch.setattr(moderation, "ABOUT_ONE", limits.Limit("other", 1000, timedelta(hours=1)))
    monkeypatch.setattr(moderation, "IN_ALL", limits.Limit("report", 6, timedelta(hours=1)))
    assert [runner.browser.send(page, **WRITTEN).status for _ in range(2)] == [303, 429]


def test_a_limit_begins_anew_with_the_next_stretch(
    runner: SimpleNamespace, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moderation, "ABOUT_ONE", limits.Limit("report-about", 1, timedelta(hours=1)))
    assert [runner.browser.send(page, **WRITTEN).status for _ in range(2)] == [303, 429]
    later = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert runner.browser.send(page, **WRITTEN).status == 303


def test_staff_read_a_report_inert_and_decide_it_with_a_reason(page: str, staff: Browser) -> None:
    session, staff.cookie = staff.cookie, ""
    staff.send(page, kind="other", text=MARKUP, email="buyer@shop.example")
    staff.cookie = session
    assert "/portal/staff/moderation" in staff.get("/portal").text
    queue = staff.get("/portal/staff/moderation")
    one = re.search(r'href="(/portal/staff/moderation/[0-9a-f]{16})"', queue.text).group(1)
    shown = staff.get(one).text
    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert "buyer@shop.example" in shown
    assert "buyer@shop.example" not in queue.text
    missing = staff.send(one, decision="acted")
    assert missing.status == 400
    assert re.search(r'value="acted" checked', missing.text)
    assert staff.send(one, decision="acted", reason="Asked the certifier").status == 303
    assert "Nothing waits for a decision." in staff.get("/portal/staff/moderation").text
    assert one in staff.get("/portal/staff/moderation?state=done").text
    assert "Asked the certifier" in staff.get(one).text
    matter_id = one.rpartition("/")[2]
    assert [event["action"] for event in history.of(f"MODERATION#{matter_id}")] == ["opened", "decided"]


DETAILS: dict[Kind, tuple[dict[str, Any], str]] = {
    Kind.ODD_NAME: ({"names": [{"name": "K\u043elmilata", "oddities": ["mixed_scripts"]}]}, "letters of two scripts"),
    Kind.LOOK_ALIKE: (
        {"factories": [{"factory_id": "BDF8QY40YGE1", "name": "Kolmilata", "reasons": ["looks_the_same"]}]},
        "A name that looks the same, in other letters",
    ),
    Kind.NUMBER_OF_ANOTHER: (
        {
            "number": "CU 1",
            "declared_by": "BDF8QY40YGE1",
            "confirmed": "C4J7K2M9QXD",
            "confirmed_for": "BDF8QY40YGE1",
        },
        "Confirmed for",
    ),
    Kind.RUN_ON_ONE_WORD: ({"invited_by": "maison"}, "Invited by"),
    Kind.FLAGGED_CLAIM: (
        {"claim": "Green for ever", "language": "en", "warnings": [{"code": "generic", "words": ["green"]}]},
        "Green for ever",
    ),
    Kind.REPORT: ({"complaint": "closed", "text": "Nobody is there"}, "The factory has closed or moved"),
}


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_of_matter_has_a_page_that_says_what_it_is(staff: Browser, kind: Kind) -> None:
    details, words = DETAILS[kind]
    moderation.noticed(Matter("0" * 16, kind, "/f/BDF8QY40YGE1", "X", "2026-11-22T09:00:00Z", details), PUBLIC)
    assert words in staff.get(f"/portal/staff/moderation/{'0' * 16}").text


def test_a_rename_in_the_portal_comes_to_the_queue(runner: SimpleNamespace, staff: Browser) -> None:
    edited = {**staff.form(runner.profile), "name": "\u041a\u043elmilat\u0430"}
    assert staff.post(runner.profile, edited).status == 303
    listed = staff.get("/portal/staff/moderation").text
    assert len(re.findall(r'href="/portal/staff/moderation/[0-9a-f]{16}"', listed)) == 1


def test_nobody_but_staff_sees_the_queue(runner: SimpleNamespace) -> None:
    for path in ("/portal/staff/moderation", "/portal/staff/moderation/0000000000000000"):
        assert runner.browser.get(path).status == 403
