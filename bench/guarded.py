"""What the public surface does for each kind of request, counted in a process of its own: no clock has a part in it.

``python -m bench.guarded FOLDER`` reads the items of the public table and the names of things (see ``guard.world``)
from standard input, and writes what it counted. In FOLDER are the pages made flat, as the package has them.
``bench.guard`` starts it, and holds that against ``guard.json``.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections import Counter
from typing import Any

Item = dict[str, dict[str, Any]]

ASKED: dict[str, tuple[str, str, str]] = {
    "home": ("GET", "/", ""),
    "factory": ("GET", "/f/{factory_id}", ""),
    "factory, JSON": ("GET", "/v1/factories/{factory_id}", ""),
    "factory, links": ("GET", "/f/{factory_id}", "linkType=linkset"),
    "factory, photos": ("GET", "/f/{factory_id}/photos", ""),
    "factory, poster": ("GET", "/f/{factory_id}/{sheet}", ""),
    "certificate": ("GET", "/c/{code}", ""),
    "certificate, JSON": ("GET", "/v1/certificates/{code}", ""),
    "certificate by number": ("GET", "/v1/certificates", "number=N-1"),
    "product": ("GET", "/01/{gtin}", ""),
    "product, lot": ("GET", "/01/{gtin}/{ai1}/{value1}", ""),
    "product, our code": ("GET", "/p/{product}", ""),
    "product, JSON": ("GET", "/v1/products/{product_id}", ""),
    "GLN": ("GET", "/414/{gln}", ""),
    "GDTI": ("GET", "/253/{gdti}", ""),
    "find": ("GET", "/find", "q=Meghna"),
    "directory": ("GET", "/factories", ""),
    "search": ("GET", "/factories", "q=Meghna"),
    "search by country": ("GET", "/factories", "q=Meghna&country=BD"),
    "search, JSON": ("GET", "/v1/directory", "q=Meghna"),
    "verify": ("GET", "/verify", ""),
    "verify, checked": ("POST", "/v1/verify", '{"numbers":["N-1","N-2","{code}","unheard-of"]}'),
    "QR code": ("GET", "/qr/{kind}/{file}", ""),
    "badge": ("GET", "/badge/{kind}/{file}", ""),
    "docs": ("GET", "/docs", ""),
    "docs, topic": ("GET", "/docs/{topic}", ""),
    "OpenAPI": ("GET", "/openapi.json", ""),
    "site map": ("GET", "/sitemap.xml", ""),
    "site map, country": ("GET", "/sitemap/{map}", ""),
    "resolver": ("GET", "/.well-known/gs1resolver", ""),
    "credential": ("GET", "/credentials/{kind}/{factory_id}", ""),
    "credentials' standing": ("GET", "/credentials/status/{purpose}/{number}", ""),
    "keys": ("GET", "/.well-known/did.json", ""),
    "topics of a factory": ("GET", "/f/{factory_id}/topics", ""),
    "line in the log": ("GET", "/c/{code}/log", ""),
    "log": ("GET", "/log", ""),
    "receipts": ("GET", "/receipts", ""),
    "check without a network": ("GET", "/scan", ""),
    "brands": ("GET", "/members", ""),
    "standards": ("GET", "/standards", ""),
    "guides": ("GET", "/resources", ""),
    "guide": ("GET", "/resources/{slug}", ""),
    "health": ("GET", "/healthz", ""),
    "robots": ("GET", "/robots.txt", ""),
}
"""Name → method, registered path, query or body. Names in braces are of things in the world, see ``guard.world``."""

SELDOM: dict[str, tuple[str, str, str]] = {
    "product, lot and serial": ("GET", "/01/{gtin}/{ai1}/{value1}/{ai2}/{value2}", ""),
    "product, three parts": ("GET", "/01/{gtin}/{ai3}/{value3}/{ai1}/{value1}/{ai2}/{value2}", ""),
    "GLN, a part of the place": ("GET", "/414/{gln}/{ai4}/{value4}", ""),
    "offline code": ("GET", "/s/{token}/{letter}/{factory_id}", ""),
    "offline code, capitals": ("GET", "/S/{token}/{letter}/{factory_id}", ""),
    "receipt": ("POST", "/c/{code}/receipt", "on="),
    "receipt, JSON": ("POST", "/v1/certificates/{code}/receipt", "{}"),
    "receipt, checked": ("POST", "/v1/receipts/check", '{"receipt": "{receipt}"}'),
    "receipt of another registry, as a file": ("GET", "/receipts/file", "r={receipt}"),
    "keys, of an address": ("GET", "/did.json", ""),
    "climate": ("GET", "/f/{mill}/climate", ""),
    "climate, JSON": ("GET", "/v1/factories/{mill}/climate", ""),
    "efficiency": ("GET", "/f/{mill}/efficiency", ""),
    "efficiency, JSON": ("GET", "/v1/factories/{mill}/efficiency", ""),
    "topics of a factory, JSON": ("GET", "/v1/factories/{factory_id}/topics", ""),
    "brand": ("GET", "/members/{member}", ""),
    "brand's factories": ("GET", "/members/{member}/factories", ""),
    "brand's products": ("GET", "/members/{member}/products", ""),
    "brands, JSON": ("GET", "/v1/members", ""),
    "brand, JSON": ("GET", "/v1/members/{member}", ""),
    "brand's factories, JSON": ("GET", "/v1/members/{member}/factories", ""),
    "brand's factories, CSV": ("GET", "/v1/members/{member}/factories.csv", ""),
    "brand's factories, all JSON": ("GET", "/v1/members/{member}/factories.json", ""),
    "brand's factories, map": ("GET", "/v1/members/{member}/factories.geojson", ""),
    "brand's products, JSON": ("GET", "/v1/members/{member}/products", ""),
    "reader of codes": ("GET", "/scan/reader/{reader}", ""),
    "reader's script": ("GET", "/scan/reading.js", ""),
    "verifier": ("GET", "/scan/verifier.js", ""),
    "worker": ("GET", "/scan/worker.js", ""),
    "standards compared": ("GET", "/standards/compare", "ids=gots,joint-audit"),
    "standard": ("GET", "/standards/{standard}", ""),
    "topic": ("GET", "/standards/topics/{subject}", ""),
    "standards, JSON": ("GET", "/v1/standards", ""),
    "standards compared, JSON": ("GET", "/v1/standards/compare", "ids=gots,joint-audit"),
    "standard, JSON": ("GET", "/v1/standards/{standard}", ""),
    "topic, JSON": ("GET", "/v1/standards/topics/{subject}", ""),
    "guides, JSON": ("GET", "/v1/resources", ""),
    "guide, JSON": ("GET", "/v1/resources/{slug}", ""),
    "checkpoint": ("GET", "/v1/log/checkpoint", ""),
    "checkpoints": ("GET", "/v1/log/checkpoints", ""),
    "log entries": ("GET", "/v1/log/entries", ""),
    "proof of consistency": ("GET", "/v1/log/proof/consistency", "from=1"),
    "proof of inclusion": ("GET", "/v1/log/proof/inclusion", "entry=0"),
}
"""The other routes, as ``ASKED``: they are counted, but no other test asks all of them again and again."""

RENAMED = {
    "/p/{product}": "/p/{code}",
    "/sitemap/{map}": "/sitemap/{file}",
    "/credentials/{kind}/{factory_id}": "/credentials/{kind}/{identifier}",
    "/01/{gtin}/{ai3}/{value3}/{ai1}/{value1}/{ai2}/{value2}": (
        "/01/{gtin}/{ai1}/{value1}/{ai2}/{value2}/{ai3}/{value3}"
    ),
    "/414/{gln}/{ai4}/{value4}": "/414/{gln}/{ai1}/{value1}",
    "/s/{token}/{letter}/{factory_id}": "/s/{token}/{kind}/{value}",
    "/S/{token}/{letter}/{factory_id}": "/S/{token}/{kind}/{value}",
    "/f/{mill}/climate": "/f/{factory_id}/climate",
    "/f/{mill}/efficiency": "/f/{factory_id}/efficiency",
    "/v1/factories/{mill}/climate": "/v1/factories/{factory_id}/climate",
    "/v1/factories/{mill}/efficiency": "/v1/factories/{factory_id}/efficiency",
    "/scan/reader/{reader}": "/scan/reader/{file}",
    "/standards/{standard}": "/standards/{standard_id}",
    "/standards/topics/{subject}": "/standards/topics/{topic}",
    "/v1/standards/{standard}": "/v1/standards/{standard_id}",
    "/v1/standards/topics/{subject}": "/v1/standards/topics/{topic}",
    **{path: path.replace("{member}", "{member_id}") for _, path, _ in SELDOM.values() if "{member}" in path},
}
"""Paths above whose parameter goes by another name there, so that it can stand for another thing."""


class Table:
    """The public table in memory, in the place of the wire to DynamoDB. Counts what it is asked."""

    def __init__(self, items: list[Item]) -> None:
        self.asked: Counter[str] = Counter()
        self._items = {(each["pk"]["S"], each["sk"]["S"]): each for each in items}

    def close(self) -> None:
        """There is nothing to close."""

    def call(self, operation: str, payload: dict[str, Any]) -> dict[str, Any]:
        """What DynamoDB would answer."""
        self.asked[operation] += 1
        if operation == "GetItem":
            found = self._at(payload["Key"])
            return {"Item": found} if found else {}
        if operation == "BatchGetItem":
            ((table, wanted),) = payload["RequestItems"].items()
            return {"Responses": {table: [each for key in wanted["Keys"] if (each := self._at(key))]}}
        return {"Items": self._within(payload["ExpressionAttributeValues"])[: payload["Limit"]]}

    def _at(self, key: Item) -> Item | None:
        return self._items.get((key["pk"]["S"], key["sk"]["S"]))

    def _within(self, values: dict[str, dict[str, str]]) -> list[Item]:
        said = {name: each["S"] for name, each in values.items()}
        first, last, start = said.get(":f", ""), said.get(":l", "\U0010ffff"), said.get(":s", "")
        keys = sorted(key for key in self._items if key[0] == said[":p"])
        return [self._items[key] for key in keys if first <= key[1] <= last and key[1].startswith(start)]


class Keys:
    """KMS with one key, whose every signature is the same: nobody verifies it here. Counts with the table's reads."""

    def __init__(self, told: dict[str, str], asked: Counter[str]) -> None:
        self._told, self._asked = told, asked

    def call(self, operation: str, _payload: dict[str, Any]) -> dict[str, Any]:
        """What KMS would answer."""
        self._asked[operation] += 1
        return self._told


def event(method: str, path: str, more: str, names: dict[str, str]) -> dict[str, Any]:
    """What API Gateway hands over."""
    resource = RENAMED.get(path, path)
    held = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
    known = [part.strip("{}") for part in resource.split("/") if part.startswith("{")]
    for name, value in names.items():
        path, more = path.replace(f"{{{name}}}", value), more.replace(f"{{{name}}}", value)
    pairs = [pair.partition("=") for pair in more.split("&")] if method == "GET" and more else []
    sent = "application/json" if more.startswith("{") else "application/x-www-form-urlencoded"
    headers = {"Accept": ["text/html"], "Content-Type": [sent], "Host": ["factory-id.example"]}
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": {name: values[0] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "multiValueQueryStringParameters": {name: [value] for name, _, value in pairs} or None,
        "pathParameters": {name: names[each] for name, each in zip(known, held, strict=True)} or None,
        "stageVariables": None,
        "requestContext": {"resourcePath": resource, "httpMethod": method, "path": path, "identity": {}},
        "body": more if method == "POST" else None,
        "isBase64Encoded": False,
    }


def calls(function: Any) -> int:
    """How many functions are called, of Python's and of C's, until ``function`` has returned."""
    counted = 0

    def note(_frame: Any, what: str, _argument: Any) -> None:
        nonlocal counted
        counted += what in ("call", "c_call")

    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(None)
    return counted


def main() -> None:
    """Count, and say what was counted as JSON."""
    told = json.load(sys.stdin)
    import chalicelib.web

    chalicelib.web.__path__ += sys.argv[1:]
    import app
    from chalicelib.store import kms, public_table

    table = Table(told["items"])
    public_table._wire = table  # type: ignore[assignment]  # two of its methods are all that is asked of a wire
    kms._wire = Keys(told["kms"], table.asked)  # type: ignore[assignment]  # and one of this one's

    counted: dict[str, Any] = {}
    for name, (method, path, more) in {**ASKED, **SELDOM}.items():
        asked = event(method, path, more, told["names"])
        for _ in range(3):  # what is made once is made, and kept
            table.asked.clear()
            answer = app.app(asked, None)
        counted[name] = {
            "status": answer["statusCode"],
            "reads": dict(table.asked),
            "bytes": len(zlib.compress(answer["body"].encode(), 6)),
            "calls": calls(lambda asked=asked: app.app(asked, None)),
        }
        if name == "receipt, JSON":  # for those after it
            told["names"]["receipt"] = json.loads(answer["body"])["receipt"]
    paths = {RENAMED.get(path, path) for _, path, _ in (*ASKED.values(), *SELDOM.values())}
    others = sorted(path for path in app.app.routes if path not in paths and path.lower() not in paths)
    print(json.dumps({"asked": counted, "not_asked": others}))


if __name__ == "__main__":
    main()
