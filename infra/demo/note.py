"""The note that the demo leaves for scripts: ``.local/demo.json``."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

from chalicelib.domain.certificate import Standing, StandingChange, status_on
from infra.demo import standards, world
from infra.demo.loader import Loaded, colleague


class _Term:
    """A certificate as the API answered it, as far as the rule needs it."""

    def __init__(self, answered: dict[str, Any]) -> None:
        self.valid_from = date.fromisoformat(answered["valid_from"])
        self.valid_to = date.fromisoformat(answered["valid_to"])
        self.history = tuple(
            StandingChange(
                Standing(change["standing"]),
                change["reason"],
                date.fromisoformat(change["effective"]),
                change["recorded"],
            )
            for change in answered["history"]
        )


def write(path: Path, content: dict[str, Any]) -> None:
    """Write the note so that only its owner can read it, since it holds keys, and never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(draft, path)


def of(loaded: Loaded, today: date) -> dict[str, Any]:
    """What stays the same however often the demo is started."""
    showcase = world.read("profiles", today)[0]
    factory_id = loaded.factories[showcase["site"]]
    own = [each for each in loaded.certificates if each["holder_id"] == factory_id and each["confirmed"]]
    valid = next(each for each in own if status_on(_Term(each), today).value == "valid")
    picked: dict[str, dict[str, Any]] = {}
    for each in sorted(loaded.certificates, key=lambda each: each["certifier_id"] != valid["certifier_id"]):
        if each["confirmed"]:
            picked.setdefault(status_on(_Term(each), today).value, each)
    picked["valid"] = valid
    product = next(
        each
        for each in loaded.products
        if each["product_id"].isdigit()
        and each["lots"]
        and each["member_id"] == showcase["member_id"]
        and factory_id in [stage["factory_id"] for stage in each["stages"]]
    )
    return {
        "factory": factory_id,
        "factory_private_email": showcase["profile"]["contact_email"],
        "certificates": {status: each["code"] for status, each in sorted(picked.items())},
        "certificate_numbers": {status: each["number"] for status, each in sorted(picked.items())},
        "gtin": product["product_id"],
        "lot": product["lots"][0],
        "keys": {
            "ics": loaded.keys["ics"],
            "member": loaded.keys[product["member_id"]],
            "certifier": loaded.keys[valid["certifier_id"]],
            "staff": loaded.keys["staff"],
        },
        "people": {
            "factory": showcase["email"],
            "member": colleague("member", product["member_id"]),
            "certifier": colleague("certifier", valid["certifier_id"]),
            "owner": colleague("owner", standards.owned(today)[0]),
            "organiser": colleague("organiser", world.read("efficiency", today)["organisers"][0]["id"]),
            "ics": colleague("ics", "ics"),
            "staff": colleague("staff", "staff"),
        },
    }
