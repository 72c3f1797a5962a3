"""What the benchmark computes rather than measures: units by DynamoDB's rules, and sums by the table of prices."""

from __future__ import annotations

import json
import subprocess
import time
from itertools import pairwise
from typing import Any

import pytest

from bench import cost, filled, goals, labels, on_paper, report, scale, speed, stats, sync, weather
from bench.__main__ import HERE, costs
from bench.contenders import FLOOR_OF_A_PAGE, Contender
from bench.parts import EVERYTHING, KEPT, READING
from bench.traffic import Kept, Traffic, all_write_units, operation, size
from infra import firewall
from tests import recorded_run

SCAN = cost.Scan(warm_cpu_ms=1.0, cold_cpu_ms=200.0, read_units=2, page_bytes=5000)


def seen(operation: str, asked: dict[str, Any], came: dict[str, Any]) -> Traffic:
    return Traffic([(f"DynamoDB_20120810.{operation}", json.dumps(asked).encode(), json.dumps(came).encode())])


def item(length: int) -> dict[str, Any]:
    """An item of so many bytes, its attribute's name included."""
    return {"a": {"S": "x" * (length - 1)}}


def update(length: int) -> dict[str, Any]:
    """An update that brings an item of so many bytes, its key in it."""
    about = {"TableName": "t", "Key": {"pk": {"S": "12345678"}}, "UpdateExpression": "SET #0 = :0 REMOVE #1"}
    names = {"#0": "body", "#1": "credential"}
    values = {":0": {"S": "x" * (length - 10 - 4)}}
    return {"Update": {**about, "ExpressionAttributeNames": names, "ExpressionAttributeValues": values}}


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
    puts = [{"Put": {"TableName": "t", "Item": item(length)}} for length in (1024, 1025)]
    asked = {"TransactItems": [*puts, {"Delete": {"TableName": "u", "Key": {}}}]}
    traffic = seen("TransactWriteItems", asked, {})
    assert (traffic.write_units, traffic.kept()) == (2 + 4 + 2, {"t": Kept(2, 2049)})
    assert Kept(2, 2049).billed == 2249


@pytest.mark.parametrize(("length", "units"), [(100, 2), (1024, 2), (1025, 4), (8192, 16), (8193, 18)])
def test_an_update_is_weighed_by_its_key_and_what_it_brings(length: int, units: int) -> None:
    traffic = seen("TransactWriteItems", {"TransactItems": [update(length)]}, {})
    assert (traffic.write_units, traffic.kept()["t"]) == (units, Kept(1, length))
    alone = json.dumps(update(length)["Update"])
    assert all_write_units("UpdateItem", alone) == units / 2


def test_the_sets_that_an_update_adds_to_are_weighed_by_their_members() -> None:
    about = {"TableName": "t", "Key": {"pk": {"S": "N"}}, "ExpressionAttributeNames": {"#0": "confirmed"}}
    about |= {"UpdateExpression": "ADD #0 :0", "ExpressionAttributeValues": {":0": {"SS": ["ab", "cde"]}}}
    traffic = seen("TransactWriteItems", {"TransactItems": [{"Update": about}]}, {})
    assert traffic.kept() == {"t": Kept(1, 2 + 1 + 9 + 5)}


def test_a_batch_of_puts_and_a_condition_on_what_is_not_written_cost_as_well() -> None:
    entries = [{"PutRequest": {"Item": item(1500)}}, {"DeleteRequest": {"Key": {}}}]
    assert seen("BatchWriteItem", {"RequestItems": {"t": entries}}, {}).write_units == 2 + 1
    check = {"TransactItems": [{"ConditionCheck": {"TableName": "t", "Key": {}}}]}
    assert seen("TransactWriteItems", check, {}).write_units == 2


def test_signatures_are_counted_where_kms_is_asked() -> None:
    traffic = Traffic([("TrentService.Sign", b"{}", b"{}"), ("TrentService.GetPublicKey", b"{}", b"{}")])
    assert (traffic.signatures, traffic.write_units, traffic.read_units) == (1, 0, 0)


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
    assert found["billed_ms"] == pytest.approx(
        SCAN.warm_cpu_ms / assumed["vcpus_at_that_memory"] + assumed["database_wait_ms"], abs=0.1
    )


def test_a_start_is_billed_as_a_restore_or_by_its_time_and_never_as_both() -> None:
    found = cost.per_million_scans(SCAN)
    assumed, prices = found["assumed"], cost.prices()
    restores = assumed["cold_share"] * 1e6 * assumed["memory_gb"] * prices["per_gb"]["snapshot_restore"]
    starts = assumed["cold_share"] * SCAN.cold_cpu_ms / assumed["vcpus_at_that_memory"] / 1e3 * 1e6
    time_of_them = starts * assumed["memory_gb"] * prices["per_gb_second"][assumed["architecture"]]
    for road, parts in found["parts"].items():
        assert parts["snapshots"] == pytest.approx(restores, abs=0.001)
        without = found["total"][road] - restores + time_of_them
        assert found["total_without_snapshots"][road] == pytest.approx(without, abs=0.02)


def test_the_firewall_stands_before_the_rest_stage_and_the_distribution_only() -> None:
    parts = cost.per_million_scans(SCAN)["parts"]
    assert {road for road, each in parts.items() if "firewall" in each} == {"rest_api", "cdn_and_function_url"}


def test_logs_are_lambdas_own_lines_and_a_scans() -> None:
    without, with_one = (
        cost.per_million_scans(cost.Scan(1.0, 200.0, 2, 5000, log_bytes=length))["parts"]["rest_api"]["logs"]
        for length in (0, 100)
    )
    assert 0.2 < without < with_one < 0.5


def test_each_price_table_says_where_and_when() -> None:
    prices = json.loads(cost.PRICES.read_text())
    assert (prices["region"], prices["as_of"]) == ("us-east-1", "2025-08")
    assert prices["sources"]
    assert prices["left_out"]


PROMISED = {
    "cold_start_cpu_ms": {"floor", "public_page", "certificate_json", "fastapi", "plain_chalice"},
    "warm_cpu_us": {"public_page", "certificate_json", "fastapi", "plain_chalice"},
    "reads": {"factory", "certificate", "product", "search"},
    "page_bytes": {"/", "/f/{factory_id}", "/c/{code}", "/01/{gtin}", "/factories?q="},
    "sync": {"items_per_second", "bare_items_per_second"},
    "cost_per_million_scans": {"rest_api", "http_api", "function_url", "cdn_and_function_url"},
    "cost_per_10000_factories_a_year": {"rest_api", "http_api", "function_url", "cdn_and_function_url"},
    "goals": set(),
    "weather": {"load", "parts", "quiet"},
}
"""What others read of ``results.json``."""


some = recorded_run.some


@pytest.fixture
def measured() -> dict[str, Any]:
    """What all parts of a run hand over, made up."""
    made = recorded_run.measured()
    return made | costs(made)


@pytest.fixture
def found(measured: dict[str, Any]) -> dict[str, Any]:
    return report.results(measured)


@pytest.mark.parametrize("name", [*PROMISED, "qr_per_second", "labels", "scale", "cost_per_million_receipts"])
def test_a_run_holds_every_figure_that_is_promised(found: dict[str, Any], name: str) -> None:
    held = found[name]
    figures = held if isinstance(held, dict) else {name: held}
    assert PROMISED.get(name, set()) <= figures.keys()
    if name in PROMISED and name not in ("goals", "weather"):
        assert all(each > 0 or name == "unchanged_write_units_per_item" for name, each in figures.items())


def test_what_is_told_can_be_kept_as_json(found: dict[str, Any]) -> None:
    again = json.loads(json.dumps(found))
    assert report.markdown(again) == report.markdown(found)
    assert on_paper.page(again) == on_paper.page(found)


LINES = (
    "cold start: fastapi as installed | 1,200 ms of CPU | 1,100–1,300 | 40.0 × the floor |"
    " 1,250 (1,150–1,350) ms of wall",
    "of a warm page: not explained: a request, less that page and the client | -40 µs of CPU |  |  | ",
    "look-up: product | 2 requests | 12 read units |  | ",
    "item: factory | 11,700 bytes | 2,800 of them signed | 3 read units | ",
    "page: `/f/{factory_id}` | 6,600 bytes | 800 of them headers | 18,000 before gzip | ",
    "QR codes: segno | 380 a CPU second | 370–390 | 0.95 × ours | 379 (369–389) a second of wall",
    "10,000 labels: seconds | 9 s of wall | 8–10 |  | ",
    "audit sync, signed, 8 workers: ours | 90 items a second | 85–95 | 95 (90–100) % of the loop |"
    " 2.5 (2.4–2.6) ms of CPU an item",
    "audit sync, unsigned, one worker: bare loop | 200 items a second | 190–210 |  | 1.8 (1.7–1.9) ms of CPU an item",
    "audit sync: signatures | 2 signatures an item | 2–2 |  | ",
    "with 1,000 factories: search | 9 ms of wall | 8–10 | 2 read units (2–3) | 1.4 (1.3–1.5) ms of CPU",
    "with 1,000,000 factories, computed: directory | 7 read units |"
    " 51 cards × 424.3 B / 4096 B, rounded up, and 1 for the choices |  | ",
)
"""Rows as they are to be printed: each figure with its unit, and its quartiles wherever there are samples."""


@pytest.mark.parametrize("line", LINES)
def test_each_part_of_a_run_is_printed_with_units_quartiles_and_the_other_clock(
    found: dict[str, Any], line: str
) -> None:
    assert f"| {line} |" in report.markdown(found).splitlines()


def test_each_row_has_as_many_cells_as_its_table(found: dict[str, Any]) -> None:
    for part, cells in (("## Goals", 7), ("## Figures", 6)):
        rows = report.markdown(found).partition(part)[2].partition("##")[0].splitlines()
        assert {row.count("|") for row in rows if row.startswith("| ")} == {cells}


def test_every_goal_of_the_benchmark_is_told_met_or_not_with_where_the_rest_goes(found: dict[str, Any]) -> None:
    told = {each.name: each for each in goals.goals(found)}
    assert {each.wanted for each in told.values()} == {
        *("3 × the floor's CPU", "350 µs of CPU", "250 µs of CPU"),
        *("80 % of a bare loop", "20 s", "300 MB"),
    }
    assert told["cold start, a public page"].met
    assert not told["warm, a public page"].met
    assert "rendering 300" in told["warm, a public page"].rest
    for each in told.values():
        page = each.tried.partition("(")[2].partition(")")[0]
        assert (HERE / page).is_file(), page
    row = "| warm, a public page | 350 µs of CPU | 700 µs, 500 besides Lambda's client | **no** |"
    assert row in report.markdown(found)


def test_a_run_on_a_busy_machine_says_so(measured: dict[str, Any]) -> None:
    assert "Not quiet" not in report.markdown(report.results(measured))
    measured["weather"]["parts"]["audit sync"]["others_cores"] = 0.9
    told = report.markdown(report.results(measured))
    assert "**Not quiet: audit sync.**" in told
    measured["weather"]["load"] = 2.0
    assert "**Not quiet: the start, audit sync.**" in report.markdown(report.results(measured))


def test_the_cores_that_others_keep_busy_are_told_from_our_own() -> None:
    before, began = weather._ours(), time.process_time()
    while time.process_time() - began < 0.3:
        pass
    subprocess.run(["python3", "-c", "import time\nwhile time.process_time() < 0.3: pass"], check=True)
    own = weather._ours() - before
    assert 0.5 < own < 2
    assert weather._busy() > own


def test_no_contender_is_always_first_or_always_after_the_same(found: dict[str, Any]) -> None:
    things = sorted(found["warm_cpu_us"])
    turns = [stats.in_turn(things, turn) for turn in range(30)]
    assert all(sorted(each) == things for each in turns)
    assert len({each[0] for each in turns}) > len(things) / 2
    assert len({(one, other) for each in turns for one, other in pairwise(each)}) > 2 * len(things)


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
    unexplained = {name: value for name, value in rows.items() if name.startswith(speed.NOT_EXPLAINED)}
    assert [*unexplained.values()] == [300.0 - 110.0 - 30.0, 500.0 - 300.0 - 120.0, 880.0 - 230.0 - 500.0]
    assert not {EVERYTHING, KEPT} & rows.keys()


def test_a_year_has_all_that_is_deployed_in_it(measured: dict[str, Any]) -> None:
    year = measured["cost_per_year"]
    assumed = json.loads(cost.PRICES.read_text())["assumed"]
    assert year["parts"].keys() == {
        *("receipts", "new_audits", "signatures", "sync_nights", "storage", "keys", "snapshots"),
    }
    scans = 10_000 * assumed["scans_per_factory_and_year"] / 1e6 * measured["cost"]["total"]["rest_api"]
    fixed = sum(year["parts"].values()) + year["firewalls"]["rest_api"]
    assert year["total"]["rest_api"] == pytest.approx(scans + fixed, abs=0.06)
    signed = 10_000 * assumed["audits_per_factory_and_year"] * 2
    assert year["parts"]["signatures"] == pytest.approx(signed * 15 / 1e6, abs=0.01)
    measured["sync"]["unchanged_write_units_per_item"] = some(2.0)
    more = costs(measured)["cost_per_year"]["parts"]["sync_nights"] - year["parts"]["sync_nights"]
    assert more == pytest.approx(365 * 10_000 * assumed["audits_on_record_per_factory"] * 0.625e-6 * 2, abs=0.02)


def test_a_years_firewalls_are_those_that_the_templates_have(measured: dict[str, Any]) -> None:
    rules = {name: len(firewall.web_acl(name, "REGIONAL", "x")["Rules"]) for name in ("public", "internal", "edge")}
    year = measured["cost_per_year"]["firewalls"]
    assert year["rest_api"] == 12 * (10 + rules["public"] + rules["internal"])
    assert year["function_url"] == year["http_api"] == 12 * (5 + rules["internal"])
    assert year["cdn_and_function_url"] == 12 * (5 + rules["edge"])


def test_what_so_many_factories_hold_is_counted_from_what_one_holds(measured: dict[str, Any]) -> None:
    counted = scale.counted(measured["scale"], 1_000_000)
    assert (counted["items"], counted["gigabytes"], counted["largest_list_gigabytes"]) == (13_600_000, 8.66, 0.42)
    assert counted["read_units"] == {"factory": 1.0, "certificate": 1.0, "search": 56, "directory": 7}
    assert counted["formulas"]["search"].startswith("at most: (3 × 60 + 3 × 100) cards × 424.3 B / 4096 B")


def test_the_made_up_registry_holds_what_is_signed_and_what_storage_is_billed_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SIGNING_KEY", "nobody's")
    registry = filled.Registry()
    items = list(filled._items(registry, 20))
    pages = [each for each in items if each["sk"]["S"] == "PAGE"]
    assert all(each.keys() == {"pk", "sk", "body", "credential", "code"} for each in pages)
    assert registry.bytes == sum(map(size, items)) + 100 * len(items)
    assert registry.signed > 20 * 2_000


def test_the_bare_loop_writes_and_signs_what_the_sync_did_under_other_keys() -> None:
    put = {"TransactItems": [{"Put": {"TableName": "t", "Item": {"pk": {"S": "A"}}}}, update(100)]}
    sign = {"KeyId": "k", "Message": "YWJj", "MessageType": "DIGEST", "SigningAlgorithm": "ECDSA_SHA_256"}
    raw = [("TrentService.Sign", json.dumps(sign).encode(), b"{}")] * 4
    raw += [("DynamoDB_20120810.TransactWriteItems", json.dumps(put).encode(), b"{}")] * 2
    works = sync._renamed(Traffic(raw), "7")
    assert [len(each.signatures) for each in works] == [2, 2]
    assert works[0].signatures[0]["Message"] == b"abc"
    assert works[1].transaction[0]["Put"]["Item"]["pk"] == {"S": "B7#A"}
    assert works[1].transaction[1]["Update"]["Key"]["pk"] == {"S": "B7#12345678"}


def test_the_page_on_scale_reckons_with_the_run(found: dict[str, Any]) -> None:
    told = on_paper.figures(found)
    assert (told["factory_hot"], told["product_hot"], told["certificate_hot"]) == ("1,000", "1,000", "3,000")
    assert (told["factory_copies"], told["factory_half"]) == ("50", "100")
    assert told["fits"] == "50 copies of a factory fit, 100 copies of a factory do not fit."
    assert told["product_new"] == "1,000"
    assert told["product_ask"] == "600,000"
    assert told["fill_kms_minutes"] == "33"
    assert "600,000 for a product" in on_paper.page(found)


def test_the_page_on_scale_is_that_of_the_last_run() -> None:
    last = json.loads((HERE / "results.json").read_text(encoding="utf-8"))
    assert on_paper.PAGE.read_text(encoding="utf-8") == on_paper.page(last)
    assert (HERE / "RESULTS.md").read_text(encoding="utf-8") == report.markdown(last)


def test_a_thousandth_of_the_labels_are_measured_as_all_of_them_are() -> None:
    found = labels.figures(labels.labels(rounds=1, number=42))
    assert found["read_back"] == 42
    assert 0.01 < found["file_mb"] < 0.1
    assert 20 < found["peak_mb"] < 300
