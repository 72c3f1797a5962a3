"""Key patterns of the programmes of factories in the registry table; ``keys`` has the list of all."""

from __future__ import annotations

from chalicelib.store.keys import RECORD, Key


def climate(factory_id: str) -> Key:
    """A factory's climate plan."""
    return Key(f"CLIMATE#{factory_id}", RECORD)
