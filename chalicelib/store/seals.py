"""Binds what a record says to its last event: who changes one without the other is found (``docs/check.md``).

The seal stands beside the record and goes with it, so it keeps nothing of what was erased.
"""

from __future__ import annotations

import hashlib

from chalicelib.store.plain import BODY, Raw

SEAL = "seal"


def sealed(raw: Raw) -> Raw:
    """An item as it is written: with its seal, if it has a history."""
    return {**raw, SEAL: {"S": _made(raw)}} if "event_hash" in raw else raw


def holds(raw: Raw) -> bool:
    """Whether an item is what was written with its last event. One that an earlier release wrote has no seal: it is."""
    return SEAL not in raw or ("event_hash" in raw and BODY in raw and raw[SEAL]["S"] == _made(raw))


def _made(raw: Raw) -> str:
    """Over where it lies, its version, the hash of its last event, and its content as it is stored."""
    version = raw.get("version", {}).get("N", "")
    said = raw["pk"]["S"], raw["sk"]["S"], version, raw["event_hash"]["S"], raw[BODY]["S"]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()
