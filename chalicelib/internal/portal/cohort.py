"""A programme as its organiser runs it: who was invited, who takes part, what was done on which day."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.domain import identity, saving
from chalicelib.domain.coaching import Participation, Programme
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.internal import coaching, cohorts
from chalicelib.internal.portal import door, form, view
from chalicelib.internal.portal.form import tidy
from chalicelib.internal.portal.programmes import ONE
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import coaching as store
from chalicelib.web import efficiency_words, indicator_words
from chalicelib.web.responses import Problem

FACTORY = f"{ONE}/factories/{{factory_id}}"
SEEN = ".seen"
"""What the form of days was made with. No element is called so."""


@door.page("GET", ONE, who=door.ORGANISER)
def programme(visit: Visit, programme_id: str) -> Response:
    """What is planned, and how far each factory has come."""
    return _shown(visit, None, programme_id)


def _shown(visit: Visit, problem: Problem | None, programme_id: str) -> Response:
    held = store.need(programme_id, visit.person.tenant)
    return view.render(
        visit,
        "portal/programme.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem),
        labels=indicator_words.PROGRAMME_LABELS,
        hints=indicator_words.PROGRAMME_HINTS,
        words=efficiency_words,
        programme=held,
        cohort=cohorts.of(held),
        typed=visit.form.get("factory_id", "") if problem else "",
    )


@door.page("POST", f"{ONE}/invite", who=door.ORGANISER, again=_shown)
def invited(visit: Visit, programme_id: str) -> Response:
    """Invite a factory by its Factory ID."""
    held = store.need(programme_id, visit.person.tenant)
    coaching.asked(visit.person, held, tidy(visit.form.get("factory_id", "")))
    return view.go(visit, f"/portal/programmes/{programme_id}?done=invited")


@door.page("GET", f"{ONE}/cohort.csv", who=door.ORGANISER)
def table(visit: Visit, programme_id: str) -> Response:
    """The cohort as a file."""
    return cohorts.csv(store.need(programme_id, visit.person.tenant))


@door.page("GET", FACTORY, who=door.ORGANISER)
def factory(visit: Visit, programme_id: str, factory_id: str) -> Response:
    """One factory: what was done with it, and the readings that it shares."""
    return _factory(visit, None, programme_id, factory_id)


def _factory(visit: Visit, problem: Problem | None, programme_id: str, factory_id: str) -> Response:
    held = store.need(programme_id, visit.person.tenant)
    member = cohorts.one(held, _code(factory_id))
    shared = member.shared.indicators if member.shared is not None else ()
    days, seen = _days(held, member.part), visit.form.get(SEEN)
    given = {name: visit.form.get(name, day) for name, day in days.items()}
    titles = {each.element_id: each.title for each in held.elements}
    return view.render(
        visit,
        "portal/programme_factory.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem, list(days)),
        titles=titles,
        words=efficiency_words,
        units=efficiency_words.UNITS,
        programme=held,
        member=member,
        indicators=[saving.public_indicator(each) for each in shared],
        typed=given if seen is None else form.together(given, days, seen),
        held=days,
        overtaken=set() if seen is None else form.edited(days, seen),
        seen=form.fingerprints(days),
    )


def _days(programme: Programme, part: Participation) -> dict[str, str]:
    """The day of each element on which it was done, as the input of a form."""
    return {each.element_id: part.done.get(each.element_id, "") for each in programme.elements}


@door.page("POST", FACTORY, who=door.ORGANISER, again=_factory)
def done(visit: Visit, programme_id: str, factory_id: str) -> Response:
    """Put the days on record on which something was done. What a colleague noted meanwhile is told first."""
    held, code = store.need(programme_id, visit.person.tenant), _code(factory_id)
    days = _days(held, store.part(code, programme_id))
    form.same_still(days, visit.form.get(SEEN))
    given = {name: tidy(visit.form.get(name, day)) for name, day in days.items()}
    coaching.mark(visit.person, held, code, {name: day or None for name, day in given.items() if day != days[name]})
    return view.go(visit, f"/portal/programmes/{programme_id}?done=noted")


@door.page("POST", f"{FACTORY}/take-back", who=door.ORGANISER, again=_factory)
def taken_back(visit: Visit, programme_id: str, factory_id: str) -> Response:
    """Take back an invitation that was not accepted."""
    store.take_back(store.need(programme_id, visit.person.tenant), _code(factory_id), visit.person.actor)
    return view.go(visit, f"/portal/programmes/{programme_id}?done=taken-back")


def _code(factory_id: str) -> str:
    try:
        return identity.parse_factory_id(factory_id)
    except Malformed as error:
        raise NotFound("There is no such factory in this programme.") from error
