"""Many rows of a certifier at once, and the list of its certificates: its own only. See SAFETY: Portal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain.errors import Unavailable
from chalicelib.internal import access
from chalicelib.internal import certificates as api
from chalicelib.store.registry import certificates, certified, history
from tests.stack import Tables
from tests.world import Answer, Caller, World

PATH = "/internal/v1/certificates/batch"


def send(caller: Caller, *rows: Any, query: str = "", **headers: str) -> Answer:
    return caller("POST", PATH + query, {"rows": list(rows)}, **headers)


def outcomes(answer: Answer) -> list[str]:
    return [each["outcome"] for each in answer.ok().json["results"]]


@pytest.fixture
def factory_id(world: World) -> str:
    return world.a_factory()


def test_each_row_gets_its_answer_and_a_bad_one_hinders_no_other(world: World, factory_id: str) -> None:
    owner = world.run_by(factory_id)
    declared = world.certificate_body(factory_id, number="D 1", certifier="Sureseal")
    code = owner("POST", "/internal/v1/certificates", declared).ok().json["code"]
    world.a_certificate(factory_id, number="OLD 1")
    world.other_certifier(
        "POST", "/internal/v1/certificates", world.certificate_body(factory_id, number="FOREIGN 1")
    ).ok()
    good = world.certificate_body(factory_id, number="NEW 1")
    named = {"standard_id": "gots", "reason": "Dirty water", "effective": "2026-02-01"}
    answer = send(
        world.certifier,
        good,
        world.certificate_body(factory_id, number="D 1"),
        world.certificate_body(factory_id, number="OLD 1"),
        world.certificate_body(factory_id, number="OLD 1", scope="Something else"),
        world.certificate_body("BD-00000-00000"),
        world.certificate_body(factory_id, number="X 1", standard_id="nothing"),
        {**good, "valid_to": "1999-01-01"},
        5,
        {**named, "number": "old-1", "standing": "suspended"},
        {**named, "number": "old-1", "standing": "suspended"},
        {**named, "number": "FOREIGN 1", "standing": "withdrawn"},
        {**named, "number": "NEW 1", "standing": "withdrawn"},
        {"standing": "suspended", "reason": "x"},
        {**named, "number": "old-1", "standing": "active", "effective": "2099-01-01"},
        {**named, "code": "C-0KYBS-HR946", "standing": "withdrawn"},
    )
    assert outcomes(answer) == [
        *("created", "updated", "unchanged", "conflict", "rejected", "rejected", "rejected", "rejected"),
        *("updated", "unchanged", "rejected", "updated", "rejected", "rejected", "rejected"),
    ]
    results = answer.json["results"]
    assert [each["index"] for each in results] == list(range(15))
    assert results[1]["code"] == code
    assert all(each["detail"] for each in results if each["outcome"] in ("conflict", "rejected"))
    assert answer.json["counts"] == {"created": 1, "updated": 3, "unchanged": 2, "conflict": 1, "rejected": 8}
    page = world.anyone.get(f"/v1/certificates/{results[0]['code']}").json
    assert (page["status"], page["status_reason"]) == ("withdrawn", "Dirty water")


def test_a_foreign_certificate_is_as_good_as_none_and_stays_as_it_is(world: World, factory_id: str) -> None:
    code = world.a_certificate(factory_id)
    before = world.tables.everything()
    for named in ({"code": code}, {"number": "CU 123-456", "standard_id": "gots"}, {"code": "C-0KYBS-HR946"}):
        for query in ("", "?dry_run=1"):
            row = {**named, "standing": "withdrawn", "reason": "x"}
            [result] = send(world.other_certifier, row, query=query).ok().json["results"]
            assert (result["outcome"], result["detail"], result["factory_id"]) == (
                "rejected",
                "There is no such certificate of yours." if "0KYBS" not in json.dumps(named) else result["detail"],
                None,
            )
    assert world.tables.everything() == before
    assert [
        each["outcome"] for each in send(world.other_certifier, world.certificate_body(factory_id)).json["results"]
    ] == ["conflict"]


def test_a_dry_run_foretells_what_the_batch_then_does_and_writes_nothing(world: World, factory_id: str) -> None:
    row = world.certificate_body(factory_id)
    suspended = {"number": "CU123456", "standard_id": "gots", "standing": "suspended", "reason": "x"}
    rows = [row, row, suspended, suspended, {**row, "scope": "Other"}, {**suspended, "number": "nobody 1"}]
    before = world.tables.everything()
    foretold = send(world.certifier, *rows, query="?dry_run=1")
    assert world.tables.everything() == before
    assert outcomes(foretold) == ["created", "unchanged", "updated", "unchanged", "conflict", "rejected"]
    assert outcomes(send(world.certifier, *rows)) == outcomes(foretold)


def test_a_batch_under_a_key_gets_the_same_reply_and_another_body_is_refused(world: World, factory_id: str) -> None:
    row = world.certificate_body(factory_id)
    first = send(world.certifier, row, Idempotency_Key="k1").ok()
    before = world.tables.everything()
    assert send(world.certifier, row, Idempotency_Key="k1").text == first.text
    assert send(world.certifier, {**row, "number": "2"}, Idempotency_Key="k1").status == 422
    assert world.tables.everything() == before
    assert outcomes(send(world.certifier, row)) == ["unchanged"]
    assert outcomes(send(world.other_certifier, row, Idempotency_Key="k1")) == ["conflict"]


def test_the_same_as_csv(world: World, factory_id: str) -> None:
    text = (
        "Factory ID;Number;Standard;Scope;Valid from;Valid to;Products;GDTI\r\n"
        f"{factory_id[:2]}-{factory_id[2:7]}-{factory_id[7:]};CSV 1;gots;Knit;2026-01-01;2099-12-31;Socks,Shirts;\r\n"
        f"{factory_id};CSV 2;gots;Knitting;yesterday;2099-12-31;;\r\n"
    )
    answer = world.certifier("POST", PATH, text.encode(), Content_Type="text/csv")
    assert outcomes(answer) == ["created", "rejected"]
    assert "/valid_from" in answer.json["results"][1]["detail"]
    changed = "number,standard_id,standing,reason,effective\r\nCSV 1,gots,Suspended,Dirty water,2026-02-02\r\n"
    assert outcomes(world.certifier("POST", PATH, changed.encode(), Content_Type="text/csv; charset=utf-8")) == [
        "updated"
    ]
    for wrong in ("", "number\r\n", "number,nonsense\r\n1,2\r\n", "number,number\r\n1,2\r\n", "\x00"):
        assert world.certifier("POST", PATH, wrong.encode(), Content_Type="text/csv").status == 400, wrong


@pytest.fixture
def busy(ministack: Tables, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A world on an engine that stands several writers, with four of them."""
    monkeypatch.setattr(access, "SETTINGS", replace(access.SETTINGS, sync_workers=4))
    yield from World.begun(ministack, monkeypatch)


def test_side_by_side_no_row_is_lost_and_those_of_one_factory_keep_their_order(busy: World) -> None:
    factories = [busy.a_factory(f"S-{n}") for n in range(6)]
    rows: list[dict[str, Any]] = []
    for number in range(4):
        for place, factory_id in enumerate(factories):
            rows.append(busy.certificate_body(factory_id, number=f"P {place} {number}"))
    named = [{"number": f"P {place} 0", "standard_id": "gots", "reason": "x"} for place in range(6)]
    rows += [{**each, "standing": standing} for standing in ("suspended", "active", "withdrawn") for each in named]
    answer = send(busy.certifier, *rows)
    assert answer.json["counts"] == {"created": 24, "updated": 18, "unchanged": 0, "conflict": 0, "rejected": 0}
    for result in answer.json["results"][:6]:
        standings = [each["standing"] for each in busy.anyone.get(f"/v1/certificates/{result['code']}").json["history"]]
        assert standings == ["active", "suspended", "active", "withdrawn"]


def test_what_was_applied_before_the_registry_was_out_of_reach_stays_and_the_same_batch_goes_on(
    world: World, factory_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = certificates.register, iter(range(9))

    def unreachable(*arguments: Any) -> Any:
        if next(calls):
            raise Unavailable("The registry could not be reached just now.")
        return real(*arguments)

    rows = [world.certificate_body(factory_id, number=f"N {n}") for n in range(2)]
    monkeypatch.setattr(certificates, "register", unreachable)
    lost = send(world.certifier, *rows, Idempotency_Key="k")
    assert (lost.status, "send the same batch again" in lost.json["detail"]) == (503, True)
    monkeypatch.setattr(certificates, "register", real)
    assert outcomes(send(world.certifier, *rows, Idempotency_Key="k")) == ["created", "created"]


def test_more_than_500_rows_or_a_million_bytes_are_refused(world: World) -> None:
    assert send(world.certifier, *[{}] * 501).status == 413
    assert world.certifier("POST", PATH, b"number\r\n" + b"1\r\n" * 501, Content_Type="text/csv").status == 413
    assert world.certifier("POST", PATH, b"x" * 1_000_001, Content_Type="text/csv").status == 413
    assert send(world.certifier).status == 400
    assert send(world.member, {}).status == 403


@pytest.mark.safety("portal.who-when-why")
def test_who_when_and_why_are_kept_for_every_standing_changed(world: World, factory_id: str) -> None:
    code = world.a_certificate(factory_id)
    rows = [
        {"code": code, "standing": standing, "reason": f"because {standing}", "effective": "2026-02-02"}
        for standing in ("suspended", "active", "withdrawn")
    ]
    send(world.certifier, *rows).ok()
    events = history.of(f"CERTIFICATE#{code}")
    assert [(each["action"], each["reason"]) for each in events] == [
        ("confirmed", None),
        ("standing", "because suspended"),
        ("standing", "because active"),
        ("standing", "because withdrawn"),
    ]
    assert {each["actor"]["tenant"] for each in events} == {"sureseal"}
    assert all(each["at"] and each["actor"]["by"] for each in events)
    assert history.first_false(events) is None


def test_a_certifier_lists_what_it_confirmed_and_a_factory_what_it_holds(world: World, factory_id: str) -> None:
    other = world.a_factory("S-2", factory={"name": "Padma Weaving", "country": "BD"})
    mine = world.a_certificate(factory_id)
    second = world.a_certificate(other, number="PW 9")
    world.other_certifier("POST", "/internal/v1/certificates", world.certificate_body(factory_id, number="F 1")).ok()
    send(world.certifier, {"code": mine, "standing": "suspended", "reason": "x"}).ok()

    def listed(caller: Caller, query: str = "") -> list[str]:
        return [each["code"] for each in caller.get(f"/internal/v1/certificates{query}").ok().json["results"]]

    assert listed(world.certifier) == sorted([mine, second])
    assert listed(world.certifier, "?status=suspended") == [mine]
    assert listed(world.certifier, "?status=valid") == [second]
    assert listed(world.certifier, "?number=pw-9") == [second]
    assert listed(world.certifier, "?holder=padma") == [second]
    assert listed(world.certifier, f"?holder={factory_id}") == [mine]
    assert listed(world.certifier, "?standard=other") == []
    assert len(listed(world.run_by(factory_id))) == 2
    assert listed(world.staff, f"?holder={other}") == [second]
    assert world.staff.get("/internal/v1/certificates").status == 400
    assert world.member.get("/internal/v1/certificates").status == 403
    assert world.certifier.get("/internal/v1/certificates?status=nonsense").status == 400
    assert world.certifier.get("/internal/v1/certificates?cursor=nonsense").status == 400
    owner = world.run_by(other, "b@mill.example")
    assert owner.get(f"/internal/v1/certificates?holder={factory_id}").status == 404


def test_a_long_list_goes_on_page_by_page_with_none_left_out(
    world: World, factory_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = sorted(world.a_certificate(factory_id, number=f"N {n}") for n in range(7))
    monkeypatch.setattr(api, "PAGE", 3)
    monkeypatch.setattr(certified, "AT_ONCE", 2)
    for sought in ("", "&holder=meghna"):
        found, token = [], ""
        while token is not None:
            page = world.certifier.get(f"/internal/v1/certificates?cursor={token}{sought}").ok().json
            found += [each["code"] for each in page["results"]]
            token = page["next_cursor"]
        assert found == codes
    monkeypatch.setattr(certified, "MOST_LOOKED_AT", 2)
    page = world.certifier.get("/internal/v1/certificates?number=nowhere").ok().json
    assert page["results"] == []
    assert page["next_cursor"] is not None
    assert (
        world.other_certifier.get(f"/internal/v1/certificates?number=nowhere&cursor={page['next_cursor']}").status
        == 400
    )


def test_a_statement_of_today_needs_no_day(world: World, factory_id: str) -> None:
    code = world.a_certificate(factory_id)
    assert outcomes(send(world.certifier, {"code": code, "standing": "withdrawn", "reason": "x"})) == ["updated"]
    last = world.anyone.get(f"/v1/certificates/{code}").json["history"][-1]
    assert last["at"] == clock.today().isoformat()
