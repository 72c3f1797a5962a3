"""Where it is noted how far a migration has come."""

from __future__ import annotations

from chalicelib.store.keys import RECORD, Key


def migration(name: str) -> Key:
    """How far a migration has come."""
    return Key(f"MIGRATION#{name}", RECORD)
