"""Proof that somebody checked: what it says, that it holds years later, and that nothing of it can be changed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import zxingcpp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import clock
from chalicelib.domain import jws, p256, receipt
from chalicelib.domain.errors import Malformed
from chalicelib.store import receipts
from chalicelib.store.registry import signing, signing_keys
from factory_id import receipt_row
from factory_id.command import main
from tests.local_kms import LocalKms, keys_in_process
from tests.test_known_at import Days
from tests.world import Answer, World

PAIR = ec.generate_private_key(ec.SECP256R1())
FORM = "application/x-www-form-urlencoded"
NUMBERS = st.integers(0, (1 << 256) - 1)


def jwk_of(pair: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    numbers = pair.public_key().public_numbers()
    x, y = (jws.base64url(number.to_bytes(32)) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def signature(message: bytes) -> bytes:
    r, s = utils.decode_dss_signature(PAIR.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


@pytest.fixture
def gives(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalKms]:
    """A registry that gives receipts: its internal side has published their key."""
    monkeypatch.setenv("SIGNING_KEY", "credentials")
    monkeypatch.setenv("RECEIPT_KEY", "receipts")
    with keys_in_process() as local:
        world.a_certificate(world.a_factory())
        yield local


@pytest.fixture
def code(world: World, gives: LocalKms) -> str:
    """A certificate of a registry that gives receipts."""
    assert gives.calls
    return world.a_certificate(world.a_factory("S-2"), number="RECEIPT-1")


def given_for(world: World, code: str, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = world.anyone("POST", f"/v1/certificates/{code}/receipt{query}").ok().json
    return found


def checked(world: World, token: str, **more: Any) -> Answer:
    return world.anyone("POST", "/v1/receipts/check", {"receipt": token, **more})


def withdraw(world: World, code: str) -> None:
    body = {"standing": "withdrawn", "reason": "Looked into"}
    world.certifier("POST", f"/internal/v1/certificates/{code}/standing", body).ok()


@given(st.binary(max_size=200))
def test_what_a_library_signed_is_verified(message: bytes) -> None:
    assert p256.verify(jwk_of(PAIR), message, signature(message))
    assert not p256.verify(jwk_of(PAIR), message + b"x", signature(message))


@given(st.binary(max_size=40), st.integers(0, 511))
def test_a_signature_with_one_bit_changed_is_not(message: bytes, at: int) -> None:
    changed = bytearray(signature(message))
    changed[at // 8] ^= 1 << at % 8
    assert not p256.verify(jwk_of(PAIR), message, bytes(changed))


@given(NUMBERS, NUMBERS, st.binary(max_size=70))
def test_no_number_or_key_makes_verifying_fail_or_say_yes(x: int, y: int, made: bytes) -> None:
    key = {"crv": "P-256", "x": jws.base64url(x.to_bytes(32)), "y": jws.base64url(y.to_bytes(32))}
    assert not p256.verify(key, b"message", signature(b"message"))
    assert not p256.verify(jwk_of(PAIR), b"message", made)
    assert not p256.verify(jwk_of(PAIR), b"message", x.to_bytes(32) + y.to_bytes(32))


@pytest.mark.parametrize("r", [0, 1, p256._N - 1, p256._N, p256._P])
@pytest.mark.parametrize("s", [0, 1, p256._N - 1, p256._N])
def test_numbers_at_the_edge_are_no_signature(r: int, s: int) -> None:
    assert not p256.verify(jwk_of(PAIR), b"message", r.to_bytes(32) + s.to_bytes(32))


def test_a_receipt_says_what_was_asked_and_answered_and_when(world: World, code: str) -> None:
    given = given_for(world, code, "?on=2026-03-01")
    said = given["says"]
    assert said["question"] == {"code": code, "on": "2026-03-01"}
    look_up = world.anyone.get(f"/v1/certificates/{code}?on=2026-03-01").json
    assert said["answer"]["status"] == look_up["status"] == "valid"
    assert said["answer"]["number"] == look_up["number"]
    assert said["iss"] == "did:web:127.0.0.1%3A8000"
    answer = checked(world, given["receipt"]).ok().json
    assert (answer["genuine"], answer["says"]) == (True, said)


def test_a_receipt_stays_what_it_was_and_the_page_says_what_holds_now(world: World, code: str) -> None:
    token = given_for(world, code)["receipt"]
    version = given_for(world, code)["says"]["version"]
    withdraw(world, code)
    answer = checked(world, token).ok().json
    assert answer["says"]["answer"]["status"] == "valid"
    assert answer["now"]["status"] == "withdrawn"
    page = world.anyone.get(f"/receipts?r={token}&lang=en").ok().text
    assert "This proof is genuine" in page
    assert "The record says something else now: Withdrawn." in page
    assert given_for(world, code)["says"]["version"] != version


def test_a_receipt_from_before_a_key_rotation_verifies_after_it(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = given_for(world, code)["receipt"]
    monkeypatch.setenv("RECEIPT_KEY", "receipts-of-next-year")
    assert world.anyone("POST", f"/v1/certificates/{code}/receipt").status == 503  # nobody could check it yet
    signing.current()
    after = given_for(world, code)["receipt"]
    assert jws.read(before)[0]["kid"] != jws.read(after)[0]["kid"]
    assert [checked(world, token).json["genuine"] for token in (before, after)] == [True, True]


def test_a_receipt_of_a_revoked_key_is_not_genuine(world: World, code: str) -> None:
    token = given_for(world, code)["receipt"]
    signing_keys.revoke(jws.read(token)[0]["kid"].partition("#")[2])
    assert not checked(world, token).json["genuine"]


def test_no_receipt_is_given_under_a_revoked_key_even_by_a_process_that_used_it_before(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kid = jws.read(given_for(world, code)["receipt"])[0]["kid"].partition("#")[2]
    signing_keys.revoke(kid)
    for method, path, body in (
        ("POST", f"/v1/certificates/{code}/receipt", None),
        ("POST", "/v1/verify?receipt=1", {"numbers": [code]}),
    ):
        answer = world.anyone(method, path, body)
        assert (answer.status, answer.headers["retry-after"]) == (503, "300")
        assert "was revoked" in answer.json["detail"]
    page = world.anyone("POST", f"/c/{code}/receipt?lang=en", b"on=&known_at=", Content_Type=FORM)
    assert (page.status, page.headers["retry-after"]) == (503, "300")
    assert world.anyone.get(f"/v1/certificates/{code}").ok().json["status"] == "valid"
    monkeypatch.setenv("RECEIPT_KEY", "receipts-of-next-year")
    signing.current()
    assert checked(world, given_for(world, code)["receipt"]).json["genuine"]


def test_what_is_short_of_time_still_says_to_come_again_in_seconds(world: World, code: str, gives: LocalKms) -> None:
    gives.broken = True
    receipts.forget()
    assert world.anyone("POST", f"/v1/certificates/{code}/receipt").headers["retry-after"] == "5"


def test_one_changed_character_is_noticed_wherever_it_is(world: World, code: str) -> None:
    token = given_for(world, code)["receipt"]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for place in range(0, len(token), 7):
        if token[place] != ".":
            changed = token[:place] + letters[(letters.index(token[place]) + 1) % 64] + token[place + 1 :]
            answer = checked(world, changed)
            assert answer.status == 400 or not answer.json["genuine"], place
    last = token[:-1] + letters[(letters.index(token[-1]) + 1) % 64]
    assert checked(world, last).status == 400


def test_what_another_key_of_the_registry_signed_is_no_receipt(world: World, code: str) -> None:
    said = given_for(world, code)["says"]
    forged = signing.signed_document(said, {"typ": receipt.TYPE})
    assert not checked(world, forged).ok().json["genuine"]
    credential = world.anyone.get(f"/credentials/c/{code}").ok().text
    assert checked(world, credential).status == 400


def test_a_list_gets_one_receipt_over_all_its_rows_in_their_order(world: World, code: str) -> None:
    numbers = [code, "UNHEARD-OF", code, "RECEIPT-1"]
    body = world.anyone("POST", "/v1/verify?receipt=1", {"numbers": numbers}).ok().json
    said = body["receipt"]["says"]
    assert said["question"]["lines"] == 4
    assert said["answer"]["counts"]["valid"] == 3
    rows, token = body["results"], body["receipt"]["receipt"]
    assert checked(world, token, rows=rows).ok().json["rows_match"]
    assert not checked(world, token, rows=rows[::-1]).ok().json["rows_match"]
    rows[1]["status"] = "valid"
    assert not checked(world, token, rows=rows).ok().json["rows_match"]


def test_a_day_in_the_body_is_refused_and_not_passed_over(world: World, code: str) -> None:
    path = f"/v1/certificates/{code}/receipt"
    for body in ({"on": "2026-03-01"}, {"known_at": "2026-03-01"}, b"on=2026-03-01", b"[]"):
        answer = world.anyone("POST", path, body)
        expected = "Send no body: on and known_at go into the address, as in ?on=2026-03-01."
        assert (answer.status, answer.json["errors"]) == (400, [{"pointer": "", "detail": expected}])
    for body in (None, {}, b" { }\n"):
        assert world.anyone("POST", path + "?on=2026-03-01", body).ok().json["says"]["question"]["on"] == "2026-03-01"


def test_a_receipt_over_a_list_is_asked_for_by_any_yes_and_what_is_none_is_refused(world: World, code: str) -> None:
    def asked(said: str) -> Answer:
        return world.anyone("POST", f"/v1/verify?receipt={said}", {"numbers": [code]})

    for said in ("true", "True", "1"):
        assert asked(said).ok().json["receipt"]["says"]["question"]["lines"] == 1
    for said in ("0", "false"):
        assert "receipt" not in asked(said).ok().json
    for said in ("yes", ""):
        expected = "receipt is one of 1, true, 0, false."
        assert (asked(said).status, asked(said).json["errors"]) == (400, [{"pointer": "/receipt", "detail": expected}])


MADE_UP: list[list[Any]] = [[], ["Mill, valid"], [1], [None], [[]], [{"status": "valid"}, "x"], [{"a": "b"}]]


def test_the_receipt_of_one_certificate_vouches_for_no_rows(world: World, code: str, tmp_path: Path) -> None:
    token = given_for(world, code)["receipt"]
    for rows in MADE_UP:
        answer = checked(world, token, rows=rows).ok().json
        assert (answer["genuine"], answer["rows_match"]) == (True, False)
    keys = world.anyone.get("/.well-known/did.json").ok().json
    for name, rows in (*(("results", rows) for rows in MADE_UP), ("rows", MADE_UP[1])):
        content = json.dumps({"receipt": token, name: rows})
        page = post_file(world, content.encode())
        assert "The rows in this file are those" not in page
        assert "The rows in this file are not those that were answered." in page
        file = tmp_path / "rows.json"
        file.write_text(content)
        assert command(keys, file, tmp_path) == 1


def test_rows_that_no_list_has_match_no_receipt_of_a_list(world: World, code: str, tmp_path: Path) -> None:
    token = world.anyone("POST", "/v1/verify?receipt=1", {"numbers": [code]}).ok().json["receipt"]["receipt"]
    keys, file = world.anyone.get("/.well-known/did.json").ok().json, tmp_path / "rows.json"
    for rows in (*MADE_UP, [{"a": "\ud800"}]):
        content = json.dumps({"receipt": token, "results": rows})
        assert "The rows in this file are not those that were answered." in post_file(world, content.encode())
        file.write_text(content)
        assert command(keys, file, tmp_path) == 1


def test_a_file_that_nests_without_end_is_a_receipt_without_rows(world: World, code: str) -> None:
    token = given_for(world, code)["receipt"]
    assert "This proof is genuine" in post_file(world, f'{{"receipt": "{token}", "x": {"[" * 200_000}'.encode())


def test_the_page_gives_a_list_with_its_receipt_as_a_file_that_can_be_checked(world: World, code: str) -> None:
    form = f"numbers={code}%0AUNHEARD-OF&on=&format=receipt".encode()
    file = world.anyone("POST", "/verify", form, Content_Type=FORM).ok()
    assert file.headers["content-disposition"].endswith('.json"')
    page = post_file(world, file.content)
    assert "The rows in this file are those that were answered." in page
    changed = file.content.replace(b'"unknown"', b'"valid"')
    assert "The rows in this file are not those that were answered." in post_file(world, changed)


def post_file(world: World, content: bytes) -> str:
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n' + content + b"\r\n--x--\r\n"
    answer = world.anyone("POST", "/receipts?lang=en", body, Content_Type="multipart/form-data; boundary=x")
    return answer.text


def test_the_pdf_holds_the_receipt_and_its_code_leads_to_where_it_is_checked(world: World, code: str) -> None:
    page = world.anyone("POST", f"/c/{code}/receipt?lang=en", b"on=&known_at=", Content_Type=FORM).ok().text
    [path] = re.findall(r'href="(/receipts/file\?as=pdf[^"]+)"', page)
    pdf = world.anyone.get(path.replace("&amp;", "&")).ok()
    token = receipt.found_in(pdf.text)
    assert receipts.genuine(token)
    assert "This proof is genuine" in post_file(world, pdf.content)
    import pypdfium2

    picture = pypdfium2.PdfDocument(pdf.content)[0].render(scale=300 / 72).to_pil()
    [read] = zxingcpp.read_barcodes(picture)
    assert read.text.startswith("http://127.0.0.1:8000/receipts?r=eyJ")
    assert (
        "This proof is genuine" in world.anyone.get(read.text.removeprefix("http://127.0.0.1:8000") + "&lang=en").text
    )


def test_a_file_is_made_of_genuine_receipts_only(world: World, code: str) -> None:
    forged = signing.signed_document(given_for(world, code)["says"], {"typ": receipt.TYPE})
    assert world.anyone.get(f"/receipts/file?as=pdf&r={quote(forged)}").status == 400
    token = given_for(world, code)["receipt"]
    assert world.anyone.get(f"/receipts/file?as=jws&r={token}").ok().text == token


@pytest.mark.parametrize("language", ["ar", "bn", "zh", "tr", "fr"])
def test_a_pdf_can_be_made_in_every_language_and_for_every_name(world: World, code: str, language: str) -> None:
    token = given_for(world, code)["receipt"]
    assert world.anyone.get(f"/receipts/file?as=pdf&r={token}&lang={language}").ok().text.startswith("%PDF")


def test_while_the_key_cannot_be_reached_there_is_no_receipt_and_the_answer_stays(
    world: World, code: str, gives: LocalKms
) -> None:
    gives.broken = True
    assert world.anyone("POST", f"/v1/certificates/{code}/receipt").status == 503
    assert world.anyone.get(f"/v1/certificates/{code}").ok().json["status"] == "valid"


def test_a_registry_without_the_key_offers_none(world: World) -> None:
    code = world.a_certificate(world.a_factory())
    assert world.anyone("POST", f"/v1/certificates/{code}/receipt").status == 404
    assert "/receipt" not in world.anyone.get(f"/c/{code}").text


@pytest.mark.parametrize("content", ["", "eyJ.eyJ.", "nothing", "\ud800x".encode("utf-8", "replace").decode(), "{}"])
def test_what_holds_no_receipt_is_refused_with_words_that_help(content: str) -> None:
    with pytest.raises(Malformed, match="There is no receipt in this"):
        receipt.found_in(content)


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers() | st.none()), max_size=9))
def test_rows_in_another_order_or_with_another_word_have_another_root(rows: list[dict[str, Any]]) -> None:
    assert receipt.root_over(rows) == receipt.root_over(json.loads(json.dumps(rows)))
    if len({receipt.canonical(row) for row in rows}) > 1:
        assert receipt.root_over([*rows, {"x": 1}]) != receipt.root_over(rows)


@pytest.fixture
def past(world: World, gives: LocalKms, monkeypatch: pytest.MonkeyPatch) -> str:
    """A certificate registered on 10 January and withdrawn on 2 April; it is 5 April."""
    assert gives.calls
    days = Days(monkeypatch)
    code = world.a_certificate(world.a_factory("S-3"), number="PAST-1")
    days.on("2026-04-02")
    withdraw(world, code)
    days.on("2026-04-05")
    return code


def rows_of(page: str) -> dict[str, str]:
    """The facts on a page by their labels, without markup."""
    rows = re.findall("<dt>(.+?)</dt><dd[^>]*>(.*?)</dd>", page, re.DOTALL)
    return {label: " ".join(re.sub("<[^>]+>", " ", told).split()) for label, told in rows}


def words_on(pdf: bytes) -> list[str]:
    import pypdfium2

    return str(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()).splitlines()


def test_a_fresh_proof_of_what_was_once_known_leads_with_what_is_known_now(world: World, past: str) -> None:
    page = world.anyone("POST", f"/c/{past}/receipt?lang=en", b"on=&known_at=2026-03-15", Content_Type=FORM).ok().text
    assert "The record says something else now: Withdrawn." in page
    assert "in the same way now" not in page
    rows = rows_of(page)
    assert rows["Answer"].endswith("Withdrawn")
    assert rows["By what was known at"] == "2026-03-15T23:59:59Z Valid"
    assert list(rows).index("Answer") < list(rows).index("By what was known at")
    [path] = re.findall(r'href="(/receipts/file\?as=pdf[^"]+)"', page)
    pdf = world.anyone.get(path.replace("&amp;", "&")).ok().content
    lines = words_on(pdf)
    assert lines.index("Answer Withdrawn") < lines.index("By what was known at 2026-03-15T23:59:59Z – Valid")
    again = post_file(world, pdf)
    assert "The record says something else now: Withdrawn." in again
    assert rows_of(again) == rows


def test_a_proof_says_signed_what_was_known_at_the_instant_asked_and_what_when_it_was_given(
    world: World, past: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = given_for(world, past, "?known_at=2026-03-15")
    look_up = world.anyone.get(f"/v1/certificates/{past}?known_at=2026-03-15").ok().json
    assert given["says"]["answer"]["status"] == look_up["status"] == "valid"
    assert given["says"]["known_now"] == {"status": "withdrawn", "confirmed": True}
    assert look_up["known_now"]["status"] == "withdrawn"
    assert checked(world, given["receipt"]).ok().json["says"] == given["says"]
    assert "known_now" not in given_for(world, past)["says"]
    file = tmp_path / "receipt.jws"
    file.write_text(given["receipt"])
    assert command(world.anyone.get("/.well-known/did.json").ok().json, file, tmp_path) == 0
    told = capsys.readouterr().err
    assert (
        "By what was known at 2026-03-15T23:59:59Z: valid. By all that was known when it was given: withdrawn" in told
    )


def test_a_list_by_what_was_once_known_says_how_many_are_worth_what_now(
    world: World, past: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = f"numbers={past}%0AUNHEARD-OF&on=&known_at=2026-03-15&format=receipt".encode()
    file = world.anyone("POST", "/verify", form, Content_Type=FORM).ok().content
    said = json.loads(file)["says"]
    then, now = said["answer"]["counts"], said["known_now"]["counts"]
    assert (then["total"], then["valid"], then["withdrawn"], then["unknown"]) == (2, 1, 0, 1)
    assert (now["total"], now["valid"], now["withdrawn"], now["unknown"]) == (2, 0, 1, 1)
    page = post_file(world, file)
    now, _, then = page.partition("By what was known at")
    assert [rows_of(now)[name] for name in ("Withdrawn", "Valid")] == ["1", "0"]
    assert [rows_of(then)[name] for name in ("Withdrawn", "Valid")] == ["0", "1"]
    pdf = world.anyone.get(f"/receipts/file?as=pdf&r={json.loads(file)['receipt']}&lang=en").ok().content
    now, _, then = " ".join(words_on(pdf)).partition("By what was known at")
    assert ("1 × Withdrawn" in now, "1 × Withdrawn" in then) == (True, False)
    kept = tmp_path / "rows.json"
    kept.write_bytes(file)
    assert command(world.anyone.get("/.well-known/did.json").ok().json, kept, tmp_path) == 0
    assert "when it was given: 2 total, 1 withdrawn, 1 unknown." in capsys.readouterr().err


def test_a_list_never_calls_valid_what_is_only_declared(
    world: World, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    factory_id = world.a_factory("S-9")
    own = world.certificate_body(factory_id, number="MY-OWN-1", certifier="Sureseal")
    world.run_by(factory_id)("POST", "/internal/v1/certificates", own).ok()
    form = f"numbers={code}%0AMY-OWN-1%0AMY-OWN-1&known_at={clock.today()}&format=receipt".encode()
    file = world.anyone("POST", "/verify", form, Content_Type=FORM).ok().content
    counts = json.loads(file)["says"]["known_now"]["counts"]
    assert (counts["total"], counts["valid"], counts["valid_not_confirmed"]) == (3, 3, 2)
    page = post_file(world, file)
    for part in page.split("By what was known at"):
        rows = rows_of(part)
        assert (rows["Valid"], rows["Declared valid"]) == ("1", "2")
        assert not {"total", "valid_not_confirmed"} & rows.keys()
    pdf = world.anyone.get(f"/receipts/file?as=pdf&r={json.loads(file)['receipt']}&lang=en").ok().content
    for part in " ".join(words_on(pdf)).split("By what was known at"):
        assert "1 × Valid, 2 × Declared valid, 0 × Not yet valid" in part
        assert ("total" in part, "valid_not_confirmed" in part) == (False, False)
    kept = tmp_path / "rows.json"
    kept.write_bytes(file)
    assert command(world.anyone.get("/.well-known/did.json").ok().json, kept, tmp_path) == 0
    assert "when it was given: 3 total, 1 valid, 2 declared valid." in capsys.readouterr().err


@pytest.mark.parametrize("instant", ["2026-01-05", "2026-03-15", "2026-04-03"])
def test_a_list_says_of_a_number_that_several_bear_what_its_look_up_says_now_whatever_counted_first_then(
    world: World, past: str, instant: str
) -> None:
    """By then neither was on record; the confirmed one was, and valid; it was withdrawn. The other came later."""
    other = world.a_factory("S-4")
    declared = world.certificate_body(other, number="PAST-1", certifier="Somebody", valid_to="2099-12-31")
    world.run_by(other)("POST", "/internal/v1/certificates", declared).ok()
    asked = {"numbers": ["PAST-1", past]}
    today = world.anyone("POST", "/v1/verify", asked).ok().json["summary"]
    given = world.anyone("POST", "/v1/verify?receipt=1", {**asked, "known_at": instant}).ok().json
    assert given["receipt"]["says"]["known_now"]["counts"] == today
    assert (today["withdrawn"], today["valid"]) == (2, 0)
    assert given["results"][0]["matches"] == 2


def test_an_older_proof_that_lacks_what_was_known_when_it_was_given_answers_nothing_beyond_its_instant(
    world: World, past: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = given_for(world, past, "?known_at=2026-03-15")["says"]
    token = receipts.signed({name: told for name, told in said.items() if name != "known_now"})
    page = world.anyone.get(f"/receipts?r={token}&lang=en").ok().text
    assert "The record says something else now: Withdrawn." in page
    assert "Answer" not in rows_of(page)
    assert rows_of(page)["By what was known at"] == "2026-03-15T23:59:59Z Valid"
    words = words_on(world.anyone.get(f"/receipts/file?as=pdf&r={token}&lang=en").ok().content)
    assert not [each for each in words if each.startswith("Answer ")]
    assert "By what was known at 2026-03-15T23:59:59Z – Valid" in words
    file = tmp_path / "receipt.jws"
    file.write_text(token)
    assert command(world.anyone.get("/.well-known/did.json").ok().json, file, tmp_path) == 0
    assert "It does not say what was known when it was given." in capsys.readouterr().err


@pytest.fixture(autouse=True)
def _no_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FACTORY_ID_URL", raising=False)


def command(keys: dict[str, Any], file: Path, folder: Path, *more: str) -> int:
    """``factory-id check-receipt`` as documented: with a copy of the keys, and no service named."""
    kept = folder / "did.json"
    kept.write_text(json.dumps(keys), encoding="utf-8")
    return main(["check-receipt", str(file), "--keys", str(kept), *more])


def test_the_command_says_what_it_needs_if_there_are_neither_keys_nor_a_service(
    world: World, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "receipt.jws"
    file.write_text(given_for(world, code)["receipt"])
    assert main(["check-receipt", str(file)]) == 2
    assert "Give --keys with a did.json, or --url" in capsys.readouterr().err


def test_a_file_whose_rows_are_none_is_refused_without_a_crash(world: World, code: str, tmp_path: Path) -> None:
    body = world.anyone("POST", "/v1/verify?receipt=1", {"numbers": [code]}).ok().json
    keys, file = world.anyone.get("/.well-known/did.json").ok().json, tmp_path / "rows.json"
    for results in (5, None, "abc", {"a": 1}, True, [[5]], [5], []):
        file.write_text(json.dumps({**body, "results": results}))
        assert command(keys, file, tmp_path) == 1


def test_a_row_that_is_none_is_refused_without_a_crash(world: World, code: str, tmp_path: Path) -> None:
    body = world.anyone("POST", "/v1/verify?receipt=1", {"numbers": [code, "X"]}).ok().json
    told = receipt_row.cut_out(body["receipt"]["receipt"], body["results"], 1)
    keys, file = world.anyone.get("/.well-known/did.json").ok().json, tmp_path / "row.json"
    file.write_text(json.dumps(told))
    assert command(keys, file, tmp_path) == 0
    for number in (1.0, "1", True, None, -1, 1e400):
        file.write_text(json.dumps({**told, "number": number}))
        assert command(keys, file, tmp_path) == 1
    for false in ({"proof": 5}, {"proof": [5]}, {"proof": ["é"]}, {"row": "\ud800"}):
        file.write_text(json.dumps({**told, **false}))
        assert command(keys, file, tmp_path) == 1


def test_the_command_checks_a_pdf_and_a_list_without_the_service(
    world: World, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = given_for(world, code)["receipt"]
    keys = world.anyone.get("/.well-known/did.json").ok().json
    pdf = tmp_path / "receipt.pdf"
    pdf.write_bytes(world.anyone.get(f"/receipts/file?as=pdf&r={token}").ok().content)
    assert command(keys, pdf, tmp_path) == 0
    assert json.loads(capsys.readouterr().out)["question"]["code"] == code
    rows = tmp_path / "rows.json"
    form = f"numbers={code}%0AUNHEARD-OF&on=&format=receipt".encode()
    content = world.anyone("POST", "/verify", form, Content_Type=FORM).ok().content
    rows.write_bytes(content)
    assert command(keys, rows, tmp_path) == 0
    assert "The 2 rows in this file are those that were answered." in capsys.readouterr().err
    rows.write_bytes(content.replace(b'"unknown"', b'"valid"'))
    assert command(keys, rows, tmp_path) == 1
    pdf.write_bytes(pdf.read_bytes().replace(token[60:80].encode(), token[60:80][::-1].encode()))
    assert command(keys, pdf, tmp_path) in (1, 2)


@pytest.mark.usefixtures("gives")
def test_the_command_cuts_out_one_row_that_proves_itself_and_shows_no_other(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = world.anyone.get("/.well-known/did.json").ok().json
    file, cut = tmp_path / "rows.json", tmp_path / "row.json"
    for size in (1, 2, 5, 8):
        names = [f"SECRET-{number}" for number in range(size)]
        form = f"numbers={'%0A'.join(names)}&on=&format=receipt".encode()
        file.write_bytes(world.anyone("POST", "/verify", form, Content_Type=FORM).ok().content)
        for number in range(1, size + 1):
            assert command(keys, file, tmp_path, "--row", str(number), "--save", str(cut)) == 0
            assert re.findall("SECRET-[0-9]", cut.read_text()) == [f"SECRET-{number - 1}"]
            assert command(keys, cut, tmp_path) == 0
            assert f"This is row {number} of the {size} that were answered." in capsys.readouterr().err
    told = json.loads(cut.read_text())
    for false in (
        {**told, "number": 7},
        {**told, "number": 0},
        {**told, "proof": told["proof"][:-1]},
        {**told, "proof": "x"},
        {**told, "row": {**told["row"], "status": "valid"}},
    ):
        cut.write_text(json.dumps(false))
        assert command(keys, cut, tmp_path) == 1
    for wrong in (("--row", "9", "--save", str(cut)), ("--row", "1")):
        assert command(keys, file, tmp_path, *wrong) == 2


@pytest.mark.parametrize("content", ["eyJ" * 100_000, "eyJA." * 60_000, "eyJA.eyJ" * 40_000, "eyJ" + "A.eyJA" * 50_000])
def test_a_text_made_to_be_searched_for_long_is_searched_in_one_pass(content: str) -> None:
    began = time.process_time()
    with pytest.raises(Malformed):
        receipt.found_in(content)
    assert time.process_time() - began < 3
