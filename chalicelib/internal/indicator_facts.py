"""A factory's indicators as its own people see them: what was given, and what follows from it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from chalicelib.domain import saving
from chalicelib.domain.indicator import Efficiency, Indicator, Reading
from chalicelib.internal import access


def describe(held: Efficiency) -> dict[str, Any]:
    """All of it, in JSON."""
    return {
        "factory_id": held.factory_id,
        "published": held.published,
        "indicators": [indicator(each) for each in held.indicators],
        "updated_at": held.updated_at or None,
        "url": f"{access.SETTINGS.base_url}/f/{held.factory_id}/efficiency" if held.published else None,
    }


def definition(told: Indicator) -> dict[str, Any]:
    """What is measured and how, from where to where."""
    target, baseline = told.target, told.baseline
    return {
        "indicator_id": told.indicator_id,
        "resource": told.resource.value,
        "measure": told.measure.value,
        "name": told.name,
        "unit": told.unit,
        "output_unit": told.output_unit,
        "baseline": _given(baseline) if baseline is not None else None,
        "target": {"value": number(target.value), "by": target.by} if target is not None else None,
    }


def indicator(told: Indicator) -> dict[str, Any]:
    """One indicator with its readings, and what they mean against the baseline."""
    over = saving.recent(told)
    return {
        **definition(told),
        "readings": [_reading(told, each) for each in told.readings],
        "recent": None if over is None else {"months": over.months, **_meaning(told, over.value, over.output)},
    }


def number(amount: Decimal | None) -> int | float | None:
    """A number of JSON: it has at most 15 digits, so nothing is lost."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _given(reading: Reading) -> dict[str, Any]:
    return {
        "period": reading.period,
        "amount": number(reading.amount),
        "unit": reading.unit,
        "output": number(reading.output),
        "output_unit": reading.output_unit,
    }


def _reading(told: Indicator, reading: Reading) -> dict[str, Any]:
    return {**_given(reading), **_meaning(told, told.value(reading), told.output(reading))}


def _meaning(told: Indicator, value: Decimal | None, output: Decimal | None) -> dict[str, Any]:
    saved = saving.saving(told, value, output)
    return {
        "value": None if value is None else number(Decimal(saving.shown_value(value))),
        "change": None if saved is None else number(Decimal(saving.shown_change(saved.percent))),
        "saved": None if saved is None else number(_rounded(saved.amount)),
    }


def _rounded(amount: Decimal) -> Decimal:
    text = saving.shown_value(abs(amount))
    return Decimal(text) if amount >= 0 else -Decimal(text)
