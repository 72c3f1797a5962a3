"""Sixteen processes on the same records, killed with SIGKILL before a commit of theirs, by their pid. MiniStack."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.safety import crash
from tests.safety.play import left_wrong
from tests.stack import Tables
from tests.world import World

ROUNDS = 3


def test_of_16_processes_killed_in_the_middle_nothing_half_done_is_left(
    ministack: Tables, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for world in World.begun(ministack, monkeypatch):
        ended = sum(crash.killed(ministack, world, seed) for seed in range(ROUNDS))
        assert ended >= ROUNDS * crash.PROCESSES // 3
        found = crash.looked(ministack, tmp_path)
        assert left_wrong(found) == []
        assert next(row.checked for row in found.rows if row.kind == "histories") > 100
        rows, events = crash.counted(ministack)
        assert rows == events
        assert crash.looked(ministack, tmp_path, repair=True).whole
        assert crash.looked(ministack, tmp_path).told == ()
