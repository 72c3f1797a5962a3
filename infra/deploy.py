"""Brings the tables and all functions to a CloudFormation endpoint: ``python -m infra.deploy``, or from a test.

Against AWS it uses the credentials and region of the environment, as the AWS command line does. It expects what
``python -m infra.package`` built. A parameter that is not said keeps the value that its stack has.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import boto3

from infra import choices, commits, gateway, keys, operating, photos, stack, tables
from infra.dependencies import DependencyError
from infra.package import BUILD, SURFACES
from infra.publish import publish
from infra.stack import DeployError
from infra.tables import PUBLIC_SUFFIX, REGISTRY_SUFFIX
from infra.target import Target, ensure_bucket, upload, usual_bucket

Live = Mapping[str, Mapping[str, str]]
"""The parameters of each surface whose stack is there."""


def deploy_tables(target: Target) -> dict[str, str]:
    """The data stack's outputs: RegistryTable, PublicTable, their ARNs and the stream's. Raises stack.DeployError."""
    template = {"TemplateBody": tables.TEMPLATE.read_text(encoding="utf-8")}
    return stack.deploy(target.client("cloudformation"), f"{target.name}-data", template, {"Prefix": target.name})


def deploy_surface(
    target: Target, surface: str, archive: Path, template: Path, parameters: Mapping[str, str]
) -> dict[str, str]:
    """The outputs of a surface's stack: APIHandlerName, APIHandlerArn, and EndpointURL, HttpURL or FunctionURL.

    ``parameters``: those of the template but for CodeBucket and CodeKey; what is not there stays as the stack has it.
    Raises stack.DeployError.
    """
    key = upload(target, surface, archive.read_bytes(), "zip")
    document = json.loads(template.read_text(encoding="utf-8"))
    if target.emulated:
        document = gateway.as_resources(document)
    every = {**parameters, "CodeBucket": target.bucket, "CodeKey": key}
    said = {name: every[name] for name in every if name in document["Parameters"]}
    return publish(target, surface, document, said, commits.noted(archive))


def deploy_all(
    target: Target,
    region: str,
    chosen: Mapping[str, str],
    build: Path,
    *,
    pair: str = "",
    said: Collection[str] = (),
) -> dict[str, dict[str, str]]:
    """Tables and keys, then all functions: the outputs of ``data``, ``keys``, ``public``, ``internal`` and ``photos``.

    ``pair`` begins the names of other tables than those in use, and ``chosen`` may name other keys: so they rotate.
    Where something answers already, ``said`` must hold ``tables`` or ``keys`` for it, and ``code`` for parameters that
    change together with the code. Raises stack.DeployError.
    """
    client = target.client("cloudformation")
    bound = _bound(target, chosen, pair, said)
    archives = {surface: build / f"{surface}.zip" for surface in SURFACES}
    if chosen.get("PhotosUrl") or stack.outputs(client, f"{target.name}-photos") is not None:
        archives["photos"] = _photos(build)
    if "code" not in said:
        commits.refuse_both(target, archives, {**chosen, **bound})
    ensure_bucket(target, region)
    used = replace(target, name=bound["RegistryTable"].removesuffix(REGISTRY_SUFFIX))
    outputs = {"data": deploy_tables(used), "keys": {**keys.deploy(client, target.name), **_keys_of(bound)}}
    named = {**chosen, **bound, **outputs["keys"], "RegistryStream": outputs["data"]["RegistryStreamArn"]}
    if "photos" in archives:
        table, shown = bound["RegistryTable"], chosen.get("DistributionArn")
        outputs["photos"] = photos.deploy(target, archives["photos"], table, shown)
        named |= {"PhotosBucket": outputs["photos"]["PhotosBucket"], "Drawer": outputs["photos"]["DrawerName"]}
    for surface in ("public", "internal"):
        archive = archives[surface]
        outputs[surface] = deploy_surface(target, surface, archive, archive.with_suffix(".json"), named)
        if surface == "public" and "ScanSecret" in chosen:
            lines = f"/aws/lambda/{outputs['public']['APIHandlerName']}"
            named["PublicLogs"] = lines if chosen["ScanSecret"] else ""
    return outputs


def _photos(build: Path) -> Path:
    try:
        return photos.build(build / "photos.zip")
    except DependencyError as error:
        raise DeployError(f"{error}: the zip of photos cannot be built here. Nothing was deployed.") from error


def live(target: Target) -> Live:
    """What answers now, once nothing is under way."""
    client = target.client("cloudformation")
    for surface in (*SURFACES, "photos"):
        stack.settled(client, f"{target.name}-{surface}")
    held = {surface: stack.parameters_of(client, f"{target.name}-{surface}") for surface in SURFACES}
    return {surface: parameters for surface, parameters in held.items() if parameters is not None}


def _bound(target: Target, chosen: Mapping[str, str], pair: str, said: Collection[str]) -> dict[str, str]:
    """Tables and keys: those that are said, else those in use. Keys are left out where there are none yet."""
    answering = live(target)
    if pair and pair != target.name and stack.outputs(target.client("cloudformation"), f"{pair}-data") is None:
        raise DeployError(f"There is no stack {pair}-data: make the pair first, as docs/runbook.md says.")
    pair = pair or _pair(answering) or target.name
    found = {"RegistryTable": pair + REGISTRY_SUFFIX, "PublicTable": pair + PUBLIC_SUFFIX}
    for name in choices.KEYS:
        held = {each[name] for each in answering.values() if name in each}
        if name in chosen:
            found[name] = chosen[name]
        elif len(held) > 1:
            raise DeployError(f"The surfaces differ in {name}: say which with --set {name}=… --change-keys.")
        elif held:
            found[name] = held.pop()
    choices.refuse_silence(answering.values(), found, said)
    choices.refuse_one_key(found)
    return found


def _pair(answering: Live) -> str:
    """What the names of the tables in use begin with; empty, if nothing answers yet."""
    suffixes = {"RegistryTable": REGISTRY_SUFFIX, "PublicTable": PUBLIC_SUFFIX}
    held = {
        each[name].removesuffix(suffix)
        for each in answering.values()
        for name, suffix in suffixes.items()
        if name in each
    }
    if len(held) > 1:
        pairs = " and ".join(sorted(held))
        raise DeployError(f"The surfaces use different tables, {pairs}: say which with --tables NAME --change-tables.")
    return held.pop() if held else ""


def _keys_of(bound: Mapping[str, str]) -> dict[str, str]:
    return {name: bound[name] for name in choices.KEYS if name in bound}


def main(arguments: list[str] | None = None) -> int:
    """The command line; its exit code."""
    told = choices.parser().parse_args(arguments)
    return operating.in_one_line(lambda: _deploy(told), operating.DEPLOYING)


def _deploy(told: argparse.Namespace) -> int:
    session = boto3.Session()
    region = session.region_name
    if not all((BUILD / f"{surface}.zip").exists() for surface in SURFACES):
        raise DeployError("Nothing is built yet: make package.")
    chosen = choices.chosen(told.set, os.environ, choices.settable())
    target = Target(session.client, told.name, told.bucket or "")
    answering = live(target)
    missing = [name for name in choices.FIRST if name not in chosen]
    if missing and "internal" not in answering:
        raise DeployError(f"There is no stack {told.name}-internal yet, so say {', '.join(missing)}, too.")
    before = {each["CodeBucket"] for each in answering.values()}
    usual = min(before, default="") or usual_bucket(session.client, told.name, region)
    target = replace(target, bucket=target.bucket or usual)
    said = [kind for kind, given in choices.words(told).items() if given]
    outputs = deploy_all(target, region, chosen, BUILD, pair=told.tables or "", said=said)
    for stack_name, held in outputs.items():
        for name, value in held.items():
            print(f"{stack_name}\t{name}\t{value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
