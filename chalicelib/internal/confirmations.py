"""Holders ask certifiers to confirm what they declared; the certifier's people are told by mail."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import journal
from chalicelib.domain import identity, text
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.errors import NotFound
from chalicelib.domain.request import Request
from chalicelib.internal import access, body, letters
from chalicelib.internal.access import Call, Caller
from chalicelib.store import codec
from chalicelib.store.registry import certificates, people, requests
from chalicelib.store.registry.people import Role
from chalicelib.web import language, responses

routes = Blueprint(__name__)

MOST_BYTES = 10_000
MOST_MAILS = 20


@access.endpoint(routes, "POST", "/internal/v1/certificates/{code}/requests", scope="certificates:declare")
def post(call: Call, code: str) -> Response:
    """Ask a certifier to confirm a declared certificate. Its people are mailed once a week at most."""
    read = body.read(call.ask.json(MOST_BYTES), {"certifier_id": text.clean_tenant})
    found = ask(call.caller, identity.parse_certificate_code(code), read["certifier_id"])
    return responses.json_response(describe(found))


def describe(request: Request) -> dict[str, Any]:
    """A request as its holder may see it."""
    told: dict[str, Any] = codec.to_json(request)
    del told["others"]
    return told


def ask(caller: Caller, code: str, certifier_id: str) -> Request:
    """Ask, and tell the certifier's people. If the mail cannot be sent, the request lies in the queue all the same."""
    certificate = certificates.load(code)
    if not caller.may_act_for(certificate.holder_id):
        raise NotFound("There is no such certificate of yours.")
    request, is_due = requests.ask(certificate.holder_id, code, certifier_id, caller.actor)
    if is_due and not _told(certificate, certifier_id):
        requests.not_mailed(request)
    return request


def _told(certificate: Certificate, certifier_id: str) -> bool:
    """Whether somebody could be told."""
    told = False
    for colleague in people.team(Role("certifier", certifier_id))[:MOST_MAILS]:
        try:
            letters.confirmation_asked(colleague.email, language.choose(None, None), certificate)
            told = True
        except letters.NotSent as error:
            journal.failed("mail_not_sent", error, about="confirmation")
    return told
