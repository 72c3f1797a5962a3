"""What the public surface does for each kind of request, counted in a process of its own: no clock has a part in it.

``python -m bench.guarded FOLDER`` reads the items of the public table and the names of things (see ``guard.world``)
from standard input, and writes what it counted. In FOLDER are the pages made flat, as the package has them.
``bench.guard`` starts it, and holds that against ``guard.json``.
"""

from __future__ import annotations

import base64
import json
import os
import sys
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
    "proof of a check": ("POST", "/v1/certificates/{code}/receipt", ""),
    "check without a network": ("GET", "/scan", ""),
    "brands": ("GET", "/members", ""),
    "standards": ("GET", "/standards", ""),
    "guides": ("GET", "/resources", ""),
    "guide": ("GET", "/resources/{slug}", ""),
    "health": ("GET", "/healthz", ""),
    "robots": ("GET", "/robots.txt", ""),
}
"""Name → method, registered path, query or body. Names in braces are of things in the world, see ``guard.world``."""

RENAMED = {
    "/p/{product}": "/p/{code}",
    "/sitemap/{map}": "/sitemap/{file}",
    "/credentials/{kind}/{factory_id}": "/credentials/{kind}/{identifier}",
}
"""Paths above whose parameter goes by another name there, so that it can stand for another thing."""


RECEIPT_KEY = base64.b64decode(
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP"
    "40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q=="
)
"""The public half of a key as KMS tells it: the point that P-256 begins with. Nobody verifies what it signed."""


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


class Kms:
    """KMS with that one key, in the place of the wire to it. Counts with the table what it is asked."""

    def __init__(self, asked: Counter[str]) -> None:
        self._asked = asked

    def close(self) -> None:
        """There is nothing to close."""

    def call(self, operation: str, payload: dict[str, Any]) -> dict[str, Any]:
        """What KMS would answer; as a signature, two numbers."""
        self._asked[operation] += 1
        told = RECEIPT_KEY if operation == "GetPublicKey" else bytes.fromhex("3006020101020101")
        name = "PublicKey" if operation == "GetPublicKey" else "Signature"
        return {"KeyId": payload["KeyId"], name: base64.b64encode(told).decode()}


def event(method: str, path: str, more: str, names: dict[str, str]) -> dict[str, Any]:
    """What API Gateway hands over."""
    resource = RENAMED.get(path, path)
    held = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
    known = [part.strip("{}") for part in resource.split("/") if part.startswith("{")]
    for name, value in names.items():
        path, more = path.replace(f"{{{name}}}", value), more.replace(f"{{{name}}}", value)
    pairs = [pair.partition("=") for pair in more.split("&")] if method == "GET" and more else []
    headers = {"Accept": ["text/html"], "Content-Type": ["application/json"], "Host": ["factory-id.example"]}
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

    loaded = sorted(sys.modules)
    table = Table(told["items"])
    public_table._wire = table  # type: ignore[assignment]  # two of its methods are all that is asked of a wire
    kms._wire = Kms(table.asked)  # type: ignore[assignment]
    import zlib  # after what was loaded is noted

    counted: dict[str, Any] = {}
    for name, (method, path, more) in ASKED.items():
        os.environ["RECEIPT_KEY"] = "receipts" if path.endswith("/receipt") else ""  # else pages had one button more
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
    paths = {RENAMED.get(path, path) for _, path, _ in ASKED.values()}
    others = sorted(path for path in app.app.routes if path not in paths and path.lower() not in paths)
    print(json.dumps({"asked": counted, "not_asked": others, "modules": loaded}))


if __name__ == "__main__":
    main()
