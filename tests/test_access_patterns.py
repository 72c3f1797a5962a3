"""``docs/access-patterns.md`` tells of the keys that there are, and of functions that there are."""

from __future__ import annotations

import re
from importlib import import_module
from itertools import product
from pathlib import Path

from chalicelib.store import keys

DOC = Path(__file__).resolve().parent.parent / "docs" / "access-patterns.md"
Pattern = tuple[str, str, str]


def _of_code() -> set[Pattern]:
    """(table, partition key, sort key) of each pattern in the docstring."""
    found, table = set(), ""
    for line in (keys.__doc__ or "").splitlines():
        if heading := re.fullmatch(r"\*\*(\w+)\*\*", line.strip()):
            table = heading.group(1)
        elif line.startswith("``"):
            partition, sort = re.split(r"\s{2,}", line)[:2]
            pairs = product(re.findall("``(.+?)``", partition), re.findall("``(.+?)``", sort))
            found.update((table, *pair) for pair in pairs)
    return found


def _rows() -> list[tuple[str, list[str]]]:
    """(heading, cells) of each row of a table with seven columns."""
    found, heading = [], ""
    for line in DOC.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 7 and "`" in cells[1]:
            found.append((heading, cells))
    return found


def test_the_document_tells_of_each_key_pattern_and_of_no_other() -> None:
    told = set()
    for heading, cells in _rows():
        table = "public" if "public" in heading else "registry"
        told.update(
            (table, *pair) for pair in product(re.findall("`(.+?)`", cells[1]), re.findall("`(.+?)`", cells[2]))
        )
    assert told == _of_code()


def test_the_functions_that_the_document_names_are_there() -> None:
    text = DOC.read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)\.([a-z_]+)`(?=[,| ])", text))
    assert len(named) > 25
    for module, function in named:
        public = module in ("reader", "finder", "batch", "brands", "log_reader")
        room = "chalicelib.store" if public else "chalicelib.store.registry"
        assert callable(getattr(import_module(f"{room}.{module}"), function)), (module, function)


def test_each_public_question_of_the_code_is_in_the_document() -> None:
    reader = import_module("chalicelib.store.reader")
    asked = {name for name, each in vars(reader).items() if getattr(each, "__module__", "") == reader.__name__}
    functions = {name for name in asked if not name.startswith("_") and name[0].islower()}
    assert functions == set(re.findall(r"`reader\.([a-z_]+)`", DOC.read_text(encoding="utf-8")))
