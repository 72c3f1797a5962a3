"""Shapes of scan counts, and of codes that may have been copied."""

from __future__ import annotations

from chalicelib.domain.clones import BOUNDS
from chalicelib.domain.scans import MOST_PLACES
from infra.api.shapes import DATE, INSTANT, Schema, body, listed, mapping, record, ref, text, whole

_PLACES = whole(0, MOST_PLACES, f"networks in which it was scanned that day; {MOST_PLACES} stands for that or more")
_COUNTS = {"people": whole(0, about="scans by people"), "bots": whole(0, about="scans by programs")}


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    return {
        "Scans": record(
            {
                "of": text(20, "what was asked for"),
                **_COUNTS,
                "countries": mapping(whole(1), "scans by people, by country; `unknown` where nothing tells it"),
                "days": listed(record({"day": DATE, **_COUNTS, "places": _PLACES}), 90),
            },
            {"serial": text(28, "of the one item that was asked for")},
            about="Each day is there, the oldest first. Scans may be missing: counting never holds up a page.",
        ),
        "CloneRule": body(
            {name: whole(least, most, _ABOUT[name]) for name, (least, most) in BOUNDS.items()},
            about="From when on an item is taken to be in more places than one item can be.",
        ),
        "Clones": record(
            {
                "results": listed(
                    record(
                        {
                            "product_id": text(20),
                            "serial": text(28),
                            "noticed_at": INSTANT,
                            "days": listed(DATE),
                            "places": _PLACES,
                            "countries": listed(text(2)),
                        },
                        {"told_on": {**DATE, "description": "when the member's team was last told by mail"}},
                        about="An item whose code may have been copied. It may also be that a photo of it went round.",
                    )
                ),
                "rule": ref("CloneRule"),
                "bounds": mapping(record({"from": whole(1), "to": whole(1)})),
            }
        ),
    }


_ABOUT = {"places": "networks in a day, at least", "days": "so many such days of the last thirty, at least"}
