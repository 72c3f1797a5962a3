"""A caller that holds each answer of the app against ``openapi.json``, and remembers what it has seen."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass, field
from typing import Any

from chalice.test import Client
from jsonschema import Draft202012Validator

Document = dict[str, Any]


def validator(document: Document, schema: Document) -> Draft202012Validator:
    """Checks values against a schema of the document, formats too."""
    whole = {**schema, "components": document["components"]}
    return Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)


def closed(document: Document) -> Document:
    """The document with nothing left open: a member of an answer that is not described is an error."""
    strict = copy.deepcopy(document)
    _close(strict["components"]["schemas"])
    return strict


def _close(node: Any) -> None:
    if isinstance(node, dict):
        if node.get("type") in ("object", ["object", "null"]) and "properties" in node:
            node.setdefault("additionalProperties", False)
        for value in node.values():
            _close(value)
    elif isinstance(node, list):
        for value in node:
            _close(value)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. ``json`` is ``None`` unless the body is JSON."""

    status: int
    headers: dict[str, str]
    json: Any


@dataclass
class Recorder:
    """Calls the app. Raises ``AssertionError`` for an answer that the document does not describe."""

    client: Client
    document: Document
    seen: set[tuple[str, str, int]] = field(default_factory=set)

    def __call__(
        self, method: str, path: str, key: str = "", body: Any = None, raw: bytes | None = None, **headers: str
    ) -> Answer:
        """Send one request; header names are written with ``_`` for ``-``."""
        sent = {"Content-Type": "application/json", **{n.replace("_", "-"): v for n, v in headers.items()}}
        if key:
            sent["Authorization"] = f"Bearer {key}"
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        answer = self.client.http.request(method, path, headers=sent, body=content)
        media = answer.headers["Content-Type"].partition(";")[0]
        parsed = json.loads(answer.body) if media.endswith("json") else None
        self._hold(method, path, answer.status_code, media, parsed, bool(answer.body))
        return Answer(answer.status_code, dict(answer.headers), parsed)

    def _hold(self, method: str, path: str, status: int, media: str, body: Any, any_body: bool) -> None:
        template = self._template(path.partition("?")[0], method)
        self.seen.add((method, template, status))
        replies = self.document["paths"][template][method.lower()]["responses"]
        assert str(status) in replies, f"{method} {template} answers {status}, which is not described: {body}"
        reply = replies[str(status)]
        if "$ref" in reply:
            reply = self.document["components"]["responses"][reply["$ref"].rpartition("/")[2]]
        if not any_body:
            assert "content" not in reply
            return
        assert media in reply["content"], f"{method} {template} {status} answers as {media}"
        if body is not None:
            validator(self.document, reply["content"][media]["schema"]).validate(body)

    def _template(self, path: str, method: str) -> str:
        fitting = [
            each
            for each, item in self.document["paths"].items()
            if method.lower() in item and re.fullmatch(re.sub(r"{\w+}", "[^/]+", each), path)
        ]
        return min(fitting, key=lambda each: each.count("{"))
