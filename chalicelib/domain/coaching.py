"""Programmes that support factories: what is planned in one, who was invited, and how far each factory has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from chalicelib.domain.errors import Conflict, Fault, Malformed, NotFound

MOST_ELEMENTS = 20
MOST_FACTORIES = 500
MOST_PROGRAMMES = 50
SESSIONS = 3
"""A programme of coaching has three sessions on site."""


class Kind(StrEnum):
    """What a programme is about."""

    RESOURCE_EFFICIENCY = "resource_efficiency"
    CIRCULAR_PRODUCTION = "circular_production"
    CLIMATE = "climate"
    OTHER = "other"


class ElementKind(StrEnum):
    """What a planned element is."""

    SESSION = "session"
    E_LEARNING = "e_learning"
    WORKSHOP = "workshop"


class Part(StrEnum):
    """How a factory stands to a programme: it is invited by the organiser, all else is its own word."""

    INVITED = "invited"
    TAKES_PART = "takes_part"
    DECLINED = "declined"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Element:
    """Something planned. ``on``: the day, where it is one for all factories."""

    element_id: str
    kind: ElementKind
    title: str
    on: str | None = None


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme. Its name, organiser and days are public: a factory may show that it takes part."""

    programme_id: str
    organiser_id: str
    name: str
    kind: Kind
    starts: str
    ends: str
    countries: tuple[str, ...] = ()
    elements: tuple[Element, ...] = ()
    updated_at: str = ""
    version: int = 0

    @property
    def sessions(self) -> tuple[Element, ...]:
        """The sessions on site."""
        return tuple(each for each in self.elements if each.kind is ElementKind.SESSION)


@dataclass(frozen=True, slots=True)
class Participation:
    """A factory in a programme. ``done``: the day by element. The two ticks are the factory's alone.

    ``shares``: the organiser sees its readings. ``shows``: anyone sees that it takes part.
    """

    programme_id: str
    factory_id: str
    part: Part
    invited: str
    answered: str | None = None
    shares: bool = False
    shows: bool = False
    done: Mapping[str, str] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        """Whether the factory takes part now."""
        return self.part is Part.TAKES_PART

    def sessions_done(self, programme: Programme) -> int:
        """How many of the sessions on site were held."""
        return sum(each.element_id in self.done for each in programme.sessions)


@dataclass(frozen=True, slots=True)
class Parts:
    """The programmes that a factory was invited to, the last invitation last."""

    factory_id: str
    parts: tuple[Participation, ...] = ()
    version: int = 0

    def of(self, programme_id: str) -> Participation | None:
        """How the factory stands to a programme; ``None``: it was never invited."""
        return next((each for each in self.parts if each.programme_id == programme_id), None)

    def need(self, programme_id: str) -> Participation:
        """As ``of``, but ``NotFound`` if it was never invited."""
        found = self.of(programme_id)
        if found is None:
            raise NotFound("There is no such programme of yours.")
        return found

    def with_part(self, wanted: Participation) -> Parts:
        """With a participation put in the place of the one in the same programme, or at the end."""
        others = tuple(each for each in self.parts if each.programme_id != wanted.programme_id)
        if len(others) >= MOST_PROGRAMMES:
            raise Conflict("This factory is in too many programmes.")
        return replace(self, parts=(*others, wanted))

    def without(self, programme_id: str) -> Parts:
        """Without a programme."""
        return replace(self, parts=tuple(each for each in self.parts if each.programme_id != programme_id))


def checked(programme: Programme) -> Programme:
    """A programme whose days and elements fit together; ``Malformed`` with every fault."""
    faults = []
    if programme.ends < programme.starts:
        faults.append(Fault("/ends", "must not be before the first day"))
    sessions = len(programme.sessions)
    if sessions != SESSIONS and programme.kind in (Kind.RESOURCE_EFFICIENCY, Kind.CIRCULAR_PRODUCTION):
        faults.append(Fault("/elements", "must have three sessions on site"))
    if len({each.element_id for each in programme.elements}) < len(programme.elements):
        faults.append(Fault("/elements", "must not name the same element twice"))
    if faults:
        raise Malformed("Some fields cannot be taken as sent.", faults)
    return programme


def invite(held: Participation | None, programme_id: str, factory_id: str, today: date) -> Participation | None:
    """A factory is invited; ``None`` if it is already, or takes part. One that declined or left may be asked again."""
    if held is not None and held.part in (Part.INVITED, Part.TAKES_PART):
        return None
    done = held.done if held is not None else {}
    return Participation(programme_id, factory_id, Part.INVITED, today.isoformat(), done=done)


def answer(held: Participation, wanted: Part, today: date) -> Participation:
    """The factory accepts, declines or leaves. Who does not take part shares and shows nothing."""
    before = {Part.TAKES_PART: Part.INVITED, Part.DECLINED: Part.INVITED, Part.LEFT: Part.TAKES_PART}
    if held.part is wanted:
        return held
    if held.part is not before.get(wanted):
        raise Conflict("This is not open any more. Look at where it stands now.")
    return replace(held, part=wanted, answered=today.isoformat(), shares=False, shows=False)


def ticked(held: Participation, *, shares: bool, shows: bool) -> Participation:
    """The factory decides what the organiser and what anyone sees."""
    if not held.active:
        raise Conflict("You do not take part in this programme.")
    return replace(held, shares=shares, shows=shows)


def mark(programme: Programme, held: Participation, element_id: str, on: date | None, today: date) -> Participation:
    """The organiser says on which day something was done; ``None``: it was not."""
    if not held.active:
        raise Conflict("This factory does not take part.")
    if element_id not in {each.element_id for each in programme.elements}:
        raise NotFound("There is no such element in this programme.")
    if on is not None and not programme.starts <= on.isoformat() <= today.isoformat():
        raise Malformed(
            "Some fields cannot be taken as sent.",
            [Fault(f"/{element_id}", "must lie between the first day of the programme and today")],
        )
    left = {name: day for name, day in held.done.items() if name != element_id}
    return replace(held, done=left if on is None else {**left, element_id: on.isoformat()})
