"""``factory-id labels``: sheets of QR codes to print, or a poster, of factories; or one label for each item."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from factory_id import serial_labels
from factory_id.bar import Bar
from factory_id.endings import DONE, SOME_REFUSED, WrongUse
from factory_id.service import Refused, Service

_MEASURES = ("paper", "cols", "rows", "size")


def add(commands: Any) -> None:
    """Its part of the command line."""
    parser = commands.add_parser(
        "labels",
        help="sheets of QR codes, of factories or of items one by one, as PDF",
        description="Sheets of QR codes as PDF. Of factories: one sheet (or a poster) for each Factory ID. Of items: a "
        "label for each row of a CSV file with the columns gtin, serial and, if wanted, lot; or of --gtin and "
        "--serials. Some labels are read back before the file gets its name. Interrupted: run it again. Needs no key.",
    )
    parser.add_argument("factory", nargs="*", metavar="FACTORY|FILE.csv", help="such as BD-F8QY4-0YGE1")
    parser.add_argument("-o", "--out", type=Path, required=True, help="a file; a folder if there are several factories")
    parser.add_argument("--poster", action="store_true", help="a poster instead of labels")
    parser.add_argument("--paper", "--page", type=str.lower, choices=("a4", "letter"))
    parser.add_argument("--cols", "--columns", type=int, help="labels side by side")
    parser.add_argument("--rows", type=int, help="labels one below the other")
    parser.add_argument("--size", "--code-mm", type=float, help="width of a code in mm")
    serial_labels.add(parser.add_argument_group("labels of items"))
    parser.set_defaults(run=run, needs_key=False)


def run(chosen: argparse.Namespace, service: Service) -> int:
    """Fetch them; the exit code says whether there was one for each."""
    if serial_labels.meant(chosen):
        return serial_labels.run(chosen, service)
    if not chosen.factory:
        raise WrongUse("Name factories, a CSV file of items, or --gtin with --serials.")
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
