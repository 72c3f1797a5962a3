"""Buyers write to a factory through us. SAFETY: GET changes nothing, one use, no token in a dump, no header injection,
markup inert, limits; and the factory's address shows nowhere.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from chalicelib import clock
from chalicelib.internal import mail
from chalicelib.internal.portal import hourly
from chalicelib.store import reader
from chalicelib.store.registry import limits, relay
from tests.portal_browser import EMAIL, Browser, filled, invited, link_in

pytest_plugins = ["tests.conftest_portal"]

BUYER = "claire@buyer.example"
TYPED = {
    "message": "Do you knit wool?\nWe need 2,000 pullovers.",
    "sender": "Claire Dubois",
    "company": "Dubois & Fils",
    "email": BUYER,
}
CONTACT = "office.secret@kolmilata.example"


@pytest.fixture
def write(runner: SimpleNamespace) -> str:
    """The form, opened by somebody who is not signed in."""
    runner.session, runner.browser.cookie = runner.browser.cookie, ""
    return f"{runner.home}/write"


def edited(runner: SimpleNamespace, **fields: str) -> None:
    browser = runner.browser
    browser.cookie = runner.session
    assert browser.post(runner.profile, {**browser.form(runner.profile), **fields}).status == 303
    browser.cookie = ""


def asked(browser: Browser, write: str, mails: list[EmailMessage], **changed: str) -> str:
    """Write a letter: the path of the link that was mailed."""
    answer = browser.send(write, {**TYPED, **changed})
    assert (answer.status, answer.headers["Location"].partition("&")[0]) == (303, "/portal/letters?done=asked")
    assert browser.get(answer.headers["Location"]).status == 200
    return link_in(mails[-1])


def dump() -> str:
    return json.dumps(boto3.client("dynamodb").scan(TableName="factory-id-registry")["Items"])


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    return str(message.get_body((kind,)).get_content())


def test_a_letter_goes_to_who_runs_the_factory_after_the_buyer_confirmed_the_address(
    runner: SimpleNamespace, write: str, mails: list[EmailMessage]
) -> None:
    browser = runner.browser
    link = asked(browser, write, mails)
    assert [message["To"] for message in mails] == [BUYER]
    for _ in range(5):
        shown = browser.get(link)
        assert shown.status == 200
        assert "Do you knit wool?" in shown.text
    assert len(mails) == 1
    sent = browser.send(link)
    assert (sent.status, sent.headers["Location"]) == (303, "/portal/letters?done=sent")
    letter = mails[-1]
    assert (letter["To"], letter["Reply-To"]) == (EMAIL, BUYER)
    for kind in ("plain", "html"):
        assert "We need 2,000 pullovers." in text_of(letter, kind)
        assert f"{runner.home}/privacy" in text_of(letter, kind)
    assert "claire" not in letter["From"]
    assert browser.send(link, page=write).status in (403, 410)
    assert browser.get(link).status == 410
    assert len(mails) == 2
    assert "pullovers" not in dump()


def test_the_contact_address_goes_before_who_runs_it_and_neither_shows_anywhere(
    runner: SimpleNamespace, write: str, mails: list[EmailMessage]
) -> None:
    edited(runner, contact_email=CONTACT)
    browser = runner.browser
    pages = [browser.get(f"/f/{runner.factory_id}").text, browser.get(write).text]
    pages.append(browser.send(write, {**TYPED, "email": "x"}).text)
    link = asked(browser, write, mails)
    pages += [
        browser.get(link).text,
        browser.get("/portal/letters?done=sent").text,
        text_of(mails[-1]),
        mails[-1].as_string(),
    ]
    assert browser.send(link).status == 303
    pages.append(browser.get(link).text)
    assert mails[-1]["To"] == CONTACT
    for page in pages:
        assert CONTACT not in page
        assert EMAIL not in page
    public = boto3.client("dynamodb").scan(TableName="factory-id-public")["Items"]
    assert CONTACT not in json.dumps(public)


def test_the_letter_speaks_the_factorys_language_and_the_question_the_buyers(
    runner: SimpleNamespace, write: str, mails: list[EmailMessage]
) -> None:
    edited(runner, languages="bn, en")
    link = asked(runner.browser, f"{write}?lang=fr", mails)
    assert mails[-1]["Content-Language"] == "fr"
    runner.browser.send(link)
    assert mails[-1]["Content-Language"] == "bn"


def test_no_value_brings_in_a_header_and_markup_stays_inert(
    runner: SimpleNamespace, write: str, mails: list[EmailMessage]
) -> None:
    browser = runner.browser
    for name in ("sender", "company", "email"):
        value = f"{TYPED[name]}\r\nBcc: victim@elsewhere.example"
        assert browser.send(write, {**TYPED, name: value}).status == 400, name
    assert mails == []
    link = asked(
        browser,
        write,
        mails,
        message="</p><script>alert(1)</script>\r\nBcc: victim@elsewhere.example",
        company='<img src=x onerror="alert(1)">',
    )
    assert "<script" not in browser.get(link).text
    assert "<img" not in browser.get(link).text
    browser.send(link)
    for message in mails:
        read = BytesParser(policy=default).parsebytes(message.as_bytes())
        assert len(read.keys()) == len({*read.keys()})
        assert read["Bcc"] is None
        assert "<script" not in text_of(read, "html")
        assert "<img" not in text_of(read, "html")


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"message": ""}, ["message"]),
        ({"message": "x" * 2001}, ["message"]),
        ({"sender": " ", "company": ""}, ["sender", "company"]),
        ({"email": "claire@"}, ["email"]),
        ({"sender": "Claire\u202e"}, ["sender"]),
    ],
)
def test_what_was_typed_is_kept_when_something_is_wrong_with_it(
    runner: SimpleNamespace, write: str, mails: list[EmailMessage], changed: dict[str, str], names: list[str]
) -> None:
    answer = runner.browser.send(write, {**TYPED, **changed})
    assert answer.status == 400
    assert re.findall(r'<a href="#(\w+)">', answer.text) == names
    kept = filled(answer.text)
    assert {name: kept[name] for name in TYPED} == {**TYPED, **changed}
    assert mails == []


def test_a_dump_of_the_table_holds_no_usable_link(
    runner: SimpleNamespace, write: str, mails: list[EmailMessage]
) -> None:
    link = asked(runner.browser, write, mails)
    token = link.rpartition("/")[2]
    assert len(token) == 43
    assert token not in dump()
    (digest,) = re.findall(r"LETTER#([0-9a-f]{64})", dump())
    assert runner.browser.get(f"/portal/letters/{digest}").status == 410


def test_a_link_is_over_after_a_day(
    runner: SimpleNamespace, write: str, mails: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = asked(runner.browser, write, mails)
    later = clock.now() + timedelta(hours=24)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert runner.browser.get(link).status == 410


def test_a_sender_and_the_letters_to_a_factory_are_limited(
    runner: SimpleNamespace, write: str, mails: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = runner.browser
    monkeypatch.setattr(relay, "TO_FACTORY", limits.Limit("letter-to", 2, timedelta(days=1)))
    links = [asked(browser, write, mails) for _ in range(relay.BY_SENDER.most)]
    answer = browser.send(write, {**TYPED, "email": BUYER.upper()})
    assert answer.status == 429
    assert "pullovers" in answer.text
    assert len(mails) == relay.BY_SENDER.most
    assert [browser.send(link).status for link in links[:3]] == [303, 303, 429]
    assert browser.get(links[2]).status == 200
    assert BUYER not in "".join(re.findall(r"COUNT#[^\"]*", dump()))


def test_a_letter_that_the_mail_service_does_not_take_can_be_sent_again(
    runner: SimpleNamespace, write: str, mails: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = asked(runner.browser, write, mails)

    def down(_message: Any) -> None:
        raise mail.NotSent

    with monkeypatch.context() as patched:
        patched.setattr(mail, "send", down)
        assert runner.browser.send(link).status == 503
        kept = runner.browser.send(write, TYPED)
        assert kept.status == 503
        assert "pullovers" in kept.text
    assert runner.browser.send(link).status == 303
    assert mails[-1]["To"] == EMAIL


def test_a_factory_switches_letters_off_and_its_page_offers_them_no_more(
    runner: SimpleNamespace, write: str, mails: list[EmailMessage]
) -> None:
    browser = runner.browser
    public = f"/f/{runner.factory_id}"
    assert f'href="{write}"' in browser.get(public).text
    assert reader.factory(runner.factory_id).writable
    link = asked(browser, write, mails)
    browser.cookie = runner.session
    forms = browser.get(f"{runner.home}/privacy").text
    assert re.search(r'name="relay" value="open" checked', forms)
    token = browser.form(f"{runner.home}/privacy")["csrf_token"]
    assert browser.post(f"{runner.home}/relay", {"csrf_token": token}).status == 303
    assert not re.search(r'name="relay" value="open" checked', browser.get(f"{runner.home}/privacy").text)
    browser.cookie = ""
    assert write not in browser.get(public).text
    assert "cannot be written to" in browser.get(write).text
    typed = {**TYPED, "csrf_token": hourly.token("write")}
    closed = browser.post(write, typed)
    assert closed.status == 409
    assert "pullovers" in closed.text
    assert browser.send(link).status == 409
    assert len(mails) == 1


def test_who_may_no_longer_run_the_factory_gets_no_letters(
    runner: SimpleNamespace, write: str, mails: list[EmailMessage]
) -> None:
    person = re.search(r"PERSON#([0-9a-f]{64})", dump()).group(1)
    boto3.client("dynamodb").delete_item(
        TableName="factory-id-registry",
        Key={"pk": {"S": f"PERSON#{person}"}, "sk": {"S": f"FACTORY#{runner.factory_id}"}},
    )
    shown = runner.browser.get(write)
    assert shown.status == 200
    assert "cannot be written to" in shown.text
    assert "<textarea" not in shown.text
    assert mails == []


@pytest.mark.safety("public.same-404")
def test_a_draft_and_an_absent_factory_are_the_same_404(runner: SimpleNamespace) -> None:
    answer = runner.browser.send(f"/portal/invitations/{invited('Draft Ltd', email='d@draft.example')}")
    draft = re.search(r"/factories/([A-Z0-9]+)/", answer.headers["Location"]).group(1)
    runner.browser.cookie = ""
    seen = set()
    for factory_id in (draft, "BD0000000000", "nonsense"):
        answer = runner.browser.get(f"/portal/factories/{factory_id}/write")
        assert answer.status == 404
        seen.add(re.sub(r"<time.*?</time>|<footer>.*", "", answer.text, flags=re.S))
    assert len(seen) == 1


def test_a_form_without_its_token_or_from_another_site_is_refused(runner: SimpleNamespace, write: str) -> None:
    assert runner.browser.post(write, TYPED).status == 403
    typed = {**runner.browser.form(write), **TYPED}
    assert runner.browser.post(write, typed, Sec_Fetch_Site="cross-site").status == 403
