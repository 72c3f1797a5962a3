"""One request as each road makes an event of it, and an answer as each road would put it on the wire.

As AWS does it: a REST API and a function URL leave paths encoded; an HTTP API decodes all but ``%25`` and ends a path
at a decoded ``?``. A body is text if its type says so, else base64; cookies are a list.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from chalice.local import RouteMatcher
from chalice.test import HTTPResponse

import app
from chalicelib import settings
from chalicelib.web import roads
from infra import gateway

TEXTS = ("application/json", "application/xml", "application/javascript")
ADDRESS = "192.0.2.7"
BOTH = roads.Roads(app.app, app.app.routes, settings.load().base_url)


@dataclass(frozen=True)
class Request:
    """What a client sends. ``target``: path and query as they stand in the request line."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    @property
    def folded(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers.items()}


@dataclass(frozen=True)
class Seen:
    """What a client sees, in an order that says nothing."""

    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]
    body: bytes


def rest_event(request: Request) -> dict[str, Any] | None:
    """Format 1.0, ``None`` if the gateway answers by itself. The route is found by Chalice's own matcher."""
    try:
        found = RouteMatcher(list(app.app.routes)).match_route(request.path)
    except ValueError:
        return None
    if request.method not in app.app.routes[found.route]:
        return None
    return event_of_route(request, found.route, found.captured)


def event_of_route(request: Request, route: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """Format 1.0 for a route that is known."""
    multipart = request.folded.get("content-type", "").startswith("multipart/form-data")
    body = base64.b64encode(request.body).decode() if multipart else request.body.decode("utf-8", "replace")
    context = {"httpMethod": request.method, "resourcePath": route, "path": "/api" + request.path, "stage": "api"}
    return {
        "version": "1.0",
        "resource": route,
        "path": request.path,
        "httpMethod": request.method,
        "headers": dict(request.headers),
        "multiValueHeaders": {name: [value] for name, value in request.headers.items()},
        "multiValueQueryStringParameters": parse_qs(request.query, keep_blank_values=True) or None,
        "pathParameters": dict(parameters) or None,
        "stageVariables": None,
        "requestContext": {**context, "identity": {"sourceIp": ADDRESS}},
        "body": body or None,
        "isBase64Encoded": multipart,
    }


def http_api_event(request: Request, stage: str = "$default") -> dict[str, Any]:
    """Format 2.0 as an HTTP API sends it."""
    path = re.sub(r"(?:%(?!25)[0-9A-Fa-f]{2})+", _decoded, request.path).partition("?")[0]
    return _second_format(request, path if stage == "$default" else f"/{stage}{path}", stage)


def function_url_event(request: Request) -> dict[str, Any]:
    """Format 2.0 as a function URL sends it."""
    return _second_format(request, request.path, "$default")


SECOND: dict[str, Callable[[Request], dict[str, Any]]] = {
    "an HTTP API": http_api_event,
    "a function URL": function_url_event,
}


def seen_first(answer: dict[str, Any] | None, method: str) -> Seen:
    """An answer of format 1.0, or the gateway's own for an unknown address."""
    if answer is None:
        return _gateways_own(method)
    headers = {name.lower(): [value] for name, value in answer["headers"].items()}
    for name, values in answer["multiValueHeaders"].items():
        headers.setdefault(name.lower(), []).extend(values)
    cookies = tuple(headers.pop("set-cookie", ()))
    headers.setdefault("content-type", ["application/json"])
    lines = {name: ", ".join(values) for name, values in headers.items()}
    return Seen(answer["statusCode"], tuple(sorted(lines.items())), cookies, _body(answer, method))


def seen_second(answer: dict[str, Any], method: str) -> Seen:
    """An answer of format 2.0."""
    assert set(answer) == {"statusCode", "headers", "cookies", "body", "isBase64Encoded"}
    assert all(isinstance(value, str) for value in answer["headers"].values())
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    return Seen(answer["statusCode"], tuple(sorted(headers.items())), tuple(answer["cookies"]), _body(answer, method))


def first(request: Request) -> Seen:
    """What is seen behind a REST API."""
    event = rest_event(request)
    return seen_first(event and BOTH(event, None), request.method)


def second(request: Request, road: str) -> Seen:
    """What is seen on one of the other roads."""
    return seen_second(BOTH(SECOND[road](request), None), request.method)


@dataclass
class Http:
    """Takes the place of ``http`` of Chalice's test client: all goes by one of the other roads."""

    road: str

    def request(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> HTTPResponse:
        got = second(Request(method.upper(), path, headers or {}, body), self.road)
        named = {"-".join(part.title() for part in name.split("-")): value for name, value in got.headers}
        named |= {"ETag": named.pop("Etag")} if "Etag" in named else {}
        named |= {"Set-Cookie": got.cookies[-1]} if got.cookies else {}
        return HTTPResponse(got.body, named, got.status)


def _second_format(request: Request, path: str, stage: str) -> dict[str, Any]:
    headers = request.folded
    cookies = [each.strip() for each in headers.pop("cookie", "").split(";") if each.strip()]
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    text = media.startswith("text/") or media in TEXTS
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": {
            "http": {"method": request.method, "path": path, "protocol": "HTTP/1.1", "sourceIp": ADDRESS},
            "requestId": "1",
            "routeKey": "$default",
            "stage": stage,
        },
        "isBase64Encoded": bool(request.body) and not text,
    }
    if cookies:
        event["cookies"] = cookies
    if request.body:
        event["body"] = request.body.decode("utf-8", "replace") if text else base64.b64encode(request.body).decode()
    return event


def _decoded(escaped: re.Match[str]) -> str:
    return bytes.fromhex(escaped[0].replace("%", "")).decode("utf-8", "replace")


def _gateways_own(method: str) -> Seen:
    own = gateway.responses()["MISSING_AUTHENTICATION_TOKEN"]
    named = own["responseParameters"].items()
    headers = {name.removeprefix("gatewayresponse.header.").lower(): value.strip("'") for name, value in named}
    page = own["responseTemplates"]["application/json"]["Fn::Sub"].replace("${BaseUrl}", settings.load().base_url)
    return Seen(own["statusCode"], tuple(sorted(headers.items())), (), b"" if method == "HEAD" else page.encode())


def _body(answer: dict[str, Any], method: str) -> bytes:
    if method == "HEAD":
        return b""
    body = answer["body"]
    return base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
