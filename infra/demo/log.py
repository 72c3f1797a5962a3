"""The log of changes in the demo world: a checkpoint over what was loaded, a backdated change, one that still waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from infra.demo.api import Api

Shown = Callable[[list[Any], str], Iterable[Any]]


def play(
    base: str, keys: Mapping[str, str], codes: Mapping[str, str], changes: list[dict[str, Any]], bar: Shown
) -> None:
    """Before each change a checkpoint, so that the last one waits. ``codes``: of certificates, by number."""
    staff = Api(base, keys["staff"])
    for row in bar(changes, "log"):
        staff.send("POST", "/internal/v1/log/checkpoints")
        path = f"/internal/v1/certificates/{codes[row['number']]}/standing"
        Api(base, keys[row["certifier_id"]]).send("POST", path, row["change"])
