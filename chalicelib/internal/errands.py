"""What is done without a request: mails that did not leave, reminders, mails that came back; numbers for the log.

EventBridge calls ``handler``: every ten minutes, and whenever SES tells that a mail came back. Both may happen twice;
the versions of each invitation and of the log see to it that nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib import clock, journal
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.invitation import COMPLAINT
from chalicelib.internal import inviting, mail
from chalicelib.store.registry import addresses, checkpoints, sequencer
from chalicelib.store.registry import invitation_items as items
from chalicelib.store.registry import invitations as store

SECONDS = 200
SECONDS_TO_LOG = 40
MOST_FAILURES = 3


def handler(event: Mapping[str, Any], _context: object) -> dict[str, int]:
    """What Lambda calls. Says what it logged and how many mails it sent, or how many invitations came back."""
    if event.get("source") == "aws.ses":
        return {"came_back": mail_came_back(event.get("detail") or {})}
    return {"logged": log_changes(), "mailed": run()}


def log_changes(seconds: float = SECONDS_TO_LOG) -> int:
    """Number what waits for the log of changes, and make the checkpoint of the day. Says how many entries it added.

    What fails here is done by the next run, and keeps no mail from leaving.
    """
    try:
        numbered = sequencer.run(seconds)
        checkpoints.daily()
    except Unavailable as error:
        journal.failed("log_of_changes_waits", error)
        return 0
    return numbered


def run(seconds: float = SECONDS) -> int:
    """Send the mails that are due: those that did not leave, and reminders. Says how many left.

    It stops where the mail service takes none: the next run goes on.
    """
    end = clock.ticking() + seconds
    sent = failed = 0
    for day, invitation_id in items.due(clock.today()):
        if clock.ticking() > end or failed == MOST_FAILURES:
            break
        left = _errand(day, invitation_id)
        sent += left is True
        failed = failed + 1 if left is False else 0
    return sent


def _errand(day: date, invitation_id: str) -> bool | None:
    """Whether the mail of an invitation left; ``None``: there was none to send."""
    held = items.load(invitation_id)
    if held is None or held.due != day or held.state_at(clock.now()) != "pending":
        items.settled(day, invitation_id)
        return None
    if not store.still_invites(held.member_id):
        items.settled(day, invitation_id)
        return None
    if addresses.wants_none(held.email):
        store.came_back(invitation_id, [held.email], COMPLAINT)
        return None
    due = store.mail_due(invitation_id)
    if due is None:
        return None
    return inviting.mailed(inviting.inviter(held.member_id), *due).mail == "sent"


def mail_came_back(detail: Mapping[str, Any]) -> int:
    """Note that the mail of an invitation came back for good, or that its receiver complained.

    A mail that was only delayed, as by a full mailbox, changes nothing: the reminder tries again.
    """
    invitation_id = _about(detail.get("mail") or {})
    kind = str(detail.get("eventType") or detail.get("notificationType") or "").lower()
    if not invitation_id or kind not in ("bounce", "complaint"):
        return 0
    told = detail.get(kind) or {}
    receivers = _receivers(told.get("bouncedRecipients" if kind == "bounce" else "complainedRecipients"))
    if kind == "complaint":
        held = items.load(invitation_id)
        if held is not None and held.email.casefold() in {each.casefold() for each in receivers}:
            addresses.complained(held.email)
        store.came_back(invitation_id, receivers, COMPLAINT)
    elif told.get("bounceType") == "Permanent":
        store.came_back(invitation_id, receivers, str(told.get("bounceSubType") or "General")[:40])
    else:
        return 0
    journal.say("mail_came_back", invitation=invitation_id, kind=kind)
    return 1


def _about(message: Mapping[str, Any]) -> str:
    """Which invitation a mail carried: by its tag, else by its header."""
    tags = (message.get("tags") or {}).get("invitation")
    if isinstance(tags, list) and tags:
        return str(tags[0])
    headers = message.get("headers") or []
    return next((str(each.get("value", "")) for each in headers if each.get("name") == mail.ABOUT), "")


def _receivers(told: Any) -> list[str]:
    return [str(each.get("emailAddress", "")) for each in told or []]
