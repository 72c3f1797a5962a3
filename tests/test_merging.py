"""Merging, moving, closing: what each caller and scanner sees before, meanwhile and after it is undone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalicelib.store import reader
from chalicelib.store.registry import commit, factories, history
from chalicelib.store.registry.factories import Change
from chalicelib.store.registry.history import Actor, Happening
from tests.test_lifecycle import certificate
from tests.world import Caller, World, audit_item

WHY = {"reason": "Registered twice"}
GLN = "4006381333931"


@dataclass
class Twins:
    """One factory on record twice: ``old`` is the record that is to lead to ``new``."""

    world: World
    old: str
    new: str
    code: str
    number: str = "CU 123-456"

    def act(self, action: str, factory_id: str, **body: Any) -> Any:
        return self.world.staff("POST", f"/internal/v1/factories/{factory_id}/{action}", {**WHY, **body})

    def merge(self) -> Any:
        return self.act("merge", self.old, into=self.new).ok().json

    def public(self, factory_id: str) -> dict[str, Any]:
        """The public JSON of a factory, but for the instants at which it was made and last changed."""
        told = self.world.anyone.get(f"/v1/factories/{factory_id}").ok().json
        for part in (told, *told["certificates"]):
            part.pop("checked_at", None), part.pop("updated_at", None)
        return told

    def cards(self, words: str) -> dict[str, dict[str, Any]]:
        found = self.world.anyone.get(f"/v1/directory?q={words}").ok().json["results"]
        return {card["factory_id"]: card for card in found}


@pytest.fixture
def twins(world: World) -> Twins:
    old = world.a_factory("S-1", version=1)
    fields = {"name": "Padma Knit Composite", "country": "BD", "city": "Dhaka"}
    new = world.a_factory("S-2", factory=fields)
    return Twins(world, old, new, world.a_certificate(old))


def chain(record: str) -> list[dict[str, Any]]:
    found = history.of(record, limit=1000)
    assert history.first_false(found) is None
    return found


def test_merging_and_undoing_restores_every_public_answer_exactly(twins: Twins) -> None:
    world = twins.world
    paths = ["/v1/directory?q=screen", "/v1/directory?q=padma", "/v1/directory?country=BD&valid=1", f"/414/{GLN}"]

    def seen() -> list[Any]:
        listed = [world.anyone.get(path).ok().json["results"] for path in paths[:3]]
        return [twins.public(twins.old), twins.public(twins.new), *listed, reader.certificate(twins.code)]

    before = seen()
    twins.merge()
    assert seen() != before
    twins.act("unmerge", twins.old).ok()
    assert seen() == before


@pytest.mark.safety("resolver.one-redirect")
def test_a_merged_code_says_so_and_leads_to_the_survivor_without_a_redirect(twins: Twins) -> None:
    twins.merge()
    told = twins.public(twins.old)
    assert (told["status"], told["successor"]) == ("merged", twins.new)
    assert told["status_since"] is not None
    for path in (f"/f/{twins.old}", f"/F/{twins.old}", f"/414/{GLN}"):
        page = twins.world.anyone.get(path)
        assert page.status == 200
        assert page.text.index("merged into another") < page.text.index("<h1>")
        assert f'href="/f/{twins.new}"' in page.text
    assert twins.world.anyone.get(f"/qr/f/{twins.old}.svg").status == 200


def test_the_survivor_shows_the_audits_and_certificates_and_the_certificate_answers_as_printed(twins: Twins) -> None:
    twins.merge()
    told = twins.public(twins.new)
    assert told["merged_from"] == [twins.old]
    assert [(each["code"], each["status"]) for each in told["certificates"]] == [(twins.code, "valid")]
    assert len(told["audits"]) == 1
    page = twins.world.anyone.get(f"/f/{twins.new}").text
    assert f"/c/{twins.code}" in page
    assert "were merged into this one" in page
    answer = twins.world.anyone.get(f"/v1/certificates/{twins.code}").json
    assert answer["holder"] == {"factory_id": twins.old, "name": "Meghna S.T. Screen Ltd"}
    assert "1 confirmed" in twins.world.anyone.get(f"/badge/f/{twins.new}.svg").text


def test_a_withdrawal_after_the_merge_shows_on_the_survivor_at_once(twins: Twins) -> None:
    twins.merge()
    body = {"standing": "withdrawn", "reason": "Fraud"}
    twins.world.certifier("POST", f"/internal/v1/certificates/{twins.code}/standing", body).ok()
    assert [each["status"] for each in twins.public(twins.new)["certificates"]] == ["withdrawn"]


def test_it_is_found_under_its_old_name_with_a_word_on_what_became_of_it(twins: Twins) -> None:
    twins.merge()
    card = twins.cards("screen")[twins.old]
    assert (card["state"], card["successor"]) == ("merged", twins.new)
    page = twins.world.anyone.get("/factories?q=meghna+screen").text
    assert "Merged into another record on" in page
    assert f'href="/f/{twins.new}"' in page


def test_a_later_sync_of_the_merged_site_is_answered_with_the_survivor_and_shows_there(twins: Twins) -> None:
    twins.merge()
    item = audit_item("S-1", 2, audit_reference="A-9", audit_date="2026-08-09")
    [result] = twins.world.push(item).ok().json["results"]
    assert (result["outcome"], result["factory_id"]) == ("updated", twins.new)
    assert "2026-08-09" in [audit["date"] for audit in twins.public(twins.new)["audits"]]
    assert twins.public(twins.new)["name"] == "Padma Knit Composite"
    twins.act("unmerge", twins.old).ok()
    assert "2026-08-09" in [audit["date"] for audit in twins.public(twins.old)["audits"]]
    assert "2026-08-09" not in [audit["date"] for audit in twins.public(twins.new)["audits"]]
    [again] = twins.world.push(item).ok().json["results"]
    assert (again["outcome"], again["factory_id"]) == ("unchanged", twins.old)


def test_who_ran_the_merged_record_gets_no_power_over_the_survivor_nor_the_reverse(twins: Twins) -> None:
    of_old = twins.world.run_by(twins.old, "old@mill.example")
    of_new = twins.world.run_by(twins.new, "new@mill.example")
    twins.merge()
    assert of_old.get(f"/internal/v1/factories/{twins.new}").status == 404
    assert of_new.get(f"/internal/v1/factories/{twins.old}").status == 404
    etag = of_old.get(f"/internal/v1/factories/{twins.old}").ok().etag
    refused = of_old("PATCH", f"/internal/v1/factories/{twins.old}", {"city": "X"}, If_Match=etag)
    assert (refused.status, "was merged into" in refused.json["detail"]) == (409, True)
    hidden = of_old("PUT", f"/internal/v1/factories/{twins.old}/privacy", {"audits": "private"}).ok()
    assert hidden.json["privacy"]["audits"] == "private"
    assert "2026-01-02" not in [audit["date"] for audit in twins.public(twins.old)["audits"]]


def test_an_invitation_to_the_merged_record_opens_nothing_until_the_merge_is_undone(twins: Twins) -> None:
    world = twins.world
    asked = {"email": "late@mill.example", "factory_id": twins.old}
    world.member("POST", "/internal/v1/invitations", asked).ok()
    token = world.mailed[-1][1]
    twins.merge()
    assert world.accept(token).status == 410
    assert world.member("POST", "/internal/v1/invitations", asked).status == 409
    twins.act("unmerge", twins.old).ok()
    assert world.accept(token).status == 200


def test_nothing_new_is_certified_on_the_merged_record_but_what_it_holds_is_known_under_both_ids(twins: Twins) -> None:
    twins.merge()
    certifier, path = twins.world.certifier, "/internal/v1/certificates"
    fresh = certifier("POST", path, twins.world.certificate_body(twins.old, number="NEW 1"))
    assert (fresh.status, "was merged into" in fresh.json["detail"]) == (409, True)
    for factory_id in (twins.old, twins.new):
        known = certifier("POST", path, twins.world.certificate_body(factory_id))
        assert (known.status, known.json["code"]) == (200, twins.code)
    assert certifier("POST", path, twins.world.certificate_body(twins.new, number="NEW 1")).status == 201


def test_a_brand_sees_the_survivor_once_with_all_that_is_known_of_it(twins: Twins) -> None:
    twins.merge()
    [supplier] = twins.world.member.get("/internal/v1/network").ok().json["results"]
    assert supplier["factory_id"] == twins.new
    assert [each["code"] for each in supplier["certificates"]] == [twins.code]
    page = twins.world.anyone.get(f"/v1/factories/{twins.new}").json
    assert supplier["audits"] == page["audits"]
    refused = twins.world.other_member("PUT", f"/internal/v1/network/{twins.old}", {"public": True})
    assert refused.status == 409


def test_a_product_made_there_says_that_the_record_was_merged(twins: Twins) -> None:
    product = twins.world.a_product(twins.old)
    twins.merge()
    assert "merged into another" in twins.world.anyone.get(f"/01/{product}").text
    assert twins.world.anyone.get(f"/v1/products/{product}").json["factories"][0]["successor"] == twins.new


def test_each_action_is_one_event_on_each_record_touched_with_actor_and_reason(twins: Twins) -> None:
    for _ in range(2):
        twins.merge()
    for _ in range(2):
        twins.act("unmerge", twins.old).ok()
    for record, actions in ((twins.old, ["merged", "unmerged"]), (twins.new, ["merged_here", "unmerged_here"])):
        found = chain(f"FACTORY#{record}")[-2:]
        assert [each["action"] for each in found] == actions
        assert {each["reason"] for each in found} == {WHY["reason"]}
        assert {each["actor"]["kind"] for each in found} == {"staff"}
    assert len(chain(f"FACTORY#{twins.new}")) == 3


@pytest.mark.safety("resolver.one-redirect")
def test_chains_and_loops_are_refused_with_the_way_out(twins: Twins) -> None:
    third = twins.world.a_factory("S-3", factory={"name": "Third", "country": "BD"})
    twins.merge()
    assert twins.act("merge", twins.new, into=twins.old).status == 409
    assert "led twice" in twins.act("merge", twins.new, into=third).json["detail"]
    assert "leads to" in twins.act("merge", third, into=twins.old).json["detail"]
    assert twins.act("merge", twins.old, into=third).status == 409
    assert twins.act("close", twins.old).status == 409
    assert twins.act("merge", third, into=twins.new).status == 200
    assert twins.public(twins.new)["merged_from"] == sorted([twins.old, third])


def test_the_record_that_stands_in_most_lists_merges_in_one_transaction(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"Alpha{letter} Beta{letter} Gamma{letter}" for letter in "abcdefghijkl"]
    fields = {"name": "Mill", "country": "BD", "gln": GLN, "aliases": names, "product_categories": [*"abcdefgh"]}
    old = world.a_factory("S-1", factory=fields)
    new = world.a_factory("S-2", factory={**fields, "name": "Other"})
    held = [replace(certificate(f"C{number}", old), standard_id=f"std-{number}") for number in range(8)]
    wanted = {each.code: (each, Happening("confirmed", {})) for each in held}
    factories.change(old, lambda held: Change(held.factory, certificates=wanted), Actor("staff", "staff", "test"))
    sizes: list[int] = []
    send = commit.Commit._send
    monkeypatch.setattr(commit.Commit, "_send", lambda self: (sizes.append(len(self)), send(self)))
    world.staff("POST", f"/internal/v1/factories/{old}/merge", {**WHY, "into": new}).ok()
    assert sizes == [48]
    assert len(reader.factory(new).certificates) == 8
    world.staff("POST", f"/internal/v1/factories/{old}/unmerge", WHY).ok()


def test_a_move_under_the_same_id_tells_since_when_and_from_where(twins: Twins) -> None:
    told = twins.act("move", twins.old, address="17 Mill Road", city="Gazipur", effective="2026-03-01").ok().json
    assert (told["status"], told["status_since"], told["successor"]) == ("moved", "2026-03-01", None)
    public = twins.public(twins.old)
    assert (public["city"], public["moved_from"]) == ("Gazipur", {"city": "Dhaka"})
    page = twins.world.anyone.get(f"/f/{twins.old}").text
    assert "This factory has moved" in page
    assert "Former address:" in page
    assert "describes the former place" not in page
    assert "Moved to this address on" in twins.world.anyone.get("/factories?q=screen").text
    assert chain(f"FACTORY#{twins.old}")[-1]["changes"]["city"] == {"from": "Dhaka", "to": "Gazipur"}
    assert twins.act("reopen", twins.old).ok().json["status"] == "open"
    assert twins.public(twins.old)["moved_from"] is None


def test_a_move_into_another_id_leaves_certificates_behind_and_can_be_undone(twins: Twins) -> None:
    before = twins.public(twins.old), twins.public(twins.new)
    twins.act("move", twins.old, into=twins.new, effective="2026-03-01").ok()
    assert (twins.public(twins.old)["status"], twins.public(twins.old)["successor"]) == ("moved", twins.new)
    assert twins.public(twins.new)["certificates"] == []
    assert "describes the former place" in twins.world.anyone.get(f"/f/{twins.old}").text
    twins.act("reopen", twins.old).ok()
    assert (twins.public(twins.old), twins.public(twins.new)) == before


def test_a_closed_factory_says_since_when_and_is_found_and_opens_again(twins: Twins) -> None:
    for _ in range(2):
        twins.act("close", twins.old, effective="2026-02-01").ok()
    assert twins.public(twins.old)["status_since"] == "2026-02-01"
    assert "Closed since" in twins.world.anyone.get("/factories?q=screen").text
    assert len(chain(f"FACTORY#{twins.old}")) == 2
    assert twins.act("reopen", twins.old).ok().json["status"] == "open"
    assert twins.act("reopen", twins.old).ok().json["status"] == "open"
    assert len(chain(f"FACTORY#{twins.old}")) == 3


@pytest.mark.parametrize(
    ("action", "body", "pointer"),
    [
        ("merge", {"into": "nonsense"}, "/into"),
        ("merge", {}, "/into"),
        ("merge", {"into": "BD1SW0HXR0ZW", "reason": ""}, "/reason"),
        ("move", {}, "/address"),
        ("move", {"into": "BD1SW0HXR0ZW", "city": "Gazipur"}, "/city"),
        ("close", {"effective": "2099-01-01"}, "/effective"),
        ("reopen", {"into": "BD1SW0HXR0ZW"}, "/into"),
        ("unmerge", {"reason": None}, "/reason"),
    ],
)
def test_what_is_missing_or_wrong_is_named(twins: Twins, action: str, body: dict[str, Any], pointer: str) -> None:
    answer = twins.act(action, twins.old, **body)
    assert answer.status == 400
    assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]


def test_only_staff_may_do_any_of_it_and_an_unknown_record_is_not_found(twins: Twins) -> None:
    world = twins.world
    others: list[Caller] = [world.member, world.certifier, world.ics, world.run_by(twins.old)]
    for action in ("merge", "unmerge", "move", "close", "reopen"):
        for caller in others:
            answer = caller("POST", f"/internal/v1/factories/{twins.old}/{action}", {**WHY, "into": twins.new})
            assert answer.status == 403, action
        body = {"into": twins.new} if action == "merge" else {"city": "X"} if action == "move" else {}
        assert twins.act(action, "BDF8QY40YGE1", **body).status == 404
    assert factories.need(twins.old).factory.state == "open"


def test_who_gave_the_same_gln_twice_and_was_merged_is_found_by_it(twins: Twins) -> None:
    own = twins.world.run_by(twins.new)
    etag = own.get(f"/internal/v1/factories/{twins.new}").etag
    own("PATCH", f"/internal/v1/factories/{twins.new}", {"gln": GLN}, If_Match=etag).ok()
    assert "a mistake" in twins.world.anyone.get(f"/414/{GLN}").text
    twins.merge()
    assert "Padma Knit Composite" in twins.world.anyone.get(f"/414/{GLN}").text
    assert twins.world.anyone.get(f"/find?q={GLN}").headers["location"].endswith(f"/f/{twins.new}")


def test_a_factory_that_another_changed_meanwhile_is_decided_anew(
    twins: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = twins.world.a_factory("S-3", factory={"name": "Third", "country": "BD"})
    real, read = factories.need, []

    def need(factory_id: str) -> factories.Held:
        held = real(factory_id)
        if factory_id == twins.new and not read:
            read.append(factory_id)
            twins.act("merge", twins.new, into=third).ok()
        return held

    monkeypatch.setattr(factories, "need", need)
    answer = twins.act("merge", twins.old, into=twins.new)
    assert (answer.status, "leads to" in answer.json["detail"]) == (409, True)
    assert real(twins.old).factory.successor is None


def test_a_factory_that_hides_its_audits_hides_those_of_records_merged_into_it(twins: Twins) -> None:
    owner, page = twins.world.run_by(twins.new), f"/v1/factories/{twins.new}"
    twins.world.push(audit_item("S-1", 2, audit_reference="A-9", audit_date="2026-08-09")).ok()
    twins.merge()
    assert len(twins.world.anyone.get(page).json["audits"]) == 2
    path = f"/internal/v1/factories/{twins.new}/privacy"
    stale = owner("PUT", path, {"audits": "private"}, If_Match='"1"')
    assert (stale.status, len(twins.world.anyone.get(page).json["audits"])) == (412, 2)
    owner("PUT", path, {"audits": "network"}).ok()
    assert twins.world.anyone.get(page).json["audits"] == []
    assert twins.world.anyone.get(f"/v1/factories/{twins.old}").json["audits"] == []
    owner("PUT", path, {"audits": "public"}).ok()
    assert len(twins.world.anyone.get(page).json["audits"]) == 1
    assert chain(f"FACTORY#{twins.old}")[-1]["action"] == "privacy"
