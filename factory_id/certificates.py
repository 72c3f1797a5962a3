"""``factory-id certificates import FILE``: certificates from a CSV file, as their certifier's word."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from factory_id import tables
from factory_id.bar import Bar
from factory_id.endings import DONE, SOME_REFUSED, WrongUse
from factory_id.service import Refused, Service
from factory_id.tables import Table

REQUIRED = ("factory_id", "number", "standard_id", "scope", "valid_from", "valid_to")
OPTIONAL = ("products", "gdti", "certifier")
HEADING = ("row", "factory_id", "number", "why")


def add(commands: Any) -> None:
    """Its part of the command line."""
    parser = commands.add_parser("certificates", help="register certificates (a certifier's key)")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    load = actions.add_parser(
        "import",
        help="register those of a CSV file",
        description=f"Register the certificates of a CSV file. Columns: {', '.join(REQUIRED)}; if wanted "
        f"{', '.join(OPTIONAL)} (products with | between them). Interrupted: run it again, what is registered stays.",
    )
    load.add_argument("file", type=Path)
    load.add_argument("--report", type=Path, help="where to list the rows refused (FILE.rejected.csv)")
    load.set_defaults(run=run, needs_key=True)


def run(chosen: argparse.Namespace, service: Service) -> int:
    """Register row after row; the exit code says whether all were taken."""
    table = Table.of(chosen.file)
    missing = [name for name in REQUIRED if name not in table.columns]
    unknown = [name for name in table.columns if name not in REQUIRED + OPTIONAL]
    if missing or unknown:
        wrong = f"lacks: {', '.join(missing)}" if missing else f"has unknown columns: {', '.join(unknown)}"
        raise WrongUse(f"{chosen.file} {wrong}. Its columns: {', '.join(table.columns)}.")
    report = chosen.report or chosen.file.with_name(chosen.file.name.removesuffix(".csv") + ".rejected.csv")
    counts: Counter[str] = Counter()
    refused: list[tuple[int, str, str, str]] = []
    try:
        with Bar("certificates", table.total) as bar:
            service.note = bar.note
            for row in table:
                try:
                    reply = service.call("POST", "/internal/v1/certificates", _body(row.cells))
                    counts["registered" if reply.status == 201 else "already registered"] += 1
                except Refused as error:
                    about = row.cells.get("factory_id", ""), row.cells.get("number", "")
                    refused.append((row.number, *about, str(error)))
                bar.advance(1)
    finally:
        tables.written(report, HEADING, refused)
    told = [f"{number:,} {what}" for what, number in counts.items()] + [f"{len(refused):,} refused"]
    print(f"{chosen.file.name}: {', '.join(told)}.")
    if refused:
        print(f"The rows refused, and why: {report}")
    return SOME_REFUSED if refused else DONE


def _body(cells: dict[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {name: cell for name, cell in cells.items() if cell}
    if "products" in body:
        body["products"] = [part.strip() for part in body["products"].split("|") if part.strip()]
    return body
