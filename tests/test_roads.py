"""A REST API, an HTTP API, a function URL: whichever road a request comes by, the answer is the same."""

from __future__ import annotations

import base64
import gzip
import json
import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from chalice.app import Request as ChaliceRequest
from hypothesis import given
from hypothesis import strategies as st

import app
from chalicelib import clock
from chalicelib.domain.errors import Malformed
from chalicelib.web import roads
from chalicelib.web.request import Ask
from infra.package import PROJECT
from tests import by_road
from tests.by_road import BOTH, SECOND, Request, event_of_route, first, function_url_event, http_api_event, second
from tests.portal_browser import Browser, filled
from tests.test_portal_efficiency import TYPED, uploaded
from tests.test_verify import multipart, workbook
from tests.world import GTIN, Caller, World

pytest_plugins = ["tests.conftest_portal"]

ROUTES = sorted((route, method) for route, methods in app.app.routes.items() for method in methods)
either_road = pytest.mark.parametrize("road", SECOND)


# --- what the routes are asked ---------------------------------------------------------------------------------------

WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
PLAIN = st.text("abcXYZ019-_.~+!$'()*,:@", min_size=1, max_size=12)
ESCAPES = st.lists(
    st.sampled_from(["%41", "%20", "%2B", "%25", "%252F", "%2F", "%3F", "%C3%A9", "%E0%A6", "%FF", "%00", "a", "+"]),
    min_size=1,
)
SEGMENTS = st.one_of(PLAIN, WORDS.map(lambda text: quote(text, safe="")), ESCAPES.map("".join)).filter(
    lambda each: each.isascii()
)
QUERIES = st.one_of(
    st.just(""),
    st.text("ab=&+%", max_size=12),
    st.lists(st.tuples(WORDS, WORDS), max_size=4).map(
        lambda pairs: "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    ),
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Accept": st.sampled_from(["text/html", "image/png,*/*;q=0.8", "application/ld+json"]),
        "Accept-Language": st.sampled_from(["bn-BD,bn;q=0.9,en;q=0.8", "ar", "***"]),
        "Cookie": st.sampled_from(["__Host-session=abc", "a=1; __Host-session=x=y==", "a=1;b=2"]),
        "If-None-Match": st.sampled_from(['"a", W/"b"', "*"]),
        "Authorization": st.just("Bearer fid_x"),
    },
)
BODIES = st.one_of(
    st.just(("", b"")),
    st.tuples(st.just("application/json"), WORDS.map(str.encode)),
    st.tuples(st.just("application/x-www-form-urlencoded"), WORDS.map(quote).map(str.encode)),
    st.tuples(st.just("multipart/form-data; boundary=b0"), st.binary(min_size=1, max_size=40)),
)


@st.composite
def requests(draw: st.DrawFn) -> tuple[Request, str, dict[str, str]]:
    """Any request that has a route; its route, and what stands in the place of each parameter."""
    route, method = draw(st.sampled_from(ROUTES))
    parameters = {name: draw(SEGMENTS) for name in re.findall(r"{(\w+)}", route)}
    path = re.sub(r"{(\w+)}", lambda found: parameters[found[1]], route)
    query, headers, (media, body) = draw(QUERIES), draw(HEADERS), draw(BODIES)
    if media:
        headers = {**headers, "Content-Type": media}
    return Request(method, path + (f"?{query}" if query else ""), headers, body), route, parameters


def asked(event: dict[str, Any] | None) -> Any:
    """What a route gets to see of an event, but for the address as it was written, where a stage may stand."""
    assert event is not None
    try:
        ask = Ask.of(ChaliceRequest(event))
    except Malformed as error:
        return error.detail
    headers = {name: "; ".join(re.split("; ?", value)) for name, value in ask.headers.items()}
    return ask.method, ask.params, ask.query, headers, ask.body, ask.pairs, ask.address


@given(made=requests())
def test_whatever_is_sent_a_function_url_asks_a_route_what_a_rest_api_asks(made: Any) -> None:
    request, route, parameters = made
    translated = BOTH.translated(function_url_event(request))
    assert translated is not None
    assert translated["requestContext"]["resourcePath"] == route
    assert asked(translated) == asked(event_of_route(request, route, parameters))


def same_when_decoded(segment: str) -> bool:
    """Whether an HTTP API, which decodes a path before it finds the route, leaves this segment what it was."""
    return not re.search(r"%(2F|3F|EF%BF%BD)|%(?![0-9A-F]{2})", segment, re.IGNORECASE)


@given(made=requests())
def test_so_does_an_http_api_unless_a_segment_holds_what_it_cannot_tell_apart(made: Any) -> None:
    request, route, parameters = made
    if all(same_when_decoded(segment) for segment in parameters.values()):
        translated = BOTH.translated(http_api_event(request))
        assert asked(translated) == asked(event_of_route(request, route, parameters))


@pytest.mark.parametrize(
    ("segment", "by_url", "by_http_api"),
    [
        ("a%2Fb", "a/b", None),  # two segments to an HTTP API, and such a route there is not
        ("a%3Fb", "a?b", "a"),  # the end of the path to it
        ("a%252Fb", "a%2Fb", "a%2Fb"),
        ("a%25b", "a%b", "a%b"),
        ("a%20b", "a b", "a b"),
        ("a+b", "a+b", "a+b"),  # a plus is no blank in a path
        ("a%2Bb", "a+b", "a+b"),
        ("caf%C3%A9", "café", "café"),
        ("%FF", "The address holds bytes that are no UTF-8.", "The address holds bytes that are no UTF-8."),
        ("a%00", "The address holds control characters.", "The address holds control characters."),
    ],
)
def test_what_becomes_of_escapes_in_a_path(segment: str, by_url: str, by_http_api: str | None) -> None:
    request = Request("GET", f"/members/{segment}")

    def understood(event: dict[str, Any]) -> Any:
        translated = BOTH.translated(event)
        known = translated and asked(translated)
        return known[1]["member_id"] if isinstance(known, tuple) else known

    by_rest = asked(event_of_route(request, "/members/{member_id}", {"member_id": segment}))
    assert (by_rest[1]["member_id"] if isinstance(by_rest, tuple) else by_rest) == by_url
    assert understood(function_url_event(request)) == by_url
    assert understood(http_api_event(request)) == by_http_api


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        ("", ()),
        ("a=1&b=2&a=3", (("a", "1"), ("a", "3"), ("b", "2"))),
        ("a", (("a", ""),)),
        ("a=&b=+%2B%20", (("a", ""), ("b", " + "))),
        ("a=1&&=2", (("a", "1"), ("", "2"))),
        ("%C3%A9=%FF", (("é", "\ufffd"),)),
        ("a=b=c;d", (("a", "b=c;d"),)),
        ("a=%2526", (("a", "%26"),)),
    ],
)
def test_a_query_is_read_once_repeated_and_empty_values_with_it(query: str, pairs: Any) -> None:
    request = Request("GET", f"/find?{query}")
    for event in (event_of_route(request, "/find", {}), *(make(request) for make in SECOND.values())):
        assert asked(event if event["version"] == "1.0" else BOTH.translated(event))[5] == pairs


def test_a_stage_in_the_path_is_no_part_of_the_address() -> None:
    for target in ("/f/X1", "/", "/healthz/", "/api"):
        named = BOTH.translated(http_api_event(Request("GET", target), stage="api"))
        whole = BOTH.translated(http_api_event(Request("GET", target)))
        assert (named and named["resource"]) == (whole and whole["resource"])
    bare = {**http_api_event(Request("GET", "/"), stage="api"), "rawPath": "/api"}
    assert BOTH.translated(bare)["resource"] == "/"  # type: ignore[index]


def test_the_route_that_says_more_comes_first_and_a_way_back_is_found() -> None:
    tree = roads.tree(["/f/{id}", "/f/all", "/f/{id}/x", "/f/all/y", "/"])
    wanted = {"f/all": "/f/all", "f/1": "/f/{id}", "f/all/x": "/f/{id}/x", "f/%61ll": "/f/all", "": "/", "f": ""}
    assert {path: roads.find(tree, path.split("/")) for path in wanted} == wanted
    assert roads.find(tree, ["f", "", "x"]) == ""


def test_no_address_of_ours_has_two_routes_that_say_as_much() -> None:
    # A REST API refuses two names for one place; here the second would be lost.
    places = {tuple("{}" if part.startswith("{") else part for part in route.split("/")) for route in app.app.routes}
    assert len(places) == len(app.app.routes)


# --- what is answered ------------------------------------------------------------------------------------------------


still_clock = pytest.mark.usefixtures("still")


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)


@still_clock
def test_every_public_answer_is_the_same_on_every_road(world: World) -> None:
    factory_id = world.a_factory()
    code = world.a_certificate(factory_id)
    product = world.a_product(factory_id)
    paths = [
        *world.public_paths(factory_id, code, product),
        f"/qr/f/{factory_id}.png?width=40",
        "/standards",
        "/members",
    ]
    paths += [f"/credentials/factories/{factory_id}", f"/f/{factory_id}/poster.pdf", f"/01/{GTIN}?linkType=all"]
    binary = 0
    for path in paths:
        for method in ("GET", "HEAD", "OPTIONS"):
            for headers in ({"Accept": "*/*"}, {"Accept": "text/html", "Accept-Language": "bn", "Cookie": "a=1; b=2"}):
                request = Request(method, path, headers)
                expected = first(request)
                binary += expected.body[:4] in (b"\x89PNG", b"%PDF")
                assert {road: second(request, road) for road in SECOND} == dict.fromkeys(SECOND, expected), request
    assert binary


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/nothing/at/all?q=1", 404),
        ("GET", "/f", 404),
        ("HEAD", "/nothing", 404),
        ("OPTIONS", "/nothing", 404),
        ("POST", "/find", 404),  # a method that an address does not know is an unknown address to a REST API
        ("DELETE", "/v1/certificates/C1", 404),
        ("GET", "/portal/sign-out", 404),
        ("GET", "/healthz/", 200),
        ("HEAD", "/healthz/", 200),
        ("OPTIONS", "/healthz", 204),
        ("GET", "/HEALTHZ", 404),
    ],
)
@pytest.mark.usefixtures("world")
def test_addresses_and_methods_that_there_are_not(method: str, target: str, status: int) -> None:
    request = Request(method, target, {"Accept": "text/html"})
    expected = first(request)
    assert expected.status == status
    assert (b"There is no page at this address." in expected.body) == (status == 404 and method != "HEAD")
    assert {road: second(request, road) for road in SECOND} == dict.fromkeys(SECOND, expected)


@still_clock
def test_a_file_that_is_sent_to_the_public_side_is_read_the_same(world: World) -> None:
    world.a_certificate(world.a_factory())
    body = multipart(workbook(["number"], ["CU 123-456"]), "a.xlsx", {})
    request = Request("POST", "/verify", {"Content-Type": "multipart/form-data; boundary=b0"}, body)
    expected = first(request)
    assert b"1 \xc3\x97 Valid" in expected.body
    assert {road: second(request, road) for road in SECOND} == dict.fromkeys(SECOND, expected)
    typed = Request(
        "POST", "/verify", {"Content-Type": "application/x-www-form-urlencoded"}, b"q=CU+123-456%0D%0A%C3%A9"
    )
    assert {road: second(typed, road) for road in SECOND} == dict.fromkeys(SECOND, first(typed))


@either_road
def test_the_inside_is_run_over_it_with_keys_sessions_and_cookies(world: World, road: str) -> None:
    world.client = SimpleNamespace(http=by_road.Http(road))  # type: ignore[assignment]
    for name in ("anyone", "staff", "ics", "member", "certifier"):
        setattr(world, name, Caller(world.client, getattr(world, name).key))
    factory_id = world.a_factory()
    runner = world.run_by(factory_id)
    mine = runner.get(f"/internal/v1/factories/{factory_id}").ok()
    address = f"/internal/v1/factories/{factory_id}"
    assert runner("PATCH", address, {"descriptions": {"en": "We knit – café."}}, If_Match=mine.etag).status == 200
    assert runner("PATCH", address, {"workforce": "1-50"}, If_Match=mine.etag).status == 412
    assert world.anyone.get(address).status == 401
    world.a_certificate(factory_id)
    assert "We knit – café." in world.anyone.get(f"/f/{factory_id}").ok().text


@either_road
def test_the_portal_is_run_over_it_with_forms_and_uploads(runner: SimpleNamespace, road: str) -> None:
    browser: Browser = runner.browser
    browser.client = SimpleNamespace(http=by_road.Http(road))  # type: ignore[assignment]
    home = f"{runner.home}/efficiency"
    made = browser.send(f"{home}/new", TYPED)
    assert made.headers["Location"] == f"{home}/water-1?done=added"
    rows = "period,amount,unit,output\n2026-03,900,m3,10000\n"
    looked = uploaded(browser, f"{home}/water-1/upload", rows.encode(), "list.csv")
    assert "Add 1 reading" in looked.text
    done = browser.post(f"{home}/water-1/upload/confirm", filled(looked.text, 1))
    assert done.headers["Location"] == f"{home}/water-1?done=readings"
    forged = browser.post(f"{home}/new", {**TYPED, "csrf_token": "x"})
    assert forged.status == 403
    browser.cookie = ""
    assert browser.get(home).status == 303


def test_several_cookies_are_several_and_other_headers_one_line() -> None:
    answer = {
        "statusCode": 303,
        "headers": {"Location": "/", "Link": "<a>; rel=up"},
        "multiValueHeaders": {"Set-Cookie": ["a=1; Path=/", "b=2"], "link": ["<b>; rel=next"]},
        "body": "",
    }
    given_back = roads.given_back(answer, "POST")
    assert given_back["cookies"] == ["a=1; Path=/", "b=2"]
    assert given_back["headers"]["content-type"] == "application/json"  # as a REST API says, if the function does not
    assert given_back["headers"]["link"] == "<a>; rel=up, <b>; rel=next"
    single = roads.given_back({**answer, "headers": {"set-cookie": "c=3"}, "multiValueHeaders": {}}, "POST")
    assert (single["cookies"], "set-cookie" in single["headers"]) == (["c=3"], False)


def test_bytes_stay_bytes_and_a_head_has_none() -> None:
    packed = {"statusCode": 200, "headers": {"Content-Type": "image/png"}, "multiValueHeaders": {}}
    packed |= {"body": base64.b64encode(b"\x89PNG").decode(), "isBase64Encoded": True}
    assert by_road.seen_second(roads.given_back(packed, "GET"), "GET").body == b"\x89PNG"
    empty = roads.given_back(packed, "HEAD")
    assert (empty["body"], empty["isBase64Encoded"]) == ("", False)


TEXT = {
    "statusCode": 200,
    "headers": {"content-type": "text/html", "vary": "Accept-Language"},
    "cookies": [],
    "body": "é" * 2000,
    "isBase64Encoded": False,
}


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "deflate,GZIP , br", "*", "gzip;q=1.0", "*;q=0, gzip"])
def test_a_text_is_compressed_for_those_who_take_it(accepted: str) -> None:
    packed = roads.packed(TEXT, accepted)
    assert gzip.decompress(base64.b64decode(packed["body"])).decode() == TEXT["body"]
    assert packed["headers"]["content-encoding"] == "gzip"
    assert packed["headers"]["vary"] == "Accept-Language, Accept-Encoding"
    assert packed["isBase64Encoded"]
    assert roads.packed(TEXT, accepted) == packed


@pytest.mark.parametrize(
    "accepted", ["", "br", "gzip;q=0", "gzip; q=0.000, br", "xgzip", "identity", "gzip;q=0, *", "*, gzip;q=0", "*;q=0"]
)
def test_it_is_left_as_it_is_for_others(accepted: str) -> None:
    assert roads.packed(TEXT, accepted) is TEXT


def test_neither_what_is_short_nor_what_is_packed_is_compressed() -> None:
    for changed in ({"body": "x" * (roads.LEAST_BYTES - 1)}, {"isBase64Encoded": True}):
        answer = {**TEXT, **changed}
        assert roads.packed(answer, "gzip") is answer


@still_clock
def test_a_page_by_url_is_as_small_as_by_a_rest_api_which_compresses_itself(world: World) -> None:
    plain = Request("GET", f"/f/{world.a_factory()}", {"Accept": "text/html"})
    asked_for = Request("GET", plain.target, {**plain.headers, "Accept-Encoding": "gzip, deflate, br"})
    for road in SECOND:
        got = second(asked_for, road)
        assert gzip.decompress(got.body) == first(plain).body
        assert len(got.body) < 14_000
    chosen = json.loads((PROJECT / ".chalice" / "config.json").read_text())
    assert chosen["minimum_compression_size"] == roads.LEAST_BYTES


def test_an_event_of_the_first_format_goes_through_as_it_is() -> None:
    passed: list[Any] = []
    event = {"version": "1.0", "anything": 1}
    both = roads.Roads(lambda event, context: {"seen": passed.append((event, context))}, {}, "")
    assert both(event, "context") == {"seen": None}
    assert passed == [(event, "context")]
    assert passed[0][0] is event
