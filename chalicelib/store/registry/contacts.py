"""A factory's contact address is confirmed by a link mailed there: 256 random bits, stored as a hash, for one use.

The record names the one link that works, so that a new mail voids the older, and so does another address.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from chalicelib import clock
from chalicelib.domain.contact import VALID_FOR, ContactCheck
from chalicelib.domain.errors import Conflict, Gone
from chalicelib.domain.factory import Factory
from chalicelib.store import people_keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import callers, factories, limits, lookup
from chalicelib.store.registry.commit import Commit
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Actor, Happening
from chalicelib.store.registry.limits import Limit

TO_ADDRESS = Limit("contact-to", 5, timedelta(days=1))
FOR_FACTORY = Limit("contact-for", 10, timedelta(days=1))
READER = Actor("contact", "", "")
"""Who used the link: somebody who reads the address, and nothing more is known of them."""


def begin(factory_id: str, actor: Actor) -> tuple[Held, str | None]:
    """A link for the contact address, and the token to mail; ``None`` if it is confirmed already.

    ``Conflict`` if there is no address, ``TooMany`` if it had its share of mails.
    """
    token = secrets.token_urlsafe(32)
    digest = callers.digest(token)

    def decide(held: Held) -> Change | None:
        person = _person(held.factory)
        before = held.factory.contact
        if before is not None and before.confirmed:
            return None
        wanted = ContactCheck(person, mailed=clock.today().isoformat(), token=digest)
        gone = before.token if before is not None else None
        return _change(held, wanted, "contact_asked", _counted(person, held.factory.factory_id, digest, gone))

    after = factories.change(factory_id, decide, actor)
    is_new = after.factory.contact is not None and after.factory.contact.token == digest
    return after, token if is_new else None


def own(factory_id: str, person: str, actor: Actor) -> Held:
    """Confirm the address at once: who acts is signed in by a link that was mailed to the same one."""

    def decide(held: Held) -> Change | None:
        before = held.factory.contact
        if _person(held.factory) != person or (before is not None and before.confirmed):
            return None
        wanted = ContactCheck(person, confirmed=clock.today().isoformat())
        return _change(held, wanted, "contact_confirmed", _without(before.token if before is not None else None))

    return factories.change(factory_id, decide, actor)


def not_sent(factory_id: str, token: str, actor: Actor) -> Held:
    """Note that the mail could not be sent: its link works, and nobody has it."""

    def decide(held: Held) -> Change | None:
        check = held.factory.contact
        if check is None or check.token != callers.digest(token):
            return None
        return Change(replace(held.factory, contact=replace(check, mailed=None)))

    return factories.change(factory_id, decide, actor)


def check(token: str) -> Factory:
    """The factory whose contact address a link confirms; ``Gone`` if it does not work any more. Changes nothing."""
    held = factories.load(_factory_of(token))
    if held is None or held.factory.contact is None or held.factory.contact.token != callers.digest(token):
        raise Gone
    return held.factory


def consume(token: str) -> Factory:
    """Use the link, once: the contact address is confirmed."""
    digest = callers.digest(token)

    def decide(held: Held) -> Change:
        _factory_of(token)
        before = held.factory.contact
        if before is None or before.token != digest:
            raise Gone
        wanted = replace(before, confirmed=clock.today().isoformat(), token=None)
        return _change(held, wanted, "contact_confirmed", lambda t: t.take(_item(digest)))

    return factories.change(_factory_of(token), decide, READER).factory


def _person(factory: Factory) -> str:
    address = factory.value("contact_email")
    if not address:
        raise Conflict("There is no contact address to confirm.")
    return callers.person(str(address))


def _change(held: Held, wanted: ContactCheck, action: str, beside: Callable[[Commit], None]) -> Change:
    return Change(replace(held.factory, contact=wanted), (Happening(action, {}),), beside=(beside,))


def _counted(person: str, factory_id: str, digest: str, gone: str | None) -> Callable[[Commit], None]:
    def beside(transaction: Commit) -> None:
        now = clock.now()
        limits.count(transaction, TO_ADDRESS, person, now)
        limits.count(transaction, FOR_FACTORY, factory_id, now)
        item = _item(digest)
        item.body = {"factory_id": factory_id, "expires": int((now + VALID_FOR).timestamp())}
        item.expires = item.body["expires"]
        transaction.create(item)
        _without(gone)(transaction)

    return beside


def _without(gone: str | None) -> Callable[[Commit], None]:
    def beside(transaction: Commit) -> None:
        if gone is not None:
            transaction.delete(_item(gone))

    return beside


def _factory_of(token: str) -> str:
    """Which factory a link is for. Time to live deletes late, so the time is compared."""
    held = lookup.item(people_keys.contact_link(callers.digest(token)))
    if held is None or held.body["expires"] <= clock.now().timestamp():
        raise Gone
    return str(held.body["factory_id"])


def _item(digest: str) -> RegistryItem:
    key = people_keys.contact_link(digest)
    return RegistryItem(key.pk, key.sk, body={})
