"""Many items at once, within a bounded time: what could not be read is said to be unread, never to be absent."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from chalicelib import clock
from chalicelib.domain.disclosure import PublicCertificate
from chalicelib.domain.errors import Unavailable
from chalicelib.store import codec, public_keys, public_table
from chalicelib.store.entries import Entries
from chalicelib.store.keys import Key
from chalicelib.store.public_table import AT_ONCE, Raw

_WORKERS = 4
_ROUNDS = 4
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 0.4  # seconds, with full jitter


@dataclass(slots=True)
class Batch:
    """What was found, by key, as DynamoDB writes it; and the keys of which nothing is known."""

    found: dict[Key, Raw] = field(default_factory=dict)
    unread: set[Key] = field(default_factory=set)


def certificates(codes: Iterable[str], seconds: float) -> tuple[dict[str, PublicCertificate], set[str]]:
    """Certificates by code, and the codes that could not be read."""
    by_key = {public_keys.certificate_page(code): code for code in codes}
    batch = read(by_key, seconds)
    pages = (codec.public_certificate(public_table.body(raw)) for raw in batch.found.values())
    return {page.code: page for page in pages}, {by_key[key] for key in batch.unread}


def entries(numbers: Iterable[str], seconds: float) -> tuple[dict[str, Entries], set[str]]:
    """Which certificates bear each number (``identity.squeeze_number``), and the numbers that could not be read."""
    by_key = {public_keys.by_number(number): number for number in numbers}
    batch = read(by_key, seconds)
    found = {by_key[key]: Entries.of(raw) for key, raw in batch.found.items()}
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
        except Unavailable:
            break  # it was tried again already
        if not left:
            break
    return Batch(found, set(left))


def _once(chunk: list[Key], found: dict[Key, Raw]) -> list[Key]:
    """One call: puts what it brings into ``found``, returns the keys that it left out."""
    items, left = public_table.batch(chunk)
    found.update((public_table.key_of(raw), raw) for raw in items)
    return left
