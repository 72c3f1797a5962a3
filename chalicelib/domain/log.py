"""The public log of changes: what an entry says of a certificate, and how entries are bound to each other.

An entry names a certificate by its code and nobody by name: no holder, no certifier, no person, and no reason, which is
free text. ``event`` binds what it leaves out: the hash of the certificate's own event, which nobody can guess, since
each such event holds a salt.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Protocol

from chalicelib.domain import merkle
from chalicelib.domain.certificate import Recorded, Standing

GENESIS = "0" * 64


class What(StrEnum):
    """What happened to the standing of a certificate."""

    DECLARED = "declared"
    CONFIRMED = "confirmed"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    WITHDRAWN = "withdrawn"


_AFTERWARDS = {
    Standing.ACTIVE: What.REINSTATED,
    Standing.SUSPENDED: What.SUSPENDED,
    Standing.WITHDRAWN: What.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One change of standing: the ``line``-th of its certificate, counted from 1.

    ``effective`` is the day (``YYYY-MM-DD``) since which it holds, ``recorded`` the instant at which the registry
    learned it, ``standing`` what the certifier says from then on: nothing while only the holder declares it.
    """

    code: str
    line: int
    what: str
    standing: str | None
    effective: str
    recorded: str
    standard: str

    @property
    def backdated(self) -> bool:
        """Whether it was said on a later day than that since which it holds."""
        return self.effective < self.recorded[:10]


@dataclass(frozen=True, slots=True)
class Entry(Line):
    """A line with its place in the log. ``event`` is ``None`` for what was on record before the log began."""

    event: str | None
    number: int
    previous: str


class Logged(Recorded, Protocol):
    """What a certificate must tell to be in the log."""

    @property
    def code(self) -> str: ...
    @property
    def standard_id(self) -> str: ...


def lines_of(certificate: Logged) -> tuple[Line, ...]:
    """All changes of a certificate's standing, in order of recording. What is recorded later only adds to them."""
    return tuple(Line(certificate.code, number, *said) for number, said in enumerate(_said(certificate), start=1))


def _said(certificate: Logged) -> Iterator[tuple[str, str | None, str, str, str]]:
    standard = certificate.standard_id
    if certificate.registered_at is not None and (certificate.declared is not None or not certificate.confirmed):
        since = (certificate.declared or certificate).valid_from.isoformat()
        yield What.DECLARED.value, None, since, certificate.registered_at, standard
    for number, change in enumerate(certificate.history):
        first = number == 0 and change.standing is Standing.ACTIVE
        what = What.CONFIRMED if first else _AFTERWARDS[change.standing]
        yield what.value, change.standing.value, change.effective.isoformat(), change.recorded, standard


def body(line: Line) -> dict[str, Any]:
    """A line or an entry as JSON."""
    return asdict(line)


def entry(said: dict[str, Any]) -> Entry:
    """An entry read back from its JSON."""
    return Entry(**{each.name: said[each.name] for each in fields(Entry)})


def canonical(said: Entry) -> bytes:
    """The bytes that are hashed: JSON with its members in order, no blanks, in UTF-8 (as RFC 8785 writes them)."""
    return json.dumps(asdict(said), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def chain_hash(said: Entry) -> str:
    """What the next entry names as ``previous``."""
    return hashlib.sha256(canonical(said)).hexdigest()


def leaf(said: Entry) -> bytes:
    """The entry's leaf in the tree."""
    return merkle.leaf_hash(canonical(said))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the log had come at an instant: its size, the root over all its entries, the hash of the last one.

    ``signed`` is a JWS in compact form that says the same; ``None`` where the registry does not sign.
    """

    size: int
    root: str
    head: str
    at: str
    signed: str | None = None
