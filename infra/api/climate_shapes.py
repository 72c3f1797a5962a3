"""Shapes of a factory's climate plan: as it is written, as its owner reads it, as anyone may see it."""

from __future__ import annotations

from chalicelib.domain.climate import ANSWERS, AUDIENCES, MOST_LINES, MOST_RISKS, OWNER, STEPS, TEXT, WORDS, StepState
from chalicelib.domain.factory import State
from chalicelib.domain.risk import HAZARDS, Band, MeasureState, Stage
from infra.api.public_shapes import FACTORY_ID_SHAPE
from infra.api.shapes import (
    CODE,
    DATE,
    INSTANT,
    URL,
    YES_NO,
    Schema,
    body,
    listed,
    mapping,
    nullable,
    one_of,
    record,
    ref,
    said,
    text,
    whole,
)

_HAZARD: Schema = {**CODE, "description": f"known codes: {', '.join(HAZARDS)}. An open list"}
_GRADE = {"likelihood": whole(1, 5, "from rare to nearly certain"), "impact": whole(1, 5, "from slight to very severe")}
_SCORE = {"score": whole(1, 25, "likelihood × impact"), "band": one_of(Band)}
_STATE = nullable(one_of(MeasureState, "as of today; null without a measure"))


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    return {"ClimatePlan": _plan(), "ClimateRecord": _record(), "PublicClimatePlan": _public()}


def _plan() -> Schema:
    risk = body(
        {"hazard": _HAZARD, **_GRADE},
        {
            "risk_id": {"type": "string", "pattern": "^[0-9a-f]{8}$", "description": "of one that is on record"},
            "exposure": text(TEXT, "what is exposed; shown only if exposure_public"),
            "exposure_public": YES_NO,
            "measure": text(TEXT, "everybody reads it once the plan is published"),
            "owner": text(OWNER, "a role, never shown: no name, address or number"),
            "due": DATE,
            "stage": one_of(Stage),
        },
    )
    steps = {code: _step(names) for code, names in ANSWERS.items()}
    return body(
        {"steps": {**record({}, steps), "additionalProperties": False}, "risks": listed(risk, MOST_RISKS)},
        about="The whole plan: four steps, and the register of risks.",
    )


def _step(names: tuple[str, ...]) -> Schema:
    lists = {name: listed(text(), MOST_LINES) for name in names if name != "audiences"}
    if "audiences" in names:
        known = {**CODE, "description": f"known codes: {', '.join(AUDIENCES)}. An open list"}
        lists["audiences"] = listed(known, MOST_LINES)
    done = {**YES_NO, "description": "the factory is done with it: once it has all that it takes"}
    return body({}, {"words": text(WORDS), **lists, "done": done})


def _record() -> Schema:
    following = record({"step": one_of(STEPS), "task": said("what comes next")})
    return record(
        {
            "factory_id": FACTORY_ID_SHAPE,
            "published_at": nullable(INSTANT),
            "plan": ref("ClimatePlan"),
            "progress": record(
                {
                    "percent": whole(0, 100),
                    "steps": mapping(one_of(StepState)),
                    "next": nullable(following),
                }
            ),
            "risks": listed(
                record({"risk_id": {"type": "string"}, **_SCORE, "state": _STATE}, about="The heaviest first.")
            ),
            "updated_at": nullable(INSTANT),
            "url": URL,
        },
        about="A climate plan as its owner sees it: `plan` is what PUT takes, the rest is worked out.",
    )


def _public() -> Schema:
    risk = record(
        {
            "hazard": _HAZARD,
            **_GRADE,
            **_SCORE,
            "exposure": nullable(text(TEXT)),
            "measure": nullable(text(TEXT)),
            "due": nullable(DATE),
            "state": _STATE,
        }
    )
    return record(
        {
            "factory_id": FACTORY_ID_SHAPE,
            "name": {"type": "string"},
            "status": one_of(State),
            "successor": nullable(FACTORY_ID_SHAPE),
            "verified": {"const": False, "description": "published by the factory, not verified by the registry"},
            "percent": whole(0, 100, "of the plan is written"),
            "steps": listed(record({"step": one_of(STEPS), "state": one_of(StepState)}), len(STEPS)),
            "bands": mapping(record({"from": whole(1), "to": whole(1)}), "the scores of each band"),
            "risks": listed(risk, MOST_RISKS),
            "published_at": INSTANT,
            "updated_at": INSTANT,
            "checked_at": INSTANT,
            "url": URL,
        },
        about="A climate plan as anyone may see it, the heaviest risk first. Never who sees to a measure.",
    )
