"""UNTP 0.7's own schemas, which stand beside the project and not in it."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

SCHEMAS = Path(__file__).resolve().parents[2] / "shared" / "untp"
_OF = {
    "f": "DigitalFacilityRecord-rc.json",
    "c": "ConformityCredential.json",
    "p": "DigitalProductPassport.json",
}


def check(kind: str, document: dict[str, Any]) -> None:
    """Raise if a factory's (``f``), certificate's (``c``) or product's (``p``) credential isn't as its schema wants."""
    if not SCHEMAS.exists():
        pytest.skip(f"UNTP's schemas are not at {SCHEMAS}")
    _validator(_OF[kind]).validate(document)


@functools.cache
def _validator(name: str) -> Any:
    """Where W3C wants otherwise than UNTP, W3C wins: an index is a string, and there may be several."""
    found = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    entry = found["$defs"]["BitstringStatusListEntry"]
    entry["properties"]["statusListIndex"] = {"type": "string", "pattern": "^[0-9]+$"}
    found["properties"]["credentialStatus"] = {"type": "array", "items": {"$ref": "#/$defs/BitstringStatusListEntry"}}
    return jsonschema.Draft202012Validator(found, format_checker=jsonschema.FormatChecker())
