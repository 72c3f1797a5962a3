"""ICS members invite factories by e-mail to run their own profiles."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity, text
from chalicelib.domain.errors import Conflict, DomainError, Fault, Malformed
from chalicelib.domain.fields import clean_country, clean_email
from chalicelib.internal import access, body, letters
from chalicelib.internal.access import Call
from chalicelib.store.registry import invitations as store
from chalicelib.store.registry import organisations
from chalicelib.store.registry.invitations import Invitation
from chalicelib.web import responses
from chalicelib.web.language import LANGUAGES

routes = Blueprint(__name__)

MOST_INVITATIONS = 500
MOST_BYTES = 500_000


@access.endpoint(routes, "POST", "/internal/v1/invitations", scope="invitations:write")
def invite(call: Call) -> Response:
    """Invite one factory, or up to 500 (``{"invitations": […]}``), each with its own result."""
    content = call.ask.json(MOST_BYTES)
    member = organisations.need("member", call.caller.tenant)
    if "invitations" not in content:
        return responses.json_response(_invite(call, member, content), status=201)
    rows = body.read(content, {"invitations": lambda rows: body.listed(rows, MOST_INVITATIONS, 1)})["invitations"]
    return responses.json_response({"results": [_result(call, member, index, row) for index, row in enumerate(rows)]})


@access.endpoint(routes, "GET", "/internal/v1/invitations", scope="invitations:write")
def listed(call: Call) -> Response:
    """All invitations of the member, oldest first."""
    found = store.listed(call.caller.tenant)
    return responses.json_response({"results": [describe(invitation) for invitation in found]})


@access.endpoint(routes, "POST", "/internal/v1/invitations/{invitation_id}/resend", scope="invitations:write")
def resend(call: Call, invitation_id: str) -> Response:
    """Send a new link; the older one no longer works."""
    member = organisations.need("member", call.caller.tenant)
    invitation, token = store.renew(call.caller.tenant, invitation_id)
    return responses.json_response(describe(_mailed(member, invitation, token)))


@access.endpoint(routes, "DELETE", "/internal/v1/invitations/{invitation_id}", scope="invitations:write")
def withdraw(call: Call, invitation_id: str) -> Response:
    """Withdraw a pending invitation."""
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
        "created_at": invitation.created_at,
        "expires_at": invitation.expires_at,
    }


def _result(call: Call, member: dict[str, Any], index: int, row: Any) -> dict[str, Any]:
    try:
        return {"index": index, "outcome": "created", **_invite(call, member, row)}
    except DomainError as error:
        problem = responses.problem_of(error)
        faults = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in problem.faults)
        return {"index": index, "outcome": "rejected", "detail": faults or problem.detail}


def _invite(call: Call, member: dict[str, Any], row: Any) -> dict[str, Any]:
    read = body.read(
        row,
        {"email": clean_email},
        {
            "factory_id": body.code(identity.parse_factory_id),
            "name": text.clean,
            "country": clean_country,
            "language": body.one_of(*LANGUAGES),
        },
    )
    if read["factory_id"] is None and (read["name"] is None or read["country"] is None):
        raise Malformed("Which factory?", [Fault("/factory_id", "is missing: or give name and country of a new one")])
    if read["factory_id"] is not None and read["name"] is not None:
        raise Conflict("Give either the factory_id of a factory on record, or name and country of a new one.")
    invitation, token = store.invite(
        call.caller.tenant,
        read["email"],
        read["language"] or "en",
        read["factory_id"],
        read["name"],
        read["country"],
    )
    return describe(_mailed(member, invitation, token))


def _mailed(member: dict[str, Any], invitation: Invitation, token: str) -> Invitation:
    """Send the mail. If that fails the invitation stays, its mail ``queued``, and can be sent again."""
    try:
        letters.invitation(member["name"], invitation, token)
    except letters.NotSent:
        return invitation
    return store.mailed(invitation)
