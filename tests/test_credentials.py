"""What the registry signs: never more than the public may see, anew only where it says something else."""

from __future__ import annotations

import base64
import gzip
import json
import secrets
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import did, identity, jws, status_list
from chalicelib.domain.status_list import PLACES, Purpose
from chalicelib.store import keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import certificates, changelog, factories, history, signing, signing_keys
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Actor, Happening
from tests import second_opinion, untp
from tests.local_kms import LocalKms, keys_in_process
from tests.test_signing import verify
from tests.world import GTIN, PRIVATE_EMAIL, World, audit_item

SIGNED = "application/vc+jwt"
BASE = "http://127.0.0.1:8000"
LISTS = [f"/credentials/status/{purpose}/0" for purpose in Purpose]
STREET = "12 Spindle Road"
AS_ICS_SAYS = {
    **audit_item()["factory"],
    "address": STREET,
    "coordinates": {"latitude": 23.8, "longitude": 90.4},
    "processes": ["cut_and_sew"],
}


@pytest.fixture
def signs(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalKms]:
    """A registry that signs."""
    monkeypatch.setenv("SIGNING_KEY", "first")
    with keys_in_process() as local:
        yield local


@pytest.fixture
def factory_id(signs: LocalKms, world: World) -> str:
    """A factory that shows, of a registry that signs."""
    assert not signs.broken
    return world.a_factory(factory=AS_ICS_SAYS)


def said(world: World, path: str) -> dict[str, Any]:
    """What a credential says, its signature verified against the keys that anyone can look up."""
    token = world.anyone.get(path, Accept=SIGNED).ok().text
    header, payload, signed, raw = jws.read(token)
    methods = world.anyone.get("/.well-known/did.json").ok().json["verificationMethod"]
    verify(next(each["publicKeyJwk"] for each in methods if each["id"] == header["kid"]), signed, raw)
    assert (header["alg"], header["typ"], header["cty"]) == ("ES256", "vc+jwt", "vc")
    return payload


def bit(world: World, entry: dict[str, str]) -> bool:
    """A bit of a status list, read as W3C Bitstring Status List v1.0 says, section 3.2."""
    listed = said(world, entry["statusListCredential"].removeprefix(BASE))
    assert listed["credentialSubject"]["statusPurpose"] == entry["statusPurpose"]
    encoded = listed["credentialSubject"]["encodedList"]
    assert encoded[0] == "u"
    bits = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
    place = int(entry["statusListIndex"])
    assert len(bits) * 8 == PLACES
    return bool(bits[place // 8] >> (7 - place % 8) & 1)


def bits(world: World, code: str) -> tuple[bool, bool]:
    """Whether a certificate is withdrawn, and whether it is suspended, by the lists that its credential names."""
    entries = {each["statusPurpose"]: each for each in said(world, f"/c/{code}")["credentialStatus"]}
    return bit(world, entries["revocation"]), bit(world, entries["suspension"])


def set_standing(world: World, code: str, standing: str) -> None:
    body = {"standing": standing, "reason": "Looked into"}
    world.certifier("POST", f"/internal/v1/certificates/{code}/standing", body).ok()


def test_each_kind_is_as_untp_s_schema_wants_it(world: World, factory_id: str) -> None:
    code = world.a_certificate(factory_id)
    world.a_product(factory_id)
    untp.check("f", said(world, f"/f/{factory_id}"))
    untp.check("c", said(world, f"/c/{code}"))
    untp.check("p", said(world, f"/01/{GTIN}"))


def test_a_credential_is_served_from_the_page_s_own_address_and_from_the_linkset(world: World, factory_id: str) -> None:
    code = world.a_certificate(factory_id)
    world.a_product(factory_id)
    for page, relation in ((f"/f/{factory_id}", "dfr"), (f"/c/{code}", "dcc"), (f"/01/{GTIN}", "dpp")):
        by_accept = world.anyone.get(page, Accept=f"{SIGNED}, text/html;q=0.5").ok()
        linkset = world.anyone.get(f"{page}?linkType=linkset").ok().json["linkset"][0]
        [target] = linkset[relation]
        by_link = world.anyone.get(target["href"].removeprefix(BASE)).ok()
        assert by_link.text == by_accept.text
        assert by_link.headers["content-type"] == by_accept.headers["content-type"] == target["type"] == SIGNED
        assert world.anyone.get(f"{page}?linkType={relation}").status == 307
        assert world.anyone.get(page, Accept="text/html").ok().headers["content-type"].startswith("text/html")
        assert "accept" in by_accept.headers["vary"].lower()


def test_a_certificate_s_credential_is_never_kept_by_a_cache(world: World, factory_id: str) -> None:
    code = world.a_certificate(factory_id)
    entries = said(world, f"/c/{code}")["credentialStatus"]
    lists = [each["statusListCredential"].removeprefix(BASE) for each in entries]
    for path in (f"/c/{code}", f"/credentials/c/{code}", *lists):
        assert world.anyone.get(path, Accept=SIGNED).ok().headers["cache-control"] == "no-store"


def asked(world: World, tokens: list[str]) -> list[dict[str, Any]]:
    """What verifiers of others say of credentials."""
    document = world.anyone.get("/.well-known/did.json").ok().json
    lists = {f"{BASE}{path}": world.anyone.get(path).ok().text for path in LISTS}
    return second_opinion.opinions(tokens, {document["id"]: document, **lists})


def test_verifiers_of_others_say_the_same_and_see_what_is_suspended_or_withdrawn(world: World, factory_id: str) -> None:
    codes = [world.a_certificate(factory_id, number=f"N-{number}") for number in range(3)]
    world.a_product(factory_id)
    set_standing(world, codes[1], "suspended")
    set_standing(world, codes[2], "withdrawn")
    pages = [f"/f/{factory_id}", f"/01/{GTIN}", *(f"/c/{code}" for code in codes)]
    tokens = [world.anyone.get(page, Accept=SIGNED).ok().text for page in pages]
    changed = tokens[0][:40] + ("A" if tokens[0][40] != "A" else "B") + tokens[0][41:]
    *good, bad = asked(world, [*tokens, changed])
    assert [each.get("error") for each in good] == [None] * 5
    assert [each["type"] for each in good[:3]] == [
        "DigitalFacilityRecord",
        "DigitalProductPassport",
        "DigitalConformityCredential",
    ]
    assert [each["statuses"] for each in good[2:]] == [
        {"revocation": False, "suspension": False},
        {"revocation": False, "suspension": True},
        {"revocation": True, "suspension": False},
    ]
    assert not bad["verified"]


def test_what_a_revoked_key_signed_verifies_no_longer(world: World, factory_id: str) -> None:
    token = world.anyone.get(f"/f/{factory_id}", Accept=SIGNED).ok().text
    world.a_certificate(factory_id)
    assert asked(world, [token])[0]["verified"]
    signing_keys.revoke(signing.current())
    assert not asked(world, [token])[0]["verified"]


def test_suspending_reinstating_and_withdrawing_show_in_the_lists_on_the_next_read(
    world: World, factory_id: str
) -> None:
    code, other = world.a_certificate(factory_id), world.a_certificate(factory_id, number="OTHER-2")
    assert bits(world, code) == (False, False)
    set_standing(world, code, "suspended")
    assert bits(world, code) == (False, True)
    set_standing(world, code, "active")
    assert bits(world, code) == (False, False)
    set_standing(world, code, "withdrawn")
    assert bits(world, code) == (True, False)
    assert bits(world, other) == (False, False)


def test_what_a_certificate_says_is_signed_once_whatever_its_standing(world: World, factory_id: str) -> None:
    code = world.a_certificate(factory_id)
    before = world.anyone.get(f"/credentials/c/{code}").text
    set_standing(world, code, "suspended")
    assert world.anyone.get(f"/credentials/c/{code}").text == before


def test_a_new_audit_signs_nothing_and_stands_in_no_credential(world: World, factory_id: str, signs: LocalKms) -> None:
    before, signed = said(world, f"/f/{factory_id}"), signs.calls.count("Sign")
    world.push(audit_item(version=2, factory=AS_ICS_SAYS, audit_reference="A-2", audit_date="2026-10-01")).ok()
    assert said(world, f"/f/{factory_id}") == before
    assert signs.calls.count("Sign") == signed
    told = json.dumps(before).lower()
    assert not [word for word in ("audit", "inspection", "social", "certification") if word in told]


def test_a_changed_name_is_signed_anew_and_what_is_hidden_is_gone_from_the_credential(
    world: World, factory_id: str
) -> None:
    person = world.run_by(factory_id)
    etag = person.get(f"/internal/v1/factories/{factory_id}").etag
    person("PATCH", f"/internal/v1/factories/{factory_id}", {"name": "Renamed Mills"}, If_Match=etag).ok()
    assert said(world, f"/f/{factory_id}")["name"] == "Renamed Mills"
    assert said(world, f"/f/{factory_id}")["credentialSubject"]["address"]["streetAddress"] == STREET
    etag = person.get(f"/internal/v1/factories/{factory_id}").etag
    privacy = {"address": "private"}
    person("PUT", f"/internal/v1/factories/{factory_id}/privacy", privacy, If_Match=etag).ok()
    document = said(world, f"/f/{factory_id}")
    assert document["credentialSubject"]["address"]["streetAddress"] == ""
    assert STREET not in json.dumps(document)
    assert PRIVATE_EMAIL not in json.dumps(document)


def test_a_declared_certificate_has_no_credential_until_its_certifier_confirms_it(
    world: World, factory_id: str
) -> None:
    person = world.run_by(factory_id)
    body = {**world.certificate_body(factory_id), "certifier": "Somebody"}
    code = person("POST", "/internal/v1/certificates", body).ok().json["code"]
    assert world.anyone.get(f"/c/{code}", Accept=SIGNED).status == 404
    assert "dcc" not in world.anyone.get(f"/c/{code}?linkType=linkset").json["linkset"][0]
    assert world.a_certificate(factory_id) == code
    assert said(world, f"/c/{code}")["credentialSubject"]["attestationType"] == "certification"


def test_a_record_that_was_merged_has_its_credential_no_more_and_again_after_undoing(
    world: World, factory_id: str
) -> None:
    other = world.a_factory("S-2", factory={**audit_item()["factory"], "name": "The Other Mills"})
    said(world, f"/f/{factory_id}")
    world.staff("POST", f"/internal/v1/factories/{factory_id}/merge", {"into": other, "reason": "Same"}).ok()
    assert world.anyone.get(f"/credentials/f/{factory_id}").status == 404
    world.staff("POST", f"/internal/v1/factories/{factory_id}/unmerge", {"reason": "Not the same"}).ok()
    assert said(world, f"/f/{factory_id}")["type"][0] == "DigitalFacilityRecord"


def test_after_a_leaked_key_was_revoked_all_can_be_signed_anew_with_another(
    world: World, factory_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = world.a_certificate(factory_id)
    world.a_product(factory_id)
    set_standing(world, code, "withdrawn")
    [leaked] = world.staff.get("/internal/v1/signing-keys").ok().json["results"]
    monkeypatch.setenv("SIGNING_KEY", "second")
    world.staff("DELETE", f"/internal/v1/signing-keys/{leaked['kid']}").ok()
    for thing in (f"factories/{factory_id}", f"products/{GTIN}"):
        world.staff("POST", f"/internal/v1/{thing}/sign", {"reason": "The key leaked"}).ok()
    pages = [f"/f/{factory_id}", f"/01/{GTIN}", f"/c/{code}"]
    opinions = asked(world, [world.anyone.get(page, Accept=SIGNED).ok().text for page in pages])
    assert [each["verified"] for each in opinions] == [True] * 3
    assert opinions[2]["statuses"] == {"revocation": True, "suspension": False}


def test_certificates_that_were_confirmed_before_the_registry_signed_are_signed_with_all_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    factory_id = world.a_factory()
    holds, ended = world.a_certificate(factory_id), world.a_certificate(factory_id, number="CU 2")
    set_standing(world, ended, "withdrawn")
    declared = {**world.certificate_body(factory_id, number="MINE 1"), "certifier": "Sureseal"}
    own = world.run_by(factory_id)("POST", "/internal/v1/certificates", declared).ok().json["code"]
    before = factories.need(factory_id).certificates
    logged, events = changelog.waiting(), len(history.of(f"CERTIFICATE#{holds}"))
    monkeypatch.setenv("SIGNING_KEY", "first")
    with keys_in_process():
        for _ in range(2):
            world.staff("POST", f"/internal/v1/factories/{factory_id}/sign", {"reason": "We sign now"}).ok()
            assert bits(world, holds) == (False, False)
            assert bits(world, ended) == (True, False)
            assert world.anyone.get(f"/credentials/c/{own}").status == 404
            held = factories.need(factory_id).certificates
            assert sorted(each.status_index for code, each in held.items() if code != own) == [0, 1]
            assert {code: replace(each, status_index=None, version=0) for code, each in held.items()} == {
                code: replace(each, version=0) for code, each in before.items()
            }
    assert changelog.waiting() == logged, "nothing was said anew"
    assert len(history.of(f"CERTIFICATE#{holds}")) == events


def more(held: Held, some: int) -> Change:
    """So many more certificates like one that a factory holds."""
    like = next(iter(held.certificates.values()))
    made = [identity.new_certificate_code(secrets.choice) for _ in range(some)]
    wanted = {code: replace(like, code=code, number=code, version=0) for code in made}
    return Change(
        held.factory, certificates={code: (each, Happening("confirmed", {})) for code, each in wanted.items()}
    )


def test_a_factory_with_as_many_certificates_as_it_may_hold_begins_to_be_signed_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    factory_id = world.a_factory(factory=AS_ICS_SAYS)
    world.a_certificate(factory_id)
    while len(codes := list(factories.need(factory_id).certificates)) < certificates.MOST_HELD:
        some = min(13, certificates.MOST_HELD - len(codes))
        factories.change(factory_id, lambda held, some=some: more(held, some), Actor("certifier", "sureseal", "test"))
    monkeypatch.setenv("SIGNING_KEY", "first")
    with keys_in_process():
        signing.current()
        counter = keys.status_index()
        RegistryItem(counter.pk, counter.sk).update(actions=[RegistryItem.counter.set(PLACES - 3)])
        world.staff("POST", f"/internal/v1/factories/{factory_id}/sign", {"reason": "We sign now"}).ok()
        signed = [jws.read(world.anyone.get(f"/credentials/c/{code}").ok().text)[1] for code in codes]
    entries = [each for document in signed for each in document["credentialStatus"]]
    lists = {f"{BASE}/credentials/status/{purpose}/{number}" for purpose in Purpose for number in (0, 1)}
    assert {each["statusListCredential"] for each in entries} == lists, (
        "the end of one pair and the next, in one change"
    )


def test_while_the_key_cannot_be_reached_nothing_is_half_written(
    world: World, factory_id: str, signs: LocalKms
) -> None:
    code = world.a_certificate(factory_id)
    signs.broken = True
    body = {"standing": "withdrawn", "reason": "Looked into"}
    assert world.certifier("POST", f"/internal/v1/certificates/{code}/standing", body).status == 503
    assert world.anyone.get(f"/v1/certificates/{code}").json["status"] == "valid"
    signs.broken = False
    world.certifier("POST", f"/internal/v1/certificates/{code}/standing", body).ok()
    assert world.anyone.get(f"/v1/certificates/{code}").json["status"] == "withdrawn"
    assert bits(world, code) == (True, False)


def test_a_registry_without_a_key_signs_nothing_and_says_so(world: World) -> None:
    factory_id = world.a_factory()
    assert world.anyone.get(f"/f/{factory_id}", Accept=SIGNED).status == 404
    assert "dfr" not in world.anyone.get(f"/f/{factory_id}?linkType=linkset").json["linkset"][0]


@pytest.mark.parametrize(
    "path", ["/credentials/x/1", "/credentials/status/other/0", "/credentials/status/revocation/x"]
)
def test_what_is_no_credential_is_not_found(world: World, path: str) -> None:
    assert world.anyone.get(path).status == 404


@given(st.lists(st.tuples(st.integers(0, PLACES - 1), st.booleans()), max_size=30))
def test_a_bit_is_what_was_last_said_of_it_and_all_others_are_clear(changes: list[tuple[int, bool]]) -> None:
    held = b""
    for position, value in changes:
        held = status_list.with_bit(held, position, value)
    wanted = {position for position, value in dict(changes).items() if value}
    number = int.from_bytes(held)
    assert {position for position in wanted if number >> (PLACES - 1 - position) & 1} == wanted
    assert number.bit_count() == len(wanted)
    assert status_list.unpacked(status_list.packed(held)) == held


def test_the_same_bits_are_the_same_bytes() -> None:
    one = status_list.subject(Purpose.REVOCATION, 0, b"", "https://id.example")
    assert one == status_list.subject(Purpose.REVOCATION, 0, b"", "https://id.example")
    raw = base64.urlsafe_b64decode(one["encodedList"][1:] + "=" * (-len(one["encodedList"][1:]) % 4))
    assert zlib.decompress(raw, 31) == bytes(PLACES // 8)
    assert did.did_of("https://id.example") == "did:web:id.example"
