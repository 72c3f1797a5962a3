"""A product as the inputs of a form, and back: what is typed stays, and each fault is told at the input it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain import identity
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.product import Product
from chalicelib.internal import products
from chalicelib.internal.portal.form import tidy

PLAIN = ("gtin", "brand", "name", "category", "lots")
ROW = ("process", "factory_id")
FIRST_ROWS, MORE_ROWS = 4, 5
_POINTER = re.compile(r"/stages/(\d+)(?:/(\w+))?")


@dataclass(frozen=True, slots=True)
class Line:
    """One stage as it is typed, and what the factory is called that its code names."""

    number: int
    process: str
    factory_id: str
    factory: str


def inputs(product: Product) -> dict[str, str]:
    """Every input of the form, by name, with the text that the record gives it."""
    texts = {
        "brand": product.brand,
        "name": product.name,
        "category": product.category,
        "lots": "\n".join(product.lots),
    }
    for number, stage in enumerate(product.stages, 1):
        texts[f"process-{number}"] = stage.process
        texts[f"factory_id-{number}"] = identity.shown(stage.factory_id)
    return {**texts, "rows": str(min(len(product.stages) + 1, products.MOST_STAGES))}


def rows(texts: Mapping[str, str], more: int = 0) -> int:
    """How many rows for stages the form has."""
    said = texts.get("rows", "")
    now = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else FIRST_ROWS
    return max(1, min(now + more, products.MOST_STAGES))


def lines(texts: Mapping[str, str], more: int = 0) -> list[Line]:
    """The rows for stages, with the names of the factories that are on record."""
    typed = [(number, *_row(texts, number)) for number in range(1, rows(texts, more) + 1)]
    codes = {said: code for _, _, said in typed if (code := _code(said))}
    names = products.factory_names(codes.values())
    return [Line(number, process, said, names.get(codes.get(said, ""), "")) for number, process, said in typed]


def content(texts: Mapping[str, str]) -> tuple[dict[str, Any], list[int]]:
    """What the form says, as the JSON of a product, and the row that each stage stands in. Empty rows say nothing."""
    typed = [(number, *_row(texts, number)) for number in range(1, rows(texts) + 1)]
    filled = [(number, process, said) for number, process, said in typed if process or said]
    body: dict[str, Any] = {name: " ".join(texts.get(name, "").split()) for name in ("brand", "name")}
    body["lots"] = lots_of(texts.get("lots", ""))
    if category := code_of(texts.get("category", "")):
        body["category"] = category
    if filled:
        body["stages"] = [{"process": code_of(process), "factory_id": said} for _, process, said in filled]
    return body, [number for number, _, _ in filled]


def placed(error: Malformed, stands_in: list[int]) -> Malformed:
    """The same faults, told at the inputs of the form."""
    faults = [Fault(f"/{_input(fault.pointer, stands_in)}", fault.detail) for fault in error.faults]
    return Malformed("Some fields cannot be taken as sent.", faults or [Fault("/process-1", error.detail)])


def code_of(typed: str) -> str:
    """Words as a code: ``Home textiles`` is ``home_textiles``."""
    return re.sub(r"[\s_]+", "_", typed.strip().lower())


def lots_of(typed: str) -> list[str]:
    """Lots out of lines, or with commas between."""
    return [lot for lot in re.split(r"[\s,;]+", typed) if lot]


def _input(pointer: str, stands_in: list[int]) -> str:
    found = _POINTER.match(pointer)
    if found is None:
        name = pointer.strip("/").split("/")[0]
        return "process-1" if name == "stages" else name
    return f"{found.group(2) or 'process'}-{stands_in[int(found.group(1))]}"


def _row(texts: Mapping[str, str], number: int) -> tuple[str, str]:
    return tidy(texts.get(f"process-{number}", "")), tidy(texts.get(f"factory_id-{number}", ""))


def _code(said: str) -> str:
    try:
        return identity.parse_factory_id(said)
    except Malformed:
        return ""
