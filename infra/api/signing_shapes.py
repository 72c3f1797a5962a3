"""Shapes of what the registry tells of its signing keys."""

from __future__ import annotations

from infra.api.shapes import INSTANT, Schema, listed, nullable, record, ref

KEY = record(
    {
        "kid": {"type": "string", "description": "Its thumbprint (RFC 7638)."},
        "purpose": {"enum": ["credentials", "receipts"]},
        "jwk": {"type": "object", "required": ["kty", "crv", "x", "y"]},
        "since": INSTANT,
        "revoked": nullable(INSTANT),
    },
    about="The public half of a key that signs or once signed.",
)


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    return {"SigningKey": KEY, "SigningKeys": record({"results": listed(ref("SigningKey"))})}
