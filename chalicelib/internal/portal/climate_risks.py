"""A risk of a climate plan: added, changed, taken away, each by a form."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.domain import climate
from chalicelib.domain.climate import Plan
from chalicelib.domain.errors import Conflict, Fault, Malformed, NotFound
from chalicelib.domain.risk import HAZARDS, Stage
from chalicelib.internal import climate as api
from chalicelib.internal.climate_body import checked_risk, room
from chalicelib.internal.portal import climate_form, door, form, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import climate as store
from chalicelib.store.registry import factories
from chalicelib.web import climate_words, form_words, words
from chalicelib.web.responses import Problem

PATH = "/portal/factories/{factory_id}/climate/risks"
ONE = f"{PATH}/{{risk_id}}"
NEW = "new"


@door.page("GET", f"{PATH}/new", who=door.FACTORY)
def new(visit: Visit, factory_id: str) -> Response:
    """An empty form."""
    return _form(visit, None, factory_id)


@door.page("GET", ONE, who=door.FACTORY)
def one(visit: Visit, factory_id: str, risk_id: str) -> Response:
    """A risk, to be changed or taken away."""
    if store.load(factory_id).risk(risk_id) is None:
        raise NotFound("There is no such risk in this plan.")
    return _form(visit, None, factory_id, risk_id)


def _form(visit: Visit, problem: Problem | None, factory_id: str, risk_id: str = "") -> Response:
    """The form. Of a risk that somebody took away meanwhile, what was typed is kept, to be added anew."""
    plan = store.load(factory_id)
    risk = plan.risk(risk_id)
    held = climate_form.of_risk(risk)
    is_lost = bool(risk_id) and risk is None
    texts = climate_form.typed(visit.form, held) if is_lost else climate_form.together(visit.form, held)
    labels = {**climate_words.LABELS, "sure": form_words.LABELS["sure"]}
    return view.render(
        visit,
        "portal/climate_risk.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem, climate_form.RISK_INPUTS),
        factory_id=factory_id,
        factory=factories.need(factory_id).factory,
        path=f"/portal/factories/{factory_id}/climate/risks/{risk.risk_id if risk else NEW}",
        risk=risk,
        labels=labels,
        names=labels,
        hints=climate_words.HINTS,
        texts=texts if problem else held,
        held=held,
        overtaken=climate_form.overtaken(visit.form, held) if problem and problem.status == 412 else set(),
        choices=_choices(),
        seen=form.fingerprints(held),
    )


@door.page("POST", f"{PATH}/new", who=door.FACTORY, again=_form)
def added(visit: Visit, factory_id: str) -> Response:
    """Add a risk."""

    def decide(held: Plan) -> Plan:
        room(held)
        return climate.with_risk(held, _checked(visit, held, None))

    api.edit(visit.person, factory_id, decide)
    return _back(visit, factory_id, "added")


@door.page("POST", ONE, who=door.FACTORY, again=_form)
def changed(visit: Visit, factory_id: str, risk_id: str) -> Response:
    """Save what was changed in the form. Others may have changed another risk meanwhile: that is no matter."""

    def decide(held: Plan) -> Plan:
        if held.risk(risk_id) is None:
            raise Conflict(
                "Somebody took this risk away while your form was open. What you typed is still here: save it to add "
                "it anew."
            )
        return climate.settled(climate.with_risk(held, _checked(visit, held, risk_id)))

    api.edit(visit.person, factory_id, decide)
    return _back(visit, factory_id, "changed")


@door.page("POST", f"{ONE}/remove", who=door.FACTORY, again=_form)
def removed(visit: Visit, factory_id: str, risk_id: str) -> Response:
    """Take a risk away. Away already, it changes nothing."""
    if visit.form.get("sure") != "yes":
        raise Malformed("Some fields cannot be taken as sent.", [Fault("/sure", "Tick this if you want it.")])
    api.edit(visit.person, factory_id, lambda held: climate.without_risk(held, risk_id))
    return _back(visit, factory_id, "removed")


def _checked(visit: Visit, held: Plan, risk_id: str | None) -> climate.Risk:
    inputs = climate_form.of_risk(held.risk(risk_id) if risk_id else None)
    climate_form.same_still(visit.form, inputs)
    texts = climate_form.typed(visit.form, inputs)
    try:
        return checked_risk(climate_form.risk_content(texts, risk_id))
    except Malformed as error:
        raise climate_form.placed(error, texts) from error


def _back(visit: Visit, factory_id: str, done: str) -> Response:
    return view.go(visit, f"/portal/factories/{factory_id}/climate?done={done}")


def _choices() -> dict[str, list[tuple[str, str]]]:
    """What each list of the form offers: a value and its text."""
    stages = {stage.value: words.MEASURE[stage.value] for stage in Stage}
    return {
        "hazard": [("", climate_words.OTHER), *((code, words.HAZARD[code]) for code in HAZARDS)],
        "likelihood": [("", climate_words.CHOOSE), *((str(n), said) for n, said in climate_words.LIKELIHOOD.items())],
        "impact": [("", climate_words.CHOOSE), *((str(n), said) for n, said in climate_words.IMPACT.items())],
        "stage": list(stages.items()),
    }
