"""A packaged function in a process of its own, as in Lambda: its zip, the runtime's client, and nothing else.

Lambda also offers boto3. It is left out here, so that nothing can lean on it by mistake.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from infra.runtime_stub import InvocationError, RuntimeApi
from infra.template import HANDLER

RUNTIME_MODULES = ("awslambdaric", "runtime_client", "snapshot_restore_py", "simplejson")


class FunctionProcess:
    """Context manager: unpacks ``archive`` into ``folder`` and starts it at the first event.

    ``archive`` may also be a folder with what was unpacked. ``environment`` is the function's own; nothing else is
    inherited. ``libraries``: folders with packages that the function needs and does not hold.
    """

    def __init__(
        self,
        archive: Path,
        folder: Path,
        environment: Mapping[str, str],
        *,
        handler: str = HANDLER,
        libraries: Sequence[Path] = (),
    ) -> None:
        self._task, self._runtime = folder / "task", folder / "runtime"
        self._log = folder / "function.log"
        self._handler, self._libraries = handler, libraries
        if archive.is_dir():
            self._task = archive
        else:
            with zipfile.ZipFile(archive) as packed:
                packed.extractall(self._task)
        self._runtime.mkdir()
        for name in RUNTIME_MODULES:
            _link(name, self._runtime)
        self._environment = dict(environment)
        self._api = RuntimeApi()
        self._process: subprocess.Popen[bytes] | None = None

    def invoke(self, event: dict[str, Any]) -> dict[str, Any]:
        """The answer to an event. Raises InvocationError with the function's log."""
        if self._process is None:
            self._process = self._start()
        try:
            return self._api.invoke(event)
        except InvocationError as error:
            raise InvocationError(f"{error}\n{self._log.read_text(errors='replace')[-4000:]}") from None

    @property
    def cpu_seconds(self) -> float:
        """CPU time of the process since it started, all threads, user and system."""
        if self._process is None:
            return 0.0
        # What clock_getcpuclockid(3) makes of a process id; Python has no name for it.
        return time.clock_gettime((~self._process.pid << 3) | 2)

    def __enter__(self) -> FunctionProcess:
        self._api.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
        self._api.__exit__(kind, error, trace)

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {
            "AWS_LAMBDA_RUNTIME_API": self._api.address,
            "AWS_LAMBDA_FUNCTION_NAME": "factory-id",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
            "AWS_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "LAMBDA_TASK_ROOT": str(self._task),
            "PYTHONPATH": os.pathsep.join(map(str, [self._task, self._runtime, *self._libraries])),
            # Lambda's file system is read-only.
            "PYTHONDONTWRITEBYTECODE": "1",
            "PATH": "/usr/bin:/bin",
            **self._environment,
        }
        # -S: none of the packages installed for this interpreter.
        command = [sys.executable, "-S", "-m", "awslambdaric", self._handler]
        with self._log.open("wb") as log:
            return subprocess.Popen(command, cwd=self._task, env=environment, stdout=log, stderr=log)


def _link(module: str, folder: Path) -> None:
    """Offer an installed module, and only it, from ``folder``."""
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        raise InvocationError(f"{module} is not installed")
    origin = Path(found.origin)
    source = origin.parent if origin.name == "__init__.py" else origin
    (folder / source.name).symlink_to(source)
