"""What is held of a person in a session that an invitation opened: that is for one factory and tells nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.domain.moderation import About, Complaint
from chalicelib.internal import rights
from chalicelib.store.registry import callers, factories, learning, moderation, organisations, people
from chalicelib.store.registry.people import Role
from tests.portal_browser import EMAIL, STAFF, Browser, invited, signed_in

pytest_plugins = ["tests.conftest_portal"]

MAISON = Role("member", "maison")
PERSON = callers.person(EMAIL)
SIGN_IN = "/portal/sign-in?done=first"


def a_role() -> None:
    people.add(MAISON, EMAIL, STAFF)


def a_role_that_rests() -> None:
    people.add(MAISON, EMAIL, STAFF)
    organisations.end("member", "maison", "Left", STAFF)


def an_invitation_to_another() -> None:
    invited("Second Mill Ltd.")


def a_report() -> None:
    about = About("factory", "BDF8QY40YGE1", "/f/BDF8QY40YGE1")
    moderation.report(about, "Mill", Complaint.CLOSED, "It closed.", EMAIL)


def test_only_that_one_factory_and_what_tells_of_nothing_else_is_not_beyond_it() -> None:
    here: dict[str, Any] = {name: [{"factory_id": "F1"}] for name in ("factories", "contact_of", "invitations")}
    alone = {**here, "roles": [], "reports": [], "watches": [], "lessons": {"one": ""}, "sign_in_mails": [""]}
    assert not rights.is_beyond("F1", alone)
    assert rights.is_beyond("F2", alone)
    for name in here:
        for other in ("F2", None):
            assert rights.is_beyond("F1", {**alone, name: [{"factory_id": "F1"}, {"factory_id": other}]})
    for name in ("roles", "reports", "watches"):
        assert rights.is_beyond("F1", {**alone, name: ["any"]})


def refused(browser: Browser) -> None:
    """Nothing is told, and nothing is changed."""
    for path in ("/portal/me", "/portal/me/export"):
        answer = browser.get(path)
        assert (answer.status, answer.headers.get("Location"), answer.text) == (303, SIGN_IN, "")
    before = rights.of_person(PERSON)
    token = {"csrf_token": browser.form("/portal", 0)["csrf_token"]}
    for path in ("/portal/me/erase", "/portal/me/sign-out"):
        for typed in ({**token, "sure": "yes"}, token, {}):
            answer = browser.post(path, typed, Sec_Fetch_Site="same-origin")
            assert answer.status == 403
            assert EMAIL not in answer.text
    assert rights.of_person(PERSON) == before
    assert browser.get("/portal").status == 200


@pytest.mark.safety("invitations.one-factory")
@pytest.mark.parametrize(
    "more", [a_role, a_role_that_rests, an_invitation_to_another, a_report], ids=lambda each: each.__name__
)
def test_who_has_more_than_the_factory_they_were_invited_to_signs_in_first(
    runner: SimpleNamespace, mails: list[EmailMessage], more: Callable[[], None]
) -> None:
    more()
    refused(runner.browser)
    assert "Sign in first." in runner.browser.get(SIGN_IN).text
    signed_in(runner.browser, EMAIL, mails)
    assert runner.browser.get("/portal/me").status == 200
    assert runner.browser.send("/portal/me/erase", page="/portal/me", sure="yes").status == 303
    assert people.roles(PERSON) == ()


def test_an_invitation_to_a_second_factory_opens_nothing_of_the_first(runner: SimpleNamespace) -> None:
    accepted = runner.browser.send(f"/portal/invitations/{invited('Second Mill Ltd.')}")
    assert accepted.status == 303
    refused(runner.browser)
    assert factories.need(runner.factory_id).factory.claimed


def test_who_is_the_contact_of_another_factory_signs_in_first(runner: SimpleNamespace) -> None:
    other = Browser(runner.browser.client)
    home = other.send(f"/portal/invitations/{invited('Second Mill Ltd.', email='two@mill.example')}")
    other.send(home.headers["Location"].partition("?")[0], contact_email=EMAIL)
    assert len(rights.of_person(PERSON)["contact_of"]) == 1
    refused(runner.browser)


def test_who_has_that_factory_alone_takes_their_data_along_and_erases_them_in_that_session(
    runner: SimpleNamespace,
) -> None:
    runner.browser.send(runner.profile, contact_email=EMAIL, contact_name="Rokeya Begum")
    learning.note_done(PERSON, "factory-id", date(2026, 1, 1), [runner.factory_id])
    assert runner.browser.get("/portal/me").status == 200
    told = json.loads(runner.browser.get("/portal/me/export").text)
    assert [each["factory_id"] for each in told["factories"]] == [runner.factory_id]
    gone = runner.browser.send("/portal/me/erase", page="/portal/me", sure="yes")
    assert gone.headers["Location"] == "/portal/sign-in?done=erased"
    assert not people.authority(PERSON)
    assert rights.of_person(PERSON)["email_addresses"] == []


def test_who_has_that_factory_alone_signs_out_everywhere_in_that_session(runner: SimpleNamespace) -> None:
    out = runner.browser.send("/portal/me/sign-out", page="/portal/me", number=1)
    assert out.headers["Location"] == "/portal/sign-in?done=signed_out"
