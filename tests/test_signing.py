"""Signing with keys that are kept elsewhere, and the document that tells their public halves."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import did, jws
from chalicelib.domain.did import SigningKey
from chalicelib.domain.errors import Malformed, Unavailable
from chalicelib.store.registry import signing, signing_keys
from tests.local_kms import LocalKms, keys_in_process
from tests.world import World

NUMBERS = st.integers(1, (1 << 256) - 1)


@pytest.fixture
def signs(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalKms]:
    """A registry that signs."""
    monkeypatch.setenv("SIGNING_KEY", "first")
    with keys_in_process() as local:
        yield local


@given(r=NUMBERS, s=NUMBERS)
def test_a_signature_in_der_becomes_two_numbers_of_32_bytes(r: int, s: int) -> None:
    raw = jws.raw_signature(utils.encode_dss_signature(r, s))
    assert (int.from_bytes(raw[:32]), int.from_bytes(raw[32:]), len(raw)) == (r, s, 64)


@given(st.binary(max_size=80))
def test_bytes_that_are_no_signature_are_refused_without_a_crash(content: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert len(jws.raw_signature(content)) == 64


def test_a_public_key_is_written_as_its_standard_says() -> None:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    spki = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    jwk, numbers = jws.public_jwk(spki), key.public_numbers()
    assert int.from_bytes(jws.decoded(jwk["x"])) == numbers.x
    assert int.from_bytes(jws.decoded(jwk["y"])) == numbers.y
    other = ec.generate_private_key(ec.SECP384R1()).public_key()
    with pytest.raises(ValueError, match="not a P-256"):
        jws.public_jwk(other.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))


def test_a_thumbprint_is_that_of_a_known_key() -> None:
    # Made with `openssl dgst` over the canonical JSON of RFC 7638 section 3.
    jwk = {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "BBBB", "use": "sig"}
    assert jws.thumbprint(jwk) == jws.thumbprint({name: jwk[name] for name in ("y", "x", "crv", "kty")})
    assert jws.thumbprint(jwk) != jws.thumbprint({**jwk, "x": "AAAB"})
    assert len(jws.decoded(jws.thumbprint(jwk))) == 32


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c.d", "{}.{}.{}", "e30.e30.AB", "é.é.é", "W10.W10.AA"])
def test_what_is_no_signed_document_is_malformed(token: str) -> None:
    with pytest.raises(Malformed):
        jws.read(token)


@pytest.mark.usefixtures("signs")
def test_a_document_is_signed_under_a_key_that_anyone_can_look_up_already(world: World) -> None:
    token = signing.signed_document({"says": "é"}, {"typ": "vc+jwt"})
    header, payload, signed, raw = jws.read(token)
    document = world.anyone.get("/.well-known/did.json").ok().json
    method = next(each for each in document["verificationMethod"] if each["id"] == header["kid"])
    assert document["id"] == did.did_of("http://127.0.0.1:8000") == "did:web:127.0.0.1%3A8000"
    assert document["assertionMethod"] == [header["kid"]]
    assert (header["alg"], header["typ"], payload) == ("ES256", "vc+jwt", {"says": "é"})
    assert set(method["publicKeyJwk"]) == {"kty", "crv", "x", "y", "kid", "alg", "use", "purpose"}
    verify(method["publicKeyJwk"], signed, raw)
    with pytest.raises(InvalidSignature):
        verify(method["publicKeyJwk"], signed + b"x", raw)


@pytest.mark.usefixtures("signs")
def test_a_former_key_stays_until_it_is_revoked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = signing.current()
    monkeypatch.setenv("SIGNING_KEY", "second")
    second = signing.current()
    assert kids(world) == {first, second}
    signing_keys.revoke(first)
    assert kids(world) == {second}
    signing.forget()
    assert signing.current() == second
    assert kids(world) == {second}


@pytest.mark.usefixtures("signs")
def test_the_key_of_receipts_is_published_with_the_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECEIPT_KEY", "receipts")
    signing.current()
    assert len(kids(world)) == 2


@pytest.mark.usefixtures("moto")
def test_nothing_is_signed_by_a_key_whose_name_was_not_told(signs: LocalKms) -> None:
    signing.current()
    kept = signs.call

    def moved(operation: str, payload: dict[str, str]) -> dict[str, str]:
        return {**kept(operation, payload), "KeyId": "another"}

    signs.call = moved  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        signing.signed_document({}, {"typ": "vc+jwt"})


@pytest.mark.usefixtures("moto")
def test_a_key_is_asked_for_once_in_the_life_of_a_process(signs: LocalKms) -> None:
    for _ in range(3):
        signing.signed_document({}, {"typ": "vc+jwt"})
    assert signs.calls == ["GetPublicKey", "Sign", "Sign", "Sign"]


def test_a_revoked_key_is_left_out_of_the_document() -> None:
    key = SigningKey("k1", "credentials", {"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}, "2026-01-01T00:00:00Z")
    gone = SigningKey("k2", "credentials", key.jwk, key.since, "2026-02-01T00:00:00Z")
    told = json.dumps(did.document("https://id.example/api", [key, gone]))
    assert "did:web:id.example:api#k1" in told
    assert "k2" not in told


def kids(world: World) -> set[str]:
    methods = world.anyone.get("/.well-known/did.json").ok().json["verificationMethod"]
    return {each["publicKeyJwk"]["kid"] for each in methods}


def verify(jwk: dict[str, str], signed: bytes, raw: bytes) -> None:
    """With the library that the service does not use. Raises ``InvalidSignature``."""
    x, y = (int.from_bytes(base64.urlsafe_b64decode(jwk[name] + "=")) for name in ("x", "y"))
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    key.verify(utils.encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
