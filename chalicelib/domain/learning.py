"""Short lessons: for whom each is, what was learned, and what to learn next. Their texts are in ``web.lessons``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.domain.factory import Factory
from chalicelib.domain.phrase import phrase


class Audience(StrEnum):
    """Whom a lesson is for."""

    CONSUMER = "consumer"
    BUYER = "buyer"
    FACTORY = "factory"
    MEMBER = "member"
    ORGANISER = "organiser"


class Need(StrEnum):
    """What a factory's record lacks, where a lesson helps."""

    PROFILE = "profile"
    PAGE = "page"
    CONFIRMATION = "confirmation"


LESSONS: Mapping[str, tuple[Audience, ...]] = {
    "profile": (Audience.FACTORY,),
    "qr-code": (Audience.FACTORY, Audience.CONSUMER),
    "privacy": (Audience.FACTORY, Audience.MEMBER),
    "audit-dates": (Audience.CONSUMER, Audience.BUYER, Audience.MEMBER, Audience.FACTORY),
    "checking-a-certificate": (Audience.BUYER, Audience.CONSUMER, Audience.MEMBER, Audience.FACTORY),
    "claims": (Audience.MEMBER, Audience.FACTORY, Audience.BUYER),
    "climate-adaptation": (Audience.FACTORY, Audience.ORGANISER),
    "resource-efficiency": (Audience.FACTORY, Audience.ORGANISER),
}
"""Every lesson by its slug, in the order in which they are learned, and for whom it is."""

HELPS: Mapping[Need, str] = {
    Need.PROFILE: "profile",
    Need.PAGE: "qr-code",
    Need.CONFIRMATION: "checking-a-certificate",
}
"""Which lesson helps with what a factory lacks, the most urgent first."""

_ROLES: Mapping[str, tuple[Audience, ...]] = {
    "member": (Audience.MEMBER, Audience.BUYER),
    "organiser": (Audience.ORGANISER,),
}
_LOOKED_FOR = ("address", "product_categories", "processes", "descriptions")
"""What whoever scans looks for first."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a person learned: by slug, the day on which it was done."""

    done: Mapping[str, str] = field(default_factory=dict)

    def with_done(self, slug: str, day: str) -> Progress:
        """The same with one more lesson. The day of one that was done before stays."""
        return self if slug in self.done else Progress({**self.done, slug: day})


@dataclass(frozen=True, slots=True)
class Advice:
    """The lesson to do next, and which need makes it the next one."""

    slug: str
    need: Need | None = None


def known(slug: str) -> str:
    """The slug of a lesson; ``NotFound`` for any other text."""
    if slug not in LESSONS:
        raise NotFound("There is no such lesson.")
    return slug


def audience(given: str) -> Audience | None:
    """For whom lessons are asked: ``None`` if nothing is said."""
    try:
        return Audience(given) if given else None
    except ValueError as fault:
        raise Malformed(phrase("for is one of %(audiences)s.", audiences=", ".join(Audience))).at("/for") from fault


def lessons_for(wanted: Collection[Audience]) -> list[str]:
    """The slugs of the lessons for any of these readers, in order; all of them for nobody in particular."""
    return [slug for slug, readers in LESSONS.items() if not wanted or set(readers) & set(wanted)]


def audiences_of(runs_a_factory: bool, kinds: Iterable[str]) -> list[Audience]:
    """What a person is, by what they act for: somebody without any such role may read everything."""
    found = [Audience.FACTORY] if runs_a_factory else []
    return [*found, *(reader for kind in kinds for reader in _ROLES.get(kind, ()))]


def needs(factory: Factory) -> set[Need]:
    """What the record of a factory lacks, but for what its certificates say."""
    found = set() if factory.published else {Need.PAGE}
    if any(not factory.value(name) for name in _LOOKED_FOR):
        found.add(Need.PROFILE)
    return found


def advise(progress: Progress, readers: Collection[Audience], lacking: Collection[Need]) -> Advice | None:
    """What to learn next: what helps with a need comes first, then the order of lessons. ``None`` if all is done."""
    open_ones = [slug for slug in lessons_for(readers) if slug not in progress.done]
    for need, slug in HELPS.items():
        if need in lacking and slug in open_ones:
            return Advice(slug, need)
    return Advice(open_ones[0]) if open_ones else None


def marks(given: Sequence[int], right: Sequence[int]) -> tuple[bool, ...]:
    """Which answers are right. The lesson is done if all of them are."""
    return tuple(answer == wanted for answer, wanted in zip(given, right, strict=True))
