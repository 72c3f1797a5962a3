"""People whose e-mail address has its domain in another script: mails reach them, and they are who they were."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage

import pytest

from chalicelib.domain.relay import Letter
from chalicelib.internal import errands, inviting, letters, mail
from chalicelib.store.registry import callers, people
from chalicelib.store.registry import invitation_items as items
from chalicelib.store.registry.people import Role
from chalicelib.web import language
from tests.portal_browser import STAFF, Browser, signed_in
from tests.test_invitation_errands import MEMBER, a_mill, bounce, complaint
from tests.world import Answer, World

pytest_plugins = ["tests.conftest_portal"]

MAISON = Role("member", "maison")
KEPT, MAILED = "info@münchen.example", "info@xn--mnchen-3ya.example"
ENGLISH = language.choose("en", None)


def test_the_headers_of_a_mail_have_such_an_address_in_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[EmailMessage] = []
    monkeypatch.setattr(mail, "send", sent.append)
    letter = Letter("BD7", "Do you knit wool?", "Claire Dubois", "Dubois & Fils", "claire@faß.de", "en")
    letters.relayed_letter(KEPT, ENGLISH, letter, "Kolmilata")
    head = sent[0].as_bytes().partition(b"\n\n")[0].split(b"\n")
    assert f"To: {MAILED}".encode() in head
    assert b"Reply-To: claire@xn--fa-hia.de" in head


def test_an_address_that_no_mail_reaches_is_said_to_get_none(mails: list[EmailMessage]) -> None:
    with pytest.raises(mail.NotSent):
        letters.welcome("jürgen@example.de", ENGLISH, "Maison")
    assert mails == []


def test_who_was_given_a_role_before_signs_in_by_either_spelling(browser: Browser, mails: list[EmailMessage]) -> None:
    assert callers.person(KEPT) == hashlib.sha256(KEPT.encode()).hexdigest()  # as it is in registries that there are
    people.add(MAISON, KEPT, STAFF)
    for typed in (KEPT, MAILED.upper()):
        signed_in(browser, typed, mails)
        assert "Maison Lumière" in browser.get("/portal").text
        assert mails[-1]["To"].lower() == MAILED


def test_nobody_acts_for_somebody_whose_domain_only_looks_alike_when_folded(
    browser: Browser, mails: list[EmailMessage]
) -> None:
    people.add(MAISON, "info@faß.de", STAFF)
    browser.send("/portal/sign-in", email="info@fass.de")
    assert mails == []


@pytest.mark.usefixtures("browser", "mails")
def test_a_mail_that_came_back_is_known_by_the_address_that_was_on_it() -> None:
    invitation = inviting.invite(MEMBER, a_mill(email=KEPT))
    errands.handler(bounce(invitation.invitation_id, MAILED), None)
    assert items.load(invitation.invitation_id).state == "bounced"
    other = inviting.invite(MEMBER, a_mill(2, email=KEPT))
    errands.handler(complaint(other.invitation_id, MAILED), None)
    assert errands.addresses.wants_none(KEPT)


def test_staff_erase_an_address_in_any_spelling_even_one_that_is_taken_no_more(world: World) -> None:
    def ask(email: str, reason: str = "Asked for it.") -> Answer:
        return world.staff("POST", "/internal/v1/erasures", {"email": email, "reason": reason})

    for kept, written in ((KEPT, MAILED.upper()), ("jürgen@mill.example",) * 2):
        people.add(Role("staff", "staff"), kept, STAFF)
        assert ask(written, f"Wrote from {kept}.").status == 400
        assert ask(kept, f"Wrote from {written}.").status == 400
        assert ask(written).json["roles"] == 1
        assert people.roles(callers.person(kept)) == ()
    assert [ask(wrong).status for wrong in ("nobody", f"{'a' * 250}@b.example")] == [400, 400]
