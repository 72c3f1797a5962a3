"""ICS members invite factories by e-mail to run their own profiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import text
from chalicelib.domain.errors import Conflict, DomainError, Malformed, TooLarge
from chalicelib.domain.fields import clean_email
from chalicelib.domain.invitation import STATES, Invitation
from chalicelib.domain.likeness import Likely
from chalicelib.internal import access, body, duplicates, inviting, repeats
from chalicelib.internal.access import Call
from chalicelib.internal.inviting import Inviter
from chalicelib.store.registry import invitation_items as items
from chalicelib.store.registry import invitations as store
from chalicelib.store.registry import replies
from chalicelib.store.registry.replies import Request, Row
from chalicelib.web import invite_sheet, responses

routes = Blueprint(__name__)

MOST_INVITATIONS = 500
MOST_BYTES = 500_000
PAGE = 1000
SECONDS = 20.0
"""To put a batch on record and to mail it: the function has 29 seconds, and what is not mailed by then is queued."""
SECONDS_TO_COMPARE = 12.0
"""After this, rows are compared with the factories on record only if they ask for it."""


class PossibleDuplicate(Conflict):
    """The factory is likely to be on record already, and the caller asked not to invite it then."""

    def __init__(self, likely: list[Likely]) -> None:
        super().__init__("This factory is likely to be on record already: see duplicates. Nothing was sent.")
        self.likely = likely


@access.endpoint(routes, "POST", "/internal/v1/invitations", scope="invitations:write")
def invite(call: Call) -> Response:
    """Invite one factory, or up to 500 (``{"invitations": […]}``), each with its own result.

    What an earlier try of the same request, by its ``Idempotency-Key``, invited is told as it stands now, and not
    invited again. The reply is not stored: it holds addresses, which can be erased.
    """
    content = call.ask.json(MOST_BYTES)
    request = repeats.request_of(call)
    member = inviting.inviter(call.caller.tenant)
    if "invitations" not in content:
        try:
            [only] = _sent([content], request)
            return responses.json_response(_mailed(member, _recorded(member, only)).result(), status=201)
        except PossibleDuplicate as error:
            return responses.problem_response(responses.problem_of(error), duplicates=_described(error.likely))
    rows = body.read(content, {"invitations": _rows})["invitations"]
    return responses.json_response({"results": _several(member, _sent(rows, request))})


@access.endpoint(routes, "GET", "/internal/v1/invitations", scope="invitations:write")
def listed(call: Call) -> Response:
    """The invitations of the member, oldest first, 1,000 at a time; ``?state=`` narrows, ``?after=`` goes on."""
    state, after = call.ask.query.get("state", ""), call.ask.query.get("after", "")
    if state and state not in STATES:
        raise Malformed("state is one of pending, accepted, expired, withdrawn, bounced.").at("/state")
    now = clock.now()
    lines = items.lines(call.caller.tenant)
    places = {line.invitation_id: place for place, line in enumerate(lines)}
    if after and after not in places:
        raise Malformed("after is the last invitation_id of the page before.").at("/after")
    rest = lines[places[after] + 1 :] if after else lines
    wanted = [line.invitation_id for line in rest if not state or line.state_at(now) == state]
    page = wanted[:PAGE]
    following = page[-1] if len(wanted) > PAGE else None
    results = [describe(invitation) for invitation in items.several(page)]
    return responses.json_response({"results": results, "next_after": following})


@access.endpoint(routes, "POST", "/internal/v1/invitations/{invitation_id}/resend", scope="invitations:write")
def resend(call: Call, invitation_id: str) -> Response:
    """Send a new link, perhaps to a corrected address (``{"email": …}``); the older one no longer works."""
    given = call.ask.json(MOST_BYTES) if call.ask.body else {}
    email = body.read(given, {}, {"email": clean_email})["email"]
    return responses.json_response(
        describe(inviting.resend(inviting.inviter(call.caller.tenant), invitation_id, email))
    )


@access.endpoint(routes, "DELETE", "/internal/v1/invitations/{invitation_id}", scope="invitations:write")
def withdraw(call: Call, invitation_id: str) -> Response:
    """Withdraw an invitation that was not accepted."""
    store.withdraw(call.caller.tenant, invitation_id)
    return responses.empty()


@access.endpoint(routes, "POST", "/internal/v1/invitations/accept", scope=access.ANYONE)
def accept(call: Call) -> Response:
    """Accept by the token of the mail, for programs. The session that it opens is in ``Set-Cookie``."""
    token = body.read(call.ask.json(MOST_BYTES), {"token": text.clean})["token"]
    accepted = store.accept(token)
    answer = responses.json_response(
        {"factory_id": accepted.factory_id, "csrf_token": access.csrf_token(accepted.session)}
    )
    answer.headers["Set-Cookie"] = access.session_cookie(accepted.session)
    return answer


def describe(invitation: Invitation) -> dict[str, Any]:
    """An invitation as its member may see it: never the token."""
    return {
        "invitation_id": invitation.invitation_id,
        "email": invitation.email,
        "language": invitation.language,
        "factory_id": invitation.factory_id,
        "name": invitation.name,
        "country": invitation.country,
        "state": invitation.state_at(clock.now()),
        "mail": invitation.mail,
        "trouble": invitation.trouble or None,
        "reminders": invitation.reminders,
        "created_at": invitation.created_at,
        "expires_at": invitation.expires_at,
    }


def _rows(value: Any) -> list[Any]:
    if isinstance(value, list) and len(value) > MOST_INVITATIONS:
        raise TooLarge(invite_sheet.TOO_MANY)
    return body.listed(value, MOST_INVITATIONS, 1)


def _described(likely: list[Likely]) -> list[dict[str, Any]]:
    return [duplicates.describe(each) for each in likely]


@dataclass(frozen=True, slots=True)
class _Sent:
    """A row as it was sent: where to note what it came to, and the invitation that an earlier try made of it."""

    content: Any
    row: Row | None = None
    made: Invitation | None = None


def _sent(rows: Sequence[Any], request: Request | None) -> list[_Sent]:
    if request is None:
        return [_Sent(content) for content in rows]
    noted = {at: result["invitation_id"] for at, result in replies.noted(request).items()}
    made = {each.invitation_id: each for each in items.several(list(noted.values()))}
    return [_Sent(content, Row(request, at), made.get(noted.get(at, ""))) for at, content in enumerate(rows)]


@dataclass(frozen=True, slots=True)
class _Row:
    """What came of a row so far: what is told of it beside the invitation, and the token to mail."""

    told: dict[str, Any]
    invitation: Invitation | None = None
    token: str = ""

    def result(self) -> dict[str, Any]:
        return self.told if self.invitation is None else {**describe(self.invitation), **self.told}


def _several(member: Inviter, rows: list[_Sent]) -> list[dict[str, Any]]:
    """Put a batch on record, then mail it, each in its time: what is not mailed by then is queued."""
    now = clock.ticking()
    compared = now + SECONDS_TO_COMPARE
    first = inviting.abreast(lambda row: _row(member, row, clock.ticking() < compared), rows, SECONDS)
    late = _Row({"outcome": "rejected", "detail": "There was no time left for this one. Send it again."})
    done = [got or late for got in first]
    second = inviting.abreast(lambda row: _mailed(member, row), done, now + SECONDS - clock.ticking())
    return [{"index": at, **(got or done[at]).result()} for at, got in enumerate(second)]


def _row(member: Inviter, sent: _Sent, compare: bool) -> _Row:
    try:
        recorded = _recorded(member, sent, compare)
        return replace(recorded, told={"outcome": "created", **recorded.told})
    except PossibleDuplicate as error:
        told = {"outcome": "possible_duplicate", "detail": error.detail}
        return _Row({**told, "duplicates": _described(error.likely)})
    except DomainError as error:
        problem = responses.problem_of(error)
        faults = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in problem.faults)
        return _Row({"outcome": "rejected", "detail": faults or problem.detail})


def _recorded(member: Inviter, sent: _Sent, compare: bool = True) -> _Row:
    """Put one on record. Factories that it may be are told; with ``unless_likely`` nothing is done if there are any."""
    wanted, more = inviting.read(sent.content, {"unless_likely": body.boolean})
    decide = more["unless_likely"] and sent.made is None
    found = inviting.likely(wanted) if compare or decide else []
    if found and decide:
        raise PossibleDuplicate(found)
    if sent.made is not None:
        own = sent.made.factory_id
        return _Row(_told([each for each in found if each.factory_id != own]), sent.made)
    return _Row(_told(found), *inviting.record(member, wanted, sent.row or ""))


def _told(likely: list[Likely]) -> dict[str, Any]:
    return {"duplicates": _described(likely)} if likely else {}


def _mailed(member: Inviter, row: _Row) -> _Row:
    if row.invitation is None or not row.token:
        return row
    return replace(row, invitation=inviting.mailed(member, row.invitation, row.token))
