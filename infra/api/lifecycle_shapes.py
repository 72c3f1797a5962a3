"""Shapes of what staff say of what became of a factory, and of the keys that they see."""

from __future__ import annotations

from chalicelib.domain.lifecycle import PLACE
from chalicelib.domain.text import LONG
from chalicelib.internal.access import SCOPES
from infra.api import factory_fields
from infra.api.shapes import DATE, INSTANT, Schema, body, listed, nullable, one_of, record, said, text

KEY_PREFIX: Schema = {"type": "string", "pattern": "^[0-9a-f]{12}$"}


def schemas() -> dict[str, Schema]:
    """All of them by name. Each change comes with its reason, which the history keeps."""
    fields = factory_fields.shapes()
    day = {**DATE, "description": "since when; today unless given, never a day to come"}
    into = said("the record that this one leads to from now on")
    place = {name: fields[name] for name in PLACE}
    return {
        "MergeRequest": body({"into": into, "reason": text(LONG)}),
        "MoveRequest": body({"reason": text(LONG)}, {**place, "into": into, "effective": day}),
        "CloseRequest": body({"reason": text(LONG)}, {"effective": day}),
        "Reason": body({"reason": text(LONG)}),
        "Keys": record(
            {
                "results": listed(
                    record(
                        {
                            "prefix": KEY_PREFIX,
                            "kind": one_of(tuple(SCOPES)),
                            "tenant": {"type": "string"},
                            "scopes": listed({"type": "string"}),
                            "made_by": said("the key or session that made it"),
                            "made_at": INSTANT,
                            "used_at": nullable({**INSTANT, "description": "last used then, or within the hour after"}),
                        }
                    )
                )
            }
        ),
    }
