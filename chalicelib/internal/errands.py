"""What is done without a request: mails that did not leave, reminders, mails that came back; numbers for the log;
warnings of copied codes.

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
from chalicelib.internal import came_back, clone_letters, inviting
from chalicelib.store.registry import addresses, checkpoints, sequencer
from chalicelib.store.registry import invitation_items as items
from chalicelib.store.registry import invitations as store

SECONDS = 200
SECONDS_TO_LOG = 40
SECONDS_TO_WARN = 30
MOST_FAILURES = 3


def handler(event: Mapping[str, Any], _context: object) -> dict[str, int]:
    """What Lambda calls. Says what it logged and how many mails it sent, or how many came back."""
    if event.get("source") == "aws.ses":
        return {"came_back": came_back.note(event.get("detail") or {})}
    return {"logged": log_changes(), "mailed": run(), "warned": warn_of_copies()}


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


def warn_of_copies(seconds: float = SECONDS_TO_WARN) -> int:
    """Tell brands of codes that may have been copied. Says how many mails left. What fails is tried by the next run."""
    try:
        return clone_letters.run(clock.now(), clock.ticking() + seconds)
    except Unavailable as error:
        journal.failed("copies_not_told", error)
        return 0


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
