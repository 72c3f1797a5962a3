"""Which modules are changed, and which of their tests should notice: ``infra/mutants.toml``."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
CONFIG = PROJECT / "infra" / "mutants.toml"
SCRATCH = PROJECT / ".local" / "mutants"


@dataclass(frozen=True, slots=True)
class Subject:
    """A module, the tests that should notice, how many mutants are tried (0: all), and the survivors that were read.

    Of ``tests`` each is a file, or one test of it: ``tests/test_signing.py::test_…``.
    ``pure`` tests need nothing of ``tests/conftest.py``, which makes a mutant three times as quick.
    """

    module: str
    tests: tuple[str, ...]
    sample: int
    pure: bool
    read: tuple[tuple[str, str], ...]

    @property
    def source(self) -> str:
        """The module's file."""
        return f"chalicelib/{self.module}.py"

    @property
    def files(self) -> tuple[str, ...]:
        """The files of its tests."""
        return tuple(dict.fromkeys(name.partition("::")[0] for name in self.tests))

    @property
    def digest(self) -> str:
        """The hash of the module."""
        return hashlib.sha256((PROJECT / self.source).read_bytes()).hexdigest()

    @property
    def scratch(self) -> Path:
        """Where its mutants are made."""
        return SCRATCH / self.module.replace("/", "-")

    @property
    def mark(self) -> Path:
        """Of which module and tests they were made."""
        return self.scratch / "digests.json"

    @property
    def meta(self) -> Path:
        """What became of each mutant, as mutmut keeps it."""
        return self.scratch / "mutants" / f"{self.source}.meta"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a module: mutants in all, tried, noticed (one without an end is), and the names of survivors."""

    subject: Subject
    made: int
    tried: int
    noticed: int
    survivors: tuple[str, ...]


def subjects() -> tuple[int, list[Subject]]:
    """The seed of the samples and the modules, as ``infra/mutants.toml`` has them."""
    config = tomllib.loads(CONFIG.read_text("utf-8"))
    found = []
    for module, said in config["modules"].items():
        read = tuple((each["now"], each["why"]) for each in said.get("read", []))
        found.append(Subject(module, tuple(said["tests"]), said.get("sample", 0), said.get("pure", True), read))
    return config["seed"], found
