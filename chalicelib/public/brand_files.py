"""A member's factories as files: CSV, JSON in the fields of open supplier lists, GeoJSON. See ``docs/brands.md``."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.public import brand_facts, edge
from chalicelib.public.brand_facts import Known
from chalicelib.public.members import need
from chalicelib.web import responses, sheet
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

GEOJSON = "application/geo+json"
COLUMNS = (
    "name",
    "address",
    "country",
    "product_type",
    "processing_type",
    "number_of_workers",
    "native_language_name",
    "lat",
    "lng",
    "factory_id",
    "city",
    "region",
    "postal_code",
    "state",
    "state_since",
    "successor",
    "tier",
    "stages",
    "certificates_valid",
    "standards_valid",
    "url",
)
"""The first nine as the Open Data Standard for the Apparel Sector's supplier lists name them; the others are ours."""


@edge.document(routes, "/v1/members/{member_id}/factories.csv")
def as_csv(_ask: Ask, member_id: str) -> Response:
    """The factories of a member as CSV, safe to open in a spreadsheet."""
    found = need(member_id)
    rows = [[_cell(each[name]) for name in COLUMNS] for each in facilities(found)]
    return responses.csv_response("\ufeff" + sheet.written(COLUMNS, rows), f"{found.brand.member_id}-factories.csv")


@edge.document(routes, "/v1/members/{member_id}/factories.json")
def as_json(_ask: Ask, member_id: str) -> Response:
    """The factories of a member as JSON, in the fields of open supplier lists."""
    found = need(member_id)
    body = {
        **brand_facts.listed(found.brand),
        "checked_at": clock.instant(clock.now()),
        "complete": found.suppliers.complete,
        "facilities": facilities(found),
    }
    return responses.json_response(body, cache=responses.REVALIDATE)


@edge.document(routes, "/v1/members/{member_id}/factories.geojson")
def as_geojson(_ask: Ask, member_id: str) -> Response:
    """The factories of a member as GeoJSON (RFC 7946): a place only where the factory made its own public."""
    found = need(member_id)
    features = [
        {
            "type": "Feature",
            "id": each["factory_id"],
            "geometry": {"type": "Point", "coordinates": [each["lng"], each["lat"]]}
            if each["lat"] is not None
            else None,
            "properties": {name: each[name] for name in COLUMNS if name not in ("lat", "lng")},
        }
        for each in facilities(found)
    ]
    body = responses.dumps({"type": "FeatureCollection", "features": features})
    answer = responses.file_response(body, GEOJSON, f"{found.brand.member_id}-factories.geojson")
    answer.headers = {**responses.CORS, **answer.headers}
    return answer


def facilities(found: Known) -> list[dict[str, Any]]:
    """A row a factory, with every name of ``COLUMNS``."""
    today = clock.today()
    told = [brand_facts.factory(each, found.places.get(each["factory_id"]), today) for each in found.suppliers.cards]
    return [{name: row[name] for name in COLUMNS} for row in map(_row, told)]


def _row(fact: dict[str, Any]) -> dict[str, Any]:
    place = fact["coordinates"] or {}
    lines = (fact["address"], " ".join(part for part in (fact["postal_code"], fact["city"]) if part), fact["region"])
    return {
        **fact,
        "address": ", ".join(line for line in lines if line) or None,
        "product_type": fact["product_categories"],
        "processing_type": fact["processes"],
        "number_of_workers": fact["workforce"],
        "native_language_name": fact["local_name"],
        "lat": place.get("latitude"),
        "lng": place.get("longitude"),
    }


def _cell(value: object) -> object:
    return "|".join(value) if isinstance(value, list) else value
