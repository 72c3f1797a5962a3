"""docs/safety.md: what was tried in the last run, and every statement with the tests that prove it and what they said.

``--check``: is it up to date? The file is written from ``statements.toml``, from the marks in the tests, and from the
results of a whole run; without one, what the page said of a run stays.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from tests.safety import differing, lines, statements
from tests.safety.lines import Line

ROOT = statements.TESTS.parent
PAGE = ROOT / "docs" / "safety.md"
FILE = ROOT / ".local" / "safety.json"
NOT_RUN = "not run yet"
TRIED = "## What was tried"
_CELL = re.compile(r"^\| .* \| \[(?P<test>[^\]]+)\]\([^)]*\) \| (?P<result>[^|]*) \|$", re.M)
HEAD = """What must hold, which test says so, and what it said when it was last run. `make safety` runs all of them and,
beyond them, ten thousand mutated requests, any text in every field, a model in thousands of steps, processes that are
killed, and load; it prints a table and, unless a part was left out, writes this page. `make check` sees to it that each
statement has a test. A statement is added to `tests/safety/statements.toml`; a test that proves one says so:
`@pytest.mark.safety("sync.older-is-stale")`.

In the table of what was tried a group of statements counts the cases of its tests; the other lines are what was tried
beyond them. A result is the number of cases that held. *Skipped* is what needs something that the machine of that run
had not; a statement none of whose tests ran fails the run, and so does a promise that was never tried.
"""
ALARM = "**In the last run not all of it held:**"
_ALARM = re.compile(rf"^{re.escape(ALARM)}\n\n(?:- .*\n)+", re.M)


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run: when, what became of each test, the lines of what was tried, and what did not hold, in sentences."""

    said: str
    tests: Mapping[str, Mapping[str, int]]
    lines: Sequence[Line] = ()
    wrong: Sequence[str] = ()


def written(run: Run | None) -> str:
    """The page, with the results of a run, or with those that it has."""
    held = PAGE.read_text("utf-8") if PAGE.exists() else ""
    if run is None:
        alarm, tried, results = _alarm_in(held), _tried_in(held), _said(held)
    else:
        results = {test: told(counts) for test, counts in run.tests.items()}
        alarm, tried = _alarm(run.wrong), f"{run.said}\n\n{_table(run.lines)}"
    top = ["# Safety", *filter(None, [alarm]), HEAD, f"{TRIED}\n{tried}\n"]
    return "\n".join([*top, *_groups(results), differing.section()])


def _alarm(wrong: Sequence[str]) -> str:
    """What comes before all else if something did not hold."""
    return "\n".join([ALARM, "", *(f"- {_cell(each)}" for each in wrong), ""]) if wrong else ""


def _alarm_in(held: str) -> str:
    found = _ALARM.search(held)
    return found[0] if found else ""


def _table(tried: Sequence[Line]) -> str:
    rows = [*tried, *lines.total(tried)]
    cells = [f"| {_cell(e.what)} | {e.tried:,} | {e.held:,} | {e.lost:,} | {e.leaked:,} |" for e in rows]
    return "\n".join(["| what | tried | held | lost | leaked |", "| --- | ---: | ---: | ---: | ---: |", *cells])


def _tried_in(held: str) -> str:
    return held.partition(f"{TRIED}\n")[2].partition("\n## ")[0].strip("\n") or f"{NOT_RUN.capitalize()}."


def _groups(results: Mapping[str, str]) -> Iterator[str]:
    proved = statements.marks()
    for group, title in statements.groups().items():
        yield f"## {title}\n| statement | test | result |\n| --- | --- | --- |"
        for each in statements.statements():
            if each.group == group:
                yield from (_row(each, place, test, results) for place, test in enumerate(proved.get(each.id, ())))
        yield ""


def _row(each: statements.Statement, place: int, test: str, results: Mapping[str, str]) -> str:
    path, _, name = test.partition("::")
    text = _cell(f"{each.text} `{each.id}`") if place == 0 else ""
    shown = results.get(test, NOT_RUN)
    return f"| {text} | [{path}::{name.removeprefix('test_')}](../tests/{path}) | {shown} |"


def _cell(text: str) -> str:
    return text.replace("<", "&lt;").replace("|", "&#124;")


def told(counts: Mapping[str, int]) -> str:
    """The cases of a test in words."""
    if counts["failed"]:
        return f"**{counts['failed']} lost** of {sum(counts.values())}"
    return f"{counts['passed']} held" if counts["passed"] else "skipped"


def stale() -> list[str]:
    """The lines that the page lacks, or has too many; results left aside."""
    held = PAGE.read_text("utf-8") if PAGE.exists() else ""
    one, other = ({_without_result(line) for line in text.splitlines()} for text in (held, written(None)))
    return sorted(one ^ other)


def _without_result(line: str) -> str:
    return line.rsplit(" | ", 1)[0] if line.startswith("| ") else line


def _said(held: str) -> dict[str, str]:
    found = {each["test"]: each["result"] for each in _CELL.finditer(held)}
    return {test.replace("::", "::test_", 1): result for test, result in found.items()}


def main() -> int:
    """Write the page, or with ``--check`` say what is stale."""
    if "--check" in sys.argv:
        for line in stale():
            sys.stdout.write(f"{line}\n")
        return bool(stale())
    PAGE.write_text(written(_of_run(FILE)), "utf-8")
    return 0


def _of_run(file: Path) -> Run | None:
    """The last run, if it left nothing out."""
    told = json.loads(file.read_text("utf-8")) if file.exists() else {}
    if not told.get("whole"):
        return None
    found = [Line(**{one.name: each[one.name] for one in fields(Line)}) for each in told["table"]]
    return Run(told["run"], told["tests"], found, told["wrong"])


if __name__ == "__main__":
    sys.exit(main())
