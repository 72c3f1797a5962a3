"""What must hold after every step, each by its name: whoever reads a failure reads which promise was broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

PRIVATE = "nothing is public that is not allowed"
STATUS = "the status is what the certifier's statements make it on that day"
EVENTS = "no event is lost or doubled"
SHOWN = "a public item is what its record publishes"
CHAIN = "the chain of events is unbroken"
REPLY = "the same request gets the same reply"
NEWEST = "the newest version wins"
ANSWER = "an answer says what was done"
WHO = "only who may changes it"
CRASH = "no answer is a crash"
LINKS = "a link shows if both sides agree"
ALL = (PRIVATE, STATUS, EVENTS, SHOWN, CHAIN, REPLY, NEWEST, ANSWER, WHO, CRASH, LINKS)


class Broken(AssertionError):
    """An invariant does not hold. The message begins with its name."""


@dataclass
class Tally:
    """How often each invariant was looked at. What does not hold is raised. ``names``: all that ought to be tried."""

    names: tuple[str, ...] = ALL
    tried: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)

    def must(self, name: str, holds: object, *told: object) -> None:
        """An invariant, looked at once more."""
        self.tried[name] += 1
        if not holds:
            raise Broken(f"{name}: {' '.join(map(str, told))}")
        self.held[name] += 1

    def same(self, name: str, found: object, wanted: object, *told: object) -> None:
        """Two things that must be equal."""
        self.must(name, found == wanted, *told, "is", found, "and ought to be", wanted)

    def rows(self) -> list[tuple[str, int, int]]:
        """Statement, tried, held. What was never tried is there, too: it proves nothing."""
        return [(name, self.tried[name], self.held[name]) for name in self.names]


def differing(one: Iterable[str], other: Iterable[str]) -> str:
    """What is in one and not in the other, for people."""
    return ", ".join(sorted(set(one) ^ set(other)))
