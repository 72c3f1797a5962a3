"""A holder asks a certifier to confirm a certificate: when that may be asked, and when a mail may go out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from chalicelib.domain.errors import Conflict
from chalicelib.domain.phrase import phrase

PAUSE = timedelta(days=7)
"""Nobody is mailed about the same certificate more often; and who said no is not asked again sooner."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request to confirm a certificate. ``open`` until the certifier confirms it or says no, with a ``reason``.

    ``mailed`` is the day on which the certifier's people were last told by mail, or ``None``. Days are UTC.
    """

    code: str
    factory_id: str
    certifier_id: str
    asked: str
    mailed: str | None
    open: bool = True
    answered: str | None = None
    reason: str = ""
    version: int = 0

    def may_be_asked_again(self, certifier_id: str, today: date) -> bool:
        """Whether the same may be asked once more: of another certifier at any time."""
        last = self.answered if not self.open else self.mailed
        return self.certifier_id != certifier_id or last is None or _over(last, today)


def asked(held: Request | None, code: str, factory_id: str, certifier_id: str, today: date) -> Request | None:
    """The request after a holder asked; ``None`` if that changes nothing. ``Conflict`` if the certifier said no."""
    day = today.isoformat()
    if held is None or held.certifier_id != certifier_id:
        return Request(code, factory_id, certifier_id, day, day, version=held.version if held else 0)
    if held.may_be_asked_again(certifier_id, today):
        return replace(held, asked=day, mailed=day, open=True, answered=None, reason="")
    if held.open:
        return None
    raise Conflict(phrase("The certifier said no on %(day)s. You may ask again a week after that.", day=held.answered))


def _over(last: str, today: date) -> bool:
    return today - date.fromisoformat(last) >= PAUSE
