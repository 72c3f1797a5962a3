"""The map of standards in the demo world: the entries of ``standards/``, with what ``demo/map.json`` adds."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from infra.demo import world
from infra.demo.api import Api

FOLDER = Path(__file__).resolve().parents[2] / "standards"


def entries(today: date) -> list[dict[str, Any]]:
    """All entries, with their ``id``: one reviewed long ago, and at the end those that are a name only."""
    told = world.read("map", today)
    old = {each["id"]: each["reviewed"] for each in told["reviewed_long_ago"]}
    paths = sorted(set(FOLDER.glob("*.json")) - {FOLDER / "schema.json"})
    held = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return [*({**each, "reviewed": old.get(each["id"], each["reviewed"])} for each in held), *told["names_only"]]


def owned(today: date) -> list[str]:
    """The standards whose owners take part."""
    return [each["id"] for each in world.read("map", today)["owners"]]


def put(staff: Api, entry: dict[str, Any]) -> None:
    """Put an entry as staff do."""
    body = {name: value for name, value in entry.items() if name != "id"}
    staff.send("PUT", f"/internal/v1/standards/{entry['id']}", body)


def review(base: str, keys: dict[str, str], today: date) -> None:
    """Each owner confirms its entry, with a key of its own."""
    for each in world.read("map", today)["owners"]:
        Api(base, keys[each["id"]]).send("POST", f"/internal/v1/standards/{each['id']}/review", {"on": each["on"]})
