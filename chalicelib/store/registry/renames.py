"""A member's new name on the pages of the factories that show it.

A factory's page is one item and holds the names of its members. So it is written anew, factory by factory, each in a
transaction of its own: a page shows the old name until its turn. What is not done in time follows when the factory is
next written. The member's own page has the new name at once.
"""

from __future__ import annotations

from chalicelib import clock
from chalicelib.store import brands, public_keys, public_table
from chalicelib.store.registry import factories
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Actor

SECONDS = 15.0
"""The gateway waits 29 seconds for an answer."""


def follow(member_id: str, actor: Actor, seconds: float = SECONDS) -> int:
    """Write the pages of the factories that show a member; says how many there was no time for."""
    within = public_keys.members_factory(member_id)
    rows = public_table.query(within.pk, within.sk, limit=brands.MOST_FACTORIES)
    until = clock.ticking() + seconds
    for done, raw in enumerate(rows):
        if clock.ticking() >= until:
            return len(rows) - done
        factories.change(public_table.sort_key(raw).removeprefix(within.sk), _same, actor)
    return 0


def _same(held: Held) -> Change:
    return Change(held.factory)
