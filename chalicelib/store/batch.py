"""Many items at once, within a bounded time: what could not be read is said to be unread, never to be absent.

PynamoDB's own batch read repeats what a throttled table leaves out for ever; this one gives up.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib import clock
from chalicelib.domain.disclosure import PublicCertificate
from chalicelib.store import codec, keys
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem
from chalicelib.store.numbers import Entries

AT_ONCE = 100  # keys in one BatchGetItem: DynamoDB's limit
_WORKERS = 4
_ROUNDS = 4
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 0.4  # seconds, with full jitter

Raw = dict[str, dict[str, Any]]


@dataclass(slots=True)
class Batch:
    """What was found, by key, as DynamoDB writes it; and the keys of which nothing is known."""

    found: dict[Key, Raw] = field(default_factory=dict)
    unread: set[Key] = field(default_factory=set)


def certificates(codes: Iterable[str], seconds: float) -> tuple[dict[str, PublicCertificate], set[str]]:
    """Certificates by code, and the codes that could not be read."""
    by_key = {keys.certificate_page(code): code for code in codes}
    batch = read(by_key, seconds)
    pages = (codec.public_certificate(json.loads(raw["body"]["S"])) for raw in batch.found.values())
    return {page.code: page for page in pages}, {by_key[key] for key in batch.unread}


def entries(numbers: Iterable[str], seconds: float) -> tuple[dict[str, Entries], set[str]]:
    """Which certificates bear each number (``identity.squeeze_number``), and the numbers that could not be read."""
    by_key = {keys.by_number(number): number for number in numbers}
    batch = read(by_key, seconds)
    found = {by_key[key]: Entries(_set(raw, "confirmed"), _set(raw, "declared")) for key, raw in batch.found.items()}
    return found, {by_key[key] for key in batch.unread}


def read(wanted: Iterable[Key], seconds: float) -> Batch:
    """Items of the public table, consistently, by hundreds. Ends after about so many seconds, whatever happens."""
    distinct = list(dict.fromkeys(wanted))
    chunks = [distinct[start : start + AT_ONCE] for start in range(0, len(distinct), AT_ONCE)]
    total = Batch()
    for chunk, part in zip(chunks, _side_by_side(chunks, clock.ticking() + seconds), strict=True):
        known = part or Batch(unread=set(chunk))
        total.found.update(known.found)
        total.unread |= known.unread
    return total


def _side_by_side(chunks: Sequence[list[Key]], deadline: float) -> Iterator[Batch | None]:
    """Each chunk read, some at a time; ``None`` for one that was not done in time."""
    if len(chunks) <= 1:  # nothing to gain from threads
        yield from (_persistently(chunk, deadline) for chunk in chunks)
        return
    pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="batch")
    try:
        futures = [pool.submit(_persistently, chunk, deadline) for chunk in chunks]
        wait(futures, timeout=max(0.0, deadline - clock.ticking()))
        yield from (future.result() if future.done() else None for future in futures)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _persistently(chunk: list[Key], deadline: float) -> Batch:
    """One BatchGetItem, and more of them for what it left out: a few, with growing pauses."""
    found: dict[Key, Raw] = {}
    left = chunk
    for turn in range(_ROUNDS):
        if turn:
            time.sleep(random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**turn)))  # nosec B311: jitter
        if clock.ticking() >= deadline:
            break
        try:
            left = _once(left, found)
        except (PynamoDBException, BotoCoreError, ClientError):
            break  # botocore has tried it again already
        if not left:
            break
    return Batch(found, set(left))


def _once(chunk: list[Key], found: dict[Key, Raw]) -> list[Key]:
    """One call: puts what it brings into ``found``, returns the keys that it left out."""
    connection = PublicItem._get_connection()
    pairs: Any = [{"pk": {"S": key.pk}, "sk": {"S": key.sk}} for key in chunk]
    reply = connection.batch_get_item(pairs, consistent_read=True)
    for raw in reply["Responses"].get(connection.table_name, ()):
        found[_key(raw)] = raw
    return [_key(pair) for pair in reply.get("UnprocessedKeys", {}).get(connection.table_name, {}).get("Keys", ())]


def _key(raw: Raw) -> Key:
    return Key(raw["pk"]["S"], raw["sk"]["S"])


def _set(raw: Raw, name: str) -> frozenset[str]:
    return frozenset(raw.get(name, {}).get("SS", ()))
