"""The libraries that run in a function: taken from the environment that was tested, checked against the lock.

The zip fits every architecture: what was compiled for one machine is left out where Python stands in for it, and
refused where nothing does.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Callable, Collection
from importlib import metadata
from pathlib import Path, PurePath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# Chalice's packager ships the two modules of Chalice that run; its command line needs the rest of its requirements.
PACKAGED_BY_CHALICE = {"chalice"}
# A compiled speed-up with a pure Python twin in the same distribution.
REPLACEABLE = {"markupsafe/_speedups"}
COMPILED = (".so", ".pyd", ".dylib")


class DependencyError(RuntimeError):
    """What is installed is not what the lock says, or does not run on every machine."""


def copy_into(
    target: Path, project: Path, unused: Callable[[PurePath], bool], without: Collection[str] = ()
) -> list[str]:
    """Copy the runtime libraries of ``project`` into ``target``, without ``unused`` files; say ``name==version``.

    ``without`` names libraries that this function never imports: what only they need stays out with them.

    Raises DependencyError.
    """
    pinned = locked(project / "requirements.lock")
    copied = []
    for name in closure(project, without):
        distribution = metadata.distribution(name)
        if pinned.get(name) != distribution.version:
            raise DependencyError(
                f"{name}: {distribution.version} is installed, {pinned.get(name, 'nothing')} is locked"
            )
        _copy(distribution, target, unused)
        copied.append(f"{name}=={distribution.version}")
    return copied


def closure(project: Path, without: Collection[str] = ()) -> list[str]:
    """The runtime libraries of ``project``, sorted, with all that they need but what is packaged by Chalice."""
    return _closure([each for each in _declared(project / "pyproject.toml") if each not in without])


def _declared(pyproject: Path) -> list[str]:
    requirements = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["dependencies"]
    return [canonicalize_name(Requirement(text).name) for text in requirements]


def locked(lock: Path) -> dict[str, str]:
    """Versions by name from a requirements file made by pip-compile."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pins}


def _closure(names: list[str]) -> list[str]:
    """The distributions ``names`` need at run time, sorted, themselves included."""
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in seen or name in PACKAGED_BY_CHALICE:
            continue
        seen.add(name)
        for text in metadata.requires(name) or []:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(canonicalize_name(requirement.name))
    return sorted(seen)


def _copy(distribution: metadata.Distribution, target: Path, unused: Callable[[PurePath], bool]) -> None:
    for file in distribution.files or []:
        top = file.parts[0]
        if top == ".." or top.endswith((".dist-info", ".data")) or "__pycache__" in file.parts or unused(file):
            continue
        if file.suffix in COMPILED:
            if not any(str(file).startswith(stem) for stem in REPLACEABLE):
                raise DependencyError(f"{distribution.name}: {file} fits one machine only")
            continue
        destination = target / file
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(str(distribution.locate_file(file)), destination)
