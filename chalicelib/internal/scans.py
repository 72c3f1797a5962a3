"""Adds up the scans that the public side's log tells of. CloudWatch Logs hands its lines over in batches.

A batch may come twice: it counts once. Nobody waits for it, and a scan that was never counted was still answered.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib import clock, journal
from chalicelib.domain import clones as rules
from chalicelib.domain.scans import Thing, read, summed
from chalicelib.internal import failing
from chalicelib.store.registry import clones, products
from chalicelib.store.registry import scans as store


@failing.discreet
def handler(event: Mapping[str, Any], _context: object) -> dict[str, int]:
    """What Lambda calls with lines of the log. Says how many scans it counted."""
    told = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    if told.get("messageType") != "DATA_MESSAGE":
        return {"scans": 0}
    return {"scans": count(told["logEvents"])}


def count(events: Sequence[Mapping[str, Any]]) -> int:
    """Count a batch of lines, and see whether an item was in too many places; says how many scans these were."""
    lines = [line for line in (read(str(each["message"]), each["timestamp"]) for each in events) if line is not None]
    if not lines:
        return 0
    batch = hashlib.sha256("\n".join(sorted(str(each["id"]) for each in events)).encode()).hexdigest()
    store.add(summed(lines), batch)
    _watch({line.thing for line in lines if line.thing.serial and not line.bot})
    return len(lines)


def _watch(items: Iterable[Thing]) -> None:
    """Also for a batch that was counted before: whoever counted it may have been interrupted here."""
    today = clock.today()
    for item in sorted(items, key=lambda each: each.name):
        product = products.load(item.code)
        if product is None or clones.is_told(product.member_id, item.code, item.serial, today):
            continue
        counts = store.days(item, today - rules.WINDOW)
        suspicion = rules.judge(clones.rule(product.member_id), counts, today)
        if suspicion is not None and clones.noticed(product.member_id, item.code, item.serial, suspicion, today):
            journal.say("too_many_places", product=item.code)
