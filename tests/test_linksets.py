"""Linksets and link types: what leads on from a thing, and that it leads nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote, urlsplit

import jsonschema
import pytest

from tests.numbered import GDTI, GLN, GTIN, LOT, MILL, NEW, OWN_CODE, Resolver, things

pytest_plugins = ["tests.conftest_resolver"]

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
SCHEMAS = ("vectors/gs1-linkset-schema.json", "untp/LinksetSchema-rc.json")
GENERAL_SCHEMA = "vectors/linkset-schema.json"


def test_every_thing_has_the_same_linkset_by_link_type_and_by_accept(resolver: Resolver) -> None:
    for path in things(resolver).values():
        by_type = resolver(f"{path}?linkType=linkset")
        assert by_type.status == 200
        assert by_type.headers["content-type"] == "application/linkset+json"
        assert by_type.headers["access-control-allow-origin"] == "*"
        for accept in ("application/linkset+json", "application/json", "text/html;q=0.5, application/linkset+json"):
            assert resolver(path, Accept=accept).text == by_type.text
        assert resolver(f"{path}?linkType=all").text == by_type.text  # the deprecated name of it
        (context,) = by_type.json["linkset"]
        assert context["anchor"] == f"http://127.0.0.1:8000{path}"
        assert len(context["https://ref.gs1.org/voc/defaultLink"]) == 1


@pytest.mark.skipif(not (SHARED / SCHEMAS[0]).exists(), reason="the schemas are not at ../shared")
def test_one_linkset_passes_the_schemas_of_gs1_and_of_untp(resolver: Resolver) -> None:
    schemas = [json.loads((SHARED / each).read_text(encoding="utf-8")) for each in SCHEMAS]
    for path in things(resolver).values():
        linkset = resolver(f"{path}?linkType=linkset").json
        for schema in schemas:
            jsonschema.validate(linkset, schema)


@pytest.mark.skipif(not (SHARED / GENERAL_SCHEMA).exists(), reason="the schemas are not at ../shared")
def test_the_general_linkset_schema_minds_only_the_description_that_gs1_demands(resolver: Resolver) -> None:
    general = json.loads((SHARED / GENERAL_SCHEMA).read_text(encoding="utf-8"))
    for path in things(resolver).values():
        linkset = resolver(f"{path}?linkType=linkset").json
        with pytest.raises(jsonschema.ValidationError, match="itemDescription"):
            jsonschema.validate(linkset, general)
        del linkset["linkset"][0]["itemDescription"]
        jsonschema.validate(linkset, general)


def test_all_that_a_linkset_names_is_ours_and_there(resolver: Resolver) -> None:
    for path in things(resolver).values():
        (context,) = resolver(f"{path}?linkType=linkset").json["linkset"]
        for name, links in context.items():
            for link in links if isinstance(links, list) else []:
                assert link["href"].startswith("http://127.0.0.1:8000/"), name
                there = resolver(urlsplit(link["href"]).path)
                assert there.status == 200
                assert there.headers["content-type"].startswith(link.get("type", "text/html"))


def test_pages_linksets_and_redirects_say_where_the_linkset_is(resolver: Resolver) -> None:
    for path in things(resolver).values():
        for asked in (path, f"{path}?linkType=linkset", f"{path}?linkType=gs1:defaultLink"):
            answer = resolver(asked)
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
def test_whoever_does_not_ask_for_json_gets_the_page(resolver: Resolver, accept: str) -> None:
    for path in things(resolver).values():
        assert resolver(path, Accept=accept).headers["content-type"].startswith("text/html")


@pytest.mark.safety("resolver.next-ignored", "resolver.one-redirect")
@pytest.mark.parametrize("prefix", ["gs1:", "https://ref.gs1.org/voc/", "https://gs1.org/voc/"])
def test_a_link_type_that_there_is_redirects_once_with_the_query_passed_on(resolver: Resolver, prefix: str) -> None:
    asked = f"/01/{GTIN}/10/{LOT}?99=A%26B&linkType={quote(prefix + 'traceability')}&lang=ar&next=//evil.example"
    answer = resolver(asked)
    assert answer.status == 307
    assert (
        answer.headers["location"]
        == f"http://127.0.0.1:8000/01/{GTIN}/10/{LOT}?99=A%26B&lang=ar&next=%2F%2Fevil.example#stages"
    )
    target = urlsplit(answer.headers["location"])
    assert resolver(f"{target.path}?{target.query}").status == 200


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
def test_a_link_type_leads_to_a_page_of_ours(resolver: Resolver, path: str, link_type: str, target: str) -> None:
    answer = resolver(f"{path}?linkType={link_type}")
    assert (answer.status, answer.headers["location"]) == (307, f"http://127.0.0.1:8000{target}")


def test_links_that_would_have_nothing_to_say_are_not_there(resolver: Resolver) -> None:
    assert resolver(f"/p/{OWN_CODE}?linkType=gs1:traceability").status == 404  # it has no stages
    assert resolver(f"/f/{NEW}?linkType=gs1:certificationInfo").status == 404  # it has no certificates
    assert resolver(f"/01/{GTIN}?linkType=gs1:certificationInfo").status == 404  # certificates speak of factories


@pytest.mark.safety("resolver.scripted-link-type")
@pytest.mark.parametrize(
    "link_type",
    [
        *("javascript:alert(1)", "gs1:recipeInfo", "gs1:", "pip", "", "//evil.example", "https://evil.example/pip"),
        *("gs1:sustainabilityInfo", "LINKSET", "gs1:pip%0d%0aX:y", "%ff"),
    ],
)
def test_a_link_type_that_there_is_not_is_a_404(resolver: Resolver, link_type: str) -> None:
    for path in (f"/01/{GTIN}", f"/414/{GLN}", f"/253/{GDTI}"):
        answer = resolver(f"{path}?linkType={link_type}")
        assert answer.status == 404
        assert "location" not in answer.headers


@pytest.mark.safety("public.forged-host")
def test_a_host_that_somebody_forged_is_in_no_link(resolver: Resolver) -> None:
    for asked in (f"/01/{GTIN}?linkType=linkset", f"/01/{GTIN}?linkType=gs1:pip", f"/01/{GTIN}"):
        answer = resolver(asked, **{"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert "evil" not in answer.text + json.dumps(answer.headers)
