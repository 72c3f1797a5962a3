"""The manifest of an export of one table, as DynamoDB writes it; each of our files has its SHA-256 besides."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from infra.backup.items import Raw, unpacked
from infra.backup.places import Place

SUMMARY, FILES, DATA = "manifest-summary.json", "manifest-files.json", "data"
ROOT = "AWSDynamoDB"
VERSION, FORMAT = "2020-06-30", "DYNAMODB_JSON"


class Broken(Exception):
    """A backup that cannot be read: the message says why."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of an export."""

    name: str
    items: int
    md5: str
    sha256: str | None

    def described(self, below: str) -> dict[str, Any]:
        """As a line of the manifest."""
        told = {"itemCount": self.items, "md5Checksum": self.md5, "etag": base64.b64decode(self.md5).hex()}
        return {**told, "dataFileS3Key": f"{below}/{DATA}/{self.name}", "sha256": self.sha256}


def file_of(name: str, items: int, content: bytes) -> File:
    """How a file that was just made stands in the manifest."""
    md5 = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
    return File(name, items, md5, hashlib.sha256(content).hexdigest())


@dataclass(frozen=True, slots=True)
class Export:
    """An export of one table. ``below``: where its manifest lies."""

    place: Place
    below: str
    summary: dict[str, Any]
    files: tuple[File, ...]

    @property
    def items(self) -> int:
        """How many items it has."""
        return int(self.summary["itemCount"])

    def read(self, file: File) -> Iterator[Raw]:
        """The items of a file. Raises ``Broken`` if these are not the bytes that the manifest speaks of."""
        content = self.place.read(f"{self.below}/{DATA}/{file.name}")
        found = file_of(file.name, file.items, content)
        if found.md5 != file.md5 or file.sha256 not in (None, found.sha256):
            raise Broken(f"{file.name} is not as it was written: its checksum is another.")
        return unpacked(content)


def found(place: Place, table: str) -> Export:
    """The export of ``registry`` or ``public`` in a place. Raises ``Broken`` unless there is one, and whole."""
    manifests = [name for name in place.names(f"{table}/") if name.endswith(f"/{SUMMARY}")]
    if len(manifests) != 1:
        raise Broken(f"There are {len(manifests)} finished exports below {table}/, and one is needed.")
    below = manifests[0].rpartition("/")[0]
    summary = json.loads(place.read(manifests[0]))
    if summary.get("outputFormat", FORMAT) != FORMAT:
        raise Broken(f"The export of {table} is in the format {summary['outputFormat']}: {FORMAT} is needed.")
    lines = place.read(f"{below}/{FILES}").decode().splitlines()
    files = tuple(_file(json.loads(line)) for line in lines if line)
    if sum(each.items for each in files) != int(summary["itemCount"]):
        raise Broken(f"The manifest of {table} tells of other files than its summary.")
    return Export(place, below, summary, files)


def _file(told: dict[str, Any]) -> File:
    name = told["dataFileS3Key"].rpartition("/")[2]
    return File(name, int(told["itemCount"]), told["md5Checksum"], told.get("sha256"))
