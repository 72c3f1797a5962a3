"""Certificates, and the one rule that says what one is worth on a given day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class Standing(StrEnum):
    """What the certifier last said, whatever the dates."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class Status(StrEnum):
    """What a certificate is worth on a day. ``UNKNOWN`` is for a number that is not on record."""

    VALID = "valid"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What became of a certificate that was registered, or of a statement about one."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class StandingChange:
    """A statement of the certifier: from the day ``effective`` on, the standing is this.

    ``recorded`` is the instant (RFC 3339) at which the registry learned it: so that ``status_on`` can say both what
    held on a day and what was known.
    """

    standing: Standing
    reason: str
    effective: date
    recorded: str


@dataclass(frozen=True, slots=True)
class Declared:
    """The days that the holder declared, before the certifier confirmed the certificate with days of its own."""

    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate on record. Days are UTC; it holds from the start of ``valid_from`` to the end of ``valid_to``.

    ``holder_name`` is the holder as the certificate names it, which is what a buyer compares with the paper.
    ``certifier_id`` is ``None`` while only the factory declares it. ``history`` is in the order of recording.
    ``gdti`` is the document's own GS1 number, if it has one. ``registered_at`` and ``confirmed_at`` are the instants at
    which the registry first had it and had its certifier's word; ``declared`` is what it said between the two.
    ``status_index`` is its place in the status lists (``status_list``), once it is confirmed.
    """

    code: str
    number: str
    standard_id: str
    standard_name: str
    certifier_id: str | None
    certifier: str
    holder_id: str
    holder_name: str
    scope: str
    products: tuple[str, ...]
    valid_from: date
    valid_to: date
    confirmed: bool
    history: tuple[StandingChange, ...]
    version: int = 0
    gdti: str | None = None
    registered_at: str | None = None
    confirmed_at: str | None = None
    declared: Declared | None = None
    status_index: int | None = None


class Term(Protocol):
    """What the rule needs to know of a certificate: its days and what the certifier said, in order of recording."""

    @property
    def valid_from(self) -> date: ...  # first day, UTC
    @property
    def valid_to(self) -> date: ...  # last day, UTC
    @property
    def history(self) -> tuple[StandingChange, ...]: ...


class Recorded(Term, Protocol):
    """What the rule needs besides to say what was known at an instant (RFC 3339 in UTC, to the second)."""

    @property
    def confirmed(self) -> bool: ...
    @property
    def registered_at(self) -> str | None: ...
    @property
    def confirmed_at(self) -> str | None: ...
    @property
    def declared(self) -> Declared | None: ...


@dataclass(frozen=True, slots=True)
class Known:
    """What was on record of a certificate at an instant."""

    valid_from: date
    valid_to: date
    confirmed: bool
    history: tuple[StandingChange, ...]


def known_at(certificate: Recorded, instant: str) -> Known | None:
    """What was on record of a certificate up to an instant, that second included; ``None`` if it was not on record.

    A record without ``registered_at`` is older than that field: it counts as on record since the first statement of its
    certifier, or since ever if there is none.
    """
    first = certificate.history[0].recorded if certificate.history else ""
    if instant < (certificate.registered_at or first):
        return None
    history = tuple(change for change in certificate.history if change.recorded <= instant)
    confirmed = certificate.confirmed and instant >= (certificate.confirmed_at or first)
    term: Declared | Recorded = certificate
    if certificate.declared is not None and not confirmed:
        term = certificate.declared
    return Known(term.valid_from, term.valid_to, confirmed, history)


def change_in_force(certificate: Term, day: date) -> StandingChange | None:
    """The statement in force on a day: the last one recorded of those that had taken effect."""
    in_force = None
    for change in certificate.history:
        if change.effective <= day:
            in_force = change
    return in_force


def last_said(certificate: Term) -> StandingChange | None:
    """The statement recorded last. None is taken before its day: so it is in force, even by a clock that is behind."""
    return certificate.history[-1] if certificate.history else None


def status_on(certificate: Term, day: date) -> Status:
    """What a certificate is worth on a day: withdrawn beats suspended beats expired beats not yet valid."""
    change = change_in_force(certificate, day)
    if change is not None and change.standing is Standing.WITHDRAWN:
        return Status.WITHDRAWN
    if change is not None and change.standing is Standing.SUSPENDED:
        return Status.SUSPENDED
    if day > certificate.valid_to:
        return Status.EXPIRED
    if day < certificate.valid_from:
        return Status.NOT_YET_VALID
    return Status.VALID


def reason_on(certificate: Term, day: date) -> str | None:
    """Why a certificate is suspended or withdrawn on a day, in the certifier's words; ``None`` if it is neither."""
    change = change_in_force(certificate, day)
    if change is None or change.standing is Standing.ACTIVE:
        return None
    return change.reason or None
