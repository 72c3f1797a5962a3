"""The invitations of a member: how each stands, and what can be done about it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.fields import clean_email
from chalicelib.domain.invitation import STATES
from chalicelib.internal import inviting
from chalicelib.internal.portal import door, view
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import invitation_items as items
from chalicelib.store.registry import invitations as store
from chalicelib.web import invitation_words
from chalicelib.web.responses import Problem

PATH = "/portal/invitations"
PAGE = 50


@door.page("GET", PATH, who=door.MEMBER)
def listed(visit: Visit) -> Response:
    """The invitations, the newest first: counted by state, and narrowed to one."""
    return _page(visit)


def _page(visit: Visit, problem: Problem | None = None) -> Response:
    chosen = visit.ask.query.get("state", "")
    now = clock.now()
    lines = items.lines(visit.person.tenant)[::-1]
    states = [line.state_at(now) for line in lines]
    wanted = [line.invitation_id for line, state in zip(lines, states, strict=True) if chosen in ("", state)]
    number = _number(visit.ask.query.get("page", ""), len(wanted))
    found = items.several(wanted[(number - 1) * PAGE : number * PAGE])
    return view.render(
        visit,
        "portal/invitations.html",
        own_path=f"{PATH}?state={chosen}" if chosen in STATES else PATH,
        http_status=problem.status if problem else 200,
        problem=problem,
        chosen=chosen if chosen in STATES else "",
        counted=[(state, states.count(state)) for state in STATES if states.count(state)],
        total=len(lines),
        shown=[_row(each, now) for each in found],
        number=number,
        more=len(wanted) > number * PAGE,
        states=invitation_words.STATES,
    )


def _row(invitation: store.Invitation, now: Any) -> dict[str, Any]:
    state = invitation.state_at(now)
    return {
        "invitation": invitation,
        "state": state,
        "waits": state == "pending" and invitation.mail == "queued",
        "trouble": invitation_words.trouble(invitation.trouble),
        "created": clock.parsed(invitation.created_at),
        "expires": clock.parsed(invitation.expires_at),
    }


def _number(given: str, total: int) -> int:
    last = max(1, -(-total // PAGE))
    return min(int(given), last) if given.isascii() and given.isdigit() and 0 < len(given) < 6 and int(given) else 1


@door.page("GET", f"{PATH}/resend", who=door.MEMBER)
def correct(visit: Visit) -> Response:
    """A form to send an invitation again, perhaps to a corrected address."""
    return _correct(visit)


def _correct(visit: Visit, problem: Problem | None = None) -> Response:
    asked = visit.form if visit.form else visit.ask.query
    held = store.of_member(visit.person.tenant, asked.get("invitation", ""))
    return view.render(
        visit,
        "portal/invitation_resend.html",
        own_path=f"{PATH}/resend?invitation={held.invitation_id}",
        http_status=problem.status if problem else 200,
        problem=problem,
        faults=view.faults_by_input(problem),
        invitation=held,
        trouble=invitation_words.trouble(held.trouble),
        typed=visit.form.get("email", held.email),
    )


@door.page("POST", f"{PATH}/resend", who=door.MEMBER, again=_correct)
def resend(visit: Visit) -> Response:
    """Send a new link; the older one no longer works."""
    given = visit.form.get("email", "").strip()
    try:
        email = clean_email(given) if given else None
    except Malformed as error:
        raise Malformed("Some fields cannot be taken as sent.", [Fault("/email", error.detail)]) from error
    sent = inviting.resend(inviting.inviter(visit.person.tenant), visit.form.get("invitation", ""), email)
    return view.go(visit, f"{PATH}?done={sent.mail}")


@door.page("POST", f"{PATH}/withdraw", who=door.MEMBER, again=_page)
def withdraw(visit: Visit) -> Response:
    """Withdraw an invitation: its link no longer works."""
    store.withdraw(visit.person.tenant, visit.form.get("invitation", ""))
    state = visit.ask.query.get("state", "")
    return view.go(visit, f"{PATH}?done=withdrawn{f'&state={quote(state)}' if state in STATES else ''}")
