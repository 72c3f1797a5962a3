"""Shapes of the map of standards: an entry as it is put, a card, an entry as all see it, comparisons and coverage."""

from __future__ import annotations

from chalicelib.domain.standard import FACT_TOPICS, OWNER, REGISTRY, TOPICS, Area, Degree, Kind
from chalicelib.domain.standards_map import MOST_COMPARED, Freshness
from chalicelib.internal import standard_body as limits
from infra.api.public_shapes import CODE_SHAPE, FACTORY_ID_SHAPE
from infra.api.shapes import (
    CODE,
    COUNTRY,
    DATE,
    TENANT,
    URL,
    YES_NO,
    Schema,
    body,
    listed,
    mapping,
    nullable,
    one_of,
    record,
    ref,
    said,
    text,
)

_HTTPS: Schema = {"type": "string", "format": "uri", "pattern": "^https://", "maxLength": limits.LONGEST_URL}
_WEBSITE: Schema = {"type": "string", "format": "uri", "maxLength": 200}
_TOPIC = one_of(tuple(TOPICS))
_REVIEWED_BY = one_of((REGISTRY, OWNER), "who compared the entry with its sources last")


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    return {**_put(), **_shown()}


def _put() -> dict[str, Schema]:
    source = body({"title": text()}, {"url": _HTTPS})
    fact = body({"topic": one_of(FACT_TOPICS), "text": text(limits.LONGEST_FACT), "source": source})
    criterion = body({"topic": _TOPIC, "degree": one_of(Degree), "source": source}, {"title": text()})
    about: dict[str, Schema] = {
        "short_name": text(),
        "website": _WEBSITE,
        "kind": one_of(Kind, "absent: names only; what the map knows of it stays"),
        "summary": text(limits.LONGEST_SUMMARY),
        "sectors": listed(CODE, limits.MOST_CODES),
        "countries": listed(COUNTRY, limits.MOST_CODES),
        "facts": listed(fact, limits.MOST_FACTS),
        "criteria": listed(criterion, limits.MOST_CRITERIA),
        "sources": listed(source, limits.MOST_SOURCES),
        "reviewed": {**DATE, "description": "the day on which it was compared with its sources; not in the future"},
    }
    names = {"name": text(), "owner": text()}
    return {
        "StandardRequest": body(names, about),
        "Standard": record({"id": TENANT, **names}, {**about, "reviewed_by": _REVIEWED_BY}),
        "ReviewRequest": body({}, {"on": {**DATE, "description": "today unless given"}}),
    }


def _shown() -> dict[str, Schema]:
    source = record({"title": {"type": "string"}, "url": nullable(URL)})
    card: dict[str, Schema] = {
        "id": TENANT,
        "name": text(),
        "short_name": nullable(text()),
        "owner": nullable(text()),
        "kind": nullable(one_of(Kind)),
        "assessed": {**YES_NO, "description": "false: on record, and the map knows no more than its name"},
        "sectors": listed(CODE),
        "countries": listed(COUNTRY),
        "topics": mapping(one_of(Degree), "each topic that it covers, and the strictest degree there"),
        "reviewed": nullable(DATE),
        "reviewed_by": nullable(_REVIEWED_BY),
        "review": one_of(Freshness, "old from twelve months after the last review on"),
        "url": URL,
    }
    fact = record({"topic": one_of(FACT_TOPICS), "text": text(limits.LONGEST_FACT), "source": source})
    criterion = record(
        {"area": one_of(Area), "topic": _TOPIC, "degree": one_of(Degree), "title": nullable(text()), "source": source}
    )
    whole: dict[str, Schema] = {
        **card,
        "website": nullable(_WEBSITE),
        "summary": nullable(text(limits.LONGEST_SUMMARY)),
        "facts": listed(fact),
        "facts_not_known": listed(one_of(FACT_TOPICS)),
        "criteria": listed(criterion),
        "sources": listed(source),
    }
    degrees = mapping(nullable(one_of(Degree)), "by standard; null: the map does not know that it covers the topic")
    rows = listed(record({"topic": _TOPIC, "degrees": degrees}))
    held: dict[str, Schema] = {
        "code": CODE_SHAPE,
        "number": {"type": "string"},
        "standard": record({"id": TENANT, "name": {"type": "string"}}),
        "confirmed_by_certifier": YES_NO,
        "valid_to": DATE,
        "url": URL,
    }
    covered = {
        "topic": _TOPIC,
        "area": one_of(Area),
        "covered_by": listed(record({**held, "degree": one_of(Degree)}), least=1),
    }
    return {
        "StandardCard": record(card),
        "StandardOnMap": record(whole, about="A standard with all that the map knows of it."),
        "Standards": record({"results": listed(ref("StandardCard"))}),
        "StandardsCompared": record(
            {
                "standards": listed(ref("StandardOnMap"), MOST_COMPARED, 2),
                "unknown": listed(said("what was asked for and is not on record")),
                "areas": listed(record({"area": one_of(Area), "topics": rows})),
            }
        ),
        "StandardsOnTopic": record(
            {
                "topic": _TOPIC,
                "area": one_of(Area),
                "standards": listed(record({**card, "degree": one_of(Degree)})),
            }
        ),
        "TopicsCovered": record(
            {
                "factory_id": FACTORY_ID_SHAPE,
                "on": DATE,
                "topics": listed(record(covered)),
                "not_assessed": listed(record(held)),
                "no_certification": listed(record(held)),
                "url": URL,
            },
            about="What its certificates that are valid today cover. Never audits, and nothing of how well it is done.",
        ),
    }
