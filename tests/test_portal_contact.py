"""A contact address is confirmed by a mail. See SAFETY 6: single use, hashed, voided; GET changes nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from chalicelib import clock
from chalicelib.domain.factory import Audience, IcsStatement
from chalicelib.domain.network import supplier
from chalicelib.internal import mail, profiles, rights
from chalicelib.internal.access import Caller
from chalicelib.store.registry import callers, contacts, erasure, factories, history, networks
from chalicelib.store.registry.factories import Change
from tests.portal_browser import EMAIL, STAFF, Browser, filled, link_in

pytest_plugins = ["tests.conftest_portal"]

OFFICE = "Office@kolmilata.example"


@pytest.fixture
def office(runner: SimpleNamespace, mails: list[EmailMessage]) -> SimpleNamespace:
    """A factory that has just given its contact address, and the mail that went there."""
    mails.clear()
    assert runner.browser.send(runner.profile, contact_email=OFFICE).status == 303
    (sent,) = mails
    return SimpleNamespace(**vars(runner), mails=mails, path=link_in(sent), anyone=Browser(runner.browser.client))


def check(factory_id: str) -> dict[str, Any] | None:
    told: dict[str, Any] | None = profiles.describe(factories.need(factory_id))["contact_check"]
    return told


def confirmed(factory_id: str) -> str | None:
    told = check(factory_id)
    return told["confirmed_on"] if told else None


def events(factory_id: str) -> list[str]:
    return [each["action"] for each in history.of(f"FACTORY#{factory_id}")]


def registry() -> str:
    return json.dumps(boto3.client("dynamodb").scan(TableName="factory-id-registry")["Items"])


def test_a_new_contact_address_gets_a_link_that_confirms_it_once(office: SimpleNamespace) -> None:
    sent = office.mails[0]
    assert sent["To"] == OFFICE
    assert "Kolmilata Knit Ltd." in sent["Subject"]
    today = clock.today().isoformat()
    assert check(office.factory_id) == {"confirmed_on": None, "mailed_on": today}
    assert "Not confirmed yet. We sent a mail there on" in office.browser.get(office.profile).text
    done = office.anyone.send(office.path)
    assert done.headers["Location"] == "/portal/contacts?done=confirmed"
    assert "Contact address confirmed" in office.anyone.get(done.headers["Location"]).text
    assert confirmed(office.factory_id) == today
    page = office.browser.get(office.profile).text
    assert "Confirmed on" in page
    assert "contact-mail" not in page
    assert office.anyone.get(office.path).status == 410
    assert events(office.factory_id)[-3:] == ["profile", "contact_asked", "contact_confirmed"]
    assert history.first_false(history.of(f"FACTORY#{office.factory_id}")) is None


def test_opening_the_link_changes_nothing_and_its_page_names_no_address(office: SimpleNamespace) -> None:
    for _ in range(5):
        page = office.anyone.get(office.path)
        assert page.status == 200
        assert "office@" not in page.text.lower()
    assert office.anyone.post(office.path, {"csrf_token": "0" * 64}).status == 403
    assert office.anyone.post("/portal/contacts/" + "x" * 43, {"csrf_token": "0" * 64}).status == 403
    assert office.anyone.get("/portal/contacts/" + "x" * 43).status == 410
    assert confirmed(office.factory_id) is None


def test_no_table_holds_a_token_that_works(office: SimpleNamespace) -> None:
    token = office.path.rpartition("/")[2]
    assert token not in registry()
    assert callers.digest(token) in registry()
    assert callers.digest(token) not in json.dumps(profiles.describe(factories.need(office.factory_id)))


def test_a_mail_sent_again_voids_the_older_link(office: SimpleNamespace) -> None:
    again = office.browser.send(f"{office.home}/contact-mail", page=office.profile, number=1)
    assert again.headers["Location"].startswith(f"{office.profile}?done=mailed")
    assert len(office.mails) == 2
    assert office.anyone.get(office.path).status == 410
    assert office.anyone.send(link_in(office.mails[1])).status == 303
    assert confirmed(office.factory_id)


def test_another_address_unconfirms_and_the_older_link_is_void(office: SimpleNamespace) -> None:
    office.browser.send(office.profile, contact_email="new@kolmilata.example")
    assert office.mails[-1]["To"] == "new@kolmilata.example"
    assert office.anyone.get(office.path).status == 410
    office.anyone.send(link_in(office.mails[-1]))
    assert confirmed(office.factory_id)
    office.browser.send(office.profile, city="Savar")
    assert confirmed(office.factory_id)
    office.browser.send(office.profile, contact_email=OFFICE)
    assert confirmed(office.factory_id) is None
    office.browser.send(office.profile, contact_email="")
    assert check(office.factory_id) is None
    assert factories.need(office.factory_id).factory.contact is None


def test_an_address_that_ics_replaces_is_not_confirmed_any_more(office: SimpleNamespace) -> None:
    office.anyone.send(office.path)

    def audited(held: factories.Held) -> Change:
        ics = IcsStatement(1, "2026-01-01", {"contact_email": "ics@kolmilata.example"})
        own = {name: said for name, said in held.factory.own.items() if name != "contact_email"}
        return Change(replace(held.factory, ics=ics, own=own))

    factories.change(office.factory_id, audited, STAFF)
    assert check(office.factory_id) == {"confirmed_on": None, "mailed_on": None}
    assert "Send a mail to confirm it" in office.browser.get(office.profile).text


def test_who_signed_in_with_the_same_address_confirms_it_at_once(
    runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    mails.clear()
    runner.browser.send(runner.profile, contact_email=EMAIL.upper())
    assert confirmed(runner.factory_id)
    assert mails == []


def test_a_link_ends_after_a_week(office: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=7) - timedelta(minutes=1))
    assert office.anyone.get(office.path).status == 200
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=7))
    assert office.anyone.get(office.path).status == 410


def test_nobodys_mailbox_is_flooded_and_the_profile_is_saved_all_the_same(office: SimpleNamespace) -> None:
    for _ in range(contacts.TO_ADDRESS.most - 1):
        assert office.browser.send(f"{office.home}/contact-mail", page=office.profile, number=1).status == 303
    refused = office.browser.send(f"{office.home}/contact-mail", page=office.profile, number=1)
    assert refused.status == 429
    assert len(office.mails) == contacts.TO_ADDRESS.most
    office.browser.send(office.profile, contact_email="x@kolmilata.example")
    assert office.browser.send(office.profile, contact_email=OFFICE, city="Savar").status == 303
    assert factories.need(office.factory_id).factory.value("city") == "Savar"
    assert check(office.factory_id) == {"confirmed_on": None, "mailed_on": None}
    assert [each["To"] for each in office.mails].count(OFFICE) == contacts.TO_ADDRESS.most


def test_a_mail_service_that_is_down_costs_no_input(runner: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(_message: EmailMessage) -> None:
        raise mail.NotSent

    monkeypatch.setattr(mail, "send", down)
    assert runner.browser.send(runner.profile, contact_email=OFFICE).status == 303
    assert check(runner.factory_id) == {"confirmed_on": None, "mailed_on": None}
    refused = runner.browser.send(f"{runner.home}/contact-mail", page=runner.profile, number=1)
    assert refused.status == 409
    assert "could not be sent" in refused.text


def test_the_network_sees_whether_the_address_it_sees_is_confirmed(office: SimpleNamespace) -> None:
    staff = Caller("staff", "staff", "test", ())
    profiles.set_privacy(staff, office.factory_id, {"contact_email": Audience.NETWORK}, None)
    office.anyone.send(office.path)
    (row,) = networks.suppliers("maison")
    shown = supplier(row.linked, row.present, row.page, "maison")
    assert shown is not None
    assert (shown.fields["contact_email"], shown.contact_confirmed) == (OFFICE, clock.today().isoformat())


def test_erasure_takes_the_check_along_and_the_link_confirms_nothing(office: SimpleNamespace) -> None:
    person = callers.person(OFFICE)
    (told,) = rights.of_person(person)["contact_of"]
    assert told["contact_check"] == {"confirmed_on": None, "mailed_on": clock.today().isoformat()}
    erasure.person(person, STAFF)
    assert OFFICE.lower() not in registry().lower()
    assert factories.need(office.factory_id).factory.contact is None
    assert office.anyone.get(office.path).status == 410


def test_a_mail_asked_for_where_there_is_no_address_is_refused(runner: SimpleNamespace) -> None:
    page = runner.browser.get(runner.profile).text
    assert "contact-mail" not in page
    form = {"csrf_token": filled(page)["csrf_token"]}
    assert runner.browser.post(f"{runner.home}/contact-mail", form).status == 409
