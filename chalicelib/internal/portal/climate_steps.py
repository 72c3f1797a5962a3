"""The four steps of a climate plan, a page with a form for each."""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain import climate
from chalicelib.domain.climate import STEPS, Plan
from chalicelib.domain.errors import Fault, Malformed, NotFound
from chalicelib.domain.risk import BANDS, matrix
from chalicelib.internal import climate as api
from chalicelib.internal.climate_body import checked_step
from chalicelib.internal.portal import climate_form, door, form, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import climate as store
from chalicelib.store.registry import factories
from chalicelib.web import climate_words
from chalicelib.web.responses import Problem

PATH = "/portal/factories/{factory_id}/climate/steps/{step}"


@door.page("GET", PATH, who=door.FACTORY)
def step(visit: Visit, factory_id: str, step: str) -> Response:
    """What a step asks for, filled with what is on record."""
    return _shown(visit, None, factory_id, step)


def _shown(visit: Visit, problem: Problem | None, factory_id: str, step: str) -> Response:
    _known(step)
    factory, plan = factories.need(factory_id).factory, store.load(factory_id)
    held = climate_form.of_step(plan, step)
    texts = climate_form.together(visit.form, held) if problem else held
    labels = {**climate_words.LABELS, "words": climate_words.WORDS[step]}
    number = STEPS.index(step)
    return view.render(
        visit,
        "portal/climate_step.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem, list(held)),
        factory_id=factory_id,
        factory=factory,
        plan=plan,
        step=step,
        number=number + 1,
        following=STEPS[number + 1] if number + 1 < len(STEPS) else None,
        about=climate_words.ABOUT[step],
        labels=labels,
        names=labels,
        hints=climate_words.HINTS,
        texts=texts,
        held=held,
        overtaken=climate_form.overtaken(visit.form, held) if problem and problem.status == 412 else set(),
        lists=[name for name in climate.ANSWERS[step] if name != "audiences"],
        audiences=_audiences(texts),
        risks=plan.heaviest_first if step == "risks" else [],
        matrix=matrix(plan.heaviest_first),
        bands=BANDS,
        most=climate.MOST_RISKS,
        today=clock.today(),
        seen=form.fingerprints(held),
    )


@door.page("POST", PATH, who=door.FACTORY, again=_shown)
def saved(visit: Visit, factory_id: str, step: str) -> Response:
    """Save what was changed in the form. Others may have changed another step meanwhile: that is no matter."""
    _known(step)

    def decide(held: Plan) -> Plan:
        inputs = climate_form.of_step(held, step)
        climate_form.same_still(visit.form, inputs)
        texts = climate_form.typed(visit.form, inputs)
        try:
            said = checked_step(step, climate_form.step_content(texts, step))
        except Malformed as error:
            raise climate_form.placed(error, texts) from error
        after = climate.with_steps(held, {step: said})
        if said.done and not climate.is_ready(after, step):
            fault = Fault("/done", "comes once the step has all that it takes")
            raise Malformed("Some fields cannot be taken as sent.", [fault])
        return after

    api.edit(visit.person, factory_id, decide)
    return view.go(visit, f"/portal/factories/{factory_id}/climate?done=saved")


def _known(step: str) -> None:
    if step not in STEPS:
        raise NotFound("There is no such step of a climate plan.")


def _audiences(texts: dict[str, str]) -> list[dict[str, Any]]:
    """The boxes for whom a plan is told to: those that we know, and others that the record has."""
    boxes = [name for name in texts if name.startswith(climate_form.AUDIENCE_IN)]
    codes = {name: name.removeprefix(climate_form.AUDIENCE_IN) for name in boxes}
    return [
        {"id": name, "title": climate_words.AUDIENCES.get(code), "code": code, "ticked": bool(texts[name])}
        for name, code in codes.items()
    ]
