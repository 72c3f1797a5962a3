"""The site as it is served on a desk, over HTTP: what Chalice's local server does otherwise than API Gateway."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest

import app
from infra.serve import MOST_BYTES, Site
from tests.world import World

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def wire() -> Iterator[HTTPConnection]:
    site = Site(app.app, "127.0.0.1", 0).start()
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    yield connection
    connection.close()
    site.stop()


def asked(wire: HTTPConnection, method: str, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    wire.request(method, path, headers=headers)
    answer = wire.getresponse()
    return answer, answer.read()


def test_an_unknown_address_is_a_page_the_second_time_too(wire: HTTPConnection) -> None:
    for _ in range(2):
        answer, body = asked(wire, "GET", "/nothing")
        assert (answer.status, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
        assert b"There is no page at this address." in body


@pytest.mark.parametrize("path", ["/v1/nothing", "/internal/v1/nothing"])
def test_an_unknown_address_of_the_api_is_a_problem(wire: HTTPConnection, path: str) -> None:
    for _ in range(2):
        answer, body = asked(wire, "GET", path)
        assert (answer.status, answer.headers["Content-Type"]) == (404, "application/problem+json")
        assert json.loads(body)["detail"] == "There is nothing at this address."


def test_a_method_that_an_address_does_not_know_names_those_it_knows(wire: HTTPConnection) -> None:
    answer, body = asked(wire, "DELETE", "/healthz")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert json.loads(body)["title"] == "Method Not Allowed"


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "CONNECT", "get", "NOBODY-KNOWS"])
def test_a_method_that_nobody_knows_is_answered_like_one_that_the_address_does_not(
    wire: HTTPConnection, method: str
) -> None:
    for _ in range(2):
        answer, body = asked(wire, method, "/v1/standards")
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert json.loads(body)["detail"] == "Here one can GET, HEAD, OPTIONS."
    assert asked(wire, method, "/nothing")[0].status == 404


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/nothing"), ("DELETE", "/v1/standards")])
def test_problems_of_the_public_api_may_be_read_from_any_origin(wire: HTTPConnection, method: str, path: str) -> None:
    assert asked(wire, method, path)[0].headers["Access-Control-Allow-Origin"] == "*"
    assert asked(wire, method, f"/internal{path}")[0].headers["Access-Control-Allow-Origin"] is None


def test_a_head_sends_nothing_of_the_page_and_leaves_the_connection_in_step(wire: HTTPConnection, world: World) -> None:
    page = f"/f/{world.a_factory()}"
    _, body = asked(wire, "GET", page)
    answer, nothing = asked(wire, "HEAD", page)
    assert (answer.status, nothing) == (200, b"")
    assert asked(wire, "GET", page)[1][:15] == body[:15]


def test_a_body_that_api_gateway_would_not_take_is_refused_unread(wire: HTTPConnection) -> None:
    wire.putrequest("POST", "/verify")
    wire.putheader("Content-Length", str(MOST_BYTES + 1))
    wire.endheaders()
    answer = wire.getresponse()
    assert answer.status == 413
    assert json.loads(answer.read())["detail"] == "The body may have at most 10,000,000 bytes."
