"""Signs what changes, with the registry's own key, and publishes each key before its first signature.

A key is named by its thumbprint (RFC 7638). Rotating means to name another KMS key in ``SIGNING_KEY``; the former one
stays published, so that what it signed still verifies, until somebody revokes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from chalicelib import clock, settings
from chalicelib.domain import did, jws
from chalicelib.domain.did import SigningKey
from chalicelib.domain.errors import Unavailable
from chalicelib.store import kms
from chalicelib.store.kms import PublicHalf
from chalicelib.store.registry import signing_keys

CREDENTIALS, RECEIPTS = did.CREDENTIALS, did.RECEIPTS


def configured() -> bool:
    """Whether this registry signs at all."""
    return bool(settings.load().signing_key)


def signed_document(payload: Mapping[str, Any], header: Mapping[str, str]) -> str:
    """A JWS in compact form over a document; ``header`` says what it is (``typ``, ``cty``). ``Unavailable`` if KMS is.

    The key's name is part of what is signed, so the key must be known beforehand.
    """
    full = {"alg": "ES256", **header, "kid": did.method_of(settings.load().base_url, current())}
    signed = jws.signing_input(full, payload)
    return jws.compact(signed, signature_over(signed))


def signature_over(message: bytes) -> bytes:
    """The 64 bytes of an ES256 signature by the key whose name ``current`` tells.

    ``Unavailable`` if an alias leads to another key by now: name keys by their ARN, or wait for fresh processes.
    """
    key = settings.load().signing_key
    made = kms.sign(key, message)
    if made.key != _published(key, CREDENTIALS)[1]:
        forget()
        raise Unavailable("The registry could not sign just now. Try again in a moment.")
    return made.signature


def current() -> str:
    """The name of the key that signs now. It is published before this function has told it for the first time."""
    chosen = settings.load()
    if chosen.receipt_key:
        _published(chosen.receipt_key, RECEIPTS)
    return _published(chosen.signing_key, CREDENTIALS)[0]


def named() -> str:
    """The name of the key that would sign now. Asking does not publish it."""
    return jws.thumbprint(_half(settings.load().signing_key).jwk)


@cache
def _published(key: str, purpose: str) -> tuple[str, str]:
    """The name and ARN of a KMS key, which from now on anyone can look up. Asked once in the life of a process."""
    half = _half(key)
    kid = jws.thumbprint(half.jwk)
    signing_keys.publish(SigningKey(kid, purpose, half.jwk, clock.instant(clock.now())))
    return kid, half.key


@cache
def _half(key: str) -> PublicHalf:
    return kms.public_half(key)


def forget() -> None:
    """Ask for the keys' names anew: for tests that change tables or keys."""
    _published.cache_clear()
    _half.cache_clear()
