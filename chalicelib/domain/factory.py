"""A factory: what each source said of it, who may see what, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.domain.audit import Audit
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
    """

    version: int
    on: str
    fields: Mapping[str, Any]
    erased: tuple[str, ...] = ()

    def kept(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """What of an item's fields may be kept."""
        return {name: value for name, value in fields.items() if name not in self.erased}


@dataclass(frozen=True, slots=True)
class Link:
    """That a factory supplies a member. It shows in public only if both sides agree and nobody ended it."""

    source: Source
    since: str
    factory_agrees: bool = False
    member_agrees: bool = False
    ended: str | None = None

    @property
    def is_public(self) -> bool:
        """Whether anyone may see this link."""
        return self.factory_agrees and self.member_agrees and self.ended is None


@dataclass(frozen=True, slots=True)
class Factory:
    """The whole record. ``ics`` is what ICS said, ``own`` what the factory corrected or added: its own word shows."""

    factory_id: str
    site: str | None = None
    ics: IcsStatement | None = None
    own: Mapping[str, Said] = field(default_factory=dict)
    privacy: Mapping[str, Audience] = field(default_factory=dict)
    audits: tuple[Audit, ...] = ()
    links: Mapping[str, Link] = field(default_factory=dict)
    photos: tuple[Photo, ...] = ()
    state: State = State.OPEN
    state_since: str | None = None
    successor: str | None = None
    published: bool = False
    claimed: bool = False
    updated_at: str = ""
    version: int = 0

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

    @property
    def known_fields(self) -> tuple[str, ...]:
        """The names of all fields that hold something, in alphabetical order."""
        return tuple(sorted({*self.own, *(self.ics.fields if self.ics else ())}))


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
