"""Which items get a label: the rows of a CSV file, a range of serial numbers, or a list of them in a file.

They are gone through twice, first to look whether all can be printed, and are never all in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from factory_id.endings import WrongUse
from factory_id.tables import Table
from factory_labels import links, symbols
from factory_labels.links import Item, Unfit

REQUIRED = ("gtin", "serial")
OPTIONAL = ("lot",)
Named = tuple[str, str, str, str]
"""GTIN, serial number, lot, and where it stands: ``row 7``."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """All items of a run, looked through. ``digest`` is the same for the same labels only."""

    base_url: str
    named: Callable[[], Iterator[Named]]
    total: int
    digest: str
    version: int
    lines: int
    letters: int
    gtins: tuple[str, ...]

    def __iter__(self) -> Iterator[Item]:
        return (links.item(self.base_url, gtin, serial, lot) for gtin, serial, lot, _ in self.named())


def looked_through(base_url: str, named: Callable[[], Iterator[Named]], level: str) -> Wanted:
    """Go through all items once. ``WrongUse`` names the first that cannot be printed, or that stands there twice."""
    digest, total, lines, letters = hashlib.sha256(), 0, 0, 0
    seen: set[int] = set()
    gtins: dict[str, None] = {}
    longest: dict[tuple[int, bool], str] = {}
    for gtin, serial, lot, place in named():
        try:
            item = links.item(base_url, gtin, serial, lot)
        except Unfit as error:
            raise WrongUse(f"{place}: {error}.") from error
        known = hash((item.address.partition("/01/")[2][:14], serial))
        if known in seen:
            raise WrongUse(f"{place}: {serial} of this product stands there twice. Two items with one code are copies.")
        seen.add(known)
        gtins[links.checked_gtin(gtin)] = None
        longest.setdefault((len(item.address), item.address.isupper()), item.address)
        digest.update(item.address.encode() + b"\n")
        total, lines = total + 1, max(lines, len(item.lines))
        letters = max(letters, *map(len, item.lines))
    if not total:
        raise WrongUse("There is no item to print a label for.")
    version = max(symbols.version_of(address, level) for address in longest.values())
    return Wanted(base_url, named, total, digest.hexdigest(), version, lines, letters, tuple(gtins))


def of_table(path: Path) -> Callable[[], Iterator[Named]]:
    """The rows of a CSV file with the columns ``gtin``, ``serial`` and, if wanted, ``lot``."""
    table = Table.of(path)
    missing = [name for name in REQUIRED if name not in table.columns]
    unknown = [name for name in table.columns if name not in REQUIRED + OPTIONAL]
    if missing or unknown:
        wrong = f"lacks: {', '.join(missing)}" if missing else f"has unknown columns: {', '.join(unknown)}"
        raise WrongUse(f"{path} {wrong}. Its columns: {', '.join(table.columns)}.")

    def named() -> Iterator[Named]:
        for row in table:
            if row.fault:
                raise WrongUse(f"{path.name}, row {row.number}: it {row.fault}.")
            cells = row.cells
            yield cells.get("gtin", ""), cells.get("serial", ""), cells.get("lot", ""), f"{path.name}, row {row.number}"

    return named


def of_serials(gtin: str, serials: str, lot: str) -> Callable[[], Iterator[Named]]:
    """The serial numbers of one product: ``A0001..A0500``, or a file with one in each line."""
    path = Path(serials)
    if not path.is_file():
        first, dots, last = serials.partition("..")
        if not (dots and first and last):
            raise WrongUse(f"--serials takes a range such as A0001..A0500, or a file: {serials} is neither.")
        numbers = _range(first, last)
        return lambda: ((gtin, links.numbered(first, each), lot, f"serial number {each}") for each in numbers)

    def named() -> Iterator[Named]:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield gtin, line.strip(), lot, f"{path.name}, line {number}"

    return named


def _range(first: str, last: str) -> range:
    try:
        return links.running(first, last)
    except Unfit as error:
        raise WrongUse(f"{error}.") from error
