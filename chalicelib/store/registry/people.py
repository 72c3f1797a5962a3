"""Who may act for an organisation, and all that a person may act for: looked up on every request."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from chalicelib import clock
from chalicelib.domain.errors import NotFound
from chalicelib.store import codec, people_keys
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import callers, history, limits, lookup, organisations
from chalicelib.store.registry.commit import Commit, persistently
from chalicelib.store.registry.history import Actor, Happening
from chalicelib.store.registry.limits import Limit

ADDED = Limit("person-added", 20, timedelta(days=1))


@dataclass(frozen=True, slots=True, order=True)
class Role:
    """Acting for an organisation: ``member`` and ``certifier`` with its identifier, ``ics`` and ``staff`` with any.

    ``owner``, of a standard, with the identifier of the standard.
    """

    kind: str
    tenant: str


@dataclass(frozen=True, slots=True)
class Authority:
    """All that a person may act for, as of now. Sessions of an earlier ``generation`` are over."""

    factories: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    generation: int = 0

    def __bool__(self) -> bool:
        return bool(self.factories or self.roles)

    def of_kind(self, kind: str) -> tuple[Role, ...]:
        """The roles of a kind."""
        return tuple(role for role in self.roles if role.kind == kind)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of an organisation's team. ``person`` is the SHA-256 of the address.

    ``told_as``: what events, which stay for ever, call them: drawn by chance, and known from here alone.
    """

    person: str
    email: str
    since: str
    told_as: str = ""


def authority(person: str) -> Authority:
    """What a person may act for: one consistent query, and a read of the members and certifiers among it.

    Those that take part no more are left out.
    """
    noted = _noted_of(person)
    roles = organisations.those_that_take_part((role.kind, role.tenant) for role in noted.roles)
    return replace(noted, roles=tuple(sorted(Role(kind, tenant) for kind, tenant in roles)))


def roles(person: str) -> tuple[Role, ...]:
    """All roles that are on record of a person, also for organisations that take part no more."""
    return _noted_of(person).roles


def _noted_of(person: str) -> Authority:
    found = lookup.below(people_keys.person(person))
    return Authority(
        tuple(each["factory_id"] for each in found if "factory_id" in each),
        tuple(sorted(Role(each["kind"], each["tenant"]) for each in found if "tenant" in each)),
        max((each["generation"] for each in found if "generation" in each), default=0),
    )


def team(role: Role) -> list[Colleague]:
    """Who acts for an organisation, by address."""
    found = lookup.below(people_keys.team(role.kind, role.tenant).pk, "PERSON#")
    return sorted((codec.made(Colleague, each) for each in found), key=lambda each: each.email)


def language(person: str) -> str | None:
    """The language in which somebody signed in last; ``None`` if they never did."""
    held = lookup.item(people_keys.language(person))
    return str(held.body["language"]) if held is not None else None


def add(role: Role, email: str, actor: Actor) -> bool:
    """Let somebody act for an organisation; says whether that is new: then they are told by mail.

    ``TooMany`` if the address was given too often of late, by whomever: nobody's mailbox is flooded through here.
    """
    person = callers.person(email)
    told_as = secrets.token_hex(6)
    colleague = {"person": person, "email": email, "since": clock.today().isoformat(), "told_as": told_as}

    def attempt() -> bool:
        if lookup.item(_role_key(person, role)) is not None:
            return False
        transaction = _noted(role, Happening("person_added", {"person": told_as}), actor)
        limits.count(transaction, ADDED, person, clock.now())
        transaction.create(_item(_role_key(person, role), {"kind": role.kind, "tenant": role.tenant}))
        transaction.create(_item(people_keys.team(role.kind, role.tenant, person), colleague))
        transaction.now()
        return True

    return persistently(attempt)


def remove(role: Role, person: str, actor: Actor, reason: str | None = None) -> None:
    """Let somebody act for an organisation no more, from the next request on. ``NotFound`` if they do not."""

    def attempt() -> None:
        if lookup.item(_role_key(person, role)) is None:
            raise NotFound("There is no such person in this team.")
        held = lookup.item(people_keys.team(role.kind, role.tenant, person))
        told_as = held.body.get("told_as", "") if held is not None else ""
        transaction = _noted(role, Happening("person_removed", {"person": told_as}, reason), actor)
        transaction.delete(_item(_role_key(person, role), {}))
        transaction.delete(_item(people_keys.team(role.kind, role.tenant, person), {}))
        transaction.now()

    persistently(attempt)


def _noted(role: Role, happening: Happening, actor: Actor) -> Commit:
    """A transaction that appends to the team's history, under the condition that nobody else does meanwhile."""
    place = people_keys.team(role.kind, role.tenant)
    held = lookup.item(place)
    head = history.head_of(held)
    event, head = history.appended(place.pk, head, happening, actor, clock.instant(clock.now()))
    root = _item(place, {})
    root.events, root.event_hash = head.events, head.hash
    transaction = Commit()
    transaction.create(event)
    transaction.replace(root, int(held.version) if held is not None else 0)
    return transaction


def _role_key(person: str, role: Role) -> Key:
    return people_keys.role(person, role.kind, role.tenant)


def _item(key: Key, body: dict[str, Any]) -> RegistryItem:
    return RegistryItem(key.pk, key.sk, body=body)
