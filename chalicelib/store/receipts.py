"""Signs receipts: the one thing that the public side signs, with a key of its own that does nothing else.

The key's public half must be published before (the internal side does that), so that no receipt is ever given that
nobody could check.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from chalicelib import settings
from chalicelib.domain import did, jws, p256, receipt
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.receipt import Read
from chalicelib.store import kms, reader

PURPOSE = "receipts"


def given() -> bool:
    """Whether this registry gives receipts."""
    return bool(settings.load().receipt_key)


def signed(said: Mapping[str, Any]) -> str:
    """A receipt in compact form. ``Unavailable`` if it can't be signed now, or nobody could check it."""
    chosen = settings.load()
    kid, key = _published(chosen.receipt_key)
    header = {"alg": "ES256", "typ": receipt.TYPE, "kid": did.method_of(chosen.base_url, kid)}
    wanted = jws.signing_input(header, said)
    made = kms.sign(chosen.receipt_key, wanted)
    if made.key != key:
        _published.cache_clear()
        raise Unavailable("A receipt could not be signed just now. Try again in a moment.")
    return jws.compact(wanted, made.signature)


def genuine(read: Read) -> bool:
    """Whether this registry signed a receipt, with a key for receipts that was not revoked."""
    base_url = settings.load().base_url
    keys = [each for each in reader.signing_keys() if each.purpose == PURPOSE and each.revoked is None]
    key = next((each for each in keys if did.method_of(base_url, each.kid) == read.kid), None)
    return key is not None and p256.verify(key.jwk, read.signed, read.signature)


def forget() -> None:
    """Ask for the key anew: for tests that change keys."""
    _published.cache_clear()


@cache
def _published(key: str) -> tuple[str, str]:
    """The name and the ARN of the key, if anyone can look it up; asked once in the life of a process."""
    half = kms.public_half(key)
    kid = jws.thumbprint(half.jwk)
    if not any(each.kid == kid and each.revoked is None for each in reader.signing_keys()):
        raise Unavailable("Receipts cannot be given yet: their key is not published. Try again later.")
    return kid, half.key
