"""What the shared item of a number holds: which certificates bear it, as two sets. See ``public_keys.by_number``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_SHOWN = 25
"""So many certificates of one number are read at the most."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Certificates with one number as ``<standard>#<code>``. A certifier confirms at most one of each standard."""

    confirmed: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()

    @classmethod
    def of(cls, raw: Mapping[str, Mapping[str, Any]]) -> Entries:
        """From the item as DynamoDB writes it."""
        confirmed, declared = (frozenset(raw.get(name, {}).get("SS", ())) for name in ("confirmed", "declared"))
        return cls(confirmed, declared)

    def codes(self, standard_id: str | None = None) -> list[str]:
        """The codes, of one standard or of all: confirmed before declared."""
        wanted = f"{standard_id}#" if standard_id else ""
        ordered = [*sorted(self.confirmed), *sorted(self.declared)]
        return [entry.rpartition("#")[2] for entry in ordered if entry.startswith(wanted)][:MOST_SHOWN]
