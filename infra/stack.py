"""CloudFormation stacks: create or update one, wait, hand back its outputs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from botocore.exceptions import ClientError, WaiterError

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
HIDDEN = "****"
"""What CloudFormation says in place of a secret."""


class DeployError(RuntimeError):
    """A stack did not reach a complete state, or was not begun; the message says what failed, or what to do."""


def deploy(
    client: Any, name: str, template: Mapping[str, str], parameters: Mapping[str, str], keep: Collection[str] = ()
) -> dict[str, str]:
    """Bring stack ``name`` to ``template`` and return its outputs; an unchanged stack is left alone.

    ``client``: a boto3 CloudFormation client. ``template``: its TemplateBody, or its TemplateURL. ``keep``: parameters
    that stay as the stack has them, unless ``parameters`` has them; one that it has not yet takes its default. Raises
    DeployError.
    """
    held = parameters_of(client, name)
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in sorted(parameters.items())]
    kept = sorted((set(keep) & set(held or ())) - set(parameters))
    request = {
        "StackName": name,
        **template,
        "Parameters": [*given, *({"ParameterKey": key, "UsePreviousValue": True} for key in kept)],
        "Capabilities": CAPABILITIES,
    }
    if held is None:
        client.create_stack(**request)
        _wait(client, name, "stack_create_complete")
    elif _update(client, request):
        _wait(client, name, "stack_update_complete")
    return outputs(client, name) or {}


def outputs(client: Any, name: str) -> dict[str, str] | None:
    """The outputs of stack ``name``, None if there is no such stack."""
    described = _described(client, name)
    if described is None:
        return None
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}


def parameters_of(client: Any, name: str) -> dict[str, str] | None:
    """The parameters of stack ``name``, None if there is no such stack. A secret is ``HIDDEN``."""
    described = _described(client, name)
    if described is None:
        return None
    return {each["ParameterKey"]: each["ParameterValue"] for each in described.get("Parameters", [])}


def functions(client: Any, name: str) -> dict[str, str]:
    """The Lambda functions of stack ``name``: the name of each in the template to its own."""
    pages = client.get_paginator("list_stack_resources").paginate(StackName=name)
    return {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for page in pages
        for each in page["StackResourceSummaries"]
        if each["ResourceType"] == "AWS::Lambda::Function"
    }


def _described(client: Any, name: str) -> dict[str, Any] | None:
    try:
        described: dict[str, Any] = client.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in error.response["Error"]["Message"]:
            return None
        raise
    return described


def _update(client: Any, request: dict[str, Any]) -> bool:
    """Start an update; False if there is nothing to update."""
    try:
        client.update_stack(**request)
    except ClientError as error:
        if "No updates are to be performed" in error.response["Error"]["Message"]:
            return False
        raise
    return True


def _wait(client: Any, name: str, waiter: str) -> None:
    local = client.meta.endpoint_url.startswith("http://127.0.0.1")
    delay, attempts = (1, 120) if local else (10, 120)
    try:
        client.get_waiter(waiter).wait(StackName=name, WaiterConfig={"Delay": delay, "MaxAttempts": attempts})
    except WaiterError as error:
        events = client.describe_stack_events(StackName=name)["StackEvents"]
        failed = [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
            for event in events
            if event["ResourceStatus"].endswith("_FAILED")
        ]
        raise DeployError(f"{name}: " + "; ".join(failed or [str(error)])) from error
