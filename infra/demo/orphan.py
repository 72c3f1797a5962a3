"""If an earlier demo was killed its engine still runs, with changes that it saves only at a clean stop: stop it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

_DEADLINE = 20.0  # seconds


def remember(note: Path, pid: int | None) -> None:
    """Write down which engine runs; ``None``: none does."""
    if pid is None:
        note.unlink(missing_ok=True)
    else:
        note.write_text(str(pid), encoding="utf-8")


def stop(note: Path) -> bool:
    """Stop the engine that an earlier demo left behind; says whether there was one."""
    if not note.exists():
        return False
    pid = int(note.read_text(encoding="utf-8"))
    found = _is_engine(pid)
    if found:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + _DEADLINE
        while _is_engine(pid) and time.monotonic() < deadline:
            time.sleep(0.1)
    note.unlink(missing_ok=True)
    return found


def _is_engine(pid: int) -> bool:
    shown = subprocess.run(["ps", "-p", str(pid), "-o", "stat=,command="], capture_output=True, text=True, check=False)
    return "ministack" in shown.stdout and not shown.stdout.startswith("Z")
