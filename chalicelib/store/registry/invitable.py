"""Whether an invitation leads to something: its member still invites, and nobody else has its factory by now."""

from __future__ import annotations

from chalicelib.domain import lifecycle
from chalicelib.domain.errors import Conflict
from chalicelib.domain.factory import Factory, State
from chalicelib.domain.invitation import Invitation
from chalicelib.store import keys
from chalicelib.store.registry import callers, factories, lookup, organisations, records


def need(factory_id: str, email: str) -> Factory:
    """A factory that this address may be invited to run.

    ``NotFound`` for an unknown one, ``Conflict`` if somebody else runs it already or it was merged into another.
    """
    factory = factories.need(factory_id).factory
    lifecycle.refuse_led(factory)
    if _run_by_another(factory, email):
        raise Conflict("This factory runs its own profile already. Add it to your network instead.")
    return factory


def taken(factory: Factory, email: str) -> bool:
    """Whether this address cannot accept to run it: somebody else does, or the record was merged."""
    return factory.state is State.MERGED or _run_by_another(factory, email)


def leads_nowhere(invitation: Invitation) -> bool:
    """Whether accepting would be refused, as things stand, for what became of the member or of the factory."""
    if not organisations.takes_part("member", invitation.member_id):
        return True
    held = lookup.item(keys.factory(invitation.factory_id)) if invitation.factory_id else None
    return held is not None and taken(records.factory(held.body, 0), invitation.email)


def _run_by_another(factory: Factory, email: str) -> bool:
    return factory.claimed and not callers.may_act(callers.person(email), factory.factory_id)
