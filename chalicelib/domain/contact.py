"""Whether somebody who reads a factory's contact address has confirmed that it is the factory's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

VALID_FOR = timedelta(days=7)
"""How long the link in the mail works."""


@dataclass(frozen=True, slots=True)
class ContactCheck:
    """About the address with the hash ``person``, and no other: a new address has no check.

    ``mailed`` is the day on which the link was last mailed, ``confirmed`` that on which somebody used it (UTC).
    ``token`` is the hash of the one link that works.
    """

    person: str
    mailed: str | None = None
    confirmed: str | None = None
    token: str | None = None
