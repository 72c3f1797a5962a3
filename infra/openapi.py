"""Describes the API: ``python -m infra.openapi`` writes ``openapi.json`` from the code, ``--check`` compares it.

The routes are those that the app serves, so none can be missing; who may call is what ``access.ENDPOINTS`` says; texts
are the handlers' docstrings. Shapes and examples are in ``infra/api``. A route for machines without a row in
``infra/api/table.py`` is an error, and so is a row without a route.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.internal.access import ANYONE, ENDPOINTS, PERSON, SCOPES, SIGNED_IN
from infra.api import (
    brand_shapes,
    climate_shapes,
    examples,
    factory_fields,
    internal_shapes,
    learning_shapes,
    lifecycle_shapes,
    log_shapes,
    moderation_shapes,
    parameters,
    problems,
    public_shapes,
    scan_shapes,
    standard_shapes,
    table,
)
from infra.api.row import FACTORY_PORTAL, LOG, LOOK_UP, PAGES, PORTAL, TAGS, Row
from infra.api.shapes import ref

FILE = Path(__file__).resolve().parent.parent / "openapi.json"
_PLAIN = ("HEAD", "OPTIONS")
_ABOUT = """\
Who made a product, and does a factory's certificate hold today? Factories, certificates and products are looked up by
anyone, without a key and without being tracked. ICS, its members, certifiers and factories change the record with a key
or a session. In production both surfaces may have addresses of their own: ask the operator for that of `/internal`.

Paths under `/f`, `/c` and `/p` may be written in capitals, as QR codes do. HEAD and OPTIONS are answered wherever
`x-methods` names them."""


@dataclass(frozen=True, slots=True)
class Served:
    """A route as the app serves it. ``scope`` is ``None`` where the route does not say who may call."""

    method: str
    path: str
    about: str
    scope: str | None
    html: bool


def document() -> dict[str, Any]:
    """The whole description. ``LookupError`` if routes and rows do not match."""
    routes = list(served())
    _complete(routes)
    paths: dict[str, Any] = {}
    for route in sorted(routes, key=lambda each: (each.path, each.method)):
        item = paths.setdefault(route.path, {"x-methods": []})
        item["x-methods"].append(route.method)
        if route.method not in _PLAIN:
            item[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Factory ID",
            "version": "1",
            "summary": "Who made a product, and does a certificate hold today?",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "Where this service lives"}],
        "tags": [{"name": name, "x-displayName": title, "description": about} for name, (title, about) in TAGS.items()],
        "security": [],
        "paths": paths,
        "components": _components(),
    }


def served() -> Iterator[Served]:
    """All routes of the app, both surfaces."""
    os.environ["SURFACE"] = "all"
    from app import app
    from chalicelib.internal.portal import door
    from chalicelib.public.edge import PAGES

    scopes = {(each.method, each.path): each.scope for each in ENDPOINTS}
    scopes.update({(each.method, each.path): each.who for each in door.PAGES})
    handlers = {(each.method, each.path): each.handler for each in ENDPOINTS}
    handlers.update({(each.method, each.path): each.handler for each in door.PAGES})
    for path, methods in app.routes.items():
        html = path in PAGES or any(each.path == path for each in door.PAGES)
        for method, entry in methods.items():
            place = ("GET" if method == "HEAD" else method, path)
            handler = handlers.get(place, entry.view_function)
            yield Served(method, path, _paragraph(handler.__doc__), scopes.get(place), html)


def _complete(routes: list[Served]) -> None:
    machine = {(each.method, each.path) for each in routes if not each.html and each.method not in _PLAIN}
    if machine != set(table.ROWS):
        missing, idle = machine - set(table.ROWS), set(table.ROWS) - machine
        raise LookupError(f"infra/api/table.py: rows missing for {sorted(missing)}, no route for {sorted(idle)}")
    untold = [f"{each.method} {each.path}" for each in routes if not each.about]
    if untold:
        raise LookupError(f"handlers without a docstring: {untold}")


def _operation(route: Served) -> dict[str, Any]:
    return _page(route) if route.html else _machine(route, table.ROWS[(route.method, route.path)])


def _page_tag(path: str) -> str:
    if not path.startswith("/portal"):
        return PAGES
    return FACTORY_PORTAL if path.startswith("/portal/factories/") else PORTAL


def _page(route: Served) -> dict[str, Any]:
    portal = route.path.startswith("/portal")
    extra = () if portal else ("lang", *table.PAGE_PARAMETERS.get(route.path, ()))
    html: dict[str, Any] = {"text/html": {"schema": {"type": "string"}}}
    onward = {"description": "Go on there.", "headers": {"Location": {"$ref": "#/components/headers/Location"}}}
    replies: dict[str, Any] = {"200": {"description": "A page.", "content": html}}
    if "linkType" in extra:
        html["application/linkset+json"] = {"schema": ref("Linkset")}
        replies["307"] = onward
    if portal or route.path == "/find":
        replies["303"] = onward
    operation = {
        **_head(route, _page_tag(route.path)),
        "parameters": _parameters(route, extra),
        "responses": {**replies, "default": {"$ref": "#/components/responses/ErrorPage"}},
    }
    if route.scope is not None:
        operation["security"] = [] if route.scope == ANYONE else [{"session": []}]
        operation["x-scope"] = route.scope
    if route.method == "POST":
        form = {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}
        operation["requestBody"] = {"required": True, "content": form}
    return operation


def _machine(route: Served, row: Row) -> dict[str, Any]:
    operation: dict[str, Any] = _head(route, row.tag)
    extra = row.parameters
    if route.scope is not None:
        operation.update(_access(route.scope))
        if {"session": []} in operation["security"] and route.method != "GET":
            extra = (*extra, "X-CSRF-Token")
    operation["parameters"] = _parameters(route, extra)
    if row.request:
        schemas = [ref(name) for name in row.request]
        schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        needed = not row.may_be_empty
        operation["requestBody"] = {"required": needed, "content": {row.takes: {"schema": schema}}}
    operation["responses"] = {str(status): _reply(row, status) for status in sorted(row.replies)}
    for status in sorted({*_usual(route, row), *row.problems}):
        operation["responses"][str(status)] = problems.reference(status, route.path)
    return operation


def _head(route: Served, tag: str) -> dict[str, Any]:
    words = re.sub(r"[^a-z0-9]+", "_", route.path.lower()).strip("_") or "home"
    capitals = "_in_capitals" if route.path.startswith(("/F/", "/C/", "/P/", "/S/", "/QR/")) else ""
    sentence, _, rest = route.about.partition(". ")
    head = {"operationId": f"{route.method.lower()}_{words}{capitals}", "tags": [tag], "summary": sentence.rstrip(".")}
    return {**head, "description": route.about} if rest else head


def _access(scope: str) -> dict[str, Any]:
    """Who may call: a key with the scope, or a session where people's sessions have it."""
    if scope == ANYONE:
        return {"security": [], "x-scope": "anyone", "x-who": []}
    if scope == PERSON:
        return {"security": [{"session": []}], "x-scope": scope, "x-who": []}
    who = [kind for kind, scopes in SCOPES.items() if scope in (SIGNED_IN, *scopes)]
    security: list[dict[str, list[str]]] = [{"key": [] if scope == SIGNED_IN else [scope]}]
    if scope == SIGNED_IN or scope in SCOPES["factory"]:
        security.append({"session": []})
    return {"security": security, "x-scope": scope, "x-who": who}


def _usual(route: Served, row: Row) -> set[int]:
    """The problems that any such route may answer."""
    found = {400, 429, 500}
    if route.scope is not None or row.tag in (LOOK_UP, LOG):
        found.add(503)
    if route.scope not in (None, ANYONE):
        found |= {401, 403}
    if row.request:
        found.add(413)
    return found


def _reply(row: Row, status: int) -> dict[str, Any]:
    name = row.replies[status]
    reply: dict[str, Any] = {"description": {200: "As asked.", 201: "Created.", 204: "Done."}[status]}
    if status in row.headers:
        reply["headers"] = {each: {"$ref": f"#/components/headers/{each}"} for each in row.headers[status]}
    if name is not None:
        schema = ref(name) if row.gives.endswith("json") else {"type": "string"}
        reply["content"] = {row.gives: {"schema": schema}}
    return reply


def _parameters(route: Served, names: tuple[str, ...]) -> list[dict[str, Any]]:
    in_path = [parameters.in_path(name, route.path) for name in re.findall(r"{(\w+)}", route.path)]
    return [*in_path, *({"$ref": f"#/components/parameters/{name}"} for name in names)]


def _components() -> dict[str, Any]:
    key = "An API key, sent as Authorization: Bearer fid_…. Each operation names the scope it needs in x-scope."
    session = "A person's session, opened by a link from an e-mail. Changes need X-CSRF-Token, too."
    of_public = (public_shapes, brand_shapes, factory_fields, standard_shapes, learning_shapes, climate_shapes)
    modules = (*of_public, internal_shapes, lifecycle_shapes, log_shapes, moderation_shapes, scan_shapes)
    schemas = {name: shape for module in modules for name, shape in module.schemas().items()}
    for name, example in {**examples.EXAMPLES, **log_shapes.EXAMPLES}.items():
        schemas[name]["examples"] = [example]
    return {
        "schemas": schemas,
        "parameters": parameters.components(),
        "headers": parameters.HEADERS,
        "responses": problems.responses(),
        "securitySchemes": {
            "key": {"type": "http", "scheme": "bearer", "description": key},
            "session": {"type": "apiKey", "in": "cookie", "name": "__Host-session", "description": session},
        },
    }


def _paragraph(doc: str | None) -> str:
    text = " ".join((doc or "").split())
    return text.replace("``", "`")


def rendered() -> str:
    """The file as it is committed."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """The command line: the exit status is 1 if ``--check`` finds a difference."""
    parser = argparse.ArgumentParser(description="Write openapi.json, or check that it is up to date.")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    text = rendered()
    if parser.parse_args().check:
        if not FILE.is_file() or FILE.read_text(encoding="utf-8") != text:
            print("openapi.json differs from the code: run python -m infra.openapi", file=sys.stderr)
            return 1
        return 0
    FILE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
