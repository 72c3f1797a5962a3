"""Which commit something was built of: noted beside its zip, told to its functions, and known of what answers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra import release, stack
from infra.stack import DeployError
from infra.target import Target, key_of

PROJECT = Path(__file__).resolve().parent.parent
UNKNOWN, DIRTY = "unknown", "-dirty"


def of_tree() -> str:
    """The commit of the project's files, ``-dirty`` behind it if they differ; ``unknown`` outside of a repository."""
    try:
        return _git("rev-parse", "--short=12", "HEAD") + (DIRTY if _git("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return UNKNOWN


def note(archive: Path) -> None:
    """Write beside ``archive`` what it was built of. Not into it: the same code is the same bytes."""
    _beside(archive).write_text(f"{of_tree()}\n", encoding="utf-8")


def noted(archive: Path) -> str:
    """What ``archive`` was built of, as far as that was noted."""
    file = _beside(archive)
    return file.read_text(encoding="utf-8").strip() if file.exists() else UNKNOWN


def refuse_both(target: Target, archives: Mapping[str, Path], wanted: Mapping[str, str]) -> None:
    """Raise ``DeployError`` if ``wanted`` changes parameters of what answers, and ``archives`` are of another commit.

    So nobody who rotates a key deploys with it whatever was built last.
    """
    held = {surface: _parameters(target, surface, archive) for surface, archive in archives.items()}
    changed = {name for each in held.values() for name, value in wanted.items() if name in each and each[name] != value}
    if not changed:
        return
    other = []
    for surface, archive in archives.items():
        built = noted(archive)
        # The commit alone does not say what was built of files that differed from it.
        certain = built != UNKNOWN and not built.endswith(DIRTY)
        same = certain or held[surface].get("CodeKey") == key_of(surface, archive.read_bytes(), "zip")
        answers = _answering(target, surface) if held[surface] else {built}
        if held[surface] and (answers != {built} or not same):
            other.append(f"{surface} answers by {' and '.join(sorted(answers))}, and {built} is built")
    if other:
        raise DeployError(
            f"This would change {', '.join(sorted(changed))}, and bring other code with it: {'; '.join(other)}."
            " Nothing was deployed. Check out the commit that answers and `make package`; or deploy the code first, by"
            " itself; or say --new-code, too."
        )


def _parameters(target: Target, surface: str, archive: Path) -> dict[str, str]:
    """Those of the surface's stack, secrets too; none, if there is no such stack."""
    client, name = target.client("cloudformation"), f"{target.name}-{surface}"
    held, template = stack.parameters_of(client, name), archive.with_suffix(".json")
    if held and stack.HIDDEN in held.values() and template.exists():
        document = json.loads(template.read_text(encoding="utf-8"))
        held |= release.secrets(document, stack.functions(client, name), target.client("lambda"))
    return held or {}


def _answering(target: Target, surface: str) -> set[str]:
    """The commits by which the functions of a surface answer."""
    functions = stack.functions(target.client("cloudformation"), f"{target.name}-{surface}").values()
    return {_commit(target.client("lambda"), each) for each in functions}


def _commit(client: Any, function: str) -> str:
    try:
        told = client.get_function_configuration(FunctionName=function, Qualifier=release.ALIAS)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return UNKNOWN  # of before functions were called by an alias
    return release.told_by(told)[1] or UNKNOWN


def _beside(archive: Path) -> Path:
    return archive.with_suffix(".commit")


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=PROJECT, check=True, capture_output=True, text=True)
    return done.stdout.strip()
