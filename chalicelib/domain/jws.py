"""JSON Web Signature in compact form (RFC 7515), ES256 only, and the key formats around it. Nothing is signed here.

By hand: what is left of it, once a service that keeps the keys does the signing, is base64url and two dots. Libraries
of others verify what comes of it in the tests.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.errors import Malformed

_COORDINATE = 32  # bytes of a number on P-256
# The DER of an uncompressed P-256 point as SubjectPublicKeyInfo (RFC 5480) before the point's two coordinates.
_SPKI_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")


def signing_input(header: Mapping[str, Any], payload: Mapping[str, Any]) -> bytes:
    """What is to be signed: header and payload, each as base64url of JSON (RFC 7515 section 5.1)."""
    return f"{_encoded(header)}.{_encoded(payload)}".encode()


def compact(signed: bytes, signature: bytes) -> str:
    """The compact serialisation of what ``signing_input`` gave, with its 64 bytes of signature."""
    return f"{signed.decode()}.{base64url(signature)}"


def read(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """Header, payload, what was signed, and the signature. **Nothing is verified.** ``Malformed`` if it is no JWS."""
    try:
        signed, _, signature = token.encode("ascii").rpartition(b".")
        head, _, body = signed.partition(b".")
        header, payload = json.loads(decoded(head.decode())), json.loads(decoded(body.decode()))
        raw = decoded(signature.decode())
    except ValueError:  # UnicodeError and binascii.Error with it
        header = payload = raw = None
    if not isinstance(header, dict) or not isinstance(payload, dict) or raw is None:
        raise Malformed("This is no signed document in compact form.")
    return header, payload, signed, raw


def base64url(content: bytes) -> str:
    """base64url without padding (RFC 7515 appendix C)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of base64url without padding; ``ValueError`` for anything else, and for bits that nobody wrote."""
    content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if base64url(content) != text:
        raise ValueError("not canonical base64url")
    return content


def thumbprint(jwk: Mapping[str, str]) -> str:
    """The name of a key that follows from the key (RFC 7638), as base64url."""
    needed = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return base64url(hashlib.sha256(json.dumps(needed, separators=(",", ":")).encode()).digest())


def public_jwk(spki: bytes) -> dict[str, str]:
    """A P-256 public key in SubjectPublicKeyInfo (DER) as JWK (RFC 7518 section 6.2). ``ValueError`` for others."""
    if not spki.startswith(_SPKI_HEAD) or len(spki) != len(_SPKI_HEAD) + 2 * _COORDINATE:
        raise ValueError("not a P-256 public key")
    x, y = spki[-2 * _COORDINATE : -_COORDINATE], spki[-_COORDINATE:]
    return {"kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y)}


def raw_signature(der: bytes) -> bytes:
    """An ECDSA signature in DER (RFC 3279 section 2.2.3) as R and S of 32 bytes each. ``ValueError`` if it is none."""
    if len(der) < 8 or der[0] != 0x30 or der[1] != len(der) - 2:
        raise ValueError("not a P-256 signature")
    r, rest = _integer(der[2:])
    s, rest = _integer(rest)
    if rest:
        raise ValueError("more than a signature")
    return r + s


def _integer(der: bytes) -> tuple[bytes, bytes]:
    if len(der) < 2 or der[0] != 0x02 or len(der) < 2 + der[1]:
        raise ValueError("not a P-256 signature")
    number = int.from_bytes(der[2 : 2 + der[1]])
    if number >= 1 << 8 * _COORDINATE:
        raise ValueError("not a P-256 signature")
    return number.to_bytes(_COORDINATE), der[2 + der[1] :]


def _encoded(content: Mapping[str, Any]) -> str:
    return base64url(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())
