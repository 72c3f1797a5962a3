"""What API Gateway answers by itself, before or instead of a function: unknown paths, throttling, failures."""

from __future__ import annotations

import functools
import json
from typing import Any

from chalicelib.web.nowhere import SAFE, page
from infra.pages import make_locales

EXTENSION = "x-amazon-apigateway-gateway-responses"
# Asked for a path that it doesn't know, the gateway complains of a missing token.
NOT_FOUND = ("MISSING_AUTHENTICATION_TOKEN", "RESOURCE_NOT_FOUND")
PROBLEMS = (
    ("BAD_REQUEST_BODY", 400, "The request body was not accepted"),
    ("BAD_REQUEST_PARAMETERS", 400, "The request parameters were not accepted"),
    ("REQUEST_TOO_LARGE", 413, "The request is too large"),
    ("UNSUPPORTED_MEDIA_TYPE", 415, "This kind of content is not accepted"),
    ("THROTTLED", 429, "Too many requests"),
    ("DEFAULT_4XX", 400, "The request was not accepted"),
    ("DEFAULT_5XX", 503, "The service is not available now"),
)
RETRY_AFTER = {429: "1", 503: "5"}  # seconds


def responses() -> dict[str, dict[str, Any]]:
    """Every answer by its kind, in the form of the OpenAPI extension ``x-amazon-apigateway-gateway-responses``."""
    # Only CloudFormation knows where the service will live.
    unknown = {"Fn::Sub": not_found_page("${BaseUrl}", "${BaseUrl}")}
    answers = {kind: _response(404, unknown, {"Content-Type": "text/html; charset=utf-8"}) for kind in NOT_FOUND}
    for kind, status, title in PROBLEMS:
        headers = {"Content-Type": "application/problem+json", "Access-Control-Allow-Origin": "*"}
        if status in RETRY_AFTER:
            headers["Retry-After"] = RETRY_AFTER[status]
        problem = {"type": "about:blank", "title": title, "status": status, "detail": title + "."}
        answers[kind] = _response(status, json.dumps(problem), headers)
    return answers


@functools.cache
def not_found_page(base_url: str, base_path: str) -> str:
    """The page for an address that no route has."""
    make_locales()
    return page(base_url, base_path)


def as_resources(template: dict[str, Any]) -> dict[str, Any]:
    """``template`` with the answers as resources of their own, for MiniStack, which ignores the extension.

    They have to come before the deployment, whose answers the gateway gives. Not for AWS: there an update of the
    API's body would take away what the body doesn't name.
    """
    moved: dict[str, Any] = json.loads(json.dumps(template))
    resources = moved["Resources"]
    answers: dict[str, dict[str, Any]] = {}
    if_there = {name: value for name, value in resources["RestAPI"].items() if name == "Condition"}
    for kind, answer in resources["RestAPI"]["Properties"]["Body"].pop(EXTENSION).items():
        answers[kind.title().replace("_", "") + "Answer"] = {
            "Type": "AWS::ApiGateway::GatewayResponse",
            **if_there,
            "Properties": {
                "RestApiId": {"Ref": "RestAPI"},
                "ResponseType": kind,
                "StatusCode": str(answer["statusCode"]),
                "ResponseParameters": answer["responseParameters"],
                "ResponseTemplates": answer["responseTemplates"],
            },
        }
    for resource in resources.values():
        if resource["Type"] == "AWS::ApiGateway::Deployment":
            resource["DependsOn"] = sorted(answers)
    resources.update(answers)
    for name in [name for name, held in resources.items() if held["Type"] == "AWS::WAFv2::WebACLAssociation"]:
        del resources[name]  # of which MiniStack knows nothing
    return moved


def _response(status: int, body: Any, headers: dict[str, str]) -> dict[str, Any]:
    return {
        "statusCode": status,
        "responseParameters": {
            f"gatewayresponse.header.{name}": f"'{value}'" for name, value in {**SAFE, **headers}.items()
        },
        # The gateway uses this template whatever the request accepts; the header says what it really is.
        "responseTemplates": {"application/json": body},
    }
