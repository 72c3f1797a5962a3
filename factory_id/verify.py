"""``factory-id verify FILE``: do these certificates hold? Any number of them, a thousand a request."""

from __future__ import annotations

import argparse
import csv
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

from factory_id import tables
from factory_id.bar import Bar
from factory_id.endings import DONE, SOME_REFUSED, WrongUse
from factory_id.service import Service
from factory_id.tables import Table

MOST = 1000
COLUMNS = (
    "row", "number", "status", "confirmed_by_certifier", "code", "recorded_number", "standard", "holder", "factory_id",
    "certifier", "valid_from", "valid_to", "status_reason", "advice", "url", "on", "checked_at",
)  # fmt: skip
_NUMBER = re.compile(r"(certificate_?)?(number|numbers|no\.?|nr\.?|code|codes)\Z|certificates?\Z")
Line = tuple[int, str]


def add(commands: Any) -> None:
    """Its part of the command line."""
    parser = commands.add_parser(
        "verify",
        help="check certificates by number or code",
        description="Check the certificate numbers or codes of a CSV file; the answers are CSV. Needs no key. "
        "Ends with 0 if all are valid and confirmed by their certifier, else with 1.",
    )
    parser.add_argument("file", help="a CSV file, or - for standard input")
    parser.add_argument("--on", type=_day, help="the day asked about, YYYY-MM-DD (today, UTC)")
    parser.add_argument("--standard", help="count only certificates of this standard, such as gots")
    parser.add_argument("--column", help="which column holds them (one called number or code, else the first)")
    parser.add_argument("-o", "--out", type=Path, help="where to write the answers (standard output)")
    parser.set_defaults(run=run, needs_key=False)


def run(chosen: argparse.Namespace, service: Service) -> int:
    """Check them all; the exit code says whether all of them are valid and confirmed by their certifier."""
    if chosen.file != "-":
        return _checked(chosen, Table.of(Path(chosen.file)), service)
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "standard input"
        given.write_bytes(sys.stdin.buffer.read())
        return _checked(chosen, Table.of(given), service)


def _checked(chosen: argparse.Namespace, table: Table, service: Service) -> int:
    column, headed = _column(table, chosen.column)
    lines = _lines(table, column, headed)
    counts: Counter[str] = Counter()
    with Bar("certificates", table.total + (not headed)) as bar:
        service.note = bar.note
        answers = _answers(lines, chosen, service, bar, counts)
        if chosen.out:
            tables.written(chosen.out, COLUMNS, answers)
        else:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows([tables.inert(cell) for cell in row] for row in answers)
    told = ", ".join(f"{number:,} {status.replace('_', ' ')}" for status, number in counts.most_common())
    print(f"{counts.total():,} checked: {told or 'none'}.", file=sys.stderr)
    return DONE if counts["valid"] == counts.total() else SOME_REFUSED


def _answers(
    lines: Iterator[Line], chosen: argparse.Namespace, service: Service, bar: Bar, counts: Counter[str]
) -> Iterator[list[Any]]:
    while some := list(islice(lines, MOST)):
        asked = {"numbers": [number for _, number in some], "on": chosen.on, "standard": chosen.standard}
        answer = service.call("POST", "/v1/verify", {name: said for name, said in asked.items() if said}).json()
        about = {name: answer[name] for name in ("on", "checked_at")}
        for (row, _), result in zip(some, answer["results"], strict=True):
            counts[_face(result)] += 1
            fact = {**result, **about, "row": row}
            if "standard" in result:
                fact |= {"standard": result["standard"]["name"], "holder": result["holder"]["name"]}
                fact["factory_id"] = result["holder"]["factory_id"]
            yield [fact.get(name) for name in COLUMNS]
        bar.advance(len(some))


def _face(result: dict[str, Any]) -> str:
    """The status as people are told it: what only the factory declares is not counted with what is confirmed."""
    is_declared = result["status"] == "valid" and not result.get("confirmed_by_certifier")
    return "declared valid" if is_declared else str(result["status"])


def _column(table: Table, wanted: str | None) -> tuple[str, bool]:
    """Which column holds the numbers, and whether the first row is a heading at all."""
    if wanted:
        name = wanted.strip().lower().replace(" ", "_")
        if name not in table.columns:
            raise WrongUse(f"There is no column {wanted!r}. The columns: {', '.join(table.columns)}.")
        return name, True
    named = next((name for name in table.columns if _NUMBER.match(name)), None)
    return (named, True) if named else (table.columns[0], False)


def _lines(table: Table, column: str, headed: bool) -> Iterator[Line]:
    first = [] if headed else [(1, table.heading[0].strip())]
    rest = ((row.number, row.cells.get(column, "")) for row in table)
    return ((row, number) for row, number in chain(first, rest) if number)


def _day(text: str) -> str:
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError(text)
    return text
