"""What the registry's operators do: members, certifiers and keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.domain import identity, text
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.fields import clean_country
from chalicelib.domain.phrase import phrase
from chalicelib.domain.standard import OWNER
from chalicelib.internal import access, body
from chalicelib.internal.access import SCOPES, Call, Caller
from chalicelib.store.registry import callers, organisations, renames, standards
from chalicelib.store.registry.callers import ActiveKey, ApiKey
from chalicelib.store.registry.history import Actor
from chalicelib.web import responses

routes = Blueprint(__name__)

MOST_BYTES = 50_000
ORGANISATION: Mapping[str, body.Check] = {"name": text.clean, "country": clean_country}
"""What is to be said of a member or certifier."""


@access.endpoint(routes, "PUT", "/internal/v1/members/{member_id}", scope="staff")
def put_member(call: Call, member_id: str) -> Response:
    """Create or replace an ICS member."""
    return _put(call, "member", member_id, ORGANISATION)


@access.endpoint(routes, "PUT", "/internal/v1/certifiers/{certifier_id}", scope="staff")
def put_certifier(call: Call, certifier_id: str) -> Response:
    """Create or replace a certification body."""
    return _put(call, "certifier", certifier_id, ORGANISATION)


@access.endpoint(routes, "PUT", "/internal/v1/organisers/{organiser_id}", scope="staff")
def put_organiser(call: Call, organiser_id: str) -> Response:
    """Create or replace an organiser of programmes."""
    return _put(call, "organiser", organiser_id, ORGANISATION)


@access.endpoint(routes, "POST", "/internal/v1/organisers/{organiser_id}/end", scope="staff")
def end_organiser(call: Call, organiser_id: str) -> Response:
    """An organiser takes part no more. Its programmes stay as they are."""
    return _part(call, "organiser", organiser_id, organisations.end)


@access.endpoint(routes, "POST", "/internal/v1/organisers/{organiser_id}/resume", scope="staff")
def resume_organiser(call: Call, organiser_id: str) -> Response:
    """An organiser takes part again."""
    return _part(call, "organiser", organiser_id, organisations.resume)


@access.endpoint(routes, "POST", "/internal/v1/members/{member_id}/end", scope="staff")
def end_member(call: Call, member_id: str) -> Response:
    """A member takes part no more: its keys, people and open invitations act no longer, from the next request on."""
    return _part(call, "member", member_id, organisations.end)


@access.endpoint(routes, "POST", "/internal/v1/members/{member_id}/resume", scope="staff")
def resume_member(call: Call, member_id: str) -> Response:
    """A member takes part again."""
    return _part(call, "member", member_id, organisations.resume)


@access.endpoint(routes, "POST", "/internal/v1/certifiers/{certifier_id}/end", scope="staff")
def end_certifier(call: Call, certifier_id: str) -> Response:
    """A certification body takes part no more. What it confirmed stays as it confirmed it."""
    return _part(call, "certifier", certifier_id, organisations.end)


@access.endpoint(routes, "POST", "/internal/v1/certifiers/{certifier_id}/resume", scope="staff")
def resume_certifier(call: Call, certifier_id: str) -> Response:
    """A certification body takes part again."""
    return _part(call, "certifier", certifier_id, organisations.resume)


@access.endpoint(routes, "GET", "/internal/v1/keys", scope="staff")
def get_keys(call: Call) -> Response:
    """The active keys of a tenant: ``?kind=member&tenant=maison``. Never the keys themselves."""
    kind = call.ask.query.get("kind", "")
    if kind not in SCOPES:
        raise Malformed(phrase("kind is one of %(kinds)s.", kinds=", ".join(SCOPES))).at("/kind")
    found = callers.active_keys(kind, tenant_of(kind, call.ask.query.get("tenant", "")))
    return responses.json_response({"results": [_told(each) for each in found]})


@access.endpoint(routes, "POST", "/internal/v1/keys", scope="staff")
def post_key(call: Call) -> Response:
    """Make an API key. It is shown here and never again."""
    api_key, secret = make_key(call.caller, call.ask.json(MOST_BYTES))
    answer = {"prefix": api_key.prefix, "kind": api_key.kind, "tenant": api_key.tenant, "scopes": list(api_key.scopes)}
    return responses.json_response({**answer, "key": secret}, status=201)


@access.endpoint(routes, "DELETE", "/internal/v1/keys/{prefix}", scope="staff")
def delete_key(call: Call, prefix: str) -> Response:
    """Revoke a key: the next request with it is refused."""
    callers.revoke_key(prefix, call.caller.actor)
    return responses.empty()


def make_key(caller: Caller, given: Any) -> tuple[ApiKey, str]:
    """Make a key as a body or form says; the second value is the key itself."""
    read = body.read(
        given,
        {"kind": body.one_of(*SCOPES), "tenant": text.clean},
        {"scopes": body.list_of(text.clean, 20), "reason": lambda value: text.clean(value, text.LONG)},
    )
    kind = read["kind"]
    try:
        tenant = tenant_of(kind, read["tenant"])
    except Malformed as error:
        raise Malformed("Some fields cannot be taken as sent.", [Fault("/tenant", error.detail)]) from error
    scopes = read["scopes"] or SCOPES[kind]
    foreign = [scope for scope in scopes if scope not in SCOPES[kind]]
    if foreign:
        most = phrase("a %(kind)s has at most %(scopes)s", kind=kind, scopes=", ".join(SCOPES[kind]))
        raise Malformed("Not for this kind.", [Fault("/scopes", most)])
    return callers.create_key(kind, tenant, scopes, caller.by, caller.actor, read["reason"])


def tenant_of(kind: str, given: str) -> str:
    """Whose key: an organisation or factory on record, or a name of its own for ICS and staff."""
    if kind in organisations.ACTING:
        organisations.need(kind, text.clean_tenant(given))
        return given
    if kind == OWNER:
        return standards.need(text.clean_tenant(given)).standard_id
    if kind == "factory":
        return identity.parse_factory_id(given)
    return text.clean_tenant(given)


def _told(active: ActiveKey) -> dict[str, Any]:
    key = active.key
    named = {"prefix": key.prefix, "kind": key.kind, "tenant": key.tenant, "scopes": list(key.scopes)}
    return {**named, "made_by": active.made_by, "made_at": active.made_at, "used_at": active.used_at}


def reason_of(given: Any) -> str:
    """The reason that goes with what staff do, as a body or form says it."""
    return str(body.read(given, {"reason": lambda value: text.clean(value, text.LONG)})["reason"])


def _part(call: Call, kind: str, identifier: str, change: Callable[[str, str, str, Actor], None]) -> Response:
    change(kind, identifier, reason_of(call.ask.json(MOST_BYTES)), call.caller.actor)
    return responses.json_response(organisations.need(kind, identifier))


def _put(call: Call, kind: str, identifier: str, required: Mapping[str, body.Check]) -> Response:
    return responses.json_response(put_organisation(call.caller, kind, identifier, call.ask.json(MOST_BYTES), required))


def put_organisation(
    caller: Caller,
    kind: str,
    identifier: str,
    given: Any,
    required: Mapping[str, body.Check],
    kept: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Create or replace a member or certifier as a body or form says; ``kept`` has what a form leaves."""
    code = text.clean_tenant(identifier)
    read = body.read(given, required, {"website": text.clean_website})
    others = {name: value for name, value in (kept or {}).items() if name not in read}
    content = {**others, "id": code, **{name: value for name, value in read.items() if value is not None}}
    before = organisations.load(kind, code) if kind == "member" else None
    organisations.put(kind, code, content, caller.actor)
    if before is not None and before["name"] != content["name"]:
        renames.follow(code, caller.actor)
    return content
