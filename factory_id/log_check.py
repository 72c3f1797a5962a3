"""What is checked of a log of changes: each entry against the one before it, and the whole against each checkpoint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from factory_id.log_tree import Tree, leaf

Raw = Mapping[str, Any]
GENESIS = "0" * 64
MEMBERS = frozenset(
    ("code", "effective", "event", "line", "number", "previous", "recorded", "standard", "standing", "what")
)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first false entry: number ``first``, or one of those up to ``last`` where no more can be told."""

    first: int
    last: int
    why: str

    def __str__(self) -> str:
        if self.first == self.last:
            return f"Entry {self.first:,} is the first false one: {self.why}"
        return f"The first false entry is one of {self.first:,} to {self.last:,}: {self.why}"


class Check:
    """Takes the entries in order. ``fault`` is the first that was found; ``leaves`` are kept to look closer."""

    def __init__(self, checkpoints: Iterable[Raw]) -> None:
        """``checkpoints`` in any order; those beyond the last entry stay unchecked."""
        self.fault: Fault | None = None
        self.leaves: list[bytes] = []
        self.lines: dict[str, list[tuple[str | None, str, str]]] = {}
        self.backdated = 0
        self.reached = 0
        self.sound = 0
        self._tree = Tree()
        self._head = GENESIS
        self._doubt: int | None = None
        self._due: dict[int, list[Raw]] = {}
        self.promised = 0
        for each in checkpoints:
            self.promised = max(self.promised, each["size"])
            self._due.setdefault(each["size"], []).append(each)

    def add(self, raw: Raw) -> bool:
        """One more entry; ``False`` if it, or the one before it, is found false."""
        number = len(self.leaves)
        if self._shape(raw, number) and self._linked(raw, number):
            content = json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            self._head = hashlib.sha256(content).hexdigest()
            self._take(raw, leaf(content), number)
        return self.fault is None

    def end(self) -> None:
        """There are no more entries."""
        if self._doubt is not None and self.fault is None:
            number = self._doubt
            self.fault = Fault(number, number + 1, "one does not name the hash of the other")

    def _shape(self, raw: Raw, number: int) -> bool:
        if not isinstance(raw, dict) or set(raw) != MEMBERS:
            return self._false(number, "it has not the members of an entry")
        if raw["number"] != number or isinstance(raw["number"], bool):
            return self._false(number, f"number {raw['number']} stands in its place")
        return True

    def _linked(self, raw: Raw, number: int) -> bool:
        """An entry that does not fit the one before: the next entry tells which of the two was changed."""
        if self._doubt is not None:
            if raw["previous"] == self._head:
                why = f"its hash is not the one that entry {self._doubt + 1:,} names"
                self.fault = Fault(self._doubt, self._doubt, why)
                return False
            why = "their hashes are not those that the next ones name"
            self.fault = Fault(self._doubt, self._doubt + 1, why)
            return False
        if raw["previous"] != self._head:
            if number == 0:
                return self._false(0, "it names an entry before the first")
            self._doubt = number - 1
        return True

    def _take(self, raw: Raw, leaf_hash: bytes, number: int) -> None:
        known = self.lines.setdefault(raw["code"], [])
        self.leaves.append(leaf_hash)
        self._tree.add(leaf_hash)
        if raw["line"] != len(known) + 1 and self._doubt is None:
            self._false(number, f"line {raw['line']} of {raw['code']} comes after line {len(known)}")
            return
        known.append((raw["standing"], raw["effective"], raw["recorded"]))
        self.backdated += str(raw["effective"]) < str(raw["recorded"])[:10]
        for each in self._due.get(number + 1, ()) if self._doubt is None else ():
            if each["root"] != self._tree.root.hex() or each["head"] != self._head:
                why = f"the root is not that of the checkpoint of {each['at']}"
                self.fault = self.fault or Fault(self.sound, number, why)
            else:
                self.reached += 1
        if number + 1 in self._due and self.fault is None and self._doubt is None:
            self.sound = number + 1

    def _false(self, number: int, why: str) -> bool:
        self.fault = Fault(number if self._doubt is None else self._doubt, number, why)
        return False
