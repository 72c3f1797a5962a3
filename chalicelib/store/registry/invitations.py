"""Invitations: a member asks a factory, by e-mail, to run its own profile."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.errors import Conflict, Gone, NotFound
from chalicelib.domain.factory import Factory, Link, Said, Source
from chalicelib.domain.phrase import phrase
from chalicelib.store import codec, keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import addresses, callers, factories, lookup, organisations
from chalicelib.store.registry.commit import Collision, Commit, persistently
from chalicelib.store.registry.factories import Change
from chalicelib.store.registry.history import Actor, Happening

_ID = re.compile(r"[0-9a-f]{16}\Z")
VALID_FOR = timedelta(days=14)

_NOT_PENDING = {
    "accepted": phrase("This invitation was accepted already."),
    "withdrawn": phrase("This invitation was withdrawn."),
}


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation. ``factory_id`` is ``None`` while the factory is new: then ``name`` and ``country`` say which."""

    invitation_id: str
    member_id: str
    email: str
    language: str
    factory_id: str | None
    name: str
    country: str
    state: str  # pending | accepted | withdrawn
    token_digest: str
    mail: str  # sent | queued
    created_at: str
    expires_at: str
    version: int = 0

    def state_at(self, now: datetime) -> str:
        """The state as people see it: a pending one that ran out is ``expired``."""
        if self.state == "pending" and datetime.fromisoformat(self.expires_at) <= now:
            return "expired"
        return self.state


_NOT_PENDING = {
    "accepted": phrase("This invitation was accepted already."),
    "withdrawn": phrase("This invitation was withdrawn."),
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an acceptance leads to: the factory, and the secret of the session that it opened."""

    factory_id: str
    session: str


def invite(
    member_id: str, email: str, language: str, factory_id: str | None, name: str | None, country: str | None
) -> tuple[Invitation, str]:
    """Put an invitation on record; the second value is the token to mail, which is not stored.

    Raises ``NotFound`` for an unknown factory, ``Conflict`` if the factory is run by somebody else already.
    """
    if factory_id is not None:
        factory = factories.need(factory_id).factory
        if factory.claimed and not callers.may_act(callers.person(email), factory_id):
            raise Conflict("This factory runs its own profile already. Add it to your network instead.")
        name, country = factory.value("name"), factory.value("country")
    now = clock.now()
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        invitation_id=secrets.token_hex(8),
        member_id=member_id,
        email=email,
        language=language,
        factory_id=factory_id,
        name=name or "",
        country=country or "",
        state="pending",
        token_digest=callers.digest(token),
        mail="queued",
        created_at=clock.instant(now),
        expires_at=clock.instant(now + VALID_FOR),
    )
    transaction = Commit()
    transaction.replace(_item(invitation), 0)
    transaction.create(_token_item(invitation))
    listed = keys.member_invitation(member_id, invitation.invitation_id)
    transaction.put(RegistryItem(listed.pk, listed.sk, body={"invitation_id": invitation.invitation_id}))
    addresses.note_invitation(transaction, email, invitation.invitation_id)
    transaction.now()
    return replace(invitation, version=1), token


def mailed(invitation: Invitation) -> Invitation:
    """Note that the mail left."""
    return _store(replace(invitation, mail="sent"))


def renew(member_id: str, invitation_id: str) -> tuple[Invitation, str]:
    """A new token for a pending or expired invitation; the older one is void."""

    def attempt() -> tuple[Invitation, str]:
        held = of_member(member_id, invitation_id)
        if held.state != "pending":
            raise Conflict(_NOT_PENDING[held.state])
        token = secrets.token_urlsafe(32)
        wanted = replace(
            held,
            token_digest=callers.digest(token),
            mail="queued",
            expires_at=clock.instant(clock.now() + VALID_FOR),
        )
        transaction = Commit()
        transaction.replace(_item(wanted), held.version)
        transaction.create(_token_item(wanted))
        transaction.delete(_token_item(held))
        transaction.now()
        return replace(wanted, version=held.version + 1), token

    return persistently(attempt)


def withdraw(member_id: str, invitation_id: str) -> None:
    """Withdraw a pending invitation: its token is void."""

    def attempt() -> None:
        held = of_member(member_id, invitation_id)
        if held.state == "accepted":
            raise Conflict("This invitation was accepted already.")
        if held.state == "pending":
            transaction = Commit()
            transaction.replace(_item(replace(held, state="withdrawn")), held.version)
            transaction.delete(_token_item(held))
            transaction.now()

    persistently(attempt)


def of_member(member_id: str, invitation_id: str) -> Invitation:
    """One invitation of a member; a foreign one is ``NotFound``."""
    item = lookup.item(keys.invitation(invitation_id)) if _ID.match(invitation_id) else None
    if item is None or item.body["member_id"] != member_id:
        raise NotFound("There is no such invitation of yours.")
    return Invitation(**item.body, version=int(item.version))


def listed(member_id: str) -> list[Invitation]:
    """All invitations of a member."""
    pointers = lookup.below(keys.organisation("member", member_id).pk, "INVITATION#")
    bodies = lookup.bodies(keys.invitation(pointer["invitation_id"]) for pointer in pointers)
    found = [Invitation(**body) for body in bodies.values()]
    return sorted(found, key=lambda invitation: (invitation.created_at, invitation.invitation_id))


def addressed_to(person: str) -> list[Invitation]:
    """The invitations that hold somebody's address, the oldest first."""
    bodies = lookup.bodies(keys.invitation(each) for each in addresses.invitations(person))
    found = [Invitation(**body) for body in bodies.values()]
    return sorted(found, key=lambda invitation: (invitation.created_at, invitation.invitation_id))


def accepted_of(factory: Factory) -> list[Invitation]:
    """The accepted invitations to run a factory: they came from members that it is linked to."""
    return [
        invitation
        for member_id in factory.links
        for invitation in listed(member_id)
        if invitation.factory_id == factory.factory_id and invitation.state == "accepted"
    ]


def erase_address(invitation_id: str) -> None:
    """Take the address out of an invitation. A pending one is withdrawn: it could not be sent again."""

    def attempt() -> None:
        item = lookup.item(keys.invitation(invitation_id))
        if item is None or not item.body["email"]:
            return
        held = Invitation(**item.body, version=int(item.version))
        transaction = Commit()
        state = "withdrawn" if held.state == "pending" else held.state
        transaction.replace(_item(replace(held, email="", state=state)), held.version)
        transaction.delete(_token_item(held))
        addresses.forget_invitation(transaction, held.email, invitation_id)
        transaction.now()

    persistently(attempt)


def by_token(token: str) -> Invitation:
    """The pending invitation that a token is for; ``Gone`` whatever is wrong with it. Changes nothing."""
    digest = callers.digest(token)
    pointer = lookup.item(keys.token(digest))
    item = lookup.item(keys.invitation(pointer.body["invitation_id"])) if pointer is not None else None
    if item is None:
        raise Gone
    invitation = Invitation(**item.body, version=int(item.version))
    if invitation.token_digest != digest or invitation.state_at(clock.now()) != "pending":
        raise Gone
    if organisations.load("member", invitation.member_id) is None:
        raise Gone
    return invitation


def accept(token: str) -> Accepted:
    """Accept: once. The factory is created if it is new, linked to the member, and run by who holds the address."""

    def attempt() -> Accepted:
        invitation = by_token(token)
        now = clock.now()
        held = factories.need(invitation.factory_id) if invitation.factory_id else None
        factory = held.factory if held else _draft(invitation, now)
        if factory.claimed and not callers.may_act(callers.person(invitation.email), factory.factory_id):
            raise Gone
        session, secret = callers.session_item(callers.person(invitation.email), now)
        wanted = replace(factory, claimed=True, links=_linked(factory, invitation.member_id, now))

        def beside(transaction: Commit) -> None:
            _accepted(transaction, replace(invitation, state="accepted", factory_id=factory.factory_id))
            transaction.create(session)

        happening = Happening("invitation_accepted", {"member": invitation.member_id})
        actor = Actor("person", factory.factory_id, callers.person(invitation.email)[:12])
        factories.commit(held, Change(wanted, (happening,), beside=(beside,)), actor, now)
        return Accepted(factory.factory_id, secret)

    return persistently(attempt)


def _accepted(transaction: Commit, invitation: Invitation) -> None:
    assert invitation.factory_id is not None  # nosec B101: set by the caller
    transaction.replace(_item(invitation), invitation.version)
    transaction.delete(_token_item(invitation))
    grant = keys.grant(callers.person(invitation.email), invitation.factory_id)
    transaction.put(RegistryItem(grant.pk, grant.sk, body={"factory_id": invitation.factory_id}))
    supplier = keys.network(invitation.member_id, invitation.factory_id)
    transaction.put(RegistryItem(supplier.pk, supplier.sk, body={"factory_id": invitation.factory_id}))


def _draft(invitation: Invitation, now: datetime) -> Factory:
    on = now.date().isoformat()
    own = {name: Said(getattr(invitation, name), Source.MEMBER, on) for name in ("name", "country")}
    return Factory(factory_id=identity.new_factory_id(invitation.country, secrets.choice), own=own)


def _linked(factory: Factory, member_id: str, now: datetime) -> dict[str, Link]:
    return {**factory.links, member_id: factory.links.get(member_id, Link(Source.MEMBER, now.date().isoformat()))}


def _store(invitation: Invitation) -> Invitation:
    transaction = Commit()
    transaction.replace(_item(invitation), invitation.version)
    try:
        transaction.now()
    except Collision as error:
        raise Conflict("Somebody else changed this invitation just now.") from error
    return replace(invitation, version=invitation.version + 1)


def _item(invitation: Invitation) -> RegistryItem:
    key = keys.invitation(invitation.invitation_id)
    body: dict[str, Any] = codec.to_json(invitation)
    del body["version"]
    return RegistryItem(key.pk, key.sk, body=body)


def _token_item(invitation: Invitation) -> RegistryItem:
    key = keys.token(invitation.token_digest)
    body = {"action": "invitation", "invitation_id": invitation.invitation_id}
    expires = int(datetime.fromisoformat(invitation.expires_at).timestamp())
    return RegistryItem(key.pk, key.sk, body=body, expires=expires)
