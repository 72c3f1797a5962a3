"""Gives what waits for the public log its numbers, in order and without a gap.

Each transaction numbers up to thirty changes: entries, tiles of the tree, the head, and what waited for it goes. So it
may be killed at any point and run by several at once: the version of the head lets one of them win, and who lost reads
anew. What a draft holds waits until it shows, since nobody may learn of it before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial

from chalicelib import clock
from chalicelib.domain import hash_tiles, log
from chalicelib.domain.log import Entry, Line
from chalicelib.domain.public_certificate import PublicCertificate
from chalicelib.store import log_keys, log_reader, reader
from chalicelib.store.codec import Body
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem, RegistryItem
from chalicelib.store.registry import changelog, lookup
from chalicelib.store.registry.changelog import Waiting
from chalicelib.store.registry.commit import Commit, persistently

AT_ONCE = 30  # three items each, the head twice, and tiles: at most 100 in a transaction
SECONDS = 60.0
_ByLine = Mapping[tuple[str, int], Waiting]
_EMPTY: Body = {"size": 0, "head": log.GENESIS, "checkpoint": None}


@dataclass(frozen=True, slots=True)
class Head:
    """How far the log has come, and the version of the item that says so."""

    body: Body
    version: int

    @property
    def size(self) -> int:
        """How many entries there are."""
        return int(self.body["size"])


@dataclass(slots=True)
class _Batch:
    """What one transaction numbers: ``done`` of those that wait, ``gone`` by key, the entries of each certificate."""

    fresh: list[Entry] = field(default_factory=list)
    gone: dict[Key, Waiting] = field(default_factory=dict)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    done: int = 0


def run(seconds: float = SECONDS) -> int:
    """Number all that waits, or what can be in so many seconds. Says how many entries there are more."""
    end = clock.ticking() + seconds
    total = 0
    while True:
        numbered, whole = _through(changelog.waiting(), end)
        total += numbered
        if not numbered or not whole:
            return total


def _through(waiting: Sequence[Waiting], end: float) -> tuple[int, bool]:
    """Go once through what waits: how many entries came of it, and whether it came to its end in time."""
    by_line = {(each.line.code, each.line.line): each for each in waiting}
    numbered = done = 0
    while done < len(waiting) and clock.ticking() < end:
        some = waiting[done : done + AT_ONCE]
        batch = persistently(partial(_numbered, some, by_line))
        numbered, done = numbered + len(batch.fresh), done + batch.done
    return numbered, done == len(waiting)


def head() -> Head:
    """How far the log has come."""
    item = lookup.item(log_keys.head())
    return Head(dict(_EMPTY), 0) if item is None else Head(item.body, int(item.version))


def put_head(transaction: Commit, held: Head, body: Body) -> None:
    """The log has come further, or has another checkpoint, if nobody changed it meanwhile."""
    transaction.replace(RegistryItem(*log_keys.head(), body=body), held.version)
    told = {"size": body["size"], "checkpoint": body["checkpoint"]}
    transaction.put(PublicItem(*log_keys.latest(), body=told))


def _numbered(some: Sequence[Waiting], waiting: _ByLine) -> _Batch:
    held = head()
    batch = _batch(held, some, waiting)
    transaction = Commit()
    for gone in batch.gone.values():
        transaction.delete(gone.item)
    if batch.fresh:
        _put(transaction, held, batch)
    if len(transaction):
        transaction.now()
    return batch


def _batch(held: Head, some: Sequence[Waiting], waiting: _ByLine) -> _Batch:
    codes = {each.line.code for each in some}
    pages = reader.certificates(codes)
    batch = _Batch(entries=log_reader.of_certificates(codes))
    room = min(AT_ONCE, hash_tiles.WIDTH - held.size % hash_tiles.WIDTH)
    for each in some:
        page = pages.get(each.line.code)
        if page is not None and not _add(batch, held, each, page, waiting, room):
            break
        batch.done += 1
    return batch


def _add(
    batch: _Batch,
    held: Head,
    each: Waiting,
    page: PublicCertificate,
    waiting: _ByLine,
    room: int,
) -> bool:
    """Number a change, and before it those of its certificate that have no number. ``False``: there is no room.

    Where one before it stands nowhere, as after tables were restored to different instants, it goes on waiting.
    """
    code, told = each.line.code, log.lines_of(page)
    entries = batch.entries.setdefault(code, [])
    while len(entries) < each.line.line:
        if len(batch.fresh) == room:
            return False
        known = waiting.get((code, len(entries) + 1))
        if known is None and len(entries) >= len(told):
            return True
        line: Line = known.line if known is not None else told[len(entries)]
        previous = log.chain_hash(batch.fresh[-1]) if batch.fresh else held.body["head"]
        number = held.size + len(batch.fresh)
        made = Entry(**asdict(line), event=known.event if known is not None else None, number=number, previous=previous)
        batch.fresh.append(made)
        batch.touched.add(code)
        entries.append(made)
        if known is not None:
            batch.gone[known.key] = known
    batch.gone[each.key] = each
    return True


def _put(transaction: Commit, held: Head, batch: _Batch) -> None:
    for each in batch.fresh:
        transaction.put(PublicItem(*log_keys.entry(each.number), body=log.body(each)))
    for code in batch.touched:
        body = {"entries": [log.body(each) for each in batch.entries[code]]}
        transaction.put(PublicItem(*log_keys.of_certificate(code), body=body))
    edge = log_reader.tiles(hash_tiles.edge(held.size))
    for tile, hashes in hash_tiles.grown(held.size, [log.leaf(each) for each in batch.fresh], edge).items():
        transaction.put(PublicItem(*log_keys.hashes(tile), body=log_reader.packed(hashes)))
    size = held.size + len(batch.fresh)
    put_head(transaction, held, {**held.body, "size": size, "head": log.chain_hash(batch.fresh[-1])})
