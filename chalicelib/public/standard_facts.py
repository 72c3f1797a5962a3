"""What the map of standards says, as JSON. Pages show the same facts from the same types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from chalicelib.domain import standards_map
from chalicelib.domain.disclosure import PublicCertificate
from chalicelib.domain.standard import FACT_TOPICS, TOPICS, Card, Degree, Source, Standard
from chalicelib.domain.standard import card as card_of
from chalicelib.domain.standards_map import Coverage, freshness
from chalicelib.public.edge import url


def card(found: Card, today: date) -> dict[str, Any]:
    """A standard in a list. Without a kind it is on record, and not assessed yet."""
    return {
        "id": found.standard_id,
        "name": found.name,
        "short_name": found.short_name,
        "owner": found.owner or None,
        "kind": found.kind.value if found.kind else None,
        "assessed": found.kind is not None,
        "sectors": list(found.sectors),
        "countries": list(found.countries),
        "topics": {topic: degree.value for topic, degree in found.topics.items()},
        "reviewed": found.reviewed,
        "reviewed_by": found.reviewed_by,
        "review": freshness(found.reviewed, today).value,
        "url": url(f"/standards/{found.standard_id}"),
    }


def standard(found: Standard, today: date) -> dict[str, Any]:
    """All that the map knows of a standard, and which facts it does not know."""
    known = {fact.topic for fact in found.facts}
    return {
        **card(card_of(found), today),
        "website": found.website,
        "summary": found.summary,
        "facts": [{"topic": each.topic, "text": each.text, "source": _source(each.source)} for each in found.facts],
        "facts_not_known": [topic for topic in FACT_TOPICS if topic not in known],
        "criteria": [
            {
                "area": each.area.value,
                "topic": each.topic,
                "degree": each.degree.value,
                "title": each.title,
                "source": _source(each.source),
            }
            for each in found.criteria
        ],
        "sources": [_source(each) for each in found.sources],
    }


def compared(found: Iterable[Standard], unknown: Iterable[str], today: date) -> dict[str, Any]:
    """Several standards side by side: by area and topic, how binding each is; ``null`` where the map does not know."""
    held = list(found)
    return {
        "standards": [standard(each, today) for each in held],
        "unknown": list(unknown),
        "areas": [
            {
                "area": area.value,
                "topics": [
                    {
                        "topic": topic,
                        "degrees": {
                            each.standard_id: degree.value if degree else None
                            for each, degree in zip(held, degrees, strict=True)
                        },
                    }
                    for topic, degrees in rows
                ],
            }
            for area, rows in standards_map.compared(each.topics for each in held).items()
        ],
    }


def topic(name: str, found: Mapping[Degree, Iterable[Card]], today: date) -> dict[str, Any]:
    """Which standards cover a topic, the most binding first."""
    return {
        "topic": name,
        "area": TOPICS[name].value,
        "standards": [
            {**card(each, today), "degree": degree.value} for degree, cards in found.items() for each in cards
        ],
    }


def coverage(factory_id: str, found: Coverage, today: date) -> dict[str, Any]:
    """Which topics the certificates of a factory that hold on the day cover."""
    return {
        "factory_id": factory_id,
        "on": today.isoformat(),
        "topics": [
            {
                "topic": name,
                "area": TOPICS[name].value,
                "covered_by": [{**_certificate(each.certificate), "degree": each.degree.value} for each in covering],
            }
            for name, covering in found.topics.items()
        ],
        "not_assessed": [_certificate(each) for each in found.not_assessed],
        "no_certification": [_certificate(each) for each in found.no_certification],
        "url": url(f"/f/{factory_id}/topics"),
    }


def _certificate(found: PublicCertificate) -> dict[str, Any]:
    return {
        "code": found.code,
        "number": found.number,
        "standard": {"id": found.standard_id, "name": found.standard_name},
        "confirmed_by_certifier": found.confirmed,
        "valid_to": found.valid_to.isoformat(),
        "url": url(f"/c/{found.code}"),
    }


def _source(found: Source) -> dict[str, Any]:
    return {"title": found.title, "url": found.url}
