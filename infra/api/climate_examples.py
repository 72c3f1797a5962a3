"""Examples of a factory's climate plan."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.risk import BANDS

_RISK: dict[str, Any] = {
    "hazard": "flood",
    "likelihood": 4,
    "impact": 4,
    "measure": "Raise the switchboards by a metre",
    "due": "2027-05-01",
}
_STEPS: dict[str, Any] = {
    "risks": {
        "words": "Flood maps of 2004 and 2024",
        "opportunities": ["Cooler halls, fewer faults"],
        "done": True,
    },
    "strategies": {"words": None, "strategies": [], "done": False},
    "communication": {"words": None, "audiences": ["workers"], "done": False},
    "means": {"words": None, "technologies": [], "finance": ["A loan for pumps"], "services": [], "done": False},
}
_HELD = {"exposure": "The ground floor", "exposure_public": False, "owner": "Maintenance manager", "stage": "under_way"}
_WEIGHED = {"score": 16, "band": "high"}
_STATES = {"risks": "done", "strategies": "under_way", "communication": "under_way", "means": "under_way"}


def of(factory_id: str, here: str) -> dict[str, dict[str, Any]]:
    """By the name of the schema; ``here`` is where the service lives."""
    return {
        "ClimatePlan": {"steps": _STEPS, "risks": [{**_RISK, **_HELD}]},
        "ClimateRecord": {
            "factory_id": factory_id,
            "published_at": "2026-11-20T09:12:00Z",
            "plan": {"steps": _STEPS, "risks": [{"risk_id": "0a1b2c3d", **_RISK, **_HELD}]},
            "progress": {"percent": 54, "steps": _STATES, "next": {"step": "strategies", "task": "strategies"}},
            "risks": [{"risk_id": "0a1b2c3d", **_WEIGHED, "state": "under_way"}],
            "updated_at": "2026-11-20T09:12:00Z",
            "url": f"{here}/f/{factory_id}/climate",
        },
        "PublicClimatePlan": {
            "factory_id": factory_id,
            "name": "Meghna Knit S.T. Ltd",
            "status": "open",
            "successor": None,
            "verified": False,
            "percent": 54,
            "steps": [{"step": code, "state": state} for code, state in _STATES.items()],
            "bands": {band.value: {"from": least, "to": most} for band, (least, most) in BANDS.items()},
            "risks": [{**_RISK, **_WEIGHED, "exposure": None, "state": "under_way"}],
            "published_at": "2026-11-20T09:12:00Z",
            "updated_at": "2026-11-20T09:12:00Z",
            "checked_at": "2026-11-22T15:20:00Z",
            "url": f"{here}/f/{factory_id}/climate",
        },
    }
