"""The door of the portal: every page is registered here, and says who may call it.

A form that cannot be taken comes back with what the person typed, whatever was wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import journal
from chalicelib.domain import identity
from chalicelib.domain.errors import Conflict, Malformed, NotAllowed, NotFound, Unavailable
from chalicelib.internal import access
from chalicelib.internal.access import Unauthenticated
from chalicelib.internal.portal import view
from chalicelib.internal.portal.view import Visit
from chalicelib.web import responses
from chalicelib.web.request import Ask

routes = Blueprint(__name__)

ANYONE = "anyone"
PERSON = "signed_in"
FACTORY = "who runs the factory"
MEMBER, CERTIFIER, ORGANISER, OWNER, STAFF = "member", "certifier", "organiser", "owner", "staff"
ROLES = (MEMBER, CERTIFIER, ORGANISER, OWNER, STAFF)
"""Who may call a page. For these roles, ``visit.person`` is a caller of that kind, for one organisation."""
Handler = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Page:
    """A registered page: what it is and who may call it. The tests walk these."""

    method: str
    path: str
    who: str
    handler: Handler


PAGES: list[Page] = []


class Forged(NotAllowed):
    """A form without the token that our own page gave it."""


def _never(_visit: Visit) -> bool:
    return False


def page(
    method: str,
    path: str,
    *,
    who: str,
    again: Handler | None = None,
    bound: Callable[[Ask], str] | None = None,
    acting: Callable[[Visit], Visit] = lambda visit: visit,
    most_bytes: int = view.MOST_BYTES,
    unasked: Callable[[Visit], bool] = _never,
) -> Callable[[Handler], Handler]:
    """Register a page. ``again`` shows a form once more with what was typed: ``again(visit, problem, **params)``.

    ``bound`` says what the form's CSRF token is bound to: the session and the organisation that the person acts for,
    unless it is for people without one; ``acting`` says for which, where the page finds that out by itself. A form with
    files takes ``most_bytes``. ``unasked`` says of a post that it needs no token: its address is a secret by itself.
    """

    def decorate(handler: Handler) -> Handler:
        def enter(visit: Visit) -> Response:
            visit = _in_role(visit, who)
            params = _params(visit, who)
            if method == "POST":
                secret = None if unasked(visit) else bound(visit.ask) if bound else view.form_secret(acting(visit))
                return _posted(visit, handler, again, secret, params)
            return handler(visit, **params)

        def called(**_encoded: Any) -> Response:
            return _called(who, enter, most_bytes)

        PAGES.append(Page(method, path, who, handler))
        name = f"portal_{handler.__module__.rpartition('.')[2]}_{handler.__name__}"
        routes.route(path, methods=["GET", "HEAD"] if method == "GET" else [method], content_types=[], name=name)(
            called
        )
        return handler

    return decorate


def _called(who: str, enter: Callable[[Visit], Response], most_bytes: int) -> Response:
    visit = None
    try:
        visit = Visit.of(Ask.of(routes.current_request), most_bytes)
        visit = visit.identified()
        answer = _sign_in_first(visit) if who != ANYONE and visit.known is None else enter(visit)
    except Unavailable as error:
        told = responses.problem_of(error)
        answer = view.kept(visit, told) if visit and visit.form else view.problem(visit, told)
    except Exception as error:
        problem = responses.problem_of(error)
        if problem.status == 500:
            journal.failed("unforeseen", error)
        answer = view.problem(visit, problem)
    answer.headers = {**answer.headers, "Cache-Control": responses.NO_STORE, "X-Robots-Tag": "noindex"}
    if routes.current_request.method == "HEAD":
        answer.body = ""
    return answer


def _in_role(visit: Visit, who: str) -> Visit:
    """The visitor in the role that a page is for. Staff may enter the pages of a factory."""
    if who in ROLES:
        return visit.in_role(who)
    if who == FACTORY and visit.person.authority.of_kind(STAFF) and not _runs(visit):
        return visit.in_role(STAFF)
    return visit


def _runs(visit: Visit) -> bool:
    try:
        return visit.person.may_act_for(identity.parse_factory_id(visit.ask.params["factory_id"]))
    except Malformed:
        return False


def _params(visit: Visit, who: str) -> dict[str, str]:
    """The parameters of the path; a factory that the person may not act for is as good as none."""
    params = dict(visit.ask.params)
    if who == FACTORY:
        try:
            params["factory_id"] = identity.parse_factory_id(params["factory_id"])
        except Malformed as error:
            raise NotFound("There is no such factory of yours.") from error
        access.need_factory(visit.person, params["factory_id"])
    return params


def _posted(
    visit: Visit, handler: Handler, again: Handler | None, secret: str | None, params: dict[str, str]
) -> Response:
    try:
        if secret is not None:
            _check_form(visit, secret)
        return handler(visit, **params)
    except (Malformed, Conflict, Forged) as error:
        if again is None or (isinstance(error, Forged) and not _from_here(visit.ask)):
            raise
        return again(visit, responses.problem_of(error), **params)


def _check_form(visit: Visit, secret: str) -> None:
    """A browser that says that another site sent the form is believed; beyond that, the token decides."""
    given = visit.form.get("csrf_token") or visit.ask.header("x-csrf-token")
    try:
        access.check_csrf(given, secret)
    except NotAllowed as error:
        raise Forged(error.detail) from error
    if visit.ask.header("sec-fetch-site") in ("cross-site", "same-site"):
        raise Forged("This form came from another site.")


def _from_here(ask: Ask) -> bool:
    """Whether the browser vouches that our own page sent this: only then is what was typed shown again unasked."""
    return ask.header("sec-fetch-site") == "same-origin"


def _sign_in_first(visit: Visit) -> Response:
    if visit.ask.method != "POST":
        return view.go(visit, "/portal/sign-in")
    if _from_here(visit.ask):
        return view.kept(visit, responses.Problem(403, "You are signed out", ""))
    raise Unauthenticated("Sign in first.")
