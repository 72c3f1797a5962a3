"""The history of a record, for whoever may see the record."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.domain import identity
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.internal import access
from chalicelib.internal.access import Call, Caller
from chalicelib.store.registry import certificates, history, products
from chalicelib.web import responses

routes = Blueprint(__name__)

PAGE = 100


@access.endpoint(routes, "GET", "/internal/v1/events", scope="history:read")
def events(call: Call) -> Response:
    """``?record=`` a Factory ID, certificate code, GTIN or product code; ``?after=`` the number of the last event."""
    record = _record(call.caller, call.ask.query.get("record", ""))
    after = call.ask.query.get("after", "0")
    if not (after.isascii() and after.isdigit()) or len(after) > 12:
        raise Malformed("after is the number of an event.")
    found = history.of(record, int(after), PAGE)
    following = found[-1]["number"] if len(found) == PAGE else None
    return responses.json_response({"results": found, "next_after": following})


def _record(caller: Caller, given: str) -> str:
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
    raise Malformed("Ask with ?record=, a Factory ID, certificate code, GTIN or product code.")


def _factory(caller: Caller, code: str) -> str:
    access.need_factory(caller, code)
    return f"FACTORY#{code}"


def _certificate(caller: Caller, code: str) -> str:
    found = certificates.load(code)
    if not (caller.kind == "certifier" and caller.tenant == found.certifier_id):
        access.need_factory(caller, found.holder_id)
    return f"CERTIFICATE#{code}"


def _product(caller: Caller, code: str) -> str:
    found = products.load(code)
    if found is None or (caller.kind != "staff" and (caller.kind, caller.tenant) != ("member", found.member_id)):
        raise NotFound("There is no such product of yours.")
    return f"PRODUCT#{code}"
