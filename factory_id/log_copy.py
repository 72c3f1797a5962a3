"""A log of changes on its way here: from the service, a thousand entries a request, or from a copy kept before.

A copy is a text file, one JSON object a line: where it is from, the keys, the checkpoints, then the entries in order.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from factory_id.endings import WrongUse
from factory_id.service import Refused, Service

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Copy:
    """What is to be audited. ``entries`` can be gone through once; ``expected`` is about how many there are."""

    log: str
    keys: dict[str, Any]
    checkpoints: list[dict[str, Any]]
    entries: Iterator[dict[str, Any]]
    expected: int


def downloaded(service: Service) -> Copy:
    """The log as the service has it now."""
    keys = service.call("GET", "/.well-known/did.json").json()
    checkpoints = list(_checkpoints(service))
    return Copy(
        service.url, keys, checkpoints, _entries(service), max((each["size"] for each in checkpoints), default=0)
    )


def kept(path: Path) -> Copy:
    """A copy of before. ``WrongUse`` if the file is none."""
    if not path.is_file():
        raise WrongUse(f"There is no file {path}.")
    lines = _lines(path)
    about = next(lines, {})
    if not isinstance(about, dict) or "log" not in about:
        raise WrongUse(f"{path} is no copy of a log: its first line must say where it is from.")
    return Copy(about["log"], about.get("keys", {}), about.get("checkpoints", []), lines, about.get("entries", 0))


def saving(copy: Copy, path: Path) -> Iterator[dict[str, Any]]:
    """The entries, each written to a file as it passes. The file has its name once it is whole."""
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as file:
        about = {"log": copy.log, "entries": copy.expected, "keys": copy.keys, "checkpoints": copy.checkpoints}
        _write(file, about)
        for each in copy.entries:
            _write(file, each)
            yield each
    os.replace(part, path)


def _write(file: Any, line: Any) -> None:
    file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise WrongUse(f"{path}, line {number} is not JSON: the copy is damaged.") from error


def _entries(service: Service) -> Iterator[dict[str, Any]]:
    following: int | None = 0
    while following is not None:
        answer = service.call("GET", f"/v1/log/entries?from={following}&limit={AT_ONCE}").json()
        yield from answer["results"]
        following = answer["next_from"]


def _checkpoints(service: Service) -> Iterable[dict[str, Any]]:
    after: str | None = ""
    while after is not None:
        asked = f"?limit={AT_ONCE}" + (f"&after={quote(after, safe='')}" if after else "")
        answer = service.call("GET", f"/v1/log/checkpoints{asked}").json()
        yield from answer["results"]
        after = answer["next_after"]


def latest(service: Service) -> dict[str, Any] | None:
    """The service's last checkpoint; ``None`` if it has none."""
    try:
        found: dict[str, Any] = service.call("GET", "/v1/log/checkpoint").json()
    except Refused as error:
        if error.reply.status == 404:
            return None
        raise
    return found
