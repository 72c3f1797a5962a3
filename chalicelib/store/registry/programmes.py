"""Which programmes a factory shows: said on its record, in one transaction with the programme's own record."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.domain.factory import Factory
from chalicelib.domain.programme import with_programme
from chalicelib.store.registry import factories
from chalicelib.store.registry.commit import Commit
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Actor, Happening

Beside = Callable[[Commit], None]
"""Puts what goes with it into the transaction: the programme's record, its event, its public item."""
Decide = Callable[[Factory], Beside | None]
"""Reads the programme's record afresh and says what goes with it; ``None``: nothing is to change."""


def show(factory_id: str, programme: str, decide: Decide, actor: Actor) -> Held:
    """Let a programme show to all: the factory's page links to it from the next read on."""
    return _set(factory_id, programme, decide, actor, shows=True)


def keep(factory_id: str, programme: str, decide: Decide, actor: Actor) -> Held:
    """Let a programme show no more."""
    return _set(factory_id, programme, decide, actor, shows=False)


def _set(factory_id: str, programme: str, decide: Decide, actor: Actor, *, shows: bool) -> Held:
    def change(held: Held) -> Change | None:
        wanted = with_programme(held.factory, programme, shows=shows)
        beside = decide(wanted)
        if beside is None:
            return None
        was, now = list(held.factory.programmes), list(wanted.programmes)
        happening = Happening("programmes", {"programmes": {"from": was, "to": now}})
        return Change(wanted, (happening,) if was != now else (), beside=(beside,))

    return factories.change(factory_id, change, actor)
