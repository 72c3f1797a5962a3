"""``factory-id labels FACTORY …``: sheets of QR codes to print, or a poster, as PDF."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from factory_id.bar import Bar
from factory_id.endings import DONE, SOME_REFUSED, WrongUse
from factory_id.service import Refused, Service

_MEASURES = ("paper", "cols", "rows", "size")


def add(commands: Any) -> None:
    """Its part of the command line."""
    parser = commands.add_parser(
        "labels",
        help="sheets of QR codes of factories, as PDF",
        description="Fetch a sheet of QR codes (or a poster) for each Factory ID, as PDF. Needs no key.",
    )
    parser.add_argument("factory", nargs="+", help="a Factory ID, such as BD-F8QY4-0YGE1")
    parser.add_argument("-o", "--out", type=Path, required=True, help="a file; a folder if there are several")
    parser.add_argument("--poster", action="store_true", help="a poster instead of labels")
    parser.add_argument("--paper", choices=("a4", "letter"))
    parser.add_argument("--cols", type=int, help="labels side by side")
    parser.add_argument("--rows", type=int, help="labels one below the other")
    parser.add_argument("--size", type=float, help="width of a code in mm")
    parser.set_defaults(run=run, needs_key=False)


def run(chosen: argparse.Namespace, service: Service) -> int:
    """Fetch them; the exit code says whether there was one for each."""
    several = len(chosen.factory) > 1
    if several and chosen.out.exists() and not chosen.out.is_dir():
        raise WrongUse(f"{chosen.out} is a file: for several factories -o names a folder.")
    if several:
        chosen.out.mkdir(parents=True, exist_ok=True)
    sheet = "poster" if chosen.poster else "labels"
    asked = urlencode({name: given for name in _MEASURES if (given := getattr(chosen, name)) is not None})
    refused = 0
    with Bar(sheet, len(chosen.factory)) as bar:
        service.note = bar.note
        for factory in chosen.factory:
            path = f"/f/{quote(factory, safe='')}/{sheet}.pdf" + (f"?{asked}" if asked else "")
            try:
                content = service.call("GET", path, accept="application/pdf, application/problem+json").content
            except Refused as error:
                refused += 1
                bar.note(f"{factory}: {error}")
            else:
                name = re.sub(r"[^A-Za-z0-9-]", "", factory) + f"-{sheet}.pdf"
                (chosen.out / name if several or chosen.out.is_dir() else chosen.out).write_bytes(content)
            bar.advance(1)
    return SOME_REFUSED if refused else DONE
