"""What a certifier sends again, late or at once, takes back nothing that was said in the meantime."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.errors import Unavailable
from chalicelib.store import both_tables, keys, public_keys
from chalicelib.store.registry import certificates, factories, history, lookup, replies
from infra.check.others import wrong_reply
from tests.world import Answer, World

PATH = "/internal/v1/certificates/batch"
SURVEYED = {"standing": "active", "reason": "Surveillance audit passed"}


@pytest.fixture
def code(world: World) -> str:
    """A certificate that is suspended."""
    code = world.a_certificate(world.a_factory())
    say(world, code, "suspended", "Waste water")
    return code


def say(world: World, code: str, standing: str, reason: str, **headers: str) -> Answer:
    path = f"/internal/v1/certificates/{code}/standing"
    return world.certifier("POST", path, {"standing": standing, "reason": reason}, **headers)


def status(world: World, code: str) -> str:
    return str(world.anyone.get(f"/v1/certificates/{code}").ok().json["status"])


def events(code: str) -> list[str]:
    return [each["reason"] for each in history.of(f"CERTIFICATE#{code}") if each["action"] == "standing"]


def send(world: World, rows: list[dict[str, Any]], key: str = "k") -> Answer:
    return world.certifier("POST", PATH, {"rows": rows}, **({"Idempotency_Key": key} if key else {}))


def cut_off(world: World, monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, Any]], key: str = "k") -> None:
    """Send a batch of which the first change of standing is applied, before the registry is out of reach."""
    real, calls = certificates.change_standing, iter(range(9))

    def unreachable(*arguments: Any, **named: Any) -> Any:
        if next(calls):
            raise Unavailable("The registry could not be reached just now.")
        return real(*arguments, **named)

    monkeypatch.setattr(certificates, "change_standing", unreachable)
    assert send(world, rows, key).status == 503
    monkeypatch.setattr(certificates, "change_standing", real)


@pytest.mark.parametrize("day", [{}, {"effective": "2026-02-01"}])
@pytest.mark.parametrize("key", ["k", ""])
def test_a_batch_sent_again_leaves_withdrawn_what_was_withdrawn_meanwhile(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch, day: dict[str, str], key: str
) -> None:
    other = world.a_certificate(world.a_factory("S-2"), number="N 2")
    rows = [{"code": code, **SURVEYED, **day}, {"code": other, "standing": "suspended", "reason": "Wages"}]
    cut_off(world, monkeypatch, rows, key)
    assert status(world, code) == "valid"
    say(world, code, "withdrawn", "Forged tests").ok()
    before = events(code)
    answer = send(world, rows, key).ok().json["results"]
    assert (status(world, code), events(code)) == ("withdrawn", before)
    assert [each["outcome"] for each in answer] == ["updated" if key else "conflict", "updated"]


def test_a_row_that_was_applied_is_told_again_and_not_repeated_whatever_was_said_since(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = world.a_certificate(world.a_factory("S-2"), number="N 2")
    rows = [{"code": each, "standing": "suspended", "reason": "Wages"} for each in (code, other)]
    cut_off(world, monkeypatch, rows)
    say(world, code, "active", "Wages were paid").ok()
    again = send(world, rows).ok()
    assert again.json["results"][0] == {
        "index": 0,
        "outcome": "updated",
        "code": code,
        "factory_id": world.anyone.get(f"/v1/certificates/{code}").json["holder"]["factory_id"],
        "detail": None,
    }
    assert [status(world, each) for each in (code, other)] == ["valid", "suspended"]
    assert send(world, rows).text == again.text
    rows[0]["reason"] = "Else"
    assert send(world, rows).status == 422


def test_a_row_that_had_nothing_to_say_before_takes_no_withdrawal_back_later(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    valid = world.a_certificate(world.a_factory("S-2"), number="N 2")
    rows = [{"code": valid, **SURVEYED}, {"code": code, **SURVEYED}]
    cut_off(world, monkeypatch, rows)
    say(world, valid, "withdrawn", "Forged tests").ok()
    results = send(world, rows).ok().json["results"]
    assert [each["outcome"] for each in results] == ["conflict", "updated"]
    assert [status(world, each) for each in (valid, code)] == ["withdrawn", "valid"]


@pytest.mark.parametrize("standing", ["active", "suspended"])
def test_no_row_takes_a_withdrawal_back_and_its_certifier_does_so_by_itself(
    world: World, code: str, standing: str
) -> None:
    say(world, code, "withdrawn", "Forged tests").ok()
    before = world.tables.everything()
    row = {"code": code, "standing": standing, "reason": "Not forged after all"}
    foretold = world.certifier("POST", f"{PATH}?dry_run=1", {"rows": [row]}).ok().json["results"]
    [result] = send(world, [row], key="").ok().json["results"]
    assert foretold == [result]
    assert result["outcome"] == "conflict"
    assert "A list cannot take that back" in result["detail"]
    assert world.tables.everything() == before
    assert send(world, [{**row, "standing": "withdrawn"}], key="").ok().json["counts"]["updated"] == 1
    say(world, code, standing, "Not forged after all").ok()
    assert status(world, code) == {"active": "valid"}.get(standing, standing)


@pytest.mark.safety("mechanisms.idempotency-record")
def test_what_a_row_came_to_is_written_in_the_very_transaction_of_its_event_and_page(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = world.certificate_body(world.a_factory("S-2"), number="NEW 1")
    transact, sent = both_tables.transact, []

    def noted(actions: Any, token: str) -> None:
        sent.append({place_of(action) for action in actions})
        transact(actions, token)

    monkeypatch.setattr(both_tables, "transact", noted)
    results = send(world, [{"code": code, **SURVEYED}, new]).ok().json["results"]
    say(world, code, "suspended", "Wages", Idempotency_Key="s").ok()
    with_notes = [places for places in sent if any(sk.startswith("ROW#") for _, sk in places)]
    changed = [(code, 3), (results[1]["code"], 1), (code, 4)]
    assert len(with_notes) == 3
    for places, (each, event) in zip(with_notes, changed, strict=True):
        assert {keys.event(f"CERTIFICATE#{each}", event), public_keys.certificate_page(each)} <= places
    place = replies.Request("certifier:sureseal", "k", "").place
    notes = lookup.items(keys.row("certifier:sureseal", place, index) for index in range(2))
    assert [wrong_reply(each) for each in notes] == [[], []]


def test_a_batch_overtaken_by_its_own_twin_says_nothing_after_what_was_said_since(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(world, code, "active", "Clean water").ok()
    rows = [{"code": code, "standing": "suspended", "reason": "Wages"}]
    commit = factories.commit

    def overtaken(*arguments: Any) -> Any:
        monkeypatch.setattr(factories, "commit", commit)
        send(world, rows).ok()
        say(world, code, "active", "Wages were paid").ok()
        return commit(*arguments)

    monkeypatch.setattr(factories, "commit", overtaken)
    assert send(world, rows).ok().json["results"][0]["outcome"] == "updated"
    assert status(world, code) == "valid"
    assert events(code).count("Wages") == 1


def test_a_statement_under_a_key_is_said_once_however_late_it_comes_again(world: World, code: str) -> None:
    other = world.a_certificate(world.a_factory("S-2"), number="N 2")
    first = say(world, code, "active", "Clean water", Idempotency_Key="s").ok()
    say(world, code, "withdrawn", "Forged tests").ok()
    before = world.tables.everything()
    assert say(world, code, "active", "Clean water", Idempotency_Key="s").ok().text == first.text
    assert say(world, code, "active", "Other water", Idempotency_Key="s").status == 422
    assert say(world, other, "active", "Clean water", Idempotency_Key="s").status == 422
    assert send(world, [{"code": code, **SURVEYED}], key="s").status == 422
    assert say(world, code, "active", "Clean water", Idempotency_Key="s" * 201).status == 400
    assert status(world, code) == "withdrawn"
    assert world.tables.everything() == before


def test_a_statement_whose_reply_was_lost_before_it_was_kept_is_not_said_again_either(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: Any) -> str:
        raise Unavailable("The registry could not be reached just now.")

    remember = replies.remember
    monkeypatch.setattr(replies, "remember", unreachable)
    assert say(world, code, "active", "Clean water", Idempotency_Key="s").status == 503
    monkeypatch.setattr(replies, "remember", remember)
    assert status(world, code) == "valid"
    say(world, code, "withdrawn", "Forged tests").ok()
    again = say(world, code, "active", "Clean water", Idempotency_Key="s").ok()
    assert again.json["history"][-1]["standing"] == "withdrawn"
    assert (status(world, code), events(code).count("Clean water")) == ("withdrawn", 1)
    assert say(world, code, "active", "Clean water", Idempotency_Key="s").text == again.text


def place_of(action: dict[str, Any]) -> tuple[str, str]:
    """Which item an action of a transaction is about."""
    [about] = action.values()
    item = about.get("Item") or about["Key"]
    return item["pk"]["S"], item["sk"]["S"]
