"""What an organiser sees of the factories in its programme: how far each has come, and what it shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalice.app import Response

from chalicelib.domain import identity
from chalicelib.domain.coaching import Participation, Programme
from chalicelib.domain.indicator import Efficiency
from chalicelib.internal import indicator_facts
from chalicelib.store import reader
from chalicelib.store.registry import coaching as store
from chalicelib.store.registry import efficiency, learning
from chalicelib.web import responses, sheet

MARK = "\ufeff"
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Member:
    """A factory of a cohort, as its organiser sees it. ``shared`` is ``None`` unless the factory shares it.

    ``lessons``: how many lessons of e-learning its people did, whoever of them; ``None`` unless it takes part.
    """

    programme: Programme
    part: Participation
    name: str
    country: str
    shared: Efficiency | None
    lessons: int | None

    @property
    def sessions(self) -> int:
        """How many of the sessions on site were held, while the factory takes part."""
        return self.part.sessions_done(self.programme) if self.part.active else 0


def of(programme: Programme) -> list[Member]:
    """All that were invited, by Factory ID. Of a factory that has not accepted there is nothing but its public name."""
    return _members(programme, store.cohort(programme))


def one(programme: Programme, factory_id: str) -> Member:
    """One of them; ``NotFound`` if it was not invited."""
    return _members(programme, [store.part(factory_id, programme.programme_id)])[0]


def told(member: Member, *, whole: bool = False) -> dict[str, Any]:
    """One of them in JSON; ``whole``: with what it shares."""
    part = member.part
    said = {
        "factory_id": part.factory_id,
        "name": member.name or None,
        "country": member.country or None,
        "part": part.part.value,
        "invited": part.invited,
        "answered": part.answered,
        "sessions_done": member.sessions,
        "lessons_done": member.lessons,
        "done": dict(part.done) if part.active else {},
        "shares": part.shares,
    }
    if not whole:
        return said
    shared = member.shared
    return {**said, "indicators": [indicator_facts.indicator(each) for each in shared.indicators] if shared else None}


def csv(programme: Programme) -> Response:
    """The cohort as a table, safe to open in a spreadsheet."""
    heading = ["factory_id", "name", "country", "part", "invited", "answered", "sessions_done", "lessons_done"]
    heading += [each.element_id for each in programme.elements]
    rows = [_row(programme, each) for each in of(programme)]
    return responses.csv_response(MARK + sheet.written(heading, rows), f"{programme.programme_id}.csv")


def _row(programme: Programme, member: Member) -> list[object]:
    part = member.part
    known = [identity.shown(part.factory_id), member.name, member.country, part.part.value, part.invited, part.answered]
    return [
        *known,
        member.sessions,
        member.lessons,
        *(told(member)["done"].get(each.element_id) for each in programme.elements),
    ]


def _members(programme: Programme, parts: Sequence[Participation]) -> list[Member]:
    found: list[Member] = []
    for start in range(0, len(parts), _AT_ONCE):
        some = parts[start : start + _AT_ONCE]
        pages = reader.factories(each.factory_id for each in some)
        lessons = learning.modules_done(each.factory_id for each in some if each.active)
        shared = efficiency.several(each.factory_id for each in some if each.active and each.shares)
        for each in some:
            page = pages.get(each.factory_id)
            names = (page.name, page.country) if page is not None else ("", "")
            done = len(lessons[each.factory_id]) if each.active else None
            found.append(Member(programme, each, *names, shared.get(each.factory_id), done))
    return found
