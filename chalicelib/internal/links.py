"""The link between a factory and a member: what either side does with it, for machines and for the portal alike.

Each act is an event of the factory and takes effect at once: on the public page, and on what the member sees.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib import clock
from chalicelib.domain import linking
from chalicelib.domain.errors import Malformed, NotFound
from chalicelib.domain.factory import Factory, Lead, Link, Source
from chalicelib.domain.lifecycle import refuse_led
from chalicelib.internal.access import Caller
from chalicelib.store.registry import factories, networks
from chalicelib.store.registry.commit import Commit
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Actor, Happening


def linked(factory: Factory) -> dict[str, Link]:
    """By member, a factory's links, and those by which it is seen: of what was merged into it.

    Of several to one member its own counts, unless it has ended and another shows; then one that shows, then one that
    has not ended, then that of the first record.
    """
    merged = [factories.load(each) for each in sorted(factory.led) if factory.led[each] is Lead.MERGED]
    through = [each for held in merged if held is not None for each in held.factory.links.items()]
    living = sorted(through, key=lambda each: (not each[1].is_public, each[1].ended is not None))
    found = {**dict(reversed(living)), **factory.links}
    for member, link in living:
        if link.is_public and found[member].ended is not None:
            found[member] = link
    return found


def add(member: str, factory_id: str, public: bool | None, actor: Actor) -> Held:
    """A member puts a factory on its network, and says whether the link may show in public; ``None``: as it was."""
    today = clock.today()

    def decide(held: Held) -> Change | None:
        if not held.factory.published:
            raise NotFound("There is no such factory.")
        refuse_led(held.factory)
        before = held.factory.links.get(member)
        link = linking.standing(before or Link(Source.MEMBER, today.isoformat()), Source.MEMBER, today)
        wanted = link if public is None else linking.agreed(link, Source.MEMBER, public)
        changes = {"member_agrees": {"from": before and before.member_agrees, "to": wanted.member_agrees}}
        return _change(held, member, wanted, "link", changes)

    after = factories.change(factory_id, decide, actor)
    if public is False:
        _on_merged(after, member, lambda other: _hide(member, other, actor))
    return after


def agree(caller: Caller, factory_id: str, member: str, public: bool) -> Held:
    """The factory says whether a link may show in public. One that it ended itself is taken up again by that."""

    def decide(held: Held) -> Change | None:
        before = linked(held.factory).get(member)
        if before is None:
            raise Malformed("The factory is not linked to this member.")
        if _is_beside(held.factory.links.get(member), before):
            return None
        wanted = linking.agreed(linking.standing(before, Source.FACTORY, clock.today()), Source.FACTORY, public)
        changes = {"factory_agrees": {"from": before.factory_agrees, "to": public}}
        return _change(held, member, wanted, "link", changes)

    after = factories.change(factory_id, decide, caller.actor)
    if not public:
        _on_merged(after, member, lambda other: agree(caller, other, member, False))
    return after


def end(caller: Caller, factory_id: str, member: str, side: Source) -> Held:
    """One side ends the link: it shows nowhere, and what is for the factory's network is not for this member.

    On the records that were merged into it first: once it has ended here, whoever sends it again is told that there is
    none, and nothing more would be done. The factory ends a link that it has by way of such a record alone, too.
    """
    through = linked(factories.need(factory_id).factory) if side is Source.FACTORY else {}

    def decide(held: Held) -> Change | None:
        own = held.factory.links.get(member)
        before = own if own is not None and own.ended is None else through.get(member, own)
        wanted = linking.ended(before, side, clock.today())
        assert before is not None  # nosec B101: else there was none to end
        _on_merged(held, member, lambda other: end(caller, other, member, side))
        if _is_beside(own, before):
            return None
        changes = {"by": side.value, "was_public": before.is_public}
        return _change(held, member, wanted, "link_ended", changes)

    return factories.change(factory_id, decide, caller.actor)


def _is_beside(own: Link | None, link: Link) -> bool:
    """Whether a link is that of a merged record, beside one of the factory's own that ended and stays as it is."""
    return own is not None and own.ended is not None and link.ended is None


def _on_merged(held: Held, member: str, act: Callable[[str], Held]) -> None:
    """Who hides or ends a link means the factory: on a record that was merged into it the link shows no more, either.

    Brands' pages show the present record for a merged one, and so would show it still.
    """
    for factory_id, lead in held.factory.led.items():
        other = factories.load(factory_id) if lead is Lead.MERGED else None
        link = other.factory.links.get(member) if other else None
        if link is not None and link.is_public:
            act(factory_id)


def _hide(member: str, factory_id: str, actor: Actor) -> Held:
    def decide(held: Held) -> Change | None:
        wanted = linking.agreed(held.factory.links[member], Source.MEMBER, False)
        changes = {"member_agrees": {"from": True, "to": False}}
        return _change(held, member, wanted, "link", changes)

    return factories.change(factory_id, decide, actor)


def _change(held: Held, member: str, wanted: Link, action: str, changes: dict[str, Any]) -> Change | None:
    """The factory with the link as wanted, and its place on the member's list with it; ``None`` if it is so already."""
    before = held.factory.links.get(member)
    if wanted == before:
        return None
    told = {"member": member, **changes}
    if before is not None and before.ended is not None and wanted.ended is None:
        told["ended"] = {"from": before.ended, "to": None}
    factory = replace(held.factory, links={**held.factory.links, member: wanted})
    return Change(factory, (Happening(action, told),), beside=(_listing(factory.factory_id, member, wanted),))


def _listing(factory_id: str, member: str, link: Link) -> Callable[[Commit], None]:
    def beside(transaction: Commit) -> None:
        if link.ended is None:
            networks.join(transaction, member, factory_id)
        else:
            networks.leave(transaction, member, factory_id)

    return beside
