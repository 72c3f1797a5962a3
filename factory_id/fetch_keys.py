"""``factory-id fetch-keys FILE``: the registry's keys, for the days without a network, with the instant they are of."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from factory_id import did_keys
from factory_id.endings import DONE
from factory_id.service import Service


def add(commands: Any) -> None:
    """Its part of the command line."""
    parser = commands.add_parser(
        "fetch-keys",
        help="keep the registry's keys, to check codes and receipts without a network",
        description="Writes the registry's did.json into a file, and into it when that was: verify-offline and "
        "check-receipt take it with --keys and say how old it is. Needs no API key.",
    )
    parser.add_argument("file", type=Path, metavar="DID.JSON", help="where to; a file that is there is replaced")
    parser.set_defaults(run=run, needs_key=False)


def run(chosen: argparse.Namespace, service: Service) -> int:
    """Fetch them. The file that was there stays unless they are whole."""
    keys = did_keys.held(None, service)
    stamped = {**keys.document, did_keys.FETCHED: f"{keys.since:%Y-%m-%dT%H:%M:%SZ}"}
    part = chosen.file.with_name(chosen.file.name + ".part")
    part.write_text(json.dumps(stamped, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(part, chosen.file)
    print(f"The keys of {keys.host} are in {chosen.file}. {keys.told()}", file=sys.stderr)
    return DONE
