"""Sustainability claims of factories, products and members; and certification bodies that verify them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Container
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import clock
from chalicelib.domain import claim as rules
from chalicelib.domain import claim_wording, identity, text
from chalicelib.domain.claim import Claim, Holder, Verification
from chalicelib.domain.claim_wording import Warned
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.domain.moderation import Kind, Matter, same_id
from chalicelib.internal import access, body, claim_bodies, products, versions
from chalicelib.internal.access import Call, Caller
from chalicelib.store.registry import claims as store
from chalicelib.store.registry import moderation, organisations
from chalicelib.store.registry.claims import Shelf
from chalicelib.web import claims as shown
from chalicelib.web import responses

routes = Blueprint(__name__)

MOST_BYTES = 10_000
_OWNERS = {
    Holder.FACTORY: ("factory_id", "profile:write"),
    Holder.PRODUCT: ("product_id", "products:write"),
    Holder.MEMBER: ("member_id", "products:write"),
}
"""How the path names each kind of record, and the scope of who may claim something of it."""
_Handler = Callable[..., Response]


def _of_each(method: str, end: str = "", scope: str = "") -> Callable[[_Handler], _Handler]:
    """Register a handler under the address of each kind of record: ``handler(call, kind, identifier, …)``."""

    def decorate(handler: _Handler) -> _Handler:
        for kind, (name, owners) in _OWNERS.items():

            def view(call: Call, *, kind: Holder = kind, name: str = name, **named: str) -> Response:
                return handler(call, kind, _identifier(kind, named.pop(name)), **named)

            view.__name__, view.__module__ = f"{handler.__name__}_of_{kind}", handler.__module__
            view.__doc__ = handler.__doc__
            path = f"/internal/v1/claims/{kind}/{{{name}}}{end}"
            access.endpoint(routes, method, path, scope=scope or owners)(view)
        return handler

    return decorate


@_of_each("GET")
def listed(call: Call, kind: Holder, identifier: str) -> Response:
    """What is claimed, as the public sees it today, with warnings about the wording and an ETag for the next change."""
    shelf = own(call.caller, kind, identifier)
    today = {each["claim_id"]: each for each in shown.shown(shelf.claims, shelf.certificates, clock.today())}
    told = [{**today[each.claim_id], "warnings": _warnings(each)} for each in shelf.claims]
    return versions.told(responses.json_response({"claims": told}), shelf.version)


@_of_each("POST")
def post(call: Call, kind: Holder, identifier: str) -> Response:
    """Make a claim. Its wording is not judged here: the answer's ``warnings`` say what EU consumer law warns of."""
    given, version = call.ask.json(MOST_BYTES), versions.if_any(call)
    shelf, claim, is_new = add(call.caller, kind, identifier, given, version)
    return _answer(shelf, claim, 201 if is_new else 200)


@_of_each("PUT", "/{claim_id}")
def put(call: Call, kind: Holder, identifier: str, claim_id: str) -> Response:
    """Change a claim, under ``If-Match``. Who had verified it had verified other words: that goes."""
    shelf = change(call.caller, kind, identifier, claim_id, call.ask.json(MOST_BYTES), versions.asked(call))
    return _answer(shelf, rules.one(shelf.claims, claim_id))


@_of_each("DELETE", "/{claim_id}")
def delete(call: Call, kind: Holder, identifier: str, claim_id: str) -> Response:
    """Take a claim away. It is gone from every public answer at once."""
    remove(call.caller, kind, identifier, claim_id, versions.if_any(call))
    return responses.empty()


@_of_each("POST", "/{claim_id}/verify", "certificates:write")
def verify(call: Call, kind: Holder, identifier: str, claim_id: str) -> Response:
    """A certification body says that it verified a claim, in the ``version`` that it read."""
    version = body.read(call.ask.json(MOST_BYTES), {"version": _count})["version"]
    _public(kind, identifier)
    caller, today = call.caller, clock.today().isoformat()
    by = Verification(caller.tenant, str(organisations.need("certifier", caller.tenant)["name"]), today)
    decide = store.of_one("claim_verified", claim_id, lambda held: rules.verified(held, claim_id, by, version))
    shelf = store.change(kind, identifier, decide, caller.actor)
    return _answer(shelf, rules.one(shelf.claims, claim_id))


@_of_each("POST", "/{claim_id}/unverify", "certificates:write")
def unverify(call: Call, kind: Holder, identifier: str, claim_id: str) -> Response:
    """A certification body takes back its word, with the reason. The next reader sees it."""
    reason = body.read(call.ask.json(MOST_BYTES), {"reason": text.clean})["reason"]
    _public(kind, identifier)
    caller = call.caller
    decide = store.of_one(
        "claim_unverified", claim_id, lambda held: rules.unverified(held, claim_id, caller.tenant), reason
    )
    shelf = store.change(kind, identifier, decide, caller.actor)
    return _answer(shelf, rules.one(shelf.claims, claim_id))


def own(caller: Caller, kind: Holder, identifier: str) -> Shelf:
    """The claims of a record that the caller answers for; ``NotFound`` for any other."""
    if kind is Holder.FACTORY:
        access.need_factory(caller, identifier)
    elif kind is Holder.PRODUCT:
        products.need(caller, identifier)
    elif identifier != caller.tenant:
        raise NotFound("There is no such member of yours.")
    return store.need(kind, identifier)


def add(
    caller: Caller, kind: Holder, identifier: str, given: Any, version: Container[int] | None = None
) -> tuple[Shelf, Claim, bool]:
    """Make a claim: the record's claims after it, the claim, and whether it is new there."""
    claim = claim_bodies.claim(given, own(caller, kind, identifier), secrets.token_hex(6), caller.kind)
    decide = store.of_one("claim_added", claim.claim_id, lambda held: rules.added(held, claim))
    shelf = store.change(kind, identifier, decide, caller.actor, version)
    made = rules.alike(shelf.claims, claim) or claim
    is_new = made.claim_id == claim.claim_id
    if is_new:
        _flag(caller, shelf, made)
    return shelf, made, is_new


def change(
    caller: Caller, kind: Holder, identifier: str, claim_id: str, given: Any, version: Container[int] | None
) -> Shelf:
    """Put a claim in other words, or on another basis."""
    claim = claim_bodies.claim(given, own(caller, kind, identifier), claim_id, caller.kind)
    decide = store.of_one("claim_changed", claim_id, lambda held: rules.changed(held, claim))
    shelf = store.change(kind, identifier, decide, caller.actor, version)
    _flag(caller, shelf, rules.one(shelf.claims, claim_id))
    return shelf


def remove(
    caller: Caller, kind: Holder, identifier: str, claim_id: str, version: Container[int] | None = None
) -> Shelf:
    """Take a claim away."""
    own(caller, kind, identifier)
    decide = store.of_one("claim_removed", claim_id, lambda held: rules.removed(held, claim_id))
    return store.change(kind, identifier, decide, caller.actor, version)


def _answer(shelf: Shelf, claim: Claim, status: int = 200) -> Response:
    (told,) = shown.shown((claim,), _backing(shelf, claim), clock.today())
    answer = responses.json_response({**told, "warnings": _warnings(claim)}, status=status)
    return versions.told(answer, shelf.version)


def _backing(shelf: Shelf, claim: Claim) -> dict[str, Any]:
    return {code: shelf.certificates[code] for code in rules.codes((claim,)) if code in shelf.certificates}


def _warnings(claim: Claim) -> list[dict[str, str]]:
    return [_told(each) for each in claim_wording.warnings(claim)]


def _told(warned: Warned) -> dict[str, str]:
    return {"pointer": warned.pointer, "code": warned.concern.value, "detail": warned.detail}


def _flag(caller: Caller, shelf: Shelf, claim: Claim) -> None:
    """Put a claim whose wording the law warns of into the queue of staff: the same words once."""
    found = claim_wording.warnings(claim)
    if not found:
        return
    warned = [{"code": each.concern.value, "words": each.words} for each in found]
    details = {"claim": claim.text, "language": claim.language, "warnings": warned}
    matter_id = same_id(Kind.FLAGGED_CLAIM, shelf.path, claim.text)
    at = clock.instant(clock.now())
    matter = Matter(matter_id, Kind.FLAGGED_CLAIM, shelf.path, shelf.name, at, details)
    moderation.noticed(matter, caller.actor)


def _public(kind: Holder, identifier: str) -> None:
    """Refuse a record that nobody outside may see, in the words used for one that is not there."""
    if not store.need(kind, identifier).public:
        raise NotFound("There is no such claim.")


def _identifier(kind: Holder, given: str) -> str:
    match kind:
        case Holder.FACTORY:
            return identity.parse_factory_id(given)
        case Holder.PRODUCT:
            return identity.parse_product_id(given)
        case Holder.MEMBER:
            return text.clean_tenant(given)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value < 2**31:
        raise Malformed("must be a whole number: the version that you read")
    return value
