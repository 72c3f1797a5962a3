"""The API described: for machines as it is in ``openapi.json``, for people as pages made from the same document."""

from __future__ import annotations

import json
import shlex
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from chalice.app import Blueprint, Response

from chalicelib.domain.certificate import Status
from chalicelib.domain.errors import NotFound
from chalicelib.public import edge
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

FILE = Path(__file__).resolve().parents[2] / "openapi.json"
"""Beside ``app.py``, in the repository as in the packaged function."""
_METHODS = ("get", "post", "put", "patch", "delete")


@edge.document(routes, "/openapi.json")
def openapi(_ask: Ask) -> Response:
    """This description, as OpenAPI 3.1."""
    return responses.json_response(description(), cache=responses.LASTING)


@edge.page(routes, "/docs")
def docs(ask: Ask) -> Response:
    """The API described for people: how it is used, and what there is."""
    first = description()["paths"]["/v1/certificates/{code}"]["get"]
    problem = _example({"$ref": "#/components/schemas/Problem"})
    return edge.render(
        ask,
        "docs.html",
        path="/docs",
        cache=responses.REVALIDATE,
        topics=topics(),
        first=_shown("/v1/certificates/{code}", "get", first)["curl"],
        statuses=", ".join(Status),
        problem=json.dumps(problem, ensure_ascii=False, indent=1),
    )


@edge.page(routes, "/docs/{topic}")
def docs_topic(ask: Ask, topic: str) -> Response:
    """One part of the API, each endpoint with parameters, examples and answers."""
    found = next((each for each in topics() if each["name"] == topic.lower()), None)
    if found is None:
        raise NotFound("There is no such page of the documentation.")
    return edge.render(ask, "docs_topic.html", path=f"/docs/{found['name']}", cache=responses.REVALIDATE, topic=found)


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """The document, with this service's own address."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return {**found, "servers": [{"url": edge.SETTINGS.base_url}]}


@lru_cache(maxsize=1)
def topics() -> list[dict[str, Any]]:
    """The document by tags, each with its operations in the order of paths, as the pages show them."""
    operations = [
        _shown(path, method, item[method])
        for path, item in description()["paths"].items()
        if not path.startswith(("/F/", "/C/", "/P/", "/S/"))
        for method in _METHODS
        if method in item
    ]
    found = [
        {
            "name": tag["name"],
            "title": tag["x-displayName"],
            "description": tag["description"],
            "operations": [each for each in operations if each["topic"] == tag["name"]],
        }
        for tag in description()["tags"]
    ]
    return [tag for tag in found if tag["operations"]]


def _shown(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    parameters = [_resolved(each) for each in operation["parameters"]]
    takes = next(iter(operation.get("requestBody", {"content": {}})["content"].items()), None)
    sent = _example(takes[1]["schema"]) if takes else None
    statuses = {status: _resolved(each) for status, each in operation["responses"].items()}
    return {
        "id": operation["operationId"],
        "topic": operation["tags"][0],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "description": operation.get("description"),
        "scope": operation.get("x-scope"),
        "who": operation.get("x-who", []),
        "session": {"session": []} in operation.get("security", []),
        "parameters": [
            {
                "name": each["name"],
                "place": each["in"],
                "needed": each.get("required"),
                "about": each.get("description"),
            }
            for each in parameters
        ],
        "takes": takes[0] if takes else None,
        "curl": _curl(path, method, parameters, (takes[0], sent) if takes else None, operation),
        "answer": _answer(statuses),
        "statuses": {status: each["description"] for status, each in statuses.items()},
    }


def _answer(statuses: dict[str, Any]) -> str | None:
    """The example of the first answer that has one."""
    for status, reply in statuses.items():
        media = reply.get("content", {}).get("application/json")
        found = _example(media["schema"]) if media and status.startswith("2") else None
        if found is not None:
            return json.dumps(found, ensure_ascii=False, indent=1)
    return None


def _example(schema: dict[str, Any]) -> Any:
    several = schema.get("anyOf")
    found = _resolved(several[0] if several else schema)
    return found.get("examples", [None])[0]


def _resolved(part: dict[str, Any]) -> dict[str, Any]:
    reference = part.get("$ref")
    if reference is None:
        return part
    found: Any = description()
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return dict(found)


def _curl(
    path: str,
    method: str,
    parameters: list[dict[str, Any]],
    sent: tuple[str, Any] | None,
    operation: dict[str, Any],
) -> str:
    """Lines for a terminal, with the examples of the parameters that are needed."""
    options, query = [], []
    if operation.get("security"):
        options.append("-H " + shlex.quote("Authorization: Bearer fid_…"))
    for parameter in parameters:
        example = str(parameter.get("example", ""))
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", quote(example))
        elif example and parameter["in"] == "header":
            options.append("-H " + shlex.quote(f"{parameter['name']}: {example}"))
        elif example and parameter.get("required"):
            query.append(f"{parameter['name']}={quote(example)}")
    if sent is not None and sent[1] is not None:
        options.append("-H " + shlex.quote(f"Content-Type: {sent[0]}"))
        options.append("-d " + shlex.quote(json.dumps(sent[1], ensure_ascii=False, indent=1)))
    address = shlex.quote(edge.SETTINGS.base_url + path + ("?" + "&".join(query) if query else ""))
    verb = "" if method == "get" else f"-X {method.upper()} "
    return " \\\n  ".join([f"curl {verb}{address}", *options])
