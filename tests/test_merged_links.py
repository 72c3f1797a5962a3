"""Links of records that were merged: who decides on them meanwhile, and what is left of that once it is undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.internal import links
from chalicelib.store.registry import factories, invitations
from tests.test_merging import WHY, Twins, chain
from tests.world import Answer, Caller, World


@dataclass(kw_only=True)
class Both(Twins):
    """Both records, and who runs each of them. The member is ``maison``."""

    of_old: Caller
    of_new: Caller

    def says(self, caller: Caller, factory_id: str, public: bool) -> Answer:
        """What a record's own side says of its link."""
        return caller("PUT", f"/internal/v1/factories/{factory_id}/links/maison", {"public": public})

    def ends(self, caller: Caller, factory_id: str) -> int:
        return caller("DELETE", f"/internal/v1/factories/{factory_id}/links/maison").status

    def member_says(self, factory_id: str, public: bool) -> None:
        self.world.member("PUT", f"/internal/v1/network/{factory_id}", {"public": public}).ok()

    def named(self) -> list[list[str]]:
        """Which members the public pages of both name."""
        return [[each["member_id"] for each in self.public(each)["members"]] for each in (self.old, self.new)]

    def link(self, factory_id: str) -> Any:
        return factories.need(factory_id).factory.links.get("maison")


def run_by(world: World, factory_id: str, email: str) -> Caller:
    """Who runs a record, invited by another member than ``maison``."""
    _, token = invitations.invite("outfit", email, "en", factory_id, None, None)
    return world.signed_in(world.accept(token).ok())


@pytest.fixture
def both(world: World) -> Both:
    """Two records without a link to ``maison``, whose owners show their city and contact to their network only."""
    old = world.a_factory("S-1", member_ids=[])
    fields = {"name": "Padma", "country": "BD", "city": "Savar", "contact_email": "padma@private.example"}
    new = world.a_factory("S-2", member_ids=[], factory=fields)
    runners = [run_by(world, factory_id, f"{factory_id.lower()}@mill.example") for factory_id in (old, new)]
    seen = {"city": "network", "contact_email": "network"}
    for factory_id, runner in zip((old, new), runners, strict=True):
        runner("PUT", f"/internal/v1/factories/{factory_id}/privacy", seen).ok()
    return Both(world, old, new, "", of_old=runners[0], of_new=runners[1])


def seen_by_the_member(world: World) -> str:
    return "".join(world.member.get(f"/internal/v1/network{ending}").ok().text for ending in ("", ".csv", ".geojson"))


def test_who_ran_the_merged_record_opens_nothing_of_the_survivor_to_a_member_that_added_it_by_itself(
    both: Both,
) -> None:
    both.member_says(both.old, True)
    both.merge()
    for public in (True, False):
        refused = both.says(both.of_old, both.old, public)
        assert (refused.status, "was merged into" in refused.json["detail"]) == (409, True)
    assert both.says(both.world.staff, both.old, True).status == 409
    assert both.named() == [[], []]
    assert "padma@private.example" not in seen_by_the_member(both.world)
    both.says(both.of_new, both.new, False).ok()
    assert "padma@private.example" in seen_by_the_member(both.world)


@pytest.mark.parametrize("ends", [False, True], ids=["hides it", "ends it"])
@pytest.mark.parametrize("after_all", [False, True], ids=["meanwhile", "after it was undone"])
def test_what_a_member_hid_or_ended_on_the_survivor_is_not_shown_by_the_merged_record(
    both: Both, ends: bool, after_all: bool
) -> None:
    for factory_id in (both.old, both.new):
        both.member_says(factory_id, True)
    both.merge()
    if ends:
        assert both.world.member("DELETE", f"/internal/v1/network/{both.new}").status == 204
    else:
        both.member_says(both.new, False)
    if after_all:
        both.act("unmerge", both.old).ok()
    assert both.says(both.of_old, both.old, True).status == (409 if ends or not after_all else 200)
    assert both.named() == [[], []]
    chain(f"FACTORY#{both.old}")


def test_who_ran_the_merged_record_can_hide_and_end_what_it_had_shown_but_takes_nothing_up_again(both: Both) -> None:
    both.member_says(both.old, True)
    both.says(both.of_old, both.old, True).ok()
    both.merge()
    assert both.named() == [["maison"], ["maison"]]
    both.says(both.of_old, both.old, False).ok()
    assert both.named() == [[], []]
    assert both.says(both.of_old, both.old, True).status == 409
    assert both.ends(both.of_old, both.old) == 204
    assert both.says(both.of_old, both.old, False).status == 409
    assert seen_by_the_member(both.world).count(both.new) == 0
    both.act("unmerge", both.old).ok()
    both.says(both.of_old, both.old, False).ok()
    assert both.link(both.old).ended is None


def test_the_survivor_that_hides_a_link_says_nothing_else_for_the_merged_record(both: Both) -> None:
    both.member_says(both.old, True)
    both.merge()
    both.says(both.of_new, both.new, False).ok()
    assert both.link(both.old).confirmed is False
    assert len(chain(f"FACTORY#{both.old}")) == 5  # two of its birth, privacy, the link, the merge


@pytest.mark.parametrize("public", [True, False])
def test_undoing_leaves_the_survivor_no_link_to_a_member_that_never_put_it_on_its_network(
    both: Both, public: bool
) -> None:
    both.member_says(both.old, True)
    both.says(both.of_old, both.old, True).ok()
    both.merge()
    both.says(both.of_new, both.new, public).ok()
    assert both.named() == ([["maison"], ["maison"]] if public else [[], []])
    both.act("unmerge", both.old).ok()
    assert both.link(both.new) is None
    assert both.named() == ([["maison"], []] if public else [[], []])
    assert both.new not in seen_by_the_member(both.world)
    assert both.says(both.of_new, both.new, True).status == 400


def test_a_survivor_that_supplies_the_member_of_a_merged_record_says_so_for_itself_and_shows_it_once_both_agree(
    both: Both,
) -> None:
    both.member_says(both.old, True)
    both.merge()
    both.says(both.of_new, both.new, True).ok()
    own = both.link(both.new)
    assert (own.source, own.factory_agrees, own.member_agrees, own.confirmed) == ("factory", True, False, True)
    assert both.named() == [[], []]
    assert "padma@private.example" in seen_by_the_member(both.world)
    both.member_says(both.new, True)
    assert both.named() == [[], ["maison"]]
    both.act("unmerge", both.old).ok()
    assert both.named() == [[], ["maison"]]
    assert both.says(both.of_old, both.old, True).status == 200
    assert both.named() == [["maison"], ["maison"]]


def test_a_link_that_the_survivor_ended_can_be_ended_where_it_came_in_later_though_it_does_not_show(
    both: Both,
) -> None:
    for factory_id in (both.old, both.new):
        both.member_says(factory_id, False)
    assert both.world.member("DELETE", f"/internal/v1/network/{both.new}").status == 204
    both.merge()
    assert both.ends(both.of_new, both.new) == 204
    assert (both.link(both.new).ended_by, both.link(both.old).ended_by) == ("member", "factory")
    assert both.ends(both.of_new, both.new) == 404


@pytest.fixture
def twins(world: World) -> Twins:
    old = world.a_factory("S-1", version=1)
    new = world.a_factory("S-2", factory={"name": "Padma Knit Composite", "country": "BD", "city": "Dhaka"})
    return Twins(world, old, new, world.a_certificate(old))


def test_a_link_that_the_survivor_ended_is_not_got_round_by_the_record_merged_into_it(twins: Twins) -> None:
    owner = twins.world.run_by(twins.new)
    owner("PUT", f"/internal/v1/factories/{twins.new}/privacy", {"city": "network"}).ok()
    twins.merge()
    assert twins.world.member.get(f"/internal/v1/network/{twins.new}").ok().json["city"] == "Dhaka"
    assert owner("DELETE", f"/internal/v1/factories/{twins.new}/links/maison").status == 204
    assert twins.world.member.get("/internal/v1/network").ok().json["results"] == []
    assert twins.world.member.get(f"/internal/v1/network/{twins.old}").status == 404
    for ending in ("csv", "geojson"):
        assert "Dhaka" not in twins.world.member.get(f"/internal/v1/network.{ending}").ok().text


def test_a_link_by_way_of_a_merged_record_is_shown_to_the_survivor_and_ended_by_it(world: World) -> None:
    old = world.a_factory("S-1")
    new = world.a_factory("S-2", member_ids=["outfit"], factory={"name": "Padma", "country": "BD", "city": "Savar"})
    _, token = invitations.invite("outfit", "owner@padma.example", "en", new, None, None)
    owner = world.signed_in(world.accept(token).ok())
    owner("PUT", f"/internal/v1/factories/{new}/privacy", {"city": "network"}).ok()
    world.staff("POST", f"/internal/v1/factories/{old}/merge", {**WHY, "into": new}).ok()
    assert world.member.get(f"/internal/v1/network/{old}").ok().json["city"] == "Savar"
    assert set(links.linked(factories.need(new).factory)) == {"maison", "outfit"}
    assert owner("DELETE", f"/internal/v1/factories/{new}/links/maison").status == 204
    assert world.member.get(f"/internal/v1/network/{old}").status == 404
    assert world.member.get("/internal/v1/network").ok().json["results"] == []
    assert owner("DELETE", f"/internal/v1/factories/{new}/links/maison").status == 404
    chain(f"FACTORY#{new}")


@pytest.mark.parametrize("hides", [True, False], ids=["hides it", "ends it"])
def test_a_link_that_shows_by_way_of_a_record_merged_in_after_the_survivor_ended_its_own_can_be_ended_too(
    twins: Twins, hides: bool
) -> None:
    world, both = twins.world, {factory_id: twins.world.run_by(factory_id) for factory_id in (twins.old, twins.new)}
    for factory_id, owner in both.items():
        owner("PUT", f"/internal/v1/factories/{factory_id}/links/maison", {"public": True}).ok()
        world.member("PUT", f"/internal/v1/network/{factory_id}", {"public": True}).ok()
    link, owner = f"/internal/v1/factories/{twins.new}/links/maison", both[twins.new]
    assert owner("DELETE", link).status == 204
    own = factories.need(twins.new).factory.links["maison"]
    twins.merge()
    page = f"/v1/factories/{twins.new}"
    assert len(world.anyone.get(page).json["members"]) == 1
    known = links.linked(factories.need(twins.new).factory)["maison"]
    assert (known.is_public, known.ended) == (True, None)
    if hides:
        owner("PUT", link, {"public": False}).ok()
    else:
        assert owner("DELETE", link).status == 204
    assert world.anyone.get(page).json["members"] == []
    assert owner("DELETE", link).status == (204 if hides else 404)  # what is hidden lives on the merged record
    assert owner("DELETE", link).status == 404
    assert factories.need(twins.new).factory.links["maison"] == own
    chain(f"FACTORY#{twins.new}")
    chain(f"FACTORY#{twins.old}")
