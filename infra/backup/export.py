"""A table taken out, file by file. What is done is noted behind each file, so that a killed export goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from chalicelib import clock
from infra.backup import manifest
from infra.backup.items import line, packed
from infra.backup.manifest import DATA, FILES, FORMAT, ROOT, SUMMARY, VERSION, Export, File
from infra.backup.places import Place

A_FILE = 20_000  # items
_PROGRESS = "progress.json"
Advance = Callable[[int], Any]


def export(client: Any, table: str, kind: str, place: Place, advance: Advance = lambda _items: None) -> Export:
    """Take ``table`` out as ``kind`` (``registry`` or ``public``).

    What an earlier try left is taken further; an export that is over is left as it is.
    """
    below = f"{kind}/{ROOT}/own"
    if f"{below}/{SUMMARY}" in place.names(f"{below}/"):
        held = manifest.found(place, kind)
        advance(held.items)
        return held
    begun = _begun(place, below)
    files = [File(**each) for each in begun["files"]]
    advance(sum(each.items for each in files))
    start = begun["next"]
    while not files or start:
        lines, start = _stretch(client, table, start, advance)
        name = f"{len(files):06}.json.gz"
        content = packed(lines)
        place.write(f"{below}/{DATA}/{name}", content)
        files.append(manifest.file_of(name, len(lines), content))
        begun = {**begun, "files": [_noted(each) for each in files], "next": start}
        place.write(f"{below}/{_PROGRESS}", json.dumps(begun).encode())
    _finish(client, table, place, below, begun["began"], files)
    return manifest.found(place, kind)


def _begun(place: Place, below: str) -> dict[str, Any]:
    try:
        held: dict[str, Any] = json.loads(place.read(f"{below}/{_PROGRESS}"))
    except FileNotFoundError:
        return {"began": clock.instant(clock.now()), "files": [], "next": None}
    return held


def _stretch(
    client: Any, table: str, start: dict[str, Any] | None, advance: Advance
) -> tuple[list[str], dict[str, Any] | None]:
    """The lines of a file, and where the next one goes on."""
    lines: list[str] = []
    while len(lines) < A_FILE:
        asked = {"ExclusiveStartKey": start} if start else {}
        page = client.scan(TableName=table, ConsistentRead=True, Limit=A_FILE - len(lines), **asked)
        lines += [line(item) for item in page["Items"]]
        advance(len(page["Items"]))
        start = page.get("LastEvaluatedKey")
        if not start:
            break
    return lines, start


def _finish(client: Any, table: str, place: Place, below: str, began: str, files: list[File]) -> None:
    told = "".join(json.dumps(each.described(below)) + "\n" for each in files)
    place.write(f"{below}/{FILES}", told.encode())
    described = client.describe_table(TableName=table)["Table"]
    summary = {
        "version": VERSION,
        "startTime": began,
        "endTime": clock.instant(clock.now()),
        "tableArn": described["TableArn"],
        "manifestFilesS3Key": f"{below}/{FILES}",
        "itemCount": sum(each.items for each in files),
        "outputFormat": FORMAT,
    }
    place.write(f"{below}/{SUMMARY}", json.dumps(summary).encode())
    place.delete(f"{below}/{_PROGRESS}")


def _noted(file: File) -> dict[str, Any]:
    return {"name": file.name, "items": file.items, "md5": file.md5, "sha256": file.sha256}
