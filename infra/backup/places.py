"""Where a backup lies: a folder of this machine, or a bucket of S3."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import boto3

_SCHEME = "s3"


class Place(Protocol):
    """Files by name, with ``/`` between the parts of a name."""

    def read(self, name: str) -> bytes:
        """A file. Raises ``FileNotFoundError``."""

    def write(self, name: str, content: bytes) -> None:
        """Write a file, all of it or nothing."""

    def delete(self, name: str) -> None:
        """Take a file away, if it is there."""

    def names(self, below: str) -> list[str]:
        """The files whose name begins with ``below``, sorted."""


class Folder:
    """A folder. Only its owner can read it: a backup has all that is private."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, name: str) -> bytes:
        return (self._root / name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        path = self._root / name
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(path.name + ".part")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def delete(self, name: str) -> None:
        (self._root / name).unlink(missing_ok=True)

    def names(self, below: str) -> list[str]:
        found = (path for path in self._root.rglob("*") if path.is_file() and path.suffix != ".part")
        return sorted(name for path in found if (name := path.relative_to(self._root).as_posix()).startswith(below))


class Bucket:
    """What lies in a bucket below a prefix. ``client``: of S3."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self._client, self._bucket = client, bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""

    def read(self, name: str) -> bytes:
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + name)
        except self._client.exceptions.NoSuchKey as error:
            raise FileNotFoundError(name) from error
        content: bytes = answer["Body"].read()
        return content

    def write(self, name: str, content: bytes) -> None:
        self._client.put_object(
            Bucket=self._bucket, Key=self._prefix + name, Body=content, ServerSideEncryption="AES256"
        )

    def delete(self, name: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)

    def names(self, below: str) -> list[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix + below)
        found = [each["Key"] for page in pages for each in page.get("Contents", [])]
        return sorted(key[len(self._prefix) :] for key in found)


def place(where: str, endpoint: str | None = None) -> Place:
    """What ``s3://bucket/prefix`` or the name of a folder means."""
    address = urlsplit(where)
    if address.scheme == _SCHEME:
        return Bucket(boto3.client("s3", endpoint_url=endpoint), address.netloc, address.path)
    return Folder(Path(where))
