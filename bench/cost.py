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


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one signed receipt takes."""

    cpu_ms: float
    read_units: float
    signatures: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Sync:
    """What a row of an audit sync takes: one that says something new, and one that was sent before."""

    write_units: float
    bytes: float
    unchanged_write_units: float
    unchanged_read_units: float
    unchanged_cpu_ms: float


def per_million_receipts(receipt: Receipt) -> dict[str, float]:
    """US dollars for a million receipts, through the REST API, and what they are made of."""
    prices = json.loads(PRICES.read_text(encoding="utf-8"))
    each, assumed = prices["per_million"], prices["assumed"]
    billed_ms = receipt.cpu_ms / assumed["vcpus_at_that_memory"] + assumed["database_wait_ms"] + assumed["kms_wait_ms"]
    parts = {
        "signatures": receipt.signatures * each["kms_ecc_requests"],
        "lambda_requests": each["lambda_requests"],
        "lambda_time": billed_ms
        / 1e3
        * assumed["memory_gb"]
        * MILLION
        * prices["per_gb_second"][assumed["architecture"]],
        "database_reads": receipt.read_units * each["read_request_units"],
        "transfer": (receipt.bytes + assumed["header_bytes"]) * MILLION / 1e9 * prices["per_gb"]["transfer_out"],
        "gateway": each["rest_api_requests"],
    }
    return {name: round(value, 3) for name, value in parts.items()} | {"total": round(sum(parts.values()), 2)}


def per_10000_factories_a_year(scans: dict[str, Any], receipt_total: float, sync: Sync) -> dict[str, Any]:
    """US dollars a year for 10,000 factories, by road, and what of it does not depend on the road.

    Scans, receipts, new audits, a sync of all audits every night, storage, keys. A night's rows say nothing new but
    for the new audits, which are counted apart.
    """
    prices = json.loads(PRICES.read_text(encoding="utf-8"))
    assumed, factories = prices["assumed"], 10_000
    each = prices["per_million"]
    audits = factories * assumed["audits_per_factory_and_year"]
    nightly = 365 * factories * assumed["audits_on_record_per_factory"]
    night = (
        sync.unchanged_write_units * each["write_request_units"]
        + sync.unchanged_read_units * each["read_request_units"]
        + sync.unchanged_cpu_ms
        / assumed["vcpus_at_that_memory"]
        / 1e3
        * assumed["memory_gb"]
        * MILLION
        * prices["per_gb_second"][assumed["architecture"]]
    )
    scanned = factories * assumed["scans_per_factory_and_year"] / MILLION
    parts = {
        "receipts": scanned * assumed["receipts_per_thousand_scans"] / 1000 * receipt_total,
        "new_audits": audits * sync.write_units / MILLION * each["write_request_units"],
        "sync_nights": nightly / MILLION * night,
        "storage": factories * sync.bytes / 1e9 * 12 * prices["per_gb_month"]["table_storage"],
        "keys": 12 * assumed["signing_keys"] * prices["per_key_month"]["kms"],
    }
    fixed = sum(parts.values())
    return {
        "total": {road: round(total * scanned + fixed, 2) for road, total in scans["total"].items()},
        "parts": {name: round(value, 2) for name, value in parts.items()},
    }


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
