"""Products by GTIN, factories by GLN, certificates by GDTI, as GS1's resolver standard wants them answered."""

from __future__ import annotations

import json
import random
import re
import time
from typing import Any

import pytest

from chalicelib.domain.errors import Conflict
from chalicelib.internal import access
from chalicelib.store import models
from chalicelib.store.registry import callers, certificates
from tests.numbered import (
    GDTI,
    GLN,
    GTIN,
    LOT,
    MERGED_GLN,
    MILL,
    OTHER,
    SHARED_GDTI,
    SHARED_GLN,
    Answer,
    Resolver,
    a_certificate,
    things,
)

pytest_plugins = ["tests.conftest_resolver"]


@pytest.mark.parametrize(
    "path",
    [
        f"/01/{GTIN}",
        f"/01/{GTIN}/22/V",
        f"/01/{GTIN}/10/{LOT}",
        f"/01/{GTIN}/21/7",
        f"/01/{GTIN}/22/V/10/{LOT}",
        f"/01/{GTIN}/22/V/21/7",
        f"/01/{GTIN}/10/{LOT}/21/7",
        f"/01/{GTIN}/22/V/10/{LOT}/21/7",
        f"/01/{GTIN}/235/X",
        f"/01/{GTIN}?17=261231&lang=fr",
    ],
)
def test_a_product_is_shown_at_every_depth_without_a_redirect(resolver: Resolver, path: str) -> None:
    answer = resolver(path)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "Shirt" in answer.text
    assert len(resolver.reads) == 2


def test_a_lot_that_is_not_on_record_is_answered_with_the_product_and_says_so(resolver: Resolver) -> None:
    assert "has not published lot" not in resolver(f"/01/{GTIN}/10/{LOT}").text
    unknown = resolver(f"/01/{GTIN}/10/L9/21/7")
    assert unknown.status == 200
    assert "has not published lot" in unknown.text
    assert "serial numbers are not on record" in unknown.text
    assert f"/01/{GTIN}?linkType=linkset>" in unknown.headers["link"]


def test_the_factory_with_a_gln_is_shown_for_two_reads(resolver: Resolver) -> None:
    answer = resolver(f"/414/{GLN}")
    assert answer.status == 200
    assert "Meghna Mill" in answer.text
    assert f"/f/{MILL}" in answer.text
    assert len(resolver.reads) == 2


def test_a_place_within_a_factory_is_answered_with_the_factory_and_says_so(resolver: Resolver) -> None:
    answer = resolver(f"/414/{GLN}/254/Hall%2F7")
    assert answer.status == 200
    assert "Hall/7" in answer.text
    assert "Single places are not on record" in answer.text


def test_a_gln_that_two_factories_claim_lists_both(resolver: Resolver) -> None:
    answer = resolver(f"/414/{SHARED_GLN}")
    assert answer.status == 200
    assert "First claimant" in answer.text
    assert "Second claimant" in answer.text
    assert "a mistake" in answer.text
    assert resolver(f"/414/{SHARED_GLN}?linkType=gs1:registryEntry").status == 300


def test_a_merged_record_gives_its_gln_up_to_its_successor(resolver: Resolver) -> None:
    answer = resolver(f"/414/{MERGED_GLN}")
    assert "New record" in answer.text
    assert "Old record" not in answer.text


def test_the_certificate_with_a_gdti_is_shown_and_never_kept(resolver: Resolver) -> None:
    answer = resolver(f"/253/{GDTI}")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "N-1" in answer.text
    assert GDTI in answer.text
    assert len(resolver.reads) == 2
    assert "does not hold yet" in resolver(f"/253/{GDTI}?on=2025-12-31").text


def test_a_gdti_is_told_in_json_and_on_the_certificates_own_page(resolver: Resolver) -> None:
    code = resolver.codes[GDTI]
    assert resolver(f"/v1/certificates/{code}").json["gdti"] == GDTI
    assert GDTI in resolver(f"/c/{code}").text
    assert resolver(f"/v1/certificates/{resolver.codes['without']}").json["gdti"] is None


def test_what_a_certifier_confirmed_goes_before_what_is_only_declared(resolver: Resolver) -> None:
    assert "N-9" not in resolver(f"/253/{GDTI}").text
    shared = resolver(f"/253/{SHARED_GDTI}")
    assert shared.status == 200
    assert "One number, several records" in shared.text


def test_a_gdti_can_be_confirmed_for_one_certificate_only(resolver: Resolver) -> None:
    with pytest.raises(Conflict):
        a_certificate(OTHER, "N-5", GDTI)
    assert a_certificate(MILL, "N-1", GDTI) == resolver.codes[GDTI]


def test_a_certifier_registers_a_gdti_and_a_wrong_check_digit_is_pointed_at(resolver: Resolver) -> None:
    _, staff = callers.create_key("staff", "staff", access.SCOPES["staff"], "test")
    _, key = callers.create_key("certifier", "otherseal", access.SCOPES["certifier"], "test")

    def send(method: str, path: str, body: dict[str, Any], bearer: str) -> Answer:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {bearer}"}
        got = resolver.client.http.request(method, path, headers=headers, body=json.dumps(body).encode())
        return Answer(got.status_code, {}, got.body.decode())

    send("PUT", "/internal/v1/certifiers/otherseal", {"name": "Other Seal", "country": "FR"}, staff)
    send("PUT", "/internal/v1/standards/gots", {"name": "GOTS", "owner": "GOTS"}, staff)
    body = {"factory_id": MILL, "number": "N-77", "standard_id": "gots", "scope": "Dyeing"}
    body |= {"valid_from": "2026-01-01", "valid_to": "2099-12-31", "gdti": "9520000000028A77"}
    wrong = send("POST", "/internal/v1/certificates", {**body, "gdti": "9520000000027A77"}, key)
    assert (wrong.status, wrong.json["errors"][0]["pointer"]) == (400, "/gdti")
    assert send("POST", "/internal/v1/certificates", {**body, "gdti": 9520000000028}, key).status == 400
    made = send("POST", "/internal/v1/certificates", body, key)
    assert (made.status, made.json["gdti"]) == (201, "9520000000028A77")
    assert "N-77" in resolver("/253/9520000000028A77").text


def test_certificates_from_before_there_were_gdtis_can_still_be_read(resolver: Resolver) -> None:
    code = resolver.codes["without"]
    items = [
        models.PublicItem.get(f"CERTIFICATE#{code}", "PAGE"),
        models.RegistryItem.get(f"FACTORY#{MILL}", f"CERTIFICATE#{code}"),
    ]
    for item in items:
        del item.body["gdti"]
        item.save()
    assert resolver(f"/c/{code}").status == 200
    assert certificates.load(code).gdti is None


@pytest.mark.safety("resolver.bad-encodings", "resolver.bad-check-digit")
@pytest.mark.parametrize(
    "path",
    [
        "/01/09521234543214",
        "/01/9521234543213",
        "/01/0952123454321X",
        f"/01/{GTIN}/21/7/10/{LOT}",
        f"/01/{GTIN}/10/{LOT}/10/{LOT}",
        f"/01/{GTIN}/99/X",
        f"/01/{GTIN}/xx/X",
        f"/01/{GTIN}?10={LOT}",
        f"/01/{GTIN}/10/{LOT}?10={LOT}",
        f"/01/{GTIN}?999=1",
        f"/01/{GTIN}?99=A&99=B",
        f"/01/{GTIN}?99=",
        f"/01/{GTIN}?17=261301",
        f"/01/{GTIN}/10/" + "L" * 21,
        f"/01/{GTIN}/10/a%20b",
        f"/01/{GTIN}/10/%C3%A9",
        f"/01/{GTIN}/10/%00",
        f"/01/{GTIN}/10/%ff",
        f"/01/{GTIN}/10/a%0d%0aSet-Cookie:x",
        "/01/..%2f..%2fetc%2fpasswd",
        "/414/9521234543214",
        f"/414/{GLN}/10/X",
        "/253/9521234543214",
        "/253/" + GDTI + "X" * 17,
        f"/253/{GDTI}?on=yesterday",
    ],
)
def test_a_malformed_address_is_a_400_without_any_read(resolver: Resolver, path: str) -> None:
    for accept in ("text/html", "application/linkset+json"):
        answer = resolver(path, Accept=accept)
        assert (answer.status, resolver.reads) == (400, [])
        undecodable = re.search("%(?:00|ff|0d)", path)  # nothing of such a request is looked at, not even Accept
        kind = "text/html" if accept == "text/html" or undecodable else "application/problem+json"
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["/01/09520000000004", "/414/9529999999993", "/253/9529999999993"])
def test_what_is_not_on_record_is_a_404_as_page_or_problem(resolver: Resolver, path: str) -> None:
    assert resolver(path).status == 404
    assert "<html" in resolver(path).text
    assert resolver(path, Accept="application/linkset+json").json["status"] == 404


def test_head_is_get_without_a_body_and_options_needs_no_read(resolver: Resolver) -> None:
    for path in (
        *things(resolver).values(),
        f"/01/{GTIN}?linkType=linkset",
        "/01/09521234543214",
        "/.well-known/gs1resolver",
    ):
        got, head = resolver(path), resolver(path, "HEAD")
        assert (head.status, head.text) == (got.status, "")
        assert head.headers.get("link") == got.headers.get("link")
        options = resolver(path, "OPTIONS")
        assert (options.status, options.text, resolver.reads) == (204, "", [])
        assert options.headers["access-control-allow-origin"] == "*"


def test_the_resolver_describes_itself(resolver: Resolver) -> None:
    answer = resolver("/.well-known/gs1resolver")
    assert answer.headers["content-type"] == "application/json"
    about = answer.json
    assert about["resolverRoot"] == "http://127.0.0.1:8000"
    assert about["supportedPrimaryKeys"] == ["01", "414", "253"]
    assert about["linkTypeDefaultCanBeLinkset"] is False
    for spoken in about["supportedLinkType"]:
        assert re.fullmatch(r"[a-zA-Z_][A-Za-z0-9_-]*?:", spoken["prefix"])


@pytest.mark.safety("resolver.bad-encodings")
def test_ten_thousand_mutated_addresses_bring_no_server_error(resolver: Resolver) -> None:
    draw = random.Random(10_000)
    seeds = [
        *things(resolver).values(),
        f"/01/{GTIN}/22/V/10/{LOT}/21/7?17=261231&linkType=gs1:pip",
        f"/414/{GLN}/254/Hall%2F7?linkType=linkset",
        f"/253/{GDTI}?on=2026-03-01",
    ]
    pieces = [
        "%2F",
        "%00",
        "%ff",
        "%0d%0a",
        "%",
        "%zz",
        "..",
        "/",
        "//",
        "?",
        "&",
        "=",
        "#",
        "%F0%9F%98%80",
        "'",
        "<b>",
    ]
    pieces += ["linkType=", "linkset", "10", "21", "99=", "\\", "{gtin}", "~", "+", "%25", ";", "*", "é", "%ED%A0%80"]
    ended = time.process_time() + 60
    seen: dict[int, int] = {}
    for _ in range(10_000):
        path = _mutated(draw, draw.choice(seeds), pieces)
        status = resolver(path, Accept=draw.choice(["text/html", "application/linkset+json"])).status
        assert status < 500, path
        seen[status] = seen.get(status, 0) + 1
        if time.process_time() > ended:
            pytest.fail(f"only {sum(seen.values())} addresses in 60 s")
    assert {200, 307, 400, 404} <= set(seen), seen


def _mutated(draw: random.Random, path: str, pieces: list[str]) -> str:
    for _ in range(draw.randint(1, 3)):
        place = draw.randrange(1, len(path) + 1)
        match draw.randrange(4):
            case 0:
                path = path[:place] + draw.choice(pieces) + path[place:]
            case 1:
                path = path[:place] + path[place + draw.randint(1, 4) :]
            case 2:
                path = path[:place] + chr(draw.randrange(0x21, 0x7F)) + path[place + 1 :]
            case _:
                path = path[:place] + path[: draw.randrange(len(path))][-20:] + path[place:]
    return "/" + path.lstrip("/")
