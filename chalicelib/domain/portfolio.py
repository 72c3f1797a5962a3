"""Which of many certificates are asked for: by what they are worth today, by standard, number and holder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chalicelib.domain import identity
from chalicelib.domain.certificate import Certificate, Status, status_on
from chalicelib.domain.errors import Malformed
from chalicelib.domain.wording import fold


@dataclass(frozen=True, slots=True)
class Sought:
    """What is asked for; what is empty admits all. ``number`` and ``holder`` are parts, ``holder`` or a Factory ID."""

    status: str = ""
    standard: str = ""
    number: str = ""
    holder: str = ""

    def admits(self, certificate: Certificate, today: date) -> bool:
        """Whether a certificate is asked for."""
        return (
            self.status in ("", status_on(certificate, today).value)
            and self.standard in ("", certificate.standard_id)
            and (not self.number or _squeezed(self.number) in _squeezed(certificate.number))
            and (not self.holder or self._held(certificate))
        )

    def _held(self, certificate: Certificate) -> bool:
        try:
            return identity.parse_factory_id(self.holder) == certificate.holder_id
        except Malformed:
            return fold(self.holder) in fold(certificate.holder_name)


def checked(sought: Sought) -> Sought:
    """The same; ``Malformed`` for a status that no certificate on record can have."""
    if sought.status and (sought.status not in set(Status) or sought.status == Status.UNKNOWN):
        raise Malformed("status is one of valid, not_yet_valid, expired, suspended and withdrawn.").at("/status")
    return sought


def _squeezed(number: str) -> str:
    try:
        return identity.squeeze_number(number)
    except Malformed:
        return number
