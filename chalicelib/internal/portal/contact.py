"""The link that confirms a factory's contact address: opening it changes nothing, the button behind it does."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.internal import access
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import contacts as store
from chalicelib.web.request import Ask
from chalicelib.web.responses import Problem

DONE = "/portal/contacts"
LINK = "/portal/contacts/{token}"


def _token(ask: Ask) -> str:
    return ask.params["token"]


@door.page("GET", DONE, who=door.ANYONE)
def done(visit: Visit) -> Response:
    """That is all."""
    return view.render(visit, "portal/contact_done.html")


@door.page("GET", LINK, who=door.ANYONE)
def link(visit: Visit, token: str) -> Response:
    """Which factory it is, and a button. Programs that follow links in mails change nothing."""
    return _shown(visit, None, token)


def _shown(visit: Visit, problem: Problem | None, token: str) -> Response:
    factory = store.check(token)
    return view.render(
        visit,
        "portal/contact.html",
        http_status=problem.status if problem else 200,
        problem=problem,
        name=factory.value("name"),
        code_shown=factory.factory_id,
        csrf=access.csrf_token(token),
    )


@door.page("POST", LINK, who=door.ANYONE, again=_shown, bound=_token)
def confirmed(visit: Visit, token: str) -> Response:
    """Confirm the address, once."""
    store.consume(token)
    return view.go(visit, f"{DONE}?done=confirmed")
