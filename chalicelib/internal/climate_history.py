"""What a change of a climate plan did, as its history tells it."""

from __future__ import annotations

from typing import Any

from chalicelib.domain import climate
from chalicelib.domain.climate import Plan, Risk, Step
from chalicelib.store import codec
from chalicelib.store.registry.history import Happening


def happenings(before: Plan, after: Plan) -> list[Happening]:
    """What a change did, for the history: each risk and step by itself, without who sees to it, which may be a name."""
    found = []
    risks = {each.risk_id: (before.risk(each.risk_id), after.risk(each.risk_id)) for each in before.risks + after.risks}
    for was, now in risks.values():
        if was != now:
            action = "risk_added" if was is None else "risk_removed" if now is None else "risk_changed"
            told: dict[str, Any] = {"risk": {"from": _told_risk(was), "to": _told_risk(now)}}
            if (was.owner if was else "") != (now.owner if now else ""):
                told["owner"] = {"personal": True}
            found.append(Happening(action, told))
    for code in climate.STEPS:
        one, other = _said(before.step(code)), _said(after.step(code))
        changes = {name: {"from": one.get(name), "to": said} for name, said in other.items() if one.get(name) != said}
        changes |= {name: {"from": said, "to": None} for name, said in one.items() if name not in other}
        if changes:
            found.append(Happening(f"step_{code}", changes))
    return found or [Happening("risks_ordered", {})]


def _told_risk(risk: Risk | None) -> dict[str, Any] | None:
    if risk is None:
        return None
    return {name: value for name, value in codec.to_json(risk).items() if name not in ("owner", "risk_id") and value}


def _said(step: Step) -> dict[str, Any]:
    told: dict[str, Any] = {"words": step.words, **{name: list(lines) for name, lines in step.answers.items()}}
    return {name: said for name, said in {**told, "done": step.done}.items() if said}
