"""What came of each module when it was last tried: ``infra/mutants.json``.

Whoever has another clone, or tries one module only, still has what was found of all others, with its day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from infra.mutant_subjects import PROJECT, Outcome, Subject
from infra.mutant_tests import nothing_is_gone, statements

RECORD = PROJECT / "infra" / "mutants.json"


@dataclass(frozen=True, slots=True)
class Tried:
    """A module as it was tried. ``source`` is a hash, ``tests`` those of ``mutant_tests.statements``.

    ``survivors``: their names, as it was, as it is.
    """

    on: str
    source: str
    tests: str
    seed: int
    sample: int
    made: int
    tried: int
    noticed: int
    survivors: tuple[tuple[str, str, str], ...]

    def stands(self, subject: Subject, seed: int) -> bool:
        """Whether what was noticed still is: rules and tests are as they were, and the same mutants would be drawn.

        Tests may have been added.
        """
        same = (self.source, self.seed, self.sample) == (subject.digest, seed, subject.sample)
        return same and nothing_is_gone(self.tests, statements(subject.tests))

    def holds(self, subject: Subject, seed: int) -> bool:
        """Whether trying again would be for nothing: it stands, and no test was added that may notice a survivor."""
        return self.stands(subject, seed) and (not self.survivors or self.tests == statements(subject.tests))


def read() -> dict[str, Tried]:
    """All that is on record, by module."""
    if not RECORD.exists():
        return {}
    held = json.loads(RECORD.read_text("utf-8"))
    return {
        module: Tried(**{**each, "survivors": tuple(map(tuple, each["survivors"]))}) for module, each in held.items()
    }


def write(record: Mapping[str, Tried]) -> None:
    """Put all of it on record."""
    said = {module: asdict(record[module]) for module in sorted(record)}
    RECORD.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", "utf-8")


def of(outcome: Outcome, changed: Mapping[str, tuple[str, str]], seed: int) -> Tried:
    """What came of a module today."""
    subject = outcome.subject
    survivors = tuple((name, *changed[name]) for name in outcome.survivors)
    numbers = (subject.sample, outcome.made, outcome.tried, outcome.noticed)
    marked = json.loads(subject.mark.read_text("utf-8"))
    return Tried(date.today().isoformat(), marked["source"], marked["tests"], seed, *numbers, survivors)
