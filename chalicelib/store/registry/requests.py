"""Holders ask certifiers to confirm the certificates that they declared: one request a certificate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib import clock
from chalicelib.domain import request as rules
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.request import Request
from chalicelib.store import codec, keys
from chalicelib.store.codec import Body
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import factories, lookup, organisations, records
from chalicelib.store.registry.commit import Collision, Commit
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Actor, Happening


@dataclass(frozen=True, slots=True)
class Asked:
    """An entry of a certifier's queue: the request, and the certificate as its holder declared it."""

    request: Request
    certificate: Certificate


def ask(factory_id: str, code: str, certifier_id: str, actor: Actor) -> tuple[Request, bool]:
    """Ask a certifier to confirm a declared certificate; says whether its people are to be told by mail now.

    Who asks again within a week changes nothing. ``NotFound`` if the factory holds no such certificate, or there is
    no such certifier; ``Conflict`` if the certificate is confirmed, or the certifier said no within the week.
    """
    organisations.need("certifier", certifier_id)
    result: tuple[Request, bool] | None = None

    def decide(held: Held) -> Change | None:
        nonlocal result
        certificate = held.certificates.get(code)
        if certificate is None:
            raise NotFound("There is no such certificate of yours.")
        if certificate.confirmed:
            raise Conflict("This certificate is confirmed already.")
        before = _load(code)
        wanted = rules.asked(before, code, factory_id, certifier_id, clock.today())
        result = (wanted or _known(before), wanted is not None)
        if wanted is None:
            return None

        def beside(transaction: Commit) -> None:
            transaction.replace(_item(wanted), wanted.version)
            transaction.put(_queued(wanted))
            if before is not None and before.certifier_id != certifier_id:
                transaction.delete(_queued(before))

        happening = Happening("confirmation_asked", {"certifier": certifier_id})
        return Change(held.factory, certificates={code: (certificate, happening)}, beside=(beside,))

    factories.change(factory_id, decide, actor)
    assert result is not None  # nosec B101: set by decide, which was called
    request, is_due = result
    return (replace(request, version=request.version + 1) if is_due else request), is_due


def not_mailed(request: Request) -> None:
    """Note that the mail of this request could not be sent: so that asking once more sends it."""
    transaction = Commit()
    transaction.replace(_item(replace(request, mailed=None)), request.version)
    try:
        transaction.now()
    except Collision:
        return  # somebody asked or answered meanwhile: that says more


def listed(certifier_id: str) -> list[Asked]:
    """What a certifier is asked to confirm, the oldest request first."""
    place = keys.request_to(certifier_id)
    queue = lookup.below(place.pk, place.sk)
    made = lookup.bodies(keys.request(each["code"]) for each in queue)
    declared = lookup.bodies(keys.held_certificate(each["factory_id"], each["code"]) for each in queue)
    found = []
    for each in queue:
        held = made.get(keys.request(each["code"]))
        certificate = declared.get(keys.held_certificate(each["factory_id"], each["code"]))
        if held is not None and certificate is not None and held["open"] and not certificate["confirmed"]:
            found.append(Asked(codec.made(Request, held), records.certificate(certificate, 0)))
    return sorted(found, key=lambda entry: (entry.request.asked, entry.request.code))


def of(codes: Iterable[str]) -> dict[str, Request]:
    """The requests for these certificates, by code; answered ones too."""
    return {body["code"]: codec.made(Request, body) for body in lookup.bodies(map(keys.request, codes)).values()}


def done(certifier_id: str, code: str, reason: str, actor: Actor) -> None:
    """The certifier says no: the certificate stays as declared, and leaves the queue. ``NotFound`` if it is not asked.

    A request that is met needs no word: confirming the certificate takes it out of the queue.
    """
    asked = _load(code)
    if asked is None or asked.certifier_id != certifier_id or not asked.open:
        raise NotFound("You are not asked to confirm this certificate.")

    def decide(held: Held) -> Change:
        before = _load(code)
        if before is None or before.certifier_id != certifier_id or not before.open:
            raise NotFound("You are not asked to confirm this certificate.")
        wanted = replace(before, open=False, answered=clock.today().isoformat(), reason=reason)

        def beside(transaction: Commit) -> None:
            transaction.replace(_item(wanted), wanted.version)
            transaction.delete(_queued(wanted))

        happening = Happening("confirmation_refused", {"certifier": certifier_id}, reason)
        return Change(held.factory, certificates={code: (held.certificates[code], happening)}, beside=(beside,))

    factories.change(asked.factory_id, decide, actor)


def met(transaction: Commit, code: str) -> None:
    """Take a request away, together with the confirmation that meets it. The factory's version guards it, too."""
    held = _load(code)
    if held is not None:
        transaction.delete(_item(held))
        transaction.delete(_queued(held))


def _load(code: str) -> Request | None:
    item = lookup.item(keys.request(code))
    return None if item is None else codec.made(Request, {**item.body, "version": int(item.version)})


def _known(request: Request | None) -> Request:
    assert request is not None  # nosec B101: only a request that is held can stay as it is
    return request


def _item(request: Request) -> RegistryItem:
    body = codec.to_json(request)
    del body["version"]
    return _at(keys.request(request.code), body)


def _queued(request: Request) -> RegistryItem:
    body = {"code": request.code, "factory_id": request.factory_id}
    return _at(keys.request_to(request.certifier_id, request.code), body)


def _at(key: Key, body: Body) -> RegistryItem:
    return RegistryItem(key.pk, key.sk, body=body)
