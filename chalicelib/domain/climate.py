"""A factory's plan to adapt to a changing climate: four steps, and a register of risks with a measure against each.

The method is that of ITC's work on climate resilience. Its steps need not be taken one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from chalicelib.domain.errors import Fault
from chalicelib.domain.risk import Band, MeasureState, Stage, band_of, score, state_on

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "risks": ("opportunities",),
    "strategies": ("strategies",),
    "communication": ("audiences",),
    "means": ("technologies", "finance", "services"),
}
"""The four steps in their order, each with the lists that it asks for. Audiences are codes, all others are words."""
STEPS = tuple(ANSWERS)
AUDIENCES = ("workers", "buyers", "community", "authorities")
"""Whom a plan is told to. An open list."""
MOST_RISKS = 40
MOST_LINES = 12
WORDS, TEXT, OWNER = 1000, 300, 100
"""The most characters of what is said of a step, of an exposure or measure, and of who sees to it."""
REVIEW = timedelta(days=365)
"""A plan that nobody touched for so long is to be looked at again."""


class StepState(StrEnum):
    """How far a step is."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Risk:
    """A hazard and what is done about it. ``owner`` is a role, told to nobody; ``exposure_public`` lets that show."""

    risk_id: str
    hazard: str
    likelihood: int
    impact: int
    exposure: str = ""
    exposure_public: bool = False
    measure: str = ""
    owner: str = ""
    due: date | None = None
    stage: Stage = Stage.OPEN

    @property
    def band(self) -> Band:
        """How much it weighs."""
        return band_of(score(self))

    def state_on(self, day: date) -> MeasureState:
        """How far its measure is on a day."""
        return state_on(self.stage, self.due, day)


@dataclass(frozen=True, slots=True)
class Step:
    """What a factory says of a step: in its words, in lists, and that it is done with it."""

    words: str = ""
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    done: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole record. It shows in public since ``published_at``; ``None``: only the factory and staff see it."""

    factory_id: str
    steps: Mapping[str, Step] = field(default_factory=dict)
    risks: tuple[Risk, ...] = ()
    published_at: str | None = None
    updated_at: str = ""
    version: int = 0

    def step(self, code: str) -> Step:
        """What is said of a step."""
        return self.steps.get(code, Step())

    def risk(self, risk_id: str) -> Risk | None:
        """A risk by its identifier."""
        return next((each for each in self.risks if each.risk_id == risk_id), None)

    @property
    def heaviest_first(self) -> list[Risk]:
        """The risks in the order in which they matter."""
        return sorted(self.risks, key=score, reverse=True)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a plan is, 0 to 100; each step; and what comes next: a step and a task, or nothing."""

    percent: int
    steps: Mapping[str, StepState]
    next: tuple[str, str] | None


Task = Callable[[Plan], bool]


def _words(step: str) -> Task:
    return lambda plan: bool(plan.step(step).words)


def _any(step: str, *names: str) -> Task:
    return lambda plan: any(plan.step(step).answers.get(name) for name in names)


def _is_measured(plan: Plan) -> bool:
    return any(each.measure and each.due for each in plan.risks)


TASKS: Mapping[str, Mapping[str, Task]] = {
    "risks": {
        "looked_at": _words("risks"),
        "risk": lambda plan: bool(plan.risks),
        "opportunities": _any("risks", "opportunities"),
    },
    "strategies": {"strategies": _any("strategies", "strategies"), "measure": _is_measured},
    "communication": {"audiences": _any("communication", "audiences"), "how": _words("communication")},
    "means": {"means": _any("means", *ANSWERS["means"])},
}
"""What each step takes, before the factory says that it is done with it."""


def is_ready(plan: Plan, step: str) -> bool:
    """Whether a step has all that it takes."""
    return all(fulfilled(plan) for fulfilled in TASKS[step].values())


def settled(plan: Plan) -> Plan:
    """The plan without a step that is said to be done, but lacks something since."""
    steps = {code: replace(each, done=each.done and is_ready(plan, code)) for code, each in plan.steps.items()}
    return replace(plan, steps=steps)


def progress(plan: Plan, day: date) -> Progress:
    """How far a plan is on a day. Each step counts a quarter, that the factory is done with it as one more task."""
    percent = 0.0
    steps = {}
    for code in STEPS:
        fulfilled = [*(task(plan) for task in TASKS[code].values()), plan.step(code).done]
        percent += 100 / len(STEPS) * sum(fulfilled) / len(fulfilled)
        steps[code] = StepState.DONE if all(fulfilled) else StepState.UNDER_WAY if any(fulfilled) else StepState.OPEN
    return Progress(int(percent + 1e-9), steps, _next(plan, day))


def _next(plan: Plan, day: date) -> tuple[str, str] | None:
    """What is late goes first, then what is missing in the order of the steps, then what no step asks for."""
    if any(each.state_on(day) is MeasureState.OVERDUE for each in plan.risks):
        return "risks", "overdue"
    for code in STEPS:
        for name, task in TASKS[code].items():
            if not task(plan):
                return code, name
        if not plan.step(code).done:
            return code, "done"
    if any(each.band is Band.HIGH and not each.measure for each in plan.risks):
        return "risks", "high"
    if plan.updated_at and date.fromisoformat(plan.updated_at[:10]) + REVIEW < day:
        return "risks", "review"
    return None


def faults_of(risk: Risk, pointer: str = "") -> list[Fault]:
    """What does not fit together in a risk: a day, a role and a stage are those of a measure."""
    if risk.measure or not (risk.owner or risk.due or risk.stage is not Stage.OPEN):
        return []
    return [Fault(f"{pointer}/measure", "is missing: say what is done")]


def unready(plan: Plan, pointer: str = "/steps/{step}") -> list[Fault]:
    """The steps that are said to be done, and lack something."""
    return [
        Fault(f"{pointer.format(step=code)}/done", "comes once the step has all that it takes")
        for code in STEPS
        if plan.step(code).done and not is_ready(plan, code)
    ]


def without_owners(plan: Plan, chooses: Callable[[str], bool]) -> Plan:
    """The plan without those roles that are meant: somebody may have written a name there."""
    cleared = (replace(each, owner="") if each.owner and chooses(each.owner) else each for each in plan.risks)
    return replace(plan, risks=tuple(cleared))


def with_steps(plan: Plan, said: Mapping[str, Step]) -> Plan:
    """The plan with what is said of some steps. A step of which nothing is said is not kept."""
    steps = {**plan.steps, **said}
    return replace(plan, steps={code: steps[code] for code in STEPS if steps.get(code, Step()) != Step()})


def with_risk(plan: Plan, risk: Risk) -> Plan:
    """The plan with a risk in the place of the one with its identifier, or as its last."""
    if plan.risk(risk.risk_id) is None:
        return replace(plan, risks=(*plan.risks, risk))
    return replace(plan, risks=tuple(risk if each.risk_id == risk.risk_id else each for each in plan.risks))


def without_risk(plan: Plan, risk_id: str) -> Plan:
    """The plan without a risk."""
    return settled(replace(plan, risks=tuple(_others(plan.risks, risk_id))))


def _others(risks: Iterable[Risk], risk_id: str) -> Iterable[Risk]:
    return (each for each in risks if each.risk_id != risk_id)
