"""Deploys a stack of functions: names its release, keeps parameters that are not said, and lets the release answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from infra import release, rollback, stack
from infra.roles import FORMER, MOVED
from infra.target import Target, upload


def publish(
    target: Target, surface: str, document: dict[str, Any], said: Mapping[str, str], commit: str
) -> dict[str, str]:
    """The outputs of stack ``<name>-<surface>``, brought to ``document``; what is not ``said`` stays.

    ``commit``: what its zip was built of. Raises ``stack.DeployError``.
    """
    client, functions = target.client("cloudformation"), target.client("lambda")
    name = f"{target.name}-{surface}"
    stack.make_way(client, name)
    held = stack.parameters_of(client, name)
    parameters = {**said, **_former(document, held or {}, said)}
    if held is None:
        _refuse_missing(name, document, parameters)
    else:
        held |= release.secrets(document, stack.functions(client, name), functions)
    usual = {each: str(told["Default"]) for each, told in document["Parameters"].items() if "Default" in told}
    named = release.name_versions(document, {**usual, **(held or {}), **parameters}, commit)
    # A template of many routes is too long to be sent in the request.
    source = upload(target, surface, json.dumps(document).encode(), "json")
    template = {"TemplateURL": f"https://s3.{client.meta.region_name}.amazonaws.com/{target.bucket}/{source}"}
    outputs = stack.deploy(client, name, template, parameters, document["Parameters"])
    # Where nothing changed CloudFormation leaves an alias that was rolled back where it is.
    rollback.go_to(functions, stack.functions(client, name).values(), named)
    return outputs


def _former(document: Mapping[str, Any], held: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """The tables and keys that what answers now uses until the new version does; empty for what stays the same."""
    return {
        FORMER + name: held[name] if name in held and held[name] != said.get(name, held[name]) else ""
        for name in MOVED
        if FORMER + name in document["Parameters"]
    }


def _refuse_missing(name: str, document: Mapping[str, Any], parameters: Mapping[str, str]) -> None:
    every = document["Parameters"].items()
    if missing := [each for each, told in every if "Default" not in told and each not in parameters]:
        raise stack.DeployError(f"There is no stack {name} yet, so it has to be told: {', '.join(sorted(missing))}.")
