"""What came of the mutants, as a page: ``docs/mutants.md``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import date

from infra.mutants import Outcome, Subject

HEAD = """# Mutants
Written by `make mutants` on {day}; do not edit. Each rule of a module is changed in a small way, one way at a time, and
the module's own quick tests (`infra/mutants.toml`) are run. A change that no test notices is a survivor: somebody reads
it, and writes the test that was missing or says here why there is none to write.

Not changed: the words of errors, what is decided when a module is loaded (tables, patterns, dataclasses), and functions
with a decorator, such as properties. Where not all mutants were tried, they were drawn with the seed {seed}. A run
that was stopped tried fewer than were drawn. Modules that are not in the table were not tried.

| module | mutants | tried | noticed | | survived |
| --- | ---: | ---: | ---: | ---: | ---: |
"""
SHOW = """
import json, sys
from mutmut.mutation.diff_apply import get_diff_for_mutant
diffs = {name: get_diff_for_mutant(name).splitlines() for name in sys.argv[1:]}
print(json.dumps({name: [line for line in diff if line[:3] not in ("---", "+++")] for name, diff in diffs.items()}))
"""


def changes(subject: Subject, names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The changed lines of mutants: as they were, and as they are now."""
    shown = subprocess.run(
        [sys.executable, "-c", SHOW, *names], cwd=subject.scratch, check=True, capture_output=True, text=True
    )
    found = {}
    for name, lines in json.loads(shown.stdout).items():
        was, now = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
        found[name] = (was, now)
    return found


def report(outcomes: Sequence[Outcome], seed: int) -> str:
    """What came of all modules, as a page."""
    rows, read, unread = [], [], []
    for outcome in outcomes:
        reasons = dict(outcome.subject.read)
        for name, (was, now) in changes(outcome.subject, outcome.survivors).items():
            line = f"- `{outcome.subject.module}`, `{name.rpartition('.')[2]}`: `{was}` → `{now}`"
            (read if now in reasons else unread).append(f"{line}. {reasons[now]}\n" if now in reasons else f"{line}\n")
        share = 100 * outcome.noticed / outcome.tried if outcome.tried else 0
        tried = "all" if outcome.tried == outcome.made else str(outcome.tried)
        left = len(outcome.survivors)
        rows.append(
            f"| {outcome.subject.module} | {outcome.made} | {tried} | {outcome.noticed} | {int(share)} % | {left} |\n"
        )
    made, tried, noticed = (sum(getattr(each, name) for each in outcomes) for name in ("made", "tried", "noticed"))
    total = (
        f"| **together** | {made} | {tried} | {noticed} | {100 * noticed / max(tried, 1):.1f} % | {tried - noticed} |\n"
    )
    lists = ["## Survivors that were read\n", *read] + (
        ["\n## Survivors that nobody has read yet\n", *unread] if unread else []
    )
    return "".join([HEAD.format(day=date.today(), seed=seed), *rows, total, "\n", *lists])
