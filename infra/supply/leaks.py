"""No key, token or password is in what we publish: ``python -m infra.supply.leaks [--history]``.

The files that git knows are read with detect-secrets; with ``--history``, every line that any commit ever added. What
looks like a secret and is none stands in ``leaks.toml``, by the hash of its text, with a reason.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from detect_secrets.core import scan
from detect_secrets.settings import default_settings, get_settings
from tqdm import tqdm

PROJECT = Path(__file__).resolve().parents[2]
KNOWN = Path(__file__).parent / "leaks.toml"
# Lock files are lists of hashes, pictures no text. Hashes are no secrets, and the tests have hundreds of them.
SKIPPED = (".lock", "package-lock.json", ".png", ".po", ".pot")
WITHOUT = ("HexHighEntropyString",)
AT_ONCE = 20  # files that a process reads before it is given others


@dataclass(frozen=True, slots=True, order=True)
class Leak:
    """What looks like a secret. ``digest`` is the SHA-256 of its text, by which ``leaks.toml`` may excuse it."""

    file: str
    line: int
    kind: str
    digest: str


def excused() -> dict[str, str]:
    """Why what looks like a secret is none, by the hash of its text."""
    return dict(tomllib.loads(KNOWN.read_text("utf-8"))["known"])


def leaks(root: Path, files: Sequence[str]) -> list[Leak]:
    """What looks like a secret in files below ``root`` and is not excused. Many are read by all processors."""
    known = excused()
    parts = [files[start : start + AT_ONCE] for start in range(0, len(files), AT_ONCE)]
    look = partial(_looks_like_one, root)
    if len(parts) < 2:
        found = [leak for part in parts for leak in look(part)]
    else:
        with ProcessPoolExecutor() as pool:
            every = tqdm(pool.map(look, parts), total=len(parts), disable=not sys.stderr.isatty())
            found = [leak for part in every for leak in part]
    return sorted({leak for leak in found if leak.digest not in known})


def _looks_like_one(root: Path, files: Sequence[str]) -> list[Leak]:
    found = []
    with default_settings():
        get_settings().disable_plugins(*WITHOUT)
        for file in files:
            for each in scan.scan_file(str(root / file)):
                digest = hashlib.sha256((each.secret_value or "").encode()).hexdigest()[:16]
                found.append(Leak(file, each.line_number, each.type, digest))
    return found


def tracked(root: Path) -> list[str]:
    """The files that git knows and that are worth reading."""
    listed = _git(root, "ls-files", "-z").split("\0")
    return [name for name in listed if name and not name.endswith(SKIPPED) and (root / name).is_file()]


def added(root: Path) -> dict[str, list[str]]:
    """Every line that any commit added, once, by the file it was added to."""
    lines: dict[str, dict[str, None]] = {}
    file = ""
    for line in _added(root):
        if line.startswith("+++ b/"):
            file = line.removeprefix("+++ b/")
        elif line.startswith("+") and not file.endswith(SKIPPED):
            lines.setdefault(file, {})[line[1:]] = None
    return {file: list(each) for file, each in lines.items()}


def _added(root: Path) -> Iterator[str]:
    command = ["git", "-C", str(root), "log", "-p", "-U0", "--format=", "--no-color", "--no-ext-diff", "HEAD"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, errors="replace") as running:
        assert running.stdout is not None
        for line in running.stdout:
            yield line.rstrip("\n")


def _history(root: Path) -> list[Leak]:
    with tempfile.TemporaryDirectory(prefix="factory-id-history-") as folder:
        names = []
        for file, lines in added(root).items():
            target = Path(folder) / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("\n".join(lines) + "\n", "utf-8")
            names.append(file)
        return leaks(Path(folder), sorted(names))


def _git(root: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True, text=True).stdout


def main() -> None:
    """The command line: prints what was found, and fails if anything was."""
    parser = argparse.ArgumentParser(description="Look for secrets in the files of this project, or in its history.")
    parser.add_argument("--history", action="store_true", help="every line that any commit added; minutes")
    parser.add_argument("--root", type=Path, default=PROJECT, help="another working tree")
    arguments = parser.parse_args()
    root: Path = arguments.root
    found = _history(root) if arguments.history else leaks(root, tracked(root))
    for leak in found:
        print(f"{leak.file}:{leak.line}: {leak.kind} ({leak.digest})")
    if found:
        sys.exit(
            f"{len(found)} like secrets. One that is none gets a line in infra/supply/leaks.toml, with the reason."
        )
    print("No secret found.")


if __name__ == "__main__":
    main()
