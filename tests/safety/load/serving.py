"""Processes of the public function, from its package or from the sources."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from infra.engine import CREDENTIALS, REGION
from infra.package import PROJECT, SURFACES, build

WORKER = Path(__file__).with_name("worker.py")
BASE_URL = "https://factory-id.example"
STATE = "/-/state"
_PATIENCE = 30.0


def packaged(folder: Path) -> Path:
    """The package that is deployed, built and unpacked below ``folder``."""
    built = build(SURFACES["public"], folder / "build", sys.executable)
    shutil.unpack_archive(built.archive, folder / "task")
    return folder / "task"


def from_sources(folder: Path) -> Path:
    """The same function from the sources: quicker to have."""
    task = folder / "task"
    task.mkdir()
    shutil.copyfile(PROJECT / "infra" / "start.py", task / "start.py")
    return task


def environment(endpoint: str, table: str, task: Path) -> dict[str, str]:
    """What a function is told; from a package, only what is in it is on the path."""
    whole = (task / "app.py").exists()
    return {
        "SURFACE": "public",
        "BASE_URL": BASE_URL,
        "PUBLIC_TABLE": table,
        "DYNAMODB_ENDPOINT": endpoint,
        "AWS_REGION": REGION,
        "PYTHONPATH": str(task) if whole else os.pathsep.join((str(task), str(PROJECT))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": "/usr/bin:/bin",
        **{name.upper(): value for name, value in CREDENTIALS.items()},
    }


@contextmanager
def worker(told: Mapping[str, str], arguments: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """A process of the function; what it prints can be read."""
    alone = [] if str(PROJECT) in told["PYTHONPATH"].split(os.pathsep) else ["-S"]
    command = [sys.executable, *alone, str(WORKER), *arguments]
    process = subprocess.Popen(command, env=dict(told), stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=_PATIENCE)


@contextmanager
def serving(task: Path, endpoint: str, table: str, many: int, *more: str) -> Iterator[list[int]]:
    """The ports of so many processes that serve; ``more`` for their command line."""
    with ExitStack() as stack:
        told = environment(endpoint, table, task)
        processes = [stack.enter_context(worker(told, ["serve", *more])) for _ in range(many)]
        ports = [int(process.stdout.readline()) for process in processes if process.stdout]
        yield ports


def state(port: int) -> dict[str, Any]:
    """What a process that serves holds now."""
    link = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    link.request("GET", STATE)
    told: dict[str, Any] = json.loads(link.getresponse().read())
    link.close()
    return told
