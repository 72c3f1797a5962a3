"""The rights of people. See SAFETY, Privacy: after erasure no personal data is left, and the chain still verifies."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from types import SimpleNamespace

import boto3
import pytest

from chalicelib.domain.audit import Audit, Outcome, SyncItem, plan_site
from chalicelib.domain.erasure import without_contact
from chalicelib.domain.errors import Conflict
from chalicelib.domain.factory import Factory, IcsStatement, Said, Source
from chalicelib.domain.moderation import About, Complaint
from chalicelib.internal import access, rights
from chalicelib.store import people_keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import (
    callers,
    erasure,
    factories,
    history,
    invitations,
    moderation,
    organisations,
    people,
)
from chalicelib.store.registry import invitation_items as items
from chalicelib.store.registry import invited as invited_by
from chalicelib.store.registry.people import Role
from tests.portal_browser import EMAIL, STAFF, Browser, invited, signed_in

pytest_plugins = ["tests.conftest_portal"]

MAISON = Role("member", "maison")
PHONE = "+880 1700 123456"
NAME = "Rokeya Begum"
CONTACT = {"contact_email": "Office@kolmilata.example", "contact_phone": PHONE, "contact_name": NAME}
MINE = {"contact_email": EMAIL, "contact_phone": PHONE, "contact_name": NAME}


def everything() -> str:
    """Every item of both tables, in lower case."""
    client = boto3.client("dynamodb")
    tables = ("factory-id-registry", "factory-id-public")
    return json.dumps([client.scan(TableName=name)["Items"] for name in tables], ensure_ascii=False).lower()


def events() -> str:
    """The histories of all records, which stay for ever."""
    held = boto3.client("dynamodb").scan(TableName="factory-id-registry")["Items"]
    return json.dumps([item for item in held if item["pk"]["S"].startswith("EVENTS#")])


def left(*words: str) -> list[str]:
    held = everything()
    return [word for word in words if word.lower() in held]


def chains_hold(*records: str) -> bool:
    return all(history.first_false(history.of(record)) is None for record in records)


@pytest.fixture
def contacted(runner: SimpleNamespace) -> SimpleNamespace:
    """A factory whose contact is public, its certificates' and its own history not empty."""
    runner.browser.send(runner.profile, CONTACT)
    runner.browser.send(f"{runner.home}/privacy", {f"seen-{name}": "public" for name in CONTACT}, number=1)
    return runner


@pytest.mark.safety("privacy.erasure")
def test_the_contact_of_a_factory_is_erased_from_both_tables_and_the_history_stays(
    contacted: SimpleNamespace,
) -> None:
    assert left(CONTACT["contact_email"], PHONE, NAME, EMAIL) == [CONTACT["contact_email"], PHONE, NAME, EMAIL]
    before = len(history.of(f"FACTORY#{contacted.factory_id}"))
    path = f"{contacted.home}/data"
    assert contacted.browser.send(f"{path}/erase", page=path, sure="yes").status == 303
    assert left(CONTACT["contact_email"], PHONE, NAME, EMAIL) == []
    assert "office@" not in contacted.browser.get(f"/v1/factories/{contacted.factory_id}").text
    events = history.of(f"FACTORY#{contacted.factory_id}")
    assert (len(events), events[-1]["action"]) == (before + 1, "contact_erased")
    assert chains_hold(f"FACTORY#{contacted.factory_id}")
    assert contacted.browser.get(contacted.profile).status == 200


def test_nothing_is_erased_before_somebody_ticked_that_they_are_sure(contacted: SimpleNamespace) -> None:
    for path, page in ((f"{contacted.home}/data/erase", f"{contacted.home}/data"), ("/portal/me/erase", "/portal/me")):
        refused = contacted.browser.send(path, page=page)
        assert refused.status == 400
        assert 'href="#sure"' in refused.text
        assert contacted.browser.get(path).status in (404, 405)
    assert left(CONTACT["contact_email"], EMAIL) == [CONTACT["contact_email"], EMAIL]


def test_what_is_held_of_a_person_is_told_and_can_be_taken_along(
    contacted: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    people.add(MAISON, EMAIL, STAFF)
    contacted.browser.send(contacted.profile, MINE)
    signed_in(contacted.browser, EMAIL, mails)
    page = contacted.browser.get("/portal/me").text
    for told in (EMAIL, callers.person(EMAIL), "Maison Lumière", "Kolmilata Knit Ltd."):
        assert told in page
    answer = contacted.browser.get("/portal/me/export")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    held = json.loads(answer.text)
    assert held["email_addresses"] == [EMAIL]
    assert [each["factory_id"] for each in held["factories"]] == [contacted.factory_id]
    assert [each["factory_id"] for each in held["contact_of"]] == [contacted.factory_id]
    assert [each["tenant"] for each in held["roles"]] == ["maison"]
    assert [each["email"] for each in held["invitations"]] == [EMAIL]
    assert len(held["sign_in_mails"]) == 1


@pytest.mark.safety("exports.other-reader")
def test_a_factory_takes_its_whole_record_along_and_nobody_elses(contacted: SimpleNamespace) -> None:
    answer = contacted.browser.get(f"{contacted.home}/export")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{contacted.factory_id}.json"'
    taken = json.loads(answer.text)
    assert taken["record"]["fields"]["contact_phone"] == PHONE
    assert taken["record"]["privacy"]["contact_email"] == "public"
    assert taken["record"]["links"]["maison"]
    assert [each["email"] for each in taken["invitations"]] == [EMAIL]
    assert history.first_false(taken["history"]) is None
    other = Browser(contacted.browser.client)
    other.send(f"/portal/invitations/{invited('Other Ltd.', email='other@mill.example')}")
    for page in ("export", "data"):
        assert other.get(f"{contacted.home}/{page}").status == 404
    assert EMAIL not in other.get("/portal/me/export").text


@pytest.mark.safety("privacy.erasure")
def test_a_person_who_erases_themselves_leaves_no_trace_and_acts_for_nobody(
    contacted: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    people.add(MAISON, EMAIL, STAFF)
    people.add(MAISON, "paul@maison.example", STAFF)
    invited("New Mill Ltd.", email=EMAIL)
    contacted.browser.send(contacted.profile, MINE)
    signed_in(contacted.browser, EMAIL, mails)
    old = contacted.browser.cookie
    gone = contacted.browser.send("/portal/me/erase", page="/portal/me", sure="yes")
    assert gone.headers["Location"] == "/portal/sign-in?done=erased"
    assert left(EMAIL, PHONE, NAME) == []
    assert callers.person(EMAIL)[:12] not in events()
    assert left("paul@maison.example") == ["paul@maison.example"]
    contacted.browser.cookie = old
    assert contacted.browser.get("/portal").status == 303
    assert not people.authority(callers.person(EMAIL))
    assert chains_hold(f"FACTORY#{contacted.factory_id}", "TEAM#member#maison")
    assert sorted(each.state for each in items.lines("maison")) == ["accepted", "withdrawn"]
    factory = factories.need(contacted.factory_id).factory
    assert not factory.claimed
    invited(None, contacted.factory_id, "successor@kolmilata.example")


def test_a_colleague_goes_on_running_the_factory_that_somebody_left(
    contacted: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    accepted = invitations.accept(invited("Second Ltd.", email="second@kolmilata.example"))
    grant = people_keys.grant(callers.person(EMAIL), accepted.factory_id)
    RegistryItem(grant.pk, grant.sk, body={"factory_id": accepted.factory_id}).save()
    signed_in(contacted.browser, EMAIL, mails)
    contacted.browser.send("/portal/me/erase", page="/portal/me", sure="yes")
    assert factories.need(accepted.factory_id).factory.claimed
    assert not factories.need(contacted.factory_id).factory.claimed
    assert left(EMAIL) == []


@pytest.mark.usefixtures("browser")
def test_a_colleague_goes_on_running_the_factory_whose_contact_was_erased_before() -> None:
    accepted = invitations.accept(invited("Second Ltd.", email="second@kolmilata.example"))
    grant = people_keys.grant(callers.person(EMAIL), accepted.factory_id)
    RegistryItem(grant.pk, grant.sk, body={"factory_id": accepted.factory_id}).save()
    invitations.accept(invited(None, accepted.factory_id, EMAIL))
    erasure.contact(accepted.factory_id, STAFF)
    erasure.person(callers.person(EMAIL), STAFF)
    assert callers.may_act(callers.person("second@kolmilata.example"), accepted.factory_id)
    assert factories.need(accepted.factory_id).factory.claimed
    with pytest.raises(Conflict):
        invited(None, accepted.factory_id, "stranger@else.example")
    assert list(invited_by.runners(accepted.factory_id).values()) == [callers.person("second@kolmilata.example")]


@pytest.mark.usefixtures("browser")
def test_the_address_that_a_reporter_gave_is_told_and_erased_and_the_report_stays() -> None:
    about = About("factory", "BDF8QY40YGE1", "/f/BDF8QY40YGE1")
    reference = moderation.report(about, "Mill", Complaint.CLOSED, "It closed.", EMAIL)
    assert rights.of_person(callers.person(EMAIL))["reports"] == [reference]
    erasure.person(callers.person(EMAIL), STAFF)
    assert left(EMAIL) == []
    assert (moderation.reporter(reference), moderation.need(reference).details["text"]) == (None, "It closed.")
    assert rights.of_person(callers.person(EMAIL))["reports"] == []


@pytest.mark.usefixtures("browser")
def test_an_invitation_whose_mail_came_back_is_sent_no_more_once_its_address_is_erased() -> None:
    invited("New Mill Ltd.", email=EMAIL)
    [held] = items.lines("maison")
    invitations.came_back(held.invitation_id, [EMAIL], "General")
    erasure.person(callers.person(EMAIL), STAFF)
    assert invitations.of_member("maison", held.invitation_id).state == "withdrawn"
    with pytest.raises(Conflict):
        invitations.renew("maison", held.invitation_id)


def test_signing_out_everywhere_ends_every_session_and_a_new_one_works(
    runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    first = runner.browser.cookie
    signed_in(runner.browser, EMAIL, mails)
    second = runner.browser.cookie
    out = runner.browser.send("/portal/me/sign-out", page="/portal/me", number=1)
    assert (out.status, "Max-Age=0" in out.headers["Set-Cookie"]) == (303, True)
    for cookie in (first, second):
        runner.browser.cookie = cookie
        assert runner.browser.get("/portal/me").status == 303
    assert signed_in(runner.browser, EMAIL, mails).get("/portal/me").status == 200


def test_staff_erase_by_address_with_a_reason_that_does_not_name_it(contacted: SimpleNamespace) -> None:
    contacted.browser.send(contacted.profile, MINE)
    _, secret = callers.create_key("staff", "staff", access.SCOPES["staff"], "test")
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}

    def ask(body: dict[str, str]) -> SimpleNamespace:
        sent = json.dumps(body).encode()
        got = contacted.browser.client.http.request("POST", "/internal/v1/erasures", headers=headers, body=sent)
        return SimpleNamespace(status=got.status_code, json=json.loads(got.body))

    refused = ask({"email": EMAIL, "reason": f"{EMAIL.upper()} asked"})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (400, "/reason")
    assert ask({"email": EMAIL}).status == 400
    done = ask({"email": EMAIL.upper(), "reason": "Asked for it by letter."})
    assert done.json == {"contacts": 1, "invitations": 1, "factories": 1, "roles": 0, "watches": 0}
    assert left(EMAIL, PHONE, NAME) == []
    assert ask({"email": EMAIL, "reason": "Again."}).json == dict.fromkeys(done.json, 0)
    events = history.of(f"FACTORY#{contacted.factory_id}")
    assert [each["reason"] for each in events[-2:]] == ["Asked for it by letter."] * 2
    assert history.first_false(events) is None


AUDIT = Audit("R-1", 1, "social", "initial", None, "2026-01-02")
ICS = {"name": "N", "country": "BD", "contact_email": "boss@mill.example", "contact_name": "Boss"}


def test_a_later_audit_does_not_bring_back_what_was_erased_and_the_same_one_is_no_conflict() -> None:
    factory = Factory("BD", "S", IcsStatement(1, "2026-01-02", ICS), audits=(AUDIT,), published=True)
    erased = without_contact(factory)
    assert erased.ics is not None
    assert set(erased.ics.fields) == {"name", "country"}

    def pushed(version: int, **changes: str) -> tuple[Outcome, Factory]:
        row = SyncItem(0, "S", {**ICS, **changes}, replace(AUDIT, version=version))
        plan = plan_site("S", erased, [row], lambda _country: "")
        assert plan.wanted is not None
        return plan.steps[0].result.outcome, plan.wanted

    assert pushed(1)[0] is Outcome.UNCHANGED
    assert pushed(1, name="Other")[0] is Outcome.CONFLICT
    outcome, after = pushed(2, name="Other")
    assert outcome is Outcome.UPDATED
    assert after.value("name") == "Other"
    assert "boss" not in str(after).lower()


def test_only_the_contact_that_is_meant_is_erased() -> None:
    own = {"contact_email": Said("me@mill.example", Source.FACTORY, date(2026, 1, 1).isoformat())}
    factory = Factory("BD", "S", IcsStatement(1, "2026-01-02", ICS), own=own)
    mine = without_contact(factory, lambda address: address == "me@mill.example")
    assert mine.value("contact_email") == "boss@mill.example"
    theirs = without_contact(factory, lambda address: address == "boss@mill.example")
    assert theirs.value("contact_email") == "me@mill.example"
    assert theirs.value("contact_name") is None


@pytest.mark.safety("privacy.erasure")
@pytest.mark.usefixtures("browser")
def test_a_role_for_an_organisation_that_has_left_is_told_and_erased_and_does_not_come_back_with_it() -> None:
    person = callers.person(EMAIL)
    people.add(MAISON, EMAIL, STAFF)
    organisations.end("member", "maison", "Left", STAFF)
    assert [each["tenant"] for each in rights.of_person(person)["roles"]] == ["maison"]
    assert erasure.person(person, STAFF).roles == 1
    assert left(EMAIL) == []
    organisations.resume("member", "maison", "Came back", STAFF)
    assert not people.authority(person)
    assert chains_hold("TEAM#member#maison")
