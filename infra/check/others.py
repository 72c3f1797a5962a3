"""What belongs to no single record: kept replies, what waits to be told, and the counters."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode
from collections.abc import Iterator

from chalicelib import clock
from chalicelib.domain.audit import Outcome
from chalicelib.store import keys, watch_keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import lookup, outbox
from chalicelib.store.registry.commit import Commit
from infra.check.faults import COUNTERS, OUTBOX, REPLIES, Fault, named
from infra.check.state import State

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


def wrong_reply(item: RegistryItem) -> list[Fault]:
    """Whether what is kept of an idempotent request can answer it again."""
    try:
        if not _DIGEST.match(item.body["digest"]) or not item.expires:
            raise ValueError
        if item.sk == "REPLY":
            json.loads(zlib.decompress(b64decode(item.body["reply"])))
        else:
            result = item.body["result"]
            made = result.get("invitation_id") or result.get("product_id")
            if item.sk != f"ROW#{result['index']:04d}" or not (made or result["factory_id"]):
                raise ValueError
            if not made:
                Outcome(result["outcome"])
    except (ValueError, KeyError, TypeError, zlib.error):
        advice = (
            "Delete it: audits sent once more are then applied by their versions, and change nothing twice; "
            "an invitation or a product would be made once more."
        )
        return [Fault(REPLIES, named(item.key), "cannot be read", advice=advice)]
    return []


def wrong_tiding(item: RegistryItem) -> list[Fault]:
    """Whether what waits in the outbox can be told."""
    try:
        told = outbox.read(item.body)
        if watch_keys.outbox(watch_keys.shard(told.record), told.key) != item.key:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        advice = "Look it up in the history of its record, tell its watchers, and delete it."
        return [Fault(OUTBOX, named(item.key), "cannot be told", advice=advice)]
    return []


def wrong_counters(state: State) -> Iterator[Fault]:
    """Numbers that are drawn must not have been drawn before; days that were looked at must have come."""
    item, highest = lookup.item(keys.status_index()), state.highest_index()
    drawn = int(item.counter or 0) if item is not None else 0
    state.checked(COUNTERS, 3)
    if drawn <= highest:

        def raise_it(_transaction: Commit) -> None:
            place = keys.status_index()
            RegistryItem(place.pk, place.sk).update(actions=[RegistryItem.counter.add(highest + 1 - drawn)])

        yield Fault(COUNTERS, named(keys.status_index()), f"stands at {drawn}, and {highest} is in use", raise_it)
    looked = lookup.item(watch_keys.last_look())
    if looked is not None and looked.body["day"] > clock.today().isoformat():
        advice = "Until that day nobody is told which certificates end. Set its day to yesterday."
        yield Fault(COUNTERS, named(watch_keys.last_look()), f"says {looked.body['day']}", advice=advice)
