"""Invitations: a member asks a factory, by e-mail, to run its own profile."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib import clock
from chalicelib.domain import identity, linking
from chalicelib.domain.errors import Conflict, Gone, NotFound
from chalicelib.domain.factory import Factory, Link, Said, Source
from chalicelib.domain.invitation import VALID_FOR, Invitation
from chalicelib.domain.moderation import Kind, Matter, same_id
from chalicelib.domain.phrase import phrase
from chalicelib.store import keys, people_keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import addresses, callers, factories, invitable, lookup, moderation, networks
from chalicelib.store.registry import invitation_items as items
from chalicelib.store.registry.commit import Collision, Commit, persistently
from chalicelib.store.registry.factories import Change
from chalicelib.store.registry.history import Actor, Happening
from chalicelib.store.registry.replies import Row

__all__ = ["VALID_FOR", "Invitation", "invite"]

_ID = re.compile(r"[0-9a-f]{16}\Z")

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
    member_id: str,
    email: str,
    language: str,
    factory_id: str | None,
    name: str | None,
    country: str | None,
    *,
    where: tuple[str, str] = ("", ""),
    once: str | Row = "",
) -> tuple[Invitation, str]:
    """Put an invitation on record; the second value is the token to mail, which is not stored.

    ``where`` are street and town of a new factory. ``once`` names the wish, or says of which request it is a row: sent
    again, with the same content, it changes nothing and there is no token. Raises ``NotFound`` for an unknown factory,
    ``Conflict`` if somebody else runs it already or the address had its share.
    """
    wish, row = ("", once) if isinstance(once, Row) else (once, None)
    content = json.dumps([wish, member_id, email, factory_id, name, country])
    if factory_id is not None:
        factory = invitable.need(factory_id, email)
        name, country = factory.value("name"), factory.value("country")
    invitation_id = callers.digest(content)[:16] if wish else secrets.token_hex(8)

    def attempt() -> tuple[Invitation, str]:
        held = items.load(invitation_id) if wish else items.made_for(row)
        if held is not None:
            return held, ""
        now = clock.now()
        token = secrets.token_urlsafe(32)
        invitation = Invitation(
            invitation_id=invitation_id,
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
            address=where[0],
            city=where[1],
            queued_at=clock.instant(now),
        )
        transaction = Commit()
        items.write(transaction, invitation)
        addresses.count(transaction, email, now)
        if row is not None:
            row.note(transaction, {"invitation_id": invitation_id})
        transaction.now()
        return replace(invitation, version=1), token

    return persistently(attempt)


def mailed(invitation: Invitation) -> Invitation:
    """Note that the mail left. Where the invitation has gone on meanwhile there is nothing to note."""
    try:
        return _changed(invitation, replace(invitation, mail="sent"))
    except Collision:
        return items.load(invitation.invitation_id) or invitation


def renew(member_id: str, invitation_id: str, email: str | None = None) -> tuple[Invitation, str]:
    """A new token for an invitation that was not accepted, perhaps to a corrected address; the older one is void.

    ``Conflict`` as for a new invitation: the factory may be run by somebody else since.
    """

    def attempt() -> tuple[Invitation, str]:
        held = of_member(member_id, invitation_id)
        if held.state not in ("pending", "bounced"):
            raise Conflict(_NOT_PENDING[held.state])
        if held.factory_id is not None:
            invitable.need(held.factory_id, email or held.email)
        now = clock.now()
        token = secrets.token_urlsafe(32)
        wanted = replace(
            held,
            email=email or held.email,
            state="pending",
            token_digest=callers.digest(token),
            mail="queued",
            expires_at=clock.instant(now + VALID_FOR),
            trouble="",
            reminders=0,
            queued_at=clock.instant(now),
        )
        transaction = Commit()
        items.write(transaction, wanted, held)
        addresses.count(transaction, wanted.email, now)
        transaction.now()
        return replace(wanted, version=held.version + 1), token

    return persistently(attempt)


def mail_due(invitation_id: str) -> tuple[Invitation, str] | None:
    """A fresh token for a mail that is due now: the first, which did not leave, or a reminder. ``None``: not due.

    A reminder keeps the day on which the invitation ends. Of several who ask at once one gets it: nobody is reminded
    twice.
    """
    held = items.load(invitation_id)
    now = clock.now()
    if held is None or not held.is_due(now):
        return None
    token = secrets.token_urlsafe(32)
    wanted = replace(
        held,
        token_digest=callers.digest(token),
        mail="queued",
        reminders=held.reminders + (held.mail == "sent"),
        queued_at=clock.instant(now),
    )
    try:
        return _changed(held, wanted), token
    except Collision:
        return None


def came_back(invitation_id: str, addressed: Iterable[str], trouble: str) -> None:
    """The mail came back from the address that the invitation has now, or its receiver complained: its token is void.

    Nothing happens if the address was corrected meanwhile, or the invitation was accepted or withdrawn.
    """
    receivers = {callers.person(each) for each in addressed}

    def attempt() -> None:
        held = items.load(invitation_id) if _ID.match(invitation_id) else None
        if held is not None and held.state == "pending" and callers.person(held.email) in receivers:
            _changed(held, replace(held, state="bounced", trouble=trouble))

    persistently(attempt)


def withdraw(member_id: str, invitation_id: str) -> None:
    """Withdraw an invitation that was not accepted: its token is void."""

    def attempt() -> None:
        held = of_member(member_id, invitation_id)
        if held.state == "accepted":
            raise Conflict("This invitation was accepted already.")
        if held.state != "withdrawn":
            _changed(held, replace(held, state="withdrawn"))

    persistently(attempt)


def of_member(member_id: str, invitation_id: str) -> Invitation:
    """One invitation of a member; a foreign one is ``NotFound``."""
    held = items.load(invitation_id) if _ID.match(invitation_id) else None
    if held is None or held.member_id != member_id:
        raise NotFound("There is no such invitation of yours.")
    return held


def by_token(token: str) -> Invitation:
    """The pending invitation that a token is for; ``Gone`` whatever is wrong with it. Changes nothing."""
    digest = callers.digest(token)
    pointer = lookup.item(keys.token(digest))
    invitation = items.load(pointer.body["invitation_id"]) if pointer is not None else None
    if invitation is None:
        raise Gone
    if invitation.token_digest != digest or invitation.state_at(clock.now()) != "pending":
        raise Gone
    if invitable.leads_nowhere(invitation):
        raise Gone
    return invitation


def accept(token: str) -> Accepted:
    """Accept: once. The factory is created if it is new, linked to the member, and run by who holds the address."""

    def attempt() -> Accepted:
        invitation = by_token(token)
        now = clock.now()
        held = factories.need(invitation.factory_id) if invitation.factory_id else None
        factory = held.factory if held else _draft(invitation, now)
        if invitable.taken(factory, invitation.email):
            raise Gone
        session, secret = callers.session_item(callers.person(invitation.email), now, factory.factory_id)
        wanted = replace(factory, claimed=True, links=_linked(factory, invitation.member_id, now))
        actor = Actor("person", factory.factory_id, invitation.invitation_id)

        def beside(transaction: Commit) -> None:
            _accepted(transaction, invitation, factory.factory_id)
            transaction.create(session)
            if held is not None and not _vouched_for(factory, invitation):
                moderation.opened(transaction, _matter(factory, invitation, now), actor)

        happening = Happening("invitation_accepted", {"member": invitation.member_id})
        factories.commit(held, Change(wanted, (happening,), beside=(beside,)), actor, now)
        return Accepted(factory.factory_id, secret)

    return persistently(attempt)


def _accepted(transaction: Commit, invitation: Invitation, factory_id: str) -> None:
    items.write(transaction, replace(invitation, state="accepted", factory_id=factory_id), invitation)
    person = callers.person(invitation.email)
    grant = people_keys.grant(person, factory_id)
    transaction.put(RegistryItem(grant.pk, grant.sk, body={"factory_id": factory_id}))
    run_by = keys.run_by(factory_id, invitation.invitation_id)
    body = {"invitation_id": invitation.invitation_id, "person": person}
    transaction.put(RegistryItem(run_by.pk, run_by.sk, body=body))
    networks.join(transaction, invitation.member_id, factory_id)


def _vouched_for(factory: Factory, invitation: Invitation) -> bool:
    """Whether anything but the member's word ties a record that there was to the member, or to who accepts."""
    link, on_record = factory.links.get(invitation.member_id), str(factory.value("contact_email") or "")
    person = callers.person(invitation.email)
    named = link is not None and link.vouched_for
    return named or callers.person(on_record) == person or callers.may_act(person, factory.factory_id)


def _matter(factory: Factory, invitation: Invitation, now: datetime) -> Matter:
    """Whoever accepts runs the record and sees all of it: where one member's word is all there is, staff look."""
    matter_id = same_id(Kind.RUN_ON_ONE_WORD, factory.factory_id, invitation.invitation_id)
    subject, details = str(factory.value("name") or ""), {"invited_by": invitation.member_id}
    return Matter(matter_id, Kind.RUN_ON_ONE_WORD, f"/f/{factory.factory_id}", subject, clock.instant(now), details)


def _draft(invitation: Invitation, now: datetime) -> Factory:
    on = now.date().isoformat()
    said = {name: getattr(invitation, name) for name in ("name", "country", "address", "city")}
    own = {name: Said(value, Source.MEMBER, on) for name, value in said.items() if value}
    return Factory(factory_id=identity.new_factory_id(invitation.country, secrets.choice), own=own)


def _linked(factory: Factory, member_id: str, now: datetime) -> dict[str, Link]:
    """The links with that to the inviting member. Who invites and who accepts both want it, whoever ended it before."""
    today = now.date()
    held = factory.links.get(member_id, Link(Source.MEMBER, today.isoformat()))
    standing = linking.standing(held, held.ended_by or Source.FACTORY, today)
    return {**factory.links, member_id: replace(standing, confirmed=True)}


def _changed(held: Invitation, wanted: Invitation) -> Invitation:
    transaction = Commit()
    items.write(transaction, wanted, held)
    transaction.now()
    return replace(wanted, version=held.version + 1)
