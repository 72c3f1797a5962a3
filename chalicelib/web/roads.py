"""The road that a request comes by. Chalice knows one, a REST API; an HTTP API and a function URL are translated to it.

They send payload format 2.0 where a REST API sends 1.0, and leave to the function what a REST API does around it: to
find the route, to say that there is none, and to compress. Paths stay encoded here: ``request.Ask`` decodes each
parameter, once.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote

from chalicelib.web import nowhere

Event = Mapping[str, Any]
Answer = dict[str, Any]
FORMAT = "2.0"
WHOLE = "$default"
"""The stage that stands in no address."""
LEAST_BYTES = 1024
"""What is shorter is sent as it is, as by the REST API (``minimum_compression_size``)."""
_GZIP_SAID = re.compile(r"(?:^|,)\s*(gzip|\*)\s*(?:;\s*q=([^,]*))?(?=,|$)", re.IGNORECASE)
_GZIP = 31  # of zlib: the widest window, with gzip's header, which holds no time


class Place:
    """A place in the tree of routes: the places below it by segment, the one below for any segment, the route here."""

    __slots__ = ("below", "route", "variable")

    def __init__(self) -> None:
        self.below: dict[str, Place] = {}
        self.variable: Place | None = None
        self.route = ""


class Roads:
    """A function that answers events of both formats. ``app`` answers format 1.0; ``routes``: their methods by path.

    ``base_url``: where the page for an unknown address links to.
    """

    def __init__(
        self, app: Callable[[Any, Any], Answer], routes: Mapping[str, Mapping[str, Any]], base_url: str
    ) -> None:
        self._app, self._routes, self._base_url = app, routes, base_url
        self._root: Place | None = None  # made when it is first asked for: a REST API never does

    def __call__(self, event: Event, context: Any) -> Answer:
        """Lambda's answer to ``event``, in the format of the event."""
        if event.get("version") != FORMAT:
            return self._app(event, context)
        asked = self.translated(event)
        answer = self._nowhere() if asked is None else self._app(asked, context)
        given = given_back(answer, event["requestContext"]["http"]["method"])
        return packed(given, (event.get("headers") or {}).get("accept-encoding", ""))

    def translated(self, event: Event) -> dict[str, Any] | None:
        """The event in format 1.0, as far as Chalice reads it; ``None`` if no route has this address and method."""
        context = event["requestContext"]
        method = context["http"]["method"]
        segments = _segments(event["rawPath"], context.get("stage", WHOLE))
        self._root = self._root or tree(self._routes)
        route = find(self._root, segments)
        if not route or method not in self._routes[route]:
            return None
        query: dict[str, list[str]] = {}
        for name, value in parse_qsl(event.get("rawQueryString") or "", keep_blank_values=True):
            query.setdefault(name, []).append(value)
        headers = dict(event.get("headers") or {})
        if event.get("cookies"):
            headers["cookie"] = "; ".join(event["cookies"])
        parts = zip(route[1:].split("/"), segments, strict=True)
        return {
            "resource": route,
            "path": event["rawPath"],
            "httpMethod": method,
            "headers": headers,
            "multiValueQueryStringParameters": query or None,
            "pathParameters": {name[1:-1]: value for name, value in parts if name.startswith("{")} or None,
            "stageVariables": event.get("stageVariables"),
            "requestContext": {
                "resourcePath": route,
                "httpMethod": method,
                "path": event["rawPath"],
                "stage": context.get("stage", WHOLE),
                "requestId": context.get("requestId"),
                "identity": {"sourceIp": context["http"].get("sourceIp")},
            },
            "body": event.get("body"),
            "isBase64Encoded": event.get("isBase64Encoded", False),
        }

    def _nowhere(self) -> Answer:
        page = nowhere.page(self._base_url, self._base_url)
        return {"statusCode": 404, "headers": dict(nowhere.HEADERS), "multiValueHeaders": {}, "body": page}


def tree(routes: Iterable[str]) -> Place:
    """The routes, to be walked segment by segment."""
    root = Place()
    for route in routes:
        place = root
        for part in route[1:].split("/"):
            if part.startswith("{"):
                place.variable = place.variable or Place()
                place = place.variable
            else:
                place = place.below.setdefault(part, Place())
        place.route = route
    return root


def find(place: Place, segments: Sequence[str]) -> str:
    """The route of an address, empty if there is none. A segment as it is written comes before any segment."""
    if not segments:
        return place.route
    first, rest = segments[0], segments[1:]
    named = place.below.get(unquote(first) if "%" in first else first)
    route = find(named, rest) if named else ""
    if not route and first and place.variable:
        return find(place.variable, rest)
    return route


def given_back(answer: Answer, method: str) -> Answer:
    """An answer of format 1.0 in format 2.0."""
    headers: dict[str, str] = {}
    cookies: list[str] = []
    repeated = ((name, value) for name, values in answer["multiValueHeaders"].items() for value in values)
    for name, value in (*answer["headers"].items(), *repeated):
        folded = name.lower()
        if folded == "set-cookie":
            cookies.append(value)
        else:
            headers[folded] = f"{headers[folded]}, {value}" if folded in headers else value
    # What a REST API takes a body for, if nothing is said of it.
    headers.setdefault("content-type", "application/json")
    empty = method == "HEAD"
    return {
        "statusCode": answer["statusCode"],
        "headers": headers,
        "cookies": cookies,
        "body": "" if empty else answer["body"],
        "isBase64Encoded": not empty and answer.get("isBase64Encoded", False),
    }


def packed(answer: Answer, accepted: str) -> Answer:
    """The same answer of format 2.0, its text compressed if that is accepted and worth it."""
    body, headers = answer["body"], answer["headers"]
    if answer["isBase64Encoded"] or len(body) < LEAST_BYTES or not _takes_gzip(accepted):
        return answer
    vary = f"{headers['vary']}, Accept-Encoding" if "vary" in headers else "Accept-Encoding"
    return {
        **answer,
        "headers": {**headers, "content-encoding": "gzip", "vary": vary},
        "body": base64.b64encode(zlib.compress(body.encode(), wbits=_GZIP)).decode(),
        "isBase64Encoded": True,
    }


def _takes_gzip(accepted: str) -> bool:
    """Whether an ``Accept-Encoding`` takes gzip: what it says of gzip itself counts before ``*`` (RFC 9110, 12.5.3)."""
    said = {name.lower(): not weight or weight.strip("0. \t") != "" for name, weight in _GZIP_SAID.findall(accepted)}
    return said.get("gzip", said.get("*", False))


def _segments(path: str, stage: str) -> list[str]:
    """The parts of a path, without the stage if it leads. A slash at the end says nothing.

    Bytes that are no UTF-8 an HTTP API has replaced by a sign, which stands in no other road's path as it is.
    """
    parts = path[1:].replace("\ufffd", "%FF").split("/")
    if stage != WHOLE and parts[0] == stage:
        parts = parts[1:] or [""]
    return parts[:-1] if len(parts) > 1 and not parts[-1] else parts
