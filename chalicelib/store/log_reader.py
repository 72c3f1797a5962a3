"""What anyone may ask of the log of changes: reads of the public table, all consistent."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain import hash_tiles, log
from chalicelib.domain.hash_tiles import Tile
from chalicelib.domain.log import Checkpoint, Entry
from chalicelib.domain.merkle import Range
from chalicelib.store import log_keys, public_table
from chalicelib.store.codec import Body, made
from chalicelib.store.keys import Key
from chalicelib.store.public_table import Between


@dataclass(frozen=True, slots=True)
class Extent:
    """How many entries the log has, and its last checkpoint, which may be of fewer."""

    size: int = 0
    checkpoint: Checkpoint | None = None


def extent() -> Extent:
    """How far the log has come: one read."""
    body = _body(log_keys.latest())
    if body is None:
        return Extent()
    checkpoint = body["checkpoint"]
    return Extent(body["size"], None if checkpoint is None else made(Checkpoint, checkpoint))


def entries(start: int, limit: int) -> list[Entry]:
    """Entries in order, from number ``start`` on: a read for each 256."""
    found: list[Entry] = []
    while len(found) < limit:
        first = start + len(found)
        place, last = log_keys.entry(first), first // log_keys.STRETCH * log_keys.STRETCH + log_keys.STRETCH - 1
        wanted = min(limit - len(found), last - first + 1)
        between = Between(place.sk, log_keys.entry(first + wanted - 1).sk)
        raw = public_table.query(place.pk, between, limit=wanted)
        found += [log.entry(public_table.body(each)) for each in raw]
        if len(raw) < wanted:
            break
    return found


def of_certificate(code: str) -> list[Entry]:
    """The entries about a certificate, in order: one read."""
    body = _body(log_keys.of_certificate(code))
    return [] if body is None else [log.entry(each) for each in body["entries"]]


def of_certificates(codes: Iterable[str]) -> dict[str, list[Entry]]:
    """The entries about several certificates, by code; a certificate without any is absent."""
    found = public_table.several(log_keys.of_certificate(code) for code in codes)
    return {key.pk.partition("#")[2]: [log.entry(each) for each in body["entries"]] for key, body in found.items()}


def hashes(stretches: Iterable[Range]) -> list[bytes]:
    """The hash of each stretch of the log: one batch read of a handful of tiles."""
    stretches = list(stretches)
    return hash_tiles.hashes_of(stretches, tiles(hash_tiles.needed(stretches)))


def tiles(wanted: Iterable[Tile]) -> dict[Tile, bytes]:
    """Tiles of hashes, by tile."""
    names = {log_keys.hashes(tile): tile for tile in wanted}
    return {names[key]: unpacked(body) for key, body in public_table.several(names).items()}


def checkpoints(after: str, limit: int) -> list[tuple[str, Checkpoint]]:
    """Checkpoints in order, each with its place: those behind the place ``after``, which is empty for the first."""
    first = f"{after}!" if after else log_keys.checkpoint().sk
    raw = public_table.query(log_keys.checkpoint().pk, Between(first, log_keys.LAST), limit=limit)
    return [(public_table.sort_key(each), made(Checkpoint, public_table.body(each))) for each in raw]


def covering(number: int) -> Checkpoint | None:
    """The first checkpoint that an entry is in: one read. ``None`` if it is in none yet."""
    within = Between(log_keys.checkpoint(number + 1).sk, log_keys.LAST)
    raw = public_table.query(log_keys.checkpoint().pk, within, limit=1)
    return made(Checkpoint, public_table.body(raw[0])) if raw else None


def packed(hashes_of_tile: bytes) -> Body:
    """The content of a tile's item."""
    return {"hashes": base64.b64encode(hashes_of_tile).decode()}


def unpacked(body: Body) -> bytes:
    """The hashes in a tile's item."""
    return base64.b64decode(body["hashes"])


def _body(key: Key) -> Body | None:
    raw = public_table.get(key)
    return None if raw is None else public_table.body(raw)
