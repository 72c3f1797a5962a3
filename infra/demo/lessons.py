"""What the people of some factories of the demo world learned: right answers, and some that were not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from infra.demo.api import Api


def learn(visitor: Api, run: Mapping[str, Api], rows: Iterable[dict[str, Any]]) -> None:
    """Answer the lessons of each row in the session of who runs the factory. ``run``: these sessions, by site."""
    right: dict[str, list[int]] = {}
    for row in rows:
        for slug in (*row["done"], *row["missed"]):
            if slug not in right:
                asked = visitor.send("GET", f"/v1/resources/{slug}")["questions"]
                right[slug] = [question["right"] for question in asked]
            first = right[slug][0] if slug in row["done"] else (right[slug][0] + 1) % 3
            answers = {"answers": [first, *right[slug][1:]]}
            marked = run[row["site"]].send("PUT", f"/internal/v1/learning/{slug}", answers)
            if marked["done"] != (slug in row["done"]):
                raise SystemExit(f"The demo world is broken: the lesson {slug} was marked {marked}.")
