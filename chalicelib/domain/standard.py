"""A standard on the map: who owns it, what it is, whom it is for, and what it asks, by area and topic.

The five areas are those of the Standards Map of the International Trade Centre.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What a standard is. Of these only a certification leads to a certificate."""

    CERTIFICATION = "certification"
    AUDIT_SCHEME = "audit_scheme"
    LABEL = "label"
    CODE_OF_CONDUCT = "code_of_conduct"
    METHOD = "method"


class Area(StrEnum):
    """The five areas of criteria, in the order in which they are shown."""

    ENVIRONMENT = "environment"
    LABOUR = "labour"
    ECONOMIC = "economic"
    QUALITY = "quality"
    ETHICS = "ethics"


class Degree(StrEnum):
    """How binding a criterion is: at once, within a term, or as advice. The first is the strictest.

    ``UNSPECIFIED``: the standard covers the topic; how bindingly is not known to the map, and it says so.
    """

    IMMEDIATE = "immediate"
    TERM = "term"
    RECOMMENDED = "recommended"
    UNSPECIFIED = "unspecified"


TOPICS: Mapping[str, Area] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "environmental_management",
                "energy",
                "greenhouse_gases",
                "water_use",
                "wastewater",
                "air_emissions",
                "waste",
                "chemicals",
                "environmental_emergencies",
                "biodiversity",
                "materials",
                "animal_welfare",
            ),
            Area.ENVIRONMENT,
        ),
        **dict.fromkeys(
            (
                "child_labour",
                "forced_labour",
                "discrimination",
                "harassment",
                "freedom_of_association",
                "grievance",
                "working_hours",
                "wages",
                "health_and_safety",
            ),
            Area.LABOUR,
        ),
        **dict.fromkeys(("prices_and_premiums", "training", "local_communities"), Area.ECONOMIC),
        **dict.fromkeys(
            ("quality_management", "product_safety", "food_safety", "chain_of_custody", "labelling"), Area.QUALITY
        ),
        **dict.fromkeys(("legal_compliance", "management_and_transparency", "anti_corruption"), Area.ETHICS),
    }
)
"""Each topic with its area, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where something is to be read: a document's title, and its address if it is on the web."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a standard asks: a chapter or requirement of it (``title``, as the standard calls it) under a topic."""

    topic: str
    degree: Degree
    source: Source
    title: str | None = None

    @property
    def area(self) -> Area:
        """The area that the topic belongs to."""
        return TOPICS[self.topic]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about cost or process, with where it is to be read. ``topic``: ``cost``, ``process``, ``validity``."""

    topic: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard on record. Without a kind it is one that certificates name, and the map knows no more of it.

    ``sectors`` and ``countries`` (ISO 3166-1 alpha-2) are whom it is for; empty: not limited to any. ``reviewed`` is
    the day (ISO 8601) on which these facts were last compared with their sources, ``reviewed_by`` who did:
    ``registry`` or ``owner``.
    """

    standard_id: str
    name: str
    owner: str
    short_name: str | None = None
    website: str | None = None
    kind: Kind | None = None
    summary: str | None = None
    sectors: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    sources: tuple[Source, ...] = ()
    reviewed: str | None = None
    reviewed_by: str | None = None
    version: int = 0
