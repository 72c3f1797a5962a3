"""How many requests a second each surface lets through, and the routes that have a tighter brake of their own.

A usage plan is not among these. It counts by API Gateway's own keys, which callers would have to send beside ours, and
what the public may ask needs no key at all. What a plan would do is done by the firewall: it counts by key and by
network (``infra/firewall.py``).
"""

from __future__ import annotations

from typing import Any

Rate = tuple[int, int]
"""Requests a second, and how many may come at once."""
SURFACES: dict[str, Rate] = {"public": (500, 1000), "internal": (100, 200)}
ROUTES: dict[str, dict[tuple[str, str], Rate]] = {
    "public": {
        # Each signs with a key that is paid by the signature.
        ("POST", "/c/{code}/receipt"): (20, 40),
        ("POST", "/v1/certificates/{code}/receipt"): (20, 40),
        # Each may bring up to 4 MB.
        ("POST", "/receipts"): (20, 40),
        ("POST", "/v1/receipts/check"): (20, 40),
        # Each reads up to a thousand certificates.
        ("POST", "/verify"): (50, 100),
        ("POST", "/v1/verify"): (50, 100),
    },
    "internal": {
        # Each sends mail to whom the caller names.
        ("POST", "/portal/sign-in"): (5, 20),
        ("POST", "/internal/v1/invitations"): (10, 20),
        # Each writes up to a thousand records.
        ("POST", "/internal/v1/audit-syncs"): (5, 20),
        ("POST", "/internal/v1/certificates/batch"): (5, 20),
    },
}


def of_methods(surface: str) -> list[dict[str, Any]]:
    """The MethodSettings of a REST stage."""
    every = {"ResourcePath": "/*", "HttpMethod": "*", **_rate(SURFACES[surface]), "MetricsEnabled": True}
    own = [
        {"ResourcePath": "/" + path.replace("/", "~1"), "HttpMethod": method, **_rate(rate), "MetricsEnabled": True}
        for (method, path), rate in ROUTES[surface].items()
    ]
    return [every, *own]


def of_http(surface: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Routes of an HTTP API for those with a brake of their own, as resources; and the RouteSettings of its stage."""
    routes, settings = {}, {}
    for number, ((method, path), rate) in enumerate(ROUTES[surface].items(), 1):
        key = f"{method} {path}"
        routes[f"HttpRoute{number}"] = {
            "Type": "AWS::ApiGatewayV2::Route",
            "Condition": "ByHttp",
            "Properties": {
                "ApiId": {"Ref": "HttpAPI"},
                "RouteKey": key,
                "Target": {"Fn::Sub": "integrations/${HttpIntegration}"},
            },
        }
        settings[key] = _rate(rate)
    return routes, settings


def of_all(surface: str) -> dict[str, Any]:
    """The DefaultRouteSettings of an HTTP API's stage."""
    return {**_rate(SURFACES[surface]), "DetailedMetricsEnabled": True}


def _rate(rate: Rate) -> dict[str, int]:
    return {"ThrottlingRateLimit": rate[0], "ThrottlingBurstLimit": rate[1]}
