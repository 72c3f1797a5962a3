"""Rows of a CSV file as items of an audit batch. Whether they are right is for the service to say, not for this."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from factory_id.endings import WrongUse
from factory_id.tables import Row, Table

REQUIRED = ("site", "version", "name", "country", "audit_reference", "audit_scope", "audit_type", "audit_date")
_TEXTS = (
    *("name", "country", "local_name", "address", "city", "region", "postal_code", "gln", "workforce", "website"),
    *("contact_name", "contact_email", "contact_phone"),
)
_LISTS = ("aliases", "product_categories", "processes", "languages")
_PLACE = ("latitude", "longitude")
_AUDIT = ("audit_reference", "audit_scope", "audit_type", "audit_notice", "audit_date")
COLUMNS = ("site", "version", "member_ids", *_AUDIT, *_TEXTS, *_LISTS, *_PLACE)
_TEXT_IN = re.compile(r"description_([a-z]{2,3}(?:_[a-z0-9]+)*)\Z")
_WHOLE = re.compile(r"[0-9]{1,18}\Z")
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,15})?\Z")
_POINTER = re.compile(r"(^|; )/(audit|factory)?/?([a-z_]+)")

MOST_ROW_BYTES = 100_000
MOST_BYTES = 3_000_000  # of a batch: the service takes a million more


@dataclass(frozen=True, slots=True)
class About:
    """Which row of the file an item came from, and what it is about."""

    row: int
    site: str
    reference: str


@dataclass(slots=True)
class Batch:
    """Items that are sent together, and rows of the same stretch of the file that cannot be sent at all."""

    number: int
    about: list[About] = field(default_factory=list)
    items: list[bytes] = field(default_factory=list)
    unfit: list[tuple[About, str]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows of the file this is."""
        return len(self.about) + len(self.unfit)

    @property
    def body(self) -> bytes:
        """What is sent: the same bytes for the same rows, always."""
        return b'{"items":[' + b",".join(self.items) + b"]}"


def check_columns(table: Table, ignored: Collection[str]) -> None:
    """``WrongUse`` for a heading that lacks a column, has one twice, or one that is not known."""
    missing = [name for name in REQUIRED if name not in table.columns]
    if missing:
        raise WrongUse(
            f"{table.path} lacks the columns: {', '.join(missing)}. Its columns: {', '.join(table.columns)}."
        )
    twice = sorted({name for name in table.columns if table.columns.count(name) > 1})
    if twice:
        raise WrongUse(f"{table.path} has these columns twice: {', '.join(twice)}.")
    for name in table.columns:
        if name not in COLUMNS and name not in ignored and not _TEXT_IN.match(name):
            close = difflib.get_close_matches(name, COLUMNS, 1)
            meant = f"Did you mean {close[0]}? " if close else ""
            raise WrongUse(f"The column {name!r} is not known. {meant}If it is not to be sent, add --ignore {name!r}.")


def batches(table: Table, size: int, ignored: Collection[str] = ()) -> Iterator[Batch]:
    """The file in batches of at most so many rows, cut at the same places each time."""
    batch, weight = Batch(0), 0
    for row in table:
        about = About(row.number, row.cells.get("site", ""), row.cells.get("audit_reference", ""))
        item = b"" if row.fault else _written(item_of(row, ignored))
        if batch.rows == size or weight + len(item) > MOST_BYTES:
            yield batch
            batch, weight = Batch(batch.number + 1), 0
        if row.fault or len(item) > MOST_ROW_BYTES:
            batch.unfit.append((about, row.fault or f"has {len(item):,} bytes, more than {MOST_ROW_BYTES:,}"))
        else:
            batch.about.append(about)
            batch.items.append(item)
            weight += len(item) + 1
    if batch.rows:
        yield batch


def item_of(row: Row, ignored: Collection[str] = ()) -> dict[str, Any]:
    """A row as an item. Empty cells are not sent; what is not as it should be is sent as it is."""
    given = {name: cell for name, cell in row.cells.items() if cell and name not in ignored}
    factory: dict[str, Any] = {name: given[name] for name in _TEXTS if name in given}
    factory |= {name: _listed(given[name]) for name in _LISTS if name in given}
    texts = {found[1].replace("_", "-"): given[name] for name in given if (found := _TEXT_IN.match(name))}
    if texts:
        factory["descriptions"] = texts
    if any(name in given for name in _PLACE):
        factory["coordinates"] = {name: _degrees(given.get(name, "")) for name in _PLACE}
    audit = {name.removeprefix("audit_"): given[name] for name in _AUDIT if name in given}
    item: dict[str, Any] = {"site": given.get("site"), "version": _whole(given.get("version", ""))}
    item |= {"factory": factory, "audit": audit}
    if "member_ids" in given:
        item["member_ids"] = _listed(given["member_ids"])
    return item


def by_columns(detail: str) -> str:
    """The service's reasons with columns of the file in place of its pointers."""

    def column(found: re.Match[str]) -> str:
        before, part, name = found.groups()
        if name == "coordinates":
            return f"{before}latitude, longitude"
        return f"{before}audit_{name}" if part == "audit" else f"{before}{name}"

    return _POINTER.sub(column, detail)


def _written(item: dict[str, Any]) -> bytes:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode()


def _listed(cell: str) -> list[str]:
    parts = cell.split("|" if "|" in cell else ";")
    return [part.strip() for part in parts if part.strip()]


def _whole(cell: str) -> int | str | None:
    return int(cell) if _WHOLE.match(cell) else cell or None


def _degrees(cell: str) -> float | str | None:
    return float(cell) if _DEGREES.match(cell) else cell or None
