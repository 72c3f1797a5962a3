"""What the benchmark computes rather than measures: units by DynamoDB's rules, and sums by the table of prices."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bench import cost
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
