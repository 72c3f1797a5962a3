"""What is held of who is signed in: to look at, to take along, to have erased; and signing out everywhere."""

from __future__ import annotations

from functools import wraps

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.internal import access, rights
from chalicelib.internal.access import Unauthenticated
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.door import Handler
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import callers, erasure
from chalicelib.web import responses
from chalicelib.web.responses import Problem

PATH = "/portal/me"
REASON = "The person asked for it."


def _theirs(handler: Handler) -> Handler:
    """For a session that is for one factory alone only where nothing else is held of the person: else they sign in."""

    @wraps(handler)
    def admitted(visit: Visit, *told: Problem) -> Response:
        only = visit.person.only
        if not only or not rights.is_beyond(only, rights.of_person(visit.person.person)):
            return handler(visit, *told)
        if visit.ask.method == "POST":
            raise Unauthenticated("Sign in first.")
        return view.go(visit, "/portal/sign-in?done=first")

    return admitted


@door.page("GET", PATH, who=door.PERSON)
def me(visit: Visit) -> Response:
    """All that is held of them."""
    return _shown(visit)


@_theirs
def _shown(visit: Visit, problem: Problem | None = None) -> Response:
    return view.render(
        visit,
        "portal/me.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem),
        held=rights.of_person(visit.person.person),
    )


@door.page("GET", f"{PATH}/export", who=door.PERSON)
@_theirs
def export(visit: Visit) -> Response:
    """The same as a file."""
    return responses.json_file(rights.of_person(visit.person.person), "my-data.json")


@door.page("POST", f"{PATH}/sign-out", who=door.PERSON)
@_theirs
def out(visit: Visit) -> Response:
    """End all sessions, this one too."""
    callers.end_sessions(visit.person.person, clock.now())
    return view.go(visit, "/portal/sign-in?done=signed_out", cookie=access.session_cookie(""))


@door.page("POST", f"{PATH}/erase", who=door.PERSON, again=_shown)
@_theirs
def erase(visit: Visit) -> Response:
    """Erase all that is held of them. They act for nobody then."""
    if visit.form.get("sure") != "yes":
        raise Malformed("Some fields cannot be taken as sent.", [Fault("/sure", "Tick this if you want it.")])
    erasure.person(visit.person.person, visit.person.actor, REASON)
    return view.go(visit, "/portal/sign-in?done=erased", cookie=access.session_cookie(""))
