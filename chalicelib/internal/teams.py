"""People who act for organisations: for machines, and the letter that tells them."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib import journal
from chalicelib.domain import text
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.domain.fields import clean_email
from chalicelib.domain.phrase import phrase
from chalicelib.internal import access, body, letters
from chalicelib.internal.access import Call
from chalicelib.store.registry import organisations, people
from chalicelib.store.registry.history import Actor
from chalicelib.store.registry.people import Role
from chalicelib.web import language, responses

routes = Blueprint(__name__)

MOST_BYTES = 10_000
KINDS = (*organisations.ACTING, "owner", "ics", "staff")
_ON_RECORD = {**{kind: kind for kind in organisations.ACTING}, "owner": "standard"}
"""Kinds of which there are several, and what each of them has a record as."""


@access.endpoint(routes, "GET", "/internal/v1/people", scope="staff")
def listed(call: Call) -> Response:
    """Who acts for an organisation: ``?kind=member&tenant=maison``."""
    return _team(known(call.ask.query.get("kind", ""), call.ask.query.get("tenant", "")))


@access.endpoint(routes, "POST", "/internal/v1/people", scope="staff")
def post(call: Call) -> Response:
    """Let somebody act for an organisation, and tell them so by mail. Sent again, it changes nothing."""
    read = body.read(
        call.ask.json(MOST_BYTES),
        {"kind": body.one_of(*KINDS), "tenant": text.clean_tenant, "email": clean_email},
        {"language": body.one_of(*language.LANGUAGES)},
    )
    role = known(read["kind"], read["tenant"])
    add(role, read["email"], read["language"] or "en", call.caller.actor)
    return _team(role)


@access.endpoint(routes, "DELETE", "/internal/v1/people/{person}", scope="staff")
def delete(call: Call, person: str) -> Response:
    """Let somebody act for an organisation (``?kind=&tenant=``) no more, from the next request on."""
    role = known(call.ask.query.get("kind", ""), call.ask.query.get("tenant", ""))
    people.remove(role, person, call.caller.actor)
    return responses.empty()


def add(role: Role, email: str, spoken: str, actor: Actor) -> None:
    """Let somebody act for an organisation; who is new is told by mail, and if that fails can still sign in."""
    if people.add(role, email, actor):
        try:
            letters.welcome(email, language.choose(spoken, None), named(role))
        except letters.NotSent as error:
            journal.failed("mail_not_sent", error, about="welcome")


def named(role: Role) -> str:
    """What an organisation is called; its identifier where it has no record."""
    if role.kind in _ON_RECORD:
        held = organisations.load(_ON_RECORD[role.kind], role.tenant)
        return str(held["name"]) if held is not None else role.tenant
    return "ICS" if role.kind == "ics" else "Factory ID"


def known(kind: str, tenant: str) -> Role:
    """An organisation that somebody may act for; a member, certifier or standard has to be on record."""
    if kind not in KINDS:
        raise Malformed(phrase("kind is one of %(kinds)s.", kinds=", ".join(KINDS))).at("/kind")
    role = Role(kind, text.clean_tenant(tenant))
    if kind in _ON_RECORD and organisations.load(_ON_RECORD[kind], role.tenant) is None:
        raise NotFound("There is no such organisation on record.")
    return role


def _team(role: Role) -> Response:
    team = [{"person": each.person, "email": each.email, "since": each.since} for each in people.team(role)]
    return responses.json_response({"kind": role.kind, "tenant": role.tenant, "people": team})
