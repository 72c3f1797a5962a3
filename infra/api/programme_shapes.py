"""Shapes of what factories measure, and of programmes with their cohorts."""

from __future__ import annotations

from chalicelib.domain import coaching, indicator
from chalicelib.domain.units import UNITS
from infra.api.public_shapes import FACTORY_ID_SHAPE
from infra.api.shapes import (
    CODE,
    COUNTRY,
    DATE,
    INSTANT,
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
    whole,
)

_PERIOD: Schema = {
    "type": "string",
    "pattern": "^[0-9]{4}(-(0[1-9]|1[0-2])|-Q[1-4])?$",
    "description": "a month such as 2026-07, a quarter such as 2026-Q3 or a year such as 2026",
}
_AMOUNT: Schema = {"type": "number", "minimum": 0, "description": "at most 15 digits; text is taken as well"}
_GIVEN: Schema = {"type": ["number", "string"], "minimum": 0, "description": "at most 15 digits, as a number or text"}
_CHANGE: Schema = {
    "type": ["number", "null"],
    "description": "against the baseline, in percent, of a share in points: above 0 is better; null: not comparable",
}
_UNIT = one_of(UNITS)
_VALUE: Schema = {"type": ["number", "null"], "description": "for each unit of output, of a share in percent"}


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    return {**_public(), **_measured(), **_programmes()}


def _public() -> dict[str, Schema]:
    point = record({"period": _PERIOD, "value": _VALUE, "change": _CHANGE})
    recent = record({"months": whole(1, 12), "value": _VALUE, "change": _CHANGE})
    shown = record(
        {
            "indicator_id": CODE,
            "resource": one_of(indicator.Resource),
            "measure": one_of(indicator.Measure),
            "name": text(indicator.LONGEST_NAME),
            "unit": said("such as kWh/piece; of a share %"),
            "baseline": nullable(point),
            "target": nullable(record({"by": _PERIOD, "value": _VALUE})),
            "latest": nullable(point),
            "recent": {**nullable(recent), "description": "over the last months, twelve at most"},
            "readings": listed(point, indicator.MOST_READINGS),
        }
    )
    programme = record(
        {
            "programme_id": TENANT,
            "name": text(),
            "organiser": said("who organises it"),
            "kind": one_of(coaching.Kind),
            "starts": DATE,
            "ends": DATE,
            "since": DATE,
            "sessions": whole(0),
            "sessions_done": whole(0),
        }
    )
    return {
        "PublicEfficiency": record(
            {
                "factory_id": FACTORY_ID_SHAPE,
                "indicators": listed(shown, indicator.MOST_INDICATORS),
                "programmes": listed(programme),
                "verified_by_registry": {"type": "boolean", "const": False},
                "updated_at": INSTANT,
                "url": URL,
            },
            about="As the factory measured it. Amounts and outputs are not part of it.",
        )
    }


def _measured() -> dict[str, Schema]:
    given = body({"period": _PERIOD, "amount": _GIVEN}, {"unit": _UNIT, "output": _GIVEN, "output_unit": _UNIT})
    told: dict[str, Schema] = {
        "period": _PERIOD,
        "amount": _AMOUNT,
        "unit": _UNIT,
        "output": nullable(_AMOUNT),
        "output_unit": _UNIT,
    }
    saved: Schema = {"type": ["number", "null"], "description": "what the change comes to at this output"}
    meaning = {"value": _VALUE, "change": _CHANGE, "saved": saved}
    plain: dict[str, Schema] = {
        "resource": one_of(indicator.Resource),
        "name": text(indicator.LONGEST_NAME),
        "unit": _UNIT,
        "output_unit": _UNIT,
    }
    measure = one_of(indicator.Measure, "use: the less the better; share: a part of the whole, the more the better")
    target = {"value": _AMOUNT, "by": _PERIOD}
    return {
        "ReadingRequest": given,
        "ReadingsRequest": body({"readings": listed(ref("ReadingRequest"), indicator.MOST_READINGS, 1)}),
        "IndicatorRequest": body(
            plain, {"measure": measure, "baseline": ref("ReadingRequest"), "target": body({**target, "value": _GIVEN})}
        ),
        "Indicator": record(
            {
                "indicator_id": CODE,
                **plain,
                "measure": measure,
                "baseline": nullable(record(told)),
                "target": nullable(record(target)),
                "readings": listed(record({**told, **meaning}), indicator.MOST_READINGS),
                "recent": nullable(record({"months": whole(1, 12), **meaning})),
            }
        ),
        "Efficiency": record(
            {
                "factory_id": FACTORY_ID_SHAPE,
                "published": YES_NO,
                "indicators": listed(ref("Indicator"), indicator.MOST_INDICATORS),
                "updated_at": nullable(INSTANT),
                "url": nullable(URL),
            }
        ),
    }


def _programmes() -> dict[str, Schema]:
    element = {"element_id": CODE, "kind": one_of(coaching.ElementKind), "title": text()}
    plain: dict[str, Schema] = {"name": text(), "kind": one_of(coaching.Kind), "starts": DATE, "ends": DATE}
    planned: dict[str, Schema] = {
        "programme_id": TENANT,
        **plain,
        "countries": listed(COUNTRY),
        "elements": listed(record({**element, "on": nullable(DATE)}), coaching.MOST_ELEMENTS),
        "updated_at": INSTANT,
    }
    done = mapping(DATE, "the day on which each element was done")
    part: dict[str, Schema] = {
        "factory_id": FACTORY_ID_SHAPE,
        "part": one_of(coaching.Part),
        "invited": DATE,
        "answered": nullable(DATE),
        "done": done,
        "shares": {**YES_NO, "description": "the organiser sees its readings"},
    }
    member = {
        **part,
        "name": nullable(text()),
        "country": nullable(COUNTRY),
        "sessions_done": whole(0),
        "lessons_done": nullable(whole(0, about="of e-learning, by whomever of its people")),
    }
    more: dict[str, Schema] = {
        "indicators": {**nullable(listed(ref("Indicator"))), "description": "null: not shared"},
    }
    return {
        "ProgrammeRequest": body(
            {**plain, "elements": listed(body(element, {"on": DATE}), coaching.MOST_ELEMENTS)},
            {"countries": listed(COUNTRY, 250)},
        ),
        "Programme": record(planned, {"cohort": listed(ref("CohortMember"), coaching.MOST_FACTORIES)}),
        "Programmes": record({"results": listed(ref("Programme"))}),
        "CohortMember": record(member, more),
        "DoneRequest": mapping(nullable(DATE), "days by element; null: it was not done"),
        "PartRequest": body({}, {"answer": one_of(("accept", "decline", "leave")), "shares": YES_NO, "shows": YES_NO}),
        "FactoryPart": record(
            {
                **part,
                "programme_id": TENANT,
                "shows": {**YES_NO, "description": "anyone sees that it takes part"},
                "programme": record({**planned, "organiser": said("who organises it")}),
            }
        ),
        "FactoryParts": record({"results": listed(ref("FactoryPart"))}),
    }
