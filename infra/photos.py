"""Builds and deploys the function that draws photos anew, with its store: ``deploy(target, …)``.

Its zip is its own, since it alone holds a picture library. That is compiled: it fits the Python and the processor that
this runs on, which the template asks for.
"""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import yaml

from infra import archive, commits, dependencies, stack
from infra.publish import publish
from infra.supply import sbom
from infra.target import Target, account, upload

PROJECT = Path(__file__).resolve().parent.parent
TEMPLATE = PROJECT / "infra" / "photos.yaml"
LIBRARY = "pillow"
RULES = ("__init__.py", "domain/__init__.py", "domain/errors.py", "domain/phrase.py", "domain/photo.py")
_ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


def build(target: Path) -> Path:
    """The zip at ``target``, and beside it what is in it.

    Raises ``DependencyError`` if another version of the library is installed than locked.
    """
    distribution = metadata.distribution(LIBRARY)
    locked = dependencies.locked(PROJECT / "requirements-dev.lock").get(LIBRARY)
    if distribution.version != locked:
        raise dependencies.DependencyError(f"{LIBRARY}: {distribution.version} is installed, {locked} is locked")
    with tempfile.TemporaryDirectory(prefix="factory-id-photos-") as scratch:
        root = Path(scratch)
        for name in ("__init__.py", "function.py", "reencode.py"):
            _copy(PROJECT / "photos" / name, root / "photos" / name)
        for name in RULES:
            _copy(PROJECT / "chalicelib" / name, root / "chalicelib" / name)
        for file in distribution.files or ():
            if file.parts[0] in ("PIL", "pillow.libs") and file.suffix not in (".pyc", ".pyi"):
                _copy(Path(str(file.locate())), root / file)
        archive.write_zip(root, target)
    sbom.write(target)
    commits.note(target)
    return target


def deploy(target: Target, built: Path, registry_table: str, distribution: str | None = None) -> dict[str, str]:
    """The outputs of the store's stack: PhotosBucket, DrawerName. Raises stack.DeployError.

    ``distribution``: who shows photos; ``None``: the same as before. A store keeps its name.
    """
    client = target.client("cloudformation")
    parameters = {
        "Prefix": target.name,
        "CodeBucket": target.bucket,
        "CodeKey": upload(target, "photos", built.read_bytes(), "zip"),
        "Runtime": f"python{sys.version_info.major}.{sys.version_info.minor}",
        "Architecture": _ARCHITECTURES[platform.machine().lower()],
        "RegistryTable": registry_table,
        "OnlyTls": "0" if target.emulated else "1",
    }
    if distribution is not None:
        parameters["DistributionArn"] = distribution
    if stack.parameters_of(client, f"{target.name}-photos") is None:
        # The names of buckets are one list for all the world, and a second region needs its own.
        parameters["BucketName"] = f"{target.name}-photos-{account(target.client)}-{client.meta.region_name}"
    document = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))
    return publish(target, "photos", document, parameters, commits.noted(built))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
