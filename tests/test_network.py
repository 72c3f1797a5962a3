"""A member's network. See SAFETY: Privacy (gone at once; member of another network → 404), Exports."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib import clock
from chalicelib.domain.certificate import Standing, StandingChange
from chalicelib.domain.disclosure import PublicAudit, PublicCertificate
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.factory import Link, Source, State
from chalicelib.domain.linking import agreed, ended, standing
from chalicelib.domain.network import Habit, Supplier, attention, expiring, last_audits, months_after, months_between
from chalicelib.domain.sought import Wish, admits
from chalicelib.internal import network
from chalicelib.store import keys, public_keys
from chalicelib.store.registry import factories, history
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Actor
from chalicelib.web import responses, sheet, spreadsheet, workbook
from tests.world import World, audit_item

TODAY = date(2026, 6, 15)
NETWORK = "/internal/v1/network"
RUNNABLE = ("=", "+", "-", "@", "\t", "\r")


def suppliers(world: World, query: str = "") -> list[dict[str, Any]]:
    found, place = [], ""
    while True:
        asked = "&".join(part for part in (query, f"cursor={place}" if place else "") if part)
        answer = world.member.get(f"{NETWORK}?{asked}").ok().json
        found += answer["results"]
        place = answer["next_cursor"]
        if not place:
            return found


def ids(world: World, query: str = "") -> set[str]:
    return {each["factory_id"] for each in suppliers(world, query)}


def a_certificate(code: str, valid_to: date, standard: str = "gots", said: Standing | None = None) -> PublicCertificate:
    changes = (StandingChange(said, "", date(2026, 1, 1), "2026-01-01T00:00:00Z"),) if said else ()
    start = date(2020, 1, 1)
    return PublicCertificate(code, code, standard, standard, "X", "BD", "N", "all", (), start, valid_to, True, changes)


def a_supplier(**changes: Any) -> Supplier:
    link = Link(Source.MEMBER, "2026-01-01")
    told = Supplier(
        "BDF8QY40YGE1", "BDF8QY40YGE1", State.OPEN, None, False, link, {"name": "S.T. Screen", "country": "BD"}, (), ()
    )
    return replace(told, **changes)


# Two sides of a link


@pytest.mark.parametrize("side", [Source.FACTORY, Source.MEMBER])
def test_a_link_that_one_side_ended_is_taken_up_by_that_side_only_and_not_public_again(side: Source) -> None:
    other = Source.MEMBER if side is Source.FACTORY else Source.FACTORY
    link = agreed(agreed(Link(Source.ICS_AUDIT, "2026-01-01"), side, True), other, True)
    assert link.is_public
    gone = ended(link, side, TODAY)
    assert (gone.is_public, gone.ended, gone.ended_by) == (False, "2026-06-15", side)
    with pytest.raises(Conflict):
        standing(gone, other, TODAY)
    with pytest.raises(NotFound):
        ended(gone, other, TODAY)
    again = standing(gone, side, TODAY)
    assert again.ended is None
    assert not again.is_public


def test_ending_a_link_takes_it_from_every_public_answer_and_the_fields_from_the_member_at_once(world: World) -> None:
    factory_id = world.a_factory(factory={"name": "Mill", "country": "BD", "city": "Dhaka", "contact_phone": "+88012"})
    owner = world.run_by(factory_id)
    own = f"/internal/v1/factories/{factory_id}"
    owner("PUT", f"{own}/privacy", {"contact_phone": "network", "city": "network"}).ok()
    world.member("PUT", f"{NETWORK}/{factory_id}", {"public": True}).ok()
    owner("PUT", f"{own}/links/maison", {"public": True}).ok()
    assert world.member.get(f"{NETWORK}/{factory_id}").json["contact_phone"] == "+88012"
    assert world.anyone.get(f"/v1/factories/{factory_id}").json["members"] == [
        {"member_id": "maison", "name": "Maison"}
    ]
    assert owner("DELETE", f"{own}/links/maison").status == 204
    assert world.anyone.get(f"/v1/factories/{factory_id}").json["members"] == []
    assert "Maison" not in world.anyone.get(f"/f/{factory_id}").text
    assert world.member.get(f"{NETWORK}/{factory_id}").status == 404
    assert suppliers(world) == []
    for ending in ("csv", "geojson"):
        assert factory_id not in world.member.get(f"{NETWORK}.{ending}").ok().text
    assert keys.network("maison", factory_id) not in world.tables.keys(world.tables.registry)
    assert owner("DELETE", f"{own}/links/maison").status == 404


def test_an_audit_batch_and_the_member_do_not_revive_a_link_that_the_factory_ended(world: World) -> None:
    factory_id = world.a_factory("S-7")
    owner = world.run_by(factory_id)
    link = f"/internal/v1/factories/{factory_id}/links/maison"
    assert owner("DELETE", link).status == 204
    world.push(audit_item("S-7", 2, audit_date="2026-05-05", audit_reference="A-new")).ok()
    assert suppliers(world) == []
    refused = world.member("PUT", f"{NETWORK}/{factory_id}", {"public": True})
    assert (refused.status, "Only the factory" in refused.text) == (409, True)
    assert owner("PUT", link, {"public": True}).ok().json["links"]["maison"]["ended"] is None
    assert ids(world) == {factory_id}
    assert not suppliers(world)[0]["link"]["member_agrees"]


def test_what_the_member_ended_comes_back_by_the_member_alone(world: World) -> None:
    factory_id = world.a_factory("S-8")
    owner = world.run_by(factory_id)
    assert world.member("DELETE", f"{NETWORK}/{factory_id}").status == 204
    world.push(audit_item("S-8", 2, audit_date="2026-05-05", audit_reference="A-new")).ok()
    assert suppliers(world) == []
    assert owner("PUT", f"/internal/v1/factories/{factory_id}/links/maison", {"public": True}).status == 409
    assert world.member("DELETE", f"{NETWORK}/{factory_id}").status == 404
    world.member("PUT", f"{NETWORK}/{factory_id}", {}).ok()
    assert ids(world) == {factory_id}


def test_accepting_an_invitation_takes_up_a_link_that_was_ended(world: World) -> None:
    factory_id = world.a_factory("S-9")
    assert world.member("DELETE", f"{NETWORK}/{factory_id}").status == 204
    world.run_by(factory_id)
    assert ids(world) == {factory_id}


def test_both_endings_are_events_that_say_who_and_the_chain_holds(world: World) -> None:
    factory_id = world.a_factory()
    owner = world.run_by(factory_id)
    world.member("DELETE", f"{NETWORK}/{factory_id}")
    world.member("PUT", f"{NETWORK}/{factory_id}", {})
    owner("DELETE", f"/internal/v1/factories/{factory_id}/links/maison")
    events = history.of(f"FACTORY#{factory_id}")
    told = [(each["actor"]["kind"], each["changes"]["by"]) for each in events if each["action"] == "link_ended"]
    assert told == [("member", "member"), ("factory", "factory")]
    assert history.first_false(events) is None


def test_a_member_opens_what_is_for_the_network_by_its_own_word_never(world: World) -> None:
    factory_id = world.a_factory(factory={"name": "Mill", "country": "BD", "contact_phone": "+88012", "city": "Dhaka"})
    owner = world.run_by(factory_id)
    own = f"/internal/v1/factories/{factory_id}"
    owner("PUT", f"{own}/privacy", {"contact_phone": "network", "audits": "network"}).ok()
    stranger = world.other_member
    added = stranger("PUT", f"{NETWORK}/{factory_id}", {"public": True}).ok().json
    assert (added["name"], added["city"], added["audits"]) == ("Mill", "Dhaka", [])
    for ending in ("", ".csv", ".geojson", f"/{factory_id}"):
        assert "+88012" not in stranger.get(f"{NETWORK}{ending}").ok().text
    member_id = added["link"] and next(each for each in owner.get(own).json["links"] if each != "maison")
    owner("PUT", f"{own}/links/{member_id}", {"public": False}).ok()
    shown = stranger.get(f"{NETWORK}/{factory_id}").ok().json
    assert (shown["contact_phone"], len(shown["audits"]), shown["link"]["confirmed"]) == ("+88012", 1, True)
    assert world.anyone.get(f"/v1/factories/{factory_id}").json["members"] == []


@pytest.mark.safety("privacy.other-network")
def test_a_supplier_of_another_member_is_as_good_as_none(world: World) -> None:
    factory_id = world.a_factory()
    before = world.tables.everything()
    absent = world.other_member.get(f"{NETWORK}/BDF8QY40YGE1")
    for method in ("GET", "DELETE"):
        answer = world.other_member(method, f"{NETWORK}/{factory_id}")
        assert (answer.status, answer.text) == (404, absent.text)
    assert world.other_member.get(NETWORK).json["results"] == []
    assert factory_id not in world.other_member.get(f"{NETWORK}.csv").text
    assert world.tables.everything() == before


def test_a_cursor_of_one_member_or_question_does_not_serve_another(world: World) -> None:
    world.a_factory()
    token = network.token(_caller("maison"), Wish(), "BDF8QY40YGE1")
    assert world.member.get(f"{NETWORK}?cursor={token}").status == 200
    assert world.other_member.get(f"{NETWORK}?cursor={token}").status == 400
    assert world.member.get(f"{NETWORK}?country=BD&cursor={token}").status == 400
    assert world.member.get(f"{NETWORK}.csv?cursor=x").status == 400


def _caller(tenant: str) -> Any:
    return network.Caller("member", tenant, "test", ("network:write",))


def test_what_a_factory_keeps_to_itself_is_in_no_answer_to_its_network(world: World) -> None:
    factory_id = world.a_factory()
    owner = world.run_by(factory_id)
    owner("PUT", f"/internal/v1/factories/{factory_id}/privacy", {"audits": "private", "coordinates": "private"}).ok()
    for path in ("", ".csv", ".geojson", f"/{factory_id}"):
        text = world.member.get(f"{NETWORK}{path}").ok().text
        assert "secret@" not in text
        assert "2026-01-02" not in text.replace('"since":"2026-01-02"', "").replace("2026-01-02,no,no,no", "")


def test_a_supplier_that_was_merged_shows_as_the_record_that_it_leads_to_and_once(world: World) -> None:
    old, new = world.a_factory("S-1"), world.a_factory("S-2", member_ids=[], factory={"name": "Whole", "country": "BD"})
    code = world.a_certificate(new)

    def merged(held: Held) -> Change:
        return Change(replace(held.factory, state=State.MERGED, successor=new))

    factories.change(old, merged, Actor("staff", "staff", "test"))
    [found] = suppliers(world)
    assert (found["factory_id"], found["linked_as"], found["name"]) == (new, old, "Whole")
    assert [each["code"] for each in found["certificates"]] == [code]
    assert world.member.get(f"{NETWORK}/{old}").ok().json == found
    assert world.member.get(f"{NETWORK}/{new}").status == 404
    world.member("PUT", f"{NETWORK}/{new}", {}).ok()
    [once] = suppliers(world)
    assert once["linked_as"] == new
    assert world.member("DELETE", f"{NETWORK}/{new}").status == 204
    assert world.member("DELETE", f"{NETWORK}/{old}").status == 204
    assert suppliers(world) == []


# A network of any size


def grown_to(world: World, size: int) -> list[str]:
    """So many suppliers, each a copy of a factory: their Factory IDs in order."""
    place = {"latitude": 1, "longitude": 2}
    factory_id = world.a_factory(factory={"name": "Mill", "country": "BD", "coordinates": place})
    world.a_certificate(factory_id)
    tables = world.tables
    copied = [keys.factory(factory_id), keys.network("maison", factory_id), public_keys.factory_page(factory_id)]
    found = [factory_id, *(f"BD{number:010d}" for number in range(size - 1))]
    for key, table in zip(copied, (tables.registry, tables.registry, tables.public), strict=True):
        item = tables.client.get_item(TableName=table, Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}})["Item"]
        text = json.dumps(item)
        puts = [{"PutRequest": {"Item": json.loads(text.replace(factory_id, other))}} for other in found[1:]]
        for start in range(0, len(puts), 25):
            tables.client.batch_write_item(RequestItems={table: puts[start : start + 25]})
    return sorted(found)


def test_2_500_suppliers_are_listed_completely_over_pages(world: World) -> None:
    many = grown_to(world, 2500)
    assert [each["factory_id"] for each in suppliers(world)] == many
    assert network.networks.parts("maison", 1000) == ["", many[999], many[1999]]
    assert network.networks.parts("maison", 2500) == [""]


def test_files_hold_every_supplier_and_come_in_parts_that_name_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = grown_to(world, 60)
    content = world.member.get(f"{NETWORK}.xlsx").ok().content
    assert [cells[0] for _, cells in spreadsheet.rows(content, 3000)[1:]] == many
    places = world.member.get(f"{NETWORK}.geojson").ok().json["features"]
    assert [each["id"] for each in places] == many
    assert places[0]["geometry"]["coordinates"] == [2, 1]
    monkeypatch.setattr(network, "MOST_IN_FILE", 25)
    found: list[str] = []
    address = f"{NETWORK}.csv?country=BD"
    for _ in range(3):
        answer = world.member.get(address).ok()
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert {row["certificates_valid"] for row in rows} == {"1"}
        found += [row["factory_id"] for row in rows]
        link = answer.headers.get("link", "")
        address = link.partition("8000")[2].partition(">")[0]
    assert (found, link) == (many, "")


def test_a_page_looks_at_so_many_suppliers_at_the_most_and_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = grown_to(world, 120)
    assert network.MOST_LOOKED == 1000
    monkeypatch.setattr(network, "MOST_LOOKED", 100)
    asked: list[str] = []
    reading = network.networks.reader.factories
    monkeypatch.setattr(network.networks.reader, "factories", lambda found: asked.extend(found) or reading(found))
    first = world.member.get(f"{NETWORK}?q={many[-1]}").ok().json
    assert (first["results"], len(asked)) == ([], 100)
    assert first["next_cursor"]
    assert ids(world, f"q={many[-1]}") == {many[-1]}


def test_a_file_too_large_for_an_answer_is_a_413_that_says_what_to_do(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.a_factory()
    monkeypatch.setattr(network, "MOST_FILE_BYTES", 100)
    answer = world.member.get(f"{NETWORK}.csv")
    assert (answer.status, "filter" in answer.json["detail"]) == (413, True)


# What falls due


def test_the_next_audits_are_habits_of_scheduling_by_scope_and_a_day_to_come_is_no_last_audit() -> None:
    audits = [
        PublicAudit("social", "initial", None, "2024-06-30"),
        PublicAudit("social", "follow_up", None, "2025-04-10"),
        PublicAudit("environmental", "initial", None, "2025-05-31"),
        PublicAudit("social", "re_audit", None, "2026-08-01"),
    ]
    environmental, social = last_audits(audits, TODAY)
    assert (social.date, social.months_ago, social.habit) == (date(2025, 4, 10), 14, Habit.RE_AUDIT_SOON)
    assert (social.follow_up_usual_by, social.re_audit_usual_by) == (None, date(2026, 6, 30))
    assert (environmental.habit, environmental.follow_up_usual_by) == (Habit.FOLLOW_UP_USUAL, date(2026, 5, 31))
    [first] = last_audits([PublicAudit("social", "initial", None, "2026-05-01")], TODAY)
    assert (first.habit, first.months_ago) == (Habit.RECENT, 1)


@given(st.dates(date(1990, 1, 31), date(2090, 1, 1)), st.integers(0, 60))
def test_months_are_counted_back_as_they_were_added(day: date, months: int) -> None:
    assert months_between(day, months_after(day, months)) == months


def test_certificates_end_within_30_60_and_90_days_counting_the_last_day() -> None:
    held = [a_certificate(f"C{days}", date.fromordinal(TODAY.toordinal() + days)) for days in (-1, 0, 30, 31, 90, 91)]
    assert [each.code for each in expiring(held, TODAY, 30)] == ["C0", "C30"]
    assert [each.code for each in expiring(held, TODAY, 90)] == ["C0", "C30", "C31", "C90"]
    withdrawn = a_certificate("CW", date(2026, 6, 20), said=Standing.WITHDRAWN)
    assert expiring([withdrawn], TODAY, 90) == []


def test_a_certificate_that_another_of_its_standard_makes_up_for_needs_no_asking() -> None:
    old, new = a_certificate("C1", date(2026, 1, 1)), a_certificate("C2", date(2028, 1, 1))
    soon, other = a_certificate("C3", date(2026, 7, 1)), a_certificate("C4", date(2026, 1, 1), "oeko")
    suspended = a_certificate("C5", date(2027, 1, 1), said=Standing.SUSPENDED)
    assert attention([old, new, soon], TODAY, 90) == []
    assert attention([old, soon], TODAY, 90) == [soon]
    assert attention([new, other, suspended], TODAY, 90) == [other, suspended]


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Wish(country="BD"), True),
        (Wish(country="IN"), False),
        (Wish(q="st screen"), True),
        (Wish(q="S.T. Scr"), True),
        (Wish(q="BD-F8QY4"), True),
        (Wish(q="mill"), False),
        (Wish(category="knitwear"), True),
        (Wish(category="bags"), False),
        (Wish(standing="suspended"), True),
        (Wish(standing="valid"), True),
        (Wish(standing="none"), False),
        (Wish(expiring="30"), False),
        (Wish(expiring="60"), True),
        (Wish(audit_older="12"), True),
        (Wish(audit_older="18"), False),
        (Wish(link="wants_factory"), True),
        (Wish(link="public"), False),
        (Wish(run_by="nobody"), True),
        (Wish(run_by="factory"), False),
    ],
)
def test_each_filter_admits_those_that_fit(wanted: Wish, fits: bool) -> None:
    told = a_supplier(
        fields={"name": "S.T. Screen", "country": "BD", "product_categories": ["knitwear"]},
        link=Link(Source.MEMBER, "2026-01-01", member_agrees=True),
        audits=(PublicAudit("social", "initial", None, "2025-04-10"),),
        certificates=(
            a_certificate("C1", date(2026, 8, 1)),
            a_certificate("C2", date(2027, 8, 1), said=Standing.SUSPENDED),
        ),
    )
    assert admits(wanted, told, TODAY) is fits


def test_filters_by_http_and_faults_that_name_each(world: World) -> None:
    one = world.a_factory("S-1")
    two = world.a_factory("S-2", factory={"name": "Surat Mill", "country": "IN"})
    code = world.a_certificate(one, valid_to=date.fromordinal(clock.today().toordinal() + 45).isoformat())
    assert ids(world, "country=in") == {two}
    assert ids(world, f"q={quote('meghna st')}") == {one}
    assert ids(world, "expiring=60") == {one}
    assert ids(world, "expiring=30") == set()
    assert ids(world, "standing=none") == {two}
    assert ids(world, "run_by=nobody&link=private") == {one, two}
    world.certifier("POST", f"/internal/v1/certificates/{code}/standing", {"standing": "suspended", "reason": "x"}).ok()
    assert ids(world, "standing=suspended") == {one}
    answer = world.member.get(f"{NETWORK}?expiring=7&standing=x&country=Bangladesh")
    assert (answer.status, len(answer.json["errors"])) == (400, 3)


# Files that are safe to open


@pytest.mark.safety("exports.cells")
@given(st.text())
def test_no_cell_of_a_csv_begins_as_a_formula_does(text: str) -> None:
    read = list(csv.reader(io.StringIO(sheet.written(["a", "b"], [[text, f" {text}"]]), newline="")))
    assert len(read) == 2
    for cell in read[1]:
        assert not cell.startswith(RUNNABLE)
        assert not cell.lstrip().startswith(RUNNABLE)
    assert read[1][0].replace("'", "") == text.replace("'", "")


@pytest.mark.safety("exports.cells")
@pytest.mark.parametrize("separator", [";", "\t"])
@given(st.text(st.sampled_from("ab\"';,\t\n =+-@")))
@example(";=cmd|' /C calc'!A0")
def test_nor_does_one_where_a_spreadsheet_takes_another_separator(separator: str, text: str) -> None:
    for line in sheet.written(["a", "b"], [["x", text]]).splitlines():
        for cell in line.split(separator)[1:]:
            assert not cell.lstrip(' "').startswith(("=", "+", "-", "@"))


def test_a_place_in_the_south_or_west_is_a_number_in_a_csv() -> None:
    assert sheet.written(["latitude", "longitude"], [[-33.5, -7], ["-33.5", ""]]).splitlines()[1:] == [
        "-33.5,-7",
        "'-33.5,",
    ]


@given(st.lists(st.lists(st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text()), max_size=4)))
def test_a_workbook_is_ascii_keeps_every_text_and_holds_no_formula(rows: list[list[object]]) -> None:
    written = workbook.written(["first"], rows)
    assert written.isascii()
    content = written.encode()
    book = openpyxl.load_workbook(io.BytesIO(content))
    for cells, row in zip(book.active.iter_rows(min_row=2), rows, strict=False):
        for cell, value in zip(cells, row, strict=False):
            assert cell.data_type != "f"
            if isinstance(value, str) and value.isprintable() and value:
                assert cell.value == value
                assert cell.quotePrefix
            if isinstance(value, int) and not isinstance(value, bool):
                assert cell.value == value
    assert spreadsheet.rows(content, 1)[0][1] == ["first"]


@pytest.mark.safety("exports.cells")
@pytest.mark.parametrize("start", RUNNABLE)
def test_a_factory_named_as_a_formula_is_text_in_both_files(world: World, start: str) -> None:
    evil = f"{start.strip() or '='}cmd|' /C calc'!A1"
    world.a_factory(factory={"name": evil, "country": "BD"})
    [row] = csv.DictReader(io.StringIO(world.member.get(f"{NETWORK}.csv").ok().text))
    assert row["name"] == f"'{evil}"
    answer = world.member.get(f"{NETWORK}.xlsx").ok()
    assert answer.headers["content-type"] == workbook.MEDIA
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    sheet_of = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    [cell] = [cell for cell in sheet_of[2] if cell.value == evil]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_a_file_is_never_kept(world: World) -> None:
    for kind in network.KINDS:
        answer = world.member.get(f"{NETWORK}.{kind}").ok()
        assert answer.headers["cache-control"] == responses.NO_STORE
        assert answer.headers["x-content-type-options"] == "nosniff"
