"""``python -m infra.rollback public|internal|photos``: let all functions of a stack answer by an earlier release.

It takes a second. Code and settings go back; routes of the gateway, roles and tables stay. A release is refused that
was made for other tables, keys or secrets than the stack has now. The next deploy goes forward again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import boto3

from infra import operating, stack
from infra.release import ALIAS, told_by
from infra.stack import DeployError

BOUND = (
    *("REGISTRY_TABLE", "PUBLIC_TABLE", "SIGNING_KEY", "RECEIPT_KEY"),
    *("PHOTOS_BUCKET", "MAIL_SET", "CSRF_SECRET", "ORIGIN_SECRET"),
)
"""What a version must have as the stack has it: its role may use nothing else, or nobody it talks to knows it."""


@dataclass(frozen=True, slots=True)
class Release:
    """What was deployed at once. ``versions``: the number of each function's; ``live``: functions that answer so.

    ``commit``: empty for one that does not tell.
    """

    name: str
    commit: str
    made: str
    versions: Mapping[str, str]
    live: frozenset[str]


def releases(client: Any, functions: Iterable[str]) -> list[Release]:
    """Those that every function has a version of, the oldest first. ``client``: of Lambda."""
    every = {function: _versions(client, function) for function in functions}
    whole = set.intersection(*({told_by(each)[0] for each in held} for held in every.values())) if every else set()
    found = []
    for name in whole - {""}:
        newest = {function: [each for each in held if told_by(each)[0] == name][-1] for function, held in every.items()}
        answering = frozenset(
            function for function, held in every.items() if name in [told_by(each)[0] for each in held if each["live"]]
        )
        numbers = {function: each["Version"] for function, each in newest.items()}
        made = max(each["LastModified"] for each in newest.values())
        commit = next(told_by(each)[1] for each in newest.values())
        found.append(Release(name, commit, made, numbers, answering))
    return sorted(found, key=lambda each: sorted((function, int(number)) for function, number in each.versions.items()))


def before(known: Sequence[Release]) -> Release:
    """The release before the present one: before the newest that anything answers by. Raises ``LookupError``."""
    places = [place for place, each in enumerate(known) if each.live]
    if not places:
        raise LookupError("What answers now is of no release that every function has. Say which it is to be: --to.")
    if places[-1] == 0:
        raise LookupError("There is no earlier release that every function has.")
    return known[places[-1] - 1]


def unlike(client: Any, release: Release) -> list[str]:
    """In what of ``BOUND`` a release differs from what the stack has now."""
    found = set()
    for function, number in release.versions.items():
        now = client.get_function_configuration(FunctionName=function)
        then = client.get_function_configuration(FunctionName=function, Qualifier=number)
        has, had = (each.get("Environment", {}).get("Variables", {}) for each in (now, then))
        # What the function did not know then it does not need.
        found |= {name for name in BOUND if name in had and had[name] != has.get(name)}
        found |= {"role"} if now["Role"] != then["Role"] else set()
    return sorted(found)


def go_to(client: Any, functions: Iterable[str], name: str | None) -> Release:
    """Let all functions answer by release ``name``; ``None``: by the one before the present.

    Raises ``LookupError`` without one, and for one that is bound to what the stack has no more.
    """
    known = releases(client, functions)
    chosen = before(known) if name is None else next((each for each in known if each.name == name), None)
    if chosen is None:
        raise LookupError(f"There is no release {name} that every function has.")
    if differing := unlike(client, chosen):
        raise LookupError(
            f"Release {chosen.name} was made for another {', '.join(differing)} than the stack has now, and would fail."
            " Check out its code, and deploy that: make package, make deploy."
        )
    for function, number in chosen.versions.items():
        client.update_alias(FunctionName=function, Name=ALIAS, FunctionVersion=number)
    return chosen


def main(arguments: list[str] | None = None) -> int:
    """The command line; its exit code."""
    chosen = parser().parse_args(arguments)
    return operating.in_one_line(lambda: _roll_back(chosen), operating.DEPLOYING)


def _roll_back(chosen: argparse.Namespace) -> int:
    session = boto3.Session()
    cloudformation, name = session.client("cloudformation"), f"{chosen.name}-{chosen.surface}"
    if stack.outputs(cloudformation, name) is None:
        raise DeployError(f"There is no stack {name}.")
    client, functions = session.client("lambda"), stack.functions(cloudformation, name).values()
    try:
        if not chosen.list:
            now = go_to(client, functions, chosen.to)
            of = f" of {now.commit}" if now.commit else ""
            print(f"Release {now.name}{of} answers now, in {len(functions)} functions.")
    except LookupError as error:
        raise DeployError(str(error)) from error
    for each in releases(client, functions):
        mark = "*" if len(each.live) == len(functions) else "-" if each.live else " "
        numbers = " ".join(each.versions[function] for function in functions)
        print(f"{mark} {each.name}  {each.commit or 'unknown':<18}  {each.made}  {numbers}")
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line's."""
    found = argparse.ArgumentParser(prog="python -m infra.rollback", description=(__doc__ or "").splitlines()[0])
    found.add_argument("surface", choices=["public", "internal", "photos"])
    found.add_argument("--name", default="factory-id", help="begins every stack's name, as given to infra.deploy")
    found.add_argument("--to", metavar="RELEASE", help="which; the one before the present unless told")
    found.add_argument("--list", action="store_true", help="say which there are, and do nothing")
    return found


def _versions(client: Any, function: str) -> list[dict[str, Any]]:
    """The published ones, the oldest first; ``live`` is the one that answers."""
    live = client.get_alias(FunctionName=function, Name=ALIAS)["FunctionVersion"]
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    found = [each for page in pages for each in page["Versions"] if each["Version"] != "$LATEST"]
    found.sort(key=lambda each: int(each["Version"]))
    return [{**each, "live": each["Version"] == live} for each in found]


if __name__ == "__main__":
    sys.exit(main())
