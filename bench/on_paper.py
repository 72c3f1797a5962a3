"""``docs/scale.md``: what follows from measured figures and AWS's limits. ``make bench`` writes it, and so does
``python -m bench.on_paper`` from the last ``results.json``.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from bench import cost
from bench.traffic import units_of
from infra.package import PROJECT

HERE = Path(__file__).parent
TEMPLATE = HERE / "on_paper.md"
PAGE = PROJECT / "docs" / "scale.md"
WAVE = 50_000  # scans a second
PARTITION, PARTITION_WRITES = 3_000, 1_000
NEW, NEW_WRITES, QUOTA = 12_000, 4_000, 40_000
SIGNATURES = 1_000
ROOM = 80  # of a transaction's 100 items, those that a factory's own change leaves
MILLION = 1_000_000
KB = 1024


def page(results: dict[str, Any]) -> str:
    """The page."""
    return TEMPLATE.read_text(encoding="utf-8").format_map(figures(results))


def figures(results: dict[str, Any]) -> dict[str, str]:
    """Every figure of the page by its name there."""
    numbers = {**_measured(results), **_hot(results), **_copies(results), **_million(results)}
    said = {name: value if isinstance(value, str) else _number(value) for name, value in numbers.items()}
    quick = ", in its quick form" if results["quick"] else ""
    return {**said, "measured_at": results["measured_at"], "quick": quick}


def _measured(results: dict[str, Any]) -> dict[str, float | str]:
    items, synced, counted = results["items"], results["sync"], results["details"]["scale"]
    receipt, largest = results["details"]["receipt"], max(counted["sizes"], key=int)
    makers = [units_of(length) for length in _makers(results)]
    receipts = results["details"]["cost_of_receipts"]
    return {
        **{name: each["read_units"] for name, each in items.items()},
        **{f"{name}_kb": round(each["bytes"] / KB, 1) for name, each in items.items()},
        "factory_signed_kb": round(items["factory"]["signed_bytes"] / KB, 1),
        "product_all": results["read_units"]["product"],
        "makers": len(makers),
        "makers_units": " + ".join(map(str, makers)),
        "search": results["read_units"]["search"],
        "largest": int(largest),
        "directory": counted["sizes"][largest]["read_units"]["directory"]["median"],
        "public_items": counted["items_per_factory"],
        "public_kb": round(counted["bytes_per_factory"] / KB, 1),
        "card": _card(results),
        "registry_items": synced["registry_items_per_item"],
        "registry_kb": round(synced["registry_bytes_per_item"] / KB, 1),
        "write_units": synced["write_units_per_item"],
        "signatures": synced["signatures_per_item"],
        "unchanged_units": round(synced["unchanged_read_units_per_item"], 1),
        "unchanged_ms": synced["unchanged_cpu_ms_per_item"],
        "receipt_units": receipt["read_units"],
        "receipt_kms": receipts["signatures"],
        "receipt_rest": round(receipts["total"] - receipts["signatures"], 2),
        "billed": results["details"]["cost"]["billed_ms"],
    }


def _hot(results: dict[str, Any]) -> dict[str, float | str]:
    """When one item, a new table and the quota have enough."""
    factory, certificate, product = _units(results)
    worst = max(product, _dearest_maker(results))
    whole = results["read_units"]["product"]
    listed = math.ceil(51 * _card(results) / 4096)
    rest = results["cost_per_million_scans"]["rest_api"]
    at_work = WAVE * results["details"]["cost"]["billed_ms"] / 1000
    return {
        "factory_hot": PARTITION // factory,
        "certificate_hot": PARTITION // certificate,
        "product_hot": PARTITION // worst,
        "product_worst": worst,
        "directory_hot": PARTITION // listed,
        "directory_list": listed,
        **{f"{name}_new": NEW // units for name, units in (("factory", factory), ("certificate", certificate))},
        "product_new": NEW // whole,
        "factory_quota": QUOTA // factory,
        "product_quota": QUOTA // whole,
        "factory_ask": WAVE * factory,
        "product_ask": WAVE * whole,
        "at_work": round(at_work),
        "rest_cost": f"{rest:.2f}",
        "rest_hour": round(WAVE * 3600 / MILLION * rest),
    }


def _copies(results: dict[str, Any]) -> dict[str, float | str]:
    """How many copies carry the wave, and what fits a transaction."""
    factory, certificate, product = _units(results)
    maker, item = _dearest_maker(results), results["items"]["factory"]
    found: dict[str, float | str] = {"maker_worst": maker}
    each = {"factory": factory, "certificate": certificate, "product": product, "maker": maker}
    for name, units in each.items():
        found[f"{name}_copies"] = math.ceil(WAVE * units / PARTITION)
        found[f"{name}_half"] = math.ceil(2 * WAVE * units / PARTITION)
    full, half = (math.ceil(times * WAVE * factory / PARTITION) for times in (1, 2))
    fits = [f"{number} copies of a factory {'fit' if number <= ROOM else 'do not fit'}" for number in (full, half)]
    writes = ROOM * 2 * math.ceil(item["bytes"] / KB)
    price = cost.prices()["per_million"]["write_request_units"]
    used = WAVE * factory / ROOM
    return found | {
        "fits": f"{fits[0]}, {fits[1]}.",
        "factory_at_80": round(used),
        "factory_share": round(100 * used / PARTITION),
        "factory_most": ROOM * PARTITION // factory,
        "factory_bare": units_of(item["bytes"] - item["signed_bytes"]),
        "copies_units": writes,
        "copies_dollars": f"{writes * price / MILLION:.4f}",
        "copies_mb": round(ROOM * item["bytes"] / 1e6, 1),
    }


def _million(results: dict[str, Any]) -> dict[str, float | str]:
    """A million factories: what they hold, and what filling and a night take."""
    synced, counted = results["sync"], results["details"]["scale"]["counted"][str(MILLION)]
    prices = cost.prices()
    month, each = prices["per_gb_month"], prices["per_million"]
    registry = synced["registry_bytes_per_item"] * MILLION / 1e9
    stored = counted["gigabytes"] + registry
    units, signatures = synced["write_units_per_item"], synced["signatures_per_item"]
    minutes = {
        "new": units * MILLION / NEW_WRITES / 60,
        "quota": units * MILLION / QUOTA / 60,
        "kms_minutes": signatures * MILLION / SIGNATURES / 60,
        "list": 2 * MILLION / PARTITION_WRITES / 60,
    }
    warm = max(value for name, value in minutes.items() if name != "new")
    night = 2 * synced["unchanged_read_units_per_item"]
    return {
        "million_items": counted["items"] / MILLION,
        "million_public": counted["gigabytes"],
        "million_registry": round(registry, 1),
        "million_month": f"{stored * month['table_storage']:.2f}",
        "million_recovery": f"{stored * month['table_recovery']:.2f}",
        **{f"fill_{name}": round(value) for name, value in minutes.items()},
        "fill_slowest": round(max(minutes.values())),
        "fill_best": round(warm),
        "fill_dollars": f"{units * each['write_request_units']:.2f}",
        "fill_signatures": signatures,
        "fill_kms": f"{signatures * each['kms_ecc_requests']:.2f}",
        "night_units": round(night, 1),
        "night_dollars": f"{night * each['read_request_units']:.2f}",
        "night_minutes": round(2 * MILLION * synced["unchanged_cpu_ms_per_item"] / 1000 / 60),
        "list_gb": counted["largest_list_gigabytes"],
        "search_most": counted["read_units"]["search"],
        "search_formula": counted["formulas"]["search"],
        "directory_formula": counted["formulas"]["directory"],
    }


def _units(results: dict[str, Any]) -> tuple[int, int, int]:
    factory, certificate, product = (
        results["items"][name]["read_units"] for name in ("factory", "certificate", "product")
    )
    return factory, certificate, product


def _makers(results: dict[str, Any]) -> list[int]:
    """Bytes of the makers' items that a look-up of the product reads, after the product's own."""
    read: list[int] = results["details"]["reads"]["product"]["bytes"]
    return read[1:]


def _dearest_maker(results: dict[str, Any]) -> int:
    return max(map(units_of, _makers(results)))


def _card(results: dict[str, Any]) -> float:
    largest: float = max(results["details"]["scale"]["largest_lists_bytes_per_factory"].values())
    return largest


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"


def main() -> None:
    """Write the page anew from the last run."""
    PAGE.write_text(page(json.loads((HERE / "results.json").read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
