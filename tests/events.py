"""Events of a REST API (format 1.0) and of a function URL (2.0), for tests that call a function without a gateway."""

from __future__ import annotations

from typing import Any


def get(resource: str, *, path: dict[str, str] | None = None, query: dict[str, str] | None = None) -> dict[str, Any]:
    """A GET of ``resource``, as the route says it (``/f/{factory_id}``), with its path and query parameters."""
    full = resource
    for name, value in (path or {}).items():
        full = full.replace("{" + name + "}", value)
    headers = {"Host": "factory-id.example", "Accept": "text/html", "X-Forwarded-Proto": "https"}
    return {
        "resource": resource,
        "path": full,
        "httpMethod": "GET",
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} if query else None,
        "pathParameters": path,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": "GET",
            "path": "/api" + full,
            "stage": "api",
            "requestId": "00000000-0000-0000-0000-000000000000",
            "identity": {"sourceIp": "192.0.2.1"},
        },
        "body": None,
        "isBase64Encoded": False,
    }


def get_by_url(path: str, **headers: str) -> dict[str, Any]:
    """A GET of ``path`` as a function URL sends it. ``_`` in a header's name is ``-``."""
    named = {name.lower().replace("_", "-"): value for name, value in headers.items()}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "factory-id.example", "accept": "text/html", "x-forwarded-proto": "https", **named},
        "requestContext": {
            "http": {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
            "requestId": "00000000-0000-0000-0000-000000000000",
            "routeKey": "$default",
            "stage": "$default",
        },
        "isBase64Encoded": False,
    }
