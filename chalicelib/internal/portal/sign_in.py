"""Signing in by a link in a mail, and signing out. Nobody learns here whether an address is known."""

from __future__ import annotations

import time

from chalice.app import Response

from chalicelib import clock, journal
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.fields import clean_email
from chalicelib.internal import access, letters
from chalicelib.internal.portal import door, hourly, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import callers
from chalicelib.store.registry import sign_in as store
from chalicelib.web.request import Ask
from chalicelib.web.responses import Problem

PATH = "/portal/sign-in"
LINK = "/portal/sign-in/{token}"
ANSWERED_AFTER = 0.5
"""Seconds; a mail is usually handed over within them."""


def _token(ask: Ask) -> str:
    return ask.params["token"]


@door.page("GET", PATH, who=door.ANYONE)
def form(visit: Visit) -> Response:
    """Asks for the e-mail address."""
    return _form(visit)


def _form(visit: Visit, problem: Problem | None = None) -> Response:
    return view.render(
        visit,
        "portal/sign_in.html",
        http_status=problem.status if problem else 200,
        typed=visit.form.get("email", ""),
        problem=problem,
        faults=view.faults_by_input(problem),
        csrf=hourly.token("sign-in"),
    )


@door.page("POST", PATH, who=door.ANYONE, again=_form, bound=hourly.bound("sign-in"))
def asked(visit: Visit) -> Response:
    """Mail a link if the address is known. The answer is the same if it is not."""
    try:
        email = clean_email(visit.form.get("email", "").strip())
    except Malformed as error:
        raise Malformed("Some fields cannot be taken as sent.", [Fault("/email", error.detail)]) from error
    begun = clock.ticking()
    token = store.ask(email)
    if token is not None:
        try:
            letters.sign_in(email, visit.language, token)
        except letters.NotSent as error:
            journal.failed("mail_not_sent", error, about="sign_in")
    _even_out(begun)
    return view.render(visit, "portal/sign_in_sent.html")


def _even_out(begun: float) -> None:
    """Wait for the rest of the time that a mail usually takes: how long an answer takes tells nothing, either."""
    time.sleep(max(0.0, ANSWERED_AFTER - (clock.ticking() - begun)))


@door.page("GET", LINK, who=door.ANYONE)
def link(visit: Visit, token: str) -> Response:
    """A button. Programs that follow links in mails change nothing."""
    store.check(token)
    return view.render(visit, "portal/sign_in_link.html", csrf=access.csrf_token(token))


@door.page("POST", LINK, who=door.ANYONE, bound=_token)
def used(visit: Visit, token: str) -> Response:
    """Use the link, once."""
    return view.go(visit, "/portal", cookie=access.session_cookie(store.consume(token, visit.language.code)))


@door.page("POST", "/portal/sign-out", who=door.ANYONE)
def out(visit: Visit) -> Response:
    """End the session."""
    secret = access.session_secret(visit.ask)
    if secret:
        callers.end_session(secret)
    return view.go(visit, f"{PATH}?done=signed_out", cookie=access.session_cookie(""))
