"""``make safety``: every statement's tests, mutated requests, any text, and what else there is to try, in long form.

Prints a table, writes ``.local/safety.json`` and ``docs/safety.md``. Ends with 1 if anything was lost.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from tqdm import tqdm

from tests import conftest  # noqa: F401  (the environment of all tests)
from tests.safety import mutated, page, statements, texts

RAN = page.FILE.with_name("safety-tests.json")
MORE = ("model_run", "load_run")
"""Modules beside this one with ``run() -> [(statement, tried, held)]``."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table."""

    what: str
    tried: int
    held: int
    leaked: int = 0

    @property
    def lost(self) -> int:
        """What did not hold."""
        return self.tried - self.held


def proved(workers: int) -> tuple[dict[str, dict[str, int]], list[Line]]:
    """Run every test that proves a statement: what became of each, and a line for each group."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "safety", "-p", "tests.safety.results", f"--results={RAN}"]
    RAN.unlink(missing_ok=True)
    subprocess.run(
        [*command, "-n", str(workers), "--dist", "loadgroup", "-p", "no:cacheprovider"], cwd=page.ROOT, check=False
    )
    ran = json.loads(RAN.read_text("utf-8")) if RAN.exists() else {}
    marks, lines = statements.marks(), []
    for group, title in statements.groups().items():
        tests = {test for each in statements.statements() if each.group == group for test in marks.get(each.id, ())}
        counts = [ran.get(test, {"passed": 0, "failed": 1}) for test in tests]
        held = sum(each["passed"] for each in counts)
        lines.append(Line(title, held + sum(each["failed"] for each in counts), held))
    return ran, lines


def fuzzed(many: int, rounds: int) -> Iterator[tuple[Line, list[str]]]:
    """Mutated requests, and any text in every field."""
    with tqdm(total=many, desc="mutated requests") as bar:
        done = mutated.run(many, tell=lambda number: bar.update(number - bar.n))
    yield _line("Mutated requests", done.tried, done.lost), done.lost
    with tqdm(total=rounds, desc="any text in every field") as bar:
        sent = texts.run(rounds, tell=lambda number: bar.update(number - bar.n))
    yield _line(f"Any text, in {len(sent.fields)} fields", sent.tried, sent.lost), sent.lost


def _line(what: str, tried: int, lost: list[str]) -> Line:
    return Line(what, tried, max(0, tried - len(lost)), sum("tells" in each for each in lost))


def further() -> Iterator[Line]:
    """What other modules try in long form, if they are there."""
    for name in MORE:
        if importlib.util.find_spec(f"tests.safety.{name}") is not None:
            for what, tried, held in importlib.import_module(f"tests.safety.{name}").run():
                yield Line(what, tried, held)


def table(lines: list[Line]) -> str:
    """The lines as a table."""
    wide = max(len(each.what) for each in lines)
    rows = [f"{'':{wide}} | {'tried':>7} | {'held':>7} | {'lost':>5} | {'leaked':>6}", "-" * (wide + 37)]
    rows += [f"{e.what:{wide}} | {e.tried:7,} | {e.held:7,} | {e.lost:5,} | {e.leaked:6,}" for e in lines]
    return "\n".join(rows)


def main() -> int:
    """Run it all."""
    parser = argparse.ArgumentParser(prog="python -m tests.safety", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="mutated requests (10,000)")
    parser.add_argument("--rounds", type=int, default=20, help="rounds of texts in every field (20)")
    parser.add_argument("--workers", type=int, default=2, help="workers for the tests (2)")
    parser.add_argument("--only", choices=("tests", "fuzz", "further"), help="one part of it")
    chosen = parser.parse_args()
    begun, wrong, lines = time.monotonic(), list[str](), list[Line]()
    ran: dict[str, dict[str, int]] = {}
    if chosen.only in (None, "tests"):
        ran, lines = proved(chosen.workers)
    if chosen.only in (None, "fuzz"):
        for line, lost in fuzzed(chosen.requests, chosen.rounds):
            lines.append(line)
            wrong += lost
    if chosen.only in (None, "further"):
        lines += further()
    took = round(time.monotonic() - begun)
    said = f"Run on {datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()}, in {took} s."
    _written(said, ran, lines, wrong)
    for each in wrong[:20]:
        sys.stdout.write(f"{each}\n")
    sys.stdout.write(f"\n{table(lines)}\n{said}\n")
    return int(any(each.lost or each.leaked for each in lines))


def _written(said: str, ran: dict[str, dict[str, int]], lines: list[Line], wrong: list[str]) -> None:
    page.FILE.parent.mkdir(parents=True, exist_ok=True)
    tests = {**ran, "run": said} if ran else {}
    rows = [{**asdict(each), "lost": each.lost} for each in lines]
    told = {"run": said, "table": rows, "wrong": wrong, "tests": tests}
    page.FILE.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if ran:
        page.PAGE.write_text(page.written(tests), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
