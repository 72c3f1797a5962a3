"""Shapes of receipts: proof that somebody checked."""

from __future__ import annotations

from infra.api.shapes import YES_NO, Schema, body, listed, record, ref

_TOKEN: Schema = {
    "type": "string",
    "pattern": r"^eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}$",
    "description": "A JWS in compact form (ES256) by the registry's key for receipts; docs/receipts.md.",
}
_SAID = record(
    {
        "iss": {"type": "string", "description": "The registry (did:web)."},
        "iat": {"type": "integer", "description": "When it was answered, in seconds since 1970."},
        "jti": {"type": "string", "description": "The number of this receipt."},
        "question": {"type": "object", "required": ["on"]},
        "answer": {"type": "object"},
    },
    {
        "version": {"type": "string", "description": "Which state of the record was read."},
        "known_now": record(
            {},
            {"status": {"type": "string"}, "confirmed": YES_NO, "counts": {"type": "object"}},
            about="Beside a question with known_at: the answer by all that was known when it was given.",
        ),
        "rows": {"type": "string", "description": "The root over the rows of a list."},
        "log": {"type": "object", "required": ["size"]},
    },
)


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    return {
        "ReceiptSays": _SAID,
        "Receipt": record({"receipt": _TOKEN, "says": ref("ReceiptSays"), "url": {"type": "string", "format": "uri"}}),
        "ReceiptToCheck": body({"receipt": {"type": "string"}}, {"rows": listed({"type": "object"}, 1000)}),
        "ReceiptChecked": record(
            {"genuine": YES_NO, "says": {"anyOf": [ref("ReceiptSays"), {"type": "null"}]}},
            {"rows_match": YES_NO, "now": record({"status": {"type": "string"}, "confirmed_by_certifier": YES_NO})},
        ),
    }
