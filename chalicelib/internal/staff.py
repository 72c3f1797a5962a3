"""What the registry's operators do: members, certifiers, standards and keys."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib.domain import identity, text
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.fields import clean_country
from chalicelib.domain.phrase import phrase
from chalicelib.internal import access, body
from chalicelib.internal.access import SCOPES, Call
from chalicelib.store.registry import callers, organisations
from chalicelib.web import responses

routes = Blueprint(__name__)

MOST_BYTES = 50_000


@access.endpoint(routes, "PUT", "/internal/v1/members/{member_id}", scope="staff")
def put_member(call: Call, member_id: str) -> Response:
    """Create or replace an ICS member."""
    return _put(call, "member", member_id, {"name": text.clean, "country": clean_country})


@access.endpoint(routes, "PUT", "/internal/v1/certifiers/{certifier_id}", scope="staff")
def put_certifier(call: Call, certifier_id: str) -> Response:
    """Create or replace a certification body."""
    return _put(call, "certifier", certifier_id, {"name": text.clean, "country": clean_country})


@access.endpoint(routes, "PUT", "/internal/v1/standards/{standard_id}", scope="staff")
def put_standard(call: Call, standard_id: str) -> Response:
    """Create or replace a standard."""
    return _put(call, "standard", standard_id, {"name": text.clean, "owner": text.clean}, {"short_name": text.clean})


@access.endpoint(routes, "POST", "/internal/v1/keys", scope="staff")
def post_key(call: Call) -> Response:
    """Make an API key. It is shown here and never again."""
    read = body.read(
        call.ask.json(MOST_BYTES),
        {"kind": body.one_of(*SCOPES), "tenant": text.clean},
        {"scopes": body.list_of(text.clean, 20)},
    )
    kind, tenant = read["kind"], _tenant(read["kind"], read["tenant"])
    scopes = read["scopes"] or SCOPES[kind]
    foreign = [scope for scope in scopes if scope not in SCOPES[kind]]
    if foreign:
        most = phrase("a %(kind)s has at most %(scopes)s", kind=kind, scopes=", ".join(SCOPES[kind]))
        raise Malformed("Not for this kind.", [Fault("/scopes", most)])
    api_key, secret = callers.create_key(kind, tenant, scopes, call.caller.by)
    answer = {"prefix": api_key.prefix, "kind": kind, "tenant": tenant, "scopes": list(scopes), "key": secret}
    return responses.json_response(answer, status=201)


@access.endpoint(routes, "DELETE", "/internal/v1/keys/{prefix}", scope="staff")
def delete_key(_call: Call, prefix: str) -> Response:
    """Revoke a key: the next request with it is refused."""
    callers.revoke_key(prefix)
    return responses.empty()


def _tenant(kind: str, given: str) -> str:
    if kind in ("member", "certifier"):
        organisations.need(kind, text.clean_tenant(given))
        return given
    if kind == "factory":
        return identity.parse_factory_id(given)
    return text.clean_tenant(given)


def _put(
    call: Call, kind: str, identifier: str, required: dict[str, Any], optional: dict[str, Any] | None = None
) -> Response:
    code = text.clean_tenant(identifier)
    read = body.read(call.ask.json(MOST_BYTES), required, {"website": text.clean_website, **(optional or {})})
    content = {"id": code, **{name: value for name, value in read.items() if value is not None}}
    organisations.put(kind, code, content, call.caller.actor)
    return responses.json_response(content)
