"""An indicator as the inputs of a form, and back into what the API would be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from chalicelib.domain import units
from chalicelib.domain.errors import Fault
from chalicelib.domain.indicator import DIMENSIONS, OUTPUTS, Efficiency, Indicator, Measure
from chalicelib.internal.portal.form import tidy
from chalicelib.web.responses import Problem

DEFINITION = (
    "name",
    "resource",
    "measure",
    "unit",
    "output_unit",
    "baseline_period",
    "baseline_amount",
    "baseline_output",
    "target_value",
    "target_by",
)
READING = ("period", "amount", "unit", "output", "output_unit")
_PARTS = ("baseline", "target")


def inputs(told: Indicator | None) -> dict[str, str]:
    """Every input of the form, by name, with the text that the record gives it."""
    texts = dict.fromkeys(DEFINITION, "")
    if told is None:
        return {**texts, "measure": Measure.USE.value}
    texts |= {"name": told.name, "resource": told.resource.value, "measure": told.measure.value}
    texts |= {"unit": told.unit, "output_unit": told.output_unit}
    if told.baseline is not None:
        texts["baseline_period"] = told.baseline.period
        texts["baseline_amount"] = _plain(units.convert(told.baseline.amount, told.baseline.unit, told.unit))
        if told.baseline.output is not None:
            output = units.convert(told.baseline.output, told.baseline.output_unit, told.output_unit)
            texts["baseline_output"] = _plain(output)
    if told.target is not None:
        texts |= {"target_value": _plain(told.target.value), "target_by": told.target.by}
    return texts


def body(given: Mapping[str, str]) -> dict[str, Any]:
    """What the API would be sent: what is empty is not said."""
    said = {name: tidy(given.get(name, "")) for name in DEFINITION}
    wanted: dict[str, Any] = {name: said[name] for name in DEFINITION[:5] if said[name]}
    for part in _PARTS:
        inside = {name.removeprefix(f"{part}_"): said[name] for name in DEFINITION if name.startswith(f"{part}_")}
        if any(inside.values()):
            wanted[part] = {name: text for name, text in inside.items() if text}
    return wanted


def reading(given: Mapping[str, str]) -> dict[str, str]:
    """A reading as the API would be sent it."""
    return {name: text for name in READING if (text := tidy(given.get(name, "")))}


def by_input(problem: Problem | None) -> Problem | None:
    """A problem whose faults name the inputs of a form: ``/baseline/amount`` is ``baseline_amount``."""
    if problem is None:
        return None
    return replace(problem, faults=tuple(Fault(_input(each.pointer), each.detail) for each in problem.faults))


def free_id(held: Efficiency, resource: str) -> str:
    """A name for a new indicator of a resource, such as ``water-2``."""
    taken = {each.indicator_id for each in held.indicators}
    return next(name for number in range(1, 1000) if (name := f"{resource}-{number}") not in taken)


def twin(held: Efficiency, given: Mapping[str, Any]) -> str | None:
    """The indicator without readings that is just what a form would add."""
    alike = (each for each in held.indicators if not each.readings and body(inputs(each)) == given)
    return next((each.indicator_id for each in alike), None)


def units_of(told: Indicator) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The units that a reading may be given in: of the amount, and of the output."""
    amounts = units.of_dimension(units.dimension(told.unit))
    return amounts, units.of_dimension(units.dimension(told.output_unit))


def all_units() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The units that a new indicator may have, and those of what a factory makes or of a whole."""
    used = {dimension for dimensions in DIMENSIONS.values() for dimension in dimensions}
    return units.of_dimension(*used), units.of_dimension(*used, *OUTPUTS)


def _input(pointer: str) -> str:
    first, *others = pointer.strip("/").split("/")
    if first == "readings" and len(others) == 2:
        return f"/{others[1]}"
    return f"/{first}_{others[0]}" if first in _PARTS and others else f"/{first}"


def _plain(amount: Decimal) -> str:
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
