"""``python -m infra.rollback public|internal``: let a surface answer by an earlier version of its function, at once.

Code and settings go back; routes of the gateway, roles and tables stay. The next deploy goes forward again.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import Any

import boto3

from infra import stack

ALIAS = "live"


@dataclass(frozen=True, slots=True)
class Version:
    """A published version of a function; ``live``: it answers now."""

    number: str
    made: str
    description: str
    live: bool


def versions(client: Any, function: str) -> list[Version]:
    """All that were published, the oldest first. ``client``: of Lambda."""
    live = client.get_alias(FunctionName=function, Name=ALIAS)["FunctionVersion"]
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    found = [each for page in pages for each in page["Versions"] if each["Version"] != "$LATEST"]
    return [
        Version(each["Version"], each["LastModified"], each.get("Description", ""), each["Version"] == live)
        for each in sorted(found, key=lambda each: int(each["Version"]))
    ]


def go_to(client: Any, function: str, number: str | None) -> str:
    """Let version ``number`` answer; ``None``: the one before the present. Raises ``LookupError`` without one."""
    known = versions(client, function)
    if number is None:
        place = next(place for place, each in enumerate(known) if each.live)
        if place == 0:
            raise LookupError("There is no earlier version.")
        number = known[place - 1].number
    if number not in {each.number for each in known}:
        raise LookupError(f"There is no version {number}.")
    client.update_alias(FunctionName=function, Name=ALIAS, FunctionVersion=number)
    return number


def main(arguments: list[str] | None = None) -> int:
    """The command line; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.rollback", description=__doc__.splitlines()[0])
    parser.add_argument("surface", choices=["public", "internal"])
    parser.add_argument("--name", default="factory-id", help="begins every stack's name, as given to infra.deploy")
    parser.add_argument("--to", metavar="VERSION", help="which; the one before the present unless told")
    parser.add_argument("--list", action="store_true", help="say which there are, and do nothing")
    chosen = parser.parse_args(arguments)
    session = boto3.Session()
    outputs = stack.outputs(session.client("cloudformation"), f"{chosen.name}-{chosen.surface}")
    if outputs is None:
        print(f"There is no stack {chosen.name}-{chosen.surface}.", file=sys.stderr)
        return 2
    client, function = session.client("lambda"), outputs["APIHandlerName"]
    if not chosen.list:
        try:
            print(f"Version {go_to(client, function, chosen.to)} answers now.")
        except LookupError as error:
            print(error, file=sys.stderr)
            return 2
    for each in versions(client, function):
        print(f"{'*' if each.live else ' '} {each.number:>4}  {each.made}  {each.description}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
