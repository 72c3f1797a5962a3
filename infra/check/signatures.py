"""Whether what is signed is signed by a key that counts: on record, not revoked, and published as it is on record.

Each signature is verified as readers do: that of a code by ``factory-id verify-offline`` itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from chalicelib import clock, settings
from chalicelib.domain import credential, did, jws, offline, p256
from chalicelib.domain.did import SigningKey
from chalicelib.domain.errors import Malformed
from chalicelib.domain.offline import Code
from chalicelib.store.registry import signing, signing_keys
from factory_id import did_keys, verify_offline

DOCUMENT = credential.HEADER["typ"]
REVOKED = "is signed by a revoked key"
ROTATE = "The key that signs is revoked itself. Deploy with another, then run this with it and --repair."
Ring = tuple[SigningKey, ...]


def ring() -> Ring:
    """The keys that sign credentials, and those that once did."""
    return tuple(each for each in signing_keys.every() if each.purpose == signing.CREDENTIALS)


def can_be_mended(keys: Ring) -> bool:
    """Whether signing anew would help: not while the key that signs is revoked."""
    name = signing.named()
    return all(each.revoked is None for each in keys if each.kid == name)


def wrong_document(token: str, keys: Ring, kind: str = DOCUMENT) -> str:
    """What is wrong with the signature of a document, for people; empty if nothing is."""
    try:
        header, _, signed, signature = jws.read(token)
    except Malformed:
        return "is no signed document"
    base_url = settings.load().base_url
    key = next((each for each in keys if did.method_of(base_url, each.kid) == header.get("kid")), None)
    if key is None:
        return "is signed by a key that nobody knows"
    if (header.get("alg"), header.get("typ")) != ("ES256", kind) or not p256.verify(key.jwk, signed, signature):
        return "has a signature that does not verify"
    return REVOKED if key.revoked is not None else ""


def wrong_code(code: str, said: Code, keys: Ring) -> str:
    """What is wrong with a code for checking offline, for people; empty if nothing is."""
    wrong = "has a code that does not verify"
    for some, how in (((each for each in keys if each.revoked is None), ""), (keys, "has a code by a revoked key")):
        try:
            claims, _ = verify_offline.verified(_address(code), _as_fetched(some))
        except verify_offline.NotOurs:
            continue
        return how if _but_for_when(claims) == dict(said.claims) else "has a code for something else"
    return wrong


def _address(code: str) -> str:
    return offline.address(settings.load().base_url, code)


def _as_fetched(keys: Iterable[SigningKey]) -> did_keys.Keys:
    base_url = settings.load().base_url.rstrip("/")
    document = did.document(base_url, (replace(each, revoked=None) for each in keys))
    return did_keys.Keys(base_url.partition("://")[2].lower(), document, clock.now(), stamped=True)


def _but_for_when(claims: Mapping[int, Any]) -> dict[int, Any]:
    return {name: value for name, value in claims.items() if name != offline.ISSUED}
