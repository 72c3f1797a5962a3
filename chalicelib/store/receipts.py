"""Signs receipts: the one thing that the public side signs, with a key of its own that does nothing else.

The key's public half must be published before (the internal side does that), and not be revoked: that is looked up
before each signature, so that no receipt is ever given that nobody could check.
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

_AGAIN = 300
"""Seconds until it is worth asking again while somebody has to name or publish another key."""


def given() -> bool:
    """Whether this registry gives receipts."""
    return bool(settings.load().receipt_key)


def signed(said: Mapping[str, Any]) -> str:
    """A receipt in compact form. ``Unavailable`` if it can't be signed now, or nobody could check it."""
    chosen = settings.load()
    kid, key = _named(chosen.receipt_key)
    _counts(kid)
    header = {"alg": "ES256", "typ": receipt.TYPE, "kid": did.method_of(chosen.base_url, kid)}
    wanted = jws.signing_input(header, said)
    made = kms.sign(chosen.receipt_key, wanted)
    if made.key != key:
        forget()
        raise Unavailable("A receipt could not be signed just now. Try again in a moment.")
    return jws.compact(wanted, made.signature)


def genuine(read: Read) -> bool:
    """Whether this registry signed a receipt, with a key for receipts that was not revoked."""
    base_url = settings.load().base_url
    keys = [each for each in reader.signing_keys() if each.purpose == did.RECEIPTS and each.revoked is None]
    key = next((each for each in keys if did.method_of(base_url, each.kid) == read.kid), None)
    return key is not None and p256.verify(key.jwk, read.signed, read.signature)


def forget() -> None:
    """Ask for the key's name anew: for tests that change keys."""
    _named.cache_clear()


def _counts(kid: str) -> None:
    """``Unavailable`` unless anyone can look the key up now, as one for receipts that was not revoked: one read."""
    held = next((each for each in reader.signing_keys() if (each.kid, each.purpose) == (kid, did.RECEIPTS)), None)
    if held is None:
        raise Unavailable("Receipts cannot be given yet: their key is not published. Try again later.", seconds=_AGAIN)
    if held.revoked is not None:
        raise Unavailable("Receipts cannot be given now: their key was revoked. Try again later.", seconds=_AGAIN)


@cache
def _named(key: str) -> tuple[str, str]:
    """The name and the ARN of the key; asked once in the life of a process."""
    half = kms.public_half(key)
    return jws.thumbprint(half.jwk), half.key
