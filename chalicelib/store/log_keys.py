"""Key patterns of the public log of changes; ``keys`` has the list of all."""

from __future__ import annotations

from chalicelib.domain.hash_tiles import Tile
from chalicelib.store.keys import Key

SHARDS = 8
STRETCH = 256  # entries in one partition
LAST = "~"


def waiting(shard: int, recorded: str = "", code: str = "", line: int = 0) -> Key:
    """A change that has no number yet: written with the change itself, deleted when it gets its number."""
    return Key(f"LOG_WAITING#{shard}", f"{recorded}#{code}#{line:06d}")


def shard_of(code: str) -> int:
    """In which partition the changes of a certificate wait, so that no two certificates need contend."""
    return sum(code.encode()) % SHARDS


def head() -> Key:
    """How far the log has come: the one item under whose version numbers are given."""
    return Key("LOG#", "HEAD")


def latest() -> Key:
    """Public: how far the log has come, and its last checkpoint."""
    return Key("LOG#", "LATEST")


def entry(number: int) -> Key:
    """Public: an entry, counted from 0."""
    return Key(f"LOG_ENTRIES#{number // STRETCH:08d}", f"{number:012d}")


def of_certificate(code: str) -> Key:
    """Public: which entries are about a certificate."""
    return Key(f"LOG_OF#{code}", "LINES")


def hashes(tile: Tile) -> Key:
    """Public: hashes of the log's tree."""
    return Key(f"LOG_HASHES#{tile.level}", f"{tile.index:08d}")


def checkpoint(size: int = 0, at: str = "") -> Key:
    """Public: a checkpoint, by size and instant."""
    return Key("LOG_CHECKPOINTS#", f"{size:012d}#{at}")
