"""The distribution in front: what it keeps, what it hands on, and that nobody walks around it."""

from __future__ import annotations

import fnmatch
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import app
from chalicelib.public import scan
from chalicelib.web import origin, responses, roads
from infra import edge
from tests import by_road, events, kept_clients
from tests.published import CODE, FACTORY_ID, GTIN, publish

pytest_plugins = ["tests.conftest_portal"]

SECRET, FORMER = "0123456789abcdef" * 2, "fedcba9876543210" * 2
ADDRESSES = (
    "/",
    f"/f/{FACTORY_ID}",
    f"/f/{FACTORY_ID}/poster",
    f"/c/{CODE}",
    f"/c/{CODE}/log",
    f"/01/{GTIN}",
    "/find?q=knit",
    "/factories",
    "/verify",
    "/receipts",
    "/resources",
    "/members",
    "/standards",
    "/docs",
    "/docs/look-up",
    "/scan",
    "/scan/verifier.js",
    "/scan/worker.js",
    f"/scan/reader/{scan.READER}.js",
    f"/scan/reader/{scan.READER}.wasm",
    f"/badge/f/{FACTORY_ID}.svg",
    f"/badge/c/{CODE}.svg",
    f"/f/{FACTORY_ID}?linkType=all",
    f"/credentials/f/{FACTORY_ID}",
    "/credentials/status/revocation/1",
    "/did.json",
    "/log",
    f"/qr/f/{FACTORY_ID}",
    f"/qr/f/{FACTORY_ID}.svg",
    f"/v1/factories/{FACTORY_ID}",
    f"/v1/certificates/{CODE}",
    f"/v1/products/{GTIN}",
    "/v1/directory",
    "/v1/standards",
    "/v1/resources",
    "/v1/members",
    "/.well-known/gs1resolver",
    "/.well-known/did.json",
    "/openapi.json",
    "/robots.txt",
    "/sitemap.xml",
    "/healthz",
)


STORED = (
    "/qr/*.svg",
    "/scan/reader/*",
    "/.well-known/gs1resolver",
    "/openapi.json",
    "/robots.txt",
    "/sitemap*",
)
"""All that CloudFront may store: what no withdrawal touches."""


@pytest.fixture(scope="module")
def distribution() -> dict[str, Any]:
    held: dict[str, Any] = edge.template()["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    return held


def behaviour_of(distribution: dict[str, Any], path: str) -> dict[str, Any]:
    """The first behaviour whose pattern fits, else the default one: as CloudFront chooses."""
    for each in distribution["CacheBehaviors"]:
        chosen = each["Fn::If"][1] if "Fn::If" in each else each
        if fnmatch.fnmatchcase(path.partition("?")[0], chosen["PathPattern"]):
            return dict(chosen)
    return dict(distribution["DefaultCacheBehavior"])


def key_of(behaviour: dict[str, Any]) -> set[str]:
    """The headers by which a behaviour tells answers apart."""
    policy = edge.template()["Resources"][behaviour["CachePolicyId"]["Ref"]]
    parts = policy["Properties"]["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]
    return set(parts["HeadersConfig"].get("Headers", ()))


def besides(behaviour: dict[str, Any]) -> list[str]:
    """The headers that come along without being told apart by."""
    policy = edge.template()["Resources"][behaviour["OriginRequestPolicyId"]["Ref"]]
    headers: list[str] = policy["Properties"]["OriginRequestPolicyConfig"]["HeadersConfig"]["Headers"]
    return headers


@pytest.fixture(scope="module")
def behind() -> Any:
    """The public surface as the distribution asks it: by the road with a gateway, with the secret."""
    return origin.closed(roads.Roads(app.app, app.app.routes, ""), SECRET)


def asked(behind: Any, address: str, **headers: str) -> dict[str, Any]:
    sent = {"accept": "*/*", "x-origin-secret": SECRET} | headers
    path, _, query = address.partition("?")
    request = by_road.Request("GET", path + (f"?{query}" if query else ""), sent)
    answer: dict[str, Any] = behind(by_road.function_url_event(request), None)
    return answer


@pytest.mark.usefixtures("_tables", "browser")
@pytest.mark.parametrize("address", ADDRESSES)
def test_what_may_be_stored_shows_no_standing_and_is_told_apart_by_what_vary_names(
    distribution: dict[str, Any], behind: Any, address: str
) -> None:
    publish(kept_clients.dynamodb(), "factory-id-public")
    answer = asked(behind, address)
    behaviour = behaviour_of(distribution, address)
    assert behaviour["TargetOriginId"] == "public"
    assert answer["statusCode"] == (404 if address.startswith(("/find", "/credentials")) else 200)
    kept = answer["headers"]["cache-control"]
    stored = not kept.startswith(("no-store", "private"))
    assert stored == any(fnmatch.fnmatchcase(address, each) for each in STORED), kept
    if stored:
        varies = set(filter(None, re.split(r",\s*", answer["headers"].get("vary", "")))) - {"Accept-Encoding"}
        assert varies <= key_of(behaviour)
        assert not re.search(r'"status"|not_yet_valid|withdrawn', str(answer["body"])) or address == "/openapi.json"


@pytest.mark.usefixtures("_tables", "browser")
def test_who_holds_what_is_not_stored_is_told_so_and_still_not_to_store_it(behind: Any) -> None:
    first = asked(behind, "/scan")
    again = asked(behind, "/scan", **{"if-none-match": first["headers"]["etag"]})
    assert (first["statusCode"], again["statusCode"]) == (200, 304)
    assert first["headers"]["cache-control"] == again["headers"]["cache-control"] == origin.UNSHARED


@pytest.mark.parametrize("name", ["Cache-Control", "cache-control"])
@pytest.mark.parametrize("secret", [SECRET, ""])
def test_a_distribution_is_never_given_what_it_may_show_while_we_fail(name: str, secret: str) -> None:
    held = {"statusCode": 200, "headers": {name: responses.REVALIDATE, "ETag": "x"}}
    answer = origin.closed(lambda _event, _context: held, secret)({"headers": {"X-Origin-Secret": SECRET}}, None)
    assert answer["headers"] == {name: "private, max-age=0, must-revalidate", "ETag": "x"}
    assert held["headers"] == {name: responses.REVALIDATE, "ETag": "x"}, "what others share is left as it is"


def test_no_answer_outlives_what_the_function_says(distribution: dict[str, Any]) -> None:
    for name in ("Pages", "Documents"):
        policy = edge.template()["Resources"][name]["Properties"]["CachePolicyConfig"]
        assert (policy["MinTTL"], policy["DefaultTTL"]) == (0, 0)
        parts = policy["ParametersInCacheKeyAndForwardedToOrigin"]
        assert parts["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
        assert parts["CookiesConfig"] == {"CookieBehavior": "none"}
    kept = {each["ErrorCode"]: each["ErrorCachingMinTTL"] for each in distribution["CustomErrorResponses"]}
    assert kept == dict.fromkeys((400, 403, 404, 405, 414, 500, 501, 502, 503, 504), 0)


@pytest.mark.parametrize("path", ["/portal", "/portal/sign-in/token", "/internal/v1/network"])
def test_nothing_of_the_inside_is_kept(distribution: dict[str, Any], path: str) -> None:
    chosen = behaviour_of(distribution, path)
    assert (chosen["TargetOriginId"], chosen["CachePolicyId"]) == ("internal", edge.NOT_CACHED)
    assert chosen["OriginRequestPolicyId"] == edge.ALL_BUT_HOST


def test_every_route_of_the_inside_has_the_inside_for_its_origin(distribution: dict[str, Any]) -> None:
    inside = {path for path in app.app.routes if path.startswith(("/portal", "/internal"))}
    for path in app.app.routes:
        wanted = "internal" if path in inside else "public"
        assert behaviour_of(distribution, path)["TargetOriginId"] == wanted, path


@pytest.mark.parametrize("address", [*ADDRESSES, "/v1/verify", "/v1/receipts/verify"])
def test_the_function_is_told_all_that_it_reads_and_not_the_host(distribution: dict[str, Any], address: str) -> None:
    """What asks for a change comes along always."""
    source = "\n".join(
        path.read_text("utf-8") for room in ("public", "web") for path in Path("chalicelib", room).glob("*.py")
    )
    reads = set(re.findall(r"""\.header\(["']([a-z-]+)["']\)""", source))
    assert {"accept", "accept-language", "sec-purpose", "purpose"} < reads
    behaviour = behaviour_of(distribution, address)
    key, more = ({name.lower() for name in names} for names in (key_of(behaviour), besides(behaviour)))
    assert reads - key - more == {"if-none-match"}
    assert not key & more
    assert "host" not in key | more
    assert max(len(key), len(more)) <= 10


def test_people_are_met_with_tls_of_today_and_both_origins_with_the_secret(distribution: dict[str, Any]) -> None:
    assert distribution["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert distribution["HttpVersion"] == "http2and3"
    every = [distribution["DefaultCacheBehavior"], *map(dict, edge.behaviours())]
    for each in every:
        chosen = each["Fn::If"][1] if "Fn::If" in each else each
        assert (chosen["ViewerProtocolPolicy"], chosen["Compress"]) == ("redirect-to-https", True)
    for each in distribution["Origins"][:2]:
        assert each["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
        assert [held["HeaderName"].lower() for held in each["OriginCustomHeaders"]] == [origin.HEADER]


@pytest.mark.parametrize(
    ("public", "host", "path"),
    [
        ({"EndpointURL": "https://a.execute-api.eu-central-1.amazonaws.com/api/"}, "a.execute-api", "/api"),
        ({"HttpURL": "https://b.execute-api.eu-central-1.amazonaws.com"}, "b.execute-api", ""),
        ({"FunctionURL": "https://c.lambda-url.eu-central-1.on.aws/"}, "c.lambda-url", ""),
    ],
)
def test_the_origin_follows_from_the_road(public: dict[str, str], host: str, path: str) -> None:
    found = edge.origins(public, {"EndpointURL": "https://d.execute-api.eu-central-1.amazonaws.com/api/"})
    assert found["PublicOrigin"].startswith(host)
    assert (found["PublicPath"], found["InternalOrigin"].partition(".")[0]) == (path, "d")


def test_two_secrets_are_taken_by_the_surfaces_and_one_by_the_distribution() -> None:
    both = f"{SECRET} {FORMER}"
    for name in ("merge-public.yaml", "merge-internal.yaml", "edge.yaml"):
        told = yaml.safe_load(Path("infra", name).read_text(encoding="utf-8"))["Parameters"]["OriginSecret"]
        said = ("", SECRET, both, SECRET[1:], f"{both} {SECRET}", f"{SECRET} short")
        taken = [each for each in said if fits(told, each)]
        assert taken == ([SECRET] if name == "edge.yaml" else ["", SECRET, both])
        assert told["NoEcho"]


def fits(parameter: dict[str, Any], value: str) -> bool:
    return re.fullmatch(parameter["AllowedPattern"], value) is not None


def answers(event: Any, _context: Any) -> dict[str, Any]:
    return {"statusCode": 200, "event": event}


@pytest.mark.parametrize("header", ["X-Origin-Secret", "x-origin-secret"])
def test_whoever_sends_the_secret_is_answered(header: str) -> None:
    event = {"headers": {header: SECRET}}
    assert origin.closed(answers, SECRET)(event, None)["statusCode"] == 200


@pytest.mark.parametrize("headers", [None, {}, {"X-Origin-Secret": ""}, {"X-Origin-Secret": SECRET[:-1]}, {"o": "é"}])
def test_whoever_does_not_is_turned_away(headers: dict[str, str] | None) -> None:
    answer = origin.closed(answers, SECRET)({"headers": headers}, None)
    assert (answer["statusCode"], answer["headers"]["Cache-Control"]) == (403, "no-store")
    assert json.loads(answer["body"])["status"] == 403


@pytest.mark.parametrize("sent", [SECRET, FORMER])
def test_while_the_secret_is_changed_either_is_taken(sent: str) -> None:
    answer = origin.closed(answers, f"{SECRET} {FORMER}")({"headers": {"X-Origin-Secret": sent}}, None)
    assert answer["statusCode"] == 200


@pytest.mark.parametrize("sent", ["", " ", SECRET[1:], f"{SECRET} {FORMER}", f"{SECRET}{FORMER}"])
def test_nothing_else_is_taken_meanwhile(sent: str) -> None:
    answer = origin.closed(answers, f"{SECRET} {FORMER}")({"headers": {"X-Origin-Secret": sent}}, None)
    assert answer["statusCode"] == 403


def test_a_blank_is_no_secret_and_opens_nothing() -> None:
    assert origin.closed(answers, " ")({"headers": {"X-Origin-Secret": " "}}, None)["statusCode"] == 403


def test_without_a_secret_anybody_may_ask() -> None:
    assert origin.closed(answers, "")({"headers": None}, None)["statusCode"] == 200


@pytest.mark.parametrize("event", [events.get("/healthz"), events.get_by_url("/healthz")], ids=["rest", "url"])
def test_the_entrance_of_the_function_asks_for_the_secret(event: dict[str, Any]) -> None:
    program = f"""
import json, runpy, sys
start = runpy.run_path("infra/start.py")
event = json.loads(sys.argv[1])
shut = start["app"](event, None)["statusCode"]
event["headers"]["X-Origin-Secret"] = {SECRET!r}
print(shut, start["app"](event, None)["statusCode"])
"""
    environment = {"PATH": "/usr/bin:/bin", "SURFACE": "public", "ORIGIN_SECRET": SECRET, "PYTHONPATH": "."}
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(event)], env=environment, check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == ["403", "200"]
