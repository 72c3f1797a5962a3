"""Routes for people who signed in and for machines with keys."""

from __future__ import annotations

from chalice.app import Blueprint


def blueprints() -> list[Blueprint]:
    """All that the internal surface serves."""
    return []
