"""The only place that asks the time. Everything else is handed a day or an instant."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime


def now() -> datetime:
    """The present instant in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def today() -> date:
    """The present day in UTC: the day that certificates are judged by."""
    return now().date()


def instant(moment: datetime) -> str:
    """An instant as RFC 3339 in UTC with ``Z``: ``2026-03-01T09:30:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parsed(instant_text: str) -> datetime:
    """An instant read back from RFC 3339."""
    return datetime.fromisoformat(instant_text)


def ticking() -> float:
    """Seconds of a clock that is never set: to measure how long something takes, not when it was."""
    return time.monotonic()
