"""What watchers are told: which changes of a certificate or a factory are news, and what the news says.

All of it is public: facts of the certificate and of the factory, and the certifier's own words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chalicelib.domain.certificate import Certificate, Standing, Status, status_on
from chalicelib.domain.factory import Factory

NOTICE_DAYS = (60, 30, 7)
"""So many days before its last day, watchers are told that a certificate ends."""


class News(StrEnum):
    """What kinds of news there are."""

    SUSPENDED = "certificate.suspended"
    WITHDRAWN = "certificate.withdrawn"
    REINSTATED = "certificate.reinstated"
    EXPIRES = "certificate.expires"
    CLOSED = "factory.closed"
    MOVED = "factory.moved"
    MERGED = "factory.merged"
    REOPENED = "factory.reopened"
    SEPARATED = "factory.separated"
    TEST = "watch.test"


_STANDINGS = {
    Standing.SUSPENDED: News.SUSPENDED,
    Standing.WITHDRAWN: News.WITHDRAWN,
    Standing.ACTIVE: News.REINSTATED,
}
_FATES = {
    "closed": News.CLOSED,
    "moved": News.MOVED,
    "merged": News.MERGED,
    "reopened": News.REOPENED,
    "unmerged": News.SEPARATED,
}


@dataclass(frozen=True, slots=True)
class Tiding:
    """One change, told once to each watcher.

    ``record`` and ``event`` say which event of which history it is; ``at`` is when the registry learned it. ``day`` is
    the day from which it holds, or the last day of a certificate that ends. A factory has no ``code``, ``number``,
    ``standard`` and ``reason``; ``successor`` is the record that it leads to.
    """

    kind: News
    at: str
    record: str
    event: int
    factory_id: str
    name: str
    day: str | None
    code: str | None = None
    number: str | None = None
    standard: str | None = None
    reason: str | None = None
    days_left: int | None = None
    successor: str | None = None

    @property
    def key(self) -> str:
        """What tells it from every other: the same change has the same key, whoever writes it down."""
        left = "" if self.days_left is None else f"#{self.days_left:03d}"
        return f"{self.at}#{self.record}#{self.event:012d}{left}"

    @property
    def about(self) -> tuple[str, ...]:
        """The codes whose watchers are told."""
        return (self.factory_id,) if self.code is None else (self.code, self.factory_id)


def is_no_news(before: Certificate, after: Certificate) -> bool:
    """Whether a certificate was in force and is: only the words or the day of it were put right."""
    last = before.history[-1].standing if before.history else Standing.ACTIVE
    return last is after.history[-1].standing is Standing.ACTIVE


def of_standing(certificate: Certificate, event: int, at: str) -> Tiding:
    """The certifier's last statement about a certificate."""
    change = certificate.history[-1]
    return Tiding(
        kind=_STANDINGS[change.standing],
        at=at,
        record=f"CERTIFICATE#{certificate.code}",
        event=event,
        factory_id=certificate.holder_id,
        name=certificate.holder_name,
        day=change.effective.isoformat(),
        code=certificate.code,
        number=certificate.number,
        standard=certificate.standard_name,
        reason=change.reason or None,
    )


def of_fate(action: str, factory: Factory, event: int, at: str) -> Tiding | None:
    """What became of a factory; ``None`` for what is no news, and for a factory that nobody knows of."""
    name = factory.value("name")
    if action not in _FATES or not factory.published or name is None:
        return None
    since = factory.state_since or at[:10]
    return Tiding(
        kind=_FATES[action],
        at=at,
        record=f"FACTORY#{factory.factory_id}",
        event=event,
        factory_id=factory.factory_id,
        name=name,
        day=str(since),
        successor=factory.successor,
    )


def of_ending(certificate: Certificate, day: date, days_left: int) -> Tiding | None:
    """That a certificate ends in so many days; ``None`` if it is withdrawn, and so ended already."""
    if status_on(certificate, day) is Status.WITHDRAWN:
        return None
    return Tiding(
        kind=News.EXPIRES,
        at=f"{day.isoformat()}T00:00:00Z",
        record=f"CERTIFICATE#{certificate.code}",
        event=0,
        factory_id=certificate.holder_id,
        name=certificate.holder_name,
        day=certificate.valid_to.isoformat(),
        code=certificate.code,
        number=certificate.number,
        standard=certificate.standard_name,
        days_left=days_left,
    )


def in_order(tidings: Iterable[Tiding]) -> list[Tiding]:
    """By the clock, but those of one record by the number of their events: two clocks may disagree, versions don't."""
    by_clock = sorted(tidings, key=lambda each: each.key)
    numbered = {
        record: iter(sorted((t for t in by_clock if t.record == record and t.event), key=lambda each: each.event))
        for record in {each.record for each in by_clock}
    }
    return [next(numbered[each.record]) if each.event else each for each in by_clock]
