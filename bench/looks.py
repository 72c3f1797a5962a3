"""What a look-up costs the database, and what a page weighs on the wire."""

from __future__ import annotations

import gzip
import statistics
import time
from collections import Counter
from typing import Any

from bench.traffic import watched
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
        }
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
    """Bytes of each page's body, gzipped as the gateway sends it and as it is."""
    asked = {
        "/": events.get("/"),
        "/f/{factory_id}": events.get("/f/{factory_id}", path={"factory_id": world.factory}),
        "/c/{code}": events.get("/c/{code}", path={"code": world.certificate}),
        "/01/{gtin}": events.get("/01/{gtin}", path={"gtin": world.gtin}),
        "/factories?q=": events.get("/factories", query={"q": SEARCH}),
        "/v1/certificates/{code}": events.get("/v1/certificates/{code}", path={"code": world.certificate}),
        "/v1/factories/{factory_id}": events.get("/v1/factories/{factory_id}", path={"factory_id": world.factory}),
        "/qr/f/{factory_id}.svg": events.get("/qr/{kind}/{file}", path={"kind": "f", "file": f"{world.factory}.svg"}),
    }
    bodies = {path: _answer(event).encode() for path, event in asked.items()}
    return {
        "gzipped": {path: len(gzip.compress(body, 6)) for path, body in bodies.items()},
        "plain": {path: len(body) for path, body in bodies.items()},
    }


def _answer(event: dict[str, Any]) -> str:
    from app import app  # after the environment that it reads

    answer = app(event, None)
    if answer["statusCode"] != 200:
        raise RuntimeError(f"{event['path']} answered {answer['statusCode']}")
    return str(answer["body"])
