"""Invitations as programs send them: one or many, and factories that are on record already. See SAFETY: Invitations."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.internal import invitations as api
from chalicelib.store.registry import duplicates, invitations, people
from chalicelib.store.registry import invitation_items as items
from chalicelib.store.registry.history import Actor
from chalicelib.store.registry.people import Role
from tests.world import World, audit_item

PATH = "/internal/v1/invitations"


@pytest.fixture
def kolmilata(world: World) -> str:
    fields = {**audit_item()["factory"], "name": "Kolmilata Knit Ltd.", "city": "Gazipur"}
    return world.a_factory("S-9", factory=fields)


def asked(**more: Any) -> dict[str, Any]:
    return {"email": "office@kolmilata.example", "name": "KOLMILATA KNIT", "country": "BD", **more}


def test_a_likely_duplicate_is_told_with_why_and_the_invitation_goes_as_before(world: World, kolmilata: str) -> None:
    answer = world.member("POST", PATH, asked(city="Gazipur")).ok()
    assert answer.status == 201
    [found] = answer.json["duplicates"]
    assert (found["factory_id"], found["reasons"]) == (kolmilata, ["same_name", "same_city", "same_country"])
    assert len(world.mailed) == 1


def test_with_unless_likely_nothing_is_sent_until_somebody_decided(world: World, kolmilata: str) -> None:
    refused = world.member("POST", PATH, asked(unless_likely=True))
    assert (refused.status, refused.headers["content-type"]) == (409, "application/problem+json")
    assert [each["factory_id"] for each in refused.json["duplicates"]] == [kolmilata]
    assert (world.mailed, items.lines("maison")) == ([], [])
    decided = {"email": "office@kolmilata.example", "factory_id": kolmilata, "unless_likely": True}
    assert world.member("POST", PATH, decided).ok().json["factory_id"] == kolmilata
    assert "duplicates" not in world.member("POST", PATH, asked(name="Quite Another", unless_likely=True)).ok().json


def test_rows_of_a_batch_are_told_of_duplicates_each_for_itself(world: World, kolmilata: str) -> None:
    rows = [asked(), asked(unless_likely=True), {"email": "a@mill.example", "name": "Padma Weaving", "country": "BD"}]
    first, second, third = world.member("POST", PATH, {"invitations": rows}).ok().json["results"]
    assert (first["outcome"], first["duplicates"][0]["factory_id"]) == ("created", kolmilata)
    assert (second["outcome"], second["duplicates"][0]["factory_id"]) == ("possible_duplicate", kolmilata)
    assert (third["outcome"], "duplicates" in third) == ("created", False)
    assert [each["index"] for each in (first, second, third)] == [0, 1, 2]
    assert len(world.mailed) == 2


def test_more_than_five_hundred_at_once_are_too_large_and_nobody_is_invited(world: World) -> None:
    answer = world.member("POST", PATH, {"invitations": [{}] * 501})
    assert (answer.status, answer.json["title"]) == (413, "Too large")
    assert "At most 500 factories can be invited at once." in answer.json["detail"]
    answer = world.member("POST", PATH, {"invitations": []})
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (400, "/invitations")
    assert len(world.member("POST", PATH, {"invitations": [{}] * 500}).ok().json["results"]) == 500
    assert not world.mailed


def test_the_site_number_and_the_place_find_a_factory_and_are_not_kept(world: World, kolmilata: str) -> None:
    row = asked(name="Nobody Knows", site="S-9", coordinates={"latitude": 23.9, "longitude": 90.4}, address="Mill Road")
    answer = world.member("POST", PATH, row).ok().json
    assert [each["reasons"] for each in answer["duplicates"]] == [["same_site", "same_country"]]
    assert answer["duplicates"][0]["factory_id"] == kolmilata
    held = items.load(answer["invitation_id"])
    assert (held.address, held.city) == ("Mill Road", "")
    assert "S-9" not in str(held)


def test_a_batch_that_takes_long_is_put_on_record_and_mailed_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = iter([0.0, 0.0, *[19.0] * 8, *[30.0] * 99])
    monkeypatch.setattr(clock, "ticking", lambda: next(now))
    monkeypatch.setattr(duplicates, "likely", lambda _about: pytest.fail("there was no time to compare"))
    rows = [{"email": f"a{number}@mill.example", "name": f"Mill {number}", "country": "BD"} for number in range(5)]
    results = world.member("POST", PATH, {"invitations": rows}).ok().json["results"]
    outcomes = [each["outcome"] for each in results]
    assert outcomes == ["created"] * outcomes.count("created") + ["rejected"] * outcomes.count("rejected")
    assert outcomes.count("created") >= 3
    assert {each["mail"] for each in results if each["outcome"] == "created"} == {"queued"}
    assert all(each["detail"] for each in results if each["outcome"] == "rejected")
    assert world.mailed == []


def test_the_list_is_told_in_pages_and_by_state(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "PAGE", 2)
    for number in range(5):
        invitations.invite("maison", f"a{number}@mill.example", "en", None, f"Mill {number}", "BD")
    seen: list[str] = []
    after = ""
    while True:
        page = world.member.get(f"{PATH}?after={after}").ok().json
        seen += [each["invitation_id"] for each in page["results"]]
        if page["next_after"] is None:
            break
        after = page["next_after"]
    assert sorted(seen) == sorted(line.invitation_id for line in items.lines("maison"))
    assert len(seen) == 5
    world.member("DELETE", f"{PATH}/{seen[1]}")
    withdrawn = world.member.get(f"{PATH}?state=withdrawn").ok().json["results"]
    assert [each["invitation_id"] for each in withdrawn] == [seen[1]]
    for query in ("state=lost", "after=nothing"):
        assert world.member.get(f"{PATH}?{query}").status == 400


def test_a_bounced_invitation_is_sent_again_to_a_corrected_address(world: World) -> None:
    made = world.member("POST", PATH, asked(email="wrong@mill.example")).ok().json
    invitations.came_back(made["invitation_id"], ["wrong@mill.example"], "NoEmail")
    [held] = world.member.get(PATH).ok().json["results"]
    assert (held["state"], held["trouble"]) == ("bounced", "NoEmail")
    path = f"{PATH}/{made['invitation_id']}/resend"
    assert world.member("POST", path, {"email": "nobody"}).status == 400
    again = world.member("POST", path, {"email": "right@mill.example"}).ok().json
    assert (again["state"], again["email"], again["mail"]) == ("pending", "right@mill.example", "sent")
    assert world.mailed[-1][0] == "right@mill.example"
    assert world.accept(world.mailed[-1][1]).status == 200
    assert world.accept(world.mailed[0][1]).status == 410


def test_street_and_town_of_a_new_factory_stand_in_its_draft(world: World) -> None:
    world.member("POST", PATH, asked(address="17 Mill Road", city="Gazipur")).ok()
    accepted = world.accept(world.mailed[-1][1]).ok()
    cookie = accepted.headers["set-cookie"].partition(";")[0]
    held = world.anyone.get(f"/internal/v1/factories/{accepted.json['factory_id']}", Cookie=cookie).ok().json
    assert (held["fields"]["address"], held["fields"]["city"]) == ("17 Mill Road", "Gazipur")


@pytest.mark.safety("invitations.vouched-for")
def test_staff_look_where_one_members_word_lets_somebody_run_a_record(world: World) -> None:
    def run(email: str, **changes: Any) -> list[str]:
        """Whom staff are told of, once a factory of its own is run by an address."""
        fields = {**audit_item()["factory"], "contact_email": "Office@padma.example"}
        world.run_by(world.a_factory(f"S-{next(sites)}", factory=fields, **changes), email)
        found = world.staff.get("/internal/v1/moderation?state=open").ok().json["results"]
        return [each["details"]["invited_by"] for each in found if each["kind"] == "run_on_one_word"]

    sites = itertools.count(10)
    assert run("me@maison.example") == []
    assert run("office@padma.example", member_ids=["outfit"]) == []
    assert run("me@maison.example", member_ids=["outfit"]) == ["maison"]
    world.member("POST", PATH, {"email": "new@mill.example", "name": "New Mill", "country": "BD"}).ok()
    world.accept(world.mailed[-1][1]).ok()
    assert run("me@maison.example") == ["maison"]


@pytest.mark.usefixtures("kolmilata")
def test_an_invitation_goes_once_more_to_the_same_address_in_other_letters(world: World) -> None:
    made = world.member("POST", PATH, {"email": "office@mill.example", "name": "Padma", "country": "BD"}).ok().json
    again = world.member("POST", f"{PATH}/{made['invitation_id']}/resend", {"email": "OFFICE@mill.example"})
    assert (again.status, world.mailed[-1][0]) == (200, "OFFICE@mill.example")


@pytest.mark.safety("invitations.one-factory")
def test_the_session_that_accepting_opens_acts_for_that_factory_and_nothing_else_of_the_same_person(
    world: World,
) -> None:
    first, second = world.a_factory("S-1"), world.a_factory("S-2")
    world.run_by(first, "both@mill.example")
    people.add(Role("member", "maison"), "both@mill.example", Actor("staff", "staff", "test"))
    owner = world.run_by(second, "both@mill.example")
    assert owner.get(f"/internal/v1/factories/{second}").status == 200
    assert owner.get(f"/internal/v1/factories/{first}").status == 404
    assert owner.get("/internal/v1/network").status == 403


@pytest.mark.safety("invitations.other-form")
def test_an_invitation_to_run_one_factory_opens_nothing_of_another(world: World) -> None:
    one, other = world.a_factory("S-1"), world.a_factory("S-2")
    world.member("POST", PATH, {"email": "owner@one.example", "factory_id": one}).ok()
    token, held = world.mailed[-1][1], world.tables.everything()
    theirs = f"/internal/v1/factories/{other}"
    assert world.anyone("POST", f"{PATH}/accept", {"token": token, "factory_id": other}).status == 400
    assert world.anyone("PATCH", theirs, {"city": "Bogura"}, Authorization=f"Bearer {token}").status == 401
    assert world.tables.everything() == held
    owner = world.signed_in(world.accept(token).ok())
    held = world.tables.everything()
    absent = f"/internal/v1/factories/{identity.new_factory_id('BD', random.Random(7).choice)}"
    for method, end, said in (("GET", "", None), ("PATCH", "", "Bogura"), ("PUT", "/privacy", "private")):
        body = {"city": said} if said else None
        seen = [owner(method, path + end, body, If_Match='"1"') for path in (theirs, absent)]
        assert [each.status for each in seen] == [404, 404], method
        assert seen[0].json["detail"] == seen[1].json["detail"]
    assert world.tables.everything() == held
    assert owner.get(f"/internal/v1/factories/{one}").status == 200


def test_an_invitation_to_a_factory_that_somebody_else_runs_by_now_is_dead_and_is_not_sent_again(
    world: World, kolmilata: str
) -> None:
    invited = {"email": "one@mill.example", "factory_id": kolmilata}
    world.member("POST", PATH, invited).ok()
    made = world.other_member("POST", PATH, {**invited, "email": "other@mill.example"}).ok().json
    (_, first), (_, second) = world.mailed
    assert world.anyone.get(f"/portal/invitations/{second}").status == 200
    world.accept(first).ok()
    dead, unknown = (world.anyone.get(f"/portal/invitations/{token}") for token in (second, "x" * 43))
    assert (dead.status, world.accept(second).status) == (410, 410)
    assert dead.text.replace(second, "") == unknown.text.replace("x" * 43, "")
    held, again = world.tables.everything(), f"{PATH}/{made['invitation_id']}/resend"
    refused = world.other_member("POST", again)
    assert (refused.status, refused.json["detail"]) == (
        409,
        "This factory runs its own profile already. Add it to your network instead.",
    )
    assert (world.tables.everything(), len(world.mailed)) == (held, 2)
    world.other_member("POST", again, {"email": "One@mill.example"}).ok()  # who runs it may take up another's link
    assert world.anyone.get(f"/portal/invitations/{world.mailed[-1][1]}").status == 200
    assert world.accept(world.mailed[-1][1]).ok().json["factory_id"] == kolmilata


def test_an_invitation_to_a_record_that_was_merged_meanwhile_is_dead_and_is_not_sent_again(
    world: World, kolmilata: str
) -> None:
    made = world.member("POST", PATH, {"email": "one@mill.example", "factory_id": kolmilata}).ok().json
    into = world.a_factory("S-10")
    world.staff("POST", f"/internal/v1/factories/{kolmilata}/merge", {"into": into, "reason": "The same"}).ok()
    assert world.anyone.get(f"/portal/invitations/{world.mailed[-1][1]}").status == 410
    refused = world.member("POST", f"{PATH}/{made['invitation_id']}/resend")
    assert (refused.status, "was merged into" in refused.json["detail"]) == (409, True)
