"""Certificates: registered by a certifier or declared by the factory; their standing changed by the certifier."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date

from chalicelib import clock
from chalicelib.domain import identity, lifecycle
from chalicelib.domain.certificate import Certificate, Declared, Outcome, Standing, StandingChange
from chalicelib.domain.errors import Conflict, Malformed, NotFound
from chalicelib.domain.factory import Lead
from chalicelib.domain.phrase import phrase
from chalicelib.domain.word import Word
from chalicelib.store import codec, keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import contested, factories, lookup, requests
from chalicelib.store.registry.commit import Commit
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Actor, Happening
from chalicelib.store.registry.replies import Row

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


def register(factory_id: str, said: Particulars, actor: Actor, row: Row | None = None) -> tuple[Certificate, Outcome]:
    """Put a certificate on record; says whether it is new there. The same once more changes nothing.

    A certifier's word confirms what the holder declared under the same number: the code stays. Raises ``Conflict`` if
    the number is confirmed already with other content, or for another holder or certifier.
    """
    factory_id = home(factory_id, said)
    outcome, code = Outcome.UNCHANGED, ""

    def attempt(held: Held) -> Change | None:
        nonlocal outcome, code
        outcome, code, change = decide(held, said)
        if change is None:
            return None
        wanted = change.certificates[code][0]
        change = replace(change, beside=(*change.beside, *contested.matters(wanted, actor)))
        return _once(row, change, wanted, outcome)

    after = factories.change(factory_id, attempt, actor)
    return after.certificates[code], outcome


def decide(held: Held, said: Particulars) -> tuple[Outcome, str, Change | None]:
    """What registering would do, without doing it: the code (a new one is not kept), and the change if there is any."""
    number = identity.squeeze_number(said.number)
    if said.certifier_id is not None:
        _not_confirmed_elsewhere(held.factory.factory_id, said.standard_id, number)
        _gdti_is_free(said, number)
    same = [each for each in held.certificates.values() if _is(each, said.standard_id, number)]
    known = next((each for each in same if each.confirmed or each.certifier_id == said.certifier_id), None)
    if known is None and said.certifier_id is not None:
        known = next(iter(same), None)
    if known is not None and _says(known, said):
        return Outcome.UNCHANGED, known.code, None
    if known is not None and (known.confirmed or said.certifier_id is None):
        raise Conflict(
            phrase("This number is on record as %(code)s with other particulars.", code=identity.shown(known.code))
        )
    if known is None or not held.factory.published:
        lifecycle.refuse_led(held.factory)
    if known is None:
        if said.certifier_id is None:
            _gdti_may_be_declared(held, said, number)
        if not _has_room(held, said):
            raise Conflict(phrase("A factory holds at most %(most)s certificates on record.", most=MOST_HELD))
    wanted = _certificate(held, said, known)
    outcome = Outcome.CREATED if known is None else Outcome.UPDATED
    return outcome, wanted.code, _registration(held, wanted, known, number)


def change_standing(
    code: str, said: Word, certifier_id: str, actor: Actor, row: Row | None = None
) -> tuple[Certificate, Outcome]:
    """Add what the certifier says. The same once more changes nothing. A foreign certificate is ``NotFound``.

    It is recorded when it is written, and not when it was asked for: until then every answer is the one of before.
    ``row``: of which request this is a row; what one was noted for before is not said once more.
    """
    factory_id, _ = own(code, certifier_id)
    outcome = Outcome.UNCHANGED

    def attempt(held: Held) -> Change | None:
        nonlocal outcome
        certificate = held.certificates[code]
        change = said.added_to(certificate, clock.instant(clock.now()))
        outcome = Outcome.UNCHANGED if change is None else Outcome.UPDATED
        if change is None:
            return None
        last = certificate.history[-1] if certificate.history else None
        wanted = replace(certificate, history=(*certificate.history, change))
        changes = {"standing": {"from": last and last.standing.value, "to": change.standing.value}}
        changes["effective"] = {"from": last and last.effective.isoformat(), "to": change.effective.isoformat()}
        happening = Happening("standing", changes, change.reason)
        return _once(row, Change(held.factory, certificates={code: (wanted, happening)}), wanted, outcome)

    return factories.change(factory_id, attempt, actor).certificates[code], outcome


def _once(row: Row | None, change: Change, wanted: Certificate, outcome: Outcome) -> Change | None:
    """The change with a note for its row; ``None`` if an earlier try of the same request made it."""
    if row is None:
        return change
    if row.noted() is not None:
        return None
    result = {"outcome": outcome.value, "code": wanted.code, "factory_id": wanted.holder_id}
    return replace(change, beside=(*change.beside, lambda transaction: row.note(transaction, result)))


def own(code: str, certifier_id: str) -> tuple[str, Certificate]:
    """A certificate that a certifier confirmed, and the factory that holds it; ``NotFound`` for any other."""
    factory_id, certificate = _held(code)
    if certificate.certifier_id != certifier_id or not certificate.confirmed:
        raise NotFound("There is no such certificate of yours.")
    return factory_id, certificate


def _held(code: str) -> tuple[str, Certificate]:
    pointer = lookup.item(keys.certificate(code))
    if pointer is None:
        raise NotFound("There is no such certificate.")
    factory_id = pointer.body["factory_id"]
    return factory_id, factories.need(factory_id).certificates[code]


def home(factory_id: str, said: Particulars) -> str:
    """The record that holds a confirmed number: one that was merged into the factory keeps its certificates."""
    number = identity.squeeze_number(said.number)
    pointer = lookup.item(keys.confirmed_number(said.standard_id, number)) if said.certifier_id is not None else None
    if pointer is None or pointer.body["factory_id"] == factory_id:
        return factory_id
    led = factories.need(factory_id).factory.led
    return str(pointer.body["factory_id"]) if led.get(pointer.body["factory_id"]) is Lead.MERGED else factory_id


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


def _gdti_may_be_declared(held: Held, said: Particulars, number: str) -> None:
    """One document, one number: none that a certifier confirmed for another, and none of the factory's own twice."""
    _gdti_is_free(said, number)
    if said.gdti is not None and any(each.gdti == said.gdti for each in held.certificates.values()):
        raise Conflict("This GDTI is on record for another certificate.")


def _certificate(held: Held, said: Particulars, known: Certificate | None) -> Certificate:
    name = held.factory.value("name")
    if name is None:
        raise Malformed("The factory has no name yet: it must complete its profile first.")
    confirmed = said.certifier_id is not None
    now = clock.instant(clock.now())
    issued = StandingChange(Standing.ACTIVE, "", said.valid_from, now)
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
        registered_at=known.registered_at if known else now,
        confirmed_at=now if confirmed else None,
        declared=Declared(known.valid_from, known.valid_to) if known else None,
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
            if wanted.certifier_id is not None:
                key = keys.confirmed_by(wanted.certifier_id, wanted.code)
                transaction.put(RegistryItem(key.pk, key.sk, body=body))
            if wanted.gdti is not None:
                key = keys.confirmed_gdti(wanted.gdti)
                body = {**body, "standard_id": wanted.standard_id, "number": number}
                transaction.create(RegistryItem(key.pk, key.sk, body=body))

    action = "confirmed" if wanted.confirmed else "declared"
    changes = {"from": codec.to_json(known) if known else None, "to": codec.to_json(wanted)}
    return Change(held.factory, certificates={wanted.code: (wanted, Happening(action, changes))}, beside=(beside,))
