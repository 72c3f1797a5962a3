"""The registry's own identifier, ``did:web``, and the document behind it (W3C DID Core 1.0, did:web method)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

CREDENTIALS, RECEIPTS = "credentials", "receipts"
"""What a key may sign: all that the registry asserts (credentials, status lists, codes, checkpoints), or receipts."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs or once signed. ``purpose``: ``credentials`` or ``receipts``. Instants; ``revoked``: or None."""

    kid: str
    purpose: str
    jwk: Mapping[str, str]
    since: str
    revoked: str | None = None


def did_of(base_url: str) -> str:
    """The identifier of whoever answers at an address: ``did:web:host``, with port and path where there are any."""
    address = urlsplit(base_url)
    parts = [quote(address.netloc), *(part for part in address.path.split("/") if part)]
    return "did:web:" + ":".join(parts)


def method_of(base_url: str, kid: str) -> str:
    """The name of a key in the document: what a signature's ``kid`` says."""
    return f"{did_of(base_url)}#{kid}"


def document(base_url: str, keys: Iterable[SigningKey]) -> dict[str, Any]:
    """The document with all keys that count. Former keys stay, so that what they signed still verifies.

    A revoked key is left out: nothing that it signed verifies any longer. A key for receipts, which the public side may
    sign with, is in no verification relationship, so that nobody takes what it signed for an assertion (DID Core 1.0,
    section 5.3). What a key may sign its JWK says in a member of ours, which others ignore (RFC 7517, section 4).
    """
    own = did_of(base_url)
    counted = [key for key in keys if key.revoked is None]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": own,
        "verificationMethod": [
            {
                "id": method_of(base_url, key.kid),
                "type": "JsonWebKey2020",
                "controller": own,
                "publicKeyJwk": {
                    **key.jwk,
                    "kid": key.kid,
                    "alg": "ES256",
                    "use": "sig",
                    "purpose": key.purpose,
                },
            }
            for key in counted
        ],
        "assertionMethod": [method_of(base_url, key.kid) for key in counted if key.purpose == CREDENTIALS],
    }
