"""What the tests of the map stand on: a world whose map has entries, the owner of one, the reads that were made."""

from __future__ import annotations

import pytest

from chalicelib.store import public_table
from tests.standards import ENTRIES
from tests.world import Caller, World


@pytest.fixture
def mapped(world: World) -> World:
    """A world whose map has four entries."""
    for identifier, entry in ENTRIES.items():
        world.staff("PUT", f"/internal/v1/standards/{identifier}", entry).ok()
    return world


@pytest.fixture
def owner(mapped: World) -> Caller:
    """A program of the owner of ``gots``."""
    made = mapped.staff("POST", "/internal/v1/keys", {"kind": "owner", "tenant": "gots"}).ok()
    return Caller(mapped.client, made.json["key"])


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The calls to DynamoDB of the public side."""
    seen: list[str] = []
    call = public_table._call
    monkeypatch.setattr(public_table, "_call", lambda name, payload: (seen.append(name), call(name, payload))[1])
    return seen
