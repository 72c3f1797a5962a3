"""Whose addresses invitations hold: so that somebody can be told of them, and have them erased."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.invitation import Invitation
from chalicelib.store import codec, keys
from chalicelib.store.registry import invitation_items as items
from chalicelib.store.registry import lookup, whereabouts
from chalicelib.store.registry.commit import Commit, persistently


def addressed_to(person: str) -> list[Invitation]:
    """The invitations that hold somebody's address, the oldest first."""
    bodies = lookup.bodies(keys.invitation(each) for each in whereabouts.invitations(person))
    found = [codec.made(Invitation, body) for body in bodies.values()]
    return sorted(found, key=lambda invitation: (invitation.created_at, invitation.invitation_id))


def accepted_of(factory_id: str) -> list[Invitation]:
    """The accepted invitations by which a factory came to be run."""
    place = keys.run_by(factory_id)
    found = lookup.below(place.pk, place.sk)
    return items.several([each["invitation_id"] for each in found])


def runners(factory_id: str) -> dict[str, str]:
    """Who came to run a factory, by invitation: also those whose address was erased since."""
    place = keys.run_by(factory_id)
    return {each["invitation_id"]: each["person"] for each in lookup.below(place.pk, place.sk)}


def erase_address(invitation_id: str) -> None:
    """Take the address out of an invitation. One that was not accepted is withdrawn: it could not be sent again."""

    def attempt() -> None:
        held = items.load(invitation_id)
        if held is None or not held.email:
            return
        state = held.state if held.state == "accepted" else "withdrawn"
        transaction = Commit()
        items.write(transaction, replace(held, email="", state=state), held)
        transaction.now()

    persistently(attempt)
