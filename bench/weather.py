"""What else the machine did meanwhile: the load at the start, and by part the cores that others kept busy.

The load average has our own work in it as soon as a part has run, so it says something only before the first. From
then on the machine's busy time less that of this process and all its descendants is what others took.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

QUIET_LOAD = 0.5  # runnable processes on average in the minute before the first part
QUIET_CORES = 0.25  # that others kept busy during a part
_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


class Weather:
    """Notes what it was like, part by part."""

    def __init__(self) -> None:
        self.load = round(os.getloadavg()[0], 2)
        self.parts: dict[str, dict[str, float]] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """One part: its seconds, the load before and after it, the cores that others kept busy."""
        began, before, busy, own = time.monotonic(), os.getloadavg()[0], _busy(), _ours()
        yield
        seconds = time.monotonic() - began
        others = (_busy() - busy - (_ours() - own)) / seconds if seconds > 1 else 0.0
        self.parts[name] = {
            "seconds": round(seconds, 1),
            "load_before": round(before, 2),
            "load_after": round(os.getloadavg()[0], 2),
            "others_cores": round(max(0.0, others), 2),
        }

    def told(self) -> dict[str, Any]:
        """For JSON. ``quiet``: nothing else was to speak of."""
        return {"load": self.load, "parts": self.parts, "quiet": not disturbed(self.load, self.parts)}


def disturbed(load: float, parts: dict[str, dict[str, float]]) -> list[str]:
    """What was not quiet: ``the start``, and parts by name."""
    return [
        *(["the start"] if load > QUIET_LOAD else []),
        *(name for name, each in parts.items() if each["others_cores"] > QUIET_CORES),
    ]


def _busy() -> float:
    """Seconds of all cores that were not idle since the machine started, those included that a host took away."""
    user, nice, system, _idle, _waiting, *rest = (int(each) for each in _read("stat").partition("\n")[0].split()[1:9])
    return (user + nice + system + sum(rest)) / _TICKS


def _ours() -> float:
    """Seconds of this process, of its descendants, and of those of them that ended."""
    children: dict[int, list[int]] = {}
    took: dict[int, float] = {}
    for folder in _PROC.iterdir():
        fields = _read(f"{folder.name}/stat").rpartition(")")[2].split() if folder.name.isdigit() else []
        if fields:
            children.setdefault(int(fields[1]), []).append(int(folder.name))
            took[int(folder.name)] = sum(map(int, fields[11:15])) / _TICKS
    left, found = [os.getpid()], 0.0
    while left:
        process = left.pop()
        found += took.get(process, 0.0)
        left += children.get(process, [])
    return found


def _read(name: str) -> str:
    try:
        return (_PROC / name).read_text(encoding="utf-8", errors="replace")
    except OSError:  # it has just ended, or this is no Linux
        return "cpu 0 0 0 0 0 0 0 0" if name == "stat" else ""
