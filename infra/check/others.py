"""What belongs to no single record: kept replies, what waits to be told, the log, and the counters."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import Any

from chalicelib import clock
from chalicelib.domain import log
from chalicelib.domain.audit import Outcome
from chalicelib.store import codec, keys, log_keys, log_reader, watch_keys
from chalicelib.store.models import PublicItem, RegistryItem
from chalicelib.store.registry import lookup, outbox, sequencer
from chalicelib.store.registry.commit import Commit
from infra.check.faults import COUNTERS, LOG, OUTBOX, REPLIES, Fault, named
from infra.check.state import State

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_LOG_PAGE = 256
_RESTORE = "The log is never mended. `factory-id log-audit` tells more; restore both tables to one instant."


def wrong_reply(item: RegistryItem) -> list[Fault]:
    """Whether what is kept of an idempotent request can answer it again."""
    try:
        if not _DIGEST.match(item.body["digest"]) or not item.expires:
            raise ValueError
        if item.sk == "REPLY":
            json.loads(zlib.decompress(b64decode(item.body["reply"])))
        else:
            result = item.body["result"]
            Outcome(result["outcome"])
            if item.sk != f"ROW#{result['index']:04d}" or not result["factory_id"]:
                raise ValueError
    except (ValueError, KeyError, TypeError, zlib.error):
        advice = "Delete it: the same batch sent once more is then applied by its versions, and changes nothing twice."
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


def wrong_log(begin: dict[str, Any], state: State, walked: Callable[[int], None]) -> Iterator[tuple[Fault, ...]]:
    """Walk the log from where an earlier walk came to; hands over what is wrong, stretch by stretch."""
    number, previous = begin.get("number", 0), begin.get("previous", log.GENESIS)
    head = sequencer.head()
    while number < head.size:
        entries = log_reader.entries(number, min(_LOG_PAGE, head.size - number))
        found: list[Fault] = []
        for each in entries:
            if (each.number, each.previous) != (number, previous):
                break
            number, previous = number + 1, log.chain_hash(each)
        else:
            found += _wrong_lines(entries)
        state.checked(LOG, len(entries))
        walked(len(entries))
        if not entries or number != entries[-1].number + 1:
            name = named(log_keys.entry(number))
            yield (Fault(LOG, name, "is missing or does not fit the chain", advice=_RESTORE),)
            return
        state.reached("log", {"number": number, "previous": previous}, number)
        yield tuple(found)
    yield tuple(_wrong_head(head, previous))


def _wrong_lines(entries: list[log.Entry]) -> Iterator[Fault]:
    held = log_reader.of_certificates({each.code for each in entries})
    for each in entries:
        lines = held.get(each.code, [])
        if lines[each.line - 1 : each.line] == [each]:
            continue

        def put(transaction: Commit, each: log.Entry = each) -> None:
            there = log_reader.of_certificate(each.code)
            kept = sorted([*(line for line in there if line.line != each.line), each], key=lambda line: line.line)
            body = {"entries": [log.body(line) for line in kept]}
            transaction.put(PublicItem(*log_keys.of_certificate(each.code), body=body))

        name = named(log_keys.of_certificate(each.code))
        yield Fault(LOG, name, f"lacks entry {each.number}", put)


def _wrong_head(head: sequencer.Head, last: str) -> Iterator[Fault]:
    if sequencer.head().version != head.version:
        return  # it grew meanwhile: the next walk looks again
    if head.body["head"] != last:
        yield Fault(LOG, named(log_keys.head()), "names another last entry than the log has", advice=_RESTORE)
    told = {"size": head.body["size"], "checkpoint": head.body["checkpoint"]}
    extent = log_reader.extent()
    if head.size and {"size": extent.size, "checkpoint": codec.to_json(extent.checkpoint)} != told:

        def put(transaction: Commit) -> None:
            transaction.put(PublicItem(*log_keys.latest(), body=told))

        yield Fault(COUNTERS, named(log_keys.latest()), "differs from how far the log has come", put)


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
