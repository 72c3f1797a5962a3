"""AWS KMS: signs with keys that never leave it, and tells their public halves. Nothing else talks to it.

Keys are of the kind ``ECC_NIST_P256``. Signing may be repeated, so it takes the same wire as reads.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from chalicelib import journal, settings
from chalicelib.domain import jws
from chalicelib.domain.errors import Unavailable
from chalicelib.store.signature import KMS
from chalicelib.store.wire import Wire

_ALGORITHM = "ECDSA_SHA_256"
_wire: Wire | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """``signature``: 64 bytes, R and S (RFC 7518 section 3.4). ``key``: the ARN of the key that made it."""

    signature: bytes
    key: str


@dataclass(frozen=True, slots=True)
class PublicHalf:
    """The public half of a key: ``jwk`` has ``kty``, ``crv``, ``x``, ``y``; ``key`` is the key's ARN."""

    jwk: dict[str, str]
    key: str


def connect(chosen: settings.Settings) -> None:
    """Point at an operator's KMS. Called once at import; tests call it again."""
    global _wire
    if _wire is not None:
        _wire.close()
    _wire = wire_to(chosen)


def wire_to(chosen: settings.Settings) -> Wire:
    """The way to an operator's KMS."""
    return Wire(chosen, KMS)


def sign(key: str, message: bytes) -> Signed:
    """Sign a message of any length with a key (ID, ARN or alias). ``Unavailable`` if that cannot be done now."""
    digest = base64.b64encode(hashlib.sha256(message).digest()).decode()
    asked = {"KeyId": key, "Message": digest, "MessageType": "DIGEST", "SigningAlgorithm": _ALGORITHM}
    reply = _answered("Sign", asked)
    return Signed(jws.raw_signature(base64.b64decode(reply["Signature"])), reply["KeyId"])


def public_half(key: str) -> PublicHalf:
    """The public half of a key. ``Unavailable`` if that cannot be asked now."""
    reply = _answered("GetPublicKey", {"KeyId": key})
    return PublicHalf(jws.public_jwk(base64.b64decode(reply["PublicKey"])), reply["KeyId"])


def _answered(operation: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What KMS answers. Whoever signs asks for the public half first: that it fails is a signature that is not made."""
    assert _wire is not None  # nosec B101: connected at import
    try:
        return _wire.call(operation, asked)
    except Unavailable as error:
        journal.failed("sign_failed", error, operation=operation)
        raise


connect(settings.load())
