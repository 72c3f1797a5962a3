"""How a public climate plan is read back from its item."""

from __future__ import annotations

from datetime import date

from chalicelib.domain.climate_public import PublicPlan, PublicRisk
from chalicelib.domain.risk import Stage
from chalicelib.store.codec import Body, made


def public_plan(body: Body) -> PublicPlan:
    """A climate plan as anyone may see it."""
    return made(PublicPlan, {**body, "risks": tuple(_risk(each) for each in body["risks"])})


def _risk(body: Body) -> PublicRisk:
    due = date.fromisoformat(body["due"]) if body["due"] else None
    return made(PublicRisk, {**body, "due": due, "stage": Stage(body["stage"])})
