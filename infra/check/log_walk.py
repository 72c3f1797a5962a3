"""The log of changes, from its first entry to its last: the chain, the lines by certificate, the tree, checkpoints."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from chalicelib.domain import hash_tiles, log
from chalicelib.domain.hash_tiles import Tile
from chalicelib.domain.log import Checkpoint, Entry
from chalicelib.store import codec, log_keys, log_reader
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem
from chalicelib.store.registry import sequencer
from chalicelib.store.registry.commit import Commit
from infra.check.faults import COUNTERS, LOG, Fault, named
from infra.check.state import State

_PAGE = 256
_HASH = 32  # bytes
_RESTORE = "The log is never mended. `factory-id log-audit` tells more; restore both tables to one instant."
_Tiles = dict[Tile, bytes]


def wrong(begin: dict[str, Any], state: State, walked: Callable[[int], None]) -> Iterator[tuple[Fault, ...]]:
    """Walk the log from where an earlier walk came to; hands over what is wrong, stretch by stretch."""
    number, previous = begin.get("number", 0), begin.get("previous", log.GENESIS)
    edge = _unpacked(begin.get("edge", ()))
    head = sequencer.head()
    while number < head.size:
        first, entries = number, log_reader.entries(number, min(_PAGE, head.size - number))
        for each in entries:
            if (each.number, each.previous) != (number, previous):
                break
            number, previous = number + 1, log.chain_hash(each)
        state.checked(LOG, len(entries))
        state.log(each.code for each in entries)
        walked(len(entries))
        if not entries or number != entries[-1].number + 1:
            name = named(log_keys.entry(number))
            yield (Fault(LOG, name, "is missing or does not fit the chain", advice=_RESTORE),)
            return
        changed = hash_tiles.grown(first, [log.leaf(each) for each in entries], edge)
        whole = _HASH * hash_tiles.WIDTH
        full = {tile: hashes for tile, hashes in changed.items() if len(hashes) == whole}
        edge = {tile: hashes for tile, hashes in {**edge, **changed}.items() if len(hashes) < whole}
        yield (*_wrong_lines(entries), *_wrong_tiles(full, head))
        state.reached("log", {"number": number, "previous": previous, "edge": _packed(edge)}, number)
    yield (*_wrong_tiles(edge, head), *_wrong_head(head, previous))
    yield tuple(_wrong_checkpoints(head))


def _packed(edge: _Tiles) -> list[list[Any]]:
    return [[tile.level, tile.index, base64.b64encode(hashes).decode()] for tile, hashes in edge.items()]


def _unpacked(edge: Iterable[tuple[int, int, str]]) -> _Tiles:
    return {Tile(level, index): base64.b64decode(hashes) for level, index, hashes in edge}


def _wrong_lines(entries: list[Entry]) -> Iterator[Fault]:
    held = log_reader.of_certificates({each.code for each in entries})
    for each in entries:
        lines = held.get(each.code, [])
        if lines[each.line - 1 : each.line] == [each]:
            continue

        def put(transaction: Commit, each: Entry = each) -> None:
            there = log_reader.of_certificate(each.code)
            kept = sorted([*(line for line in there if line.line != each.line), each], key=lambda line: line.line)
            body = {"entries": [log.body(line) for line in kept]}
            transaction.put(PublicItem(*log_keys.of_certificate(each.code), body=body))

        name = named(log_keys.of_certificate(each.code))
        yield Fault(LOG, name, f"lacks entry {each.number}", put)


def _at(head: sequencer.Head, name: str, how: str, put: PublicItem) -> Fault:
    """Something that follows from the entries, written anew if the log has not grown meanwhile."""

    def mend(transaction: Commit) -> None:
        transaction.put(put)

    return Fault(LOG, name, how, mend, root=log_keys.head(), version=head.version)


def _wrong_tiles(tiles: _Tiles, head: sequencer.Head) -> Iterator[Fault]:
    held = log_reader.tiles(tiles)
    for tile, hashes in tiles.items():
        there = held.get(tile)
        if there is None or there[: len(hashes)] != hashes:
            place = log_keys.hashes(tile)
            how = "is not there" if there is None else "differs from the entries"
            yield _at(head, named(place), how, PublicItem(*place, body=log_reader.packed(hashes)))


def _wrong_head(head: sequencer.Head, last: str) -> Iterator[Fault]:
    further = log_reader.entries(head.size, 1)
    if sequencer.head().version != head.version:
        return  # it grew meanwhile: the next walk looks again
    if head.body["head"] != last:
        yield Fault(LOG, named(log_keys.head()), "names another last entry than the log has", advice=_RESTORE)
    if further:  # its head is older than the log: what is told of its extent is not taken back
        how = f"counts {head.size} entries, and there are more"
        yield Fault(LOG, named(log_keys.head()), how, advice=_RESTORE)
    told = {"size": head.body["size"], "checkpoint": head.body["checkpoint"]}
    extent = log_reader.extent()
    if head.size and {"size": extent.size, "checkpoint": codec.to_json(extent.checkpoint)} != told:

        def put(transaction: Commit) -> None:
            transaction.put(PublicItem(*log_keys.latest(), body=told))

        how = "differs from how far the log has come"
        yield Fault(COUNTERS, named(log_keys.latest()), how, None if further else put, advice=_RESTORE)


def _wrong_checkpoints(head: sequencer.Head) -> Iterator[Fault]:
    """Each says of the log what is so, and the last is there. Earlier ones are counted by nobody."""
    last = head.body["checkpoint"]
    latest = log_keys.checkpoint(last["size"], last["at"]) if last is not None else None
    held, after = None, ""
    while found := log_reader.checkpoints(after, _PAGE):
        after = found[-1][0]
        for sk, each in found:
            place = Key(log_keys.checkpoint().pk, sk)
            if place == latest:
                held = codec.to_json(each)
            elif each.size <= head.size and not _is_true(place, each):
                yield Fault(LOG, named(place), "says something else than the log", advice=_RESTORE)
    if latest is not None and held != last:
        how = "differs from what was signed last" if held else "is not there; those before it cannot be made again"
        yield _at(head, named(latest), how, PublicItem(*latest, body=last))


def _is_true(place: Key, said: Checkpoint) -> bool:
    if place != log_keys.checkpoint(said.size, said.at):
        return False
    entry = log_reader.entries(said.size - 1, 1)
    try:
        root = log_reader.hashes([(0, said.size)])[0].hex()
    except (KeyError, ValueError):
        return True  # a tile is missing, which was told
    return (log.chain_hash(entry[0]) if entry else None, root) == (said.head, said.root)
