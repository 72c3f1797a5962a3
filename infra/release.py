"""Names what the functions of a stack consist of, so that CloudFormation publishes versions of them when that changes.

The translator sees the code's digest, but not the values of parameters: without this a new BaseUrl would reach a
function and not the version that is called. All functions of a stack are of one release and get a version of each, so
that they go back together (``infra.rollback``). A version that differs in nothing is refused by Lambda: hence a
function is told its release, too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

VERSION = "AWS::Lambda::Version"
PREFIX = "release "
COMMIT = "of "
ALIAS = "live"
"""What a function is called by: it names the version that answers."""
_AT_ONCE = "ReservedConcurrentExecutions"


def name_versions(template: dict[str, Any], parameters: Mapping[str, str], commit: str) -> str:
    """Write into ``template`` the name of the release, and the commit it is of; say the name.

    The name follows from the functions, their parameters and the commit. ``parameters``: with those that a stack keeps.
    """
    resources = template["Resources"]
    versions = [each for each in resources.values() if each["Type"] == VERSION]
    functions = {each["Properties"]["FunctionName"]["Ref"] for each in versions}
    # How many run at once is the function's, not a version's.
    held = {
        name: {key: value for key, value in resources[name]["Properties"].items() if key != _AT_ONCE}
        for name in functions
    }
    # Where the code lies says nothing about it; its key does.
    used = {name: parameters.get(name, "") for name in _references(held) if name != "CodeBucket"}
    name = hashlib.sha256(json.dumps([held, used, commit], sort_keys=True).encode()).hexdigest()[:16]
    told = f"{PREFIX}{name} {COMMIT}{commit}"
    for each in versions:
        # Else an update that changes a parameter only would delete the version before, and there were no way back.
        each["UpdateReplacePolicy"] = "Retain"
        each["Properties"]["Description"] = told
    for function in functions:
        properties = resources[function]["Properties"]
        properties["Description"] = f"{properties.get('Description', '')} {told}".strip()
    return name


def told_by(version: Mapping[str, Any]) -> tuple[str, str]:
    """The release and the commit that a version of a function tells of; empty, what it does not."""
    words = str(version.get("Description", "")).partition(PREFIX)[2].partition(f" {COMMIT}")
    return words[0], words[2]


def secrets(template: dict[str, Any], functions: Mapping[str, str], client: Any) -> dict[str, str]:
    """The parameters that CloudFormation does not tell, as the functions of a stack have them in their environment.

    ``functions``: as ``stack.functions`` says them. ``client``: of Lambda.
    """
    hidden = {name for name, each in template["Parameters"].items() if each.get("NoEcho")}
    found = {}
    for name, function in functions.items():
        resource = template["Resources"].get(name)
        if resource:
            asked = client.get_function_configuration(FunctionName=function)
            held = asked.get("Environment", {}).get("Variables", {})
            wanted = resource["Properties"].get("Environment", {}).get("Variables", {})
            found |= {
                value["Ref"]: held[variable]
                for variable, value in wanted.items()
                if isinstance(value, dict) and value.get("Ref") in hidden and variable in held
            }
    return found


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if set(node) == {"Ref"}:
            yield node["Ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
