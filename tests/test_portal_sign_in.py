"""Signing in by mail, signing out, and the mails themselves. See SAFETY: Invitations, Mechanisms 6 and 7."""

from __future__ import annotations

import json
import re
from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from chalicelib import clock
from chalicelib.internal import letters
from chalicelib.internal.portal import sign_in as page
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import callers, invitations, sign_in
from chalicelib.web import language
from tests.portal_browser import EMAIL, Browser, invited, link_in, token_of_form

pytest_plugins = ["tests.conftest_portal"]


@pytest.mark.safety("mechanisms.mailed-tokens")
def test_a_sign_in_link_works_once_and_looking_at_it_changes_nothing(
    runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    runner.browser.cookie = ""
    runner.browser.send("/portal/sign-in", email=EMAIL.upper())
    path = link_in(mails[0])
    for _ in range(3):
        assert runner.browser.get(path).status == 200
    assert runner.browser.get("/portal").status == 303
    used = runner.browser.send(path)
    assert (used.status, used.headers["Location"]) == (303, "/portal")
    assert "Kolmilata" in runner.browser.get("/portal").text
    assert runner.browser.get(path).status == 410
    assert runner.browser.post(path, {"csrf_token": token_of_form(path)}).status == 410


def test_asking_for_a_link_tells_nobody_whether_the_address_is_known(
    runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    pages_seen = {
        re.sub("<time.*?</time>", "", runner.browser.send("/portal/sign-in", email=email).text)
        for email in (EMAIL, "nobody@elsewhere.example")
    }
    assert len(pages_seen) == 1
    assert [message["To"] for message in mails] == [EMAIL]


def test_nor_does_the_time_until_the_answer_where_a_mail_takes_long_to_hand_over(
    runner: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = [0.0]

    def handed_over(*_given: object) -> None:
        passed[0] += 0.3

    def waited(seconds: float) -> None:
        passed[0] += seconds

    monkeypatch.setattr(letters, "sign_in", handed_over)
    monkeypatch.setattr(page, "ANSWERED_AFTER", 0.5)
    monkeypatch.setattr(clock, "ticking", lambda: passed[0])
    monkeypatch.setattr(page, "time", SimpleNamespace(sleep=waited))
    took = []
    for email in (EMAIL, "nobody@elsewhere.example"):
        begun = passed[0]
        assert runner.browser.send("/portal/sign-in", email=email).status == 200
        took.append(round(passed[0] - begun, 3))
    assert took == [0.5, 0.5]


def test_nobody_gets_more_than_five_links_an_hour(runner: SimpleNamespace, mails: list[EmailMessage]) -> None:
    for _ in range(8):
        assert runner.browser.send("/portal/sign-in", email=EMAIL).status == 200
    assert len(mails) == sign_in.MOST_MAILS


def test_a_sign_in_link_ends_after_half_an_hour(runner: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    token = sign_in.ask(EMAIL)
    assert runner.browser.get(f"/portal/sign-in/{token}").status == 200
    later = clock.now() + sign_in.VALID_FOR
    monkeypatch.setattr(clock, "now", lambda: later)
    assert runner.browser.get(f"/portal/sign-in/{token}").status == 410


def test_an_address_that_is_none_is_shown_again(browser: Browser, mails: list[EmailMessage]) -> None:
    answer = browser.send("/portal/sign-in", email="rokeya at mill")
    assert answer.status == 400
    assert 'value="rokeya at mill"' in answer.text
    assert 'href="#email"' in answer.text
    assert not mails


def test_signing_out_ends_the_session_on_the_server(runner: SimpleNamespace) -> None:
    held = runner.browser.cookie
    assert runner.browser.send("/portal/sign-out", page="/portal", number=0).status == 303
    runner.browser.cookie = held
    assert runner.browser.get("/portal").status == 303


@pytest.mark.safety("mechanisms.present-membership")
def test_a_lost_grant_acts_on_the_next_request(runner: SimpleNamespace) -> None:
    from chalicelib.store import people_keys

    key = people_keys.grant(callers.person(EMAIL), runner.factory_id)
    typed = runner.browser.form(runner.profile)
    RegistryItem(key.pk, key.sk, body={}).delete()
    assert runner.browser.get(runner.profile).status == 404
    assert runner.browser.post(runner.profile, typed).status == 404
    assert "Kolmilata" not in runner.browser.get("/portal").text


@pytest.mark.safety("invitations.table-dump")
def test_the_table_holds_no_usable_token(runner: SimpleNamespace, mails: list[EmailMessage]) -> None:
    token = invited("Z")
    runner.browser.get(f"/portal/invitations/{token}")
    runner.browser.send("/portal/sign-in", email=EMAIL)
    link = link_in(mails[-1])
    runner.browser.send(link)
    secrets = (token, link.rpartition("/")[2], runner.browser.cookie.partition("=")[2])
    dump = json.dumps([[item.pk, item.sk, item.body] for item in RegistryItem.scan()])
    for secret in secrets:
        assert len(secret) >= 43
        assert secret not in dump


@pytest.mark.safety("invitations.header-injection")
@pytest.mark.usefixtures("_tables")
def test_no_name_brings_a_header_or_markup_into_a_mail(mails: list[EmailMessage]) -> None:
    found = invitations.by_token(invited("Kol & Co <b>"))
    letters.invitation("Evil\r\nBcc: victim@elsewhere.example\r\n\r\n<b>x</b>", found, "t" * 43)
    message = mails[0]
    assert message["Bcc"] is None
    assert sorted(message.keys()) == [
        *("Content-Language", "Content-Type", "From", "MIME-Version", "Subject", "To", "X-Invitation")
    ]
    assert "\nBcc:" not in message.as_string().partition("\n\n")[0]
    text, marked = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Kol & Co <b>" in text
    assert "Kol &amp; Co &lt;b&gt;" in marked
    assert "<b>" not in marked


@pytest.mark.usefixtures("_tables")
def test_mails_speak_plainly_in_text_and_html(mails: list[EmailMessage]) -> None:
    letters.sign_in(EMAIL, language.choose("en", None), "t" * 43)
    letters.invitation("Maison Lumière", invitations.by_token(invited("O'Neill")), "t" * 43)
    for message in mails:
        text, marked = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
        assert "t" * 43 in text
        assert "t" * 43 in marked
        assert "&#39;" not in text
        assert "<time" not in text
