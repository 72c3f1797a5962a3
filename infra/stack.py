"""CloudFormation stacks: create or update one, wait, hand back its outputs.

Whatever a deploy finds, it can be begun again: what is under way is waited for, and what a failed creation left is
taken away, for it holds nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

from botocore.exceptions import ClientError

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
HIDDEN = "****"
"""What CloudFormation says in place of a secret."""
NEVER_MADE = "ROLLBACK_COMPLETE"
"""A creation failed, and all of it was taken back. Such a stack can be deleted, and nothing else."""
_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
_AS_BEFORE = ("UPDATE_ROLLBACK_COMPLETE", "IMPORT_ROLLBACK_COMPLETE")
_BEGUN = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")
_PROPOSED = "REVIEW_IN_PROGRESS"
"""Somebody made a change set and did not execute it: nothing is under way."""
_BACK = {"UPDATE_FAILED": "rollback-stack", "UPDATE_ROLLBACK_FAILED": "continue-update-rollback"}
"""How a stack that stopped between two states gets to the former."""
pause = time.sleep


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
    make_way(client, name)
    held = parameters_of(client, name)
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in sorted(parameters.items())]
    kept = sorted((set(keep) & set(held or ())) - set(parameters))
    request = {
        "StackName": name,
        **template,
        "Parameters": [*given, *({"ParameterKey": key, "UsePreviousValue": True} for key in kept)],
        "Capabilities": CAPABILITIES,
        # What a failed attempt made goes with it, else it is in the way of the next: a table, a version of a function.
        "RetainExceptOnCreate": True,
    }
    if _begun(client.create_stack if held is None else client.update_stack, request):
        status = settled(client, name)
        if status not in _DONE:
            raise DeployError(f"{name}: {'; '.join(_failures(client, name)) or status}. {_and_now(name, status)}")
    return outputs(client, name) or {}


def make_way(client: Any, name: str) -> None:
    """Wait until stack ``name`` can be deployed, and take away what a failed creation left. Raises DeployError."""
    status = settled(client, name)
    if status == NEVER_MADE:
        print(f"{name}: its creation had failed, and it holds nothing: it is made anew.", file=sys.stderr)
        client.delete_stack(StackName=name)
        status = _watched(client, name, lambda now: now in ("", "DELETE_FAILED"))
    if status and status not in (*_DONE, *_AS_BEFORE):
        why = "; ".join(_failures(client, name))
        raise DeployError(f"{name} is {status}{f' ({why})' if why else ''}. {_and_now(name, status)}")


def settled(client: Any, name: str) -> str:
    """The status of stack ``name``, once nothing is under way; empty if there is none. Raises DeployError."""
    return _watched(client, name, lambda now: not now.endswith("_IN_PROGRESS") or now == _PROPOSED)


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
    """What CloudFormation says of a stack; of one that was never made, nothing."""
    described = _found(client, name)
    return None if described is None or described["StackStatus"] == NEVER_MADE else described


def _found(client: Any, name: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = client.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in error.response["Error"]["Message"]:
            return None
        raise
    return found


def _begun(begin: Callable[..., Any], request: dict[str, Any]) -> bool:
    """Start what is asked; False if there is nothing to update."""
    try:
        begin(**request)
    except ClientError as error:
        told = error.response["Error"]
        if "No updates are to be performed" in told["Message"]:
            return False
        if told["Code"] == "ValidationError":
            raise DeployError(f"{request['StackName']}: {told['Message']}") from error
        raise
    return True


def _watched(client: Any, name: str, enough: Callable[[str], bool]) -> str:
    """The status of a stack, empty for none, as soon as it is ``enough``; until then each one is told."""
    local = client.meta.endpoint_url.startswith("http://127.0.0.1")
    delay, attempts, told = (0.2, 600, "") if local else (10.0, 360, "")
    for _ in range(attempts):
        status = (_found(client, name) or {"StackStatus": ""})["StackStatus"]
        if enough(status):
            return str(status)
        if status != told and not local:
            print(f"{name}: {status} …", file=sys.stderr)
        told = status
        pause(delay)
    raise DeployError(f"{name} is still {told}. Run the same command again: it waits on.")


def _failures(client: Any, name: str) -> list[str]:
    """What failed since the stack was last created or updated, the first of them first."""
    failed: list[str] = []
    for page in client.get_paginator("describe_stack_events").paginate(StackName=name):
        for event in page["StackEvents"]:
            status, why = event["ResourceStatus"], event.get("ResourceStatusReason", "")
            if event["LogicalResourceId"] == name:
                if status in _BEGUN:
                    return failed[::-1]
            elif status.endswith("_FAILED") and "cancelled" not in why:
                failed.append(f"{event['LogicalResourceId']}: {why.rstrip('.')}")
    return failed[::-1]


def _and_now(name: str, status: str) -> str:
    """What to do about a stack that is not as it was to be."""
    again, away = "and run the same command again.", f"`aws cloudformation delete-stack --stack-name {name}`,"
    if status in (NEVER_MADE, *_AS_BEFORE):
        return f"Mend that {again}"
    if status in _BACK:
        return f"Mend that, `aws cloudformation {_BACK[status]} --stack-name {name}`, {again}"
    if status == _PROPOSED:
        return f"It is a change set that nobody executed: {away} {again}"
    return (
        "Delete by hand what that names, if it is empty (of a table first: `aws dynamodb update-table"
        f" --no-deletion-protection-enabled --table-name …`), then {away} {again}"
    )
