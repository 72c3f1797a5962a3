"""A factory's climate plan: read, written whole, published and kept. The portal stands on the same functions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import climate, identity
from chalicelib.domain.climate import ANSWERS, Plan, Risk, Step
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.risk import score
from chalicelib.internal import access, versions
from chalicelib.internal.access import Call, Caller
from chalicelib.internal.climate_body import sent
from chalicelib.internal.climate_history import happenings
from chalicelib.store import codec
from chalicelib.store.registry import climate as store
from chalicelib.store.registry import factories
from chalicelib.store.registry.history import Happening
from chalicelib.web import responses

routes = Blueprint(__name__)

MOST_BYTES = 400_000
PATH = "/internal/v1/factories/{factory_id}/climate"


@access.endpoint(routes, "GET", PATH, scope="profile:write")
def record(call: Call, factory_id: str) -> Response:
    """The plan with its progress, and an ETag for the next change: ``"0"`` while there is none."""
    code = own(call.caller, factory_id)
    factories.need(code)
    return _answer(store.load(code))


@access.endpoint(routes, "PUT", PATH, scope="profile:write")
def put(call: Call, factory_id: str) -> Response:
    """Write the whole plan, under ``If-Match``. Risks without a ``risk_id`` are new. What is public changes with it."""
    code = own(call.caller, factory_id)
    version = versions.asked(call)
    wanted = sent(call.ask.json(MOST_BYTES))

    def decide(held: Plan) -> Plan:
        if held.version not in version:
            raise StaleVersion(
                "The record was changed meanwhile. GET it again, and apply your change to what it says now."
            )
        return wanted.onto(held)

    return _answer(edit(call.caller, code, decide))


@access.endpoint(routes, "POST", f"{PATH}/publish", scope="profile:write")
def publish(call: Call, factory_id: str) -> Response:
    """Show the public part of the plan to all."""
    return _answer(store.show(own(call.caller, factory_id), call.caller.actor))


@access.endpoint(routes, "POST", f"{PATH}/keep", scope="profile:write")
def keep(call: Call, factory_id: str) -> Response:
    """Show the plan to nobody any more."""
    return _answer(store.keep(own(call.caller, factory_id), call.caller.actor))


def own(caller: Caller, factory_id: str) -> str:
    """A factory that the caller may act for."""
    code = identity.parse_factory_id(factory_id)
    access.need_factory(caller, code)
    return code


def edit(caller: Caller, factory_id: str, decide: Callable[[Plan], Plan]) -> Plan:
    """Change a plan as ``decide`` says; what is as it was is not written, nor told of."""

    def wanted(held: Plan) -> tuple[Plan, tuple[Happening, ...]] | None:
        after = decide(held)
        return None if after == held else (after, tuple(happenings(held, after)))

    return store.change(factory_id, wanted, caller.actor)


def describe(plan: Plan, today: date) -> dict[str, Any]:
    """The whole record as its owner may see it: ``plan`` is what PUT takes, the rest is worked out."""
    far = climate.progress(plan, today)
    return {
        "factory_id": plan.factory_id,
        "published_at": plan.published_at,
        "plan": {
            "steps": {code: _step(plan.step(code), code) for code in climate.STEPS},
            "risks": [_risk(each) for each in plan.risks],
        },
        "progress": {
            "percent": far.percent,
            "steps": {code: state.value for code, state in far.steps.items()},
            "next": {"step": far.next[0], "task": far.next[1]} if far.next else None,
        },
        "risks": [
            {
                "risk_id": each.risk_id,
                "score": score(each),
                "band": each.band.value,
                "state": each.state_on(today).value if each.measure else None,
            }
            for each in plan.heaviest_first
        ],
        "updated_at": plan.updated_at or None,
        "url": f"{access.SETTINGS.base_url}/f/{plan.factory_id}/climate",
    }


def _answer(plan: Plan) -> Response:
    return responses.json_response(describe(plan, clock.today()), ETag=f'"{plan.version}"')


def _step(step: Step, code: str) -> dict[str, Any]:
    lists = {name: list(step.answers.get(name, ())) for name in ANSWERS[code]}
    return {"words": step.words or None, **lists, "done": step.done}


def _risk(risk: Risk) -> dict[str, Any]:
    told = codec.to_json(risk)
    return {name: None if value == "" else value for name, value in told.items()}
