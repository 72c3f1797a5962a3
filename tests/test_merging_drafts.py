"""Merging a draft: what a certifier confirmed for it is never out of sight for good."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import pytest

from chalicelib.internal import mail
from chalicelib.store.registry import factories
from tests.portal_browser import Browser, as_staff
from tests.world import Answer, World

PATH = "/internal/v1/certificates"
WHY = {"reason": "Registered twice"}
HOLDS = "This draft holds certificates, which would show nowhere. Publish it first."


@dataclass
class Drafted:
    """A draft of a factory that is on record and published already, as ``into``."""

    world: World
    draft: str
    into: str
    owner: Any

    def merge(self) -> Answer:
        return self.world.staff("POST", f"/internal/v1/factories/{self.draft}/merge", {**WHY, "into": self.into})

    def declare(self) -> Answer:
        return self.owner("POST", PATH, {**self.world.certificate_body(self.draft), "certifier": "Sureseal"})


@pytest.fixture
def drafted(world: World) -> Drafted:
    into = world.a_factory()
    asked = {"email": "owner@mill.example", "name": "Meghna Screen", "country": "BD"}
    world.member("POST", "/internal/v1/invitations", asked).ok()
    accepted = world.accept(world.mailed[-1][1]).ok()
    return Drafted(world, accepted.json["factory_id"], into, world.signed_in(accepted))


def test_a_draft_with_a_confirmed_certificate_is_published_before_it_is_merged_and_its_number_stays_known(
    drafted: Drafted,
) -> None:
    world = drafted.world
    code = world.a_certificate(drafted.draft)
    refused = drafted.merge()
    assert (refused.status, refused.json["detail"]) == (409, HOLDS)
    assert factories.need(drafted.into).factory.led == {}
    world.staff("POST", f"/internal/v1/factories/{drafted.draft}/publish").ok()
    drafted.merge().ok()
    [found] = world.anyone.get("/v1/certificates?number=CU+123-456").ok().json["results"]
    assert (found["code"], found["status"]) == (code, "valid")
    [shown] = world.anyone.get(f"/v1/factories/{drafted.into}").ok().json["certificates"]
    assert shown["code"] == code
    again = world.certifier("POST", PATH, world.certificate_body(drafted.into))
    assert (again.status, again.json["code"]) == (200, code)


def test_a_draft_with_a_declared_certificate_is_not_merged_and_one_without_any_is(drafted: Drafted) -> None:
    drafted.declare().ok()
    assert drafted.merge().status == 409
    world = drafted.world
    asked = {"email": "other@mill.example", "name": "Meghna Dyeing", "country": "BD"}
    world.member("POST", "/internal/v1/invitations", asked).ok()
    drafted.draft = world.accept(world.mailed[-1][1]).ok().json["factory_id"]
    drafted.merge().ok()
    fresh = world.certifier("POST", PATH, world.certificate_body(drafted.draft))
    assert (fresh.status, "was merged into" in fresh.json["detail"]) == (409, True)


def test_nothing_is_confirmed_for_a_draft_that_an_earlier_release_merged_with_what_it_had_declared(
    drafted: Drafted, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = drafted.world
    drafted.declare().ok()
    with monkeypatch.context() as earlier:
        earlier.setattr("chalicelib.domain.lifecycle.refuse_hiding", lambda *_: None)
        drafted.merge().ok()
    drafted.merge().ok()  # the same once more: it is merged already
    refused = world.certifier("POST", PATH, world.certificate_body(drafted.draft))
    assert (refused.status, "was merged into" in refused.json["detail"]) == (409, True)
    code = world.a_certificate(drafted.into)
    assert world.anyone.get(f"/v1/certificates/{code}").ok().json["status"] == "valid"
    world.staff("POST", f"/internal/v1/factories/{drafted.draft}/unmerge", WHY).ok()
    assert factories.need(drafted.draft).factory.successor is None


def test_staff_are_told_before_they_confirm_that_a_draft_with_certificates_is_not_merged(
    drafted: Drafted, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafted.world.a_certificate(drafted.draft)
    mails: list[EmailMessage] = []
    monkeypatch.setattr(mail, "send", mails.append)
    browser = as_staff(Browser(drafted.world.client), mails)
    page = browser.get(f"/portal/staff/factories/{drafted.draft}/merge?into={drafted.into}")
    assert (page.status, HOLDS in page.text) == (409, True)
