"""What a million scans cost, from what was measured and a table of prices. A scan is a look at a factory's page.

Everything that is deployed by default is in it: the firewall before the REST stage, the logs, snapshots (SnapStart),
the signatures of what is published, recovery of the tables. ``prices.json`` says what is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra import firewall

PRICES = Path(__file__).with_name("prices.json")
MILLION = 1e6
HOURS = 365 * 24
Parts = dict[str, float]


@dataclass(frozen=True, slots=True)
class Scan:
    """What one scan takes: CPU on the measuring machine, read units, bytes of body, of our headers and of the log.

    ``packing_cpu_ms``: what a function adds that is not behind a REST API, and translates and compresses itself.
    """

    warm_cpu_ms: float
    cold_cpu_ms: float
    read_units: float
    page_bytes: int
    header_bytes: int = 0
    log_bytes: int = 0
    packing_cpu_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one signed receipt takes."""

    cpu_ms: float
    read_units: float
    signatures: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Sync:
    """What a row of an audit sync takes: one that says something new, and one that was sent before.

    ``bytes``: what both tables keep of a new one, as storage is billed.
    """

    write_units: float
    signatures: float
    bytes: float
    unchanged_write_units: float
    unchanged_read_units: float
    unchanged_cpu_ms: float


def prices() -> dict[str, Any]:
    """The table of prices."""
    read: dict[str, Any] = json.loads(PRICES.read_text(encoding="utf-8"))
    return read


def per_million_scans(scan: Scan) -> dict[str, Any]:
    """US dollars by the road that a request takes, what they are made of, and on which assumptions."""
    table = prices()
    roads = _roads(scan, table, snapshots=True)
    without = _roads(scan, table, snapshots=False)
    return {
        "total": {name: round(sum(parts.values()), 2) for name, parts in roads.items()},
        "parts": {name: {part: round(sum_, 3) for part, sum_ in parts.items()} for name, parts in roads.items()},
        "total_without_snapshots": {name: round(sum(parts.values()), 2) for name, parts in without.items()},
        "billed_ms": round(_billed_ms(scan, table["assumed"], 0.0, snapshots=True), 1),
        **{name: table[name] for name in ("assumed", "region", "as_of", "left_out")},
    }


def _roads(scan: Scan, table: dict[str, Any], *, snapshots: bool) -> dict[str, Parts]:
    each, per_gb = table["per_million"], table["per_gb"]
    gigabytes = (scan.page_bytes + scan.header_bytes + table["assumed"]["gateway_header_bytes"]) * MILLION / 1e9
    transfer = {"transfer": gigabytes * per_gb["transfer_out"]}
    firewalled = {"firewall": each["firewall_requests"]}
    direct = _function(scan, table, scan.packing_cpu_ms, snapshots=snapshots)
    return {
        "rest_api": {
            **_function(scan, table, 0.0, snapshots=snapshots),
            **transfer,
            **firewalled,
            "gateway": each["rest_api_requests"],
        },
        "http_api": {**direct, **transfer, "gateway": each["http_api_requests"]},
        "function_url": {**direct, **transfer, "gateway": each["function_url_requests"]},
        # Every answer is asked of the function, since no cache may stand between a withdrawal and a buyer.
        "cdn_and_function_url": {
            **direct,
            **firewalled,
            "cdn_requests": each["cdn_https_requests"],
            "transfer": gigabytes * per_gb["cdn_transfer_out"],
        },
    }


def per_million_receipts(receipt: Receipt) -> Parts:
    """US dollars for a million receipts, through the REST API, and what they are made of."""
    table = prices()
    each, assumed = table["per_million"], table["assumed"]
    billed_ms = receipt.cpu_ms / assumed["vcpus_at_that_memory"] + assumed["database_wait_ms"] + assumed["kms_wait_ms"]
    # Our headers weigh about as much as the gateway's.
    gigabytes = (receipt.bytes + 2 * assumed["gateway_header_bytes"]) * MILLION / 1e9
    parts = {
        "signatures": receipt.signatures * each["kms_ecc_requests"],
        "lambda_requests": each["lambda_requests"],
        "lambda_time": _lambda_time(billed_ms, table),
        "snapshots": _restores(table),
        "database_reads": receipt.read_units * each["read_request_units"],
        "logs": _logs(0, table),
        "transfer": gigabytes * table["per_gb"]["transfer_out"],
        "firewall": each["firewall_requests"],
        "gateway": each["rest_api_requests"],
    }
    return {name: round(value, 3) for name, value in parts.items()} | {"total": round(sum(parts.values()), 2)}


def per_10000_factories_a_year(scans: Mapping[str, Any], receipt_total: float, sync: Sync) -> dict[str, Any]:
    """US dollars a year for 10,000 factories, by road, and what of it does not depend on the road.

    Scans, receipts, new audits, a sync of all audits every night, storage, keys, snapshots. A night's rows say nothing
    new but for the new audits, which are counted apart: each as dear as that of a new site, whose page is signed.
    """
    table = prices()
    assumed, each, factories = table["assumed"], table["per_million"], 10_000
    audits = factories * assumed["audits_per_factory_and_year"] / MILLION
    nightly = 365 * factories * assumed["audits_on_record_per_factory"] / MILLION
    night = (
        sync.unchanged_write_units * each["write_request_units"]
        + sync.unchanged_read_units * each["read_request_units"]
        + _lambda_time(sync.unchanged_cpu_ms / assumed["vcpus_at_that_memory"], table)
    )
    stored = table["per_gb_month"]["table_storage"] + table["per_gb_month"]["table_recovery"]
    scanned = factories * assumed["scans_per_factory_and_year"] / MILLION
    cache = assumed["snapshots_kept"] * assumed["memory_gb"] * table["per_gb_second"]["snapshot_cache"]
    parts = {
        "receipts": scanned * assumed["receipts_per_thousand_scans"] / 1000 * receipt_total,
        "new_audits": audits * sync.write_units * each["write_request_units"],
        "signatures": audits * sync.signatures * each["kms_ecc_requests"],
        "sync_nights": nightly * night,
        "storage": factories * sync.bytes / 1e9 * 12 * stored,
        "keys": 12 * assumed["signing_keys"] * table["per_month"]["kms_key"],
        "snapshots": cache * HOURS * 3600,
    }
    fixed, walls = sum(parts.values()), _firewalls(table)
    return {
        "total": {road: round(total * scanned + fixed + walls[road], 2) for road, total in scans["total"].items()},
        "parts": {name: round(value, 2) for name, value in parts.items()},
        "firewalls": {road: round(value, 2) for road, value in walls.items()},
    }


def _firewalls(table: dict[str, Any]) -> Parts:
    """A year of the firewalls that stand by default. Inside there is a REST API whatever the road."""

    def year(scope: firewall.Scope) -> float:
        rules = len(firewall.web_acl(scope, "REGIONAL", "")["Rules"])
        return float(12 * (table["per_month"]["firewall"] + rules * table["per_month"]["firewall_rule"]))

    inside = year("internal")
    return {
        "rest_api": inside + year("public"),
        "http_api": inside,
        "function_url": inside,
        "cdn_and_function_url": year("edge"),
    }


def _function(scan: Scan, table: dict[str, Any], packing_cpu_ms: float, *, snapshots: bool) -> Parts:
    """What a million scans cost in Lambda, DynamoDB and logs, whichever way they come."""
    billed_ms = _billed_ms(scan, table["assumed"], packing_cpu_ms, snapshots=snapshots)
    return {
        "lambda_requests": table["per_million"]["lambda_requests"],
        "lambda_time": _lambda_time(billed_ms, table),
        "snapshots": _restores(table) if snapshots else 0.0,
        "database_reads": scan.read_units * table["per_million"]["read_request_units"],
        "logs": _logs(scan.log_bytes, table),
    }


def _billed_ms(scan: Scan, assumed: dict[str, Any], packing_cpu_ms: float, *, snapshots: bool) -> float:
    """CPU of a whole core becomes longer on the part of one that memory buys; so does a start that is no restore."""
    starting = 0.0 if snapshots else assumed["cold_share"] * scan.cold_cpu_ms
    cpu = scan.warm_cpu_ms + packing_cpu_ms + starting
    return float(cpu / assumed["vcpus_at_that_memory"] + assumed["database_wait_ms"])


def _lambda_time(billed_ms: float, table: dict[str, Any]) -> float:
    """A million times so many milliseconds."""
    assumed = table["assumed"]
    return float(billed_ms / 1e3 * assumed["memory_gb"] * MILLION * table["per_gb_second"][assumed["architecture"]])


def _restores(table: dict[str, Any]) -> float:
    """Those among a million requests."""
    assumed = table["assumed"]
    return float(assumed["cold_share"] * MILLION * assumed["memory_gb"] * table["per_gb"]["snapshot_restore"])


def _logs(own_bytes: int, table: dict[str, Any]) -> float:
    """What Lambda writes of a million calls, and a line of our own if there is one, kept for so many days."""
    assumed = table["assumed"]
    lines = assumed["lambda_log_lines"] + (1 if own_bytes else 0)
    bytes_ = assumed["lambda_log_bytes"] + own_bytes + lines * assumed["log_bytes_per_line"]
    kept = assumed["log_days"] * 12 / 365 * table["per_gb_month"]["log_storage"]
    return float(bytes_ * MILLION / 1e9 * (table["per_gb"]["log_ingestion"] + kept))
