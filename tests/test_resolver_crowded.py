"""Whoever claims a number of somebody else's, and however often: what a certifier confirmed is found among them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.factory import State
from chalicelib.store import codec, public_keys, public_table, reader
from chalicelib.store.models import PublicItem
from tests.numbered import a_factory
from tests.world import Answer, Caller, World

GDTI, OTHER_GDTI, GLN = "9521234543213aB-1", "9520000000042A", "9520000000035"


def crowded(code: str, claims: int) -> None:
    """Declarations with the GDTI of a certificate, all of them before any other in the order of codes."""
    page = reader.certificate(code)
    assert page is not None
    for number in range(claims):
        other = replace(page, code=f"C{number:010d}", number=f"FOREIGN-{number}", confirmed=False, history=())
        for key, body in (
            (public_keys.certificate_page(other.code), codec.to_json(other)),
            (public_keys.by_gdti(GDTI, other.code), {"code": other.code}),
        ):
            PublicItem(key.pk, key.sk, body=body).save()


def reads(world: World, monkeypatch: pytest.MonkeyPatch, path: str) -> list[str]:
    """What is asked of the public table for a page."""
    asked: list[str] = []
    call = public_table._call

    def noted(operation: str, payload: dict[str, Any]) -> dict[str, Any]:
        asked.append(operation)
        return call(operation, payload)

    with monkeypatch.context() as patch:
        patch.setattr(public_table, "_call", noted)
        world.anyone.get(path).ok()
    return asked


@pytest.mark.safety("certificates.withdrawn-at-once")
@pytest.mark.parametrize("claims", [10, 130])
def test_a_withdrawal_is_seen_by_gdti_and_offline_code_behind_any_crowd_of_declarations(
    world: World, claims: int
) -> None:
    code = world.a_certificate(world.a_factory(), gdti=GDTI)
    crowded(code, claims)
    said = {"standing": "withdrawn", "reason": "Fraud"}
    world.certifier("POST", f"/internal/v1/certificates/{code}/standing", said).ok()
    for path in (f"/253/{GDTI}", f"/S/MFRGG/253/{GDTI}"):
        page = world.anyone.get(path).ok().text
        assert '<h1 id="status">Withdrawn</h1>' in page
        assert "FOREIGN" not in page


def test_a_crowd_costs_a_read_for_each_further_hundred(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    code = world.a_certificate(world.a_factory(), gdti=GDTI)
    crowded(code, 99)
    assert reads(world, monkeypatch, f"/253/{GDTI}") == ["Query", "BatchGetItem"]
    crowded(code, 100)
    assert reads(world, monkeypatch, f"/253/{GDTI}") == ["Query", "BatchGetItem", "BatchGetItem"]


def test_of_many_that_only_declare_a_gdti_ten_are_listed(world: World) -> None:
    crowded(world.a_certificate(world.a_factory()), 12)
    page = world.anyone.get(f"/253/{GDTI}").ok().text
    assert [f"/c/C{number:010d}" in page for number in range(12)] == [True] * 10 + [False] * 2


def declared(world: World, owner: Caller, factory_id: str, number: str, gdti: str | None = GDTI) -> Answer:
    """A factory's own word."""
    body = {**world.certificate_body(factory_id, number=number), "certifier": "Sureseal"}
    return owner("POST", "/internal/v1/certificates", {**body, "gdti": gdti} if gdti else body)


def test_a_factory_cannot_declare_a_gdti_that_a_certifier_confirmed_for_another(world: World) -> None:
    world.a_certificate(world.a_factory("S-1"), number="CU 1", gdti=GDTI)
    factory_id = world.a_factory("S-2")
    owner = world.run_by(factory_id)
    refused = declared(world, owner, factory_id, "CU 2")
    assert (refused.status, refused.json["detail"]) == (409, "This GDTI is on record for another certificate.")
    assert declared(world, owner, factory_id, "CU 2", None).status == 201


def test_a_factory_declares_one_certificate_with_a_gdti_and_saying_so_again_changes_nothing(world: World) -> None:
    factory_id = world.a_factory()
    owner = world.run_by(factory_id)
    assert declared(world, owner, factory_id, "CU 1").status == 201
    assert declared(world, owner, factory_id, "CU 2").status == 409
    assert declared(world, owner, factory_id, "CU 1").status == 200
    assert declared(world, owner, factory_id, "CU 2", OTHER_GDTI).status == 201


def test_what_factories_declared_before_keeps_no_certifier_from_confirming_the_gdti(world: World) -> None:
    one, holder = world.a_factory("S-1"), world.a_factory("S-2")
    assert declared(world, world.run_by(one), one, "CU 1").status == 201
    owner = world.run_by(holder, "other@mill.example")
    assert declared(world, owner, holder, "CU 2").status == 201
    assert "several records" in world.anyone.get(f"/253/{GDTI}").ok().text
    world.a_certificate(holder, number="CU 3", gdti=GDTI)
    page = world.anyone.get(f"/253/{GDTI}").ok().text
    assert "CU 3" in page
    assert "CU 1" not in page
    assert declared(world, owner, holder, "CU 2").status == 200


def test_a_record_is_found_by_its_gln_behind_all_that_were_merged_into_it(world: World) -> None:
    for number in range(10):
        a_factory(f"BD00000000{number:02d}", f"Part {number}", GLN, state=State.MERGED, successor="BDZZ00000000")
    a_factory("BDZZ00000000", "The whole", GLN)
    page = world.anyone.get(f"/414/{GLN}").ok().text
    assert "The whole" in page
    assert "Part" not in page
