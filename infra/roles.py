"""A role for each function: its policy is ``.chalice/policy-<name>.json``. That of the API, Chalice makes."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

POLICIES = Path(__file__).resolve().parent.parent / ".chalice"
OWN = {"public": (), "internal": ("Errands", "Watching", "Scans")}
"""The functions of a surface besides its API; ``<name>Role`` is what their template names."""


def resources(surface: str, of_the_api: dict[str, Any]) -> dict[str, Any]:
    """The roles of a surface's other functions. Who may act in them is who may act in that ``of_the_api``: Lambda."""
    return {f"{name}Role": _role(name, of_the_api["Properties"]["AssumeRolePolicyDocument"]) for name in OWN[surface]}


def _role(name: str, trust: dict[str, Any]) -> dict[str, Any]:
    policy = json.loads((POLICIES / f"policy-{name.lower()}.json").read_text(encoding="utf-8"))
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": copy.deepcopy(trust),
            "Policies": [{"PolicyName": f"{name}Policy", "PolicyDocument": policy}],
        },
    }
