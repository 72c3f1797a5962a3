"""What the runbook tells of is rehearsed: each rehearsal comes to its end on a local engine."""

from __future__ import annotations

from typing import Any

import pytest

from infra.rehearse.__main__ import REHEARSALS
from infra.rehearse.scene import opened


@pytest.mark.parametrize("name", sorted(REHEARSALS))
def test_a_rehearsal_comes_to_its_end(stack: Any, name: str) -> None:
    told: list[str] = []
    with opened(stack, f"rehearsed-{name}", told.append, apart=False) as scene:
        REHEARSALS[name](scene)
    assert told
