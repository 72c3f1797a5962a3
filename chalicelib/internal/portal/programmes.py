"""An organiser's programmes: the list, and a form to plan one."""

from __future__ import annotations

import re
from typing import Any

from chalice.app import Response

from chalicelib.domain import text
from chalicelib.domain.coaching import SESSIONS, ElementKind, Kind, Programme
from chalicelib.domain.errors import Fault, Malformed, StaleVersion
from chalicelib.internal import coaching
from chalicelib.internal.portal import door, form, view
from chalicelib.internal.portal.form import tidy
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import coaching as store
from chalicelib.web import efficiency_words, indicator_words
from chalicelib.web.responses import Problem

LIST = "/portal/programmes"
NEW = f"{LIST}/new"
ONE = f"{LIST}/{{programme_id}}"
INPUTS = ("id", "name", "kind", "starts", "ends", "countries", "workshops")


@door.page("GET", LIST, who=door.ORGANISER)
def listed(visit: Visit) -> Response:
    """All of them, the last to begin first."""
    return view.render(visit, "portal/programmes.html", words=efficiency_words, found=store.listed(visit.person.tenant))


@door.page("GET", NEW, who=door.ORGANISER)
def new(visit: Visit) -> Response:
    """A form for a new programme."""
    return _form(visit, None)


def _form(visit: Visit, problem: Problem | None, programme_id: str = "") -> Response:
    held = store.need(programme_id, visit.person.tenant) if programme_id else None
    texts = inputs(held)
    return view.render(
        visit,
        "portal/programme_form.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem, INPUTS),
        labels=indicator_words.PROGRAMME_LABELS,
        hints=indicator_words.PROGRAMME_HINTS,
        words=efficiency_words,
        programme=held,
        kinds_of_programme=tuple(Kind),
        typed={name: visit.form.get(name, texts[name]) for name in INPUTS},
        held=texts,
        seen=form.fingerprints(texts),
        sessions=SESSIONS,
    )


@door.page("POST", NEW, who=door.ORGANISER, again=_form)
def added(visit: Visit) -> Response:
    """Put a new programme on record."""
    identifier = tidy(visit.form.get("id", ""))
    if not text.is_tenant(identifier) or identifier == "new":
        fault = Fault("/id", "must be an identifier of 2 to 40 lower-case letters, digits or -")
        raise Malformed("Some fields cannot be taken as sent.", [fault])
    _put(visit, identifier, None)
    return view.go(visit, f"{LIST}/{identifier}?done=added")


@door.page("GET", f"{ONE}/change", who=door.ORGANISER)
def change(visit: Visit, programme_id: str) -> Response:
    """The same form, filled with what is on record."""
    return _form(visit, None, programme_id)


@door.page("POST", f"{ONE}/change", who=door.ORGANISER, again=_form)
def changed(visit: Visit, programme_id: str) -> Response:
    """Change a programme. If a colleague changed it while the form was open, that is told first."""
    held = store.need(programme_id, visit.person.tenant)
    if visit.form.get("seen", "") != form.fingerprints(inputs(held)):
        raise StaleVersion("The record was changed meanwhile.")
    _put(visit, programme_id, held)
    return view.go(visit, f"{LIST}/{programme_id}?done=changed")


def inputs(held: Programme | None) -> dict[str, str]:
    """Every input of the form with the text that the record gives it."""
    if held is None:
        return {**dict.fromkeys(INPUTS, ""), "kind": Kind.RESOURCE_EFFICIENCY.value}
    others = [each for each in held.elements if each.kind is not ElementKind.SESSION]
    lines = [f"* {each.title}" if each.kind is ElementKind.E_LEARNING else each.title for each in others]
    return {
        "id": held.programme_id,
        "name": held.name,
        "kind": held.kind.value,
        "starts": held.starts,
        "ends": held.ends,
        "countries": ", ".join(held.countries),
        "workshops": "\n".join(lines),
    }


def _put(visit: Visit, identifier: str, held: Programme | None) -> None:
    said = {name: tidy(visit.form.get(name, "")) for name in INPUTS[1:]}
    wanted: dict[str, Any] = {name: said[name] or None for name in ("name", "kind", "starts", "ends")}
    wanted["countries"] = [each.upper() for each in re.split(r"[,;\s]+", said["countries"]) if each]
    wanted["elements"] = [*_sessions(held), *_others(said["workshops"], held)]
    programme = coaching.checked(visit.person, identifier, wanted)
    if held is None:
        store.put(programme, visit.person.actor, version=_version(visit, identifier, programme))
    else:
        store.put(programme, visit.person.actor)


def _version(visit: Visit, identifier: str, wanted: Programme) -> set[int] | None:
    """A new programme takes no other's place; a form that was sent twice changes nothing."""
    known = next((each for each in store.listed(visit.person.tenant) if each.programme_id == identifier), None)
    if known is not None and inputs(known) != inputs(wanted):
        fault = Fault("/id", "is on record already. Choose another one")
        raise Malformed("Some fields cannot be taken as sent.", [fault])
    return None


def _sessions(held: Programme | None) -> list[dict[str, Any]]:
    if held is not None and held.sessions:
        known = [(each.element_id, each.title) for each in held.sessions]
    else:
        known = [(f"session-{number}", f"Session {number}") for number in range(1, SESSIONS + 1)]
    return [{"element_id": each, "kind": "session", "title": title} for each, title in known]


def _others(lines: str, held: Programme | None) -> list[dict[str, Any]]:
    """Workshops and e-learning, a line each. One that is on record keeps its name, wherever its line stands now."""
    known = {(each.kind.value, each.title): each.element_id for each in held.elements} if held is not None else {}
    taken, found = set(known.values()), []
    for line in filter(None, (tidy(line) for line in lines.split("\n"))):
        starred = line.startswith("*")
        kind, title = ("e_learning" if starred else "workshop"), line.removeprefix("*").strip()
        stem = kind.replace("_", "-")
        free = (name for number in range(1, 99) if (name := f"{stem}-{number}") not in taken)
        element_id = known.get((kind, title)) or next(free)
        taken.add(element_id)
        found.append({"element_id": element_id, "kind": kind, "title": title})
    return found
