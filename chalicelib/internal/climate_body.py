"""A climate plan as it is sent, as JSON or by a form: each part checked, every fault with its place."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain import climate, text
from chalicelib.domain.climate import ANSWERS, Plan, Risk, Step
from chalicelib.domain.errors import Conflict, Fault, Malformed
from chalicelib.domain.fields import escaped
from chalicelib.domain.phrase import phrase
from chalicelib.domain.risk import GRADES, Stage
from chalicelib.internal import body

_SOME_FAULTS = "Something is missing or not as it should be."
_RISK_ID = re.compile(r"[0-9a-f]{8}\Z")
_REACHABLE = re.compile(r"@|[0-9][0-9 ()./-]{5,}[0-9]")


@dataclass(frozen=True, slots=True)
class Sent:
    """A whole plan as it was sent, each part checked. ``named``: by place, the risks that are said to be on record."""

    steps: Mapping[str, Step]
    risks: tuple[Risk, ...]
    named: Mapping[int, str]

    def onto(self, held: Plan) -> Plan:
        """The plan after it; ``Malformed`` with every fault of what does not fit together."""
        after = climate.with_steps(replace(held, steps={}, risks=self.risks), self.steps)
        faults = [*self._strangers(held), *climate.unready(after)]
        if faults:
            raise Malformed(_SOME_FAULTS, faults)
        return after

    def _strangers(self, held: Plan) -> list[Fault]:
        """The risks that are named twice, or are none of this plan's."""
        left = {each.risk_id for each in held.risks}
        faults = []
        for place, risk_id in self.named.items():
            if risk_id not in left:
                faults.append(Fault(f"/risks/{place}/risk_id", "is none of this plan's risks"))
            left.discard(risk_id)
        return faults


def sent(given: Any) -> Sent:
    """Check a whole plan; ``Malformed`` with every fault."""
    read = body.read(given, {"steps": _object, "risks": lambda value: body.listed(value, climate.MOST_RISKS)})
    faults: list[Fault] = []
    steps: dict[str, Step] = {}
    for code, entry in read["steps"].items():
        try:
            steps[code] = checked_step(code, entry, f"/steps/{escaped(code)}")
        except Malformed as error:
            faults.extend(error.faults)
    risks: list[Risk] = []
    for place, entry in enumerate(read["risks"]):
        try:
            risks.append(checked_risk(entry, f"/risks/{place}"))
        except Malformed as error:
            faults.extend(error.faults)
    if faults:
        raise Malformed(_SOME_FAULTS, faults)
    named = {place: risk.risk_id for place, risk in enumerate(risks) if read["risks"][place].get("risk_id") is not None}
    return Sent(steps, tuple(risks), named)


def checked_step(code: str, given: Any, pointer: str = "") -> Step:
    """What is said of a step, checked."""
    if code not in ANSWERS:
        raise Malformed(_SOME_FAULTS, [Fault(pointer, "is not known here")])
    lists = {name: _codes if name == "audiences" else _lines for name in ANSWERS[code]}
    read = body.read(given, {}, {"words": _text_of(climate.WORDS), "done": body.boolean, **lists}, pointer)
    answers = {name: tuple(read[name]) for name in ANSWERS[code] if read[name]}
    return Step(read["words"] or "", answers, bool(read["done"]))


def checked_risk(given: Any, pointer: str = "") -> Risk:
    """A risk, checked; it gets an identifier if it has none."""
    required: dict[str, body.Check] = {"hazard": text.clean_code, "likelihood": _grade, "impact": _grade}
    optional: dict[str, body.Check] = {
        "risk_id": _risk_id,
        "exposure": _text_of(climate.TEXT),
        "exposure_public": body.boolean,
        "measure": _text_of(climate.TEXT),
        "owner": _role,
        "due": body.day,
        "stage": body.one_of(*Stage),
    }
    read = body.read(given, required, optional, pointer)
    risk = Risk(
        risk_id=read["risk_id"] or secrets.token_hex(4),
        hazard=read["hazard"],
        likelihood=read["likelihood"],
        impact=read["impact"],
        exposure=read["exposure"] or "",
        exposure_public=bool(read["exposure_public"]),
        measure=read["measure"] or "",
        owner=read["owner"] or "",
        due=read["due"],
        stage=Stage(read["stage"] or Stage.OPEN),
    )
    faults = climate.faults_of(risk, pointer)
    if faults:
        raise Malformed(_SOME_FAULTS, faults)
    return risk


def room(held: Plan) -> None:
    """Refuse one risk more than a plan may have."""
    if len(held.risks) >= climate.MOST_RISKS:
        raise Conflict(phrase("A plan has at most %(most)s risks. Take one away first.", most=climate.MOST_RISKS))


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Malformed("must be an object")
    return value


def _grade(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value not in GRADES:
        raise Malformed(phrase("must be a whole number from %(least)s to %(most)s", least=GRADES[0], most=GRADES[-1]))
    return value


def _text_of(longest: int) -> body.Check:
    return lambda value: text.clean(value, longest, lines=True)


def _lines(value: Any) -> list[str]:
    return list(dict.fromkeys(text.clean(entry) for entry in body.listed(value, climate.MOST_LINES)))


def _codes(value: Any) -> list[str]:
    return list(dict.fromkeys(text.clean_code(entry) for entry in body.listed(value, climate.MOST_LINES)))


def _role(value: Any) -> str:
    role = text.clean(value, climate.OWNER)
    if _REACHABLE.search(role):
        raise Malformed("must be a role, such as Maintenance manager: no address and no number")
    return role


def _risk_id(value: Any) -> str:
    if not isinstance(value, str) or not _RISK_ID.match(value):
        raise Malformed("is none of this plan's risks")
    return value
