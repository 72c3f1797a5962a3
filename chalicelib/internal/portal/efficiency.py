"""What a factory measures of its use of resources: all of it, one indicator, and what of it shows."""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from chalicelib.domain import saving
from chalicelib.domain.errors import Fault, Malformed, StaleVersion
from chalicelib.domain.indicator import Indicator, Measure, Resource
from chalicelib.internal import indicator_facts, indicators
from chalicelib.internal.portal import door, form, indicator_form, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import efficiency as store
from chalicelib.store.registry import factories
from chalicelib.web import chart, efficiency_words, indicator_words
from chalicelib.web.responses import Problem

ALL = "/portal/factories/{factory_id}/efficiency"
NEW = f"{ALL}/new"
ONE = f"{ALL}/{{indicator_id}}"
SHOWN = 24
"""Readings in the chart of a page."""


def render(visit: Visit, template: str, problem: Problem | None, factory_id: str, **context: Any) -> Response:
    """A page under the factory's tab."""
    told = indicator_form.by_input(problem)
    return view.render(
        visit,
        template,
        http_status=problem.status if problem else 200,
        labels=indicator_words.LABELS,
        hints=indicator_words.HINTS,
        words=efficiency_words,
        units=efficiency_words.UNITS,
        problem=told,
        faults=view.faults_by_input(told, (*indicator_form.DEFINITION, *indicator_form.READING)),
        factory_id=factory_id,
        factory=factories.need(factory_id).factory,
        **context,
    )


@door.page("GET", ALL, who=door.FACTORY)
def overview(visit: Visit, factory_id: str) -> Response:
    """Every indicator with its last value, and whether it all shows."""
    return _all(visit, None, factory_id)


def _all(visit: Visit, problem: Problem | None, factory_id: str) -> Response:
    held = store.load(factory_id)
    told = [saving.public_indicator(each) for each in held.indicators]
    return render(visit, "portal/efficiency.html", problem, factory_id, held=held, told=told)


@door.page("POST", f"{ALL}/publish", who=door.FACTORY, again=_all)
def published(visit: Visit, factory_id: str) -> Response:
    """Show values for each unit of output to all."""
    store.publish(factory_id, visit.person.actor)
    return view.go(visit, f"/portal/factories/{factory_id}/efficiency?done=published")


@door.page("POST", f"{ALL}/keep", who=door.FACTORY, again=_all)
def kept(visit: Visit, factory_id: str) -> Response:
    """Show them to nobody."""
    store.keep(factory_id, visit.person.actor)
    return view.go(visit, f"/portal/factories/{factory_id}/efficiency?done=kept")


@door.page("GET", NEW, who=door.FACTORY)
def new(visit: Visit, factory_id: str) -> Response:
    """A form for a new indicator."""
    return _new(visit, None, factory_id)


def _new(visit: Visit, problem: Problem | None, factory_id: str) -> Response:
    return render(visit, "portal/indicator_new.html", problem, factory_id, **_form(visit, None))


@door.page("POST", NEW, who=door.FACTORY, again=_new)
def added(visit: Visit, factory_id: str) -> Response:
    """Put a new indicator on record."""
    given = indicator_form.body(visit.form)
    held, resource = store.load(factory_id), given.get("resource", "")
    identifier = indicator_form.twin(held, given)  # a form that was sent twice
    if identifier is None:
        identifier = indicator_form.free_id(held, resource if resource in tuple(Resource) else "new")
        indicators.define(visit.person, factory_id, identifier, given, new=True)
    return view.go(visit, f"/portal/factories/{factory_id}/efficiency/{identifier}?done=added")


@door.page("GET", ONE, who=door.FACTORY)
def one(visit: Visit, factory_id: str, indicator_id: str) -> Response:
    """One indicator: its readings, its chart, a form for one more."""
    return shown(visit, None, factory_id, indicator_id)


def shown(visit: Visit, problem: Problem | None, factory_id: str, indicator_id: str) -> Response:
    """The page of an indicator, with what was typed into the form for a reading."""
    held = store.load(factory_id).need(indicator_id)
    told = saving.public_indicator(held)
    points = [(point.period, point.value) for point in told.points[-SHOWN:]]
    baseline, target = told.baseline, told.target
    facts = indicator_facts.indicator(held)
    return render(
        visit,
        "portal/indicator.html",
        problem,
        factory_id,
        indicator=told,
        facts=facts,
        rows=list(reversed(facts["readings"])),
        points=list(reversed(told.points)),
        chart=chart.of(points, baseline.value if baseline else None, target.value if target else None),
        typed={name: visit.form.get(name, "") for name in indicator_form.READING},
        options=indicator_form.units_of(held),
    )


@door.page("POST", ONE, who=door.FACTORY, again=shown)
def reading(visit: Visit, factory_id: str, indicator_id: str) -> Response:
    """Add a reading, in the place of one of the same period."""
    indicators.add(visit.person, factory_id, indicator_id, [indicator_form.reading(visit.form)])
    return view.go(visit, f"/portal/factories/{factory_id}/efficiency/{indicator_id}?done=reading")


@door.page("POST", f"{ONE}/take-away", who=door.FACTORY, again=shown)
def taken_away(visit: Visit, factory_id: str, indicator_id: str) -> Response:
    """Take a reading away."""
    indicators.take_away(visit.person, factory_id, indicator_id, visit.form.get("of", ""))
    return view.go(visit, f"/portal/factories/{factory_id}/efficiency/{indicator_id}?done=taken")


@door.page("GET", f"{ONE}/change", who=door.FACTORY)
def change(visit: Visit, factory_id: str, indicator_id: str) -> Response:
    """A form for what is measured, the start and the target."""
    return _change(visit, None, factory_id, indicator_id)


def _change(visit: Visit, problem: Problem | None, factory_id: str, indicator_id: str) -> Response:
    held = store.load(factory_id).need(indicator_id)
    return render(visit, "portal/indicator_change.html", problem, factory_id, indicator=held, **_form(visit, held))


@door.page("POST", f"{ONE}/change", who=door.FACTORY, again=_change)
def changed(visit: Visit, factory_id: str, indicator_id: str) -> Response:
    """Change it. If a colleague changed it while the form was open, that is told first."""
    held = store.load(factory_id).need(indicator_id)
    if visit.form.get("seen", "") != form.fingerprints(indicator_form.inputs(held)):
        raise StaleVersion("The record was changed meanwhile.")
    indicators.define(visit.person, factory_id, indicator_id, indicator_form.body(visit.form))
    return view.go(visit, f"/portal/factories/{factory_id}/efficiency/{indicator_id}?done=changed")


@door.page("POST", f"{ONE}/remove", who=door.FACTORY, again=_change)
def removed(visit: Visit, factory_id: str, indicator_id: str) -> Response:
    """Take an indicator away with its readings, if the box is ticked."""
    if visit.form.get("sure") != "yes":
        raise Malformed("Some fields cannot be taken as sent.", [Fault("/sure", "must be ticked")])
    indicators.remove(visit.person, factory_id, indicator_id)
    return view.go(visit, f"/portal/factories/{factory_id}/efficiency?done=removed")


def _form(visit: Visit, held: Indicator | None) -> dict[str, Any]:
    texts = indicator_form.inputs(held)
    typed = {name: visit.form.get(name, text) for name, text in texts.items()}
    return {
        "typed": typed,
        "held": texts,
        "seen": form.fingerprints(texts),
        "resources": tuple(Resource),
        "measures": tuple(Measure),
        "options": indicator_form.all_units(),
    }
