"""Signatures of checkpoints: JWS (RFC 7515), ES256, by a key of the service's DID document.

The one thing that plain Python cannot do. With ``cryptography`` installed signatures are checked, else it is said that
they were not.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from factory_id import did_keys

INSTALLED = True
try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils
except ImportError:
    INSTALLED = False

VALID, FALSE, UNSIGNED, KEY_UNKNOWN, UNCHECKED = "valid", "false", "unsigned", "of an unknown key", "unchecked"
NO_PURPOSE = "of a key without a purpose"
TYPE = "log-checkpoint+jws"


def judged(checkpoints: Iterable[Mapping[str, Any]], keys: Mapping[str, Any]) -> Counter[str]:
    """How many signatures are what. ``keys`` is the DID document."""
    return Counter(judge(each, keys) for each in checkpoints)


def judge(checkpoint: Mapping[str, Any], keys: Mapping[str, Any]) -> str:
    """What a checkpoint's signature is worth: ``VALID`` only if it says what the checkpoint says.

    A key that is there for something else, such as receipts, makes it ``FALSE``.
    """
    if not checkpoint.get("signed"):
        return UNSIGNED
    if not INSTALLED:
        return UNCHECKED
    try:
        signed, _, signature = str(checkpoint["signed"]).rpartition(".")
        header, payload = (json.loads(_decoded(part)) for part in signed.split("."))
        raw = _decoded(signature)
        known, may = dict(did_keys.named(keys)), did_keys.of(keys, did_keys.CREDENTIALS)
        said = all(payload[name] == checkpoint[name] for name in ("size", "root", "head", "at"))
        if (header["alg"], header["typ"], len(raw)) != ("ES256", TYPE, 64) or not said:
            return FALSE
        if header["kid"] not in known:
            return KEY_UNKNOWN
        if "purpose" not in known[header["kid"]]:
            return NO_PURPOSE
        jwk = may[header["kid"]]
        x, y = (int.from_bytes(_decoded(jwk[name]), "big") for name in ("x", "y"))
        key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        key.verify(utils.encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
    except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature):
        return FALSE
    return VALID


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
