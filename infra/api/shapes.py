"""Small words to write JSON Schema (2020-12) with."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

Schema = dict[str, Any]

DATE: Schema = {"type": "string", "format": "date"}
INSTANT: Schema = {"type": "string", "format": "date-time", "description": "RFC 3339, UTC, with Z"}
URL: Schema = {"type": "string", "format": "uri"}
YES_NO: Schema = {"type": "boolean"}
COUNTRY: Schema = {"type": "string", "pattern": "^[A-Z]{2}$", "description": "ISO 3166-1 alpha-2"}
CODE: Schema = {
    "type": "string",
    "pattern": "^[a-z0-9][a-z0-9_-]{0,39}$",
    "description": "a code of an open list: one that is not known is kept and shown as sent",
}
TENANT: Schema = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{1,39}$"}


def record(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, about: str = "") -> Schema:
    """An object in an answer. It may get more members one day."""
    schema: Schema = {"type": "object", "properties": {**required, **(optional or {})}}
    if about:
        schema["description"] = about
    if required:
        schema["required"] = sorted(required)
    return schema


def body(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, about: str = "") -> Schema:
    """An object in a request: what is not named is refused, and what is optional may be ``null``."""
    optional = {name: nullable(schema) for name, schema in (optional or {}).items()}
    return {**record(required, optional, about), "additionalProperties": False}


def text(longest: int = 200, about: str = "") -> Schema:
    """Text of one to so many characters."""
    return _told({"type": "string", "minLength": 1, "maxLength": longest}, about)


def said(about: str) -> Schema:
    """Text in an answer, of which nothing is promised but what ``about`` tells."""
    return {"type": "string", "description": about}


def whole(least: int, most: int | None = None, about: str = "") -> Schema:
    """A whole number."""
    limits = {"minimum": least} if most is None else {"minimum": least, "maximum": most}
    return _told({"type": "integer", **limits}, about)


def listed(entry: Schema, most: int | None = None, least: int = 0) -> Schema:
    """A list."""
    schema: Schema = {"type": "array", "items": entry}
    if least:
        schema["minItems"] = least
    if most is not None:
        schema["maxItems"] = most
    return schema


def one_of(words: type[StrEnum] | tuple[str, ...], about: str = "") -> Schema:
    """One of the words that the code knows."""
    return _told({"type": "string", "enum": [str(word) for word in words]}, about)


def mapping(value: Schema, about: str = "") -> Schema:
    """An object whose names are data."""
    return _told({"type": "object", "additionalProperties": value}, about)


def ref(name: str) -> Schema:
    """A schema of ``components``."""
    return {"$ref": f"#/components/schemas/{name}"}


def nullable(schema: Schema) -> Schema:
    """The same, or ``null``."""
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _told(schema: Schema, about: str) -> Schema:
    return {**schema, "description": about} if about else schema
