"""The history of a record, for whoever may see the record."""

from __future__ import annotations

import re

from chalice.app import Blueprint, Response

from chalicelib.domain import identity, text
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.domain.programme import PROGRAMMES
from chalicelib.domain.standard import OWNER
from chalicelib.internal import access
from chalicelib.internal.access import SCOPES, Call, Caller
from chalicelib.store import keys
from chalicelib.store.registry import certificates, coaching, history, lookup, organisations, products
from chalicelib.store.registry.history import Chain
from chalicelib.web import responses

routes = Blueprint(__name__)

PAGE = 100
OF_FACTORY = (*PROGRAMMES, "parts")
"""What a factory keeps in records of their own: ``climate:BDF8QY40YGE1``."""
ORGANISATIONS = (*organisations.ACTING, "standard")
_AS_KEPT = re.compile(r"(?:EVENTS#)?([A-Z]+#[!-~]{1,200})")
"""A record, or its history, by its key, as ``infra.check`` names it."""


@access.endpoint(routes, "GET", "/internal/v1/events", scope="history:read")
def events(call: Call) -> Response:
    """The history of a record, for whoever may see the record: 100 events at a time, the oldest first."""
    record = record_of(call.caller, call.ask.query.get("record", ""))
    after = call.ask.query.get("after", "0")
    if not (after.isascii() and after.isdigit()) or len(after) > 12:
        raise Malformed("after is the number of an event.").at("/after")
    found = history.of(record, int(after), PAGE)
    following = found[-1]["number"] if len(found) == PAGE else None
    return responses.json_response({"results": found, "next_after": following})


def record_of(caller: Caller, given: str) -> str:
    """The record that a code names, as its history calls it; ``NotFound`` if the caller may not see it.

    Staff may call it so, too: of a record that is lost there is nothing but its history.
    """
    if caller.kind == "staff" and (kept := _AS_KEPT.fullmatch(given)):
        return kept[1]
    what, _, code = given.partition(":")
    if what in OF_FACTORY:
        factory_id = identity.parse_factory_id(code)
        access.need_factory(caller, factory_id)
        return f"{what.upper()}#{factory_id}"
    if what == "programme":
        return _programme(caller, text.clean_tenant(code))
    if caller.kind == "member" and given == f"claims:{caller.tenant}":
        return f"CLAIMS#{caller.tenant}"
    if caller.kind == "staff" and ":" in given:
        return _of_organisation(given)
    if caller.kind == OWNER and given == f"standard:{caller.tenant}":
        return _of_organisation(given)
    for parse, name in (
        (identity.parse_factory_id, _factory),
        (identity.parse_certificate_code, _certificate),
        (identity.parse_product_id, _product),
    ):
        try:
            code = parse(given)
        except Malformed:
            continue
        return name(caller, code)
    raise Malformed("Ask with ?record=, a Factory ID, certificate code, GTIN or product code.").at("/record")


def check(record: str) -> Chain:
    """Whether the history of a record is whole."""
    kind, _, code = record.partition("#")
    root = keys.Key(record, keys.RECORD)
    if kind == "CERTIFICATE":
        pointer = lookup.item(keys.certificate(code))
        root = keys.held_certificate(pointer.body["factory_id"], code) if pointer is not None else root
    return history.check(record, lookup.item(root))


def _of_organisation(given: str) -> str:
    """For staff: ``member:maison`` and the like; ``keys:member:maison``, ``team:member:maison``."""
    what, _, rest = given.partition(":")
    if what == "claims":
        return f"CLAIMS#{text.clean_tenant(rest)}"
    if what in ORGANISATIONS:
        return f"{what.upper()}#{text.clean_tenant(rest)}"
    kind, _, tenant = rest.partition(":")
    if what in ("keys", "team") and kind in SCOPES:
        named = identity.parse_factory_id(tenant) if kind == "factory" else text.clean_tenant(tenant)
        return f"{what.upper()}#{kind}#{named}"
    raise NotFound("There is no such record.")


def _factory(caller: Caller, code: str) -> str:
    access.need_factory(caller, code)
    return f"FACTORY#{code}"


def _certificate(caller: Caller, code: str) -> str:
    found = certificates.load(code)
    if not (caller.kind == "certifier" and caller.tenant == found.certifier_id):
        access.need_factory(caller, found.holder_id)
    return f"CERTIFICATE#{code}"


def _programme(caller: Caller, programme_id: str) -> str:
    if caller.kind != "staff":
        coaching.need(programme_id, caller.tenant if caller.kind == "organiser" else "")
    return f"PROGRAMME#{programme_id}"


def _product(caller: Caller, code: str) -> str:
    found = products.load(code)
    if found is None or (caller.kind != "staff" and (caller.kind, caller.tenant) != ("member", found.member_id)):
        raise NotFound("There is no such product of yours.")
    return f"PRODUCT#{code}"
