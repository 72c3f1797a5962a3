"""Programmes over HTTP: the organiser plans and notes, the factory decides, and nobody sees another's."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest

from chalicelib.domain import coaching as rules
from chalicelib.domain.coaching import Element, ElementKind, Kind, Part, Participation, Programme
from chalicelib.domain.errors import Conflict, Malformed
from chalicelib.store.registry import coaching as store
from tests.test_efficiency import INDICATOR, all_of
from tests.world import Caller, World

SESSIONS = [{"element_id": f"session-{n}", "kind": "session", "title": f"Visit {n}"} for n in (1, 2, 3)]
PROGRAMME = {
    "name": "=Water wise mills",
    "kind": "resource_efficiency",
    "starts": "2026-01-01",
    "ends": "2027-12-31",
    "countries": ["BD"],
    "elements": [*SESSIONS, {"element_id": "workshop-1", "kind": "workshop", "title": "Steam", "on": "2026-03-01"}],
}
ONE = "/internal/v1/programmes/water-wise"


def organiser(world: World, tenant: str) -> Caller:
    world.staff("PUT", f"/internal/v1/organisers/{tenant}", {"name": tenant.title(), "country": "CH"}).ok()
    key = world.staff("POST", "/internal/v1/keys", {"kind": "organiser", "tenant": tenant}).ok().json["key"]
    return Caller(world.client, key)


@pytest.fixture
def green(world: World) -> Caller:
    made = organiser(world, "green-works")
    made("PUT", ONE, PROGRAMME).ok()
    return made


@pytest.fixture
def factory_id(world: World) -> str:
    return world.a_factory()


@pytest.fixture
def mill(world: World, factory_id: str) -> Caller:
    mill = world.run_by(factory_id)
    mill("POST", f"/internal/v1/factories/{factory_id}/publish").ok()
    mill("PUT", f"{all_of(factory_id)}/energy", INDICATOR).ok()
    return mill


def part(mill: Caller, factory_id: str, **said: object) -> int:
    return mill("PUT", f"/internal/v1/factories/{factory_id}/programmes/water-wise", said).status


def test_a_factory_accepts_is_visited_and_shares_only_when_it_ticks(
    green: Caller, mill: Caller, factory_id: str
) -> None:
    place = f"{ONE}/factories/{factory_id}"
    asked = green("PUT", place).ok().json
    assert (asked["part"], asked["name"]) == ("invited", "Meghna S.T. Screen Ltd")
    assert green("PUT", f"{place}/done", {"session-1": "2026-01-15"}).status == 409
    [offered] = mill.get(f"/internal/v1/factories/{factory_id}/programmes").ok().json["results"]
    assert (offered["part"], offered["programme"]["organiser"]) == ("invited", "Green-Works")
    assert part(mill, factory_id, answer="accept") == 200
    done = green("PUT", f"{place}/done", {"session-1": "2026-01-15", "workshop-1": "2026-03-01"}).ok().json
    assert (done["sessions_done"], done["done"]["workshop-1"]) == (1, "2026-03-01")
    assert green.get(place).json["indicators"] is None
    assert part(mill, factory_id, shares=True) == 200
    assert green.get(place).json["indicators"][0]["indicator_id"] == "energy"
    assert part(mill, factory_id, shares=False) == 200
    assert green.get(place).json["indicators"] is None
    assert green("PUT", f"{place}/done", {"session-1": None}).ok().json["sessions_done"] == 0


def test_of_two_who_write_at_once_neither_takes_back_what_the_other_said(
    green: Caller, mill: Caller, factory_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = f"{ONE}/factories/{factory_id}"
    green("PUT", place).ok()
    part(mill, factory_id, answer="accept", shares=True)
    put = store._put

    def overtaken(*said: Any) -> None:
        monkeypatch.setattr(store, "_put", put)
        green("PUT", f"{place}/done", {"session-1": "2026-01-15"}).ok()
        part(mill, factory_id, shares=False)
        put(*said)

    monkeypatch.setattr(store, "_put", overtaken)
    done = green("PUT", f"{place}/done", {"session-2": "2026-02-15"}).ok().json["done"]
    assert done == {"session-1": "2026-01-15", "session-2": "2026-02-15"}
    part(mill, factory_id, shares=True)
    monkeypatch.setattr(store, "_put", overtaken)
    assert part(mill, factory_id, shows=True) == 200
    [said] = mill.get(f"/internal/v1/factories/{factory_id}/programmes").ok().json["results"]
    assert (said["shares"], said["shows"], said["done"]) == (False, True, done)


def test_a_foreign_organiser_sees_nothing_of_a_programme_its_cohort_or_its_factories(
    world: World, green: Caller, mill: Caller, factory_id: str
) -> None:
    place = f"{ONE}/factories/{factory_id}"
    green("PUT", place).ok()
    part(mill, factory_id, answer="accept")
    part(mill, factory_id, shares=True)
    other = organiser(world, "other-works")
    assert other.get("/internal/v1/programmes").json == {"results": []}
    for method, path in (
        ("GET", ONE),
        ("GET", f"{ONE}/cohort.csv"),
        ("GET", place),
        ("PUT", place),
        ("DELETE", place),
        ("PUT", f"{place}/done"),
    ):
        assert other(method, path, {}).status == 404
    assert other("PUT", ONE, PROGRAMME).status == 409
    mine = {**PROGRAMME, "name": "Mine"}
    other("PUT", "/internal/v1/programmes/mine", mine).ok()
    assert other.get(f"/internal/v1/programmes/mine/factories/{factory_id}").status == 404
    for stranger in (other, green):
        assert stranger.get(all_of(factory_id)).status == 403
    assert world.member.get(ONE).status == 403
    assert mill.get(ONE).status == 403


def test_who_declines_or_leaves_is_asked_anew_and_shares_nothing_more(
    green: Caller, mill: Caller, factory_id: str
) -> None:
    place = f"{ONE}/factories/{factory_id}"
    green("PUT", place).ok()
    assert part(mill, factory_id, answer="leave") == 409
    assert part(mill, factory_id, shares=True) == 409
    assert part(mill, factory_id, answer="decline") == 200
    assert part(mill, factory_id, answer="accept") == 409
    assert green("PUT", place).ok().json["part"] == "invited"
    assert part(mill, factory_id, answer="accept", shares=True, shows=True) == 200
    green("PUT", f"{place}/done", {"session-1": "2026-01-15"}).ok()
    assert green("DELETE", place).status == 409
    assert part(mill, factory_id, answer="leave") == 200
    left = green.get(place).json
    assert (left["part"], left["shares"], left["done"], left["sessions_done"]) == ("left", False, {}, 0)
    assert left["indicators"] is None
    assert green("DELETE", place).status == 204
    assert green.get(place).status == 404
    assert mill.get(f"/internal/v1/factories/{factory_id}/programmes").json == {"results": []}


def test_taking_part_shows_in_public_only_where_the_factory_ticks_it_and_follows_the_organiser(
    world: World, green: Caller, mill: Caller, factory_id: str
) -> None:
    place, document = f"{ONE}/factories/{factory_id}", f"/v1/factories/{factory_id}/efficiency"
    green("PUT", place).ok()
    part(mill, factory_id, answer="accept")
    mill("POST", f"/internal/v1/factories/{factory_id}/efficiency/publish").ok()
    assert world.anyone.get(document).ok().json["programmes"] == []
    assert '"PARTS"' not in json.dumps(world.tables.scan(world.tables.public))
    part(mill, factory_id, shows=True)
    green("PUT", f"{place}/done", {"session-2": "2026-02-15"}).ok()
    green("PUT", ONE, {**PROGRAMME, "name": "Water wiser"}).ok()
    [shown] = world.anyone.get(document).json["programmes"]
    assert (shown["name"], shown["organiser"], shown["sessions"], shown["sessions_done"]) == (
        "Water wiser",
        "Green-Works",
        3,
        1,
    )
    assert "Water wiser" in world.anyone.get(f"/f/{factory_id}/efficiency").text
    part(mill, factory_id, answer="leave")
    assert world.anyone.get(document).json["programmes"] == []


def test_the_table_of_a_cohort_is_safe_to_open(green: Caller, world: World) -> None:
    made = world.a_factory("S-9", factory={"name": "=cmd|' /C calc'!A0", "country": "BD"})
    runner = world.run_by(made, "r@nine.example")
    runner("POST", f"/internal/v1/factories/{made}/publish").ok()
    green("PUT", f"{ONE}/factories/{made}").ok()
    answer = green.get(f"{ONE}/cohort.csv").ok()
    [row] = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert row["name"].startswith("'=cmd")
    assert (row["part"], row["session-1"], row["sessions_done"]) == ("invited", "", "0")


def test_only_a_factory_on_record_is_invited_and_an_organiser_that_ended_does_nothing(
    world: World, green: Caller
) -> None:
    refused = green("PUT", f"{ONE}/factories/BDF8QY40YGE1")
    assert (refused.status, refused.json["errors"][0]["detail"]) == (400, "is not on record")
    world.staff("POST", "/internal/v1/organisers/green-works/end", {"reason": "No more."}).ok()
    assert green.get(ONE).status == 401
    world.staff("POST", "/internal/v1/organisers/green-works/resume", {"reason": "Again."}).ok()
    assert green.get(ONE).status == 200


def test_a_programme_of_coaching_has_three_sessions_and_its_days_in_order(green: Caller) -> None:
    wrong = {**PROGRAMME, "ends": "2025-01-01", "elements": [*SESSIONS[:2], SESSIONS[0]]}
    refused = green("PUT", ONE, wrong)
    assert {fault["pointer"] for fault in refused.json["errors"]} == {"/ends", "/elements"}
    tag = green.get(ONE).etag
    assert green("PUT", ONE, {**PROGRAMME, "name": "Other"}, If_Match='"9"').status == 412
    assert green("PUT", ONE, PROGRAMME, If_Match=tag).etag == tag
    assert green("PUT", ONE, PROGRAMME, If_Match="*").etag == tag
    assert green("PUT", f"{ONE}-new", PROGRAMME, If_Match="*").status == 412


TODAY = date(2026, 11, 22)
PLAN = Programme("p", "o", "P", Kind.OTHER, "2026-01-01", "2026-12-31", (), (Element("e", ElementKind.SESSION, "E"),))


def test_something_is_done_between_the_first_day_and_today_and_only_by_who_takes_part() -> None:
    taking = Participation("p", "f", Part.TAKES_PART, "2026-01-01")
    assert rules.mark(PLAN, taking, "e", TODAY, TODAY).sessions_done(PLAN) == 1
    for day in (date(2025, 12, 31), date(2026, 11, 23)):
        with pytest.raises(Malformed):
            rules.mark(PLAN, taking, "e", day, TODAY)
    for part_ in (Part.INVITED, Part.DECLINED, Part.LEFT):
        with pytest.raises(Conflict):
            rules.mark(PLAN, Participation("p", "f", part_, "2026-01-01"), "e", TODAY, TODAY)
