"""A file of products: what would come of each, and why some cannot be taken. Looking at it changes nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain import identity
from chalicelib.domain.errors import Conflict, Fault, Malformed, TooLarge
from chalicelib.domain.phrase import phrase
from chalicelib.domain.product import Product
from chalicelib.internal import products
from chalicelib.internal.access import Caller
from chalicelib.store.registry import products as store
from chalicelib.web.columns import Entry

MOST_PRODUCTS = 200
_STAGE = re.compile(r"/stages/(\d+)")
_SHARED = ("brand", "name", "category")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why a product cannot be taken: in which line of the file, and what is wrong there."""

    line: int
    column: str
    detail: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """The rows of one product. ``product`` is what would be put on record: ``None`` where there are mistakes.

    ``outcome``: ``new``, ``changed``, ``same`` or ``faulty``. ``factories`` names those of the stages.
    """

    entries: tuple[Entry, ...]
    outcome: str = "faulty"
    product: Product | None = None
    mistakes: tuple[Mistake, ...] = ()
    factories: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What the product is called, as far as the rows say."""
        return next((each.cells["name"] for each in self.entries if "name" in each.cells), "")


def look(caller: Caller, entries: Sequence[Entry], *, made_here: bool = False) -> list[Bundle]:
    """What would come of each product of a file. ``made_here``: a code that is on no record was given by us before."""
    groups = _grouped(entries)
    if len(groups) > MOST_PRODUCTS:
        raise TooLarge(phrase("A file may have at most %(most)s products. Split it.", most=MOST_PRODUCTS))
    names = products.factory_names(_codes(entries))
    identified = [(group, _identified(group)) for group in groups]
    wanted = [each for _, each in identified if isinstance(each, str) and each]
    held = {each.product_id: each for each in store.several(wanted)}
    return [_judged(caller, group, found, held, names, made_here) for group, found in identified]


def save(caller: Caller, bundles: Iterable[Bundle]) -> list[Bundle]:
    """Put on record what has no mistakes; answers the products that somebody else took in the meantime."""
    refused = []
    for each in bundles:
        if each.product is not None and each.outcome != "same":
            try:
                store.put(each.product, caller.actor)
            except Conflict as error:
                refused.append(_faulty(each, Mistake(each.entries[0].line, "gtin_or_code", error.detail)))
    return refused


def rows(bundles: Iterable[Bundle]) -> list[Mapping[str, str]]:
    """The rows without mistakes, each with the number or code of its product."""
    return [
        {**entry.cells, "gtin_or_code": each.product.product_id}
        for each in bundles
        if each.product is not None
        for entry in each.entries
    ]


def _grouped(entries: Sequence[Entry]) -> list[Bundle]:
    """Rows of one product stand together by its number; those without one by brand and name."""
    groups: dict[tuple[str, ...], list[Entry]] = {}
    for each in entries:
        said = each.cells.get("gtin_or_code", "")
        names = tuple(" ".join(each.cells.get(name, "").split()) for name in ("brand", "name"))
        groups.setdefault((identity.squeeze(said),) if said else ("", *names), []).append(each)
    return [Bundle(tuple(group)) for group in groups.values()]


def _identified(group: Bundle) -> str | Mistake:
    """The number or code of a product; empty for one that has none yet."""
    first = group.entries[0]
    try:
        said = first.cells.get("gtin_or_code", "")
        return identity.parse_product_id(said) if said else ""
    except Malformed as error:
        return Mistake(first.line, "gtin_or_code", error.detail)


def _judged(
    caller: Caller,
    group: Bundle,
    found: str | Mistake,
    held: Mapping[str, Product],
    names: Mapping[str, str],
    made_here: bool,
) -> Bundle:
    if isinstance(found, Mistake):
        return _faulty(group, found)
    before = held.get(found)
    first = group.entries[0]
    if before is not None and before.member_id != caller.tenant:
        return _faulty(group, Mistake(first.line, "gtin_or_code", "Another member answers for this product."))
    if before is None and found and not found.isdigit() and not made_here:
        return _faulty(group, Mistake(first.line, "gtin_or_code", "There is no such product of yours."))
    try:
        product = products.checked(caller, found or products.new_code(), _content(group), names)
    except Malformed as error:
        return _faulty(group, *_mistakes(group, error))
    outcome = "new" if before is None else "changed"
    if (
        before is not None
        and replace(product, updated_at=before.updated_at, version=before.version, claims=before.claims) == before
    ):
        outcome = "same"
    factories = tuple(names[stage.factory_id] for stage in product.stages)
    return replace(group, outcome=outcome, product=product, factories=factories)


def _content(group: Bundle) -> dict[str, Any]:
    """The rows of a product as its JSON. ``Malformed`` where two rows contradict each other."""
    body: dict[str, Any] = {}
    faults = []
    for place, each in enumerate(group.entries):
        for name in _SHARED:
            said = " ".join(each.cells.get(name, "").split())
            if said and body.setdefault(name, said) != said:
                faults.append(Fault(f"/stages/{place}/{name}", "says something else than a row before it"))
    if faults:
        raise Malformed("Two rows contradict each other.", faults)
    body["category"] = _code(body.get("category", ""))
    body["lots"] = [lot for each in group.entries for lot in re.split(r"[\s,;]+", each.cells.get("lots", "")) if lot]
    body["stages"] = [
        {"process": _code(each.cells.get("process", "")), "factory_id": each.cells.get("factory_id", "")}
        for each in group.entries
    ]
    return body


def _mistakes(group: Bundle, error: Malformed) -> list[Mistake]:
    found = []
    for fault in error.faults or (Fault("", error.detail),):
        stage = _STAGE.match(fault.pointer)
        entry = group.entries[int(stage.group(1))] if stage else group.entries[0]
        found.append(Mistake(entry.line, fault.pointer.rpartition("/")[2], fault.detail))
    return found


def _faulty(group: Bundle, *mistakes: Mistake) -> Bundle:
    return replace(group, outcome="faulty", product=None, mistakes=mistakes)


def _codes(entries: Iterable[Entry]) -> Collection[str]:
    found = set()
    for each in entries:
        try:
            found.add(identity.parse_factory_id(each.cells.get("factory_id", "")))
        except Malformed:
            continue
    return found


def _code(typed: str) -> str:
    return re.sub(r"[\s_]+", "_", typed.strip().lower())
