"""What a factory measures of its use of resources: for machines, and the one set of rules under the portal's forms."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity, period, text
from chalicelib.domain import indicator as rules
from chalicelib.domain.errors import Conflict, Fault, Malformed
from chalicelib.domain.indicator import Efficiency, Indicator, Measure, Reading, Resource, Target
from chalicelib.internal import access, body, indicator_facts, versions
from chalicelib.internal.access import Call, Caller
from chalicelib.store.registry import efficiency as store
from chalicelib.store.registry import factories
from chalicelib.store.registry.efficiency import Wanted
from chalicelib.store.registry.history import Happening
from chalicelib.web import responses

routes = Blueprint(__name__)

MOST_BYTES = 100_000
ALL = "/internal/v1/factories/{factory_id}/indicators"
ONE = f"{ALL}/{{indicator_id}}"
SCOPE = "profile:write"


@access.endpoint(routes, "GET", ALL, scope=SCOPE)
def listed(call: Call, factory_id: str) -> Response:
    """The factory's indicators with readings, values and savings, and an ETag for the next change."""
    return _answer(store.load(own(call.caller, factory_id)))


@access.endpoint(routes, "PUT", ONE, scope=SCOPE)
def put(call: Call, factory_id: str, indicator_id: str) -> Response:
    """Create or change an indicator, its baseline and target. Its readings stay."""
    code = own(call.caller, factory_id)
    given = call.ask.json(MOST_BYTES)
    return _answer(define(call.caller, code, text.clean_code(indicator_id), given, versions.if_any(call)))


@access.endpoint(routes, "DELETE", ONE, scope=SCOPE)
def delete(call: Call, factory_id: str, indicator_id: str) -> Response:
    """Take an indicator away, and its readings with it."""
    remove(call.caller, own(call.caller, factory_id), indicator_id, versions.if_any(call))
    return responses.empty()


@access.endpoint(routes, "POST", f"{ONE}/readings", scope=SCOPE)
def readings(call: Call, factory_id: str, indicator_id: str) -> Response:
    """Add readings, at most 240 at once. One of a period that has one already takes its place."""
    code = own(call.caller, factory_id)
    checks = {"readings": lambda value: body.listed(value, rules.MOST_READINGS, 1)}
    rows = body.read(call.ask.json(MOST_BYTES), checks)["readings"]
    return _answer(add(call.caller, code, indicator_id, rows, versions.if_any(call)))


@access.endpoint(routes, "DELETE", f"{ONE}/readings/{{period}}", scope=SCOPE)
def delete_reading(call: Call, factory_id: str, indicator_id: str, period: str) -> Response:
    """Take the reading of a period away."""
    take_away(call.caller, own(call.caller, factory_id), indicator_id, period, versions.if_any(call))
    return responses.empty()


@access.endpoint(routes, "POST", "/internal/v1/factories/{factory_id}/efficiency/publish", scope=SCOPE)
def publish(call: Call, factory_id: str) -> Response:
    """Show values for each unit of output to all. Amounts and outputs stay the factory's own."""
    return _answer(store.publish(own(call.caller, factory_id), call.caller.actor))


@access.endpoint(routes, "POST", "/internal/v1/factories/{factory_id}/efficiency/keep", scope=SCOPE)
def keep(call: Call, factory_id: str) -> Response:
    """Show them to nobody, from the next read on."""
    return _answer(store.keep(own(call.caller, factory_id), call.caller.actor))


def own(caller: Caller, factory_id: str) -> str:
    """A factory that the caller may act for; ``NotFound`` for any other."""
    code = identity.parse_factory_id(factory_id)
    access.need_factory(caller, code)
    if caller.kind == "staff":
        factories.need(code)
    return code


def define(
    caller: Caller,
    factory_id: str,
    indicator_id: str,
    given: Any,
    version: Container[int] | None = None,
    *,
    new: bool = False,
) -> Efficiency:
    """Create or change an indicator as a body or form says. ``new``: there must be none of this name yet."""
    wanted = _defined(indicator_id, given)

    def decide(held: Efficiency) -> Wanted | None:
        before = next((each for each in held.indicators if each.indicator_id == indicator_id), None)
        after = replace(wanted, readings=before.readings) if before is not None else wanted
        rules.checked(after, clock.today())
        if after == before:
            return None
        if new and before is not None:
            raise Conflict("There is an indicator of this name already.")
        changes = store.told(_plain(before), _plain(after))
        return Wanted(rules.with_indicator(held, after), Happening("indicator_defined", changes))

    return store.change(factory_id, decide, caller.actor, version)


def remove(caller: Caller, factory_id: str, indicator_id: str, version: Container[int] | None = None) -> Efficiency:
    """Take an indicator away. ``Conflict`` if it is the last one that shows."""

    def decide(held: Efficiency) -> Wanted:
        before = held.need(indicator_id)
        if held.published and len(held.indicators) == 1:
            raise Conflict("This is the only one that shows. Hide your page of resource use first.")
        happening = Happening("indicator_removed", store.told(_plain(before), None))
        return Wanted(rules.without_indicator(held, indicator_id), happening)

    return store.change(factory_id, decide, caller.actor, version)


def add(
    caller: Caller, factory_id: str, indicator_id: str, rows: Sequence[Any], version: Container[int] | None = None
) -> Efficiency:
    """Add readings as a body, a form or a file says; ``Malformed`` with every fault, and then nothing is written."""

    def decide(held: Efficiency) -> Wanted | None:
        before = held.need(indicator_id)
        found, faults = parsed(before, rows)
        if faults:
            raise Malformed("Some readings cannot be taken.", faults)
        after = rules.with_readings(before, found, clock.today())
        if after == before:
            return None
        told = _changed(before, after)
        happening = Happening("readings", {"indicator": indicator_id, **told})
        return Wanted(rules.with_indicator(held, after), happening)

    return store.change(factory_id, decide, caller.actor, version)


def take_away(
    caller: Caller, factory_id: str, indicator_id: str, of: str, version: Container[int] | None = None
) -> Efficiency:
    """Take the reading of a period away."""

    def decide(held: Efficiency) -> Wanted:
        before = held.need(indicator_id)
        after = rules.without_reading(before, of)
        happening = Happening("reading_removed", {"indicator": indicator_id, **_changed(before, after)})
        return Wanted(rules.with_indicator(held, after), happening)

    return store.change(factory_id, decide, caller.actor, version)


def parsed(indicator: Indicator, rows: Sequence[Any]) -> tuple[list[Reading], list[Fault]]:
    """Readings as they were sent, and what is wrong with which."""
    found: list[Reading] = []
    faults: list[Fault] = []
    for number, row in enumerate(rows):
        try:
            found.append(_reading(row, f"/readings/{number}", indicator.unit, indicator.output_unit))
        except Malformed as error:
            faults.extend(error.faults)
    return found, faults


def _answer(held: Efficiency) -> Response:
    return responses.json_response(indicator_facts.describe(held), ETag=f'"{held.version}"')


def _defined(indicator_id: str, given: Any) -> Indicator:
    required: Mapping[str, body.Check] = {
        "resource": body.one_of(*Resource),
        "name": lambda value: text.clean(value, rules.LONGEST_NAME),
        "unit": text.clean,
        "output_unit": text.clean,
    }
    optional: Mapping[str, body.Check] = {
        "measure": body.one_of(*Measure),
        "baseline": lambda value: _reading(value, "/baseline", "", ""),
        "target": _target,
    }
    read = body.read(given, required, optional)
    unit, output_unit, baseline = read["unit"], read["output_unit"], read["baseline"]
    if baseline is not None:
        told = baseline.unit or unit, baseline.output_unit or output_unit
        baseline = replace(baseline, unit=told[0], output_unit=told[1])
    return Indicator(
        indicator_id,
        Resource(read["resource"]),
        Measure(read["measure"] or Measure.USE),
        read["name"],
        unit,
        output_unit,
        baseline,
        read["target"],
    )


def _reading(given: Any, pointer: str, unit: str, output_unit: str) -> Reading:
    required: Mapping[str, Callable[[Any], Any]] = {"period": period.clean, "amount": rules.clean_amount}
    optional: Mapping[str, Callable[[Any], Any]] = {
        "unit": text.clean,
        "output": rules.clean_amount,
        "output_unit": text.clean,
    }
    read = body.read(given, required, optional, pointer)
    return Reading(
        read["period"], read["amount"], read["unit"] or unit, read["output"], read["output_unit"] or output_unit
    )


def _target(given: Any) -> Target:
    read = body.read(given, {"value": rules.clean_amount, "by": period.clean}, pointer="/target")
    return Target(read["value"], read["by"])


def _plain(indicator: Indicator | None) -> dict[str, Any] | None:
    """An indicator as its history tells of it: without its readings, which have events of their own."""
    if indicator is None:
        return None
    told = indicator_facts.definition(indicator)
    return {name: value for name, value in told.items() if value is not None}


def _changed(before: Indicator, after: Indicator) -> dict[str, Any]:
    """The readings that differ, as texts by period."""
    was, now = ({each.period: each for each in indicator.readings} for indicator in (before, after))
    names = [name for name in dict.fromkeys((*was, *now)) if was.get(name) != now.get(name)]
    return {name: {"from": _written(was.get(name)), "to": _written(now.get(name))} for name in names}


def _written(reading: Reading | None) -> str | None:
    if reading is None:
        return None
    parts = [_number(reading.amount), reading.unit]
    if reading.output is not None:
        parts += ["/", _number(reading.output), reading.output_unit]
    return " ".join(parts)


def _number(amount: Decimal) -> str:
    return format(amount, "f")
