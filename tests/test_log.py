"""The log of changes: what is written with each change of standing, how it gets its number, what anyone is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from chalicelib import clock
from chalicelib.domain import hash_tiles, jws, log, merkle
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.log import Entry, What
from chalicelib.internal import errands
from chalicelib.store import log_keys, log_reader, public_table
from chalicelib.store.registry import certificates as on_record
from chalicelib.store.registry import changelog, checkpoints, sequencer
from tests.local_kms import LocalKms, keys_in_process
from tests.test_known_at import HISTORIES
from tests.test_signing import verify
from tests.world import Answer, World

SUSPENDED = {"standing": "suspended", "reason": "Rahima Secretova found wastewater over the limit"}


@pytest.fixture
def code(world: World) -> str:
    """A certificate that was confirmed, and not yet numbered."""
    return world.a_certificate(world.a_factory())


@pytest.fixture
def signs(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalKms]:
    """A registry that signs."""
    monkeypatch.setenv("SIGNING_KEY", "first")
    with keys_in_process() as local:
        yield local


def say(world: World, code: str, standing: str, **more: Any) -> Answer:
    body = {"standing": standing, "reason": "Because", **more}
    return world.certifier("POST", f"/internal/v1/certificates/{code}/standing", body).ok()


def logged(world: World, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.anyone.get(f"/v1/log/entries{query}").ok().json["results"]
    return found


def ago(days: int) -> str:
    return (clock.today() - timedelta(days)).isoformat()


def assert_whole(world: World) -> list[Entry]:
    """The whole log: numbered from 0 without a gap, chained, and its tree as its entries say."""
    entries = [log.entry(each) for each in logged(world, "?limit=1000")]
    assert [each.number for each in entries] == list(range(len(entries)))
    previous = log.GENESIS
    for each in entries:
        assert each.previous == previous
        previous = log.chain_hash(each)
    lines: dict[str, int] = {}
    for each in entries:
        lines[each.code] = lines.get(each.code, 0) + 1
        assert each.line == lines[each.code]
    assert log_reader.hashes([(0, len(entries))]) == [merkle.root([log.leaf(each) for each in entries])]
    return entries


@given(HISTORIES)
def test_what_is_said_later_only_adds_lines(each: Certificate) -> None:
    lines = log.lines_of(each)
    assert [line.line for line in lines] == list(range(1, len(lines) + 1))
    for length in range(len(each.history)):
        earlier = replace(each, history=each.history[:length])
        assert log.lines_of(earlier) == lines[: len(lines) - len(each.history) + length]


def test_each_change_of_standing_becomes_an_entry_in_order(world: World, code: str) -> None:
    for standing in ("suspended", "active", "withdrawn"):
        say(world, code, standing)
    assert logged(world) == []
    assert sequencer.run() == 4
    entries = assert_whole(world)
    assert [each.what for each in entries] == [What.CONFIRMED, What.SUSPENDED, What.REINSTATED, What.WITHDRAWN]
    assert [each.standing for each in entries] == ["active", "suspended", "active", "withdrawn"]
    assert {(each.code, each.standard) for each in entries} == {(code, "gots")}
    assert changelog.waiting() == []
    assert sequencer.run() == 0


def test_what_changes_nothing_of_the_standing_is_no_entry(world: World, code: str) -> None:
    sequencer.run()
    say(world, code, "suspended")
    say(world, code, "suspended")
    factory_id = on_record.load(code).holder_id
    owner = world.run_by(factory_id)
    etag = owner.get(f"/internal/v1/factories/{factory_id}").etag
    owner("PATCH", f"/internal/v1/factories/{factory_id}", {"city": "Gazipur"}, If_Match=etag).ok()
    assert sequencer.run() == 1


def test_a_declared_certificate_is_logged_as_declared_and_then_as_confirmed(world: World) -> None:
    factory_id = world.a_factory()
    owner = world.run_by(factory_id)
    body = world.certificate_body(factory_id, certifier="Sureseal")
    declared = owner("POST", "/internal/v1/certificates", body).ok().json["code"]
    assert world.a_certificate(factory_id) == declared
    sequencer.run()
    assert [(each.line, each.what, each.standing) for each in assert_whole(world)] == [
        (1, What.DECLARED, None),
        (2, What.CONFIRMED, "active"),
    ]


def test_an_entry_names_nobody_and_tells_no_reason(world: World, code: str) -> None:
    say(world, code, **SUSPENDED)
    sequencer.run()
    checkpoints.make()
    items = [each for each in world.tables.scan(world.tables.public) if each["pk"]["S"].startswith("LOG")]
    told = json.dumps(items).lower()
    for secret in ("secretova", "wastewater", "meghna", "sureseal", "cu 123", world.certifier.key.split("_")[1]):
        assert secret not in told
    assert code.lower() in told


def test_the_hash_of_an_event_can_be_opened_by_who_sees_the_event_and_guessed_by_nobody(
    world: World, code: str
) -> None:
    say(world, code, **SUSPENDED)
    sequencer.run()
    events = world.certifier.get(f"/internal/v1/events?record={code}").ok().json["results"]
    assert [each["hash"] for each in events] == [each["event"] for each in logged(world)]
    assert all(len(bytes.fromhex(each["salt"])) == 16 for each in events)
    assert len({each["salt"] for each in events}) == len(events)
    assert "salt" not in world.staff.get("/internal/v1/events?record=member:maison").text


def test_a_backdated_change_is_flagged_wherever_it_shows(world: World, code: str) -> None:
    say(world, code, "withdrawn", effective=ago(40))
    sequencer.run()
    checkpoints.make()
    proof = world.anyone.get(f"/v1/log/proof/inclusion?code={code}").ok().json
    assert (proof["entry"]["effective"], proof["backdated"]) == (ago(40), True)
    assert proof["entry"]["recorded"][:10] == ago(0)
    page = world.anyone.get(f"/c/{code}/log").ok().text
    assert "to hold since" in page
    assert f'datetime="{ago(40)}"' in page


def test_a_change_of_the_day_is_not_flagged(world: World, code: str) -> None:
    say(world, code, "suspended")
    sequencer.run()
    checkpoints.make()
    assert not world.anyone.get(f"/v1/log/proof/inclusion?code={code}&line=2").ok().json["backdated"]
    assert "holds since then" in world.anyone.get(f"/c/{code}/log").text


def test_what_was_known_at_an_instant_is_what_the_log_had_recorded_by_then(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = clock.now()
    for days, standing in ((1, "suspended"), (2, "active"), (3, "withdrawn")):
        monkeypatch.setattr(clock, "now", lambda days=days: begin + timedelta(days))
        say(world, code, standing, effective=(begin + timedelta(days - 1)).date().isoformat())
    monkeypatch.setattr(clock, "now", lambda: begin + timedelta(9))
    sequencer.run()
    entries = logged(world)
    for days in range(5):
        instant = clock.instant(begin + timedelta(days))
        on = (begin + timedelta(days)).date().isoformat()
        answer = world.anyone.get(f"/v1/certificates/{code}?known_at={instant}&on={on}").ok().json
        known = [each for each in entries if each["recorded"] <= instant and each["effective"] <= on]
        assert answer["status"] == known[-1]["standing"].replace("active", "valid")
    history = world.anyone.get(f"/v1/certificates/{code}").ok().json["history"]
    assert [(each["standing"], each["at"], each["recorded_at"]) for each in history] == [
        (each["standing"], each["effective"], each["recorded"]) for each in entries
    ]


def test_what_has_no_number_yet_is_shown_as_recorded(world: World, code: str) -> None:
    waiting = world.anyone.get(f"/c/{code}/log").ok().text
    assert "will be in the next checkpoint" in waiting
    assert "Entry" not in waiting
    sequencer.run()
    numbered = world.anyone.get(f"/c/{code}/log").text
    assert "Entry" in numbered
    assert "Proof" not in numbered
    assert world.anyone.get(f"/v1/log/proof/inclusion?code={code}").status == 404
    checkpoints.make()
    assert "/v1/log/proof/inclusion?entry=0&amp;size=1" in world.anyone.get(f"/c/{code}/log").text


def test_what_a_draft_holds_is_logged_once_it_shows(world: World) -> None:
    invited = {"email": "new@mill.example", "name": "New Mill", "country": "IN"}
    world.member("POST", "/internal/v1/invitations", invited).ok()
    accepted = world.accept(world.mailed[-1][1]).ok()
    owner, factory_id = world.signed_in(accepted), accepted.json["factory_id"]
    code = world.a_certificate(factory_id)
    other = world.a_certificate(world.a_factory(), number="CU 7")
    assert sequencer.run() == 1
    assert code not in json.dumps(world.tables.scan(world.tables.public))
    assert world.anyone.get(f"/c/{code}/log").status == 404
    owner("POST", f"/internal/v1/factories/{factory_id}/publish").ok()
    assert sequencer.run() == 1
    assert [each.code for each in assert_whole(world)] == [other, code]


def test_many_changes_fill_partitions_and_tiles_without_a_gap(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_keys, "STRETCH", 4)
    for name, value in (("HEIGHT", 2), ("WIDTH", 4)):
        monkeypatch.setattr(hash_tiles, name, value)
    for each in range(37):
        wait(code, each + 1, stamp(each))
    assert sequencer.run() == 37
    assert len(assert_whole(world)) == 37
    assert [each["number"] for each in logged(world, "?from=3&limit=20")] == list(range(3, 23))
    assert logged(world, "?from=37") == []
    checkpoints.make()
    for number in (0, 15, 16, 31, 32, 36):
        assert_included(world, number)
        assert_included(world, number, number + 1)
        assert_consistent(world, number + 1)


def wait(code: str, line: int, recorded: str) -> None:
    """As if a change had been recorded then."""
    changelog.Waiting(log.Line(code, line, "suspended", "suspended", "2026-01-01", recorded, "gots"), None).item.save()


def stamp(number: int) -> str:
    return f"2026-01-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z"


def assert_included(world: World, number: int, size: int | None = None) -> None:
    asked = f"entry={number}" + (f"&size={size}" if size else "")
    proof = world.anyone.get(f"/v1/log/proof/inclusion?{asked}").ok().json
    hashes = [bytes.fromhex(each) for each in proof["proof"]]
    leaf = log.leaf(log.entry(proof["entry"]))
    assert leaf.hex() == proof["leaf_hash"]
    [root] = log_reader.hashes([(0, proof["size"])])
    assert merkle.verify_inclusion(number, proof["size"], leaf, hashes, root)


def assert_consistent(world: World, old: int) -> None:
    proof = world.anyone.get(f"/v1/log/proof/consistency?from={old}").ok().json
    roots = log_reader.hashes([(0, old), (0, proof["to"])])
    assert proof["checkpoint"]["root"] == roots[1].hex()
    assert merkle.verify_consistency(old, proof["to"], *roots, [bytes.fromhex(each) for each in proof["proof"]])


def test_a_line_whose_clock_went_back_keeps_its_place_behind_the_one_before(world: World, code: str) -> None:
    wait(code, 2, "2026-05-02T00:00:00Z")
    wait(code, 3, "2026-05-01T00:00:00Z")
    assert sequencer.run() == 3
    assert [each.line for each in assert_whole(world)] == [1, 2, 3]


def test_a_line_whose_predecessors_stand_nowhere_goes_on_waiting(world: World, code: str) -> None:
    wait(code, 4, "2026-05-02T00:00:00Z")
    assert sequencer.run() == 1
    assert [each.line.line for each in changelog.waiting()] == [4]
    wait(code, 2, "2026-05-01T00:00:00Z")
    wait(code, 3, "2026-05-01T00:00:00Z")
    assert sequencer.run() == 3
    assert [each.line for each in assert_whole(world)] == [1, 2, 3, 4]


def test_a_checkpoint_is_made_once_a_day_and_when_staff_ask(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert world.anyone.get("/v1/log/checkpoint").status == 404
    assert errands.handler({"source": "aws.events"}, None) == {"logged": 1, "mailed": 0, "warned": 0}
    first = world.anyone.get("/v1/log/checkpoint").ok().json
    assert (first["size"], first["signed"]) == (1, None)
    say(world, code, "suspended")
    assert errands.handler({"source": "aws.events"}, None)["logged"] == 1
    assert world.anyone.get("/v1/log/checkpoint").json == first
    asked = world.staff("POST", "/internal/v1/log/checkpoints")
    assert (asked.status, asked.json["size"]) == (201, 2)
    tomorrow = clock.now() + timedelta(1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    errands.handler({"source": "aws.events"}, None)
    told = world.anyone.get("/v1/log/checkpoints").ok().json
    assert [each["size"] for each in told["results"]] == [1, 2, 2]
    assert told["results"][-1]["at"] == clock.instant(tomorrow)
    part = world.anyone.get("/v1/log/checkpoints?limit=2").json
    rest = world.anyone.get(f"/v1/log/checkpoints?after={part['next_after'].replace('#', '%23')}").json
    assert part["results"] + rest["results"] == told["results"]
    assert world.member("POST", "/internal/v1/log/checkpoints").status == 403


def test_nothing_in_the_log_is_no_checkpoint(world: World) -> None:
    assert checkpoints.daily() is None
    assert world.staff("POST", "/internal/v1/log/checkpoints").status == 409
    assert "None yet" in world.anyone.get("/log").ok().text


@pytest.mark.usefixtures("code")
def test_a_checkpoint_is_signed_by_a_key_that_anyone_can_look_up(world: World, signs: LocalKms) -> None:
    made = world.staff("POST", "/internal/v1/log/checkpoints").ok().json
    header, payload, signed, raw = jws.read(made["signed"])
    document = world.anyone.get("/.well-known/did.json").ok().json
    method = next(each for each in document["verificationMethod"] if each["id"] == header["kid"])
    verify(method["publicKeyJwk"], signed, raw)
    assert (header["alg"], header["typ"]) == ("ES256", "log-checkpoint+jws")
    assert payload == {**{name: made[name] for name in ("size", "root", "head", "at")}, "log": "http://127.0.0.1:8000"}
    assert signs.calls.count("Sign") == 1


def test_if_the_keys_cannot_be_reached_entries_get_numbers_and_the_checkpoint_waits(
    world: World, signs: LocalKms, code: str
) -> None:
    signs.broken = True
    with pytest.raises(Unavailable):
        errands.log_changes()
    assert [each["code"] for each in logged(world)] == [code]
    assert world.anyone.get("/v1/log/checkpoint").status == 404
    signs.broken = False
    errands.log_changes()
    assert world.anyone.get("/v1/log/checkpoint").json["signed"]


def test_a_certificate_changes_even_while_the_log_cannot_be_numbered(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise Unavailable("The registry could not be reached just now.")

    monkeypatch.setattr(sequencer, "head", broken)
    say(world, code, "withdrawn")
    with pytest.raises(Unavailable):
        errands.log_changes()
    assert world.anyone.get(f"/v1/certificates/{code}").json["status"] == "withdrawn"
    monkeypatch.undo()
    assert errands.log_changes() == 2


def test_what_was_on_record_before_the_log_began_is_taken_in_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    factory_id = world.a_factory()
    with monkeypatch.context() as before:
        before.setattr(changelog, "note", lambda *_: None)
        codes = [world.a_certificate(factory_id, number=f"CU {number}") for number in range(3)]
        owner = world.run_by(factory_id)
        body = world.certificate_body(factory_id, certifier="Another", number="OWN 1")
        codes.append(owner("POST", "/internal/v1/certificates", body).ok().json["code"])
        say(world, codes[0], "suspended")
    say(world, codes[0], "active")
    assert sequencer.run() == 3
    for expected in (3, 0):
        adopted, cursor = 0, ""
        while cursor is not None:
            told = world.staff("POST", f"/internal/v1/log/adoptions?cursor={cursor}").ok().json
            adopted, cursor = adopted + told["adopted"], told["next_cursor"]
        assert adopted == expected
        assert sequencer.run() == expected
    entries = assert_whole(world)
    assert {each.code for each in entries} == set(codes)
    assert [each.event is None for each in entries] == [True, True, False, True, True, True]


def test_proofs_are_refused_where_there_is_nothing_to_prove(world: World, code: str) -> None:
    sequencer.run()
    for path in ("inclusion?entry=0", "consistency?from=1"):
        assert world.anyone.get(f"/v1/log/proof/{path}").status == 404
    checkpoints.make()
    for path, status in {
        "inclusion?entry=1": 404,
        "inclusion?entry=-1": 400,
        "inclusion": 400,
        "inclusion?entry=0&size=2": 404,
        "inclusion?entry=0&size=0": 404,
        f"inclusion?code={code}&line=0": 404,
        f"inclusion?code={code}&line=9": 404,
        f"inclusion?code={code[:-1]}": 400,
        "consistency?from=0": 400,
        "consistency?from=2": 400,
        "consistency?from=1&to=2": 404,
        "consistency": 400,
    }.items():
        assert world.anyone.get(f"/v1/log/proof/{path}").status == status, path
    for path in ("entries?from=x", "entries?limit=0", "entries?limit=1001", "entries?code=x", "checkpoints?after=é"):
        assert world.anyone.get(f"/v1/log/{path}").status == 400, path
    assert logged(world, "?code=CM9S346Q3D5") == []


def test_the_pages_say_what_the_log_is_and_a_certificate_leads_to_its_lines(world: World, code: str) -> None:
    sequencer.run()
    checkpoints.make()
    about = world.anyone.get("/log").ok().text
    assert "factory-id log-audit" in about
    assert log_reader.extent().checkpoint.root in about  # type: ignore[union-attr]
    assert f"/c/{code}/log" in world.anyone.get(f"/c/{code}").ok().text
    missing = world.anyone.get("/c/C00000000000/log")
    assert missing.status == 400


def test_a_proof_costs_three_requests_of_the_table_and_the_certificates_page_still_one(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sequencer.run()
    checkpoints.make()
    asked: list[str] = []
    kept = public_table._call
    monkeypatch.setattr(public_table, "_call", lambda name, said: asked.append(name) or kept(name, said))
    world.anyone.get(f"/v1/log/proof/inclusion?code={code}").ok()
    assert asked == ["GetItem", "GetItem"]
    say(world, code, "suspended")
    sequencer.run()
    checkpoints.make()
    asked.clear()
    world.anyone.get("/v1/log/proof/inclusion?entry=1").ok()
    assert asked == ["GetItem", "Query", "BatchGetItem"]
    asked.clear()
    world.anyone.get(f"/c/{code}").ok()
    assert asked == ["GetItem"]
