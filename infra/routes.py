"""Which module of the public surface serves which path, as its decorators say, written down for a package.

A function that starts then imports what it is asked for and nothing else: see ``chalicelib/public/when_asked.py``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from chalice.app import Chalice

from chalicelib import public

TABLE = Path(*public.TABLE.split(".")).with_suffix(".py")
HEAD = '"""Which module serves which path. Made by infra/routes.py."""\n\nMODULES = {\n'


def table() -> dict[str, tuple[str, ...]]:
    """Path → the modules that serve it."""
    found: dict[str, list[str]] = {}
    for name in public.MODULES:
        alone = Chalice(app_name=name, configure_logs=False)
        alone.register_blueprint(public.blueprint(name))
        for path in alone.routes:
            found.setdefault(path, []).append(name)
    return {path: tuple(names) for path, names in sorted(found.items())}


def write(stage: Path) -> None:
    """Write the table into a stage of the public package. Asked in a process of its own: it registers everything."""
    environment = {**os.environ, "SURFACE": "public", "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    told = subprocess.run(
        [sys.executable, "-m", "infra.routes"], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    (stage / TABLE).write_text(told.stdout, encoding="utf-8")


if __name__ == "__main__":
    sys.stdout.write(HEAD + "".join(f"    {path!r}: {names!r},\n" for path, names in table().items()) + "}\n")
