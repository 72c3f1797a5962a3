"""The public side holds the key for receipts: nothing else that it signs counts, with our verifiers or with others'."""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain import cose, did, jws, receipt
from chalicelib.domain.did import SigningKey
from chalicelib.store import kms
from factory_id import log_audit, log_signature
from factory_id.command import main
from factory_id.log_copy import Copy
from tests import second_opinion, tools
from tests.local_kms import keys_in_process
from tests.test_offline import in_node, part_of, printed
from tests.world import World

BASE = "http://127.0.0.1:8000"
CREDENTIAL = {"typ": "vc+jwt", "cty": "vc"}
CHECKPOINT = {"typ": log_signature.TYPE}
Document = dict[str, Any]


@pytest.fixture
def factory_id(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A factory of a registry that signs and gives receipts; no service is named to the command."""
    monkeypatch.setenv("SIGNING_KEY", "credentials")
    monkeypatch.setenv("RECEIPT_KEY", "receipts")
    monkeypatch.delenv("FACTORY_ID_URL", raising=False)
    with keys_in_process():
        yield world.a_factory()


@pytest.fixture
def document(world: World, factory_id: str) -> Document:
    """The registry's keys as they are published."""
    assert factory_id
    found: Document = world.anyone.get("/.well-known/did.json").ok().json
    return found


@pytest.fixture
def offline(tmp_path: Path, document: Document) -> Callable[..., int]:
    """A command without a network, with the published keys or others."""

    def run(*command: str, keys: Document = document) -> int:
        path = tmp_path / "did.json"
        path.write_text(json.dumps(keys), encoding="utf-8")
        return main([*command, "--keys", str(path)])

    return run


def kid_of(purpose: str) -> str:
    return jws.thumbprint(kms.public_half(purpose).jwk)


def signed_with(key: str, payload: Document, header: dict[str, str]) -> str:
    """A JWS by a key of ours, whatever that key is for."""
    whole = jws.signing_input({"alg": "ES256", **header, "kid": did.method_of(BASE, kid_of(key))}, payload)
    return jws.compact(whole, kms.sign(key, whole).signature)


def code_signed_with(key: str, address: str) -> str:
    """The code at an address, signed anew with a key of ours."""
    import cbor2

    signed, bound = part_of(address)
    claims = cbor2.loads(cbor2.loads(signed).value[2])
    header = cose.protected(kid_of(key))
    made = cose.sign1(header, claims, kms.sign(key, cose.signing_input(header, claims, bound)).signature)
    return address.replace(address.split("/")[4], cose.base32(made))


def as_of_before(document: Document) -> Document:
    """The document as it was published before keys had purposes."""
    methods = json.loads(json.dumps(document["verificationMethod"]))
    for each in methods:
        del each["publicKeyJwk"]["purpose"]
    return {**document, "verificationMethod": methods, "assertionMethod": [each["id"] for each in methods]}


def test_a_key_for_receipts_is_published_with_its_purpose_and_asserts_nothing(document: Document) -> None:
    purposes = {each["id"]: each["publicKeyJwk"]["purpose"] for each in document["verificationMethod"]}
    assert purposes == {
        did.method_of(BASE, kid_of("credentials")): "credentials",
        did.method_of(BASE, kid_of("receipts")): "receipts",
    }
    assert document["assertionMethod"] == [did.method_of(BASE, kid_of("credentials"))]


def test_a_key_of_a_purpose_that_nobody_knows_yet_asserts_nothing_either() -> None:
    jwk = {"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}
    made = did.document(BASE, [SigningKey("k1", "something new", jwk, "2026-01-01T00:00:00Z")])
    assert (len(made["verificationMethod"]), made["assertionMethod"]) == (1, [])


def test_a_code_under_the_key_for_receipts_is_refused_by_the_command_and_the_page(
    world: World, factory_id: str, offline: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    genuine = printed(world, f"/qr/f/{factory_id}")
    again, forged = (code_signed_with(key, genuine) for key in ("credentials", "receipts"))
    assert offline("verify-offline", again) == 0
    capsys.readouterr()
    assert offline("verify-offline", forged) == 1
    assert "its key is none of ours" in capsys.readouterr().out
    assert in_node(world, [again, forged]) == [factory_id, "unknown"]


def test_a_code_is_refused_too_if_somebody_lists_that_key_or_gives_it_another_purpose(
    world: World, factory_id: str, document: Document, offline: Callable[..., int]
) -> None:
    forged = code_signed_with("receipts", printed(world, f"/qr/f/{factory_id}"))
    listed = {**document, "assertionMethod": [each["id"] for each in document["verificationMethod"]]}
    renamed = json.loads(json.dumps(document).replace('"receipts"', '"credentials"'))
    for keys in (listed, renamed):
        assert offline("verify-offline", forged, keys=keys) == 1
        assert in_node(world, [forged], keys) == ["unknown"]


def test_a_checkpoint_under_the_key_for_receipts_is_false(document: Document) -> None:
    said = {"size": 3, "root": "00", "head": "11", "at": "2026-11-01T00:00:00Z"}
    found = [
        log_signature.judge({**said, "signed": signed_with(key, said, CHECKPOINT)}, document)
        for key in ("credentials", "receipts", "of-nobody")
    ]
    assert found == [log_signature.VALID, log_signature.FALSE, log_signature.KEY_UNKNOWN]


def test_verifiers_of_others_refuse_a_credential_under_the_key_for_receipts(
    world: World, factory_id: str, document: Document
) -> None:
    genuine = world.anyone.get(f"/credentials/f/{factory_id}").ok().text
    _, said, _, _ = jws.read(genuine)
    tokens = [genuine, *(signed_with(key, said, CREDENTIAL) for key in ("credentials", "receipts"))]
    opinions = second_opinion.opinions(tokens, {document["id"]: document})
    assert [each["verified"] for each in opinions] == [True, True, False]
    assert "unknown key" in opinions[2]["error"]


def test_a_verifier_of_others_refuses_a_checkpoint_under_the_key_for_receipts(document: Document) -> None:
    tools.npm_file("jose/package.json")
    program = Path(__file__).parent / "js" / "jws.mjs"
    said = {"size": 3}
    endings = []
    for key in ("credentials", "receipts"):
        given = json.dumps({"token": signed_with(key, said, CHECKPOINT), "did": document})
        command = [tools.command("node"), str(program)]
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=60)
        endings.append((done.stdout, "unknown key" in done.stderr))
    assert endings == [(json.dumps(said, separators=(",", ":")), False), ("", True)]


def test_a_receipt_under_the_key_for_credentials_is_none_with_the_command_and_with_the_service(
    world: World, factory_id: str, offline: Callable[..., int], tmp_path: Path
) -> None:
    code = world.a_certificate(factory_id)
    genuine = world.anyone("POST", f"/v1/certificates/{code}/receipt").ok().json
    forged = signed_with("credentials", genuine["says"], {"typ": receipt.TYPE})
    file = tmp_path / "receipt.jws"
    for token, ending in ((genuine["receipt"], 0), (forged, 1)):
        file.write_text(token)
        assert offline("check-receipt", str(file)) == ending
        assert world.anyone("POST", "/v1/receipts/check", {"receipt": token}).ok().json["genuine"] is (ending == 0)


def test_what_is_of_no_kind_is_no_receipt_though_the_key_for_receipts_signed_it(
    offline: Callable[..., int], tmp_path: Path
) -> None:
    file = tmp_path / "receipt.jws"
    file.write_text(signed_with("receipts", {"iat": 1, "says": "anything"}, CREDENTIAL))
    assert offline("check-receipt", str(file)) == 1


def test_a_copy_from_before_keys_had_purposes_is_refused_with_words_that_help(
    world: World,
    factory_id: str,
    document: Document,
    offline: Callable[..., int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    old = as_of_before(document)
    genuine = printed(world, f"/qr/f/{factory_id}")
    file = tmp_path / "receipt.jws"
    code = world.a_certificate(factory_id)
    file.write_text(world.anyone("POST", f"/v1/certificates/{code}/receipt").ok().json["receipt"])
    for command in (("verify-offline", genuine), ("check-receipt", str(file))):
        assert offline(*command, keys=old) == 2
        assert "Fetch them anew" in capsys.readouterr().err
    assert in_node(world, [genuine], old) == ["unknown"]  # which the page says together with what to do
    said = {"size": 3, "root": "00", "head": "11", "at": "2026-11-01T00:00:00Z"}
    for key in ("credentials", "receipts"):
        checkpoint = {**said, "signed": signed_with(key, said, CHECKPOINT)}
        assert log_signature.judge(checkpoint, old) == log_signature.NO_PURPOSE


def test_the_log_says_which_keys_are_missing_their_purpose(
    document: Document, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {"size": 3, "root": "00", "head": "11", "at": "2026-11-01T00:00:00Z"}
    forged, genuine = ({**said, "signed": signed_with(key, said, CHECKPOINT)} for key in ("receipts", "credentials"))
    chosen = argparse.Namespace(keys=None, unsigned=False)

    def found(keys: Document, checkpoint: Document) -> list[str]:
        return log_audit._signatures(Copy(BASE, keys, [checkpoint], iter(()), 0), None, chosen)

    assert found(document, genuine) == []
    assert found(document, forged) == ["1 checkpoints have a false signature."]
    capsys.readouterr()
    assert found(as_of_before(document), genuine) != []
    told = capsys.readouterr().out
    assert "1 of a key without a purpose" in told
    assert "Fetch them anew" in told


def test_a_receipt_is_not_given_under_a_key_that_was_published_for_something_else(
    world: World, factory_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = world.a_certificate(factory_id)
    monkeypatch.setenv("RECEIPT_KEY", "credentials")
    assert world.anyone("POST", f"/v1/certificates/{code}/receipt").status == 503
