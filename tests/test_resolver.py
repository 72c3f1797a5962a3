"""Products by GTIN, factories by GLN, certificates by GDTI, as GS1's resolver standard wants them answered."""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")

import jsonschema
import pytest
from chalice.test import Client
from moto import mock_aws
from moto.dynamodb.responses import DynamoHandler

from chalicelib import clock, settings
from chalicelib.domain.errors import Conflict
from chalicelib.domain.factory import Factory, Said, Source, State
from chalicelib.domain.product import Product, Stage
from chalicelib.internal import access
from chalicelib.store import models
from chalicelib.store.registry import callers, certificates, factories, products
from chalicelib.store.registry.certificates import Particulars
from chalicelib.store.registry.factories import Change
from chalicelib.store.registry.history import Actor
from infra import locales, tables

GTIN, LOT = "09521234543213", "L1"
GLN, SHARED_GLN, MERGED_GLN = "9521234543213", "9520000000004", "9520000000011"
GDTI, SHARED_GDTI = "9521234543213aB-1", "9520000000004X"
MILL, OTHER, OLD, NEW, SECOND = "BDFK6SY9541N", "BDSJ3EQHB6GC", "BDD1GHCAKJQ7", "BD5NRFBFYH5A", "BDK0JKCTVJV3"
ACTOR = Actor("staff", "staff", "test")
SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
SCHEMAS = ("vectors/gs1-linkset-schema.json", "untp/LinksetSchema-rc.json")
GENERAL_SCHEMA = "vectors/linkset-schema.json"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Site:
    """The public surface over a small world; ``codes`` are the certificates' by GDTI."""

    client: Client
    reads: list[str]
    codes: dict[str, str]

    def __call__(self, path: str, method: str = "GET", **headers: str) -> Answer:
        self.reads.clear()
        got = self.client.http.request(method, path, headers=headers)
        return Answer(got.status_code, {name.lower(): value for name, value in got.headers.items()}, got.body.decode())


def a_factory(factory_id: str, name: str, gln: str, **more: Any) -> None:
    said = {"name": name, "country": "BD", "gln": gln}
    own = {field: Said(value, Source.FACTORY, "2026-01-01") for field, value in said.items()}
    wanted = Factory(factory_id, own=own, published=True, **more)
    factories.commit(None, Change(wanted), ACTOR, clock.now())


def a_certificate(factory_id: str, number: str, gdti: str | None, certifier: str | None = "sureseal") -> str:
    term = (date(2026, 1, 1), date(2099, 12, 31))
    said = Particulars(number, "gots", "GOTS", certifier, "Sure Seal", "Dyeing", (), *term, gdti)
    return certificates.register(factory_id, said, ACTOR)[0].code


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Four factories, certificates with and without GDTI, one product; all reads are written down."""
    locales.build()
    reads: list[str] = []
    called = DynamoHandler.call_action
    patch = pytest.MonkeyPatch()

    def counted(handler: DynamoHandler) -> Any:
        reads.append(handler.get_endpoint_name(handler.headers) or "?")
        return called(handler)

    patch.setattr(DynamoHandler, "call_action", counted)
    with mock_aws():
        import boto3

        import app

        chosen = settings.load()
        models.connect(chosen)
        tables.create_tables(boto3.client("dynamodb", region_name=chosen.region))
        a_factory(MILL, "Meghna Mill", GLN)
        a_factory(OTHER, "First claimant", SHARED_GLN)
        a_factory(OLD, "Old record", MERGED_GLN, state=State.MERGED, successor=NEW)
        a_factory(NEW, "New record", MERGED_GLN)
        a_factory(SECOND, "Second claimant", SHARED_GLN)
        codes = {
            GDTI: a_certificate(MILL, "N-1", GDTI),
            "declared twin": a_certificate(OTHER, "N-9", GDTI, certifier=None),
            "without": a_certificate(MILL, "N-2", None),
        }
        a_certificate(MILL, "N-3", SHARED_GDTI, certifier=None)
        a_certificate(OTHER, "N-4", SHARED_GDTI, certifier=None)
        stages = (Stage("dyeing", MILL), Stage("sewing", OTHER))
        products.put(Product(GTIN, "maison", "Maison", "Shirt", "apparel", (LOT, "A/B"), stages), ACTOR)
        with Client(app.app) as client:
            yield Site(client, reads, codes)
    patch.undo()
    models.connect(settings.load())


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
def test_a_product_is_shown_at_every_depth_without_a_redirect(site: Site, path: str) -> None:
    answer = site(path)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "Shirt" in answer.text
    assert len(site.reads) == 2


def test_a_lot_that_is_not_on_record_is_answered_with_the_product_and_says_so(site: Site) -> None:
    assert "has not published lot" not in site(f"/01/{GTIN}/10/{LOT}").text
    unknown = site(f"/01/{GTIN}/10/L9/21/7")
    assert unknown.status == 200
    assert "has not published lot" in unknown.text
    assert "serial numbers are not on record" in unknown.text
    assert f"/01/{GTIN}?linkType=linkset>" in unknown.headers["link"]


def test_the_factory_with_a_gln_is_shown_for_two_reads(site: Site) -> None:
    answer = site(f"/414/{GLN}")
    assert answer.status == 200
    assert "Meghna Mill" in answer.text
    assert f"/f/{MILL}" in answer.text
    assert len(site.reads) == 2


def test_a_place_within_a_factory_is_answered_with_the_factory_and_says_so(site: Site) -> None:
    answer = site(f"/414/{GLN}/254/Hall%2F7")
    assert answer.status == 200
    assert "Hall/7" in answer.text
    assert "Single places are not on record" in answer.text


def test_a_gln_that_two_factories_claim_lists_both(site: Site) -> None:
    answer = site(f"/414/{SHARED_GLN}")
    assert answer.status == 200
    assert "First claimant" in answer.text
    assert "Second claimant" in answer.text
    assert "a mistake" in answer.text
    assert site(f"/414/{SHARED_GLN}?linkType=gs1:registryEntry").status == 300


def test_a_merged_record_gives_its_gln_up_to_its_successor(site: Site) -> None:
    answer = site(f"/414/{MERGED_GLN}")
    assert "New record" in answer.text
    assert "Old record" not in answer.text


def test_the_certificate_with_a_gdti_is_shown_and_never_kept(site: Site) -> None:
    answer = site(f"/253/{GDTI}")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "N-1" in answer.text
    assert GDTI in answer.text
    assert len(site.reads) == 2
    assert "does not hold yet" in site(f"/253/{GDTI}?on=2025-12-31").text


def test_a_gdti_is_told_in_json_and_on_the_certificates_own_page(site: Site) -> None:
    code = site.codes[GDTI]
    assert site(f"/v1/certificates/{code}").json["gdti"] == GDTI
    assert GDTI in site(f"/c/{code}").text
    assert site(f"/v1/certificates/{site.codes['without']}").json["gdti"] is None


def test_what_a_certifier_confirmed_goes_before_what_is_only_declared(site: Site) -> None:
    assert "N-9" not in site(f"/253/{GDTI}").text
    shared = site(f"/253/{SHARED_GDTI}")
    assert shared.status == 200
    assert "One number, several records" in shared.text


def test_a_gdti_can_be_confirmed_for_one_certificate_only(site: Site) -> None:
    with pytest.raises(Conflict):
        a_certificate(OTHER, "N-5", GDTI)
    assert a_certificate(MILL, "N-1", GDTI) == site.codes[GDTI]


def test_a_certifier_registers_a_gdti_and_a_wrong_check_digit_is_pointed_at(site: Site) -> None:
    _, staff = callers.create_key("staff", "staff", access.SCOPES["staff"], "test")
    _, key = callers.create_key("certifier", "otherseal", access.SCOPES["certifier"], "test")

    def send(method: str, path: str, body: dict[str, Any], bearer: str) -> Answer:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {bearer}"}
        got = site.client.http.request(method, path, headers=headers, body=json.dumps(body).encode())
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
    assert "N-77" in site("/253/9520000000028A77").text


def test_certificates_from_before_there_were_gdtis_can_still_be_read(site: Site) -> None:
    code = site.codes["without"]
    items = [
        models.PublicItem.get(f"CERTIFICATE#{code}", "PAGE"),
        models.RegistryItem.get(f"FACTORY#{MILL}", f"CERTIFICATE#{code}"),
    ]
    for item in items:
        del item.body["gdti"]
        item.save()
    assert site(f"/c/{code}").status == 200
    assert certificates.load(code).gdti is None


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
def test_a_malformed_address_is_a_400_without_any_read(site: Site, path: str) -> None:
    for accept in ("text/html", "application/linkset+json"):
        answer = site(path, Accept=accept)
        assert (answer.status, site.reads) == (400, [])
        undecodable = re.search("%(?:00|ff|0d)", path)  # nothing of such a request is looked at, not even Accept
        kind = "text/html" if accept == "text/html" or undecodable else "application/problem+json"
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["/01/09520000000004", "/414/9529999999993", "/253/9529999999993"])
def test_what_is_not_on_record_is_a_404_as_page_or_problem(site: Site, path: str) -> None:
    assert site(path).status == 404
    assert "<html" in site(path).text
    assert site(path, Accept="application/linkset+json").json["status"] == 404


THINGS = {
    "a product": f"/01/{GTIN}",
    "a lot": f"/01/{GTIN}/10/{LOT}",
    "a lot with a slash": f"/01/{GTIN}/10/A%2FB",
    "a factory by GLN": f"/414/{GLN}",
    "a certificate by GDTI": f"/253/{GDTI}",
    "several factories": f"/414/{SHARED_GLN}",
    "a factory": f"/f/{MILL}",
}


def things(site: Site) -> dict[str, str]:
    return {**THINGS, "a certificate": f"/c/{site.codes[GDTI]}"}


def test_every_thing_has_the_same_linkset_by_link_type_and_by_accept(site: Site) -> None:
    for path in things(site).values():
        by_type = site(f"{path}?linkType=linkset")
        assert by_type.status == 200
        assert by_type.headers["content-type"] == "application/linkset+json"
        assert by_type.headers["access-control-allow-origin"] == "*"
        for accept in ("application/linkset+json", "application/json", "text/html;q=0.5, application/linkset+json"):
            assert site(path, Accept=accept).text == by_type.text
        assert site(f"{path}?linkType=all").text == by_type.text  # the deprecated name of it
        (context,) = by_type.json["linkset"]
        assert context["anchor"] == f"http://127.0.0.1:8000{path}"
        assert len(context["https://ref.gs1.org/voc/defaultLink"]) == 1


@pytest.mark.skipif(not (SHARED / SCHEMAS[0]).exists(), reason="the schemas are not at ../shared")
def test_one_linkset_passes_the_schemas_of_gs1_and_of_untp(site: Site) -> None:
    schemas = [json.loads((SHARED / each).read_text(encoding="utf-8")) for each in SCHEMAS]
    for path in things(site).values():
        linkset = site(f"{path}?linkType=linkset").json
        for schema in schemas:
            jsonschema.validate(linkset, schema)


@pytest.mark.skipif(not (SHARED / GENERAL_SCHEMA).exists(), reason="the schemas are not at ../shared")
def test_the_general_linkset_schema_minds_only_the_description_that_gs1_demands(site: Site) -> None:
    general = json.loads((SHARED / GENERAL_SCHEMA).read_text(encoding="utf-8"))
    for path in things(site).values():
        linkset = site(f"{path}?linkType=linkset").json
        with pytest.raises(jsonschema.ValidationError, match="itemDescription"):
            jsonschema.validate(linkset, general)
        del linkset["linkset"][0]["itemDescription"]
        jsonschema.validate(linkset, general)


def test_all_that_a_linkset_names_is_ours_and_there(site: Site) -> None:
    for path in things(site).values():
        (context,) = site(f"{path}?linkType=linkset").json["linkset"]
        for name, links in context.items():
            for link in links if isinstance(links, list) else []:
                assert link["href"].startswith("http://127.0.0.1:8000/"), name
                there = site(urlsplit(link["href"]).path)
                assert there.status == 200
                assert there.headers["content-type"].startswith(link.get("type", "text/html"))


def test_pages_linksets_and_redirects_say_where_the_linkset_is(site: Site) -> None:
    for path in things(site).values():
        for asked in (path, f"{path}?linkType=linkset", f"{path}?linkType=gs1:defaultLink"):
            answer = site(asked)
            expected = f'<http://127.0.0.1:8000{path}?linkType=linkset>; rel="linkset"; type="application/linkset+json"'
            assert expected in answer.headers["link"]
            assert answer.headers["vary"] == "Accept, Accept-Language"


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "text/html, application/linkset+json;q=0.1",
        "application/linkset+json;q=0",
        "application/linkset+json;q=many",
        ",;=,q",
    ],
)
def test_whoever_does_not_ask_for_json_gets_the_page(site: Site, accept: str) -> None:
    for path in things(site).values():
        assert site(path, Accept=accept).headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("prefix", ["gs1:", "https://ref.gs1.org/voc/", "https://gs1.org/voc/"])
def test_a_link_type_that_there_is_redirects_once_with_the_query_passed_on(site: Site, prefix: str) -> None:
    asked = f"/01/{GTIN}/10/{LOT}?99=A%26B&linkType={quote(prefix + 'traceability')}&lang=ar&next=//evil.example"
    answer = site(asked)
    assert answer.status == 307
    assert (
        answer.headers["location"]
        == f"http://127.0.0.1:8000/01/{GTIN}/10/{LOT}?99=A%26B&lang=ar&next=%2F%2Fevil.example#stages"
    )
    target = urlsplit(answer.headers["location"])
    assert site(f"{target.path}?{target.query}").status == 200


@pytest.mark.parametrize(
    ("path", "link_type", "target"),
    [
        (f"/414/{GLN}", "gs1:certificationInfo", f"/f/{MILL}#certificates"),
        (f"/414/{GLN}", "gs1:registryEntry", f"/f/{MILL}"),
        (f"/f/{MILL}", "gs1:defaultLink", f"/f/{MILL}"),
        (f"/01/{GTIN}", "gs1:pip", f"/01/{GTIN}"),
        (f"/01/{GTIN}", "alternate", f"/v1/products/{GTIN}"),
    ],
)
def test_a_link_type_leads_to_a_page_of_ours(site: Site, path: str, link_type: str, target: str) -> None:
    answer = site(f"{path}?linkType={link_type}")
    assert (answer.status, answer.headers["location"]) == (307, f"http://127.0.0.1:8000{target}")


@pytest.mark.parametrize(
    "link_type",
    [
        *("javascript:alert(1)", "gs1:recipeInfo", "gs1:", "pip", "", "//evil.example", "https://evil.example/pip"),
        *("gs1:sustainabilityInfo", "LINKSET", "gs1:pip%0d%0aX:y", "%ff"),
    ],
)
def test_a_link_type_that_there_is_not_is_a_404(site: Site, link_type: str) -> None:
    for path in (f"/01/{GTIN}", f"/414/{GLN}", f"/253/{GDTI}"):
        answer = site(f"{path}?linkType={link_type}")
        assert answer.status == 404
        assert "location" not in answer.headers


def test_a_host_that_somebody_forged_is_in_no_link(site: Site) -> None:
    for asked in (f"/01/{GTIN}?linkType=linkset", f"/01/{GTIN}?linkType=gs1:pip", f"/01/{GTIN}"):
        answer = site(asked, **{"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert "evil" not in answer.text + json.dumps(answer.headers)


def test_head_is_get_without_a_body_and_options_needs_no_read(site: Site) -> None:
    for path in (
        *things(site).values(),
        f"/01/{GTIN}?linkType=linkset",
        "/01/09521234543214",
        "/.well-known/gs1resolver",
    ):
        got, head = site(path), site(path, "HEAD")
        assert (head.status, head.text) == (got.status, "")
        assert head.headers.get("link") == got.headers.get("link")
        options = site(path, "OPTIONS")
        assert (options.status, options.text, site.reads) == (204, "", [])
        assert options.headers["access-control-allow-origin"] == "*"


def test_the_resolver_describes_itself(site: Site) -> None:
    answer = site("/.well-known/gs1resolver")
    assert answer.headers["content-type"] == "application/json"
    about = answer.json
    assert about["resolverRoot"] == "http://127.0.0.1:8000"
    assert about["supportedPrimaryKeys"] == ["01", "414", "253"]
    assert about["linkTypeDefaultCanBeLinkset"] is False
    for spoken in about["supportedLinkType"]:
        assert re.fullmatch(r"[a-zA-Z_][A-Za-z0-9_-]*?:", spoken["prefix"])


def test_ten_thousand_mutated_addresses_bring_no_server_error(site: Site) -> None:
    draw = random.Random(10_000)
    seeds = [
        *things(site).values(),
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
    ended = time.monotonic() + 60
    seen: dict[int, int] = {}
    for _ in range(10_000):
        path = _mutated(draw, draw.choice(seeds), pieces)
        status = site(path, Accept=draw.choice(["text/html", "application/linkset+json"])).status
        assert status < 500, path
        seen[status] = seen.get(status, 0) + 1
        if time.monotonic() > ended:
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
