"""How indicators, readings, programmes and participations become JSON, and back.

A reading is a list of texts, its units empty where they are the indicator's: twenty indicators of 240 readings stay
below what an item of DynamoDB may hold.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from chalicelib.domain.coaching import Element, ElementKind, Kind, Part, Participation, Parts, Programme
from chalicelib.domain.indicator import Efficiency, Indicator, Measure, Reading, Resource, Target
from chalicelib.store import codec
from chalicelib.store.codec import Body


def packed(indicator: Indicator, reading: Reading) -> list[str]:
    """A reading as it is kept."""
    unit = "" if reading.unit == indicator.unit else reading.unit
    output_unit = "" if reading.output_unit == indicator.output_unit else reading.output_unit
    output = "" if reading.output is None else format(reading.output, "f")
    return [reading.period, format(reading.amount, "f"), unit, output, output_unit]


def efficiency_body(held: Efficiency) -> Body:
    """A factory's indicators as they are kept."""
    indicators = [_indicator_body(each) for each in held.indicators]
    return {"factory_id": held.factory_id, "indicators": indicators, "published": held.published} | {
        "updated_at": held.updated_at
    }


def efficiency(body: Body, version: int) -> Efficiency:
    """A factory's indicators."""
    indicators = tuple(_indicator(each) for each in body["indicators"])
    return Efficiency(body["factory_id"], indicators, body["published"], body["updated_at"], version)


def programme(body: Body, version: int) -> Programme:
    """A programme's record."""
    elements = tuple(codec.made(Element, {**each, "kind": ElementKind(each["kind"])}) for each in body["elements"])
    told = {"kind": Kind(body["kind"]), "countries": tuple(body["countries"]), "elements": elements}
    return codec.made(Programme, {**body, **told, "version": version})


def parts(body: Body, version: int) -> Parts:
    """A factory's participations."""
    found = tuple(codec.made(Participation, {**each, "part": Part(each["part"])}) for each in body["parts"])
    return Parts(body["factory_id"], found, version)


def _indicator_body(indicator: Indicator) -> Body:
    said = codec.to_json({name: getattr(indicator, name) for name in _PLAIN})
    target = indicator.target
    return {
        **said,
        "baseline": packed(indicator, indicator.baseline) if indicator.baseline else None,
        "target": [format(target.value, "f"), target.by] if target else None,
        "readings": [packed(indicator, each) for each in indicator.readings],
    }


_PLAIN = ("indicator_id", "resource", "measure", "name", "unit", "output_unit")


def _indicator(body: Body) -> Indicator:
    plain: dict[str, Any] = {name: body[name] for name in _PLAIN}
    typed = {"resource": Resource(body["resource"]), "measure": Measure(body["measure"])}
    target = body["target"]
    return Indicator(
        **{**plain, **typed},
        baseline=_reading(body, body["baseline"]) if body["baseline"] else None,
        target=Target(Decimal(target[0]), target[1]) if target else None,
        readings=tuple(_reading(body, each) for each in body["readings"]),
    )


def _reading(body: Body, said: list[str]) -> Reading:
    period, amount, unit, output, output_unit = said
    known = Decimal(output) if output else None
    return Reading(period, Decimal(amount), unit or body["unit"], known, output_unit or body["output_unit"])
