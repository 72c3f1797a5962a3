"""Changes the rules in small ways and sees whether a test notices: ``python -m infra.mutants [MODULE …]``.

Every change is a mutant: a ``<`` that became ``<=``, a ``True`` that became ``False``. One that no test of its module
notices is a survivor, and somebody reads it: it is a hole in the tests, or the same rule in other words. Which modules,
with which tests and how many of their mutants: ``infra/mutants.toml``. What came of it is kept in
``infra/mutants.json`` and written to ``docs/mutants.md``. Interrupted, it goes on where it was. A module is tried again
once it has changed, or one of its tests has, or is gone; its survivors, too, once there is a test more. ``--fresh``
tries everything again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping

from tqdm import tqdm

from infra import mutant_record
from infra.mutant_record import Tried
from infra.mutant_report import changes, report
from infra.mutant_subjects import PROJECT, Outcome, Subject, subjects
from infra.mutant_tests import nothing_is_gone, statements

REPORT = PROJECT / "docs" / "mutants.md"
LINKED = (
    "infra",
    "templates",
    "standards",
    "demo",
    "docs",
    "factory_id",
    "factory_labels",
    "bench",
    "app.py",
    "openapi.json",
    ".chalice",
    "photos",
)
# Every mutant is tried in a fork of a process that ran the tests before: what our functions remember is forgotten
# first. What those of the module itself remember is forgotten before each test: mutmut notes which tests call a
# function, and tries its mutants with no others. Nor need each of them see whether the languages are made.
PLUGIN = """
import sys
from infra import locales

locales.build = lambda: False

def forget(start):
    for name, module in list(sys.modules.items()):
        if name.startswith(start):
            for value in list(vars(module).values()):
                if callable(getattr(value, "cache_clear", None)):
                    value.cache_clear()

def pytest_sessionstart():
    forget("chalicelib")

def pytest_runtest_setup():
    forget("%(module)s")
"""
# What errors say: that their texts are those of the catalogues is tested elsewhere.
WORDS = [r"^\s*raise ", r"^\s*(phrase\()?\"[A-Z][^\"]* [^\"]* "]
NOTICED, SURVIVED, UNTESTED = 1, {0}, {33, 5}
PYTEST = ["-p", "no:cacheprovider", "-p", "no:xdist"]
PURE = ["--noconftest", "--hypothesis-profile=ci"]
GENERATE = """
from mutmut.__main__ import copy_also_copy_files, copy_src_dir, create_mutants
copy_src_dir(); copy_also_copy_files(); create_mutants(1)
"""


def try_all(subject: Subject, seed: int, before: Tried | None = None) -> Outcome:
    """Make the mutants of a module and try those chosen that nobody tried yet. ``before``: what is on record of it."""
    _prepare(subject, before if before is not None and before.stands(subject, seed) else None)
    results = _results(subject)
    chosen = _chosen(subject, seed)
    open_ones = [name for name in chosen if results[name] is None]
    if open_ones:
        _run(subject, open_ones)
    results = _results(subject)
    codes = {name: results[name] for name in chosen if results[name] is not None}
    survivors = tuple(name for name, code in codes.items() if code in SURVIVED | UNTESTED)
    return Outcome(subject, len(results), len(codes), len(codes) - len(survivors), survivors)


def _chosen(subject: Subject, seed: int) -> list[str]:
    names = sorted(_results(subject))
    if not subject.sample or subject.sample >= len(names):
        return names
    return sorted(random.Random(f"{seed} {subject.module}").sample(names, subject.sample))


def _prepare(subject: Subject, known: Tried | None) -> None:
    """A copy of the project in which mutmut may write; kept from the last time unless rules or tests have changed.

    Tests that were added change nothing but for what survived.
    """
    source, tests = subject.digest, statements(subject.tests)
    before = json.loads(subject.mark.read_text()) if subject.mark.exists() else {"source": "", "tests": ""}
    kept = before["source"] == source and nothing_is_gone(before["tests"], tests)
    if not kept:
        shutil.rmtree(subject.scratch, ignore_errors=True)
    place = subject.scratch / "mutants"
    place.mkdir(parents=True, exist_ok=True)
    for link, target in [(subject.scratch / "chalicelib", "chalicelib"), *((place / each, each) for each in LINKED)]:
        if not link.is_symlink():
            link.symlink_to(PROJECT / target)
    shared = PROJECT.parent / "shared"
    if shared.is_dir() and not (subject.scratch / "shared").exists():
        (subject.scratch / "shared").symlink_to(shared)
    shutil.rmtree(place / "tests", ignore_errors=True)
    shutil.copytree(PROJECT / "tests", place / "tests", ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    (place / "at_ease.py").write_text(PLUGIN % {"module": f"chalicelib.{subject.module.replace('/', '.')}"})
    (place / "mutmut-stats.json").unlink(missing_ok=True)
    (subject.scratch / "pyproject.toml").write_text(_settings(subject), "utf-8")
    subprocess.run([sys.executable, "-c", GENERATE], cwd=subject.scratch, check=True, capture_output=True)
    if known is not None and not kept:
        _remember(subject, known)
    elif kept and before["tests"] != tests:
        _forget_survivors(subject)
    subject.mark.write_text(json.dumps({"source": source, "tests": tests}))


def _settings(subject: Subject) -> str:
    listed = {
        "source_paths": ["chalicelib"],
        "only_mutate": [subject.source],
        "do_not_mutate_patterns": WORDS,
        "pytest_add_cli_args_test_selection": [*subject.tests],
        "pytest_add_cli_args": [*PYTEST, "-p", "at_ease", *(PURE if subject.pure else [])],
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in listed.items()]
    patience = ["timeout_multiplier = 3.0", "timeout_constant = 0.5"]
    off = ("track_dependencies", "use_git_change_detection", "use_setproctitle")
    switches = [*patience, *(f"{name} = false" for name in off)]
    return "\n".join(["[tool.mutmut]", *lines, *switches, "", "[tool.pytest.ini_options]", 'testpaths = ["tests"]', ""])


def _results(subject: Subject) -> dict[str, int | None]:
    results: dict[str, int | None] = json.loads(subject.meta.read_text())["exit_code_by_key"]
    return results


def _forget_survivors(subject: Subject) -> None:
    _set(subject, {name: None for name, code in _results(subject).items() if code in SURVIVED | UNTESTED})


def _remember(subject: Subject, known: Tried) -> None:
    """What was drawn was noticed before, on another machine it may be; what survived then is tried once more."""
    survived = {name for name, *_ in known.survivors}
    _set(subject, {name: NOTICED for name in _chosen(subject, known.seed) if name not in survived})


def _set(subject: Subject, codes: Mapping[str, int | None]) -> None:
    meta = json.loads(subject.meta.read_text())
    meta["exit_code_by_key"] |= codes
    subject.meta.write_text(json.dumps(meta))


def _run(subject: Subject, names: list[str]) -> None:
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *names]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    log = subject.scratch / "log.txt"
    with log.open("w") as out, tqdm(total=len(names), desc=subject.module, unit="mutant") as bar:
        running = subprocess.Popen(command, cwd=subject.scratch, env=environment, stdout=out, stderr=out)
        try:
            while _still(running):
                bar.update(_decided(subject, names) - bar.n)
        finally:
            running.terminate()
        bar.update(_decided(subject, names) - bar.n)
    if _decided(subject, names) < len(names):
        raise SystemExit(f"mutmut stopped early on {subject.module}: see {log}")


def _still(running: subprocess.Popen[bytes]) -> bool:
    try:
        running.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return True
    return False


def _decided(subject: Subject, names: list[str]) -> int:
    try:
        results = _results(subject)
    except json.JSONDecodeError:  # is being written
        return 0
    return sum(results[name] is not None for name in names)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Try mutants of the rules; write docs/mutants.md.")
    parser.add_argument("modules", nargs="*", help="such as domain/certificate; all of them by default")
    parser.add_argument("--fresh", action="store_true", help="forget what was tried before")
    parser.add_argument("--show", action="store_true", help="print the survivors that nobody has read yet")
    arguments = parser.parse_args()
    os.nice(10)
    seed, known = subjects()
    record = mutant_record.read()
    for subject in known:
        before = record.get(subject.module)
        if arguments.modules and subject.module not in arguments.modules:
            continue
        if arguments.fresh:
            shutil.rmtree(subject.scratch, ignore_errors=True)
            before = None
        if not arguments.modules and before is not None and before.holds(subject, seed):
            continue
        outcome = try_all(subject, seed, before)
        found = mutant_record.of(outcome, changes(subject, outcome.survivors), seed)
        print(f"{subject.module}: {outcome.noticed} of {outcome.tried} noticed ({outcome.made} made)", flush=True)
        record[subject.module] = found
        mutant_record.write(record)
        for name, was, now in found.survivors if arguments.show else ():
            if now not in dict(subject.read):
                print(f"  {name}\n    - {was}\n    + {now}", flush=True)
    REPORT.write_text(report(known, record, seed), "utf-8")


if __name__ == "__main__":
    main()
