"""The demo world's files, read for a day: where a file says ``…_days``, the day is so many days from today."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "demo"
_SUFFIX = "_days"


def read(name: str, today: date) -> Any:
    """The content of ``demo/<name>.json``, its days as dates."""
    return _dated(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")), today)


def _dated(value: Any, today: date) -> Any:
    if isinstance(value, list):
        return [_dated(entry, today) for entry in value]
    if not isinstance(value, dict):
        return value
    return {
        name.removesuffix(_SUFFIX) if name.endswith(_SUFFIX) else name: (
            (today + timedelta(days=entry)).isoformat() if name.endswith(_SUFFIX) else _dated(entry, today)
        )
        for name, entry in value.items()
    }
