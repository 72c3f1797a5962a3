"""The day and the instant that a question is about: what was true on a day, and what was known at an instant."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from chalicelib import clock
from chalicelib.domain import text
from chalicelib.domain.errors import Malformed
from chalicelib.domain.phrase import phrase
from chalicelib.web.request import Ask

EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 1, 1)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})\Z"
)


def day_asked(ask: Ask) -> date:
    """The day of ``?on=YYYY-MM-DD``; today (UTC) if none is given."""
    return day_of(ask.query.get("on", ""))


def day_of(given: str, pointer: str = "/on") -> date:
    """The day that was written ``YYYY-MM-DD``; today (UTC) for nothing. ``pointer``: to where it was written."""
    if not given:
        return clock.today()
    try:
        return text.clean_day(given, EARLIEST, LATEST)
    except Malformed as fault:
        raise Malformed(
            phrase(
                "A day is written YYYY-MM-DD, such as 2026-03-01, and lies between %(earliest)s and %(latest)s.",
                earliest=EARLIEST,
                latest=LATEST,
            )
        ).at(pointer) from fault


def known_asked(ask: Ask) -> str | None:
    """The instant of ``?known_at=``; ``None`` if none is given."""
    return known_of(ask.query.get("known_at", ""))


def known_of(given: str) -> str | None:
    """The instant that was written in RFC 3339, or the end of a day (UTC); ``None`` for nothing.

    It cannot lie in the future: nobody knows yet what will be known then.
    """
    if not given:
        return None
    now = clock.now()
    instant = _instant(given)
    if instant is None:
        day = day_of(given, "/known_at")
        instant = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)
        instant = now if day == now.date() else instant
    if instant > now:
        raise Malformed(phrase("known_at lies in the future: it is %(now)s.", now=clock.instant(now))).at("/known_at")
    return clock.instant(instant)


def _instant(given: str) -> datetime | None:
    written = given.strip().upper().replace(" ", "+")  # a plus sign that nobody escaped arrives as a blank
    if "T" not in written:
        return None
    try:
        if not _INSTANT.match(written):
            raise ValueError
        instant = datetime.fromisoformat(written).astimezone(UTC)
        if not EARLIEST <= instant.date() <= LATEST:
            raise ValueError
    except (ValueError, OverflowError) as fault:
        raise Malformed("An instant is written as in 2026-03-15T09:30:00Z.").at("/known_at") from fault
    return instant
