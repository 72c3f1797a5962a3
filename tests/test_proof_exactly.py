"""What others can check without trusting us, to the byte: signatures, codes, lists, receipts, the lines of the log."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain import jws, log, merkle, receipt, status_list
from chalicelib.domain.certificate import Certificate, Declared, Standing, StandingChange, Status
from chalicelib.domain.disclosure import CertificateAnswer
from chalicelib.domain.errors import Malformed
from chalicelib.domain.log import Entry, Line
from chalicelib.domain.receipt import Position, Read
from chalicelib.domain.status_list import PLACES, Place, Purpose
from tests.published import CERTIFICATE, CODE, FACTORY_ID, NAME

HERE = "https://id.example"
ACTIVE, SUSPENDED, WITHDRAWN = Standing.ACTIVE, Standing.SUSPENDED, Standing.WITHDRAWN


def change(standing: Standing, effective: str, recorded: str = "2026-02-02T00:00:00Z") -> StandingChange:
    return StandingChange(standing, "", date.fromisoformat(effective), recorded)


def certificate(*history: StandingChange, **changes: Any) -> Certificate:
    held = {name: getattr(CERTIFICATE, name) for name in asdict(CERTIFICATE)}
    return Certificate(certifier_id="trueweave", **{**held, "history": history, **changes})


# --- Lines of the log


def test_every_change_of_standing_is_a_line_and_the_first_word_of_its_holder_too() -> None:
    history = (
        change(ACTIVE, "2026-01-01", "2026-02-02T00:00:00Z"),
        change(SUSPENDED, "2026-03-01", "2026-03-02T00:00:00Z"),
        change(ACTIVE, "2026-04-01", "2026-04-02T00:00:00Z"),
        change(WITHDRAWN, "2026-05-01", "2026-05-02T00:00:00Z"),
    )
    declared = Declared(date(2026, 1, 5), date(2026, 12, 31))
    each = certificate(*history, declared=declared, registered_at="2026-01-07T00:00:00Z")
    assert log.lines_of(each) == (
        Line(CODE, 1, "declared", None, "2026-01-05", "2026-01-07T00:00:00Z", "gots"),
        Line(CODE, 2, "confirmed", "active", "2026-01-01", "2026-02-02T00:00:00Z", "gots"),
        Line(CODE, 3, "suspended", "suspended", "2026-03-01", "2026-03-02T00:00:00Z", "gots"),
        Line(CODE, 4, "reinstated", "active", "2026-04-01", "2026-04-02T00:00:00Z", "gots"),
        Line(CODE, 5, "withdrawn", "withdrawn", "2026-05-01", "2026-05-02T00:00:00Z", "gots"),
    )


def test_what_its_certifier_registered_was_never_declared_and_what_is_older_than_instants_has_no_line() -> None:
    at = "2026-01-07T00:00:00Z"
    assert [line.what for line in log.lines_of(certificate(change(SUSPENDED, "2026-01-01"), registered_at=at))] == [
        "suspended"
    ]
    (own,) = log.lines_of(certificate(confirmed=False, registered_at=at))
    assert (own.what, own.effective) == ("declared", "2026-01-01")
    assert log.lines_of(certificate(confirmed=False, registered_at=None)) == ()


ENTRY = Entry("C1", 2, "confirmed", None, "2026-01-01", "2026-01-02T00:00:00Z", "é", None, 7, "00")


def test_an_entry_is_hashed_as_json_with_sorted_names_and_without_blanks() -> None:
    said = (
        '{"code":"C1","effective":"2026-01-01","event":null,"line":2,"number":7,"previous":"00",'
        '"recorded":"2026-01-02T00:00:00Z","standard":"é","standing":null,"what":"confirmed"}'
    ).encode()
    assert log.canonical(ENTRY) == said
    assert log.chain_hash(ENTRY) == hashlib.sha256(said).hexdigest()
    assert log.leaf(ENTRY) == merkle.leaf_hash(said)


def test_an_entry_comes_back_from_its_json_whatever_else_stands_there() -> None:
    assert log.body(ENTRY) == json.loads(log.canonical(ENTRY))
    assert log.entry({**log.body(ENTRY), "backdated": True}) == ENTRY


# --- Status lists


def test_the_place_of_a_certificate_is_counted_through_the_lists() -> None:
    assert status_list.place(PLACES - 1) == Place(0, 131_071)
    assert status_list.place(PLACES + 5) == Place(1, 5)
    assert status_list.entry(Purpose.SUSPENSION, PLACES + 5, HERE) == {
        "id": "https://id.example/credentials/status/suspension/1#5",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "suspension",
        "statusListIndex": "5",
        "statusListCredential": "https://id.example/credentials/status/suspension/1",
    }


@pytest.mark.parametrize(
    ("standing", "revoked", "suspended"),
    [(None, False, False), (ACTIVE, False, False), (SUSPENDED, False, True), (WITHDRAWN, True, False)],
)
def test_a_bit_is_set_by_what_was_said_last_whatever_the_day(
    standing: Standing | None, revoked: bool, suspended: bool
) -> None:
    each = certificate(*([change(SUSPENDED, "2026-03-02"), change(standing, "2026-03-01")] if standing else []))
    assert status_list.is_set(Purpose.REVOCATION, each) is revoked
    assert status_list.is_set(Purpose.SUSPENSION, each) is suspended


def test_the_first_place_is_the_leftmost_bit() -> None:
    held = status_list.with_bit(b"", 9, True)
    assert (len(held), held[:3]) == (PLACES // 8, b"\x00\x40\x00")
    both = status_list.with_bit(held, 15, True)
    assert both[:3] == b"\x00\x41\x00"
    assert status_list.with_bit(both, 9, False)[:3] == b"\x00\x01\x00"
    assert status_list.with_bit(both, 10, False) == both
    assert status_list.with_bit(b"", 16, True)[:4] == b"\x00\x00\x80\x00"
    far = status_list.with_bit(status_list.with_bit(b"", 800, True), 803, True)
    assert far[99:102] == b"\x00\x90\x00"
    assert status_list.with_bit(far, 800, False)[99:102] == b"\x00\x10\x00"
    last = status_list.with_bit(b"", PLACES - 1, True)
    assert last[-2:] == b"\x00\x01"
    assert status_list.with_bit(last, PLACES - 1, False) == bytes(PLACES // 8)
    assert status_list.with_bit(last, PLACES - 1, True) == last
    assert status_list.with_bit(both, 9, True) == both


def test_a_list_is_served_gzipped_in_multibase_and_has_no_time_in_it() -> None:
    bits = status_list.with_bit(b"", 3, True)
    said = status_list.subject(Purpose.REVOCATION, 4, bits, HERE)
    packed = jws.decoded(said.pop("encodedList").removeprefix("u"))
    assert said == {
        "id": "https://id.example/credentials/status/revocation/4#list",
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
    }
    for content in (packed, base64.b64decode(status_list.packed(bits))):
        assert content[4:8] == bytes(4)
        assert zlib.decompress(content, 31) == bits
    empty = status_list.subject(Purpose.REVOCATION, 4, b"", HERE)["encodedList"]
    assert zlib.decompress(jws.decoded(empty[1:]), 31) == bytes(PLACES // 8)
    assert status_list.unpacked(status_list.packed(bits)) == bits


# --- Receipts

ANSWER = CertificateAnswer(
    certificate=replace(CERTIFICATE, number="N" * 120, standard_name="S" * 121),
    day=date(2026, 3, 1),
    status=Status.VALID,
    reason=None,
    confirmed=True,
)


def test_a_receipt_holds_the_question_and_the_answer_with_long_names_cut() -> None:
    said = receipt.of_answer(ANSWER, "v1")
    assert said == {
        "question": {"code": CODE, "on": "2026-03-01"},
        "answer": {
            "status": "valid",
            "confirmed": True,
            "number": "N" * 120,
            "standard": "S" * 119 + "…",
            "holder": NAME,
            "factory_id": FACTORY_ID,
            "certifier": "Trueweave Certification",
            "valid_from": "2026-01-01",
            "valid_to": "2099-12-31",
        },
        "version": "v1",
    }
    then = replace(ANSWER, known="2026-02-01T00:00:00Z", status=Status.UNKNOWN, confirmed=False)
    by_then = receipt.of_answer(then, "v1")
    assert by_then["question"] == {"code": CODE, "on": "2026-03-01", "known_at": "2026-02-01T00:00:00Z"}
    assert by_then["answer"] == {**said["answer"], "status": "unknown", "confirmed": False}
    assert by_then["known_now"] == {"status": "valid", "confirmed": True}
    assert by_then.keys() == {*said, "known_now"}


def test_the_receipt_of_a_list_holds_its_counts_and_the_root_over_its_rows() -> None:
    rows = [{"b": "é", "a": 1}, {"a": 2}]
    leaves = [merkle.leaf_hash('{"a":1,"b":"é"}'.encode()), merkle.leaf_hash(b'{"a":2}')]
    root = jws.base64url(merkle.root(leaves))
    day = date(2026, 3, 1)
    assert receipt.of_list(rows, day, None, {"valid": 2}) == {
        "question": {"lines": 2, "on": "2026-03-01"},
        "answer": {"counts": {"valid": 2}},
        "rows": root,
    }
    assert receipt.of_list(rows, day, "2026-02-01T00:00:00Z", {})["question"] == {
        "lines": 2,
        "on": "2026-03-01",
        "known_at": "2026-02-01T00:00:00Z",
    }
    by_then = receipt.of_list(rows, day, "2026-02-01T00:00:00Z", {"valid": 2}, {"withdrawn": 2})
    assert (by_then["answer"], by_then["known_now"]) == ({"counts": {"valid": 2}}, {"counts": {"withdrawn": 2}})


def test_of_a_list_what_is_only_declared_is_counted_apart_and_the_sum_is_no_answer() -> None:
    counts = {"total": 9, "valid": 5, "expired": 3, "unknown": 1, "valid_not_confirmed": 2}
    assert list(receipt.faces(counts).items()) == [("valid", 3), ("declared", 2), ("expired", 3), ("unknown", 1)]
    assert receipt.faces({"withdrawn": 4}) == {"valid": 0, "declared": 0, "withdrawn": 4}


def test_a_state_of_a_record_is_named_by_the_first_half_of_its_hash() -> None:
    digest = hashlib.sha256('{"a":1,"b":"é"}'.encode()).digest()
    assert receipt.data_version({"b": "é", "a": 1}) == jws.base64url(digest[:16])


def test_what_is_signed_says_who_when_which_and_how_far_the_log_was() -> None:
    plain = {"iss": "did:web:id.example", "iat": 5, "jti": "j", "answer": 1}
    assert receipt.payload("did:web:id.example", 5, "j", {"answer": 1}, None) == plain
    assert receipt.payload("did:web:id.example", 5, "j", {"answer": 1}, Position(9, "r")) == {
        **plain,
        "log": {"size": 9, "root": "r"},
    }


def token(**header: Any) -> str:
    whole = {"typ": "receipt+jwt", "alg": "ES256", "kid": "k", **header}
    return jws.compact(jws.signing_input({name: said for name, said in whole.items() if said}, {"a": 1}), bytes(64))


def test_a_receipt_is_found_wherever_it_stands_and_as_often_as_it_does() -> None:
    good = token()
    assert receipt.found_in(f"see {good} and again {good}.") == Read(
        "k", good.rpartition(".")[0].encode(), bytes(64), {"a": 1}
    )
    with pytest.raises(Malformed, match="more than one receipt"):
        receipt.found_in(f"{good} {token(kid='other')}")
    with pytest.raises(Malformed, match="There is no receipt in this"):
        receipt.found_in("nothing")


@pytest.mark.parametrize("header", [{"typ": "vc+jwt"}, {"alg": "none"}, {"kid": 5}, {"kid": None}, {"typ": None}])
def test_what_is_signed_otherwise_is_no_receipt(header: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match="it is no receipt"):
        receipt.found_in(token(**header))
