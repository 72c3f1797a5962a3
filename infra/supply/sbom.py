"""The bill of materials of a zip, beside it: ``build/public.cdx.json``. CycloneDX, the same bytes from the same zip.

``python -m infra.supply.sbom`` checks those in ``build/`` against the schema of CycloneDX. A date is in it only where
``SOURCE_DATE_EPOCH`` gives one.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.supply import contents
from infra.supply.contents import Part, SupplyError

VERSION = "1.6"
KINDS = {"library": "library", "compiled": "library", "data": "data"}


def write(archive: Path) -> Path:
    """Write the bill of a zip beside it."""
    target = archive.with_suffix(".cdx.json")
    target.write_text(json.dumps(bill(archive), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return target


def bill(archive: Path) -> dict[str, Any]:
    """The bill of a zip: the zip itself, what of others is in it, and what of that needs what."""
    parts = contents.parts(archive)
    name = f"factory-id-{archive.stem}"
    told: dict[str, Any] = {
        "component": {
            "type": "application",
            "bom-ref": name,
            "name": name,
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(archive.read_bytes()).hexdigest()}],
            "licenses": [{"license": {"id": "Apache-2.0"}}],
        }
    }
    if "SOURCE_DATE_EPOCH" in os.environ:
        moment = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
        told["timestamp"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{VERSION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": VERSION,
        "version": 1,
        "metadata": told,
        "components": [_component(part) for part in parts],
        "dependencies": [
            {"ref": name, "dependsOn": [_reference(part) for part in parts]},
            *({"ref": _reference(part), "dependsOn": _needed(part, parts)} for part in parts),
        ],
    }


def problems(text: str) -> str:
    """What the schema of CycloneDX has against a bill; empty if nothing."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    return str(JsonStrictValidator(SchemaVersion.from_version(VERSION)).validate_str(text) or "")


def _component(part: Part) -> dict[str, Any]:
    component: dict[str, Any] = {"type": KINDS[part.kind], "bom-ref": _reference(part), "name": part.name}
    if part.version:
        component["version"] = part.version
    component["licenses"] = [_licence(part.licence)]
    if part.kind == "library":
        component["purl"] = _reference(part)
    return component


def _licence(expression: str) -> dict[str, Any]:
    if expression == "public domain":
        return {"license": {"name": expression}}
    return {"expression": expression} if " " in expression else {"license": {"id": expression}}


def _reference(part: Part) -> str:
    if part.kind == "library":
        return f"pkg:pypi/{part.name}@{part.version}"
    return f"{part.kind}:{part.name}"


def _needed(part: Part, parts: list[Part]) -> list[str]:
    return [_reference(each) for each in parts if each.kind == "library" and each.name in part.needs]


def main() -> None:
    """The command line: every bill in the folder given, by default ``build/``, is as the schema asks and up to date."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else contents.PROJECT / "build"
    bills = sorted(folder.glob("*.cdx.json"))
    if not bills:
        raise SystemExit(f"No bill of materials in {folder}: make package writes them.")
    for path in bills:
        text = path.read_text("utf-8")
        digest = hashlib.sha256(path.with_name(path.name.replace(".cdx.json", ".zip")).read_bytes()).hexdigest()
        found = problems(text)
        if found or digest not in text:
            raise SupplyError(f"{path}: {found or 'is of another zip'}")
        print(f"{path.name}: {len(json.loads(text)['components'])} components, as CycloneDX {VERSION} asks")


if __name__ == "__main__":
    main()
