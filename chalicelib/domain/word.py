"""A certifier's word on the standing of a certificate, and what it adds to what was said before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.certificate import Certificate, Standing, StandingChange
from chalicelib.domain.errors import Conflict


@dataclass(frozen=True, slots=True)
class Word:
    """What a certifier says on the day ``told``; ``effective``: since when, if it says so, else from that day on.

    ``listed``: it stands in a list, which may be an old one that is sent again: it takes no withdrawal back.
    """

    standing: Standing
    reason: str
    effective: date | None
    told: date
    listed: bool = False

    def added_to(self, certificate: Certificate, recorded: str) -> StandingChange | None:
        """The statement that follows those on record, ``recorded`` at an instant (RFC 3339); ``None`` if it is none.

        The last statement once more is nothing new: a list that is sent again every day, with no day in it, suspends
        from the first day on, once. That a certificate is active is none while nobody said otherwise. ``Conflict`` if
        it stands in a list and would take a withdrawal back.
        """
        said = StandingChange(self.standing, self.reason, self.effective or self.told, recorded)
        history = certificate.history
        if self.standing is Standing.ACTIVE and all(each.standing is Standing.ACTIVE for each in history):
            return None
        last = history[-1] if history else None
        withdrawn = last is not None and last.standing is Standing.WITHDRAWN
        if self.listed and withdrawn and self.standing is not Standing.WITHDRAWN:
            raise Conflict("This certificate was withdrawn. A list cannot take that back: change this one by itself.")
        if last is not None and (last.standing, last.reason) == (self.standing, self.reason):
            return None if self.effective in (None, last.effective) else said
        return said
