"""The hashes of a Merkle tree in tiles of 256: a proof needs a handful of them, however long the log.

A tile of level 0 holds leaf hashes; one of level 1 the hashes of perfect subtrees of 256 leaves, and so on. A hash once
in a tile never changes: the tile of a smaller tree is the beginning of the present one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain import merkle
from chalicelib.domain.merkle import Range

HEIGHT = 8
WIDTH = 1 << HEIGHT
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Tile:
    """Which tile: how high above the leaves, and the how-manieth."""

    level: int
    index: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where the hashes under a perfect subtree stand: in a tile, from which, and how many of them."""

    tile: Tile
    first: int
    count: int


def place(level: int, index: int) -> Place:
    """Where the perfect subtree of ``2**level`` leaves is made from."""
    height, rest = divmod(level, HEIGHT)
    first = index << rest
    return Place(Tile(height, first >> HEIGHT), first & (WIDTH - 1), 1 << rest)


def needed(stretches: Iterable[Range]) -> list[Tile]:
    """The tiles from which the hashes of these stretches are made, each once."""
    return list(dict.fromkeys(place(*node).tile for stretch in stretches for node in merkle.nodes(stretch)))


def hashes_of(stretches: Iterable[Range], tiles: Mapping[Tile, bytes]) -> list[bytes]:
    """The hash of each stretch. ``KeyError`` if a tile is not given, ``ValueError`` if one is too short."""

    def subtree(level: int, index: int) -> bytes:
        where = place(level, index)
        found = tiles[where.tile][_BYTES * where.first : _BYTES * (where.first + where.count)]
        if len(found) != _BYTES * where.count:
            raise ValueError("a tile that is too short")
        return merkle.root(_apart(found))

    return [merkle.stretch_hash(stretch, subtree) for stretch in stretches]


def edge(size: int) -> list[Tile]:
    """The tiles that are not full yet in a tree of so many leaves, and so change when it grows."""
    found, held, level = [], size, 0
    while held:
        if held % WIDTH:
            found.append(Tile(level, held // WIDTH))
        held, level = held // WIDTH, level + 1
    return found


def grown(size: int, leaves: Sequence[bytes], tiles: Mapping[Tile, bytes]) -> dict[Tile, bytes]:
    """The tiles that change when leaf hashes are added to a tree of ``size``; ``tiles`` are those of its ``edge``.

    A tile may be of a later tree: what is beyond ``size`` is left out. ``ValueError`` for one that is too short.
    """
    changed: dict[Tile, bytes] = {}
    for number, leaf in enumerate(leaves, start=size):
        level, index, fresh = 0, number, leaf
        while True:
            tile = Tile(level, index // WIDTH)
            held = changed.get(tile, tiles.get(tile, b""))[: _BYTES * (index % WIDTH)]
            if len(held) != _BYTES * (index % WIDTH):
                raise ValueError("a tile that is not of this tree")
            changed[tile] = held + fresh
            if (index + 1) % WIDTH:
                break
            level, index, fresh = level + 1, index // WIDTH, merkle.root(_apart(changed[tile]))
    return changed


def _apart(joined: bytes) -> list[bytes]:
    return [joined[at : at + _BYTES] for at in range(0, len(joined), _BYTES)]
