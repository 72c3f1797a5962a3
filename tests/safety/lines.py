"""The lines of a run: what was tried, what held, what leaked; and in a sentence each, why a run proves too little."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.safety import invariants
from tests.safety.statements import Statement

Row = tuple[str, int, int]
"""What must hold, how often it was tried, how often it held."""
_ENDED = {0: "well", 1: "with tests that failed"}
"""How pytest may end so that what it says of each test counts."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table. ``asked``: how often it was to be tried, if that was said."""

    what: str
    tried: int
    held: int
    leaked: int = 0
    asked: int = 0

    @property
    def lost(self) -> int:
        """What did not hold."""
        return self.tried - self.held


def of_row(row: Row) -> Line:
    """A row as a line: where something private showed, it leaked."""
    what, tried, held = row
    return Line(what, tried, held, tried - held if what.startswith(invariants.PRIVATE) else 0)


def table(lines: Sequence[Line]) -> str:
    """The lines as a table."""
    lines = [*lines, *total(lines)]
    wide = max((len(each.what) for each in lines), default=0)
    rows = [f"{'':{wide}} | {'tried':>7} | {'held':>7} | {'lost':>5} | {'leaked':>6}", "-" * (wide + 37)]
    rows += [f"{e.what:{wide}} | {e.tried:7,} | {e.held:7,} | {e.lost:5,} | {e.leaked:6,}" for e in lines]
    return "\n".join(rows)


def total(lines: Sequence[Line]) -> list[Line]:
    """All of them in one, if there are any."""
    if not lines:
        return []
    tried, held, leaked = (sum(getattr(each, name) for each in lines) for name in ("tried", "held", "leaked"))
    return [Line("all of it", tried, held, leaked)]


def amiss(lines: Sequence[Line]) -> list[str]:
    """Why these lines are no proof, in sentences. None if each was tried, and held whenever it was."""
    if not lines:
        return ["Nothing at all was tried."]
    return [sentence for each in lines for sentence in _amiss(each)]


def _amiss(line: Line) -> Iterator[str]:
    if not line.tried:
        yield f"{line.what}: this was never tried."
    yield from fewer(line.what, line.tried, line.asked)
    if line.lost:
        yield f"{line.what}: {line.lost:,} of {line.tried:,} did not hold."
    if line.leaked:
        yield f"{line.what}: {line.leaked:,} leaked."


def fewer(what: str, done: int, asked: int) -> list[str]:
    """That less was done than was asked for."""
    return [f"{what}: only {done:,} of {asked:,} were done."] if done < asked else []


def unproved(
    statements: Iterable[Statement], marks: Mapping[str, Sequence[str]], ran: Mapping[str, Mapping[str, int]]
) -> list[str]:
    """The statements of whose tests none ran. A test that failed did run: that is another matter."""
    return [
        f"{each.id}: none of its tests ran ({_why(marks.get(each.id, ()), ran)})."
        for each in statements
        if not any(_ran(ran.get(test, {})) for test in marks.get(each.id, ()))
    ]


def _ran(counts: Mapping[str, int]) -> int:
    return counts.get("passed", 0) + counts.get("failed", 0)


def _why(tests: Sequence[str], ran: Mapping[str, Mapping[str, int]]) -> str:
    skipped = sum(test in ran for test in tests)
    return f"{skipped} skipped, {len(tests) - skipped} not found" if tests else "it has none"


def ended(code: int) -> list[str]:
    """That pytest did not come to its end."""
    return [] if code in _ENDED else [f"The tests did not come to their end: pytest ended with {code}."]
