"""What a factory measures, over HTTP: its own until it publishes it, and then never its amounts and outputs."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from chalicelib.domain import indicator as rules
from chalicelib.store.registry import efficiency, history
from tests.test_indicators import _full
from tests.world import Caller, World

SECRET_AMOUNT, SECRET_OUTPUT = 483211, 77123
INDICATOR = {
    "resource": "energy",
    "name": "Electricity, sewing hall",
    "unit": "kWh",
    "output_unit": "piece",
    "baseline": {"period": "2024", "amount": 5000, "output": 1000},
    "target": {"value": 4, "by": "2027"},
}


@pytest.fixture
def factory_id(world: World) -> str:
    return world.a_factory()


@pytest.fixture
def mill(world: World, factory_id: str) -> Caller:
    return world.run_by(factory_id)


def all_of(factory_id: str) -> str:
    return f"/internal/v1/factories/{factory_id}/indicators"


def measured(mill: Caller, factory_id: str) -> Any:
    mill("PUT", f"{all_of(factory_id)}/energy", INDICATOR).ok()
    rows = [{"period": "2026-01", "amount": SECRET_AMOUNT, "output": SECRET_OUTPUT}, {"period": "2026-02", "amount": 9}]
    return mill("POST", f"{all_of(factory_id)}/energy/readings", {"readings": rows}).ok()


def published(mill: Caller, factory_id: str) -> None:
    mill("POST", f"/internal/v1/factories/{factory_id}/publish").ok()
    mill("POST", f"/internal/v1/factories/{factory_id}/efficiency/publish").ok()


def test_readings_come_back_with_what_they_mean(mill: Caller, factory_id: str) -> None:
    answer = measured(mill, factory_id)
    [told] = answer.json["indicators"]
    first, second = told["readings"]
    assert (first["amount"], first["value"], first["change"]) == (SECRET_AMOUNT, 6.265, -25.3)
    assert (second["output"], second["value"], second["change"], second["saved"]) == (None,) * 4
    assert (told["recent"]["months"], told["recent"]["saved"]) == (1, -97600)
    assert mill.get(all_of(factory_id)).ok().json == answer.json


def test_a_wrong_dimension_is_named_and_nothing_is_written(mill: Caller, factory_id: str) -> None:
    before = measured(mill, factory_id).json
    rows = [{"period": "2026-03", "amount": 1, "output": 1}, {"period": "2026-04", "amount": 1, "unit": "m3"}]
    refused = mill("POST", f"{all_of(factory_id)}/energy/readings", {"readings": rows})
    assert refused.status == 400
    [fault] = refused.json["errors"]
    assert fault["pointer"] == "/readings/1/unit"
    assert "volume" in fault["detail"]
    assert "energy" in fault["detail"]
    assert mill.get(all_of(factory_id)).json == before


def test_a_stale_version_is_refused_and_a_repeat_writes_nothing(mill: Caller, factory_id: str) -> None:
    tag = measured(mill, factory_id).etag
    again = mill("PUT", f"{all_of(factory_id)}/energy", INDICATOR, If_Match=tag)
    assert (again.status, again.etag) == (200, tag)
    changed = {**INDICATOR, "name": "Electricity"}
    assert mill("PUT", f"{all_of(factory_id)}/energy", changed, If_Match='"1"').status == 412
    done = mill("PUT", f"{all_of(factory_id)}/energy", changed, If_Match=tag).ok()
    assert (done.json["indicators"][0]["name"], len(done.json["indicators"][0]["readings"])) == ("Electricity", 2)
    assert [each["action"] for each in history.of(f"EFFICIENCY#{factory_id}")] == [
        "indicator_defined",
        "readings",
        "indicator_defined",
    ]


def test_what_is_not_published_is_in_no_public_answer_or_item(world: World, mill: Caller, factory_id: str) -> None:
    measured(mill, factory_id)
    mill("POST", f"/internal/v1/factories/{factory_id}/publish").ok()
    page, document = f"/f/{factory_id}/efficiency", f"/v1/factories/{factory_id}/efficiency"
    assert [world.anyone.get(path).status for path in (page, document)] == [404, 404]
    assert "Electricity" not in json.dumps(world.tables.scan(world.tables.public))
    assert page not in world.anyone.get(f"/f/{factory_id}").text


def test_publishing_shows_values_on_the_next_read_and_hiding_ends_it(
    world: World, mill: Caller, factory_id: str
) -> None:
    measured(mill, factory_id)
    published(mill, factory_id)
    page, document = f"/f/{factory_id}/efficiency", f"/v1/factories/{factory_id}/efficiency"
    told = world.anyone.get(document).ok().json
    [shown] = told["indicators"]
    assert (shown["latest"], shown["unit"]) == ({"period": "2026-01", "value": 6.265, "change": -25.3}, "kWh/piece")
    text = world.anyone.get(page).ok().text
    assert "6.265" in text
    assert "25.3" in text
    assert "more than at the start" in text
    assert page in world.anyone.get(f"/f/{factory_id}").text
    items = json.dumps(world.tables.scan(world.tables.public))
    for secret in (SECRET_AMOUNT, SECRET_OUTPUT, "5000"):
        assert str(secret) not in items
        assert str(secret) not in text
    add = {"readings": [{"period": "2026-03", "amount": 3, "output": 1}]}
    mill("POST", f"{all_of(factory_id)}/energy/readings", add).ok()
    assert world.anyone.get(document).json["indicators"][0]["latest"]["change"] == 40
    mill("POST", f"/internal/v1/factories/{factory_id}/efficiency/keep").ok()
    assert [world.anyone.get(path).status for path in (page, document)] == [404, 404]
    assert "Electricity" not in json.dumps(world.tables.scan(world.tables.public))
    assert page not in world.anyone.get(f"/f/{factory_id}").text


def test_a_draft_publishes_nothing_and_the_last_indicator_that_shows_stays(
    world: World, mill: Caller, factory_id: str
) -> None:
    publish = f"/internal/v1/factories/{factory_id}/efficiency/publish"
    draft = world.staff.get(f"/internal/v1/factories/{factory_id}").json["published"]
    measured(mill, factory_id)
    assert mill("POST", publish).status == (200 if draft else 409)
    published(mill, factory_id)
    assert mill("DELETE", f"{all_of(factory_id)}/energy").status == 409
    mill("POST", f"/internal/v1/factories/{factory_id}/efficiency/keep").ok()
    assert mill("DELETE", f"{all_of(factory_id)}/energy").status == 204
    assert mill("POST", publish).status == 409
    assert mill("DELETE", f"{all_of(factory_id)}/energy").status == 404


def test_a_reading_is_taken_away_and_another_mill_sees_nothing(world: World, mill: Caller, factory_id: str) -> None:
    measured(mill, factory_id)
    assert mill("DELETE", f"{all_of(factory_id)}/energy/readings/2026-02").status == 204
    assert len(mill.get(all_of(factory_id)).json["indicators"][0]["readings"]) == 1
    other = world.run_by(world.a_factory("S-2", factory={"name": "Other", "country": "BD"}), "o@other.example")
    for method, path in (("GET", ""), ("PUT", "/energy"), ("POST", "/energy/readings"), ("DELETE", "/energy")):
        assert other(method, all_of(factory_id) + path, {}).status == 404
    assert world.member.get(all_of(factory_id)).status == 403


def test_the_largest_record_is_written_and_its_page_stays_small(world: World, mill: Caller, factory_id: str) -> None:
    full = _full()

    def decide(held: rules.Efficiency) -> efficiency.Wanted:
        wanted = rules.Efficiency(factory_id, full.indicators, False, "", held.version)
        return efficiency.Wanted(wanted, history.Happening("readings", {}))

    efficiency.change(factory_id, decide, history.Actor("factory", "", "test"))
    published(mill, factory_id)
    [shown] = [
        item
        for item in world.tables.scan(world.tables.public)
        if item["sk"]["S"] == "EFFICIENCY" and item["pk"]["S"] == f"FACTORY#{factory_id}"
    ]
    assert len(json.dumps(shown, ensure_ascii=False).encode()) < 400_000
    answer = world.anyone.get(f"/f/{factory_id}/efficiency", Accept_Encoding="gzip").ok()
    assert len(gzip.compress(answer.content, 9)) <= 14_000
    assert len(world.anyone.get(f"/v1/factories/{factory_id}/efficiency").json["indicators"][0]["readings"]) == 240
