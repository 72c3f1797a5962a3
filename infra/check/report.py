"""What a walk found, for people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib import clock
from infra.check import ground
from infra.check.state import Row, State, Told
from infra.check.walk import Walk


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a walk."""

    rows: tuple[Row, ...]
    told: tuple[Told, ...]
    began: str

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong, or no longer."""
        return all(row.wrong == row.repaired for row in self.rows)

    @property
    def text(self) -> str:
        """The faults, the table, and a last line."""
        lines = [f"{each.kind}: {each.name} {each.how}. {each.ending}" for each in self.told]
        lines += ["", f"Began at {self.began}."]
        lines += [f"{'':<18}{'checked':>10}{'wrong':>8}{'repaired':>10}"]
        lines += [f"{row.kind:<18}{row.checked:>10,}{row.wrong:>8,}{row.repaired:>10,}" for row in self.rows]
        left = sum(row.wrong - row.repaired for row in self.rows)
        wrong = sum(row.wrong for row in self.rows)
        last = f"{left:,} left." if left else f"All {wrong:,} repaired." if wrong else "Nothing to repair."
        return "\n".join([*lines, last]).lstrip("\n")


def walked(
    client: Any,
    registry: str,
    public: str,
    path: Path,
    *,
    repair: bool = False,
    advance: Callable[[int], Any] = lambda _items: None,
) -> Found:
    """Walk both tables from end to end, going on from what an earlier walk left in the file at ``path``.

    ``OtherWalk`` if that was a walk over other tables, for other documents, or too long ago.
    """
    state, over = State(path), False
    try:
        began = state.begin(ground.of(client, registry, public), clock.now())
        Walk(client, registry, public, state, repair, advance).run()
        found = Found(tuple(state.rows()), tuple(state.told()), began)
        over = True
    finally:
        state.close(forget=over)
    return found
