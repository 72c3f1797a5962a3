"""Names what a function consists of, so that CloudFormation publishes a version when that changes, and only then.

The translator sees the code's digest, but not the values of parameters: without this a new BaseUrl would reach the
function and not the version that the API calls. A version that differs in nothing is refused by Lambda.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any


def name_version(template: dict[str, Any], parameters: Mapping[str, str]) -> None:
    """Write into the version in ``template`` a name that follows from the function and the parameters it uses."""
    every = template["Resources"]["APIHandler"]["Properties"]
    # How many run at once is the function's, not a version's.
    function = {name: value for name, value in every.items() if name != "ReservedConcurrentExecutions"}
    # Where the code lies says nothing about it; its key does.
    used = {name: parameters.get(name, "") for name in _references(function) if name != "CodeBucket"}
    text = json.dumps([function, used], sort_keys=True)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Version":
            # Else an update that changes a parameter only would delete the version before, and there were no way back.
            resource["UpdateReplacePolicy"] = "Retain"
            resource["Properties"]["Description"] = "release " + hashlib.sha256(text.encode()).hexdigest()[:16]


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if set(node) == {"Ref"}:
            yield node["Ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
