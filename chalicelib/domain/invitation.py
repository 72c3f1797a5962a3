"""An invitation: what is on record of it, how it stands at an instant, and on which day something is to be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

VALID_FOR = timedelta(days=14)
REMIND_AFTER = timedelta(days=5)
REMIND_BEFORE_END = timedelta(days=2)
GRACE = timedelta(minutes=10)
"""How long whoever queued a mail has for sending it, before anybody else tries."""
STATES = ("pending", "accepted", "expired", "withdrawn", "bounced")
COMPLAINT = "complaint"
"""The ``trouble`` of an invitation whose receiver told their mail service that they did not want it."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation. ``factory_id`` is ``None`` while the factory is new: then ``name`` and ``country`` say which.

    ``trouble`` says why the mail came back; ``reminders`` how many were sent since the last invitation; ``queued_at``
    since when the newest mail waits, or waited, to leave.
    """

    invitation_id: str
    member_id: str
    email: str
    language: str
    factory_id: str | None
    name: str
    country: str
    state: str  # pending | accepted | withdrawn | bounced
    token_digest: str
    mail: str  # sent | queued
    created_at: str
    expires_at: str
    address: str = ""
    city: str = ""
    trouble: str = ""
    reminders: int = 0
    queued_at: str = ""
    version: int = 0

    def state_at(self, now: datetime) -> str:
        """The state as people see it: a pending one that ran out is ``expired``."""
        return state_at(self.state, self.expires_at, now)

    @property
    def due(self) -> date | None:
        """The day on which a mail is due if the factory does nothing; ``None``: no more.

        A mail that did not leave is due since the day on which the invitation began.
        """
        if self.state != "pending":
            return None
        end = datetime.fromisoformat(self.expires_at)
        begin = end - VALID_FOR
        if self.mail == "queued":
            return begin.date()
        reminders = (begin + REMIND_AFTER, end - REMIND_BEFORE_END)
        return reminders[self.reminders].date() if self.reminders < len(reminders) else None

    def is_due(self, now: datetime) -> bool:
        """Whether a mail is to be sent now."""
        if self.due is None or self.due > now.date() or self.state_at(now) != "pending":
            return False
        return self.mail != "queued" or datetime.fromisoformat(self.queued_at) + GRACE <= now


def state_at(state: str, expires_at: str, now: datetime) -> str:
    """The state as people see it, of what is on record."""
    if state == "pending" and datetime.fromisoformat(expires_at) <= now:
        return "expired"
    return state


def days_due(today: date) -> list[date]:
    """The days whose invitations may have something due: older ones have run out."""
    return [today - timedelta(days=ago) for ago in range(VALID_FOR.days + 2)]
