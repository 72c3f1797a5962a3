"""What a million scans cost, from what was measured and a table of prices. A scan is a look at a factory's page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PRICES = Path(__file__).with_name("prices.json")
MILLION = 1e6


@dataclass(frozen=True, slots=True)
class Scan:
    """What one scan takes: CPU on the measuring machine, read units, bytes on the wire without headers.

    ``packing_cpu_ms``: what a function adds that is not behind a REST API, and translates and compresses itself.
    """

    warm_cpu_ms: float
    cold_cpu_ms: float
    read_units: float
    page_bytes: int
    packing_cpu_ms: float = 0.0


def per_million_scans(scan: Scan) -> dict[str, Any]:
    """US dollars by the road that a request takes, what they are made of, and on which assumptions."""
    prices = json.loads(PRICES.read_text(encoding="utf-8"))
    each, assumed = prices["per_million"], prices["assumed"]
    gigabytes = (scan.page_bytes + assumed["header_bytes"]) * MILLION / 1e9
    transfer = {"transfer": gigabytes * prices["per_gb"]["transfer_out"]}
    behind_rest = {**_function(scan, prices, 0.0), **transfer}
    direct = {**_function(scan, prices, scan.packing_cpu_ms), **transfer}
    # Every answer is asked of the function, since no cache may stand between a withdrawal and a buyer.
    edge = {
        **_function(scan, prices, scan.packing_cpu_ms),
        "cdn_requests": each["cdn_https_requests"],
        "transfer": gigabytes * prices["per_gb"]["cdn_transfer_out"],
    }
    roads = {
        "rest_api": {**behind_rest, "gateway": each["rest_api_requests"]},
        "http_api": {**direct, "gateway": each["http_api_requests"]},
        "function_url": {**direct, "gateway": each["function_url_requests"]},
        "cdn_and_function_url": edge,
    }
    return {
        "total": {name: round(sum(parts.values()), 2) for name, parts in roads.items()},
        "parts": {name: {part: round(sum_, 3) for part, sum_ in parts.items()} for name, parts in roads.items()},
        "billed_ms": round(_billed_ms(scan, assumed, 0.0), 1),
        "assumed": assumed,
        "region": prices["region"],
        "as_of": prices["as_of"],
    }


def per_10000_factories_a_year(
    scans: dict[str, Any], write_units_per_item: float, item_bytes: float
) -> dict[str, float]:
    """US dollars a year for 10,000 factories: their scans, their audits, their storage, by road."""
    prices = json.loads(PRICES.read_text(encoding="utf-8"))
    assumed, factories = prices["assumed"], 10_000
    written = factories * assumed["audits_per_factory_and_year"] * write_units_per_item
    writes = written / MILLION * prices["per_million"]["write_request_units"]
    storage = factories * item_bytes / 1e9 * 12 * prices["per_gb_month"]["table_storage"]
    scanned = factories * assumed["scans_per_factory_and_year"] / MILLION
    return {road: round(total * scanned + writes + storage, 2) for road, total in scans["total"].items()}


def _function(scan: Scan, prices: dict[str, Any], packing_cpu_ms: float) -> dict[str, float]:
    """What a million scans cost in Lambda and DynamoDB, whichever way they come."""
    each, assumed = prices["per_million"], prices["assumed"]
    seconds = _billed_ms(scan, assumed, packing_cpu_ms) / 1e3 * MILLION
    return {
        "lambda_requests": each["lambda_requests"],
        "lambda_time": seconds * assumed["memory_gb"] * prices["per_gb_second"][assumed["architecture"]],
        "database_reads": scan.read_units * each["read_request_units"],
    }


def _billed_ms(scan: Scan, assumed: dict[str, Any], packing_cpu_ms: float) -> float:
    """CPU of a whole core becomes longer on the part of one that the memory buys; a start is billed as well."""
    cpu = scan.warm_cpu_ms + packing_cpu_ms + assumed["cold_share"] * scan.cold_cpu_ms
    return float(cpu / assumed["vcpus_at_that_memory"] + assumed["database_wait_ms"])
