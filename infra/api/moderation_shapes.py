"""Shapes of what staff and members are told of likely duplicates, and of what waits for a decision of staff."""

from __future__ import annotations

from chalicelib.domain import likeness
from infra.api.public_shapes import FACTORY_ID_SHAPE
from infra.api.shapes import COUNTRY, URL, Schema, listed, nullable, one_of, record, ref, text


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
    return {
        "Duplicate": duplicate,
        "Duplicates": record({"results": listed(ref("Duplicate"), likeness.MOST_LIKELY)}),
    }
