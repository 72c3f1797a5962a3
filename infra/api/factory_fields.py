"""The fields of a factory as schemas: one for each that the code takes, told with who may see it."""

from __future__ import annotations

from chalicelib.domain.disclosure import RULES
from chalicelib.domain.fields import FIELDS, MANY, WORKFORCE_BANDS
from infra.api.shapes import CODE, COUNTRY, Schema, body, listed, mapping, nullable, one_of, record, text

LANGUAGE: Schema = {"type": "string", "minLength": 2, "maxLength": 11, "description": "BCP 47"}
_DEGREES: dict[str, Schema] = {
    name: {"type": "number", "minimum": -limit, "maximum": limit}
    for name, limit in (("latitude", 90), ("longitude", 180))
}

_SHAPES: dict[str, Schema] = {
    "name": text(),
    "country": COUNTRY,
    "local_name": text(),
    "aliases": listed(text(), MANY),
    "address": text(),
    "city": text(),
    "region": text(),
    "postal_code": text(),
    "coordinates": {**record(_DEGREES), "additionalProperties": False},
    "gln": {"type": "string", "pattern": "^[0-9]{13}$"},
    "product_categories": listed(CODE, MANY),
    "processes": listed(CODE, MANY),
    "workforce": one_of(WORKFORCE_BANDS),
    "languages": listed(LANGUAGE, MANY),
    "descriptions": {**mapping(text(1000)), "maxProperties": MANY},
    "website": {"type": "string", "format": "uri", "maxLength": 200},
    "contact_name": text(),
    "contact_email": {"type": "string", "format": "email", "maxLength": 254},
    "contact_phone": text(),
}


def shapes() -> dict[str, Schema]:
    """A schema for each field of the domain. ``LookupError`` if one was added there and not here, or the reverse."""
    if set(_SHAPES) != set(FIELDS):
        raise LookupError(f"describe these fields, or drop them: {sorted(set(_SHAPES) ^ set(FIELDS))}")
    return {name: {**_SHAPES[name], "description": _audience(name)} for name in FIELDS}


def schemas() -> dict[str, Schema]:
    """The fields as they are answered, as ICS sends them, and as a factory patches them."""
    fields = shapes()
    fixed = {name: fields[name] for name in ("name", "country")}
    free = {name: schema for name, schema in fields.items() if name not in fixed}
    withdrawn = "A field that is null takes back the factory's own word: what the ICS audit said shows again."
    return {
        "FactoryFields": record({}, fields, "What is known of a factory."),
        "IcsFactory": body(fixed, free, "What ICS says of a site."),
        "FactoryPatch": {
            "type": "object",
            "description": f"JSON Merge Patch (RFC 7396). {withdrawn}",
            "properties": {**fixed, **{name: nullable(schema) for name, schema in free.items()}},
            "additionalProperties": False,
        },
    }


def _audience(name: str) -> str:
    rule = RULES[name]
    return f"{rule.audience.capitalize()} {'always' if rule.fixed else 'until decided otherwise'}. {rule.why}"
