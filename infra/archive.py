"""Bytecode and zip: the same input gives the same bytes, and a function starts without compiling anything."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from infra import unfold

# The earliest date that a zip can hold.
EPOCH = (1980, 1, 1, 0, 0, 0)


def compile_all(root: Path, python: str = sys.executable) -> str:
    """Compile every module below ``root`` with the interpreter ``python`` and say which Lambda runtime that is.

    Bytecode of one Python version is ignored by every other, so the function's runtime has to follow from this.
    The kind with unchecked hashes is used because a zip's dates would invalidate the usual kind. Raises
    CalledProcessError if a module does not compile.
    """
    # Without this the order of sets in the bytecode differs from run to run.
    environment = {"PYTHONHASHSEED": "0", "PATH": "/usr/bin:/bin"}
    finished = subprocess.run(
        [python, "-s", "-P", unfold.__file__, str(root)], check=True, stdout=subprocess.PIPE, text=True, env=environment
    )
    return finished.stdout.strip().splitlines()[-1]


def drop_sources(folder: Path) -> None:
    """Leave only the bytecode of generated modules below ``folder``, whose sources nobody reads.

    A module without a source lies where the source lay. Another version of Python refuses it by name.
    """
    for compiled in list(folder.rglob("__pycache__/*.pyc")):
        name = compiled.name.split(".", maxsplit=1)[0]
        source = compiled.parent.parent / f"{name}.py"
        compiled.rename(source.with_suffix(".pyc"))
        source.unlink()


def write_zip(root: Path, target: Path) -> int:
    """Zip everything below ``root`` into ``target``, sorted and dateless; return the size in bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(root).as_posix(), EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, path.read_bytes(), compresslevel=9)
    return target.stat().st_size
