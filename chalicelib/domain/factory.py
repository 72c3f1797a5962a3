"""A factory: what each source said of it, who may see what, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.domain.audit import Audit
    from chalicelib.domain.claim import Claims
    from chalicelib.domain.contact import ContactCheck
    from chalicelib.domain.photo import Photo


class State(StrEnum):
    """What became of a factory. An ID never dies: a closed, moved or merged one says so."""

    OPEN = "open"
    CLOSED = "closed"
    MOVED = "moved"
    MERGED = "merged"


class Source(StrEnum):
    """Who said what a field holds."""

    ICS_AUDIT = "ics_audit"
    FACTORY = "factory"
    MEMBER = "member"
    STAFF = "staff"


class Lead(StrEnum):
    """How another record leads to a factory: merged into it, moved into it, or merged while nobody could see it."""

    MERGED = "merged"
    MOVED = "moved"
    DRAFT = "draft"


class Audience(StrEnum):
    """Who may see a field: anyone, the ICS members linked to the factory, or the factory itself and staff."""

    PUBLIC = "public"
    NETWORK = "network"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Said:
    """A value with its source and the day on which it was said."""

    value: Any
    source: Source
    on: str


@dataclass(frozen=True, slots=True)
class IcsStatement:
    """All that the newest ICS item says of the site. A newer version replaces the whole of it.

    ``erased`` names fields that somebody had erased: what an item says of them is not kept, now or later.
    ``tenant`` is who speaks of this site, and nobody else does; empty where nobody noted it.
    """

    version: int
    on: str
    fields: Mapping[str, Any]
    erased: tuple[str, ...] = ()
    tenant: str = ""

    def kept(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """What of an item's fields may be kept."""
        return {name: value for name, value in fields.items() if name not in self.erased}


@dataclass(frozen=True, slots=True)
class Link:
    """That a factory supplies a member. It shows in public only if both sides agree and nobody ended it.

    ``ended`` is the day on which it ended, ``ended_by`` the side that ended it: see ``domain/linking``. ``confirmed``:
    the factory accepted this member's invitation, or said that it supplies it.
    """

    source: Source
    since: str
    factory_agrees: bool = False
    member_agrees: bool = False
    ended: str | None = None
    ended_by: Source | None = None
    confirmed: bool = False

    @property
    def vouched_for(self) -> bool:
        """Whether somebody else than the member said that there is, or was, such a link."""
        return self.confirmed or self.source is not Source.MEMBER

    @property
    def opens_the_network(self) -> bool:
        """Whether the member sees what is for the factory's network: not by its own word alone."""
        return self.ended is None and self.vouched_for

    @property
    def is_public(self) -> bool:
        """Whether anyone may see this link."""
        return self.factory_agrees and self.member_agrees and self.ended is None


@dataclass(frozen=True, slots=True)
class Before:
    """What a factory was before its record was made to lead to another: what undoing that restores."""

    state: State
    since: str | None


@dataclass(frozen=True, slots=True)
class Factory:
    """The whole record. ``ics`` is what ICS said, ``own`` what the factory corrected or added: its own word shows.

    ``successor`` is the record that this one leads to, ``led`` are those that lead to this one (``lifecycle``).
    ``former`` is the address before a move under the same ID.
    ``relay``: buyers may write to it through us. Its address is shown to none of them.
    ``programmes`` are those that it shows to all, by code: each has a public page of its own (``programme``).
    """

    factory_id: str
    site: str | None = None
    ics: IcsStatement | None = None
    own: Mapping[str, Said] = field(default_factory=dict)
    privacy: Mapping[str, Audience] = field(default_factory=dict)
    audits: tuple[Audit, ...] = ()
    links: Mapping[str, Link] = field(default_factory=dict)
    photos: tuple[Photo, ...] = ()
    claims: Claims = ()
    contact: ContactCheck | None = None
    state: State = State.OPEN
    state_since: str | None = None
    successor: str | None = None
    published: bool = False
    claimed: bool = False
    relay: bool = True
    updated_at: str = ""
    version: int = 0
    before: Before | None = None
    led: Mapping[str, Lead] = field(default_factory=dict)
    former: Mapping[str, Any] | None = None
    programmes: tuple[str, ...] = ()

    @property
    def writable(self) -> bool:
        """Whether buyers may write: to a factory that somebody runs, who can also say that they want no letters."""
        return self.claimed and self.relay and self.published and self.state is State.OPEN

    def said(self, name: str) -> Said | None:
        """What a field holds: the factory's own word if it gave one, else what ICS said, else ``None``."""
        if name in self.own:
            return self.own[name]
        if self.ics is not None and name in self.ics.fields:
            return Said(self.ics.fields[name], Source.ICS_AUDIT, self.ics.on)
        return None

    def value(self, name: str) -> Any:
        """The value of a field, or ``None``."""
        said = self.said(name)
        return None if said is None else said.value

    def value_of_ics(self, name: str) -> Any:
        """What ICS said, whatever the factory says; ``None`` if nothing."""
        return self.ics.fields.get(name) if self.ics is not None else None

    @property
    def known_fields(self) -> tuple[str, ...]:
        """The names of all fields that hold something, in alphabetical order."""
        names = {*self.own, *(self.ics.fields if self.ics else ())}
        return tuple(sorted(name for name in names if self.value(name) != ""))


def merge_patch(factory: Factory, patch: Mapping[str, Any], today: date) -> Factory:
    """The factory after a JSON Merge Patch (RFC 7396) of cleaned fields by its own hand.

    ``None`` withdraws the factory's own word: what the ICS audit said shows again. Values equal to what is shown
    already change nothing, so that a form sent back unaltered does not turn ICS's word into the factory's.
    """
    own = dict(factory.own)
    for name, value in patch.items():
        if value is None:
            own.pop(name, None)
        elif value != factory.value(name):
            own[name] = Said(value, Source.FACTORY, today.isoformat())
    return replace(factory, own=own)
