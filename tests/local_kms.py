"""AWS KMS in this process: keys of P-256 by name, made when first named. Answers as KMS writes."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from chalicelib import settings
from chalicelib.domain.errors import Unavailable
from chalicelib.settings import Settings
from chalicelib.store import kms, receipts
from chalicelib.store.registry import signing
from chalicelib.store.signature import KMS
from chalicelib.store.wire import Wire


class LocalKms(Wire):
    """``calls`` are the operations asked so far. While ``broken``, none is answered."""

    def __init__(self, chosen: Settings) -> None:
        super().__init__(chosen, KMS)
        self._keys: dict[str, ec.EllipticCurvePrivateKey] = {}
        self.calls: list[str] = []
        self.broken = False

    def call(self, operation: str, payload: dict[str, Any]) -> dict[str, Any]:
        self.calls.append(operation)
        if self.broken:
            raise Unavailable("The registry could not be reached just now.")
        name = payload["KeyId"]
        key = self._keys.setdefault(name, ec.generate_private_key(ec.SECP256R1()))
        if operation == "GetPublicKey":
            spki = key.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            return {"KeyId": name, "PublicKey": base64.b64encode(spki).decode()}
        assert operation == "Sign"
        digest = base64.b64decode(payload["Message"])
        made = key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
        return {"KeyId": name, "Signature": base64.b64encode(made).decode()}


@contextmanager
def keys_in_process() -> Iterator[LocalKms]:
    """From now on until the end, KMS is this process. Whether anything is signed says ``SIGNING_KEY``."""
    local = LocalKms(settings.load())
    kept, kms._wire = kms._wire, local
    signing.forget()
    receipts.forget()
    try:
        yield local
    finally:
        kms._wire = kept
        signing.forget()
        receipts.forget()
