"""A role for each function: its policy is ``.chalice/policy-<name>.json``. That of the API, Chalice makes."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

POLICIES = Path(__file__).resolve().parent.parent / ".chalice"
OWN = {"public": (), "internal": ("Errands", "Watching", "Scans")}
"""The functions of a surface besides its API; ``<name>Role`` is what their template names."""
MOVED = ("RegistryTable", "PublicTable", "SigningKey", "ReceiptKey")
"""Parameters that name what a role may use and that can change under what answers."""
FORMER = "Former"
"""Before the name of one of ``MOVED``: what it was until this deploy; empty if it was the same."""


def resources(surface: str, of_the_api: dict[str, Any]) -> dict[str, Any]:
    """The roles of a surface's other functions. Who may act in them is who may act in that ``of_the_api``: Lambda."""
    return {f"{name}Role": _role(name, of_the_api["Properties"]["AssumeRolePolicyDocument"]) for name in OWN[surface]}


def with_former(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """``statements`` of a policy, each also about the table or key that was used before, while the template names one.

    CloudFormation changes a role first, publishes the new version next, and calls it last: until then what answers uses
    the former table or key. Of that a role may do what it may do of the present one, and nothing else.
    """
    return [{**each, "Resource": _and_former(each["Resource"])} for each in statements]


def _and_former(resource: Any) -> Any:
    told = resource if isinstance(resource, list) else [resource]
    nothing = {"Ref": "AWS::NoValue"}
    former = [
        {"Fn::If": [f"Has{FORMER}{name}", place.replace(f"${{{name}}}", f"${{{FORMER}{name}}}"), nothing]}
        for place in told
        for name in MOVED
        if f"${{{name}}}" in place
    ]
    return [*told, *former] if former else resource


def _role(name: str, trust: dict[str, Any]) -> dict[str, Any]:
    policy = json.loads((POLICIES / f"policy-{name.lower()}.json").read_text(encoding="utf-8"))
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": copy.deepcopy(trust),
            "Policies": [{"PolicyName": f"{name}Policy", "PolicyDocument": policy}],
        },
    }
