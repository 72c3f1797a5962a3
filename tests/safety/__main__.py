"""``make safety``: every statement's tests, mutated requests, any text, and what else there is to try, in long form.

Prints a table and writes ``.local/safety.json``; a whole run writes ``docs/safety.md``, which says at its top what did
not hold. Ends with 1 if anything was lost or leaked, and if something was not tried at all, or less than was asked for:
a sentence says what.
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

from tqdm import tqdm

from tests import conftest  # noqa: F401  (the environment of all tests)
from tests.safety import lines, mutated, page, statements, texts
from tests.safety.lines import Line

RAN = page.FILE.with_name("safety-tests.json")
MORE = ("model_run", "load_run")
"""Modules beside this one with ``run() -> [(statement, tried, held)]``."""


def proved(workers: int) -> tuple[dict[str, dict[str, int]], list[Line], list[str]]:
    """Run every test that proves a statement: what became of each, a line for each group, and what is unproved."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "safety", "-p", "tests.safety.results", f"--results={RAN}"]
    RAN.unlink(missing_ok=True)
    done = subprocess.run(
        [*command, "-n", str(workers), "--dist", "loadgroup", "-p", "no:cacheprovider"], cwd=page.ROOT, check=False
    )
    ran = json.loads(RAN.read_text("utf-8")) if RAN.exists() else {}
    unproved = lines.unproved(statements.statements(), statements.marks(), ran)
    return ran, list(_groups(ran)), [*lines.ended(done.returncode), *unproved]


def _groups(ran: dict[str, dict[str, int]]) -> Iterator[Line]:
    marks = statements.marks()
    for group, title in statements.groups().items():
        tests = {test for each in statements.statements() if each.group == group for test in marks.get(each.id, ())}
        counts = [ran.get(test, {"passed": 0, "failed": 1}) for test in tests]
        held = sum(each["passed"] for each in counts)
        yield Line(title, held + sum(each["failed"] for each in counts), held)


def fuzzed(many: int, rounds: int) -> Iterator[tuple[Line, list[str]]]:
    """Mutated requests, and any text in every field: the lines of each, and what is wrong."""
    with tqdm(total=many, desc="mutated requests") as bar:
        done = mutated.run(many, tell=lambda number: bar.update(number - bar.n))
    yield _line("Mutated requests", done.tried, done.lost, many), done.lost
    with tqdm(total=rounds, desc="any text in every field") as bar:
        sent = texts.run(rounds, tell=lambda number: bar.update(number - bar.n))
    yield _line(f"Any text, in {len(sent.fields)} fields", sent.tried, sent.lost), sent.lost
    for row in texts.rows(sent):
        yield lines.of_row(row), []


def _line(what: str, tried: int, lost: list[str], asked: int = 0) -> Line:
    return Line(what, tried, max(0, tried - len(lost)), sum("tells" in each for each in lost), asked)


def further() -> Iterator[Line]:
    """What other modules try in long form."""
    for name in MORE:
        for row in importlib.import_module(f"tests.safety.{name}").run():
            yield lines.of_row(row)


def main() -> int:
    """Run it all."""
    parser = argparse.ArgumentParser(prog="python -m tests.safety", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="mutated requests (10,000)")
    parser.add_argument("--rounds", type=int, default=20, help="rounds of texts in every field (20)")
    parser.add_argument("--workers", type=int, default=2, help="workers for the tests (2)")
    parser.add_argument("--only", choices=("tests", "fuzz", "further"), help="one part of it")
    chosen = parser.parse_args()
    begun, wrong, seen, found = time.monotonic(), list[str](), list[str](), list[Line]()
    ran: dict[str, dict[str, int]] = {}
    if chosen.only in (None, "tests"):
        ran, found, wrong = proved(chosen.workers)
    if chosen.only in (None, "fuzz"):
        for line, lost in fuzzed(chosen.requests, chosen.rounds):
            found.append(line)
            seen += lost
    if chosen.only in (None, "further"):
        found += further()
    wrong += lines.amiss(found)
    took = round(time.monotonic() - begun)
    said = f"Run on {datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()}, in {took} s."
    _written(page.Run(said, ran, found, wrong), seen, whole=chosen.only is None)
    sys.stdout.write(f"\n{lines.table(found)}\n{said}\n")
    for each in [*seen[:20], *wrong]:
        sys.stdout.write(f"{each}\n")
    return int(bool(wrong))


def _written(run: page.Run, seen: list[str], *, whole: bool) -> None:
    """Keep what came of a run. The page tells of whole runs only."""
    page.FILE.parent.mkdir(parents=True, exist_ok=True)
    rows = [{**asdict(each), "lost": each.lost} for each in run.lines]
    told = {"run": run.said, "whole": whole, "table": rows, "wrong": run.wrong, "seen": seen, "tests": run.tests}
    page.FILE.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if whole:
        page.PAGE.write_text(page.written(run), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
