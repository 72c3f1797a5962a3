"""The map of standards: how fresh an entry is, what fits a wish, how several compare, what certificates cover.

Rules are given the day. The map says what it knows, and says where it does not know: it never ranks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from chalicelib.domain.certificate import Status, status_on
from chalicelib.domain.disclosure import PublicCertificate
from chalicelib.domain.standard import REGISTRY, TOPICS, Area, Card, Degree, Kind, Standard

FEWEST_COMPARED, MOST_COMPARED = 2, 5


class Freshness(StrEnum):
    """How far an entry can still be relied on. An old one is shown, with a word of caution."""

    NEW = "new"
    OLD = "old"
    NEVER = "never"


def freshness(reviewed: str | None, day: date) -> Freshness:
    """How fresh an entry is on a day: old from twelve months after its last review on."""
    if reviewed is None:
        return Freshness.NEVER
    last = date.fromisoformat(reviewed)
    return Freshness.OLD if _months_between(last, day) >= 12 else Freshness.NEW


def _months_between(first: date, last: date) -> int:
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (last.day < first.day)


def after_put(held: Standard | None, wanted: Standard) -> Standard:
    """What is on record after an entry is put. Names alone leave what the map knows as it is.

    Of facts that stay as they were the later review counts, whoever made it; other facts need a review of their own.
    """
    if held is None:
        return _reviewed_by_registry(wanted)
    if wanted.kind is None:
        return replace(held, name=wanted.name, owner=wanted.owner, short_name=wanted.short_name, website=wanted.website)
    if _facts(held) == _facts(wanted) and (held.reviewed or "") >= (wanted.reviewed or ""):
        wanted = replace(wanted, reviewed=held.reviewed, reviewed_by=held.reviewed_by)
    else:
        wanted = _reviewed_by_registry(wanted)
    return replace(wanted, version=held.version)


def _facts(standard: Standard) -> Standard:
    return replace(standard, reviewed=None, reviewed_by=None, version=0)


def _reviewed_by_registry(standard: Standard) -> Standard:
    return replace(standard, reviewed_by=REGISTRY if standard.reviewed else None)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader looks for on the map; ``None``: any. ``topic`` is one of ``TOPICS``."""

    kind: Kind | None = None
    area: Area | None = None
    topic: str | None = None
    sector: str | None = None
    country: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing is asked for at all."""
        return self == Wish()

    def admits(self, card: Card) -> bool:
        """Whether a standard has all that is asked for. One that is not assessed fits an open wish only."""
        if card.kind is None:
            return self.is_open
        return (
            self.kind in (None, card.kind)
            and (self.area is None or any(TOPICS[topic] is self.area for topic in card.topics))
            and (self.topic is None or self.topic in card.topics)
            and (self.sector is None or not card.sectors or self.sector in card.sectors)
            and (self.country is None or not card.countries or self.country in card.countries)
        )


def in_order(cards: Iterable[Card]) -> list[Card]:
    """Cards by name; those that are not assessed come last."""
    return sorted(cards, key=lambda card: (card.kind is None, card.title.casefold(), card.standard_id))


def compared(topics: Iterable[Mapping[str, Degree]]) -> dict[Area, list[tuple[str, list[Degree | None]]]]:
    """By area, the topics that at least one of several standards covers, and how bindingly each of them does.

    ``None``: the map does not know that this one covers the topic.
    """
    held = list(topics)
    rows: dict[Area, list[tuple[str, list[Degree | None]]]] = {}
    for topic, area in TOPICS.items():
        degrees = [each.get(topic) for each in held]
        if any(degrees):
            rows.setdefault(area, []).append((topic, degrees))
    return rows


def by_degree(cards: Iterable[Card], topic: str) -> dict[Degree, list[Card]]:
    """The standards that cover a topic, the most binding first; for each degree in order."""
    found: dict[Degree, list[Card]] = {degree: [] for degree in Degree}
    for each in in_order(cards):
        if topic in each.topics:
            found[each.topics[topic]].append(each)
    return {degree: held for degree, held in found.items() if held}


@dataclass(frozen=True, slots=True)
class Covering:
    """A certificate that holds today and covers a topic, and how binding its standard is there."""

    certificate: PublicCertificate
    degree: Degree


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the certificates of a factory that hold on a day cover. Nothing is said of how well.

    ``topics``: by topic in the order of the map, confirmed certificates first. ``not_assessed``: the map does not know
    what their standards ask. ``no_certification``: their standards are of another kind.
    """

    topics: Mapping[str, tuple[Covering, ...]]
    not_assessed: tuple[PublicCertificate, ...] = ()
    no_certification: tuple[PublicCertificate, ...] = ()


def coverage(certificates: Iterable[PublicCertificate], cards: Mapping[str, Card], day: date) -> Coverage:
    """Which topics certificates cover on a day: those that hold, of standards that certify. Never audits."""
    holding = [each for each in certificates if status_on(each, day) is Status.VALID]
    holding.sort(key=lambda each: not each.confirmed)
    kinds = {each.code: cards[each.standard_id].kind if each.standard_id in cards else None for each in holding}
    certified = [each for each in holding if kinds[each.code] is Kind.CERTIFICATION]
    found = {
        topic: tuple(
            Covering(each, cards[each.standard_id].topics[topic])
            for each in certified
            if topic in cards[each.standard_id].topics
        )
        for topic in TOPICS
    }
    return Coverage(
        {topic: held for topic, held in found.items() if held},
        tuple(each for each in holding if kinds[each.code] is None),
        tuple(each for each in holding if kinds[each.code] not in (None, Kind.CERTIFICATION)),
    )
