"""Erasing what is held of a person. Each step may be repeated: who is interrupted begins again.

Events hold no personal data to begin with, so nothing of the history has to go, and its chain stays whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib import clock
from chalicelib.domain.erasure import Chooses, contact_names, without_contact
from chalicelib.store import keys, learning_keys, people_keys
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import callers, climate, factories, invited, moderation, people, watches, whereabouts
from chalicelib.store.registry.commit import Commit
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Actor, Happening


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased of a person: how many of each."""

    contacts: int
    invitations: int
    factories: int
    roles: int
    watches: int


def contact(factory_id: str, actor: Actor, reason: str | None = None) -> None:
    """Erase the contact of a factory, whoever gave it, and the addresses of accepted invitations to run it.

    Who sees to the measures of its climate plan goes, too: somebody may have written a name there.
    """
    climate.forget_owners(factory_id, lambda _owner: True, actor, reason)
    held = _without_contact(factory_id, lambda _address: True, actor, reason)
    for invitation in invited.accepted_of(held.factory.factory_id):
        invited.erase_address(invitation.invitation_id)


def person(person_hash: str, actor: Actor, reason: str | None = None) -> Erased:
    """Erase all that is held under somebody's address. They act for nobody then, and their sessions are over."""
    contacts = whereabouts.contacts(person_hash)
    for factory_id in contacts:
        _forget_owner(factory_id, _is(person_hash), actor, reason)
        _without_contact(factory_id, _is(person_hash), actor, reason)
    authority = people.authority(person_hash)
    for factory_id in authority.factories:
        _leave(person_hash, factory_id, actor, reason)
    addressed = whereabouts.invitations(person_hash)
    for invitation_id in addressed:
        invited.erase_address(invitation_id)
    for matter_id in whereabouts.reports(person_hash):
        moderation.forget_reporter(matter_id, person_hash)
    watched = watches.of_person(person_hash)
    for watch in watched:
        watches.end(watch)
    roles = people.roles(person_hash)
    for role in roles:
        people.remove(role, person_hash, actor, reason)
    _forget(people_keys.sign_ins(person_hash))
    _forget(people_keys.language(person_hash))
    _forget(learning_keys.progress(person_hash))
    callers.end_sessions(person_hash, clock.now())
    return Erased(len(contacts), len(addressed), len(authority.factories), len(roles), len(watched))


def _is(person_hash: str) -> Chooses:
    return lambda address: bool(address) and callers.person(address) == person_hash


def _forget_owner(factory_id: str, chooses: Chooses, actor: Actor, reason: str | None) -> None:
    """Erase a contact's name where it stands in the climate plan: before the contact itself, which tells the name."""
    names = [name.casefold() for name in contact_names(factories.need(factory_id).factory, chooses)]
    if names:
        climate.forget_owners(factory_id, lambda owner: any(n in owner.casefold() for n in names), actor, reason)


def _without_contact(factory_id: str, chooses: Chooses, actor: Actor, reason: str | None) -> Held:
    def decide(held: Held) -> Change | None:
        wanted = without_contact(held.factory, chooses)
        return None if wanted == held.factory else Change(wanted, (Happening("contact_erased", {}, reason),))

    return factories.change(factory_id, decide, actor)


def _leave(person_hash: str, factory_id: str, actor: Actor, reason: str | None) -> None:
    """Somebody acts for a factory no more. If nobody else does, it can be invited anew."""

    def decide(held: Held) -> Change:
        runners = invited.runners(factory_id)
        is_run = any(callers.may_act(each, factory_id) for each in set(runners.values()) - {person_hash})
        came_by = [keys.run_by(factory_id, each) for each, runner in runners.items() if runner == person_hash]
        gone = [people_keys.grant(person_hash, factory_id), *came_by]
        wanted = replace(held.factory, claimed=is_run)
        return Change(wanted, (Happening("person_left", {}, reason),), beside=(lambda t: _delete(t, gone),))

    factories.change(factory_id, decide, actor)


def _forget(key: Key) -> None:
    transaction = Commit()
    _delete(transaction, [key])
    transaction.now()


def _delete(transaction: Commit, wanted: Iterable[Key]) -> None:
    for key in wanted:
        transaction.delete(RegistryItem(key.pk, key.sk, body={}))
