"""How far the log of changes has come, as a receipt tells it."""

from __future__ import annotations

from chalicelib.domain.receipt import Position
from chalicelib.store import log_reader


def now() -> Position | None:
    """Where the log stands now: one read. ``None`` while it has no entry."""
    extent = log_reader.extent()
    if not extent.size:
        return None
    return Position(extent.size, extent.checkpoint.root if extent.checkpoint else None)
