"""Under which licences we deliver: ``python -m infra.supply.licences`` writes ``docs/licences.md``; ``--check`` reads.

Every library, compiled part and set of data in a zip of ``build/`` has a licence on the list of ``licences.toml``, or a
reason there. So has every tool in the lock files of Python and npm, from a longer list: tools are not passed on.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Collection, Iterator
from importlib import metadata
from pathlib import Path

from infra import dependencies, package, photos
from infra.supply import contents
from infra.supply.contents import PROJECT, Part, SupplyError

PAGE = PROJECT / "docs" / "licences.md"
LOCKS = ("requirements.lock", "requirements-dev.lock")
NPM = ("tests/js/package-lock.json", "tests/lighthouse/package-lock.json")
HEAD = """# Licences of what is deployed
Written by `python -m infra.supply.licences` out of the zips themselves; do not edit. Our own code is Apache-2.0.
`infra/supply/licences.toml` says which licences may be here, and where we read those that a package names vaguely.

| what | licence | in |
| --- | --- | --- |
"""


def allowed(expression: str, licences: Collection[str]) -> bool:
    """Whether one side of each OR, with all that it joins by AND, is on the list."""
    plain = expression.replace("(", "").replace(")", "")
    return any(all(each.strip() in licences for each in side.split(" AND ")) for side in plain.split(" OR "))


def refused(parts: Collection[Part]) -> list[str]:
    """What of these may not be delivered, and why."""
    listed, excepted = [*contents.said()["allowed"], "public domain"], contents.said()["exceptions"]
    return [
        f"{part.name}: {part.licence}"
        for part in parts
        if part.name not in excepted and not allowed(part.licence, listed)
    ]


def delivered(zips: Collection[Path]) -> dict[Part, list[str]]:
    """What is in these zips, and in which of them."""
    found: dict[Part, list[str]] = {}
    for archive in zips:
        for part in contents.parts(archive):
            found.setdefault(part, []).append(archive.stem)
    return found


def page(found: dict[Part, list[str]]) -> str:
    """The list as a page."""
    where: dict[tuple[str, str], list[str]] = {}
    for part, zips in found.items():
        where.setdefault((part.name, part.licence), []).extend(zips)
    body = "".join(
        f"| {name} | {licence} | {', '.join(sorted(set(where[name, licence])))} |\n"
        for name, licence in sorted(where, key=lambda each: each[0].casefold())
    )
    excepted = contents.said()["exceptions"]
    tail = "".join(f"- **{name}**: {why}\n" for name, why in excepted.items())
    data = "".join(f"- **{each['name']}**: `{each['file']}`, {each['how']}.\n" for each in contents.said()["data"])
    reasons = f"## Not on the list of licences, and why it is here\n{tail}"
    return f"{HEAD}{body}\n{reasons}\n## Data of others in our files\n{data}"


def refused_tools() -> list[str]:
    """Tools of the lock files whose licence is on neither list; what is not installed cannot be read."""
    listed = {*contents.said()["allowed"], *contents.said()["allowed_of_tools"]}
    return [f"{name}: {licence}" for name, licence in _tools() if not allowed(licence, listed)]


def _tools() -> Iterator[tuple[str, str]]:
    names = {name for lock in LOCKS for name in dependencies.locked(PROJECT / lock)}
    said = contents.said()["tools"]
    for name in sorted(names):
        try:
            yield name, said.get(name) or _spdx(name)
        except metadata.PackageNotFoundError:
            continue
    for lock in NPM:
        for path, entry in json.loads((PROJECT / lock).read_text("utf-8"))["packages"].items():
            if path:
                name = path.rpartition("node_modules/")[2]
                yield name, said.get(name) or entry.get("license", "unknown")


def _spdx(name: str) -> str:
    """What the metadata says, in SPDX's words where it says it in a classifier's."""
    told = contents.licence_of(name)
    classified = [each for each in metadata.metadata(name).get_all("Classifier") or () if each.startswith("License ::")]
    for words, licence in contents.said()["classifiers"].items():
        if told.casefold() == words.casefold() or (told == "unknown" and any(words in each for each in classified)):
            return str(licence)
    return re.sub(r"\s+", " ", told)[:60]


def without_integrity() -> list[str]:
    """Packages in the lock files whose content is not pinned by a hash."""
    found = []
    for lock in NPM:
        packages = json.loads((PROJECT / lock).read_text("utf-8"))["packages"]
        found += [f"{lock}: {path}" for path, entry in packages.items() if path and "integrity" not in entry]
    for path in sorted(PROJECT.glob("requirements*.lock")):
        for block in re.split(r"\n(?=[A-Za-z0-9])", path.read_text("utf-8")):
            if re.match(r"[A-Za-z0-9._-]+==", block) and "--hash=sha256:" not in block:
                found.append(f"{path.name}: {block.splitlines()[0]}")
    return found


def main() -> None:
    """The command line: refuses what may not be delivered, then writes or compares the page."""
    wrong = refused_tools() + without_integrity()
    zips = [package.BUILD / f"{name}.zip" for name in package.SURFACES]
    if not all(each.exists() for each in zips):
        raise SupplyError("The zips are not there: make package builds them.")
    found = delivered([*zips, photos.build(package.BUILD / "photos.zip")])
    wrong += refused(found)
    if wrong:
        raise SupplyError("\n".join(wrong))
    text = page(found)
    if "--check" not in sys.argv:
        PAGE.write_text(text, "utf-8")
    elif PAGE.read_text("utf-8") != text:
        raise SupplyError(f"{PAGE.name} is out of date: python -m infra.supply.licences")
    print(f"{len(found)} parts delivered, all under licences that may be.")


if __name__ == "__main__":
    main()
