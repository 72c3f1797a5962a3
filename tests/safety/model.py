"""What the service ought to do, in a hundred lines and without a database. ``python -m tests.safety.model`` compares.

Written from the documents, not from the code: where both disagree, one of them is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass
class Link:
    """A factory supplies a member: who said so, who agrees that it shows, who ended it."""

    mandated: bool
    factory: bool = False
    member: bool = False
    ended: str = ""
    confirmed: bool = False

    @property
    def shows(self) -> bool:
        return self.factory and self.member and not self.ended

    @property
    def opens(self) -> bool:
        """Whether the member sees what is for its network: an audit or the factory said that it supplies it."""
        return not self.ended and (self.mandated or self.confirmed)

    def hide(self, side: str) -> bool:
        """One side says no more than that it shall not show; whether that is news."""
        before = Link(**vars(self))
        setattr(self, side, False)
        return self != before

    @property
    def of_people(self) -> bool:
        """Whether somebody said something of it: what only audits said goes with them."""
        return self.factory or self.member or self.confirmed or bool(self.ended)

    def agree(self, side: str, public: bool) -> bool:
        """One side says whether it shows, and takes it up again if it had ended it; whether that is news."""
        before = Link(**vars(self))
        self.ended = ""
        if side == "member":
            self.member = public
        else:
            self.factory, self.confirmed = public, True
        return self != before

    def end(self, side: str) -> None:
        """One side ends it: from then on it shows only if both agree anew."""
        self.ended, self.factory, self.member = side, False, False


@dataclass
class Site:
    """A factory: what ICS said at which version, what it said itself, and what became of it."""

    factory_id: str
    version: int = 0
    said: int = 0
    audits: dict[str, tuple[int, tuple[str, tuple[str, ...]]]] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    private: dict[str, str] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    closed: bool = False
    leads_to: str = ""
    led: set[str] = field(default_factory=set)
    events: list[str] = field(default_factory=list)

    def sync(self, reference: str, version: int, said: int, audit: tuple[str, tuple[str, ...]]) -> str:
        """A row of a batch: the newest version wins, a repeat changes nothing, a contradiction is told."""
        known = self.audits.get(reference)
        if known and version < known[0]:
            return "stale"
        if (known and version == known[0] and audit != known[1]) or (version == self.version and said != self.said):
            return "conflict"
        if known and version == known[0] and version <= self.version:
            return "unchanged"
        outcome = "updated" if self.events else "created"
        self.audits[reference] = version, audit
        if version > self.version:
            self.version, self.said = version, said
        self._mandates()
        self.events.append(f"audit_{outcome}")
        return outcome

    def _mandates(self) -> None:
        """Those that an audit names are linked; those of people stay."""
        named = {member for _, (_, members) in self.audits.values() for member in members}
        for member in list(self.links):
            link = self.links[member]
            if link.mandated and not link.of_people and member not in named:
                del self.links[member]
        for member in named:
            self.links.setdefault(member, Link(mandated=True))

    @property
    def members(self) -> list[str]:
        """Those whose link shows."""
        return sorted(member for member, link in self.links.items() if link.shows)

    @property
    def state(self) -> str:
        return "merged" if self.leads_to else "closed" if self.closed else "open"

    def audience(self, name: str) -> str:
        """Who may see a field: nobody what is personal, unless the factory said so."""
        return self.private.get(name, "private" if name.startswith("contact_") else "public")

    def shows(self, name: str) -> bool:
        """Whether anyone may see a field."""
        return self.audience(name) == "public"


@dataclass
class Certificate:
    """A certificate, and what its certifier said of it: each statement holds from a day on, the last one said wins."""

    code: str
    site: str
    starts: date
    ends: date
    said: list[tuple[str, date, str]] = field(default_factory=list)
    events: int = 1
    looked_at: int = 0

    def __post_init__(self) -> None:
        self.said.append(("active", self.starts, ""))

    def state(self, standing: str, since: date, reason: str) -> bool:
        """Another statement; whether it is news. That it is active is none while nobody said otherwise."""
        unsaid = standing == "active" and all(each == "active" for each, _, _ in self.said)
        if unsaid or self.said[-1] == (standing, since, reason):
            return False
        self.said.append((standing, since, reason))
        self.events += 1
        return True

    def status(self, day: date) -> str:
        """Withdrawn before suspended before expired before not yet valid."""
        in_force = [standing for standing, since, _ in self.said if since <= day]
        if in_force and in_force[-1] != "active":
            return in_force[-1]
        return "expired" if day > self.ends else "not_yet_valid" if day < self.starts else "valid"


if __name__ == "__main__":
    from tests.safety.long_form import main

    main()
