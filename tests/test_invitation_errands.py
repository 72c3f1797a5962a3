"""What is done about invitations without a request. See SAFETY: Mechanisms 6; Invitations; Faults: mail down."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain.errors import Conflict, Gone, NotFound
from chalicelib.domain.invitation import VALID_FOR
from chalicelib.internal import errands, inviting, mail
from chalicelib.internal.inviting import Inviter, Wanted
from chalicelib.store import keys
from chalicelib.store.registry import callers, erasure, invitations, lookup, organisations
from chalicelib.store.registry import invitation_items as items
from tests.portal_browser import EMAIL, STAFF, Browser, invited

pytest_plugins = ["tests.conftest_portal"]

MEMBER = Inviter("maison", "Maison Lumière")
ADDRESS = "office@padma.example"
After = Callable[..., None]


@pytest.fixture
def after(monkeypatch: pytest.MonkeyPatch) -> After:
    """Let time pass: from now on it is so much later than when the test began."""
    begin = clock.now()

    def pass_(**ago: int) -> None:
        moment = begin + timedelta(**ago)
        monkeypatch.setattr(clock, "now", lambda: moment)

    pass_()
    return pass_


def a_mill(number: int = 0, email: str = ADDRESS) -> Wanted:
    return Wanted(email, "en", None, f"Padma Weaving {number}", "BD")


def token_in(message: EmailMessage) -> str:
    text = message.get_body(("plain",)).get_content()
    return re.search(r"/portal/invitations/(\S+)", text).group(1)


def all_due() -> list[tuple[str, str]]:
    """Every item under ``DUE#``, of whatever day."""
    today = clock.today()
    days = [today + timedelta(days=ahead) for ahead in range(-40, 40)]
    return [(day.isoformat(), each) for day in days for each in _due_on(day.isoformat())]


def _due_on(day: str) -> list[str]:
    return [body["invitation_id"] for body in lookup.below(keys.due(day).pk)]


def bounce(invitation_id: str, address: str = ADDRESS, **more: Any) -> dict[str, Any]:
    """As EventBridge brings it from SES."""
    return event(
        invitation_id,
        "Bounce",
        bounce={
            "bounceType": "Permanent",
            "bounceSubType": "NoEmail",
            "bouncedRecipients": [{"emailAddress": address, "action": "failed", "status": "5.1.1"}],
            "timestamp": "2026-11-22T15:20:00.000Z",
            "feedbackId": "0102…",
            **more,
        },
    )


def complaint(invitation_id: str, address: str = ADDRESS) -> dict[str, Any]:
    told = {"complainedRecipients": [{"emailAddress": address}], "complaintFeedbackType": "abuse"}
    return event(invitation_id, "Complaint", complaint=told)


def event(invitation_id: str, kind: str, **told: Any) -> dict[str, Any]:
    tags = {"ses:configuration-set": ["internal"], "invitation": [invitation_id]}
    message = {"messageId": "0102…", "source": "no-reply@factory-id.example", "tags": tags}
    detail = {"eventType": kind, "mail": message, **told}
    return {"version": "0", "source": "aws.ses", "detail-type": f"Email {kind}ed", "detail": detail}


@pytest.mark.usefixtures("browser")
def test_reminders_are_mailed_after_five_days_and_two_days_before_the_end_and_no_more(
    mails: list[EmailMessage], after: After
) -> None:
    invitation = inviting.invite(MEMBER, a_mill())
    sent = []
    for day in range(20):
        after(days=day)
        for _ in range(3):
            errands.handler({"source": "aws.events"}, None)
        sent.append(len(mails))
    assert [day for day in range(1, 20) if sent[day] > sent[day - 1]] == [5, 12]
    assert len(mails) == 3
    assert mails[1]["Subject"].startswith("Reminder: Maison Lumière invites")
    assert "takes the place of the one that we sent before" in mails[1].get_body(("html",)).get_content()
    assert items.load(invitation.invitation_id).expires_at == invitation.expires_at
    assert all_due() == []


@pytest.mark.usefixtures("browser")
def test_a_reminder_carries_a_fresh_link_and_voids_the_older_one(mails: list[EmailMessage], after: After) -> None:
    inviting.invite(MEMBER, a_mill())
    after(days=5)
    assert errands.run() == 1
    first, second = map(token_in, mails)
    with pytest.raises(Gone):
        invitations.by_token(first)
    assert invitations.accept(second).factory_id
    after(days=12)
    assert errands.run() == 0


@pytest.mark.usefixtures("browser")
def test_of_two_runs_that_find_the_same_reminder_one_sends_it(
    mails: list[EmailMessage], after: After, monkeypatch: pytest.MonkeyPatch
) -> None:
    inviting.invite(MEMBER, a_mill())
    after(days=5)
    load = items.load
    once: list[int] = []

    def load_and_be_overtaken(invitation_id: str) -> Any:
        held = load(invitation_id)
        if not once:
            once.append(1)
            errands.run()
        return held

    monkeypatch.setattr(items, "load", load_and_be_overtaken)
    errands.run()
    assert len(mails) == 2


@pytest.mark.usefixtures("browser")
def test_a_mail_that_did_not_leave_is_sent_by_an_errand_but_not_while_its_sender_may_still_be_at_it(
    mails: list[EmailMessage], after: After
) -> None:
    invitation, _ = inviting.record(MEMBER, a_mill())
    assert invitation.mail == "queued"
    assert errands.run() == 0
    after(minutes=11)
    assert errands.run() == 1
    assert errands.run() == 0
    assert not mails[0]["Subject"].startswith("Reminder")
    assert items.load(invitation.invitation_id).mail == "sent"
    assert invitations.by_token(token_in(mails[0])).invitation_id == invitation.invitation_id


@pytest.mark.usefixtures("browser")
def test_an_errand_stops_where_the_mail_service_takes_none_and_the_next_one_goes_on(
    mails: list[EmailMessage], after: After, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        inviting.record(MEMBER, a_mill(number))
    after(minutes=11)
    tried = []

    def refuse(message: EmailMessage) -> None:
        tried.append(message)
        raise mail.NotSent

    with monkeypatch.context() as down:
        down.setattr(mail, "send", refuse)
        assert errands.run() == 0
    assert len(tried) == errands.MOST_FAILURES
    after(minutes=22)
    assert errands.run() == 5
    assert len(mails) == 5


@pytest.mark.usefixtures("browser", "mails")
def test_nothing_is_due_for_what_was_accepted_withdrawn_bounced_or_ran_out(after: After) -> None:
    kept = inviting.invite(MEMBER, a_mill(1))
    for number in (2, 3):
        inviting.invite(MEMBER, a_mill(number))
    lines = [line.invitation_id for line in items.lines("maison") if line.invitation_id != kept.invitation_id]
    invitations.withdraw("maison", lines[0])
    errands.handler(bounce(lines[1]), None)
    assert [each for _, each in all_due()] == [kept.invitation_id]
    after(days=VALID_FOR.days + 1)
    assert errands.run() == 0
    assert all_due() == []


@pytest.mark.usefixtures("browser")
def test_a_member_that_left_reminds_nobody(mails: list[EmailMessage], after: After) -> None:
    inviting.invite(MEMBER, a_mill())
    organisations.put("member", "maison", {"name": "Maison", "country": "FR", "ended": "2026-01-01"}, STAFF)
    after(days=5)
    assert errands.run() == 0
    assert len(mails) == 1
    assert all_due() == []


@pytest.mark.usefixtures("browser")
def test_nobody_is_reminded_of_a_factory_that_somebody_else_accepted_to_run(
    mails: list[EmailMessage], after: After
) -> None:
    factory_id = invitations.accept(invited()).factory_id
    erasure.person(callers.person(EMAIL), STAFF, "asked for it")  # now the record is nobody's
    organisations.put("member", "outfit", {"name": "Outfit", "country": "FR"}, STAFF)
    inviting.invite(Inviter("outfit", "Outfit"), Wanted("other@padma.example", "en", factory_id, "", ""))
    invitations.invite("outfit", "another@padma.example", "en", factory_id, None, None)  # its mail did not leave
    _, token = invitations.invite("maison", "one@padma.example", "en", factory_id, None, None)
    assert len(all_due()) == 3
    invitations.accept(token)
    after(days=5)
    assert errands.run() == 0
    assert [message["To"] for message in mails] == ["other@padma.example"]
    assert all_due() == []


@pytest.mark.usefixtures("browser")
def test_a_mail_that_came_back_marks_its_invitation_and_voids_the_link(mails: list[EmailMessage], after: After) -> None:
    invitation = inviting.invite(MEMBER, a_mill())
    assert mails[0][mail.ABOUT] == invitation.invitation_id
    for _ in range(2):
        assert errands.handler(bounce(invitation.invitation_id), None) == {"came_back": 1}
    held = items.load(invitation.invitation_id)
    assert (held.state, held.trouble) == ("bounced", "NoEmail")
    with pytest.raises(Gone):
        invitations.by_token(token_in(mails[0]))
    after(days=5)
    assert errands.run() == 0
    renewed = inviting.resend(MEMBER, invitation.invitation_id, "right@padma.example")
    assert (renewed.state, renewed.email, renewed.trouble) == ("pending", "right@padma.example", "")
    assert invitations.by_token(token_in(mails[-1])).email == "right@padma.example"


@pytest.mark.usefixtures("browser", "mails")
def test_a_late_bounce_of_the_wrong_address_does_not_mark_the_corrected_one() -> None:
    invitation = inviting.invite(MEMBER, a_mill(email="wrong@padma.example"))
    errands.handler(bounce(invitation.invitation_id, "wrong@padma.example"), None)
    inviting.resend(MEMBER, invitation.invitation_id, "right@padma.example")
    errands.handler(bounce(invitation.invitation_id, "wrong@padma.example"), None)
    assert items.load(invitation.invitation_id).state == "pending"


@pytest.mark.usefixtures("browser")
def test_a_complaint_ends_invitations_to_that_address_by_anybody(mails: list[EmailMessage]) -> None:
    invitation = inviting.invite(MEMBER, a_mill())
    assert errands.handler(complaint(invitation.invitation_id, ADDRESS.upper()), None) == {"came_back": 1}
    assert items.load(invitation.invitation_id).state == "bounced"
    organisations.put("member", "autre", {"name": "Autre", "country": "FR"}, STAFF)
    with pytest.raises(Conflict, match="no more invitations"):
        inviting.invite(Inviter("autre", "Autre"), a_mill(2))
    with pytest.raises(Conflict, match="no more invitations"):
        inviting.resend(MEMBER, invitation.invitation_id)
    assert len(mails) == 1


@pytest.mark.usefixtures("browser")
def test_who_complained_of_one_invitation_is_reminded_of_no_other(mails: list[EmailMessage], after: After) -> None:
    first, second = inviting.invite(MEMBER, a_mill(1)), inviting.invite(MEMBER, a_mill(2))
    errands.handler(complaint(first.invitation_id), None)
    after(days=5)
    assert errands.run() == 0
    assert len(mails) == 2
    assert items.load(second.invitation_id).state == "bounced"
    assert all_due() == []


@pytest.mark.parametrize(
    "changed",
    [
        {"bounceType": "Transient", "bounceSubType": "MailboxFull"},
        {"bouncedRecipients": [{"emailAddress": "somebody.else@padma.example"}]},
        {"bouncedRecipients": []},
        {"bouncedRecipients": None},
    ],
)
@pytest.mark.usefixtures("browser", "mails")
def test_a_delay_or_a_report_about_another_address_changes_nothing(changed: dict[str, Any]) -> None:
    invitation = inviting.invite(MEMBER, a_mill())
    errands.handler(bounce(invitation.invitation_id, **changed), None)
    assert items.load(invitation.invitation_id).state == "pending"


@pytest.mark.parametrize("invitation_id", ["0" * 16, "not an id", "", "../x"])
@pytest.mark.usefixtures("browser")
def test_a_report_about_no_invitation_of_ours_changes_nothing(invitation_id: str) -> None:
    errands.handler(bounce(invitation_id), None)
    errands.handler(complaint(invitation_id), None)
    errands.handler({"source": "aws.ses"}, None)
    with pytest.raises(NotFound):
        invitations.of_member("maison", invitation_id)


@pytest.mark.usefixtures("browser", "mails")
def test_an_accepted_invitation_stays_accepted_whatever_comes_back(mails: list[EmailMessage]) -> None:
    invitation = inviting.invite(MEMBER, a_mill())
    invitations.accept(token_in(mails[0]))
    errands.handler(bounce(invitation.invitation_id), None)
    assert items.load(invitation.invitation_id).state == "accepted"


def test_a_mail_names_its_invitation_to_the_mail_service_and_never_its_token(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []

    class Service:
        def send_raw_email(self, **asked: Any) -> None:
            sent.append(asked)

    monkeypatch.setenv("MAIL_SET", "internal-mail")
    monkeypatch.setattr(mail, "_client", Service)
    invitation = inviting.invite(MEMBER, a_mill())
    assert browser.cookie == ""
    assert sent[0]["ConfigurationSetName"] == "internal-mail"
    assert sent[0]["Tags"] == [{"Name": "invitation", "Value": invitation.invitation_id}]
    monkeypatch.delenv("MAIL_SET")
    inviting.invite(MEMBER, a_mill(2))
    assert set(sent[1]) == {"RawMessage"}
