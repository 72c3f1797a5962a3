"""Certifiers confirm certificates and change their standing; factories declare theirs."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import identity, text
from chalicelib.domain.certificate import Certificate, Standing, StandingChange
from chalicelib.domain.errors import Fault, Malformed, NotAllowed, NotFound
from chalicelib.domain.phrase import phrase
from chalicelib.internal import access, body
from chalicelib.internal.access import Call, Caller
from chalicelib.store import codec
from chalicelib.store.registry import certificates as store
from chalicelib.store.registry import organisations
from chalicelib.store.registry.certificates import Particulars
from chalicelib.web import responses

routes = Blueprint(__name__)

MOST_BYTES = 50_000


@access.endpoint(routes, "POST", "/internal/v1/certificates", scope=access.SIGNED_IN)
def register(call: Call) -> Response:
    """Register a certificate: confirmed if its certifier says so, declared if its holder does."""
    certificate, created = put_on_record(call.caller, call.ask.json(MOST_BYTES))
    return responses.json_response(_body(certificate), status=201 if created else 200)


def put_on_record(caller: Caller, given: Any) -> tuple[Certificate, bool]:
    """Register what a body or form says, as its certifier's or holder's word; says whether it is new."""
    required: dict[str, body.Check] = {
        "factory_id": body.code(identity.parse_factory_id),
        "number": text.clean,
        "standard_id": text.clean_tenant,
        "scope": lambda value: text.clean(value, text.LONG),
        "valid_from": body.day,
        "valid_to": body.day,
    }
    optional: dict[str, body.Check] = {"products": body.list_of(text.clean, 30), "gdti": _gdti}
    (required if caller.kind == "factory" else optional)["certifier"] = text.clean
    read = body.read(given, required, optional)
    if read["valid_to"] < read["valid_from"]:
        raise Malformed("The dates do not fit.", [Fault("/valid_to", "lies before valid_from")])
    return store.register(read["factory_id"], _particulars(caller, read), caller.actor)


@access.endpoint(routes, "POST", "/internal/v1/certificates/{code}/standing", scope="certificates:write")
def change_standing(call: Call, code: str) -> Response:
    """Suspend, withdraw or reinstate. The next check says so."""
    read = body.read(
        call.ask.json(MOST_BYTES),
        {"standing": body.one_of(*Standing), "reason": text.clean},
        {"effective": body.day},
    )
    now = clock.now()
    effective = read["effective"] or now.date()
    if effective > now.date():
        late = phrase("lies after today (%(today)s UTC): send the change on the day it takes effect", today=now.date())
        raise Malformed("The change lies in the future.", [Fault("/effective", late)])
    change = StandingChange(Standing(read["standing"]), read["reason"], effective, clock.instant(now))
    caller = call.caller
    certificate = store.change_standing(identity.parse_certificate_code(code), change, caller.tenant, caller.actor)
    return responses.json_response(_body(certificate))


@access.endpoint(routes, "GET", "/internal/v1/certificates/{code}", scope=access.SIGNED_IN)
def certificate(call: Call, code: str) -> Response:
    """The whole record, for its certifier, its holder and staff."""
    found = store.load(identity.parse_certificate_code(code))
    caller = call.caller
    its_certifier = caller.kind == "certifier" and caller.tenant == found.certifier_id
    if not its_certifier and not caller.may_act_for(found.holder_id):
        raise NotFound("There is no such certificate of yours.")
    return responses.json_response(_body(found))


def _particulars(caller: Caller, read: dict[str, Any]) -> Particulars:
    standard = organisations.load("standard", read["standard_id"])
    if standard is None:
        raise Malformed("The standard is not on record.", [Fault("/standard_id", "is not on record: ask the staff")])
    if caller.kind == "certifier" and "certificates:write" in caller.scopes:
        certifier_id, certifier = caller.tenant, organisations.need("certifier", caller.tenant)["name"]
    elif caller.kind == "factory" and "certificates:declare" in caller.scopes:
        access.need_factory(caller, read["factory_id"])
        certifier_id, certifier = None, read["certifier"]
    else:
        raise NotAllowed("Certifiers confirm certificates, and factories declare theirs.")
    return Particulars(
        number=read["number"],
        standard_id=read["standard_id"],
        standard_name=standard["name"],
        certifier_id=certifier_id,
        certifier=certifier,
        scope=read["scope"],
        products=tuple(read["products"] or ()),
        valid_from=read["valid_from"],
        valid_to=read["valid_to"],
        gdti=read["gdti"],
    )


def _gdti(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("must be text: 13 digits and up to 17 characters")
    return identity.parse_gdti(value)


def _body(found: Certificate) -> dict[str, Any]:
    return {**codec.to_json(found), "url": f"{access.SETTINGS.base_url}/c/{found.code}"}
