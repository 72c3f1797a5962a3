"""``python -m infra.accreditation``: what a certification body said counts no more, on every road, once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import clock
from chalicelib.domain.certificate import Standing
from chalicelib.domain.claim import Holder, one
from chalicelib.domain.errors import Malformed, NotFound, Unavailable
from chalicelib.store.keys import Key
from chalicelib.store.registry import accreditation as accreditations
from chalicelib.store.registry import certificates, claims, history
from chalicelib.store.registry.claims import Shelf
from chalicelib.store.registry.history import Actor
from infra import accreditation
from tests.test_claim_routes import HOLDERS, Claiming
from tests.world import GTIN, World

ACTOR = Actor("staff", "operators", "test")
EVIDENCE = {"kind": "evidence", "url": "https://mill.example/water", "title": "Report"}


@pytest.fixture
def unaccredited(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[World, str]:
    """A confirmed certificate, for ``infra.accreditation`` on the tables of the test."""
    monkeypatch.setattr(accreditation.operating, "environment", lambda _chosen: None)
    return world, world.a_certificate(world.a_factory())


def test_a_lost_accreditation_suspends_once_even_if_the_command_goes_on_after_midnight(
    unaccredited: tuple[World, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world, code = unaccredited
    today, tomorrow = clock.today(), clock.now() + timedelta(days=1)
    assert accreditation.main(["sureseal", "--reason", "Over."]) == accreditation.DONE
    before = world.tables.everything()
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert accreditation.main(["sureseal", "--reason", "Over."]) == accreditation.DONE
    assert world.tables.everything() == before
    assert "1 looked at, 0 suspended" in capsys.readouterr().out.replace("certificates ", "")
    said = certificates.own(code, "sureseal")[1].history[-1]
    assert (said.standing, said.effective) == (Standing.SUSPENDED, today)


def test_a_lost_accreditation_reaches_what_ended_since_the_day_on_which_it_was_lost(
    unaccredited: tuple[World, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world, code = unaccredited
    factory_id, _ = certificates.own(code, "sureseal")
    before = world.a_certificate(factory_id, number="BEFORE", valid_to="2026-02-28")
    on_the_day = world.a_certificate(factory_id, number="ON THE DAY", valid_to="2026-03-01")
    since = world.a_certificate(factory_id, number="SINCE", valid_to="2026-06-30")
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 7, 10, 9, tzinfo=UTC))
    asked = ["sureseal", "--reason", "Over.", "--effective", "2026-03-01"]
    assert accreditation.main([*asked, "--dry-run"]) == accreditation.DONE
    assert capsys.readouterr().out.startswith("3 certificates")
    assert accreditation.main(asked) == accreditation.DONE
    for each, day, status in (
        (before, "2026-02-15", "valid"),
        (before, "2026-07-10", "expired"),
        (on_the_day, "2026-02-28", "valid"),
        (on_the_day, "2026-03-01", "suspended"),
        (since, "2026-04-15", "suspended"),
        (code, "2026-04-15", "suspended"),
    ):
        assert world.anyone.get(f"/v1/certificates/{each}?on={day}").ok().json["status"] == status


def test_an_accreditation_lost_on_a_day_to_come_or_by_nobody_is_refused_before_anything(
    unaccredited: tuple[World, str], capsys: pytest.CaptureFixture[str]
) -> None:
    world, code = unaccredited
    before = world.tables.everything()
    tomorrow = clock.today() + timedelta(days=1)
    asked = ["sureseal", "--reason", "Over.", "--effective", tomorrow.isoformat()]
    assert accreditation.main(asked) == accreditation.WRONG_USE
    assert accreditation.main(["nobody", "--reason", "Over."]) == accreditation.WRONG_USE
    assert accreditation.main(["nobody", "--reason", "Over.", "--dry-run"]) == accreditation.WRONG_USE
    assert "future" in capsys.readouterr().err
    _, certificate = certificates.own(code, "sureseal")
    with pytest.raises(Malformed):
        accreditations.suspend(certificate, "Over.", tomorrow, clock.now(), ACTOR)
    assert world.tables.everything() == before


@pytest.fixture
def vouched(unaccredited: tuple[World, str]) -> Claiming:
    """A factory, a product and a member with two claims each: Sureseal verified one, another body the other."""
    world, _ = unaccredited
    claiming = Claiming(world)
    for kind in HOLDERS:
        for certifier, text in ((world.certifier, "We reuse water."), (world.other_certifier, "We save power.")):
            claim = claiming.made(kind, text=text, basis=EVIDENCE).ok().json["claim_id"]
            certifier("POST", f"{claiming.path(kind)}/{claim}/verify", {"version": 1}).ok()
    return claiming


def standings(claiming: Claiming) -> list[list[str]]:
    """How the claims of each record stand, in their order."""
    return [[each["standing"] for each in claiming.public(kind)] for kind in HOLDERS]


def shown(claiming: Claiming, kind: str) -> str:
    """The words of a page."""
    return " ".join(re.sub("<[^>]+>", "", claiming.page(kind)).split())


TAKEN, LEFT = ["declared", "verified"], ["verified", "verified"]


def test_a_lost_accreditation_takes_back_each_verification_of_claims_with_the_reason(
    vouched: Claiming, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["sureseal", "--reason", "Not accredited."]
    before = vouched.world.tables.everything()
    assert all("Verified by Sureseal" in shown(vouched, kind) for kind in HOLDERS)
    assert accreditation.main([*asked, "--dry-run"]) == accreditation.DONE
    assert capsys.readouterr().out.endswith("3 verifications of claims taken back\n")
    assert vouched.world.tables.everything() == before
    assert accreditation.main(asked) == accreditation.DONE
    assert capsys.readouterr().out.endswith("; 3 verifications of claims taken back\n")
    assert standings(vouched) == [TAKEN] * 3
    for kind, record in zip(
        HOLDERS, (f"FACTORY#{vouched.factory_id}", f"PRODUCT#{GTIN}", "CLAIMS#maison"), strict=True
    ):
        assert "Verified by Sureseal" not in shown(vouched, kind)
        assert "Verified by Otherseal" in shown(vouched, kind)
        [event] = [each for each in history.of(record) if each["action"] == "claim_unverified"]
        assert (event["actor"]["by"], event["reason"]) == ("infra.accreditation", "Not accredited.")
        changed = event["changes"]["claim"]
        assert changed["from"] == {**changed["to"], "verified": changed["from"]["verified"]}
    after = vouched.world.tables.everything()
    assert accreditation.main(asked) == accreditation.DONE
    assert capsys.readouterr().out.endswith("0 suspended; 0 verifications of claims taken back\n")
    assert vouched.world.tables.everything() == after


def test_a_command_that_was_stopped_among_the_claims_takes_back_the_rest_the_next_time(
    vouched: Claiming, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, done = claims.change, list[str]()

    def once(kind: Holder, identifier: str, *more: object) -> Shelf:
        if done:
            raise Unavailable("The registry could not be reached just now.")
        done.append(identifier)
        return change(kind, identifier, *more)

    with monkeypatch.context() as patched:
        patched.setattr(claims, "change", once)
        assert accreditation.main(["sureseal", "--reason", "Over."]) == accreditation.operating.STOPPED
    assert sorted(standings(vouched)) == [TAKEN, LEFT, LEFT]
    assert accreditation.main(["sureseal", "--reason", "Over."]) == accreditation.DONE
    assert standings(vouched) == [TAKEN] * 3


def test_a_claim_that_is_taken_away_meanwhile_hinders_no_other(
    vouched: Claiming, monkeypatch: pytest.MonkeyPatch
) -> None:
    [first, _] = vouched.public("member")
    change = claims.change

    def after_its_claimant(kind: Holder, identifier: str, *more: object) -> Shelf:
        with monkeypatch.context() as patched:
            patched.setattr(claims, "change", change)
            vouched.world.member("DELETE", f"{vouched.path('member')}/{first['claim_id']}")
        return change(kind, identifier, *more)

    monkeypatch.setattr(claims, "change", after_its_claimant)
    assert accreditations.take_back(Key("CLAIMS#maison", "RECORD"), "sureseal", "Over.", ACTOR) == 1
    with pytest.raises(NotFound):
        one(claims.need(Holder.MEMBER, "maison").claims, first["claim_id"])
    assert [each["standing"] for each in vouched.public("member")] == ["verified"]
