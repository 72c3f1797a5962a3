"""What came of the mutants, as a page: ``docs/mutants.md``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence

from infra.mutant_record import Tried
from infra.mutant_subjects import Subject

HEAD = """# Mutants
Written by `make mutants`; do not edit. Each rule of a module is changed in a small way, one way at a time, and
the module's own quick tests (`infra/mutants.toml`) are run. A change that no test notices is a survivor: somebody reads
it, and writes the test that was missing or says here why there is none to write.

Not changed: the words of errors, what is decided when a module is loaded (tables, patterns, dataclasses), and functions
with a decorator, such as properties. Where not all mutants were tried, they were drawn with the seed {seed}. Each row
has the day on which its module was tried; \\* marks those that have to be tried again, because a rule or a test has
changed since, or a test is gone. In modules of `domain/` that are not in the table there is nothing to change: they are
types and lists.

| module | on | mutants | tried | noticed | | survived |
| --- | --- | ---: | ---: | ---: | ---: | ---: |
"""
SHOW = """
import json, sys
from mutmut.mutation.diff_apply import get_diff_for_mutant
diffs = {name: get_diff_for_mutant(name).splitlines() for name in sys.argv[1:]}
print(json.dumps({name: [line for line in diff if line[:3] not in ("---", "+++")] for name, diff in diffs.items()}))
"""


def changes(subject: Subject, names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The changed lines of mutants: as they were, and as they are now."""
    if not names:
        return {}
    shown = subprocess.run(
        [sys.executable, "-c", SHOW, *names], cwd=subject.scratch, check=True, capture_output=True, text=True
    )
    found = {}
    for name, lines in json.loads(shown.stdout).items():
        was, now = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
        found[name] = (was, now)
    return found


def report(known: Sequence[Subject], record: Mapping[str, Tried], seed: int) -> str:
    """What is on record of all modules, as a page."""
    rows, read, unread = [], [], []
    held = [(subject, record[subject.module]) for subject in known if subject.module in record]
    for subject, each in held:
        reasons = dict(subject.read)
        for name, was, now in each.survivors:
            line = f"- `{subject.module}`, `{name.rpartition('.')[2]}`: `{was}` → `{now}`"
            (read if now in reasons else unread).append(f"{line}. {reasons[now]}\n" if now in reasons else f"{line}\n")
        rows.append(_row(subject, each, seed))
    made, tried, noticed = (sum(getattr(each, name) for _, each in held) for name in ("made", "tried", "noticed"))
    share = 100 * noticed / max(tried, 1)
    total = f"| **together** | | {made} | {tried} | {noticed} | {share:.1f} % | {tried - noticed} |\n"
    lists = ["## Survivors that were read\n", *read] + (
        ["\n## Survivors that nobody has read yet\n", *unread] if unread else []
    )
    return "".join([HEAD.format(seed=seed), *rows, total, "\n", *lists])


def _row(subject: Subject, each: Tried, seed: int) -> str:
    share = 100 * each.noticed // each.tried if each.tried else 100
    tried = "all" if each.tried == each.made else str(each.tried)
    name = subject.module if each.stands(subject, seed) else f"{subject.module} \\*"
    left = len(each.survivors)
    return f"| {name} | {each.on} | {each.made} | {tried} | {each.noticed} | {share} % | {left} |\n"
