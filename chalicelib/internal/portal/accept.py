"""An invitation: looked at as often as anyone likes, accepted once."""

from __future__ import annotations

from chalice.app import Response

from chalicelib import clock
from chalicelib.internal import access
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import invitations as store
from chalicelib.store.registry import organisations
from chalicelib.web import responses
from chalicelib.web.request import Ask

PATH = "/portal/invitations/{token}"


def _token(ask: Ask) -> str:
    return ask.params["token"]


@door.page("GET", PATH, who=door.ANYONE)
def invitation(visit: Visit, token: str) -> Response:
    """Who invites which factory, and what accepting means. Changes nothing."""
    invited = store.by_token(token)
    return view.render(
        visit,
        "portal/invitation.html",
        invited=invited,
        member=organisations.need("member", invited.member_id)["name"],
        expires=clock.parsed(invited.expires_at),
        csrf=access.csrf_token(token),
    )


@door.page("POST", PATH, who=door.ANYONE, bound=_token)
def accepted(visit: Visit, token: str) -> Response:
    """Accept. The session that it opens is in ``Set-Cookie``."""
    done = store.accept(token)
    cookie = access.session_cookie(done.session)
    if view.wants_json(visit.ask):
        body = {"factory_id": done.factory_id, "csrf_token": access.csrf_token(done.session)}
        return responses.json_response(body, Set_Cookie=cookie)
    return view.go(visit, f"/portal/factories/{done.factory_id}/profile?done=accepted", cookie=cookie)
