"""Codes that can be checked without a network: what they say, and how much of it fits.

``HTTPS://HOST/S/<base 32 of COSE_Sign1>/253/<GDTI>``, ``…/C/<code>`` or ``…/F/<Factory ID>``. They are addresses as
other codes are, so that any phone opens the page; whoever has the registry's keys can read them without asking anybody.

A code says what was so when it was signed. It is made of Public* types only, and never of a certificate that is only
declared, suspended or withdrawn. ``docs/offline.md`` has every byte.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.domain import cose
from chalicelib.domain.certificate import Standing, last_said
from chalicelib.domain.disclosure import PublicCertificate, PublicFactory
from chalicelib.domain.factory import State

SUBJECT, EXPIRES, NOT_BEFORE, ISSUED = 2, 4, 5, 6
"""Claims of CWT (RFC 8392): the Factory ID of the holder, instants in seconds since 1970."""
ABOUT = -65537
"""A claim for private use: a certificate's standard and scope, or a factory's name."""
MOST_SIGNS = 311
"""What a QR code of version 10 holds at level M, in capitals and digits."""
CUT = "…"
_GDTI = re.compile(r"[0-9A-Z.\-]+\Z")  # what stays as it is in an address, and in a code of capitals
_SIGNATURE = bytes(64)
_ANY_KEY = "A" * 43
_SOME_INSTANT = 1 << 31


@dataclass(frozen=True, slots=True)
class Code:
    """What a code says but for when it was signed. ``tail`` ends its address: ``253/…``, ``C/…``, ``F/…``."""

    tail: str
    claims: Mapping[int, Any]

    @property
    def bound(self) -> str:
        """What the signature holds fast though it stands beside it: GS1's element string, or the tail itself."""
        kind, _, value = self.tail.partition("/")
        return f"({kind}){value}" if kind == "253" else self.tail

    def said(self, at: datetime) -> dict[int, Any]:
        """All claims, signed at an instant."""
        return {**self.claims, ISSUED: int(at.timestamp())}

    def address(self, base_url: str, token: str) -> str:
        """The whole of what stands in the QR code."""
        return address(base_url, f"{token}/{self.tail}")


def address(base_url: str, signed: str) -> str:
    """The address of a signed part with its tail: in capitals, unless the service is below a path."""
    scheme, _, host = base_url.rstrip("/").partition("://")
    if "/" in host:
        return f"{base_url.rstrip('/')}/s/{signed}"
    return f"{scheme}://{host}/s/".upper() + signed


def of_certificate(page: PublicCertificate, base_url: str) -> Code | None:
    """The code of a certificate that its certifier confirmed; its scope cut if need be.

    ``None`` if what was said last is that it is suspended or withdrawn, whatever day the clock here makes it.
    """
    said = last_said(page)
    if not page.confirmed or (said is not None and said.standing is not Standing.ACTIVE):
        return None
    gdti = page.gdti if page.gdti and _GDTI.match(page.gdti) else None
    tail = f"253/{gdti}" if gdti else f"C/{page.code}"
    known = {
        SUBJECT: page.holder_id,
        EXPIRES: _midnight(page.valid_to + timedelta(days=1)),
        NOT_BEFORE: _midnight(page.valid_from),
    }
    return _fitting(tail, known, (page.standard_id,), page.scope, base_url)


def of_factory(page: PublicFactory, base_url: str) -> Code | None:
    """The code of a factory that is open under this ID: what it is called."""
    if page.state != State.OPEN:
        return None
    return _fitting(f"F/{page.factory_id}", {SUBJECT: page.factory_id}, (), page.name, base_url)


def _fitting(tail: str, known: dict[int, Any], first: tuple[str, ...], text: str, base_url: str) -> Code:
    """A code with as much of a text as fits."""
    kept, told = len(text), text
    while True:
        code = Code(tail, {**known, ABOUT: [*first, told]})
        if kept == 0 or len(code.address(base_url, _unsigned(code))) <= MOST_SIGNS:
            return code
        kept -= 1
        told = text[:kept].rstrip(" ,;") + CUT


def _unsigned(code: Code) -> str:
    """A token of the length that the signed one will have."""
    claims = {**code.claims, ISSUED: _SOME_INSTANT}
    return cose.base32(cose.sign1(cose.protected(_ANY_KEY), claims, _SIGNATURE))


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
