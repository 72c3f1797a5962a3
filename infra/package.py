"""Builds what is deployed: ``python -m infra.package [public|internal|all]``.

``build/<surface>.zip`` is the function, ``build/<surface>.json`` its CloudFormation template,
``build/<surface>.cdx.json`` the bill of what others made of it, and ``build/<surface>.commit`` what it was built of.
Nothing is downloaded: the libraries come from the environment that runs this, if they are those of
``requirements.lock``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from infra import archive, commits, dependencies, pages, roots, routes, template, trim
from infra.supply import sbom

PROJECT = Path(__file__).resolve().parent.parent
BUILD = PROJECT / "build"
REGION = "eu-central-1"
CHALICE = "from chalice.cli import main; main()"
UNWANTED = shutil.ignore_patterns("__pycache__", "*.pyc", "compiled", "deployments")
RUNTIMES = ("python3.13", "python3.12")


@dataclass(frozen=True, slots=True)
class Surface:
    """What goes into a function: the AWS services it calls, the zip's most bytes, what it must not or need not hold.

    ``packages``: what it holds of ours besides ``chalicelib``. ``flat_pages``: its pages are made flat, so that it
    needs no Jinja.
    """

    name: str
    services: tuple[str, ...]
    most_bytes: int
    without: tuple[str, ...]
    without_libraries: tuple[str, ...] = ()
    without_pages: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    flat_pages: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """One build: the zip, its template, the Lambda runtime, sizes in bytes, ``name==version`` of the libraries."""

    archive: Path
    template: Path
    runtime: str
    size: int
    unpacked: int
    libraries: tuple[str, ...]


SURFACES = {
    "public": Surface(
        "public",
        (),
        3_600_000,  # of which 0.4 MB are the reader of pictures, which only browsers load: docs/decisions/0024
        (
            "chalicelib/internal",
            "chalicelib/store/registry",
            "chalicelib/store/actions.py",
            "chalicelib/store/both_tables.py",
            "chalicelib/store/models.py",
            "chalicelib/store/numbers.py",
            "chalicelib/store/plain.py",
            "chalicelib/store/seals.py",
            "chalicelib/web/templating.py",
        ),
        ("jinja2", "pynamodb", "pint"),
        ("portal/", "mail/"),
        flat_pages=True,
    ),
    "internal": Surface(
        "internal",
        ("dynamodb", "ses"),
        8_000_000,
        ("chalicelib/public", "chalicelib/web/scan_reader"),
        packages=("factory_labels",),
    ),
}


def build(surface: Surface, out: Path = BUILD, python: str | None = None) -> Built:
    """Build ``surface`` into ``out``; ``python`` compiles the bytecode and so decides the runtime.

    Raises RuntimeError if the zip is too big or nothing is served, DependencyError if the environment is not the
    locked one.
    """
    with tempfile.TemporaryDirectory(prefix="factory-id-package-") as scratch:
        stage, function = Path(scratch) / "stage", Path(scratch) / "function"
        _stage(stage, surface)
        packaged = _chalice_package(stage, surface.name)
        with zipfile.ZipFile(stage / "out" / "deployment.zip") as deployment:
            deployment.extractall(function)
        if surface.name == "public":
            # Served as it is, from beside app.py: the inside does not need it.
            shutil.copyfile(PROJECT / "openapi.json", function / "openapi.json")
            routes.write(function)
            roots.write(function)
        for name in surface.packages:
            shutil.copytree(PROJECT / name, function / name, ignore=UNWANTED)
        copied = dependencies.copy_into(
            function, PROJECT, lambda file: trim.is_unused(file, surface.services), surface.without_libraries
        )
        for name in surface.without:
            path = function / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        shutil.copyfile(PROJECT / "infra" / template.ENTRANCE, function / template.ENTRANCE)
        trim.trim(function, surface.services)
        runtime = archive.compile_all(function, python or newest_python())
        for generated in (pages.COMPILED, pages.LANGUAGES):
            archive.drop_sources(function / generated)
        target = out / f"{surface.name}.zip"
        size = archive.write_zip(function, target)
        if size > surface.most_bytes:
            raise RuntimeError(f"{target} has {size} bytes, more than {surface.most_bytes}")
        sbom.write(target)
        commits.note(target)
        digest = hashlib.sha256(target.read_bytes()).hexdigest()
        finished = out / f"{surface.name}.json"
        document = template.finish(packaged, surface.name, runtime, digest, REGION)
        finished.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")
        return Built(target, finished, runtime, size, _weight(function), tuple(copied))


def described(surface: Surface) -> dict[str, Any]:
    """The CloudFormation template of ``surface`` without a zip: for whoever reviews it."""
    with tempfile.TemporaryDirectory(prefix="factory-id-template-") as scratch:
        stage = Path(scratch)
        _copy_sources(stage)
        return template.finish(_chalice_package(stage, surface.name), surface.name, RUNTIMES[0], "0" * 64, REGION)


def newest_python() -> str:
    """The newest Python on this machine that Lambda runs, at worst the one that runs this."""
    for name in RUNTIMES:
        found = shutil.which(name)
        if found and subprocess.run([found, "-c", ""], check=False, capture_output=True).returncode == 0:
            return found
    return sys.executable


def _stage(stage: Path, surface: Surface) -> None:
    """A copy of the project with the pages compiled and no requirements: these are added afterwards."""
    pages.make_locales()
    _copy_sources(stage)
    make = pages.flatten_pages if surface.flat_pages else pages.compile_pages
    make(PROJECT / "templates", stage, surface.without_pages)
    absent = (*surface.without, *(f"templates/{name}" for name in surface.without_pages))
    pages.narrow_locales(stage, tuple(name if name.endswith((".py", "/")) else f"{name}/" for name in absent))


def _copy_sources(stage: Path) -> None:
    for name in ("chalicelib", ".chalice"):
        shutil.copytree(PROJECT / name, stage / name, ignore=UNWANTED)
    shutil.copyfile(PROJECT / "app.py", stage / "app.py")
    (stage / "requirements.txt").write_text("")


def _chalice_package(stage: Path, surface: str) -> dict[str, Any]:
    """Run ``chalice package`` in ``stage``; its zip is at out/deployment.zip, its merged template is returned."""
    merge = PROJECT / "infra" / f"merge-{surface}.yaml"
    command = [sys.executable, "-c", CHALICE, "package", "--stage", surface, "--merge-template", str(merge), "out"]
    # What the stage has comes before what the project has: that is for packages which are copied later.
    own = {"AWS_DEFAULT_REGION": REGION, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(PROJECT)}
    environment = {**os.environ, **own}
    environment.pop("SURFACE", None)
    finished = subprocess.run(command, cwd=stage, env=environment, check=False, capture_output=True, text=True)
    if finished.returncode:
        raise RuntimeError(f"chalice package failed:\n{finished.stdout}{finished.stderr}")
    packaged: dict[str, Any] = yaml.safe_load((stage / "out" / "sam.yaml").read_text(encoding="utf-8"))
    if "Type" not in packaged["Resources"]["RestAPI"]:  # only what was merged
        raise RuntimeError(f"the {surface} surface has no routes")
    return packaged


def _weight(root: Path) -> int:
    return sum(path.stat().st_size for path in root.rglob("*") if path.is_file())


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Build the functions' zips and templates into build/.")
    parser.add_argument("surface", nargs="?", default="all", choices=[*SURFACES, "all"])
    parser.add_argument("--python", help="the interpreter that compiles the bytecode; by default the newest for Lambda")
    arguments = parser.parse_args()
    for name in SURFACES if arguments.surface == "all" else [arguments.surface]:
        surface = SURFACES[name]
        built = build(surface, python=arguments.python)
        print(
            f"{built.archive.relative_to(PROJECT)}: {built.size / 1e6:.2f} MB for {built.runtime} on any architecture. "
            f"{built.unpacked / 1e6:.1f} MB unpacked. Libraries: {', '.join(built.libraries)}. "
            f"Left out: {', '.join(surface.without)}; botocore's data but for {', '.join(surface.services)}; "
            f"of stdnum what nobody imports; {', '.join(trim.UNUSED)}."
        )


if __name__ == "__main__":
    main()
