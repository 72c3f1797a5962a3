"""What is done without a request: mails that did not leave, reminders, mails that came back; numbers for the log;
warnings of copied codes.

EventBridge calls ``handler``: every ten minutes, and whenever SES tells that a mail came back. Both may happen twice;
the versions of each invitation and of the log see to it that nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from chalicelib import clock, journal
from chalicelib.domain.invitation import COMPLAINT
from chalicelib.internal import came_back, clone_letters, failing, inviting
from chalicelib.store.registry import addresses, checkpoints, invitable, sequencer
from chalicelib.store.registry import invitation_items as items
from chalicelib.store.registry import invitations as store

SECONDS = 200
SECONDS_TO_LOG = 40
SECONDS_TO_WARN = 30
MOST_FAILURES = 3


class Failed(Exception):
    """Errands that failed, by name. Of what, a line of the log says."""


def handler(event: Mapping[str, Any], _context: object) -> dict[str, int]:
    """What Lambda calls. Says what it logged and how many mails it sent, or how many came back.

    An errand that fails keeps no other from being run, and is tried again by the next run. ``Failed`` if any did.
    """
    if event.get("source") == "aws.ses":
        return _came_back(event, None)
    errands = {"logged": log_changes, "mailed": run, "warned": warn_of_copies}
    done = {name: _done(name, errand) for name, errand in errands.items()}
    failed = [name for name, came_of_it in done.items() if came_of_it is None]
    if failed:
        raise Failed(", ".join(failed))
    return {name: came_of_it for name, came_of_it in done.items() if came_of_it is not None}


@failing.discreet
def _came_back(event: Mapping[str, Any], _context: object) -> dict[str, int]:
    return {"came_back": came_back.note(event.get("detail") or {})}


def _done(name: str, errand: Callable[[], int]) -> int | None:
    """What came of an errand; ``None``: it failed."""
    try:
        return errand()
    except Exception as error:  # whatever it is, the others are run
        journal.failed("errand_failed", error, errand=name)
        return None


def log_changes(seconds: float = SECONDS_TO_LOG) -> int:
    """Number what waits for the log of changes, and make the checkpoint of the day. Says how many entries it added."""
    numbered = sequencer.run(seconds)
    checkpoints.daily()
    return numbered


def warn_of_copies(seconds: float = SECONDS_TO_WARN) -> int:
    """Tell brands of codes that may have been copied. Says how many mails left."""
    return clone_letters.run(clock.now(), clock.ticking() + seconds)


def run(seconds: float = SECONDS) -> int:
    """Send the mails that are due: those that did not leave, and reminders. Says how many left.

    It stops where the mail service takes none: the next run goes on. ``Failed`` if an invitation fails otherwise, but
    not before the others had their turn.
    """
    end = clock.ticking() + seconds
    sent = in_a_row = troubled = 0
    for day, invitation_id in items.due(clock.today()):
        if clock.ticking() > end or in_a_row == MOST_FAILURES:
            break
        try:
            left = _errand(day, invitation_id)
        except Exception as error:  # whatever it is, the others are mailed
            journal.failed("invitation_not_mailed", error, invitation=invitation_id)
            troubled += 1
            continue
        sent += left is True
        in_a_row = in_a_row + 1 if left is False else 0
    if troubled:
        raise Failed("invitations")
    return sent


def _errand(day: date, invitation_id: str) -> bool | None:
    """Whether the mail of an invitation left; ``None``: there was none to send."""
    held = items.load(invitation_id)
    if held is None or held.due != day or held.state_at(clock.now()) != "pending":
        items.settled(day, invitation_id)
        return None
    if invitable.leads_nowhere(held):
        items.settled(day, invitation_id)
        return None
    if addresses.wants_none(held.email):
        store.came_back(invitation_id, [held.email], COMPLAINT)
        return None
    due = store.mail_due(invitation_id)
    if due is None:
        return None
    return inviting.mailed(inviting.inviter(held.member_id), *due).mail == "sent"
