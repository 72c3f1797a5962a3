"""From what ``chalice package`` writes to plain CloudFormation that says exactly what will exist."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from samtranslator.translator.transform import transform

from infra import alarms, firewall, gateway, roles, throttles

ALIAS = "live"
FUNCTION = "AWS::Serverless::Function"
# What calls a function, or lets it be called, and the property that says which.
_REFERS = {"AWS::Lambda::Permission": "FunctionName", "AWS::Logs::SubscriptionFilter": "DestinationArn"}
ENTRANCE = "start.py"
HANDLER = "start.app"
SNAPSTART_SINCE = (3, 12)
# What the service itself writes of a call, as JSON; our own lines are (chalicelib/journal.py), and stay as they are.
# They say no level, and count as INFO: a level above it would send none of them, and the alarms would wait for nothing.
LOGGING = {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}

# It complains at exit of metrics that nobody asked for.
logging.getLogger("samtranslator").setLevel(logging.ERROR)


def finish(packaged: dict[str, Any], surface: str, runtime: str, code_sha256: str, region: str) -> dict[str, Any]:
    """The CloudFormation template of ``surface``.

    ``packaged``: the merged SAM template. ``runtime``: for instance ``python3.13``; it must be the Python that
    compiled the bytecode in the zip. ``code_sha256``: the zip's, in hex; a new one publishes a new version.
    ``region``: only for the translator, nothing of it stays.
    """
    resources = packaged["Resources"]
    resources["APIHandler"]["Properties"] |= {"Handler": HANDLER}
    for resource in resources.values():
        if resource["Type"] == FUNCTION:
            resource["Properties"] |= {"Runtime": runtime, "LoggingConfig": LOGGING}
    _call_published_versions(resources, code_sha256, snapshots=_minor(runtime) >= SNAPSTART_SINCE)
    body = resources["RestAPI"]["Properties"]["DefinitionBody"]
    body[gateway.EXTENSION] = gateway.responses()
    body["info"]["title"] = {"Ref": "AWS::StackName"}  # the metrics of an API go by its name
    _brake(resources, surface)
    _guard(resources, surface)
    resources |= roles.resources(surface, resources["ApiHandlerRole"])
    for resource in resources.values():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"]["Policies"]:
                document = policy["PolicyDocument"]
                document["Statement"] = _with_parameters(roles.with_former(document["Statement"]))
    resources |= alarms.resources(surface)
    with _region(region):
        template: dict[str, Any] = transform(packaged, {}, SimpleNamespace(load=dict))
    return template


def _call_published_versions(resources: dict[str, Any], code_sha256: str, *, snapshots: bool) -> None:
    """Let every function be called by the alias ``live`` of a published version, and the API's start from a snapshot.

    That is what ``infra.rollback`` moves. The translator sees to schedules, rules and streams; Chalice's API and
    permission, and the lines of a log, name the function itself.
    """
    functions = [name for name, each in resources.items() if each["Type"] == FUNCTION]
    for name in functions:
        # The translator would look at the code's address, which is a parameter and always reads the same.
        resources[name]["Properties"] |= {"AutoPublishAlias": ALIAS, "AutoPublishCodeSha256": code_sha256}
    if snapshots:
        resources["APIHandler"]["Properties"]["SnapStart"] = {"ApplyOn": "PublishedVersions"}
    for resource in resources.values():
        held = resource.get("Properties", {})
        named = _REFERS.get(resource["Type"])
        if named and (function := _meant(held[named], functions)):
            held[named] = {"Ref": f"{function}Alias{ALIAS}"}
    for methods in resources["RestAPI"]["Properties"]["DefinitionBody"]["paths"].values():
        for method in methods.values():
            uri = method["x-amazon-apigateway-integration"].get("uri")
            if uri:  # none where the gateway answers by itself, as to OPTIONS
                uri["Fn::Sub"] = uri["Fn::Sub"].replace("${APIHandler.Arn}", f"${{APIHandlerAlias{ALIAS}}}")


def _meant(reference: Any, functions: list[str]) -> str | None:
    """The function of the template that ``Ref`` or ``Fn::GetAtt`` names, if it is one."""
    if not isinstance(reference, dict):
        return None
    named = reference.get("Ref") or (reference.get("Fn::GetAtt") or [None])[0]
    return named if named in functions else None


def _brake(resources: dict[str, Any], surface: str) -> None:
    """How many requests a second are let through, on either kind of gateway."""
    resources["RestAPI"]["Properties"]["MethodSettings"] = throttles.of_methods(surface)
    if "HttpStage" in resources:
        routes, settings = throttles.of_http(surface)
        resources |= routes
        stage = resources["HttpStage"]
        stage["DependsOn"] = ["HttpEverything", *routes]
        stage["Properties"] |= {"DefaultRouteSettings": throttles.of_all(surface), "RouteSettings": settings}


def _guard(resources: dict[str, Any], surface: str) -> None:
    """The firewall before the REST stage; an HTTP API and a URL can have one only on a distribution before them."""
    name = {"Fn::Sub": "${AWS::StackName}-firewall"}
    scope: firewall.Scope = "public" if surface == "public" else "internal"
    stage = "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${RestAPI}/stages/${RestAPIapiStage}"
    resources["WebACL"] = {
        "Type": "AWS::WAFv2::WebACL",
        "Condition": "HasFirewall",
        "Properties": firewall.web_acl(scope, "REGIONAL", name),
    }
    resources["WebACLOfStage"] = {
        "Type": "AWS::WAFv2::WebACLAssociation",
        "Condition": "HasFirewall",
        "Properties": {"ResourceArn": {"Fn::Sub": stage}, "WebACLArn": {"Fn::GetAtt": ["WebACL", "Arn"]}},
    }


def _minor(runtime: str) -> tuple[int, ...]:
    return tuple(int(part) for part in runtime.removeprefix("python").split("."))


def _with_parameters(node: Any) -> Any:
    """``node`` with every string that names a parameter, ``${PublicTable}``, made one that CloudFormation fills in."""
    if isinstance(node, dict):
        return {key: _with_parameters(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_with_parameters(value) for value in node]
    return {"Fn::Sub": node} if isinstance(node, str) and "${" in node else node


@contextmanager
def _region(region: str) -> Iterator[None]:
    """The translator insists on a region in the environment."""
    before = os.environ.get("AWS_DEFAULT_REGION")
    os.environ["AWS_DEFAULT_REGION"] = region
    try:
        yield
    finally:
        if before is None:
            del os.environ["AWS_DEFAULT_REGION"]
        else:
            os.environ["AWS_DEFAULT_REGION"] = before
