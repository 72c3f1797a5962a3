"""A holder asks a certifier to confirm a certificate: when that may be asked, and when a mail may go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from chalicelib.domain.errors import Conflict
from chalicelib.domain.phrase import phrase

PAUSE = timedelta(days=7)
"""Nobody is mailed about the same certificate more often; and who said no is not asked again sooner."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request to confirm a certificate. ``open`` until the certifier confirms it or says no, with a ``reason``.

    ``mailed`` is the day on which the certifier's people were last told by mail, or ``None``. ``others`` are certifiers
    that were asked before it within the week: when each was told, or said no. Days are UTC.
    """

    code: str
    factory_id: str
    certifier_id: str
    asked: str
    mailed: str | None
    open: bool = True
    answered: str | None = None
    reason: str = ""
    others: Mapping[str, str] = field(default_factory=dict)
    version: int = 0

    @property
    def last(self) -> str | None:
        """When the certifier last heard of it, or answered."""
        return self.mailed if self.open else self.answered

    def may_be_asked_again(self, certifier_id: str, today: date) -> bool:
        """Whether the same may be asked once more: of a certifier that was not asked within the week at any time."""
        last = self.last if self.certifier_id == certifier_id else self.others.get(certifier_id)
        return last is None or _over(last, today)


def asked(held: Request | None, code: str, factory_id: str, certifier_id: str, today: date) -> Request | None:
    """The request after a holder asked; ``None`` if that changes nothing.

    ``Conflict`` if the certifier said no within the week, or was asked then before another one was.
    """
    day = today.isoformat()
    if held is None:
        return Request(code, factory_id, certifier_id, day, day)
    if held.certifier_id != certifier_id:
        if not held.may_be_asked_again(certifier_id, today):
            last = held.others[certifier_id]
            raise Conflict(
                phrase("You asked this certifier on %(day)s. You may ask it again a week after that.", day=last)
            )
        others = {**held.others, **({held.certifier_id: held.last} if held.last else {})}
        recent = {each: last for each, last in others.items() if not _over(last, today)}
        return Request(code, factory_id, certifier_id, day, day, others=recent, version=held.version)
    if held.may_be_asked_again(certifier_id, today):
        return replace(held, asked=day, mailed=day, open=True, answered=None, reason="")
    if held.open:
        return None
    raise Conflict(phrase("The certifier said no on %(day)s. You may ask again a week after that.", day=held.answered))


def _over(last: str, today: date) -> bool:
    return today - date.fromisoformat(last) >= PAUSE
