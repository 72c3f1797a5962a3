"""``factory-id keys``: API keys, made and revoked by staff."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from factory_id.endings import DONE, SOME_REFUSED, WrongUse
from factory_id.service import Refused, Service

PATH = "/internal/v1/keys"
KINDS = ("ics", "member", "certifier", "organiser", "factory", "owner", "staff")


def add(commands: Any) -> None:
    """Its part of the command line."""
    parser = commands.add_parser("keys", help="make, list and revoke API keys (staff)")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    create = actions.add_parser("create", help="make a key; it is shown once")
    _whose(create)
    create.add_argument("--scope", action="append", metavar="SCOPE", help="only this of what its kind may do")
    create.add_argument("--out", type=Path, help="write the key into a new file that only you can read")
    create.set_defaults(run=made, needs_key=True)
    listing = actions.add_parser("list", help="the active keys of a tenant; never the keys themselves")
    _whose(listing)
    listing.set_defaults(run=listed, needs_key=True)
    revoke = actions.add_parser("revoke", help="revoke a key: the next request with it is refused")
    revoke.add_argument("prefix", help="the twelve characters after fid_")
    revoke.set_defaults(run=revoked, needs_key=True)


def _whose(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument(
        "tenant", help="whose: a member, certifier, Factory ID, standard (of an owner), or a name such as ics"
    )


def made(chosen: argparse.Namespace, service: Service) -> int:
    """Make a key: only the key goes to standard output."""
    body: dict[str, Any] = {"kind": chosen.kind, "tenant": chosen.tenant}
    if chosen.scope:
        body["scopes"] = chosen.scope
    if chosen.out and chosen.out.exists():
        raise WrongUse(f"{chosen.out} is there already: a key is written into a new file only.")
    try:
        answer = service.call("POST", PATH, body, repeat=False).json()
    except Refused as error:
        print(f"factory-id: No key was made: {error}", file=sys.stderr)
        return SOME_REFUSED
    told = f"Key {answer['prefix']} of {answer['tenant']} may: {', '.join(answer['scopes'])}. It is shown this once."
    print(told, file=sys.stderr)
    if not chosen.out:
        print(answer["key"])
        return DONE
    with os.fdopen(os.open(chosen.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write(answer["key"] + "\n")
    return DONE


def listed(chosen: argparse.Namespace, service: Service) -> int:
    """The active keys of a tenant."""
    asked = urlencode({"kind": chosen.kind, "tenant": chosen.tenant})
    found = service.call("GET", f"{PATH}?{asked}").json()["results"]
    for key in found:
        print(f"{key['prefix']}  made {key['made_at']} by {key['made_by']}  {', '.join(key['scopes'])}")
    if not found:
        print(f"{chosen.tenant} has no active key.", file=sys.stderr)
    return DONE


def revoked(chosen: argparse.Namespace, service: Service) -> int:
    """Revoke a key."""
    try:
        service.call("DELETE", f"{PATH}/{quote(chosen.prefix, safe='')}", repeat=False)
    except Refused as error:
        print(f"factory-id: {error}", file=sys.stderr)
        return SOME_REFUSED
    print(f"{chosen.prefix} is revoked.", file=sys.stderr)
    return DONE
