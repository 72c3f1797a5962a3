"""What anyone may ask: junk is a 4xx, headers change nothing, and every look-up is one read."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from botocore.client import BaseClient

import app
from chalicelib import clock
from tests.world import GTIN, PRIVATE_EMAIL, Answer, Caller, World, audit_item

JSON_PATHS = ("/v1/", "/badge/", "/sitemap/", "/healthz", "/robots.txt", "/credentials/", "/scan/reader/")
JUNK = [
    "%00",
    "%2F",
    "%2e%2e%2f",
    "%ff",
    "%C3",
    "%0d%0aSet-Cookie:%20a=b",
    "%E2%80%AE",
    "x",
    "0" * 300,
    "9" * 3000,
    "%C2%B2" * 12,
    "%EF%B7%BA" * 90,
    "BD-7K3M9-Q2XWC%00",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "{{7*7}}",
    "%25%30%30",
    "%F0%9F%98%80",
    "C00000000000",
    "00000000000000000",
    "%D9%A1%D9%A2%D9%A3%D9%A4%D9%A5%D9%A6%D9%A7%D9%A8%D9%A9%D9%A0%D9%A1%D9%A2%D9%A3",
]


class Shown:
    """A world with one of everything."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ask = world.anyone
        self.get: Callable[..., Answer] = world.anyone.get
        self.factory_id = world.a_factory()
        self.code = world.a_certificate(self.factory_id)
        world.a_product(self.factory_id)
        self.paths = world.public_paths(self.factory_id, self.code)


@pytest.fixture
def shown(world: World) -> Shown:
    return Shown(world)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the calls that botocore makes."""
    made: list[str] = []
    call = BaseClient._make_api_call

    def counted(self: BaseClient, operation: str, arguments: Any) -> Any:
        made.append(operation)
        if operation in ("GetItem", "Query"):
            assert arguments["ConsistentRead"] is True
        if operation == "BatchGetItem":
            assert {each.get("ConsistentRead") for each in arguments["RequestItems"].values()} == {True}
        return call(self, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", counted)
    return made


@pytest.mark.safety("mechanisms.status-at-read")
def test_a_factory_or_a_certificate_is_one_read_and_a_product_two(shown: Shown, reads: list[str]) -> None:
    expected = {
        f"/f/{shown.factory_id}": ["GetItem"],
        f"/v1/factories/{shown.factory_id}": ["GetItem"],
        f"/c/{shown.code}": ["GetItem"],
        f"/c/{shown.code}?on=2026-03-01": ["GetItem"],
        f"/v1/certificates/{shown.code}": ["GetItem"],
        f"/01/{GTIN}": ["GetItem", "BatchGetItem"],
        f"/v1/products/{GTIN}": ["GetItem", "BatchGetItem"],
        f"/qr/f/{shown.factory_id}.svg": [],
        f"/find?q={shown.factory_id}": [],
        "/": [],
        "/healthz": [],
    }
    shown.get("/f/BD00000000000")  # what PynamoDB asks once a process is not the look-up's
    shown.get(f"/f/{shown.factory_id}")
    for path, calls in expected.items():
        reads.clear()
        shown.get(path).ok()
        assert reads == calls, path


@pytest.mark.safety("mechanisms.status-at-read")
def test_a_standing_is_read_consistently_and_not_kept_whichever_way_it_is_asked_for(
    shown: Shown, reads: list[str]
) -> None:
    asked: list[tuple[str, str, bytes, str, set[str]]] = [
        ("POST", "/v1/verify", b'{"numbers": ["%s", "CU123456"]}', "application/json", {"BatchGetItem"}),
        ("POST", "/verify", b"numbers=%s%%0ACU123456", "application/x-www-form-urlencoded", {"BatchGetItem"}),
        ("GET", "/v1/certificates?number=CU123456", b"", "", {"GetItem", "BatchGetItem"}),
        ("GET", "/factories?country=BD", b"", "", {"Query"}),
    ]
    for method, path, body, kind, ways in asked:
        reads.clear()
        sent = body % shown.code.encode() if body else body
        answer = shown.ask(method, path, sent, Content_Type=kind).ok()
        assert set(reads) == ways, path
        assert answer.headers["cache-control"] == "no-store", path


@pytest.mark.safety("resolver.bad-check-digit", "certificates.check-digit")
def test_a_malformed_code_is_a_400_without_a_read(shown: Shown, reads: list[str]) -> None:
    wrong = shown.code[:-1] + ("A" if shown.code[-1] != "A" else "B")
    other = shown.factory_id[:-1] + ("A" if shown.factory_id[-1] != "A" else "B")
    for path in (
        f"/c/{wrong}",
        f"/v1/certificates/{wrong}",
        f"/f/{other}",
        "/f/x",
        "/01/09521234543214",
        "/v1/products/1",
    ):
        answer = shown.get(path)
        assert answer.status == 400, path
        assert "Malformed" not in answer.text or "json" in answer.headers["content-type"], path
    assert reads == []


@pytest.mark.safety("resolver.bad-encodings")
def test_any_junk_in_any_address_is_a_4xx(shown: Shown) -> None:
    before = shown.world.tables.everything()
    for route in app.app.routes:
        if route.startswith(("/internal", "/portal")) or "{" not in route or "GET" not in app.app.routes[route]:
            continue
        for junk in JUNK:
            path = re.sub(r"\{[^}]+\}", lambda _: junk, route)  # noqa: B023
            answer = shown.get(path)
            assert 400 <= answer.status < 500, (path, answer.status, answer.text[:300])
            assert "alert(1)</script>" not in answer.text
            assert "Traceback" not in answer.text
            html = not path.startswith(JSON_PATHS)
            media = "text/html; charset=utf-8" if html else "application/problem+json"
            assert answer.headers["content-type"] == media, path
    assert shown.world.tables.everything() == before


def test_junk_in_any_question_is_answered_or_a_4xx(shown: Shown) -> None:
    asked = ["/find?q=", "/factories?q=", "/factories?country=", "/v1/directory?q=", "/v1/directory?country="]
    asked += ["/v1/certificates?number=", "/v1/certificates?number=CU123456&standard=", f"/c/{shown.code}?on="]
    asked += [f"/f/{shown.factory_id}?lang=", f"/qr/f/{shown.factory_id}.svg?size=", "/v1/certificates?standard="]
    asked += [
        f"/qr/f/{shown.factory_id}.svg?label=",
        "/find?q=/f/",
        "/find?q=https://factory-id.example/c/",
        "/find?q=//",
    ]
    for start in asked:
        for junk in [*JUNK, "a%20" * 60, "%E3%8C%80" * 66, "%EF%B7%BA" * 200, "''", "&&&", "=", "[", "//[", "@"]:
            answer = shown.get(start + junk)
            assert answer.status < 500, (start + junk, answer.status, answer.text[:300])
            location = answer.headers.get("location", "")
            assert location.isascii(), (start + junk, location)
            assert location.isprintable(), (start + junk, location)
            assert not location or location.startswith("http://127.0.0.1:8000/"), location


NO_DAYS = ["x", "2026-13-01", "2026-02-30", "20260301", "2026-W10-3", "9999-01-01", "1800-01-01", "2026-03-01T00:00Z"]
NO_DAYS += ["%00", "%C2%B2026-03-01", "0", "-1", "NaN"]


def test_a_day_that_is_none_is_a_400_on_page_and_json(shown: Shown) -> None:
    for on in NO_DAYS:
        assert shown.get(f"/c/{shown.code}?on={on}").status == 400, on
        assert shown.get(f"/v1/certificates/{shown.code}?on={on}").status == 400, on
        assert shown.get(f"/v1/certificates?number=CU123456&on={on}").status == 400, on


@pytest.mark.safety("qr.size")
def test_a_size_that_cannot_be_printed_is_a_400(shown: Shown) -> None:
    for size in ("1e9", "NaN", "inf", "-5", "0", "x", "%00", "1" * 400):
        assert shown.get(f"/qr/f/{shown.factory_id}.svg?size={size}").status == 400, size


def test_what_is_not_on_record_is_404_and_unknown_but_no_judgement(shown: Shown) -> None:
    from chalicelib.domain import identity

    code = identity.new_certificate_code(random.Random(7).choice)
    answer = shown.get(f"/v1/certificates/{code}")
    assert (answer.status, answer.json["status"]) == (404, "unknown")
    by_number = shown.get("/v1/certificates?number=nothing-like-it")
    assert (by_number.status, by_number.json["status"]) == (404, "unknown")
    page = shown.get(f"/c/{code}")
    assert page.status == 404
    for word in ("fake", "invalid", "forged"):
        assert word not in page.text.lower()


@pytest.mark.safety("public.same-404")
def test_draft_and_absent_ids_get_the_same_404(world: World) -> None:
    world.member("POST", "/internal/v1/invitations", {"email": "a@b.example", "name": "Draft", "country": "IN"}).ok()
    draft = world.accept(world.mailed[-1][1]).ok().json["factory_id"]
    from chalicelib.domain import identity

    absent = identity.new_factory_id("IN", random.Random(7).choice)
    one, other = (world.anyone.get(f"/v1/factories/{factory_id}") for factory_id in (draft, absent))
    assert one.status == other.status == 404
    assert one.text == other.text
    pages = [world.anyone.get(f"/f/{factory_id}") for factory_id in (draft, absent)]
    assert [page.status for page in pages] == [404, 404]
    told = [
        page.text.replace(identity.shown(code), "").replace(code, "")
        for page, code in zip(pages, (draft, absent), strict=True)
    ]
    assert re.sub("[0-9:]+", "", told[0]) == re.sub("[0-9:]+", "", told[1])
    assert ("FACTORY#" + draft, "PAGE") not in world.tables.keys(world.tables.public)


@pytest.mark.safety("certificates.forgiving")
def test_lower_case_blanks_and_o_for_0_are_the_same_certificate(shown: Shown) -> None:
    code = shown.code
    for typed in (code.lower(), f" {code[:4]} {code[4:]} ", "-".join(code), code.replace("0", "O").replace("1", "l")):
        assert shown.get(f"/v1/certificates/{quote(typed)}").ok().json["code"] == code
        found = shown.get(f"/find?q={quote(typed)}")
        assert (found.status, found.headers["location"]) == (303, f"http://127.0.0.1:8000/c/{code}")


def test_the_number_as_printed_leads_to_the_certificate(shown: Shown) -> None:
    for typed in ("CU 123-456", "cu123456", "CU123456 "):
        assert shown.get(f"/find?q={quote(typed)}").headers["location"].endswith(f"/c/{shown.code}")
        assert shown.get(f"/v1/certificates?number={quote(typed)}").ok().json["results"][0]["code"] == shown.code
    for standard in ("gots", "GOTS", "Gots"):
        assert shown.get(f"/v1/certificates?number=CU123456&standard={standard}").status == 200
    assert shown.get("/v1/certificates?number=CU123456&standard=other").status == 404


def test_a_factory_is_found_however_its_name_is_typed(shown: Shown) -> None:
    for typed in ("st screen", "S.T. Screen", "MEGHNA", "meghna s.t. screen ltd"):
        assert shown.get(f"/find?q={quote(typed)}").headers["location"].endswith(f"/f/{shown.factory_id}")
        [card] = shown.get(f"/v1/directory?q={quote(typed)}").ok().json["results"]
        assert card["factory_id"] == shown.factory_id


@pytest.mark.safety("public.head")
def test_head_has_the_headers_of_get_and_no_body(shown: Shown) -> None:
    for path in [*shown.paths, "/f/x", "/v1/factories/x"]:
        got, head = shown.get(path), shown.world.anyone("HEAD", path)
        assert head.status == got.status, path
        assert head.content == b"", path
        assert head.headers.keys() == got.headers.keys(), path


def test_options_and_json_are_open_to_other_sites(shown: Shown) -> None:
    for path in shown.paths:
        answer = shown.world.anyone("OPTIONS", path, Origin="https://other.example")
        assert answer.status in (200, 204), path
        assert answer.content == b"", path
        assert answer.headers["access-control-allow-origin"] == "*", path
    for path in (f"/v1/factories/{shown.factory_id}", "/v1/factories/x", "/v1/certificates?number=none"):
        assert shown.get(path).headers["access-control-allow-origin"] == "*"


@pytest.fixture
def _stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.mark.safety("public.forged-host", "public.session-cookie")
@pytest.mark.usefixtures("_stopped_clock")
def test_neither_a_forged_host_nor_a_session_changes_a_byte_and_no_cookie_is_set(shown: Shown) -> None:
    owner = shown.world.run_by(shown.factory_id)
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
    for path in shown.paths:
        plain = shown.get(path)
        for caller in (
            Caller(shown.world.client, fixed=forged),
            owner,
            shown.world.staff,
            Caller(
                shown.world.client, fixed={"Cookie": "__Host-session=x; lang=fr", "Referer": "https://evil.example"}
            ),
        ):
            answer = caller.get(path)
            assert (answer.status, answer.content, answer.headers) == (plain.status, plain.content, plain.headers), path
        assert "set-cookie" not in plain.headers
        assert "evil.example" not in plain.text


@pytest.mark.safety("public.accept-language")
def test_junk_in_accept_language_is_answered_and_varied_on(shown: Shown) -> None:
    for wanted in ("", "*", "xx", "fr;q=x", "fr;q=NaN", ";;;,,,", "en-" * 500, "ar, fr;q=0.5", "\xff"):
        answer = shown.get(f"/f/{shown.factory_id}", Accept_Language=wanted).ok()
        assert "accept-language" in answer.headers["vary"].lower()


@pytest.mark.safety("mechanisms.cookies-and-headers")
def test_no_page_loads_anything_from_elsewhere_or_may_be_framed(shown: Shown) -> None:
    for path in shown.paths:
        answer = shown.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["referrer-policy"] == "no-referrer", path
        assert "max-age" in answer.headers["strict-transport-security"], path
        if answer.headers["content-type"].startswith("text/html"):
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert not re.search(
                r"<(?:script(?! type=.application/ld.json)|iframe|object)|\ssrc=.?(?:https?:)?//|\son\w+=", answer.text
            )


@pytest.mark.safety("mechanisms.status-at-read")
def test_a_certificate_is_never_kept_and_a_factory_not_longer_than_a_minute(shown: Shown) -> None:
    for path in (f"/c/{shown.code}", f"/v1/certificates/{shown.code}", "/v1/certificates?number=CU123456"):
        assert shown.get(path).headers["cache-control"] == "no-store"
    for path in (f"/f/{shown.factory_id}", f"/v1/factories/{shown.factory_id}", f"/01/{GTIN}"):
        [age] = re.findall(r"max-age=(\d+)", shown.get(path).headers["cache-control"])
        assert int(age) <= 60


@pytest.mark.safety("certificates.not-yet")
def test_page_and_json_say_the_same_of_a_certificate_on_every_day(shown: Shown) -> None:
    world, code = shown.world, shown.code
    standing = f"/internal/v1/certificates/{code}/standing"
    world.certifier("POST", standing, {"standing": "suspended", "reason": "r", "effective": "2026-03-01"}).ok()
    world.certifier("POST", standing, {"standing": "active", "reason": "r", "effective": "2026-04-01"}).ok()
    words = {"valid": "Valid", "suspended": "Suspended", "not_yet_valid": "Not yet valid", "expired": "Expired"}
    for on, status in {
        "2025-12-31": "not_yet_valid",
        "2026-01-01": "valid",
        "2026-02-28": "valid",
        "2026-03-01": "suspended",
        "2026-03-31": "suspended",
        "2026-04-01": "valid",
        "2099-12-31": "valid",
        "2100-01-01": "expired",
    }.items():
        assert shown.get(f"/v1/certificates/{code}?on={on}").ok().json["status"] == status, on
        title = re.search(r"<h1[^>]*>(.*?)</h1>", shown.get(f"/c/{code}?on={on}").ok().text, re.DOTALL)
        assert title is not None
        assert (
            words[status] in title.group(1) or words[status] in shown.get(f"/c/{code}?on={on}").text.split("<dl")[0]
        ), on


NASTY = "</script><b>x</b>\"'&amp;{{7*7}}%s"


@pytest.mark.safety("public.markup-inert")
def test_markup_in_a_name_is_inert(world: World) -> None:
    factory = {"name": NASTY, "country": "BD", "aliases": [NASTY + "2"], "descriptions": {"en": NASTY}}
    factory_id = world.a_factory("S-nasty", factory=factory, audit_type="initial")
    code = world.a_certificate(factory_id, scope=NASTY, number=NASTY)
    world.a_product(factory_id)
    world.certifier(
        "POST", f"/internal/v1/certificates/{code}/standing", {"standing": "suspended", "reason": NASTY}
    ).ok()
    for path in (f"/f/{factory_id}", f"/c/{code}", f"/01/{GTIN}", "/factories?country=BD", f"/find?q={quote(NASTY)}"):
        text = world.anyone.get(path).text
        assert "<b>x" not in text, path
        assert "49" not in re.findall(r"\{\{7\*7\}\}|49%s", text), path
    label = world.anyone.get(f"/qr/f/{factory_id}.svg?label={quote('</text><script>x</script>')}")
    assert "<script" not in label.text


def test_a_search_that_finds_nothing_says_so_kindly(shown: Shown) -> None:
    answer = shown.get("/find?q=zzzz")
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("text/html")


def test_a_find_with_nothing_typed_leads_home(shown: Shown) -> None:
    assert shown.get("/find?q=%20").headers["location"] == "http://127.0.0.1:8000/"


def test_a_hidden_factory_of_a_product_shows_as_not_public(world: World) -> None:
    factory_id = world.a_factory()
    world.a_product(factory_id)
    world.tables.client.delete_item(
        TableName=world.tables.public, Key={"pk": {"S": f"FACTORY#{factory_id}"}, "sk": {"S": "PAGE"}}
    )
    answer = world.anyone.get(f"/v1/products/{GTIN}").ok().json
    assert answer["factories"] == []
    assert [stage["factory_id"] for stage in answer["stages"]] == [None, None]
    assert factory_id not in world.anyone.get(f"/01/{GTIN}").ok().text


@pytest.mark.safety("public.private-field")
def test_a_private_e_mail_is_in_no_public_answer_and_in_no_item_of_the_public_table(shown: Shown) -> None:
    world = shown.world
    owner = world.run_by(shown.factory_id)
    path = f"/internal/v1/factories/{shown.factory_id}"
    second = "second.secret@private-mill.example"
    owner(
        "PATCH", path, {"contact_email": second, "contact_phone": "+880-555-0199"}, If_Match=owner.get(path).etag
    ).ok()
    world.push(audit_item("S-1", 2)).ok()
    world.certifier(
        "POST", f"/internal/v1/certificates/{shown.code}/standing", {"standing": "suspended", "reason": "r"}
    ).ok()
    secrets = ("private-mill", "secret", "Secretova", "0199", 'S-1"', "A-S-1")
    public = str(world.tables.scan(world.tables.public))
    for secret in secrets:
        assert secret not in public, secret
    for asked in shown.paths:
        text = world.anyone.get(asked).text.replace(
            PRIVATE_EMAIL, "", 2 if PRIVATE_EMAIL in quote(asked, safe="@") else 0
        )
        typed = "q=" in asked and ("secret" in asked)
        for secret in secrets:
            assert typed or secret not in text, (asked, secret)
    events = str(world.tables.bodies(world.tables.registry, "EVENTS#"))
    for secret in ("private-mill", "secret", "Secretova", "0199"):
        assert secret not in events, secret


@pytest.mark.safety("privacy.gone-at-once")
def test_public_then_private_is_gone_from_every_public_answer_at_once(shown: Shown) -> None:
    world = shown.world
    owner = world.run_by(shown.factory_id)
    path = f"/internal/v1/factories/{shown.factory_id}"
    owner("PATCH", path, {"local_name": "Zarnigar", "aliases": ["Quxquux"]}, If_Match=owner.get(path).etag).ok()
    owner("PUT", f"{path}/privacy", {"contact_email": "public"}).ok()
    assert PRIVATE_EMAIL in shown.get(f"/v1/factories/{shown.factory_id}").text
    assert shown.get("/v1/directory?q=quxquux").json["results"]
    owner(
        "PUT",
        f"{path}/privacy",
        dict.fromkeys(("contact_email", "local_name", "aliases", "gln", "audits"), "private"),
    ).ok()
    assert shown.get("/v1/directory?q=quxquux").json["results"] == []
    public = str(world.tables.scan(world.tables.public)).lower()
    for gone in (PRIVATE_EMAIL, "zarnigar", "quxquux", "4006381333931", "gln#", "announced"):
        assert gone not in public, gone


def test_an_audit_is_never_called_a_certificate_or_passed(world: World) -> None:
    factory_id = world.a_factory()
    text = world.anyone.get(f"/f/{factory_id}").ok().text.lower()
    for word in ("passed", "compliant", "approved", "certified"):
        assert word not in re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL), word
