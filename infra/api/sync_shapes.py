"""Shapes of what ICS sends and is answered."""

from __future__ import annotations

from chalicelib.domain.audit import Outcome
from chalicelib.internal import audits
from chalicelib.store.registry import syncs
from infra.api.public_shapes import FACTORY_ID_SHAPE
from infra.api.shapes import (
    CODE,
    DATE,
    INSTANT,
    TENANT,
    Schema,
    body,
    listed,
    nullable,
    one_of,
    record,
    ref,
    said,
    text,
    whole,
)


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    version = "ICS numbers its statements; the highest version wins, whatever the order of arrival"
    audit = body({"reference": text(), "scope": CODE, "type": CODE, "date": DATE}, {"notice": CODE})
    number = whole(1, audits.LARGEST_VERSION, version)
    item = body(
        {"site": text(), "version": number, "factory": ref("IcsFactory"), "audit": audit},
        {"member_ids": listed(TENANT, 50)},
        about="Never a rating, a score or a finding: an item that has one is rejected.",
    )
    result = record(
        {
            "index": whole(0, about="which item of the batch"),
            "outcome": one_of(Outcome),
            "factory_id": nullable(FACTORY_ID_SHAPE),
            "detail": nullable({"type": "string"}),
        }
    )
    counts = record({outcome.value: whole(0) for outcome in Outcome})
    refusal = record(
        {
            "index": whole(0, about="which item of the batch"),
            "site": said("empty if it could not be read"),
            "reference": said("empty if it could not be read"),
            "outcome": one_of((Outcome.REJECTED, Outcome.CONFLICT)),
            "detail": {"type": "string"},
        }
    )
    sync = record(
        {
            "at": INSTANT,
            "caller": TENANT,
            "by": said("the key"),
            "counts": counts,
            "refusals": listed(refusal, syncs.MOST_REFUSALS),
            "more": whole(0, about="refusals beyond these; the reply to the batch told of all"),
        },
        about="A batch that came.",
    )
    # Each item is checked for itself: one that does not fit is answered `rejected`, and the others are applied.
    return {
        "AuditSyncItem": item,
        "AuditSyncRequest": body({"items": listed(ref("AuditSyncItem"), audits.MOST_ITEMS, 1)}),
        "AuditSyncReply": record({"counts": counts, "results": listed(result)}),
        "AuditSyncs": record({"results": listed(sync, syncs.PAGE), "next_cursor": nullable({"type": "string"})}),
    }
