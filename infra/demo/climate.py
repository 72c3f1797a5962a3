"""The climate plans of the demo world: each written by whoever runs the factory, and published or kept half-done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from infra.demo.api import Api


def play(rows: Iterable[Mapping[str, Any]], factories: Mapping[str, str], run: Mapping[str, Api]) -> None:
    """Write each plan. ``factories``: Factory IDs by ICS site; ``run``: the sessions of who runs them, by site."""
    for row in rows:
        path = f"/internal/v1/factories/{factories[row['site']]}/climate"
        run[row["site"]].send("PUT", path, row["plan"], If_Match='"0"')
        if row["published"]:
            run[row["site"]].send("POST", f"{path}/publish")
