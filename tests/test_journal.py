"""What the functions write to their logs, over whole journeys: nothing about anybody, and nothing that opens a door."""

from __future__ import annotations

import io
import json
import re
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib import journal
from chalicelib.domain.errors import Unavailable
from chalicelib.internal import mail
from chalicelib.store import kms, reader
from chalicelib.store.registry import callers
from infra import template
from tests.portal_browser import EMAIL, invited, link_in

pytest_plugins = ["tests.conftest_portal"]

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = "amina@kolmilata.example"
SECRET = "Bearer fid_0123456789abcdef"
PHONE = "+880 1700 123456"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is written from now on."""
    written: list[dict[str, Any]] = []
    monkeypatch.setattr(journal, "write", lambda line: written.append(json.loads(line)))
    return written


def failing() -> None:
    try:
        raise ValueError(f"cannot read {ADDRESS}, {SECRET}")
    except ValueError as error:
        raise LookupError(ADDRESS) from error


def test_an_error_is_told_by_its_kind_and_its_way_and_never_by_its_message(lines: list[dict[str, Any]]) -> None:
    try:
        failing()
    except LookupError as error:
        journal.failed("unforeseen", error, about="test")
    (line,) = lines
    assert (line["event"], line["error"], line["cause"], line["about"]) == (
        "unforeseen",
        "LookupError",
        "ValueError",
        "test",
    )
    assert re.search(r"test_journal\.py:\d+ failing$", line["way"])
    assert ADDRESS not in json.dumps(line)
    assert "Bearer" not in json.dumps(line)


def test_a_line_is_one_line_of_json_whatever_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(journal, "write", out.write)
    journal.say("photo_not_deleted", photo="a\nb", status=500)
    assert out.getvalue().count("\n") == 1
    assert json.loads(out.getvalue()) == {"event": "photo_not_deleted", "photo": "a\nb", "status": 500}


def test_that_a_line_cannot_be_written_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_line: str) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(journal, "write", full)
    journal.say("sync", rows=1)


def test_a_signature_that_was_not_made_is_noted(monkeypatch: pytest.MonkeyPatch, lines: list[dict[str, Any]]) -> None:
    class Broken:
        def call(self, *_asked: object) -> None:
            raise Unavailable("The registry could not be reached just now.")

    monkeypatch.setattr(kms, "_wire", Broken())
    with pytest.raises(Unavailable):
        kms.sign("arn:aws:kms:eu-central-1:1:key/1", b"message")
    assert [line["event"] for line in lines] == ["sign_failed"]


def test_nothing_else_in_the_functions_writes_to_the_log() -> None:
    """``logging`` would write messages of errors; scans have a line of their own, which tests/test_scans.py reads."""
    writers = re.compile(r"^\s*(import logging|from logging)|\bprint\(|sys\.(stdout|stderr)", re.MULTILINE)
    allowed = {"chalicelib/journal.py", "chalicelib/public/scans.py"}
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "chalicelib").rglob("*.py")
        if not {"locale", "compiled"} & set(path.parts) and writers.search(path.read_text("utf-8"))
    }
    assert found == allowed


def test_every_alarm_about_a_line_is_about_one_that_is_written() -> None:
    from infra.alarms import ALARMS, Line

    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "chalicelib").rglob("*.py"))
    counted = {alarm.metric for alarms in ALARMS.values() for alarm in alarms if isinstance(alarm.metric, Line)}
    failures = {"sign_failed", "mail_not_sent", "watcher_not_told"}
    assert {line.event for line in counted} == {"unforeseen", "sync", "outbox", *failures}
    for line in counted:
        assert re.search(rf'journal\.(say|failed)\("{line.event}"', source)
        assert line.value == "1" or f"{line.value.removeprefix('$.')}=" in source


HEADERS = {
    "X-Forwarded-For": "203.0.113.77",
    "User-Agent": "Mozilla/5.0 Zxqv/77",
    "CloudFront-Viewer-Address": "203.0.113.77:4711",
}
WATCHED_ROUTES = ("/portal", "/portal/team", "/portal/me", "/f/{factory}", "/v1/factories/{factory}", "/c/C1EWZEPEEX2")


@pytest.mark.safety("invitations.token-unlogged")
def test_no_line_of_a_journey_tells_of_anybody(
    runner: SimpleNamespace,
    mails: list[EmailMessage],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Somebody is invited, signs in, saves a profile, looks at pages; mail fails, and what nobody foresaw happens."""
    caplog.set_level(template.LOGGING["ApplicationLogLevel"])
    _, key = callers.create_key("ics", "ics", ["audits:write"], "nightly")
    token = invited("Z", email="hasina@other.example")
    runner.browser.get(f"/portal/invitations/{token}", **HEADERS)
    runner.browser.send("/portal/sign-in", email=EMAIL)
    link = link_in(mails[-1])
    runner.browser.send(link)
    contact = {"contact_email": "office@kolmilata.example", "contact_name": "Rokeya Begum", "contact_phone": PHONE}
    runner.browser.send(runner.profile, contact)
    for path in WATCHED_ROUTES:
        runner.browser.get(path.format(factory=runner.factory_id), **HEADERS)
    _sync(runner, key)

    def broken(message: EmailMessage) -> None:
        raise mail.NotSent(f"{message['To']} was refused") from OSError(link)

    monkeypatch.setattr(mail, "send", broken)
    runner.browser.send("/portal/sign-in", email=EMAIL)
    _break(monkeypatch, f"{EMAIL} {token} {key} 203.0.113.77")
    assert runner.browser.get("/portal", **HEADERS).status == 500
    assert runner.browser.get("/internal/v1/network", Authorization=f"Bearer {key}", **HEADERS).status == 500
    assert runner.browser.get(f"/f/{runner.factory_id}", **HEADERS).status == 500

    told = capsys.readouterr()
    text = told.out + told.err + caplog.text
    events = [json.loads(line)["event"] for line in told.out.splitlines()]
    assert {"mail_not_sent", "sync"} <= set(events)
    assert events.count("unforeseen") == 3
    secrets = [
        EMAIL,
        "@",
        PHONE,
        "Rokeya",
        "203.0.113",
        "Zxqv",
        token,
        key,
        key.partition("_")[2],
        runner.browser.cookie,
    ]
    secrets += [link.rpartition("/")[2], "Bearer"]
    assert [secret for secret in secrets if secret and secret in text] == []


def _sync(runner: SimpleNamespace, key: str) -> None:
    factory = {"name": "Mill", "country": "BD", "contact_email": EMAIL}
    audit = {"reference": "R-1", "scope": "social", "type": "initial", "date": "2026-01-02"}
    item = {"site": "S-1", "version": 1, "factory": factory, "audit": audit}
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Idempotency-Key": "n", **HEADERS}
    sent = json.dumps({"items": [item]}).encode()
    assert runner.browser.client.http.post("/internal/v1/audit-syncs", headers=headers, body=sent).status_code == 200


def _break(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    """Let every road end in an error whose message holds what it should not."""

    def unforeseen(*_asked: object, **_named: object) -> None:
        raise RuntimeError(said) from KeyError(said)

    monkeypatch.setattr(callers, "by_session", unforeseen)
    monkeypatch.setattr(callers, "by_key", unforeseen)
    monkeypatch.setattr(reader, "factory", unforeseen)
