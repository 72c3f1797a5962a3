"""What of a climate plan becomes public, once the factory publishes it. Nobody sees more than these types hold.

That is: each hazard with how it is weighed, its measure with day and stage, how far the steps are, and the dates.
Never who sees to a measure; what is exposed only where the factory ticked that it may show; nothing that was written
into the steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from chalicelib.domain.risk import Band, MeasureState, Stage, band_of, score, state_on

if TYPE_CHECKING:
    from chalicelib.domain.climate import Plan, Progress


@dataclass(frozen=True, slots=True)
class PublicRisk:
    """A risk as anyone may see it."""

    hazard: str
    likelihood: int
    impact: int
    exposure: str
    measure: str
    due: date | None
    stage: Stage

    @property
    def score(self) -> int:
        """How likely times how bad."""
        return score(self)

    @property
    def band(self) -> Band:
        """How much it weighs."""
        return band_of(self.score)

    def state_on(self, day: date) -> MeasureState:
        """How far its measure is on a day."""
        return state_on(self.stage, self.due, day)


@dataclass(frozen=True, slots=True)
class PublicPlan:
    """A climate plan as anyone may see it: the heaviest risk first. ``steps``: how far each is."""

    factory_id: str
    percent: int
    steps: Mapping[str, str]
    risks: tuple[PublicRisk, ...]
    published_at: str
    updated_at: str


def public_plan(plan: Plan, progress: Progress) -> PublicPlan | None:
    """What anyone may see of a plan; ``None`` while the factory keeps it to itself."""
    return as_published(plan, progress, plan.published_at) if plan.published_at is not None else None


def as_published(plan: Plan, progress: Progress, since: str) -> PublicPlan:
    """The same of a plan once it is published."""
    return PublicPlan(
        factory_id=plan.factory_id,
        percent=progress.percent,
        steps={code: state.value for code, state in progress.steps.items()},
        risks=tuple(
            PublicRisk(
                hazard=each.hazard,
                likelihood=each.likelihood,
                impact=each.impact,
                exposure=each.exposure if each.exposure_public else "",
                measure=each.measure,
                due=each.due,
                stage=each.stage,
            )
            for each in plan.heaviest_first
        ),
        published_at=since,
        updated_at=plan.updated_at,
    )
