"""Shapes of brands' public pages, lists and files."""

from __future__ import annotations

from chalicelib.domain.factory import State
from chalicelib.domain.standard import Area
from chalicelib.public.brand_files import COLUMNS
from infra.api import factory_fields
from infra.api.public_shapes import FACTORY_ID_SHAPE, PRODUCT_ID_SHAPE
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

_CURSOR = nullable({"type": "string"})
_COMPLETE = {**YES_NO, "description": "false: there are more; these are the first by Factory ID or number"}
_BRAND = {
    "member_id": TENANT,
    "name": said("what it is called"),
    "country": COUNTRY,
    "website": nullable(URL),
    "url": URL,
}
_TIER = nullable(whole(1, about="1 did the last step of making; null: in no published chain"))


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    parted = {"next_cursor": _CURSOR, "complete": _COMPLETE}
    return {
        "Brands": record({"results": listed(record(_BRAND))}, about="ICS members that take part, by name."),
        "Brand": _brand(),
        "BrandFactory": _factory(),
        "BrandFactories": record({"results": listed(ref("BrandFactory")), **parted, "checked_at": INSTANT}),
        "BrandProducts": record(
            {"results": listed(_product()), **parted},
            about="A stage names its factory where both sides show that it supplies the brand.",
        ),
        "SupplierList": record(
            {**_BRAND, "checked_at": INSTANT, "complete": _COMPLETE, "facilities": listed(record(_facility()))},
            about="A brand's factories in the fields of open supplier lists.",
        ),
        "BrandPlaces": _places(),
        "BrandPage": record(
            {
                **_BRAND,
                "texts": mapping(text(1000), "its own words by language"),
                "website_shown": nullable({**URL, "description": "its own, or else what staff put on record"}),
            },
            about="What a member says of itself.",
        ),
        "BrandPagePatch": body(
            {},
            {
                "website": nullable(URL),
                "texts": nullable(mapping(nullable(text(1000)), "merged language by language; null takes one away")),
            },
            about="JSON Merge Patch: null takes a word away.",
        ),
    }


def _brand() -> Schema:
    number = whole(0)
    return record(
        {
            **_BRAND,
            "takes_part": YES_NO,
            "ended": nullable({**DATE, "description": "since when it takes part no more"}),
            "texts": mapping({"type": "string"}, "its own words by language; nobody has checked them"),
            "factories": record(
                {
                    "listed": whole(0, about="that both sides agreed to show"),
                    "counted": whole(0, about="of these: at work, under this ID"),
                    "certified": whole(0, about="of those counted: with a confirmed certificate that is valid today"),
                    "complete": _COMPLETE,
                }
            ),
            "countries": listed(record({"country": COUNTRY, "factories": number, "certified": number})),
            "areas": listed(record({"area": one_of(Area), "factories": number})),
            "tiers": listed(record({"tier": _TIER, "factories": number, "stages": listed(CODE)})),
            "claims": listed(ref("Claim")),
            "products": record({"listed": number, "complete": _COMPLETE}),
            "checked_at": INSTANT,
        },
        about="An ICS member as anyone may see it. Areas: counted factories with a confirmed certificate, valid today, "
        "of a standard that covers the area.",
    )


def _factory() -> Schema:
    fields = factory_fields.shapes()
    names = ("local_name", "address", "city", "region", "postal_code", "coordinates", "workforce")
    return record(
        {
            "factory_id": FACTORY_ID_SHAPE,
            "shown_id": said("the ID in groups, as it is printed"),
            "name": fields["name"],
            "country": COUNTRY,
            "state": one_of(State),
            "state_since": nullable(DATE),
            "successor": nullable(FACTORY_ID_SHAPE),
            "counted": {**YES_NO, "description": "false: it closed or went on under another ID"},
            **{name: nullable(fields[name]) for name in names},
            "product_categories": fields["product_categories"],
            "processes": fields["processes"],
            "certificates": whole(0, about="on record"),
            "certificates_valid": whole(0, about="valid today and confirmed by the certifier"),
            "certificates_declared": whole(0, about="valid by their dates, but only declared by the factory"),
            "standards_valid": listed(TENANT),
            "tier": _TIER,
            "stages": listed({**CODE, "description": "what it does in the brand's chains"}),
            "url": URL,
        }
    )


def _product() -> Schema:
    stage = {"process": CODE, "factory_id": nullable(FACTORY_ID_SHAPE), "name": nullable({"type": "string"})}
    return record(
        {
            "product_id": PRODUCT_ID_SHAPE,
            "brand": {"type": "string"},
            "name": {"type": "string"},
            "category": CODE,
            "stages": listed(record(stage)),
            "url": URL,
        }
    )


def _facility() -> dict[str, Schema]:
    of_ours: dict[str, Schema] = _factory()["properties"]
    own: dict[str, Schema] = {
        "address": nullable(said("street, postal code, town and region, in a line")),
        "product_type": listed(CODE),
        "processing_type": listed(CODE),
        "number_of_workers": nullable(said("a band")),
        "native_language_name": nullable({"type": "string"}),
        "lat": nullable({"type": "number"}),
        "lng": nullable({"type": "number"}),
    }
    return {name: own.get(name) or of_ours[name] for name in COLUMNS}


def _places() -> Schema:
    told = {name: shape for name, shape in _facility().items() if name not in ("lat", "lng")}
    point = record({"type": {"const": "Point"}, "coordinates": listed({"type": "number"}, 2, 2)})
    feature = record(
        {
            "type": {"const": "Feature"},
            "id": FACTORY_ID_SHAPE,
            "geometry": nullable({**point, "description": "only where the factory made its place public"}),
            "properties": record(told),
        }
    )
    kind = {"const": "FeatureCollection"}
    return record({"type": kind, "features": listed(feature)}, about="GeoJSON (RFC 7946).")
