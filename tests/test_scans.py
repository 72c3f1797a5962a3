"""Scans are counted without a trace of who scanned. See SAFETY: Public, Privacy, Faults."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import itertools
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.clones import Rule, judge
from chalicelib.domain.scans import MOST_PLACES, Day, Line, Thing, read, summed
from chalicelib.internal import scans as counting
from chalicelib.public import edge, scans
from chalicelib.store.registry import clones as noticed
from chalicelib.store.registry import scans as store
from chalicelib.web.request import Ask
from tests.world import GTIN, World

BROWSER = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36 Zxqv/77"
ADDRESS = "203.0.113.77"
SHIRT = Thing("p", identity.parse_product_id(GTIN), "S9")
_ids = itertools.count()


def payload(messages: list[tuple[str, datetime]], name: str | None = None) -> dict[str, Any]:
    """What CloudWatch Logs sends."""
    name = name or f"batch-{next(_ids)}"
    events = [
        {"id": f"{name}-{number}", "timestamp": int(at.timestamp() * 1000), "message": message}
        for number, (message, at) in enumerate(messages)
    ]
    told = {"messageType": "DATA_MESSAGE", "logGroup": "/aws/lambda/public", "logStream": "x", "logEvents": events}
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(told).encode())).decode()}}


def message(thing: Thing = SHIRT, place: int = 1, country: str = "DE", *, bot: bool = False) -> str:
    told = {"scan": thing.kind, "code": thing.code, "place": f"{place:04x}", "country": country, "bot": bot}
    return json.dumps({**told, "serial": thing.serial} if thing.serial else told)


def many_places(day: datetime, places: int) -> dict[str, Any]:
    return payload([(message(place=place, country="DE" if place % 2 else "BR"), day) for place in range(places)])


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lines that the public side wrote, with counting switched on."""
    lines: list[str] = []
    monkeypatch.setattr(edge, "SETTINGS", dataclasses.replace(edge.SETTINGS, scan_secret="a secret for tests"))
    monkeypatch.setattr(scans, "log_line", lines.append)
    return lines


def ask(address: str = ADDRESS, agent: str = BROWSER, **headers: str) -> Ask:
    sent = {"user-agent": agent, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Ask("GET", "/", {}, {}, sent, b"", address=address)


def test_each_kind_of_page_writes_one_line_and_nothing_else_does(world: World, log: list[str]) -> None:
    factory_id = world.a_factory()
    code = world.a_certificate(factory_id)
    world.a_product(factory_id)
    for path in (f"/f/{factory_id}", f"/c/{code}", f"/01/{GTIN}", f"/01/{GTIN}/10/L1/21/S9", "/414/4006381333931"):
        world.anyone.get(path, User_Agent=BROWSER).ok()
    told = [json.loads(line) for line in log]
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in log)
    product = identity.parse_product_id(GTIN)
    wanted = [("f", factory_id), ("c", code), ("p", product), ("p", product), ("f", factory_id)]
    assert [(each["scan"], each["code"]) for each in told] == wanted
    assert [each.get("serial") for each in told] == [None, None, None, "S9", None]
    assert {(each["country"], each["bot"]) for each in told} == {("unknown", False)}
    log.clear()
    world.anyone("HEAD", f"/f/{factory_id}")
    world.anyone.get(f"/v1/factories/{factory_id}").ok()
    world.anyone.get(f"/f/{factory_id}?linkType=linkset").ok()
    world.anyone.get(f"/c/{'C' * 11}")
    assert log == []


def test_who_holds_the_page_already_scans_it_again(world: World, log: list[str]) -> None:
    path = f"/f/{world.a_factory()}"
    etag = world.anyone.get(path).etag
    assert world.anyone.get(path, If_None_Match=etag).status == 304
    assert len(log) == 2


@pytest.mark.usefixtures("log")
def test_a_broken_log_changes_nothing_of_a_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/f/{world.a_factory()}"
    good = world.anyone.get(path)

    def broken(_line: str) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(scans, "log_line", broken)
    assert world.anyone.get(path) == good


def test_nothing_is_written_where_no_secret_is_set(
    world: World, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "SETTINGS", dataclasses.replace(edge.SETTINGS, scan_secret=""))
    world.anyone.get(f"/f/{world.a_factory()}").ok()
    assert log == []


def test_no_line_and_no_item_holds_an_address_or_a_user_agent(world: World, log: list[str]) -> None:
    factory_id = world.a_factory()
    world.a_product(factory_id)
    headers = {"User_Agent": BROWSER, "X_Forwarded_For": ADDRESS, "CloudFront_Viewer_Address": f"{ADDRESS}:4711"}
    for path in (f"/f/{factory_id}", f"/01/{GTIN}/21/S9"):
        world.anyone.get(path, **headers).ok()
    log.append(scans.line(ask(), "p", SHIRT.code, "S9"))
    assert counting.handler(payload([(line, clock.now()) for line in log]), None) == {"scans": 3}
    items = json.dumps(world.tables.scan(world.tables.registry)) + json.dumps(world.tables.scan(world.tables.public))
    assert "SCANS#p#" in items
    for trace in (ADDRESS, ADDRESS.rpartition(".")[0], "127.0.0.1", "Mozilla", "Zxqv"):
        assert trace not in "".join(log)
        assert trace not in items


@pytest.mark.usefixtures("log")
def test_a_place_is_a_network_of_one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    def place(address: str) -> str:
        return str(json.loads(scans.line(ask(address), "p", SHIRT.code))["place"])

    assert place("203.0.113.77") == place("203.0.113.9") != place("203.0.114.77")
    assert place("2001:db8:1:2::3") == place("2001:db8:1:ffff::9") != place("2001:db8:2::3")
    assert len(place("203.0.113.77")) == 4
    assert place("") == place("no address") == ""
    today = place("203.0.113.77")
    monkeypatch.setattr(clock, "today", lambda: date(2031, 5, 5))
    assert place("203.0.113.77") != today


@pytest.mark.usefixtures("log")
def test_countries_and_addresses_are_believed_only_behind_cloudfront(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ask("198.51.100.1", cloudfront_viewer_country="BR", cloudfront_viewer_address=f"{ADDRESS}:4711")
    before = json.loads(scans.line(asked, "p", SHIRT.code))
    assert before["country"] == "unknown"
    monkeypatch.setattr(edge, "SETTINGS", dataclasses.replace(edge.SETTINGS, behind_cloudfront=True))
    behind = json.loads(scans.line(asked, "p", SHIRT.code))
    assert (behind["country"], behind["place"] != before["place"]) == ("BR", True)
    assert behind["place"] == json.loads(scans.line(ask(cloudfront_viewer_address=f"{ADDRESS}:1"), "p", "x"))["place"]
    forged = ask(cloudfront_viewer_country="B\n")
    assert json.loads(scans.line(forged, "p", SHIRT.code))["country"] == "unknown"


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "facebookexternalhit/1.1",
        "WhatsApp/2.23.20.0 A",
        "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/142.0",
        "curl/8.5.0",
        "python-requests/2.32",
    ],
)
def test_programs_are_told_apart(agent: str) -> None:
    assert scans.is_program(ask(agent=agent))


def test_a_page_fetched_before_anybody_wanted_it_is_a_program_s_and_a_browser_is_none() -> None:
    assert scans.is_program(ask(sec_purpose="prefetch;prerender"))
    assert scans.is_program(ask(purpose="prefetch"))
    assert not scans.is_program(ask())
    assert not scans.is_program(ask(agent="Mozilla/5.0 (Linux; Android 13; CUBOT KINGKONG 9) Chrome/131.0 Mobile"))
    assert scans.is_program(ask(agent="Mozilla/5.0 (Linux; Android 13; CUBOT X70; compatible; Googlebot/2.1)"))
    assert not scans.is_program(ask(agent="Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1"))


THINGS = [SHIRT, SHIRT.whole, Thing("f", "BD7K3M9Q2XWC")]
LINES = st.lists(
    st.builds(
        Line,
        st.sampled_from(THINGS),
        st.sampled_from([date(2026, 11, 21), date(2026, 11, 22)]),
        st.integers(0, 80).map(lambda number: f"{number:04x}"),
        st.sampled_from(["DE", "BR", "unknown"]),
        st.booleans(),
    ),
    max_size=120,
)


@given(LINES, st.randoms(), st.integers(1, 40))
def test_in_whatever_order_and_batches_lines_come_the_days_are_the_same(
    lines: list[Line], chance: Any, size: int
) -> None:
    mixed = list(lines)
    chance.shuffle(mixed)
    parts: dict[Any, Day] = {}
    for start in range(0, len(mixed), size):
        for key, day in summed(mixed[start : start + size]).items():
            parts[key] = parts.get(key, Day()) + day
    assert parts == summed(lines)
    for (thing, day), found in parts.items():
        meant = [each for each in lines if each.day == day and thing in (each.thing, each.thing.whole)]
        people = [each for each in meant if not each.bot]
        assert (found.people, found.bots) == (len(people), len(meant) - len(people))
        assert found.places == min(MOST_PLACES, len({each.place for each in people}))
        assert sum(found.countries.values()) == found.people


@pytest.mark.parametrize(
    "line",
    [
        "",
        "START RequestId: 1",
        "[]",
        "{}",
        '{"scan": "x"}',
        '{"scan": "f", "code": 7, "bot": false}',
        "1",
        '{"scan":[]}',
    ],
)
def test_other_lines_of_the_log_are_passed_over(line: str) -> None:
    assert read(line, 0) is None


@pytest.mark.usefixtures("world")
def test_a_batch_that_comes_twice_counts_once_and_the_next_one_is_added() -> None:
    now = clock.now()
    first = payload([(message(place=1), now), (message(place=2), now), (message(bot=True), now)], "first")
    for _ in range(3):
        assert counting.handler(first, None) == {"scans": 3}
    counting.handler(payload([(message(place=2, country="BR"), now)], "second"), None)
    for thing in (SHIRT, SHIRT.whole):
        found = store.days(thing, now.date())[now.date()]
        assert (found.people, found.bots, found.places) == (3, 1, 2)
        assert found.countries == {"DE": 2, "BR": 1}
    assert counting.handler({"awslogs": payload([])["awslogs"]}, None) == {"scans": 0}


@pytest.mark.usefixtures("world")
def test_a_batch_of_more_things_than_one_transaction_takes_is_counted_whole() -> None:
    now = clock.now()
    things = [Thing("p", SHIRT.code, f"S{number}") for number in range(130)]
    batch = payload([(message(thing), now) for thing in things])
    for _ in range(2):
        counting.handler(batch, None)
    assert store.days(SHIRT.whole, now.date())[now.date()].people == 130
    assert all(store.days(thing, now.date())[now.date()].people == 1 for thing in things)


@pytest.mark.usefixtures("world")
def test_made_up_serial_numbers_have_an_end_and_count_for_their_product_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store, "MOST_SERIALS", 40)
    now = clock.now()
    known = Thing("p", SHIRT.code, "S0")
    for first in (0, 50):
        things = [Thing("p", SHIRT.code, f"S{number}") for number in range(first, first + 50)]
        batch = payload([(message(thing), now) for thing in things], f"made up {first}")
        for _ in range(2):
            counting.handler(batch, None)
    counting.handler(payload([(message(known, place=2), now)]), None)
    today = now.date()
    by_themselves = [n for n in range(100) if store.days(Thing("p", SHIRT.code, f"S{n}"), today)]
    assert len(by_themselves) == 40
    assert store.days(SHIRT.whole, today)[today].people == 101
    assert store.days(known, today)[today].people == 2
    assert store.uncounted(SHIRT, today) == 60
    counting.handler(payload([(message(Thing("p", SHIRT.code, "S99")), now - timedelta(days=1))]), None)
    assert store.days(Thing("p", SHIRT.code, "S99"), today - timedelta(days=1))


def test_counts_end_after_400_days_and_marks_of_networks_after_two(world: World) -> None:
    now = clock.now()
    counting.handler(payload([(message(), now)]), None)
    begins = datetime(now.year, now.month, now.day, tzinfo=UTC).timestamp()
    found = {str(item["pk"]["S"]).partition("#")[0]: item for item in world.tables.scan(world.tables.registry)}
    assert float(found["SCANS"]["expires"]["N"]) == begins + 400 * 86400
    assert float(found["SCAN_MARKS"]["expires"]["N"]) == begins + 2 * 86400
    assert "expires" in found["SCAN_BATCH"]
    assert "0001" not in json.dumps(found["SCANS"])


def test_when_the_marks_are_gone_the_number_of_places_stays() -> None:
    assert (Day(people=9, places=7) + Day(people=1, places=1, marks=frozenset(["0001"]))).places == 7


TODAY = date(2026, 11, 22)


def days_of(*places: int) -> dict[date, Day]:
    return {TODAY - timedelta(days=back): Day(people=each, places=each) for back, each in enumerate(places)}


def test_one_item_in_few_places_a_day_for_a_month_is_no_suspicion() -> None:
    assert judge(Rule(), days_of(*[5] * 30), TODAY) is None
    assert judge(Rule(), days_of(40), TODAY) is None
    assert judge(Rule(), {TODAY - timedelta(days=30 + back): Day(places=40) for back in range(5)}, TODAY) is None


def test_an_item_in_too_many_places_on_several_days_is_one() -> None:
    found = judge(Rule(), days_of(6, 1, 12), TODAY)
    assert found is not None
    assert (found.days, found.places) == ((TODAY - timedelta(days=2), TODAY), 12)
    assert judge(Rule(places=13), days_of(6, 1, 12), TODAY) is None
    assert judge(Rule(days=3), days_of(6, 1, 12), TODAY) is None


def test_the_brand_is_told_of_a_copied_code_once_and_nobody_else(world: World) -> None:
    factory_id = world.a_factory()
    world.a_product(factory_id)
    now = clock.now()
    counting.handler(many_places(now, 8), None)
    assert noticed.listed("maison") == []
    counting.handler(many_places(now - timedelta(days=1), 8), None)
    found = noticed.listed("maison")
    assert [(each["product_id"], each["serial"], each["places"]) for each in found] == [(SHIRT.code, "S9", 8)]
    assert found[0]["countries"] == ["BR", "DE"]
    counting.handler(many_places(now, 20), None)
    assert noticed.listed("maison") == found
    assert noticed.listed("outfit") == []
    assert "copied" not in world.anyone.get(f"/01/{GTIN}/21/S9").text


def test_a_brand_may_take_more_for_normal_within_bounds(world: World) -> None:
    world.a_product(world.a_factory())
    noticed.set_rule("maison", Rule(places=20, days=1))
    counting.handler(many_places(clock.now(), 19), None)
    assert noticed.listed("maison") == []
    counting.handler(many_places(clock.now(), 21), None)
    assert len(noticed.listed("maison")) == 1
