"""``factory-id staff``: what became of a factory, put on record by the registry's staff, each time with the reason."""

from __future__ import annotations

import argparse
import sys
from typing import Any
from urllib.parse import quote

from factory_id.endings import DONE, SOME_REFUSED
from factory_id.service import Refused, Service

ACTIONS = {
    "merge": ("merge", "merge a record into another of the same factory: its printed codes lead there from now on"),
    "move": ("move", "put on record that a factory moved: to another address, or into the ID of its new place"),
    "undo": ("unmerge", "undo a merge: both records show what they showed before"),
    "close": ("close", "put on record that a factory closed; its page stays, and says so"),
    "reopen": ("reopen", "put on record that a factory is open again"),
}
"""By the name of the action: the end of its address, and what it does."""
PLACE = ("address", "city", "region", "postal_code")


def add(commands: Any) -> None:
    """Its part of the command line."""
    parser = commands.add_parser("staff", help="merge, undo a merge, move, close and reopen factories (staff)")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for name, (ending, about) in ACTIONS.items():
        action = actions.add_parser(name, help=about)
        action.add_argument("factory", help="its Factory ID, such as BD-F8QY4-0YGE1")
        if name == "merge":
            action.add_argument("--into", required=True, metavar="FACTORY", help="the Factory ID that stays")
        if name == "move":
            action.add_argument("--into", metavar="FACTORY", help="the Factory ID of the new place, if it has its own")
            for part in PLACE:
                action.add_argument(f"--{part.replace('_', '-')}", metavar="TEXT", help="of the new place")
        if name in ("move", "close"):
            action.add_argument("--effective", metavar="YYYY-MM-DD", help="since when; today unless given")
        action.add_argument("--reason", required=True, help="why: a sentence, which the history keeps")
        action.set_defaults(run=run, ending=ending, needs_key=True)


def run(chosen: argparse.Namespace, service: Service) -> int:
    """Do it once: it is not repeated if the answer is lost."""
    given = {name: getattr(chosen, name, None) for name in ("into", "effective", *PLACE)}
    body = {"reason": chosen.reason, **{name: value for name, value in given.items() if value}}
    path = f"/internal/v1/factories/{quote(chosen.factory, safe='')}/{chosen.ending}"
    try:
        answer = service.call("POST", path, body, repeat=False).json()
    except Refused as error:
        print(f"factory-id: {error}", file=sys.stderr)
        return SOME_REFUSED
    print(f"{answer['factory_id']} is {answer['status']}: {answer['url']}")
    return DONE
