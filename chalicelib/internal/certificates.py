"""Certifiers confirm certificates and change their standing; factories declare theirs."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity, portfolio
from chalicelib.domain.certificate import Certificate, Outcome, status_on
from chalicelib.domain.errors import Malformed, NotAllowed, NotFound
from chalicelib.domain.portfolio import Sought
from chalicelib.internal import access, certificate_rows, repeats
from chalicelib.internal.access import Call, Caller
from chalicelib.store import codec
from chalicelib.store.registry import certificates as store
from chalicelib.store.registry import certified, factories
from chalicelib.store.registry.replies import Row
from chalicelib.web import cursor, responses

routes = Blueprint(__name__)

MOST_BYTES = 50_000
PAGE = 50


@access.endpoint(routes, "POST", "/internal/v1/certificates", scope=access.SIGNED_IN)
def register(call: Call) -> Response:
    """Register a certificate: confirmed if its certifier says so, declared if its holder does."""
    certificate, created = put_on_record(call.caller, call.ask.json(MOST_BYTES))
    return responses.json_response(_body(certificate), status=201 if created else 200)


def put_on_record(caller: Caller, given: Any) -> tuple[Certificate, bool]:
    """Register what a body or form says, as its certifier's or holder's word; says whether it is new."""
    read = certificate_rows.registration(caller, given)
    certificate, outcome = store.register(read.factory_id, read.said, caller.actor)
    return certificate, outcome is Outcome.CREATED


@access.endpoint(routes, "GET", "/internal/v1/certificates", scope=access.SIGNED_IN)
def certificates(call: Call) -> Response:
    """A certifier's certificates, or a factory's, by status, standard, number and holder."""
    query = call.ask.query
    sought = Sought(*(query.get(name, "").strip()[:200] for name in ("status", "standard", "number", "holder")))
    found, following = page_of(call.caller, sought, query.get("cursor", ""))
    today = clock.today()
    results = [{**_body(each), "status": status_on(each, today).value} for each in found]
    return responses.json_response({"results": results, "next_cursor": following})


def page_of(caller: Caller, sought: Sought, token: str) -> tuple[list[Certificate], str | None]:
    """A page of the caller's certificates, and the token of the next one."""
    today = clock.today()
    portfolio.checked(sought)
    if caller.kind != "certifier":
        held = factories.need(_factory(caller, sought)).certificates.values()
        return sorted((each for each in held if sought.admits(each, today)), key=lambda each: each.code), None
    question = "|".join((caller.tenant, sought.status, sought.standard, sought.number, sought.holder))
    after = cursor.read_place(token, question) if token else ""
    found, last = certified.listed(caller.tenant, lambda each: sought.admits(each, today), after, PAGE)
    return found, cursor.write([last], question) if last else None


def _factory(caller: Caller, sought: Sought) -> str:
    """Whose certificates somebody asks for who is no certifier: of a factory that they may act for."""
    if caller.kind not in ("factory", "staff"):
        raise NotAllowed("Certifiers see the certificates that they confirmed, and factories theirs.")
    try:
        factory_id = identity.parse_factory_id(sought.holder)
    except Malformed as error:
        own = [caller.tenant] if caller.tenant and caller.kind == "factory" else list(caller.authority.factories)
        if sought.holder or len(own) != 1:
            raise Malformed("Say which factory: holder is its Factory ID.").at("/holder") from error
        factory_id = own[0]
    access.need_factory(caller, factory_id)
    return factory_id


@access.endpoint(routes, "POST", "/internal/v1/certificates/{code}/standing", scope="certificates:write")
def change_standing(call: Call, code: str) -> Response:
    """Suspend, withdraw or reinstate. The next check says so."""
    said = certificate_rows.statement(call.ask.json(MOST_BYTES), clock.today(), named=False)
    caller = call.caller
    code = identity.parse_certificate_code(code)
    request = repeats.request_of(call, about=code)
    row = Row(request) if request else None
    return repeats.answer(
        request, lambda: _body(store.change_standing(code, said.word, caller.tenant, caller.actor, row)[0])
    )


@access.endpoint(routes, "GET", "/internal/v1/certificates/{code}", scope=access.SIGNED_IN)
def certificate(call: Call, code: str) -> Response:
    """The whole record, for its certifier, its holder and staff."""
    found = store.load(identity.parse_certificate_code(code))
    caller = call.caller
    its_certifier = caller.kind == "certifier" and caller.tenant == found.certifier_id
    if not its_certifier and not caller.may_act_for(found.holder_id):
        raise NotFound("There is no such certificate of yours.")
    return responses.json_response(_body(found))


def _body(found: Certificate) -> dict[str, Any]:
    return {**codec.to_json(found), "url": f"{access.SETTINGS.base_url}/c/{found.code}"}
