"""What is really in a zip: every file of it belongs to us, to a library or to data of others, or nobody passes."""

from __future__ import annotations

import json
import re
import tomllib
import zipfile
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra import dependencies

PROJECT = Path(__file__).resolve().parents[2]
OURS = frozenset({"chalicelib", "photos", "app.py", "start.py", "openapi.json", "roots.pem", "factory_labels"})
PROBLEM = "nobody said where this comes from"


class SupplyError(RuntimeError):
    """Something is delivered of which we do not know enough."""


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """Something of others in a zip. ``kind`` is ``library`` (a distribution), ``compiled`` or ``data``."""

    kind: str
    name: str
    version: str
    licence: str
    needs: tuple[str, ...] = ()


@cache
def said() -> dict[str, Any]:
    """What ``licences.toml`` says."""
    return tomllib.loads((Path(__file__).parent / "licences.toml").read_text("utf-8"))


def parts(archive: Path) -> list[Part]:
    """What of others is in a zip, sorted. Raises SupplyError for a file of unknown origin."""
    with zipfile.ZipFile(archive) as packed:
        names = packed.namelist()
    owners = _owners()
    libraries: set[str] = set()
    found: set[Part] = {_data(each) for each in said()["data"] if any(name.startswith(each["file"]) for name in names)}
    for name in names:
        top = _top(name)
        if top == "pillow.libs":
            found.add(_compiled(Path(name).name))
        elif top in owners:
            libraries.add(owners[top])
        elif top not in OURS:
            raise SupplyError(f"{archive.name}: {name}: {PROBLEM}")
    if "pillow" in libraries:
        found |= _linked()
    return sorted(found | {_library(name, libraries) for name in libraries})


def licence_of(name: str) -> str:
    """The licence of an installed distribution as an SPDX expression; what its metadata says too vaguely we say."""
    if name in said()["said"]:
        return str(said()["said"][name])
    told = metadata.metadata(name)
    return told.get("License-Expression") or told.get("License") or "unknown"


def _owners() -> dict[str, str]:
    """The distribution of each folder and module that may be delivered."""
    names = [*dependencies.closure(PROJECT), *dependencies.PACKAGED_BY_CHALICE, "pillow"]
    return {
        file.parts[0]: name
        for name in names
        for file in metadata.distribution(name).files or ()
        if not file.parts[0].endswith((".dist-info", ".libs", "..")) and file.parts[0] != "__pycache__"
    }


def _top(name: str) -> str:
    """The folder or module at the root of the zip; bytecode counts as its source."""
    first, _, rest = name.partition("/")
    return f"{rest.partition('.')[0]}.py" if first == "__pycache__" else first


def _library(name: str, present: set[str]) -> Part:
    distribution = metadata.distribution(name)
    needed = {canonicalize_name(Requirement(text).name) for text in distribution.requires or ()}
    return Part("library", name, distribution.version, licence_of(name), tuple(sorted(needed & present - {name})))


def _data(entry: dict[str, str]) -> Part:
    return Part("data", entry["name"], entry.get("version", ""), entry["licence"])


def _compiled(file: str) -> Part:
    stem = re.split(r"[-.]", file)[0]
    entry = said()["compiled"].get(stem)
    if entry is None:
        raise SupplyError(f"{file}: {PROBLEM}")
    return Part("compiled", entry["name"], _pillows_bill().get(entry.get("theirs", ""), ""), entry["licence"])


def _linked() -> set[Part]:
    """What is linked into Pillow. Its libimagequant would be GPL: that one must not be."""
    from PIL import features

    if features.check("libimagequant"):
        raise SupplyError("this Pillow is linked with libimagequant, which is GPL")
    return {
        Part("compiled", name, _pillows_bill().get(entry["theirs"], ""), entry["licence"])
        for name, entry in said()["linked"].items()
    }


@cache
def _pillows_bill() -> dict[str, str]:
    """The versions of what Pillow was built with, as its own bill of materials has them; none if it brings none."""
    for file in metadata.files("pillow") or ():
        if file.parent.name == "sboms" and file.name.startswith("pillow"):
            listed = json.loads(file.read_text("utf-8"))["components"]
            return {str(each["name"]): str(each.get("version", "")) for each in listed}
    return {}
