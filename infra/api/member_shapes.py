"""Shapes of a member's network and of its products."""

from __future__ import annotations

from chalicelib.domain.factory import Source, State
from chalicelib.domain.network import Habit
from chalicelib.internal import products
from infra.api import factory_fields
from infra.api.public_shapes import CODE_SHAPE, FACTORY_ID_SHAPE, KNOWN_STATUS, PRODUCT_ID_SHAPE
from infra.api.shapes import (
    CODE,
    DATE,
    INSTANT,
    TENANT,
    URL,
    YES_NO,
    Schema,
    body,
    listed,
    nullable,
    one_of,
    record,
    ref,
    said,
    text,
    whole,
)

LINK = record(
    {
        "source": one_of(Source),
        "since": DATE,
        "factory_agrees": YES_NO,
        "member_agrees": YES_NO,
        "ended": nullable(DATE),
        "ended_by": nullable(one_of((Source.FACTORY.value, Source.MEMBER.value), "only this side can take it up")),
        "confirmed": {
            **YES_NO,
            "description": "the factory accepted an invitation of the member, or says that it supplies it",
        },
    },
    about="That a factory supplies a member. Public only where both agree.",
)
_CURSOR = nullable({"type": "string"})


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    return {**_network(), **_products()}


def _network() -> dict[str, Schema]:
    certificate = record(
        {
            "code": CODE_SHAPE,
            "number": {"type": "string"},
            "standard_id": TENANT,
            "valid_to": DATE,
            "status": one_of(KNOWN_STATUS, "as of today"),
            "days_left": nullable(whole(0, about="of one that holds today")),
            "confirmed_by_certifier": YES_NO,
        }
    )
    last = record(
        {
            "scope": CODE,
            "type": CODE,
            "date": DATE,
            "months_ago": whole(0),
            "follow_up_usual_by": nullable(DATE),
            "re_audit_usual_by": DATE,
            "habit": one_of(Habit, "where today lies to these days"),
        },
        about="The last audit of a scope. Habits of scheduling: they say nothing of what an audit is worth.",
    )
    point = record({"type": {"const": "Point"}, "coordinates": listed({"type": "number"}, 2, 2)})
    about: dict[str, Schema] = {
        "factory_id": FACTORY_ID_SHAPE,
        "name": nullable(text()),
        "country": nullable({"type": "string"}),
        "city": nullable(text()),
        "status": one_of(State),
        "certificates_valid": whole(0, about="confirmed by their certifier"),
        "url": URL,
    }
    feature = record(
        {"type": {"const": "Feature"}, "id": FACTORY_ID_SHAPE, "geometry": point, "properties": record(about)}
    )
    return {
        "NetworkLink": body({}, {"public": {**YES_NO, "description": "the member's side of a link that all may see"}}),
        "Supplier": record(
            {
                "factory_id": FACTORY_ID_SHAPE,
                "linked_as": {**FACTORY_ID_SHAPE, "description": "the record that bears the link, if it was merged"},
                "status": one_of(State),
                "successor": nullable(FACTORY_ID_SHAPE),
                "run_by_factory": YES_NO,
                "link": LINK,
                "contact_confirmed_on": nullable({**DATE, "description": "of the contact address, where it shows"}),
                "audits": listed(ref("Audit")),
                "last_audits": listed(last),
                "certificates": listed(certificate),
                "url": URL,
            },
            {**factory_fields.shapes(), "site": said("its number at ICS")},
            about="A factory as it shows itself to its network.",
        ),
        "Network": record({"results": listed(ref("Supplier"), 100), "next_cursor": _CURSOR}),
        "Places": record(
            {"type": {"const": "FeatureCollection"}, "features": listed(feature)}, about="GeoJSON (RFC 7946)."
        ),
    }


def _products() -> dict[str, Schema]:
    lot: Schema = {"type": "string", "minLength": 1, "maxLength": 20}
    given: dict[str, Schema] = {"brand": text(), "name": text(), "category": CODE}
    stage = body({"process": CODE, "factory_id": said("a factory on record")})
    return {
        "ProductRequest": body(
            {**given, "stages": listed(stage, products.MOST_STAGES, 1)}, {"lots": listed(lot, products.MOST_LOTS)}
        ),
        "ProductRecord": record(
            {
                **given,
                "product_id": PRODUCT_ID_SHAPE,
                "member_id": TENANT,
                "lots": listed(lot),
                "stages": listed(record({"process": CODE, "factory_id": FACTORY_ID_SHAPE})),
                "updated_at": INSTANT,
                "version": whole(1),
                "url": URL,
            }
        ),
        "Products": record({"results": listed(ref("ProductRecord"), products.PAGE), "next_cursor": _CURSOR}),
    }
