"""A file of audits as ICS might export it: the same for the same numbers, some of its rows wrong."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ORDERS = ("site", "date")
_COLUMNS = (
    *("site", "version", "name", "country", "address", "city", "product_categories", "processes", "workforce"),
    *("languages", "contact_email", "member_ids"),
    *("audit_reference", "audit_scope", "audit_type", "audit_notice", "audit_date"),
)
_PLACES = (
    *(("BD", "Gazipur"), ("BD", "Chattogram"), ("CN", "Ningbo"), ("CN", "Dongguan"), ("IN", "Tiruppur")),
    *(("TR", "Denizli"), ("VN", "Nam Định"), ("PK", "Faisalabad"), ("MA", "Tanger"), ("PT", "Guimarães")),
)
_FIRST = ("Meghna", "Lotus", "Anatolia", "Silver", "Padma", "Golden", "Atlas", "Minho", "Delta", "Northern")
_TRADE = ("Knitwear", "Textiles", "Garments", "Footwear", "Denim", "Dyeing", "Spinning", "Home", "Leather", "Apparel")
_WORK = ("cutting", "sewing", "knitting", "dyeing", "washing", "packing", "printing")
_NOTICES = ("announced", "semi_announced", "unannounced")
_WRONG = 1000  # one row in so many has a fault
_RENAMED = 20  # one factory in so many gets another name in the middle


def write(path: Path, audits: int, factories: int, order: str) -> int:
    """Write the file; how many rows it has. ``order``: by site, or by date, which spreads each site over the file."""
    rows = [row for site in range(factories) for row in _site(site, audits // factories)]
    if order == "date":
        rows.sort(key=lambda row: (row["audit_date"], row["site"]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        for number, row in enumerate(rows, start=1):
            writer.writerow(_wrong(row, number) if number % _WRONG == _WRONG // 2 else row)
    return len(rows)


def _site(number: int, audits: int) -> list[dict[str, Any]]:
    chance = random.Random(number)
    country, city = chance.choice(_PLACES)
    name = f"{chance.choice(_FIRST)} {chance.choice(_TRADE)} {number} Ltd."
    about = {
        "site": f"ICS-{country}-{number:05d}",
        "country": country,
        "address": f"Plot {chance.randrange(1, 900)}, Industrial Zone {chance.randrange(1, 9)}",
        "city": city,
        "product_categories": "|".join(sorted(chance.sample(("apparel", "footwear", "knitwear", "home_textiles"), 2))),
        "processes": "|".join(sorted(chance.sample(_WORK, 3))),
        "workforce": chance.choice(("51-200", "201-500", "501-1000", "1001-5000")),
        "languages": "en",
        "contact_email": f"office@mill-{number}.example",
    }
    day = date(2019, 1, 1) + timedelta(days=chance.randrange(365))
    rows = []
    for turn in range(audits):
        renamed = turn >= audits // 2 and number % _RENAMED == 0
        rows.append(
            {
                **about,
                "name": f"{name} Unit 2" if renamed else name,
                "version": turn + 1,
                "member_ids": "|".join(f"member-{each}" for each in sorted(chance.sample(range(40), 2))),
                "audit_reference": f"A-{day.year}-{number:05d}-{turn}",
                "audit_scope": "social" if chance.random() < 0.8 else "environmental",
                "audit_type": ("initial", "follow_up", "re_audit")[min(turn, 2)],
                "audit_notice": chance.choice(_NOTICES),
                "audit_date": day.isoformat(),
            }
        )
        day += timedelta(days=chance.randrange(120, 500))
    return rows


def _wrong(row: dict[str, Any], number: int) -> dict[str, Any]:
    faults: tuple[dict[str, Any], ...] = ({"audit_date": "31/12/2025"}, {"version": "two"}, {"country": "Bangladesh"})
    return {**row, **faults[number // _WRONG % len(faults)]}
