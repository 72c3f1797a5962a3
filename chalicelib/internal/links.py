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
    through = _through_merged(factory)
    found = {**dict(reversed(through)), **factory.links}
    for member, link in through:
        if link.is_public and found[member].ended is not None:
            found[member] = link
    return found


def _through_merged(factory: Factory) -> list[tuple[str, Link]]:
    """The links of what was merged into a factory: first those that show, then those that have not ended."""
    merged = [factories.load(each) for each in sorted(factory.led) if factory.led[each] is Lead.MERGED]
    through = [each for held in merged if held is not None for each in held.factory.links.items()]
    return sorted(through, key=lambda each: (not each[1].is_public, each[1].ended is not None))


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
        _on_merged(after, member, lambda other: _hide(member, other, Source.MEMBER, actor))
    return after


def agree(caller: Caller, factory_id: str, member: str, public: bool) -> Held:
    """The factory says whether a link may show in public. One that it ended itself is taken up again by that.

    Its word stays on its own record. Of a link that it has by way of a merged one it is told there only if it says more
    than stands; the member has agreed to nothing of this record by that.
    """

    def decide(held: Held) -> Change | None:
        own, before = held.factory.links.get(member), linked(held.factory).get(member)
        if before is None:
            raise Malformed("The factory is not linked to this member.")
        linking.refuse_anew(held.factory, before, public)
        link = linking.standing(before, Source.FACTORY, clock.today())
        if _is_beside(own, before) or (own is None and _says_no_more(before, public)):
            return None
        wanted = linking.agreed(link if own is not None else linking.for_another(link), Source.FACTORY, public)
        changes = {"factory_agrees": {"from": own and own.factory_agrees, "to": public}}
        return _change(held, member, wanted, "link", changes)

    after = factories.change(factory_id, decide, caller.actor)
    if not public:
        _on_merged(after, member, lambda other: _hide(member, other, Source.FACTORY, caller.actor))
    return after


def end(caller: Caller, factory_id: str, member: str, side: Source) -> Held:
    """One side ends the link: it shows nowhere, and what is for the factory's network is not for this member.

    On the records that were merged into it first: once it has ended here, whoever sends it again is told that there is
    none, and nothing more would be done. The factory ends a link that it has by way of such a record alone, too: there
    last, for it is by that one that it is found again.
    """
    through = _through_merged(factories.need(factory_id).factory) if side is Source.FACTORY else []
    other_one = next((link for each, link in through if each == member and link.ended is None), None)

    def act(other: str) -> None:
        end(caller, other, member, side)

    def decide(held: Held) -> Change | None:
        own = held.factory.links.get(member)
        before = own if own is not None and own.ended is None else other_one or own
        wanted = linking.ended(before, side, clock.today())
        assert before is not None  # nosec B101: else there was none to end
        if before is own:
            _on_merged(held, member, act)
        if _is_beside(own, before):
            return None
        changes = {"by": side.value, "was_public": before.is_public}
        return _change(held, member, wanted, "link_ended", changes)

    after = factories.change(factory_id, decide, caller.actor)
    if other_one is not None:
        _on_merged(after, member, act)
    return after


def _is_beside(own: Link | None, link: Link) -> bool:
    """Whether a link is that of a merged record, beside one of the factory's own that ended and stays as it is."""
    return own is not None and own.ended is not None and link.ended is None


def _says_no_more(link: Link, public: bool) -> bool:
    """Whether a link of a merged record needs no other word: it shows already, or is to be hidden where it is."""
    return link.is_public if public else link.opens_the_network


def _on_merged(held: Held, member: str, act: Callable[[str], object]) -> None:
    """Who hides or ends a link means the factory: it holds for each link that lives on a record merged into it, too.

    Brands' pages show the present record for a merged one, and so would show it still, now or once the other side
    agrees there.
    """
    for factory_id, lead in held.factory.led.items():
        other = factories.load(factory_id) if lead is Lead.MERGED else None
        link = other.factory.links.get(member) if other else None
        if link is not None and link.ended is None:
            act(factory_id)


def _hide(member: str, factory_id: str, side: Source, actor: Actor) -> Held:
    def decide(held: Held) -> Change | None:
        link = held.factory.links.get(member)
        changes = {f"{side.value}_agrees": {"from": True, "to": False}}
        return _change(held, member, linking.hidden(link, side), "link", changes) if link is not None else None

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
