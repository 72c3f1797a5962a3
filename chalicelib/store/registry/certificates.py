"""Certificates: registered by a certifier or declared by the factory; their standing changed by the certifier."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.certificate import Certificate, Standing, StandingChange
from chalicelib.domain.errors import Conflict, Malformed, NotFound
from chalicelib.domain.phrase import phrase
from chalicelib.store import codec, keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import factories, lookup, requests
from chalicelib.store.registry.commit import Commit
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Actor, Happening

MOST_HELD = 40
"""More certificates than this at one factory would not fit one transaction with its page. A GDTI counts for half."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a certificate says. ``certifier_id`` is ``None`` where the factory declares it itself."""

    number: str
    standard_id: str
    standard_name: str
    certifier_id: str | None
    certifier: str
    scope: str
    products: tuple[str, ...]
    valid_from: date
    valid_to: date
    gdti: str | None = None


def load(code: str) -> Certificate:
    """One certificate; ``NotFound`` if there is none."""
    return _held(code)[1]


def register(factory_id: str, said: Particulars, actor: Actor) -> tuple[Certificate, bool]:
    """Put a certificate on record; says whether it is new. The same once more changes nothing.

    A certifier's word confirms what the holder declared under the same number: the code stays. Raises ``Conflict`` if
    the number is confirmed already with other content, or for another holder or certifier.
    """
    number = identity.squeeze_number(said.number)
    created = False
    code = ""

    def decide(held: Held) -> Change | None:
        nonlocal code, created
        if said.certifier_id is not None:
            _not_confirmed_elsewhere(factory_id, said.standard_id, number)
            _gdti_is_free(said, number)
        same = [each for each in held.certificates.values() if _is(each, said.standard_id, number)]
        known = next((each for each in same if each.confirmed or each.certifier_id == said.certifier_id), None)
        if known is None and said.certifier_id is not None:
            known = next(iter(same), None)
        created = known is None
        if known is not None and _says(known, said):
            code = known.code
            return None
        if known is not None and (known.confirmed or said.certifier_id is None):
            raise Conflict(
                phrase("This number is on record as %(code)s with other particulars.", code=identity.shown(known.code))
            )
        if known is None and not _has_room(held, said):
            raise Conflict(phrase("A factory holds at most %(most)s certificates on record.", most=MOST_HELD))
        wanted = _certificate(held, said, known)
        code = wanted.code
        return _registration(held, wanted, known, number)

    after = factories.change(factory_id, decide, actor)
    return after.certificates[code], created


def change_standing(code: str, change: StandingChange, certifier_id: str, actor: Actor) -> Certificate:
    """Add a statement of the certifier. The same once more changes nothing. A foreign certificate is ``NotFound``."""
    factory_id, certificate = _held(code)
    if certificate.certifier_id != certifier_id or not certificate.confirmed:
        raise NotFound("There is no such certificate of yours.")

    def decide(held: Held) -> Change | None:
        certificate = held.certificates[code]
        last = certificate.history[-1] if certificate.history else None
        if last is not None and replace(last, recorded=change.recorded) == change:
            return None
        if last is None and change.standing is Standing.ACTIVE:
            return None
        wanted = replace(certificate, history=(*certificate.history, change))
        changes = {"standing": {"from": last and last.standing.value, "to": change.standing.value}}
        changes["effective"] = {"from": last and last.effective.isoformat(), "to": change.effective.isoformat()}
        return Change(held.factory, certificates={code: (wanted, Happening("standing", changes, change.reason))})

    return factories.change(factory_id, decide, actor).certificates[code]


def _held(code: str) -> tuple[str, Certificate]:
    pointer = lookup.item(keys.certificate(code))
    if pointer is None:
        raise NotFound("There is no such certificate.")
    factory_id = pointer.body["factory_id"]
    return factory_id, factories.need(factory_id).certificates[code]


def _is(certificate: Certificate, standard_id: str, number: str) -> bool:
    return certificate.standard_id == standard_id and identity.squeeze_number(certificate.number) == number


def _has_room(held: Held, said: Particulars) -> bool:
    """Whether all public items of a factory still fit one transaction: two a certificate, and one a GDTI."""
    numbered = sum(each.gdti is not None for each in held.certificates.values()) + (said.gdti is not None)
    return 2 * (len(held.certificates) + 1) + numbered <= 2 * MOST_HELD


def _says(known: Certificate, said: Particulars) -> bool:
    return known.confirmed == (said.certifier_id is not None) and all(
        getattr(known, name) == getattr(said, name)
        for name in ("certifier_id", "certifier", "scope", "products", "valid_from", "valid_to", "gdti")
    )


def _not_confirmed_elsewhere(factory_id: str, standard_id: str, number: str) -> None:
    pointer = lookup.item(keys.confirmed_number(standard_id, number))
    if pointer is not None and pointer.body["factory_id"] != factory_id:
        raise Conflict("This number is on record for another holder.")


def _gdti_is_free(said: Particulars, number: str) -> None:
    pointer = lookup.item(keys.confirmed_gdti(said.gdti)) if said.gdti is not None else None
    if pointer is not None and (pointer.body["standard_id"], pointer.body["number"]) != (said.standard_id, number):
        raise Conflict("This GDTI is on record for another certificate.")


def _certificate(held: Held, said: Particulars, known: Certificate | None) -> Certificate:
    name = held.factory.value("name")
    if name is None:
        raise Malformed("The factory has no name yet: it must complete its profile first.")
    confirmed = said.certifier_id is not None
    issued = StandingChange(Standing.ACTIVE, "", said.valid_from, clock.instant(clock.now()))
    return Certificate(
        code=known.code if known else identity.new_certificate_code(secrets.choice),
        number=said.number,
        standard_id=said.standard_id,
        standard_name=said.standard_name,
        certifier_id=said.certifier_id,
        certifier=said.certifier,
        holder_id=held.factory.factory_id,
        holder_name=name,
        scope=said.scope,
        products=said.products,
        valid_from=said.valid_from,
        valid_to=said.valid_to,
        confirmed=confirmed,
        history=(issued,) if confirmed else (),
        gdti=said.gdti,
    )


def _registration(held: Held, wanted: Certificate, known: Certificate | None, number: str) -> Change:
    factory_id = held.factory.factory_id

    def beside(transaction: Commit) -> None:
        if known is None:
            key = keys.certificate(wanted.code)
            transaction.create(RegistryItem(key.pk, key.sk, body={"factory_id": factory_id}))
        elif wanted.confirmed:
            requests.met(transaction, wanted.code)
        if wanted.confirmed:
            key = keys.confirmed_number(wanted.standard_id, number)
            body = {"factory_id": factory_id, "code": wanted.code}
            transaction.create(RegistryItem(key.pk, key.sk, body=body))
            if wanted.gdti is not None:
                key = keys.confirmed_gdti(wanted.gdti)
                body = {**body, "standard_id": wanted.standard_id, "number": number}
                transaction.create(RegistryItem(key.pk, key.sk, body=body))

    action = "confirmed" if wanted.confirmed else "declared"
    changes = {"from": codec.to_json(known) if known else None, "to": codec.to_json(wanted)}
    return Change(held.factory, certificates={wanted.code: (wanted, Happening(action, changes))}, beside=(beside,))
