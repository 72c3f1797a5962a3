"""What a look-up costs the database, and what a page weighs on the wire and in the log."""

from __future__ import annotations

import gzip
import statistics
import time
from collections import Counter
from typing import Any

from bench.traffic import size, units_of, watched
from bench.world import World
from tests import events

SEARCH = "knit"
RECEIPTS = 20


def reads(world: World) -> dict[str, Any]:
    """Requests to the database and read units (consistent), by what is looked up."""
    asked = {
        "factory": events.get("/f/{factory_id}", path={"factory_id": world.factory}),
        "certificate": events.get("/c/{code}", path={"code": world.certificate}),
        "product": events.get("/01/{gtin}", path={"gtin": world.gtin}),
        "search": events.get("/factories", query={"q": SEARCH}),
    }
    found = {}
    for name, event in asked.items():
        with watched() as traffic:
            _answer(event)
        found[name] = {
            "requests": len(traffic.requests),
            "operations": traffic.operations,
            "read_units": traffic.read_units,
            "bytes": traffic.read_sizes,
        }
    return found


def items(world: World) -> dict[str, Any]:
    """What the pages' items weigh, how much of it is signed, and the units of one consistent read."""
    places = {
        "factory": f"FACTORY#{world.factory}",
        "certificate": f"CERTIFICATE#{world.certificate}",
        "product": f"PRODUCT#{world.gtin}",
    }
    found = {}
    for name, pk in places.items():
        item = world.item(pk)
        signed = {each: item[each] for each in ("credential", "code") if each in item}
        found[name] = {"bytes": size(item), "signed_bytes": size(signed), "read_units": units_of(size(item))}
    return found


def receipt(world: World) -> dict[str, Any]:
    """What one signed receipt of a certificate's check takes: reads, signatures, CPU of the function, bytes."""
    path = "/v1/certificates/{code}/receipt"
    event = events.get(path, path={"code": world.certificate}) | {"httpMethod": "POST"}
    event["requestContext"]["httpMethod"] = "POST"
    _answer(event)  # loads what is loaded once
    with watched() as traffic:
        body = _answer(event)
    times = []
    for _ in range(RECEIPTS):
        began = time.process_time()
        _answer(event)
        times.append(1000 * (time.process_time() - began))
    asked = Counter(traffic.operations)
    return {
        "requests": dict(asked),
        "read_units": traffic.read_units,
        "signatures": asked["Sign"],
        "cpu_ms": statistics.median(times),
        "bytes": len(gzip.compress(body.encode(), 6)),
    }


def page_bytes(world: World) -> dict[str, Any]:
    """Bytes of each page's body, gzipped as the gateway sends it and as it is; and of the headers that are ours.

    Headers are counted as HTTP/1.1 writes them. The gateway adds its own, and TLS and TCP theirs.
    """
    factory, certificate = {"factory_id": world.factory}, {"code": world.certificate}
    asked = {
        "/": events.get("/"),
        "/f/{factory_id}": events.get("/f/{factory_id}", path=factory),
        "/c/{code}": events.get("/c/{code}", path=certificate),
        "/01/{gtin}": events.get("/01/{gtin}", path={"gtin": world.gtin}),
        "/01/{gtin}/10/{lot}": events.get(
            "/01/{gtin}/{ai1}/{value1}", path={"gtin": world.gtin, "ai1": "10", "value1": world.lot}
        ),
        "/factories?q=": events.get("/factories", query={"q": SEARCH}),
        "/factories": events.get("/factories"),
        "/verify": events.get("/verify"),
        "/standards": events.get("/standards"),
        "/v1/certificates/{code}": events.get("/v1/certificates/{code}", path=certificate),
        "/v1/factories/{factory_id}": events.get("/v1/factories/{factory_id}", path=factory),
        "/qr/f/{factory_id}.svg": events.get("/qr/{kind}/{file}", path={"kind": "f", "file": f"{world.factory}.svg"}),
    }
    answers = {path: _answered(event) for path, event in asked.items()}
    bodies = {path: str(answer["body"]).encode() for path, answer in answers.items()}
    return {
        "gzipped": {path: len(gzip.compress(body, 6)) for path, body in bodies.items()},
        "plain": {path: len(body) for path, body in bodies.items()},
        "headers": {path: _headers(answer) for path, answer in answers.items()},
    }


def scan_line(world: World) -> int:
    """Bytes of the line that a scan of a factory leaves in the log of a registry that counts scans."""
    from chalice.app import Request

    from chalicelib.public import scans
    from chalicelib.web.request import Ask

    event = events.get("/f/{factory_id}", path={"factory_id": world.factory})
    return len(scans.line(Ask.of(Request(event, None)), "f", world.factory).encode()) + 1


def _headers(answer: dict[str, Any]) -> int:
    several = [(name, value) for name, values in answer.get("multiValueHeaders", {}).items() for value in values]
    pairs = [*answer["headers"].items(), *several]
    return sum(len(f"{name}: {value}\r\n".encode()) for name, value in pairs)


def _answer(event: dict[str, Any]) -> str:
    return str(_answered(event)["body"])


def _answered(event: dict[str, Any]) -> dict[str, Any]:
    from app import app  # after the environment that it reads

    answer: dict[str, Any] = app(event, None)
    if answer["statusCode"] != 200:
        raise RuntimeError(f"{event['path']} answered {answer['statusCode']}")
    return answer
