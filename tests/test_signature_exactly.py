"""What is signed and how it is written, to the byte: COSE, JWS, and the registry's own identifier."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain import cose, did, jws
from chalicelib.domain.did import SigningKey
from chalicelib.domain.errors import Malformed

HERE = "https://id.example"


# --- COSE


@pytest.mark.parametrize(
    ("content", "written"),  # those of numbers are of RFC 8949, appendix A
    [
        (0, "00"),
        (23, "17"),
        (24, "1818"),
        (255, "18ff"),
        (256, "190100"),
        (65535, "19ffff"),
        (65536, "1a00010000"),
        (1000000000000, "1b000000e8d4a51000"),
        (-1, "20"),
        (-24, "37"),
        (-25, "3818"),
        (-1000, "3903e7"),
        (b"", "40"),
        (b"\x01\x02", "420102"),
        ("ü", "62c3bc"),
        ("x" * 24, "7818" + "78" * 24),
        ([1, [2, 3]], "8201820203"),
        ((), "80"),
        ({1: 2, "a": b""}, "a20102616140"),
    ],
)
def test_cbor_is_written_shortest_form_first(content: Any, written: str) -> None:
    assert cose.encoded(content).hex() == written


def test_what_no_code_holds_is_not_written() -> None:
    with pytest.raises(TypeError, match="float"):
        cose.encoded(1.5)


def test_what_is_signed_holds_header_claims_and_what_stands_beside_the_code() -> None:
    header = cose.protected(jws.base64url(bytes(range(32))))
    assert header.hex() == "a201260444" + "00010203"
    assert cose.signing_input(header, {2: "F"}, "é").hex() == (
        "84" + "6a" + b"Signature1".hex() + "49" + header.hex() + "42" + "c3a9" + "44" + "a1026146"
    )
    assert cose.sign1(header, {2: "F"}, b"\x05\x06").hex() == "d284" + "49" + header.hex() + "a0" + "44a1026146" + (
        "420506"
    )
    assert (cose.base32(b"a"), cose.base32(b"\0\0\0\0\x17")) == ("ME", "AAAAAAAX")


# --- JWS


def test_header_and_payload_are_signed_as_base64url_of_json() -> None:
    signed = jws.signing_input({"alg": "ES256"}, {"é": [1, 2]})
    head, body = signed.decode().split(".")
    assert (jws.decoded(head), jws.decoded(body)) == (b'{"alg":"ES256"}', '{"é":[1,2]}'.encode())
    token = jws.compact(signed, b"\xff\xfe\xfd")
    assert token == f"{head}.{body}.__79"
    assert jws.read(token) == ({"alg": "ES256"}, {"é": [1, 2]}, signed, b"\xff\xfe\xfd")


@pytest.mark.parametrize(
    "token", ["W10.e30.AA", "e30.W10.AA", "e30.e30.A", "e30.e30.é", "e30.e30.AA=", "e30.e30.A+", "e30..AA", ".e30.AA"]
)
def test_only_two_objects_and_a_signature_are_a_signed_document(token: str) -> None:
    with pytest.raises(Malformed, match="no signed document"):
        jws.read(token)
    assert jws.read("e30.e30.AA") == ({}, {}, b"e30.e30", b"\0")


@pytest.mark.parametrize(("text", "content"), [("", b""), ("-w", b"\xfb"), ("-_8", b"\xfb\xff"), ("AAAX", b"\0\0\x17")])
def test_base64url_is_read_in_its_one_form(text: str, content: bytes) -> None:
    assert jws.decoded(text) == content
    assert jws.base64url(content) == text


@pytest.mark.parametrize("text", ["-x", "-w==", "+w", "/w", "-w\n", "- w", "A", "-_9"])
def test_bits_that_nobody_wrote_and_other_forms_are_no_base64url(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (of the library, or ours)
        jws.decoded(text)


def test_a_key_is_named_by_the_hash_of_its_four_members_in_order() -> None:
    jwk = {"y": "BBBB", "x": "AAAA", "kty": "EC", "crv": "P-256", "use": "sig"}
    said = b'{"crv":"P-256","kty":"EC","x":"AAAA","y":"BBBB"}'
    assert jws.thumbprint(jwk) == jws.base64url(hashlib.sha256(said).digest())


SPKI_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")


def test_a_public_key_is_its_two_coordinates() -> None:
    x, y = bytes(range(32)), bytes(range(32, 64))
    assert jws.public_jwk(SPKI_HEAD + x + y) == {
        "kty": "EC",
        "crv": "P-256",
        "x": jws.base64url(x),
        "y": jws.base64url(y),
    }
    for other in (SPKI_HEAD + x + y + b"\0", SPKI_HEAD + x, b"\x31" + SPKI_HEAD[1:] + x + y):
        with pytest.raises(ValueError, match="not a P-256 public key"):
            jws.public_jwk(other)


TOP = "022100" + "ff" * 32


@pytest.mark.parametrize(
    ("der", "r", "s"),
    [("3006020101020102", 1, 2), ("300602020101" + "0200", 257, 0), ("3046" + TOP + TOP, 2**256 - 1, 2**256 - 1)],
)
def test_a_signature_becomes_two_numbers_of_32_bytes(der: str, r: int, s: int) -> None:
    assert jws.raw_signature(bytes.fromhex(der)) == r.to_bytes(32) + s.to_bytes(32)


@pytest.mark.parametrize(
    "der",
    [
        "",
        "30",
        "30050201010200",  # too short for two numbers of one byte
        "3106020101020102",  # no sequence
        "3007020101020102",  # a length that is not its own
        "3006030101020102",  # no number, then no second one
        "3006020101030102",
        "3006020401010101",  # one number only
        "300702040101010102",  # half of a second one
        "3006020101020501",  # a number longer than what is left
        "3026022101" + "00" * 32 + "020101",  # a number of 33 bytes
    ],
)
def test_what_is_no_signature_of_the_curve_is_refused(der: str) -> None:
    with pytest.raises(ValueError, match="not a P-256 signature"):
        jws.raw_signature(bytes.fromhex(der))


def test_nothing_may_stand_behind_a_signature() -> None:
    with pytest.raises(ValueError, match="more than a signature"):
        jws.raw_signature(bytes.fromhex("300702010102010200"))


# --- The registry's own identifier


def test_a_registry_is_named_by_its_host_port_and_path() -> None:
    assert did.did_of("https://id.example") == "did:web:id.example"
    assert did.did_of("http://127.0.0.1:8000/registry/eu/") == "did:web:127.0.0.1%3A8000:registry:eu"
    assert did.method_of(HERE, "k") == "did:web:id.example#k"


def test_the_document_has_every_key_that_was_not_revoked_and_asserts_by_that_of_credentials() -> None:
    first = SigningKey("k1", "credentials", {"kty": "EC", "x": "1"}, "2026-01-01T00:00:00Z")
    leaked = replace(first, kid="k2", revoked="2026-02-02T00:00:00Z")
    third = SigningKey("k3", "receipts", {"kty": "EC", "x": "3"}, "2026-03-03T00:00:00Z")

    def told(kid: str, x: str, purpose: str) -> dict[str, Any]:
        return {
            "id": f"did:web:id.example#{kid}",
            "type": "JsonWebKey2020",
            "controller": "did:web:id.example",
            "publicKeyJwk": {"kty": "EC", "x": x, "kid": kid, "alg": "ES256", "use": "sig", "purpose": purpose},
        }

    assert did.document(HERE, [first, leaked, third]) == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": "did:web:id.example",
        "verificationMethod": [told("k1", "1", "credentials"), told("k3", "3", "receipts")],
        "assertionMethod": ["did:web:id.example#k1"],
    }
