"""A guard against growth that needs no clock: what the public surface loads, reads, sends and calls.

What it loads is that of the zip when it has started; the rest is counted on the sources, all routes registered.

``python -m bench.guard`` says what grew since ``guard.json`` was written; with ``--write`` (``make guard``) it accepts
that, and writes the file anew. ``make check`` asks. What shrinks is welcome, and held from the next writing on.

Functions called stand for time: they are the same at each run, on a busy machine too. Instructions are as steady
(valgrind's callgrind: a factory page is 5.76 million, the same to a millionth), but they are those of one build of
Python, while the file is for all; perf counted none on the virtual machine where it was tried.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from infra import package, pages

HERE = Path(__file__).parent
FILE = HERE / "guard.json"
ACCEPT = "make guard"
MORE_CALLS = 1.10
MORE_BYTES = 1.03, 60  # times, and so many: the time of day and the codes of a world are never the same
MORE_MODULES = 1.02
STARTED = "import sys; sys.path.insert(0, sys.argv[1]); before = {*sys.modules}; import start, json; " + (
    "print(json.dumps(sorted({*sys.modules} - before - {'start'})))"
)
Measured = dict[str, Any]


def world() -> dict[str, Any]:
    """The items of a small world's public table, the names of what is in it, and what its KMS would answer."""
    from bench import guard_world

    return guard_world.made()


def started(archive: Path) -> list[str]:
    """What the packaged function has loaded when it has started, without what Python loads for itself."""
    environment = {"SURFACE": "public", "AWS_REGION": "eu-central-1", "PATH": os.environ.get("PATH", "")}
    with tempfile.TemporaryDirectory(prefix="factory-id-start-") as folder:
        shutil.unpack_archive(archive, folder)
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", STARTED, folder],
            cwd=folder,
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    found: list[str] = json.loads(done.stdout)
    return found


def measured(archive: Path | None = None) -> Measured:
    """What is counted now, as ``guard.json`` holds it. ``archive``: the public function's zip, if it is built."""
    environment = {
        "SURFACE": "public",
        "AWS_REGION": "eu-central-1",
        "BASE_URL": "https://factory-id.example",
        "INDEX_PAGES": "1",
        "RECEIPT_KEY": "receipts",
        "PATH": os.environ.get("PATH", ""),
        "PYTHONHASHSEED": "0",
    }
    with tempfile.TemporaryDirectory(prefix="factory-id-guard-") as stage:
        pages.flatten_pages(HERE.parent / "templates", Path(stage), package.SURFACES["public"].without_pages)
        done = subprocess.run(
            [sys.executable, "-m", "bench.guarded", str(Path(stage) / pages.COMPILED.parent)],
            input=json.dumps(world()),
            cwd=HERE.parent,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    counted = json.loads(done.stdout)
    loaded = started(archive) if archive else _built()
    packages = sorted({name.partition(".")[0] for name in loaded if not name.startswith("_")})
    python = "{}.{}".format(*sys.version_info)
    return {"python": python, "modules": len(loaded), "packages": packages, **counted}


def _built() -> list[str]:
    with tempfile.TemporaryDirectory(prefix="factory-id-guard-") as folder:
        return started(package.build(package.SURFACES["public"], Path(folder), sys.executable).archive)


def grown(held: Measured, now: Measured) -> list[str]:
    """What grew beyond what is let pass, each with both figures; empty if nothing did."""
    same_python = held["python"] == now["python"]  # another one loads and calls other things of its own
    new = [name for name in now["packages"] if name not in held["packages"]]
    found = [f"loads {name}" for name in new if same_python or name not in sys.stdlib_module_names]
    if same_python and now["modules"] > held["modules"] * MORE_MODULES:
        found.append(f"loads {now['modules']} modules: {held['modules']} are held")
    found += [
        f"{path} is a public route that is not asked: give it a line in bench/guarded.py"
        for path in now["not_asked"]
        if path not in held["not_asked"]
    ]
    for name, counted in now["asked"].items():
        found += [f"{name}: {each}" for each in _grown(held["asked"].get(name), counted, same_python)]
    return found


def _grown(held: Measured | None, now: Measured, same_python: bool) -> list[str]:
    if held is None:
        return ["is new"]
    found = []
    if now["status"] != held["status"]:
        found.append(f"answers {now['status']}, not {held['status']}")
    if any(number > held["reads"].get(kind, 0) for kind, number in now["reads"].items()):
        found.append(f"reads {_told(now['reads'])}: held {_told(held['reads'])}")
    if now["bytes"] > held["bytes"] * MORE_BYTES[0] + MORE_BYTES[1]:
        found.append(f"{now['bytes']} bytes compressed: held {held['bytes']}")
    if same_python and now["calls"] > held["calls"] * MORE_CALLS:
        found.append(f"{now['calls']} calls of functions: held {held['calls']}")
    return found


def _told(reads: dict[str, int]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in sorted(reads.items())) or "nothing"


def written(now: Measured) -> str:
    """As a file: a line for each request, so that a change shows in a diff as what it is."""
    lines = [f"  {json.dumps(name)}: {json.dumps(each)}" for name, each in now["asked"].items()]
    head = [f" {json.dumps(name)}: {json.dumps(each)}," for name, each in now.items() if name != "asked"]
    return "\n".join(["{", *head, ' "asked": {', ",\n".join(lines), " }", "}"]) + "\n"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.guard", description=__doc__)
    parser.add_argument("--write", action="store_true", help="accept what is: write guard.json anew")
    now = measured()
    if parser.parse_args().write:
        FILE.write_text(written(now), encoding="utf-8")
        return 0
    found = grown(json.loads(FILE.read_text(encoding="utf-8")), now)
    print("\n".join(found) or "Nothing grew.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
