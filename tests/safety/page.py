"""docs/safety.md: every statement, the tests that prove it, and what the last run said. ``--check``: is it up to date?

The file is written from ``statements.toml``, from the marks in the tests, and from the results of a run; without one,
what the page said of a test stays.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.safety import statements

ROOT = statements.TESTS.parent
PAGE = ROOT / "docs" / "safety.md"
FILE = ROOT / ".local" / "safety.json"
NOT_RUN = "not run yet"
_CELL = re.compile(r"^\| .* \| \[(?P<test>[^\]]+)\]\([^)]*\) \| (?P<result>[^|]*) \|$", re.M)
HEAD = """# Safety
What must hold, which test says so, and what it said when it was last run. `make safety` runs all of them and, beyond
them, ten thousand mutated requests and any text in every field; it prints a table and writes this page. `make check`
sees to it that each statement has a test. A statement is added to `tests/safety/statements.toml`; a test that proves
one says so: `@pytest.mark.safety("sync.older-is-stale")`.

A result is the number of cases that held. *Skipped* is what needs something that the machine of that run had not;
a statement none of whose tests ran fails the run, and so does a promise that was never tried.
"""


def written(results: Mapping[str, Any] | None) -> str:
    """The page, with the results of a run, or with those that it has."""
    known = results if results is not None else _said()
    proved, parts = statements.marks(), [HEAD]
    if results is not None and "run" in results:
        parts.append(f"{results['run']}\n")
    elif line := re.search(r"^Run on .*$", PAGE.read_text("utf-8") if PAGE.exists() else "", re.M):
        parts.append(f"{line[0]}\n")
    for group, title in statements.groups().items():
        parts.append(f"## {title}\n| statement | test | result |\n| --- | --- | --- |")
        for each in statements.statements():
            if each.group == group:
                parts += [_row(each, place, test, known) for place, test in enumerate(proved.get(each.id, ()))]
        parts.append("")
    return "\n".join(parts)


def _row(each: statements.Statement, place: int, test: str, known: Mapping[str, Any]) -> str:
    path, _, name = test.partition("::")
    text = f"{each.text} `{each.id}`".replace("<", "&lt;").replace("|", "&#124;") if place == 0 else ""
    result = known.get(test, NOT_RUN)
    shown = result if isinstance(result, str) else told(result)
    return f"| {text} | [{path}::{name.removeprefix('test_')}](../tests/{path}) | {shown} |"


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


def _said() -> dict[str, str]:
    held = PAGE.read_text("utf-8") if PAGE.exists() else ""
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


def _of_run(file: Path) -> dict[str, Any] | None:
    return json.loads(file.read_text("utf-8"))["tests"] if file.exists() else None


if __name__ == "__main__":
    sys.exit(main())
