"""Invitations and products that are sent again under their ``Idempotency-Key`` are made once."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.errors import Unavailable
from chalicelib.internal import inviting
from chalicelib.store import both_tables, keys
from chalicelib.store.registry import invitation_items as items
from chalicelib.store.registry import lookup, products, replies
from infra.check.others import wrong_reply
from tests.test_certificate_retries import place_of
from tests.world import Answer, World

INVITATIONS = "/internal/v1/invitations"
PRODUCTS = "/internal/v1/products"
ROWS = [
    {"email": "a@padma.example", "name": "Padma Weaving", "country": "BD"},
    {"email": "b@meghna.example", "name": "Meghna Dyeing", "country": "BD"},
]


def send(world: World, key: str = "k", rows: list[dict[str, Any]] | None = None) -> Answer:
    headers = {"Idempotency_Key": key} if key else {}
    return world.member("POST", INVITATIONS, {"invitations": ROWS if rows is None else rows}, **headers)


def shirt(world: World) -> dict[str, Any]:
    stages = [{"process": "sewing", "factory_id": world.a_factory()}]
    return {"brand": "Maison", "name": "Shirt", "category": "shirts", "stages": stages}


def notes() -> list[Any]:
    """What is kept of the rows sent under the key ``k``, in their order."""
    place = replies.Request("", "k", "").place
    kept = lookup.items(keys.row("member:maison", place, at) for at in range(2))
    return sorted(kept, key=lambda each: str(each.sk))


def test_a_batch_sent_again_under_its_key_invites_and_mails_nobody_twice(world: World) -> None:
    first = send(world).ok()
    again = send(world).ok()
    assert again.json == first.json
    assert [each["outcome"] for each in again.json["results"]] == ["created", "created"]
    assert (len(items.lines("maison")), len(world.mailed)) == (2, 2)


def test_one_invitation_sent_again_under_its_key_is_the_same_one_whatever_became_of_it(world: World) -> None:
    wanted = {**ROWS[0], "unless_likely": True}
    first = world.member("POST", INVITATIONS, wanted, Idempotency_Key="k")
    world.accept(world.mailed[0][1]).ok()
    again = world.member("POST", INVITATIONS, wanted, Idempotency_Key="k")
    assert (first.status, again.status) == (201, 201)
    assert again.json["invitation_id"] == first.json["invitation_id"]
    assert (again.json["state"], "duplicates" in again.json) == ("accepted", False)
    assert (len(items.lines("maison")), len(world.mailed)) == (1, 1)


def test_likely_duplicates_are_told_again_and_the_factory_that_came_of_it_is_none(world: World) -> None:
    held = world.a_factory(factory={"name": "Padma Weaving", "country": "BD"})
    told = [each["factory_id"] for each in send(world).ok().json["results"][0]["duplicates"]]
    world.accept(world.mailed[0][1]).ok()
    again = [each["factory_id"] for each in send(world).ok().json["results"][0]["duplicates"]]
    assert (told, again) == ([held], [held])


def test_what_a_batch_did_not_come_to_is_done_when_it_is_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = inviting.record

    def second_fails(member: Any, wanted: Any, once: Any) -> Any:
        if wanted.email == ROWS[1]["email"]:
            raise Unavailable("The registry could not be reached just now.")
        return record(member, wanted, once)

    monkeypatch.setattr(inviting, "record", second_fails)
    first = send(world).ok().json["results"]
    monkeypatch.setattr(inviting, "record", record)
    again = send(world).ok().json["results"]
    assert [each["outcome"] for each in first] == ["created", "rejected"]
    assert [each["outcome"] for each in again] == ["created", "created"]
    assert again[0] == first[0]
    assert [address for address, _ in world.mailed] == [row["email"] for row in ROWS]


def test_a_batch_overtaken_by_its_own_twin_invites_nobody_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    write, twins = items.write, []

    def overtaken(*arguments: Any) -> None:
        monkeypatch.setattr(items, "write", write)
        twins.append(send(world).ok())
        write(*arguments)

    monkeypatch.setattr(items, "write", overtaken)
    assert send(world).ok().json == twins[0].json
    assert (len(items.lines("maison")), len(world.mailed)) == (2, 2)


def test_the_key_is_of_one_body_and_one_member_and_has_at_most_two_hundred_characters(world: World) -> None:
    send(world).ok()
    before = world.tables.everything()
    assert send(world, rows=[ROWS[1], ROWS[0]]).status == 422
    assert world.member("POST", INVITATIONS, ROWS[0], Idempotency_Key="k").status == 422
    assert world.member("POST", PRODUCTS, {}, Idempotency_Key="k" * 201).status == 400
    assert send(world, key="k" * 201).status == 400
    assert world.tables.everything() == before
    other = world.other_member("POST", INVITATIONS, {"invitations": ROWS}, Idempotency_Key="k").ok()
    assert [each["outcome"] for each in other.json["results"]] == ["created", "created"]
    assert len(world.mailed) == 4


def test_without_a_key_the_same_invitation_is_sent_as_often_as_it_is_asked_for(world: World) -> None:
    for _ in range(2):
        send(world, key="").ok()
    assert (len(items.lines("maison")), len(world.mailed)) == (4, 4)


def test_what_is_kept_of_a_request_is_written_with_the_invitation_and_holds_no_address(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    transact, sent = both_tables.transact, []

    def noted(actions: Any, token: str) -> None:
        sent.append({place_of(action) for action in actions})
        transact(actions, token)

    monkeypatch.setattr(both_tables, "transact", noted)
    results = send(world).ok().json["results"]
    with_notes = [places for places in sent if any(sk.startswith("ROW#") for _, sk in places)]
    for places, each in zip(with_notes, results, strict=True):
        assert (f"INVITATION#{each['invitation_id']}", "RECORD") in places
    kept = notes()
    assert [each.body["result"]["invitation_id"] for each in kept] == [each["invitation_id"] for each in results]
    assert [wrong_reply(each) for each in kept] == [[], []]
    bodies = world.tables.bodies(world.tables.registry, "IDEMPOTENCY#member:")
    assert (len(bodies), "@" in str(bodies)) == (2, False)


def test_a_product_sent_again_under_its_key_keeps_its_code(world: World) -> None:
    wanted = shirt(world)
    first = world.member("POST", PRODUCTS, wanted, Idempotency_Key="k")
    again = world.member("POST", PRODUCTS, wanted, Idempotency_Key="k")
    assert (first.status, again.status, again.text) == (201, 201, first.text)
    assert len(world.member.get(PRODUCTS).ok().json["results"]) == 1
    assert world.member("POST", PRODUCTS, {**wanted, "name": "Other"}, Idempotency_Key="k").status == 422
    assert world.member("POST", PRODUCTS, wanted).json["product_id"] != first.json["product_id"]


def test_a_product_whose_reply_was_lost_before_it_was_kept_keeps_its_code_and_what_was_said_since(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: Any) -> str:
        raise Unavailable("The registry could not be reached just now.")

    wanted, remember = shirt(world), replies.remember
    monkeypatch.setattr(replies, "remember", unreachable)
    assert world.member("POST", PRODUCTS, wanted, Idempotency_Key="k").status == 503
    monkeypatch.setattr(replies, "remember", remember)
    [held] = world.member.get(PRODUCTS).ok().json["results"]
    world.member("PUT", f"{PRODUCTS}/{held['product_id']}", {**wanted, "name": "Blouse"}).ok()
    again = world.member("POST", PRODUCTS, wanted, Idempotency_Key="k").ok().json
    assert (again["product_id"], again["name"]) == (held["product_id"], "Blouse")
    assert [wrong_reply(each) for each in notes()] == [[]]


def test_a_product_overtaken_by_its_own_twin_is_made_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, write, twins = shirt(world), products._write, []

    def overtaken(*arguments: Any, **named: Any) -> Any:
        monkeypatch.setattr(products, "_write", write)
        twins.append(world.member("POST", PRODUCTS, wanted, Idempotency_Key="k").ok())
        return write(*arguments, **named)

    monkeypatch.setattr(products, "_write", overtaken)
    assert world.member("POST", PRODUCTS, wanted, Idempotency_Key="k").json == twins[0].json
    assert len(world.member.get(PRODUCTS).ok().json["results"]) == 1
