"""A pytest plugin that writes what became of each test: ``-p tests.safety.results --results FILE``."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--results", help="where to write what became of each test, as JSON")


class Results:
    """Counts the cases of each test by what became of them."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._cases: dict[str, dict[str, int]] = defaultdict(lambda: {"passed": 0, "failed": 0, "skipped": 0})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A failure before or after a test is one of the test."""
        if report.when == "call" or report.outcome != "passed":
            path, _, name = report.nodeid.partition("::")
            name = name.partition("[")[0].partition("@")[0]  # behind the @, xdist says in which group it ran
            self._cases[f"{path.removeprefix('tests/')}::{name}"][report.outcome] += 1

    def pytest_sessionfinish(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(self._cases, indent=1, sort_keys=True) + "\n", "utf-8")


def pytest_configure(config: pytest.Config) -> None:
    file = config.getoption("--results")
    if file and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Results(Path(file)))
