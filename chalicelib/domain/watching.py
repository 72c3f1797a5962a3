"""Who watches what: a list of certificates and factories, and an address that is told of their changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MOST_WATCHED = 1000
PAUSES = (60, 300, 1800, 7200, 18000, 36000, 36000)
"""Seconds to wait after each failed attempt in a row. Whoever fails beyond them is paused: after more than a day."""


class State(StrEnum):
    """``ASKED``: its address is not confirmed yet.

    ``PAUSED``: its webhook failed for more than a day, or a mail to its address came back.
    """

    ASKED = "asked"
    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Watch:
    """A watch. News go to ``webhook`` if there is one, else to ``email``, which is the owner's in any case.

    ``about`` are codes of certificates and Factory IDs. ``member_id``: the ICS member whose key made it.
    ``trouble``: why a mail to it came back, in a word of the mail service.
    """

    watch_id: str
    email: str
    language: str
    about: tuple[str, ...]
    created_at: str
    state: State = State.ASKED
    webhook: str | None = None
    member_id: str | None = None
    expires_at: str | None = None
    trouble: str | None = None
    version: int = 0

    def is_over(self, now: datetime) -> bool:
        """Whether nobody confirmed it in time."""
        return self.expires_at is not None and datetime.fromisoformat(self.expires_at) <= now


def next_attempt(failures: int, now: datetime) -> datetime | None:
    """When to try again after so many failures in a row; ``None``: not any more."""
    return now + timedelta(seconds=PAUSES[failures - 1]) if failures <= len(PAUSES) else None
