"""Where a statement says less or more than was asked for before there was a service, and why: a section of the page."""

from __future__ import annotations

import tomllib
from pathlib import Path

FILE = Path(__file__).with_suffix(".toml")
HEAD = """## Where a statement was made narrower or wider, and why
Most of these statements were written before the service was. All others say what was asked for."""


def differing() -> dict[str, dict[str, str]]:
    """Of each statement, by its ID, how it differs; those that are narrower, and those that are wider."""
    return tomllib.loads(FILE.read_text("utf-8"))


def section() -> str:
    """It as Markdown."""
    parts = [HEAD]
    for way, statements in differing().items():
        parts += ["", f"{way.capitalize()}:", "", *(f"- `{name}`. {why}" for name, why in statements.items())]
    return "\n".join([*parts, ""])
