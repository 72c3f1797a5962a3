"""Shapes of likely duplicates, of what waits for a decision of staff, and of whether a factory may be written to."""

from __future__ import annotations

from chalicelib.domain import likeness
from chalicelib.domain.moderation import Decision, Kind
from chalicelib.internal import moderation
from infra.api.public_shapes import FACTORY_ID_SHAPE
from infra.api.shapes import (
    COUNTRY,
    INSTANT,
    URL,
    YES_NO,
    Schema,
    body,
    listed,
    nullable,
    one_of,
    record,
    ref,
    said,
    text,
)


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    reasons = listed(one_of(likeness.Reason))
    duplicate = record(
        {
            "factory_id": FACTORY_ID_SHAPE,
            "name": text(),
            "country": COUNTRY,
            "city": nullable(text()),
            "reasons": {**reasons, "description": "why it is likely to be the one described, the strongest first"},
            "url": URL,
        }
    )
    matter = record(
        {
            "id": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
            "kind": one_of(Kind),
            "about": {**URL, "description": "the page that it is about"},
            "subject": {"type": "string"},
            "opened_at": INSTANT,
            "details": {"type": "object", "description": "what was noticed or reported; differs by kind"},
            "decision": nullable(one_of(Decision)),
            "reason": nullable({"type": "string"}),
            "decided_at": nullable(INSTANT),
        }
    )
    cursor = nullable(said("ask on with ?cursor="))
    return {
        "Duplicate": duplicate,
        "Duplicates": record({"results": listed(ref("Duplicate"), likeness.MOST_LIKELY)}),
        "Matter": matter,
        "Matters": record({"results": listed(ref("Matter"), moderation.PAGE), "next_cursor": cursor}),
        "Relay": body({"open": YES_NO}),
        "DecisionRequest": body({"decision": one_of(Decision), "reason": text()}),
    }
