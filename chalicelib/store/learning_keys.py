"""Key patterns of what people learned; ``keys`` has the list of all."""

from __future__ import annotations

from chalicelib.store.keys import RECORD, Key


def progress(person: str) -> Key:
    """Which lessons somebody has done. ``person`` is the SHA-256 of the e-mail address."""
    return Key(f"LEARNING#{person}", RECORD)


def learned(factory_id: str, slug: str) -> Key:
    """That somebody of a factory has done a lesson; not who."""
    return Key(f"LEARNED#{factory_id}", slug)
