"""A factory's climate plan in the portal: how far it is, what comes next, and whether it shows."""

from __future__ import annotations

from datetime import date

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain import climate
from chalicelib.domain.climate import Plan, Progress, Risk
from chalicelib.domain.climate_public import as_published
from chalicelib.domain.disclosure import seen_by
from chalicelib.domain.factory import Audience
from chalicelib.domain.risk import BANDS, MeasureState, matrix
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import climate as store
from chalicelib.store.registry import factories
from chalicelib.web import climate_words
from chalicelib.web.responses import Problem

PATH = "/portal/factories/{factory_id}/climate"


@door.page("GET", PATH, who=door.FACTORY)
def overview(visit: Visit, factory_id: str) -> Response:
    """The four steps, the register of risks, and what comes next."""
    return _shown(visit, None, factory_id)


def _shown(visit: Visit, problem: Problem | None, factory_id: str) -> Response:
    plan, today = store.load(factory_id), clock.today()
    far = climate.progress(plan, today)
    return view.render(
        visit,
        "portal/climate.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        factory_id=factory_id,
        factory=factories.need(factory_id).factory,
        plan=plan,
        far=far,
        next_said=climate_words.NEXT[far.next[1]] if far.next else None,
        next_path=_next_path(plan, far, today),
        risks=plan.heaviest_first,
        matrix=matrix(plan.heaviest_first),
        bands=BANDS,
        today=today,
        most=climate.MOST_RISKS,
    )


def _next_path(plan: Plan, far: Progress, today: date) -> str:
    """Where what comes next is done, below the plan's own page: at a risk, or at its step."""
    if far.next is None:
        return ""
    step, task = far.next
    if task == "risk":
        return "risks/new"
    meant = next((each for each in plan.heaviest_first if _is_meant(each, task, today)), None)
    return f"risks/{meant.risk_id}" if meant else f"steps/{step}"


def _is_meant(risk: Risk, task: str, today: date) -> bool:
    if task == "overdue":
        return risk.state_on(today) is MeasureState.OVERDUE
    return task in ("high", "measure") and not (risk.measure and risk.due)


@door.page("GET", f"{PATH}/preview", who=door.FACTORY)
def preview(visit: Visit, factory_id: str) -> Response:
    """The public page by the public template, before it is published and after."""
    plan, today = store.load(factory_id), clock.today()
    shown = as_published(plan, climate.progress(plan, today), plan.published_at or clock.instant(clock.now()))
    return view.render(
        visit,
        "portal/climate_preview.html",
        factory_id=factory_id,
        factory=seen_by(Audience.PUBLIC, factories.need(factory_id).factory, (), {}),
        is_public=plan.published_at is not None,
        plan=shown,
        matrix=matrix(shown.risks),
        bands=BANDS,
        today=today,
    )


@door.page("POST", f"{PATH}/publish", who=door.FACTORY, again=_shown)
def published(visit: Visit, factory_id: str) -> Response:
    """Show the public part of the plan to all."""
    store.show(factory_id, visit.person.actor)
    return view.go(visit, f"/portal/factories/{factory_id}/climate?done=published")


@door.page("POST", f"{PATH}/keep", who=door.FACTORY, again=_shown)
def kept(visit: Visit, factory_id: str) -> Response:
    """Show the plan to nobody any more."""
    store.keep(factory_id, visit.person.actor)
    return view.go(visit, f"/portal/factories/{factory_id}/climate?done=kept")
