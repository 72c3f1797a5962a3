"""Claims over HTTP: who makes them, on what they rest, who verifies them, what every page says the next second."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.errors import Unavailable
from chalicelib.store import public_table, reader
from tests.world import GTIN, Answer, Caller, World

TEXT = "We reuse 40 % of the water of our dye-house."
HOLDERS = ("factory", "product", "member")


class Claiming:
    """A factory with a certificate and a product; its owner, and where each kind of record takes its claims."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.factory_id = world.a_factory()
        self.code = world.a_certificate(self.factory_id)
        world.a_product(self.factory_id)
        self.owner = world.run_by(self.factory_id)
        self.owner("POST", f"/internal/v1/factories/{self.factory_id}/publish").ok()

    def path(self, kind: str) -> str:
        identifier = {"factory": self.factory_id, "product": GTIN, "member": "maison"}[kind]
        return f"/internal/v1/claims/{kind}/{identifier}"

    def claimant(self, kind: str) -> Caller:
        return self.owner if kind == "factory" else self.world.member

    def body(self, text: str = TEXT, **basis: str) -> dict[str, Any]:
        return {"text": text, "language": "en", "basis": basis or {"kind": "certificate", "code": self.code}}

    def made(self, kind: str, **changes: Any) -> Answer:
        return self.claimant(kind)("POST", self.path(kind), {**self.body(), **changes})

    def public(self, kind: str) -> list[dict[str, Any]]:
        where = {"factory": f"factories/{self.factory_id}", "product": f"products/{GTIN}", "member": "members/maison"}
        found: list[dict[str, Any]] = self.world.anyone.get(f"/v1/{where[kind]}").ok().json["claims"]
        return found

    def page(self, kind: str) -> str:
        where = {"factory": f"/f/{self.factory_id}", "product": f"/01/{GTIN}", "member": "/members/maison"}
        return self.world.anyone.get(where[kind]).ok().text

    def said(self, standing: str) -> None:
        body = {"standing": standing, "reason": "found wanting", "effective": clock.today().isoformat()}
        self.world.certifier("POST", f"/internal/v1/certificates/{self.code}/standing", body).ok()


@pytest.fixture
def claiming(world: World) -> Claiming:
    return Claiming(world)


def standings(claiming: Claiming) -> dict[str, str]:
    return {kind: claiming.public(kind)[0]["standing"] for kind in HOLDERS}


def test_a_withdrawal_changes_the_claim_on_every_page_at_the_next_read(claiming: Claiming) -> None:
    for kind in HOLDERS:
        claiming.made(kind).ok()
    assert standings(claiming) == dict.fromkeys(HOLDERS, "backed")
    assert "Rests on a certificate that holds today" in claiming.page("factory")
    before = claiming.world.anyone.get(f"/01/{GTIN}").ok()
    claiming.said("withdrawn")
    assert standings(claiming) == dict.fromkeys(HOLDERS, "backing_withdrawn")
    for kind in HOLDERS:
        assert "The certificate that it rests on was withdrawn" in claiming.page(kind)
        assert "Rests on a certificate that holds today" not in claiming.page(kind)
    after = claiming.world.anyone.get(f"/01/{GTIN}", If_None_Match=before.etag)
    assert after.status == 200
    claiming.said("active")
    assert standings(claiming) == dict.fromkeys(HOLDERS, "backed")


def test_the_factory_page_stays_one_read(claiming: Claiming, monkeypatch: pytest.MonkeyPatch) -> None:
    claiming.made("factory").ok()
    asked: list[str] = []
    call = public_table._call
    monkeypatch.setattr(public_table, "_call", lambda name, payload: asked.append(name) or call(name, payload))
    claiming.page("factory")
    assert asked == ["GetItem"]


def test_what_cannot_be_read_is_never_told_as_unknown(claiming: Claiming, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in HOLDERS:
        claiming.made(kind).ok()

    def down(*_: Any) -> Any:
        raise Unavailable("The registry could not be reached just now.")

    monkeypatch.setattr(public_table, "batch", down)
    with pytest.raises(Unavailable):
        reader.member_claims("maison")
    answer = claiming.world.anyone.get(f"/01/{GTIN}")
    assert answer.status == 503
    assert "not on record here" not in answer.text


@pytest.mark.parametrize("kind", HOLDERS)
def test_a_claim_is_made_changed_and_taken_away_under_the_version_that_was_seen(claiming: Claiming, kind: str) -> None:
    caller, path = claiming.claimant(kind), claiming.path(kind)
    made = claiming.made(kind)
    assert made.status == 201
    again = claiming.made(kind)
    assert (again.status, again.json["claim_id"]) == (200, made.json["claim_id"])
    assert (made.json["standing"], made.json["made_by"], made.json["warnings"]) == ("backed", caller_kind(kind), [])
    one = f"{path}/{made.json['claim_id']}"
    other = claiming.body("Other words", kind="none")
    assert caller("PUT", one, other).status == 400
    assert caller("PUT", one, other, If_Match='"999"').status == 412
    assert caller("POST", path, other, If_Match='"999"').status == 412
    assert caller("DELETE", one, If_Match='"999"').status == 412
    changed = caller("PUT", one, other, If_Match=made.etag).ok()
    assert (changed.json["version"], changed.json["standing"]) == (2, "declared")
    assert caller("PUT", one, other, If_Match=made.etag).status == 412
    assert [each["text"] for each in claiming.public(kind)] == ["Other words"]
    listed = caller("GET", path).ok()
    assert (listed.etag, listed.json["claims"][0]["text"]) == (changed.etag, "Other words")
    assert caller("DELETE", one, If_Match=changed.etag).status == 204
    assert claiming.public(kind) == []
    assert caller("DELETE", one).status == 404
    assert caller("PUT", one, other, If_Match=caller("GET", path).etag).status == 404


def caller_kind(kind: str) -> str:
    return "factory" if kind == "factory" else "member"


def test_each_step_is_in_the_history_and_the_chain_holds(claiming: Claiming) -> None:
    for kind, record in (("factory", claiming.factory_id), ("product", GTIN), ("member", "claims:maison")):
        one = f"{claiming.path(kind)}/{claiming.made(kind).ok().json['claim_id']}"
        claiming.world.certifier("POST", f"{one}/verify", {"version": 1}).ok()
        claiming.world.certifier("POST", f"{one}/unverify", {"reason": "a mistake of ours"}).ok()
        claiming.claimant(kind)("DELETE", one).ok()
        found = claiming.world.staff.get(f"/internal/v1/events?record={record}").ok().json["results"]
        told = [each["action"] for each in found if each["action"].startswith("claim")]
        assert told == ["claim_added", "claim_verified", "claim_unverified", "claim_removed"]
        assert next(each["reason"] for each in found if each["action"] == "claim_unverified") == "a mistake of ours"
        assert [each["number"] for each in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize("kind", HOLDERS)
def test_only_a_certification_body_can_verify_and_only_what_it_read(claiming: Claiming, kind: str) -> None:
    named = {"verifier": {"name": "Sureseal", "on": "2026-01-01", "url": "https://sureseal.example/1"}}
    made = claiming.made(kind, basis={"kind": "none"}, **named).ok()
    one = f"{claiming.path(kind)}/{made.json['claim_id']}"
    (shown,) = claiming.public(kind)
    assert (shown["standing"], shown["verified_by"]) == ("declared", None)
    assert shown["names_verifier"] == {**named["verifier"], "confirmed": False}
    for caller in (claiming.owner, claiming.world.member, claiming.world.staff):
        assert caller("POST", f"{one}/verify", {"version": 1}).status == 403
    certifier, other = claiming.world.certifier, claiming.world.other_certifier
    for version in (2, 0, True, "1", None):
        assert certifier("POST", f"{one}/verify", {"version": version}).status in (400, 409)
    verified = certifier("POST", f"{one}/verify", {"version": 1}).ok().json
    today = clock.today().isoformat()
    assert verified["verified_by"] == {"certifier_id": "sureseal", "name": "Sureseal", "on": today}
    assert claiming.public(kind)[0]["standing"] == "verified"
    assert (
        certifier("POST", f"{one}/verify", {"version": 1}).ok().etag
        == certifier("POST", f"{one}/verify", {"version": 1}).etag
    )
    assert other("POST", f"{one}/verify", {"version": 1}).status == 409
    other("POST", f"{one}/unverify", {"reason": "not ours"}).ok()
    assert claiming.public(kind)[0]["standing"] == "verified"
    assert certifier("POST", f"{one}/unverify", {}).status == 400
    certifier("POST", f"{one}/unverify", {"reason": "withdrawn after a visit"}).ok()
    assert claiming.public(kind)[0]["standing"] == "declared"


def test_changing_the_words_voids_the_verification_on_the_page(claiming: Claiming) -> None:
    made = claiming.made("factory").ok()
    one = f"{claiming.path('factory')}/{made.json['claim_id']}"
    verified = claiming.world.certifier("POST", f"{one}/verify", {"version": 1}).ok()
    assert "Verified by" in claiming.page("factory")
    claiming.owner("PUT", one, claiming.body("More than that"), If_Match=verified.etag).ok()
    assert "Verified by" not in claiming.page("factory")


NO_BASES: list[tuple[Any, str]] = [
    ({"kind": "certificate", "code": "CM9S346Q3D5"}, "/basis/code"),
    ({"kind": "certificate"}, "/basis/code"),
    ({"kind": "standard", "standard_id": "nobody-knows"}, "/basis/standard_id"),
    ({"kind": "programme", "programme": "magic"}, "/basis/programme"),
    ({"kind": "evidence", "url": "http://plain.example", "title": "T"}, "/basis/url"),
    ({"kind": "evidence", "url": "javascript:alert(1)", "title": "T"}, "/basis/url"),
    ({"kind": "evidence", "url": "https://user@evil.example", "title": "T"}, "/basis/url"),
    ({"kind": "none", "code": "x"}, "/basis/code"),
    ({"kind": "rumour"}, "/basis/kind"),
    ({}, "/basis/kind"),
    ("none", "/basis"),
    ([], "/basis"),
]


def test_a_basis_that_is_none_is_refused_with_its_place(claiming: Claiming) -> None:
    for basis, pointer in NO_BASES:
        refused = claiming.made("factory", basis=basis)
        assert refused.status == 400, basis
        assert [each["pointer"] for each in refused.json["errors"]] == [pointer], basis
    assert claiming.public("factory") == []


def test_a_factory_rests_its_claims_on_its_own_certificates_only(claiming: Claiming) -> None:
    elsewhere = claiming.world.a_factory("S-2", factory={"name": "Other Mill", "country": "BD"})
    code = claiming.world.a_certificate(elsewhere, number="CU 999")
    body = claiming.body(kind="certificate", code=code)
    assert claiming.owner("POST", claiming.path("factory"), body).status == 400
    assert claiming.world.member("POST", claiming.path("product"), body).status == 400
    assert claiming.world.member("POST", claiming.path("member"), body).status == 201


def test_nobody_claims_for_another(claiming: Claiming) -> None:
    world, body = claiming.world, claiming.body()
    stranger = world.run_by(world.a_factory("S-3"), "stranger@mill.example")
    for kind in HOLDERS:
        for caller in (stranger, world.other_member, world.ics, world.certifier):
            assert caller("POST", claiming.path(kind), body).status in (403, 404)
            assert caller("GET", claiming.path(kind)).status in (403, 404)
        assert claiming.public(kind) == []


def test_flagged_words_are_told_never_blocked_and_wait_for_staff_once(claiming: Claiming) -> None:
    for kind in HOLDERS:
        made = claiming.made(kind, text="Climate neutral and green by 2030", basis={"kind": "none"})
        assert made.status == 201
        codes = [each["code"] for each in made.json["warnings"]]
        assert codes == ["generic", "offset", "future"]
        assert all(each["pointer"] == "/text" and "2005/29/EC" in each["detail"] for each in made.json["warnings"])
        one = f"{claiming.path(kind)}/{made.json['claim_id']}"
        claiming.claimant(kind)("DELETE", one).ok()
        claiming.made(kind, text="Climate neutral and green by 2030", basis={"kind": "none"}).ok()
    waiting = claiming.world.staff.get("/internal/v1/moderation").ok().json["results"]
    flagged = [each for each in waiting if each["kind"] == "flagged_claim"]
    assert len(flagged) == len(HOLDERS)
    assert flagged[0]["details"]["claim"] == "Climate neutral and green by 2030"


def test_markup_in_a_claim_is_inert_and_unseen_letters_are_refused(claiming: Claiming) -> None:
    claiming.made("factory", text="</script><b>bold</b>").ok()
    assert "<b>bold" not in claiming.page("factory")
    assert claiming.made("factory", text="We are \u202eneerg").status == 400
    assert claiming.made("factory", text="x" * 281).status == 400
    assert claiming.made("factory", language="en; drop").status == 400


def test_a_record_merged_into_another_shows_its_claims_there_and_takes_no_more(claiming: Claiming) -> None:
    world = claiming.world
    made = claiming.made("factory").ok()
    survivor = world.a_factory("S-2", factory={"name": "Survivor Mill", "country": "BD"})
    body = {"into": survivor, "reason": "one factory"}
    world.staff("POST", f"/internal/v1/factories/{claiming.factory_id}/merge", body).ok()
    shown = world.anyone.get(f"/v1/factories/{survivor}").ok().json["claims"]
    assert [(each["text"], each["standing"]) for each in shown] == [(TEXT, "backed")]
    assert TEXT in world.anyone.get(f"/f/{survivor}").ok().text
    claiming.said("withdrawn")
    assert world.anyone.get(f"/v1/factories/{survivor}").ok().json["claims"][0]["standing"] == "backing_withdrawn"
    refused = claiming.made("factory", text="One more")
    assert refused.status == 409
    assert identity.shown(survivor) in refused.json["detail"]
    one = f"{claiming.path('factory')}/{made.json['claim_id']}"
    assert claiming.owner("DELETE", one).status == 204


def test_a_closed_factory_still_shows_what_it_claimed(claiming: Claiming) -> None:
    claiming.made("factory").ok()
    body = {"effective": "2026-01-01", "reason": "gone"}
    claiming.world.staff("POST", f"/internal/v1/factories/{claiming.factory_id}/close", body).ok()
    assert [each["standing"] for each in claiming.public("factory")] == ["backed"]


def test_a_draft_shows_no_claim_and_nobody_verifies_it(world: World) -> None:
    invited = {"email": "d@mill.example", "name": "Draft Mill", "country": "IN"}
    world.member("POST", "/internal/v1/invitations", invited).ok()
    accepted = world.accept(world.mailed[-1][1]).ok()
    owner, factory_id = world.signed_in(accepted), accepted.json["factory_id"]
    path = f"/internal/v1/claims/factory/{factory_id}"
    made = owner("POST", path, {"text": TEXT, "language": "en", "basis": {"kind": "none"}}).ok()
    assert world.certifier("POST", f"{path}/{made.json['claim_id']}/verify", {"version": 1}).status == 404
    assert world.anyone.get(f"/f/{factory_id}").status == 404


def test_putting_a_product_again_keeps_its_claims(claiming: Claiming) -> None:
    claiming.made("product").ok()
    claiming.world.a_product(claiming.factory_id)
    stages = [{"process": "spinning", "factory_id": claiming.factory_id}]
    body = {"brand": "Maison", "name": "Shirt", "category": "apparel", "stages": stages}
    claiming.world.member("PUT", f"/internal/v1/products/{GTIN}", body).ok()
    assert [each["standing"] for each in claiming.public("product")] == ["backed"]
    other = claiming.world.a_factory("S-9", factory={"name": "Far Mill", "country": "IN"})
    claiming.world.member(
        "PUT", f"/internal/v1/products/{GTIN}", {**body, "stages": [{"process": "sewing", "factory_id": other}]}
    ).ok()
    assert [each["standing"] for each in claiming.public("product")] == ["backing_unknown"]
