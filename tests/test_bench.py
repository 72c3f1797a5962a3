"""What the benchmark computes rather than measures: units by DynamoDB's rules, and sums by the table of prices."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from bench import cost, labels, report, scale, speed
from bench.__main__ import HERE, costs
from bench.contenders import FLOOR_OF_A_PAGE, Contender
from bench.parts import EVERYTHING, KEPT, READING
from bench.traffic import Traffic, operation, size

SCAN = cost.Scan(warm_cpu_ms=1.0, cold_cpu_ms=200.0, read_units=2, page_bytes=5000)


def seen(operation: str, asked: dict[str, Any], came: dict[str, Any]) -> Traffic:
    return Traffic([(f"DynamoDB_20120810.{operation}", json.dumps(asked).encode(), json.dumps(came).encode())])


def item(length: int) -> dict[str, Any]:
    """An item of so many bytes, its attribute's name included."""
    return {"a": {"S": "x" * (length - 1)}}


def test_an_item_weighs_its_names_and_values_in_utf_8() -> None:
    assert size({"pk": {"S": "FACTORY#1"}, "n": {"N": "12"}, "body": {"S": "বাংলা"}}) == 2 + 9 + 1 + 2 + 4 + 15


@pytest.mark.parametrize(
    ("length", "consistent", "units"), [(4096, True, 1), (4097, True, 2), (4096, False, 0.5), (10, True, 1)]
)
def test_a_read_costs_a_unit_for_each_four_kilobytes(length: int, consistent: bool, units: float) -> None:
    asked = {"Key": {}, **({"ConsistentRead": True} if consistent else {})}
    assert seen("GetItem", asked, {"Item": item(length)}).read_units == units


def test_a_query_is_rounded_once_and_a_batch_item_by_item() -> None:
    consistent = {"ConsistentRead": True}
    assert seen("Query", consistent, {"Items": [item(100)] * 3}).read_units == 1
    asked = {"RequestItems": {"t": {"Keys": [{}, {}, {}], **consistent}}}
    assert seen("BatchGetItem", asked, {"Responses": {"t": [item(100), item(5000)]}}).read_units == 1 + 2 + 1


def test_a_write_in_a_transaction_costs_twice() -> None:
    asked = {"TransactItems": [{"Put": {"Item": item(1024)}}, {"Put": {"Item": item(1025)}}, {"Delete": {"Key": {}}}]}
    traffic = seen("TransactWriteItems", asked, {})
    assert (traffic.write_units, traffic.written_bytes) == (2 + 4 + 2, 2049)


def test_what_goes_over_the_wire_is_named_by_its_headers() -> None:
    head = b"POST / HTTP/1.1\r\nHost: dynamodb.example\r\nX-Amz-Target: DynamoDB_20120810.GetItem\r\nX-More: a.b"
    assert operation(head) == operation("DynamoDB_20120810.GetItem") == "GetItem"


def test_a_sum_is_that_of_its_parts() -> None:
    found = cost.per_million_scans(SCAN)
    for road, parts in found["parts"].items():
        assert found["total"][road] == pytest.approx(sum(parts.values()), abs=0.01)


def test_time_is_billed_for_the_core_that_the_memory_buys_and_for_the_wait() -> None:
    found = cost.per_million_scans(SCAN)
    assumed = found["assumed"]
    cpu = 1.0 + assumed["cold_share"] * 200.0
    assert found["billed_ms"] == pytest.approx(
        cpu / assumed["vcpus_at_that_memory"] + assumed["database_wait_ms"], abs=0.1
    )


def test_each_price_table_says_where_and_when() -> None:
    prices = json.loads(cost.PRICES.read_text())
    assert (prices["region"], prices["as_of"]) == ("us-east-1", "2025-08")
    assert prices["sources"]


PROMISED = {
    "cold_start_cpu_ms": {"floor", "public_page", "certificate_json", "fastapi", "plain_chalice"},
    "warm_cpu_us": {"public_page", "certificate_json", "fastapi", "plain_chalice"},
    "reads": {"factory", "certificate", "product", "search"},
    "page_bytes": {"/", "/f/{factory_id}", "/c/{code}", "/01/{gtin}", "/factories?q="},
    "sync": {"items_per_second", "bare_items_per_second"},
    "cost_per_million_scans": {"rest_api", "http_api", "function_url", "cdn_and_function_url"},
    "cost_per_10000_factories_a_year": {"rest_api", "http_api", "function_url", "cdn_and_function_url"},
}
"""What others read of ``results.json``."""


def some(number: float) -> dict[str, float]:
    return {"median": number, "lower": number, "upper": number, "number": 1}


@pytest.fixture
def measured() -> dict[str, Any]:
    """The last run, with what runs before lacked."""
    kept: dict[str, Any] = json.loads((HERE / "results.json").read_text())["details"]
    kept["warm"].setdefault("public_page_by_url_gzip", {"cpu_us": some(1900.0), "wall_us": some(2700.0)})
    kinds = ("factory", "certificate", "search", "directory")
    size = {"items": 10, **{name: {kind: some(1.5) for kind in kinds} for name in ("latency_ms", "read_units")}}
    kept["scale"] = {
        "sizes": {"1000": size},
        "counted": {"1000000": {"items": 10, "gigabytes": 1.5, "largest_list_gigabytes": 0.5}},
    }
    kept["labels"] = {"seconds": some(9.0), "labels_per_second": some(1100.0), "peak_mb": some(110.0), "labels": 10_000}
    kept["receipt"] = {"cpu_ms": 2.0, "read_units": 2.0, "signatures": 1, "bytes": 900}
    for name in ("write_units", "read_units", "cpu_ms"):
        kept["sync"][f"unchanged_{name}_per_item"] = some(1.0)
    return kept | costs(kept)


@pytest.mark.parametrize("name", [*PROMISED, "qr_per_second"])
def test_the_last_run_holds_every_figure_that_is_promised(name: str) -> None:
    found = json.loads((HERE / "results.json").read_text())[name]
    figures = found if isinstance(found, dict) else {name: found}
    assert PROMISED.get(name, {name}) <= figures.keys()
    assert all(isinstance(each, int | float) and each > 0 for each in figures.values())


def test_a_run_reports_labels_growth_and_receipts_beside_what_is_promised(measured: dict[str, Any]) -> None:
    found = report.results(measured)
    assert PROMISED.keys() | {"qr_per_second", "labels", "scale", "cost_per_million_receipts"} <= found.keys()
    assert (found["labels"]["seconds"], found["labels"]["labels"]) == (9.0, 10_000)
    assert found["scale"]["1000"]["read_units"]["factory"] == 1.5
    assert found["cost_per_million_receipts"] > 15
    told = report.markdown(found)
    for line in (
        "labels: seconds",
        "with 1,000 factories: search",
        "with 1,000,000 factories: the public table, counted",
    ):
        assert f"| {line} |" in told
    assert all(row.count("|") == 6 for row in told.splitlines() if row.startswith("| "))


def test_the_rows_of_a_warm_page_add_up_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {
        EVERYTHING: [500.0],
        KEPT: [300.0],
        READING: [120.0],
        "rendering": [110.0],
        "ETag": [30.0],
    }
    done = subprocess.CompletedProcess([], 0, json.dumps(told))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    page = Contender("public_page", HERE, {"pathParameters": {"factory_id": "BD0"}}, {}, "")
    warm = {FLOOR_OF_A_PAGE: {"cpu_us": some(230.0)}, "public_page": {"cpu_us": some(880.0)}}
    rows = {name: each["median"] for name, each in speed.breakdown(page, warm).items()}
    assert sum(rows.values()) == 880.0
    assert rows["the rest of our code"] == 300.0 - 110.0 - 30.0
    assert rows["the same code after the wait for the record"] == 500.0 - 300.0 - 120.0
    assert not {EVERYTHING, KEPT} & rows.keys()


def test_a_year_has_its_receipts_nights_storage_and_keys_in_it(measured: dict[str, Any]) -> None:
    year = measured["cost_per_year"]
    assumed = json.loads(cost.PRICES.read_text())["assumed"]
    assert year["parts"].keys() == {"receipts", "new_audits", "sync_nights", "storage", "keys"}
    scans = 10_000 * assumed["scans_per_factory_and_year"] / 1e6 * measured["cost"]["total"]["rest_api"]
    assert year["total"]["rest_api"] == pytest.approx(scans + sum(year["parts"].values()), abs=0.05)
    measured["sync"]["unchanged_write_units_per_item"] = some(2.0)
    more = costs(measured)["cost_per_year"]["parts"]["sync_nights"] - year["parts"]["sync_nights"]
    assert more == pytest.approx(365 * 10_000 * assumed["audits_on_record_per_factory"] * 0.625e-6, abs=0.02)


def test_what_so_many_factories_hold_is_counted_from_what_one_holds() -> None:
    found = {"items_per_factory": 12.5, "bytes_per_factory": 5000, "largest_lists_bytes_per_factory": {"A#": 400.0}}
    assert scale.counted(found, 1_000_000) == {"items": 12_500_000, "gigabytes": 5.0, "largest_list_gigabytes": 0.4}


def test_a_thousandth_of_the_labels_are_measured_as_all_of_them_are() -> None:
    found = labels.figures(labels.labels(rounds=1, number=42))
    assert found["read_back"] == 42
    assert 0.01 < found["file_mb"] < 0.1
    assert 20 < found["peak_mb"] < 300
