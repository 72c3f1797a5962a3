"""A certificate as anyone may see it, and the answer to what it is worth on a day. A part of ``disclosure``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.certificate import (
    Certificate,
    Declared,
    StandingChange,
    Status,
    known_at,
    reason_on,
    status_on,
)


@dataclass(frozen=True, slots=True)
class PublicCertificate:
    """One certificate, with all that is needed to say what it is worth on any day."""

    code: str
    number: str
    standard_id: str
    standard_name: str
    certifier: str
    holder_id: str
    holder_name: str
    scope: str
    products: tuple[str, ...]
    valid_from: date
    valid_to: date
    confirmed: bool
    history: tuple[StandingChange, ...]
    gdti: str | None = None
    registered_at: str | None = None
    confirmed_at: str | None = None
    declared: Declared | None = None


@dataclass(frozen=True, slots=True)
class CertificateAnswer:
    """The answer to "does this certificate hold?" on a day (UTC). Pages, JSON and badges all show this.

    ``known`` is an instant (RFC 3339) if the answer is what the registry would have said then: ``unknown`` where it did
    not have the certificate yet. ``None``: by all that is on record.
    """

    certificate: PublicCertificate
    day: date
    status: Status
    reason: str | None
    confirmed: bool
    known: str | None = None


def answer_on(certificate: PublicCertificate, day: date, known: str | None = None) -> CertificateAnswer:
    """What a certificate is worth on a day, and why; by what was on record at an instant, if one is given."""
    term = certificate if known is None else known_at(certificate, known)
    if term is None:
        return CertificateAnswer(certificate, day, Status.UNKNOWN, None, confirmed=False, known=known)
    status, reason = status_on(term, day), reason_on(term, day)
    return CertificateAnswer(certificate, day, status, reason, term.confirmed, known)


def told_later(certificate: PublicCertificate, day: date, known: str) -> tuple[StandingChange, ...]:
    """The certifier's statements on a day and those before it that the registry did not have yet at an instant."""
    return tuple(each for each in certificate.history if each.effective <= day and each.recorded > known)


def public_certificate(certificate: Certificate) -> PublicCertificate:
    """What anyone may see of a certificate: all of it, since people stake purchases on it."""
    return PublicCertificate(
        code=certificate.code,
        number=certificate.number,
        standard_id=certificate.standard_id,
        standard_name=certificate.standard_name,
        certifier=certificate.certifier,
        holder_id=certificate.holder_id,
        holder_name=certificate.holder_name,
        scope=certificate.scope,
        products=certificate.products,
        valid_from=certificate.valid_from,
        valid_to=certificate.valid_to,
        confirmed=certificate.confirmed,
        history=certificate.history,
        gdti=certificate.gdti,
        registered_at=certificate.registered_at,
        confirmed_at=certificate.confirmed_at,
        declared=certificate.declared,
    )
