"""A demo of its own for whoever looks at pages: the browser tests, the pictures, Lighthouse.

``with running(folder) as note:`` starts ``python -m infra.demo`` on a free port with its state in ``folder``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infra.engine import free_port

ROOT = Path(__file__).resolve().parents[2]
_READY = "Ctrl-C stops it."
_PATIENCE = 30.0  # seconds to save its state and end


class DemoError(RuntimeError):
    """The demo ended before it was ready; the message is what it said last."""


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[dict[str, Any]]:
    """Start the demo, wait until it is loaded, hand over its note (``demo.json``), stop it.

    ``environment`` adds to this process's, for instance ``INDEX_PAGES="1"``. Raises ``DemoError``.
    """
    settings = {**os.environ, "LOCAL": str(folder), "HOST": "127.0.0.1", "PORT": str(free_port()), **environment}
    settings.pop("BASE_URL", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.demo"],
        cwd=ROOT,
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # Ctrl-C reaches us, and we stop it
    )
    try:
        _wait(process)
        yield json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    finally:
        process.terminate()
        process.communicate(timeout=_PATIENCE)


def _wait(process: subprocess.Popen[str]) -> None:
    said: list[str] = []
    for line in process.stdout or ():
        said.append(line)
        if line.startswith(_READY):
            return
    raise DemoError("The demo did not start:\n" + "".join(said[-30:]))
