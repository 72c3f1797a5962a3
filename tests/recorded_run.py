"""What the parts of ``bench`` hand over, made up: for tests of what is made of it."""

from __future__ import annotations

from itertools import product
from typing import Any

from bench import scale, sync

KINDS = scale.KINDS


def some(median: float, more: float = 0.0) -> dict[str, float]:
    """A spread around a median."""
    return {"median": median, "lower": round(median - more, 2), "upper": round(median + more, 2), "number": 5}


def speeds(cpu: str, wall: str, **medians: float) -> dict[str, Any]:
    """CPU and wall of contenders; wall takes 50 longer."""
    return {name: {cpu: some(each, 0.0), wall: some(each + 50, 0.0)} for name, each in medians.items()}


def measured() -> dict[str, Any]:
    """A run."""
    cold = speeds("cpu_ms", "wall_ms", floor=30, public_page=85, certificate_json=80, fastapi=520, plain_chalice=260)
    cold["fastapi_as_installed"] = {"cpu_ms": some(1200, 100), "wall_ms": some(1250, 100)}
    warm = {"floor": 150, "floor_of_a_page": 200, "public_page": 700, "public_page_by_url_gzip": 1100}
    warm |= {"certificate_json": 400, "fastapi": 3000, "plain_chalice": 2400}
    parts = {"Lambda's client, an answer of that size": some(200), "rendering": some(300), "ETag": some(30)}
    rest = {"median": -40, "lower": None, "upper": None, "number": 0}
    grown = _scale()
    return {
        "machine": {"processor": "AMD EPYC", "cores": 2, "system": "Linux", "python": "3.11.7", "load": 0.1},
        "measured_at": "2026-11-23T05:35Z",
        "quick": False,
        "weather": {"load": 0.1, "quiet": True, "parts": {"audit sync": _part(), "growth": _part()}},
        "seconds": 400,
        "reads": _reads(),
        "items": {
            "factory": {"bytes": 11_700, "signed_bytes": 2_800, "read_units": 3},
            "certificate": {"bytes": 3_900, "signed_bytes": 2_300, "read_units": 1},
            "product": {"bytes": 9_000, "signed_bytes": 2_500, "read_units": 3},
        },
        "receipt": {"cpu_ms": 2.0, "read_units": 2.0, "signatures": 1, "bytes": 900},
        "pages": _pages(),
        "scan_line": 120,
        "cold": cold,
        "warm": speeds("cpu_us", "wall_us", **warm),
        "breakdown": parts | {"not explained: a request, less that page and the client": rest},
        "qr": {name: {"per_cpu_second": some(each, 10), "per_second": some(each - 1, 10)} for name, each in
               (("factory_id", 400), ("segno", 380))},
        "sync": _sync(),
        "labels": {"seconds": some(9, 1), "cpu_seconds": some(17), "labels_per_second": some(1100),
                   "pages_per_minute": some(3100), "peak_mb": some(110), "read_back": some(250), "file_mb": some(3.1),
                   "labels": 10_000, "workers": 2},
        "scale": grown | {"counted": {str(number): scale.counted(grown, number) for number in scale.COUNTED}},
    }  # fmt: skip


def _part() -> dict[str, float]:
    return {"seconds": 60.0, "load_before": 0.1, "load_after": 1.9, "others_cores": 0.02}


def _reads() -> dict[str, Any]:
    told = {"factory": [11_700], "certificate": [3_900], "product": [9_000, 11_700, 12_000, 9_500], "search": [900]}
    units = {"factory": 3.0, "certificate": 1.0, "product": 12.0, "search": 3.0}
    return {
        name: {"requests": min(2, len(lengths)), "operations": ["GetItem"], "read_units": units[name], "bytes": lengths}
        for name, lengths in told.items()
    }


def _pages() -> dict[str, Any]:
    paths = ("/", "/f/{factory_id}", "/c/{code}", "/01/{gtin}", "/factories?q=", "/v1/certificates/{code}")
    return {
        "gzipped": dict.fromkeys(paths, 5_800),
        "plain": dict.fromkeys(paths, 18_000),
        "headers": dict.fromkeys(paths, 800),
    }


def _sync() -> dict[str, Any]:
    found: dict[str, Any] = {"workers": 8}
    for mode, end in product((sync.SIGNED, sync.UNSIGNED), ("", sync.ONE_WORKER)):
        rate = 200 if mode else 90
        found[f"{mode}items_per_second{end}"] = some(rate, 5)
        found[f"{mode}bare_items_per_second{end}"] = some(rate, 10)
        found[f"{mode}cpu_ms_per_item{end}"] = some(2.5, 0.1)
        found[f"{mode}bare_cpu_ms_per_item{end}"] = some(1.8, 0.1)
        found[f"{mode}percent_of_bare{end}"] = some(95, 5)
    counted = {"write_units": 28, "signatures": 2, "registry_items": 5, "registry_bytes": 2652, "public_items": 7,
               "public_bytes": 4889, "unchanged_cpu_ms": 0.3, "unchanged_read_units": 2.01,
               "unchanged_write_units": 0, "unsigned_write_units": 26}  # fmt: skip
    return found | {f"{name}_per_item": some(each) for name, each in counted.items()}


def _scale() -> dict[str, Any]:
    units = {
        "factory": some(1.0),
        "certificate": some(1.0),
        "search": {**some(2.0), "upper": 3.0},
        "directory": some(7),
    }
    size = {
        "items": 13_600,
        "latency_ms": {kind: some(9.0, 1) for kind in KINDS},
        "cpu_ms": {kind: some(1.4, 0.1) for kind in KINDS},
        "read_units": units,
        "requests": {kind: some(1.0) for kind in KINDS},
    }
    return {
        "sizes": {"1000": size, "10000": size},
        "items_per_factory": 13.6,
        "bytes_per_factory": 8658,
        "signed_bytes_per_factory": 2500,
        "largest_lists_bytes_per_factory": {"DIRECTORY#": 424.3, "CATEGORY#apparel": 257.4},
    }
