"""Key patterns of watches and of what their owners are to be told; ``keys`` has the list of all."""

from __future__ import annotations

import hashlib

from chalicelib.store.keys import RECORD, Key

SHARDS = 4
"""So many partitions share what many write at once."""


def shard(name: str) -> int:
    """Where something lies that is shared out: the same name always in the same place."""
    return hashlib.sha256(name.encode()).digest()[0] % SHARDS


def outbox(number: int, news: str = "") -> Key:
    """A change that watchers are still to be told of; ``news`` is ``Tiding.key``."""
    return Key(f"OUTBOX#{number}", news)


def ending(day: str, code: str = "") -> Key:
    """A certificate by its last day."""
    return Key(f"ENDING#{day}", code)


def last_look() -> Key:
    """Up to which day it was looked which certificates end."""
    return Key("ENDINGS#", RECORD)


def watch(watch_id: str) -> Key:
    """A watch."""
    return Key(f"WATCH#{watch_id}", RECORD)


def owed(watch_id: str, news: str = "") -> Key:
    """What the owner of a watch is still to be told."""
    return Key(f"WATCH#{watch_id}", f"OWED#{news}")


def noted(watch_id: str, news: str) -> Key:
    """That a change was noted for a watch once: never again."""
    return Key(f"WATCH#{watch_id}", f"NOTED#{news}")


def watched(code: str, watch_id: str = "") -> Key:
    """Who watches a certificate or a factory."""
    return Key(f"WATCHED#{code}", watch_id)


def to_tell(watch_id: str) -> Key:
    """That the owner of a watch is to be told something, and when next."""
    return Key(f"TELL#{shard(watch_id)}", watch_id)


def watch_of(person: str, watch_id: str = "") -> Key:
    """A watch that holds somebody's address."""
    return Key(f"ADDRESS#{person}", f"WATCH#{watch_id}")


def member_watch(member_id: str, watch_id: str = "") -> Key:
    """A watch of a member."""
    return Key(f"MEMBER#{member_id}", f"WATCH#{watch_id}")
