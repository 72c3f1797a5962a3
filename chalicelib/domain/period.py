"""The stretch of time that a reading is of: a month, a quarter or a year."""

from __future__ import annotations

import re
from datetime import date, timedelta

from chalicelib.domain.errors import Malformed

_WRITTEN = re.compile(r"(?:(?:19|20)[0-9]{2})(?:-(?:0[1-9]|1[0-2])|-Q[1-4])?\Z", re.ASCII)
EARLIEST, LATEST = 1990, 2099


def clean(value: object) -> str:
    """A period written ``2026``, ``2026-Q3`` or ``2026-07``."""
    text = value.strip().upper() if isinstance(value, str) else ""
    if not _WRITTEN.match(text) or not EARLIEST <= int(text[:4]) <= LATEST:
        raise Malformed("must be a month such as 2026-07, a quarter such as 2026-Q3 or a year such as 2026")
    return text


def first_day(period: str) -> date:
    """The day on which it begins."""
    return date(int(period[:4]), _first_month(period), 1)


def last_day(period: str) -> date:
    """The day on which it ends."""
    year, month = int(period[:4]), _first_month(period) + months(period)
    return date(year + month // 13, (month - 1) % 12 + 1, 1) - timedelta(days=1)


def months(period: str) -> int:
    """How many months it has: 1, 3 or 12."""
    return 12 if len(period) == 4 else 3 if "Q" in period else 1


def overlap(one: str, other: str) -> bool:
    """Whether a day lies in both."""
    return first_day(one) <= last_day(other) and first_day(other) <= last_day(one)


def _first_month(period: str) -> int:
    if len(period) == 4:
        return 1
    return int(period[6]) * 3 - 2 if "Q" in period else int(period[5:])
