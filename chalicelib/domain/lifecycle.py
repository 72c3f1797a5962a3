"""What becomes of a factory: merged into another record, moved, closed, open again. ``docs/decisions/0010`` says why.

A record that leads to another keeps all that it holds: the other one only learns whom it stands for, and so undoing
restores both exactly. Nothing leads on from a record that others lead to, so nobody is led twice.

Each function answers with the records as they are afterwards, and with ``None`` where they are so already.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib.domain import identity
from chalicelib.domain.errors import Conflict, Fault, Malformed
from chalicelib.domain.factory import Before, Factory, Lead, Said, Source, State
from chalicelib.domain.phrase import phrase

PLACE = ("address", "city", "region", "postal_code", "coordinates")
"""The fields that say where a factory is. A move replaces all of them."""
MOST_LEADS = 10
"""So many records may lead to one: its page reads each of them."""

Pair = tuple[Factory, Factory]


def merged(one: Factory, into: Factory, today: date) -> Pair | None:
    """Both records after a merge: ``one`` leads to ``into``, which is the factory from then on."""
    if one.state is State.MERGED and one.successor == into.factory_id:
        return None
    _may_lead(one, into)
    lead = Lead.MERGED if one.published else Lead.DRAFT
    return _leading(one, into, State.MERGED, today.isoformat(), lead)


def unmerged(one: Factory, into: Factory) -> Pair | None:
    """Both records as they were before the merge."""
    return _parted(one, into) if one.state is State.MERGED and one.successor == into.factory_id else None


def moved_into(one: Factory, into: Factory, day: date) -> Pair | None:
    """Both records after ``one`` moved to a place that has an ID of its own. Audits and certificates stay behind."""
    if one.state is State.MOVED and one.successor == into.factory_id and one.state_since == day.isoformat():
        return None
    if not one.published:
        raise Conflict("A draft is shown to nobody: correct its address instead.")
    if not (one.state is State.MOVED and one.successor == into.factory_id):
        _may_lead(one, into)
    return _leading(one, into, State.MOVED, day.isoformat(), Lead.MOVED)


def moved(factory: Factory, place: Mapping[str, Any], day: date) -> Factory | None:
    """The factory at another address under the same ID. What ``place`` does not say of the address is unknown."""
    if not any(place.get(name) for name in ("address", "city")):
        raise Malformed("The new address is missing.", [Fault("/address", "is missing")])
    own = _own_after(factory, place, day)
    here = factory.state is State.MOVED and factory.successor is None
    if here and factory.state_since == day.isoformat() and own == factory.own:
        return None
    _is_here(factory)
    former = factory.former
    if own != factory.own and not (here and factory.state_since == day.isoformat()):
        former = {name: factory.value(name) for name in PLACE if factory.value(name)}
    return replace(factory, own=own, state=State.MOVED, state_since=day.isoformat(), former=former)


def _own_after(factory: Factory, place: Mapping[str, Any], day: date) -> dict[str, Said]:
    """The factory's own words with another address. Where ICS names what the new one lacks, they contradict it."""
    own = dict(factory.own)
    for name in PLACE:
        value = place.get(name)
        if value and value != factory.value(name):
            own[name] = Said(value, Source.STAFF, day.isoformat())
        elif not value and factory.value(name):
            own.pop(name, None)
            if factory.value_of_ics(name):
                own[name] = Said("", Source.STAFF, day.isoformat())
    return own


def closed(factory: Factory, day: date) -> Factory | None:
    """The factory after it closed. Closing a closed one corrects the day."""
    if factory.state is State.CLOSED and factory.state_since == day.isoformat():
        return None
    if factory.state is not State.CLOSED:
        _is_here(factory)
    return replace(factory, state=State.CLOSED, state_since=day.isoformat())


def reopened(factory: Factory) -> Factory | None:
    """The factory open again: a closed one, or one whose move need not be told any more."""
    if factory.state is State.OPEN:
        return None
    if leads_on(factory):
        raise Conflict("This record leads to another. Undo that first.")
    return replace(factory, state=State.OPEN, state_since=None, former=None)


def returned(one: Factory, into: Factory) -> Pair | None:
    """Both records as they were before ``one`` moved into the other."""
    return _parted(one, into) if one.state is State.MOVED and one.successor == into.factory_id else None


def leads_on(factory: Factory) -> bool:
    """Whether the record only leads to another one."""
    return factory.successor is not None


def refuse_led(factory: Factory) -> None:
    """Refuse what would put something new on a record that was merged into another."""
    if factory.state is State.MERGED and factory.successor:
        shown = identity.shown(factory.successor)
        raise Conflict(phrase("This record was merged into %(successor)s. Use that one.", successor=shown))


def refuse_hiding(after: Factory, certificates: Collection[str]) -> None:
    """Refuse to let a draft with certificates lead on: neither its page nor the other one would ever show them."""
    if leads_on(after) and not after.published and certificates:
        raise Conflict("This draft holds certificates, which would show nowhere. Publish it first.")


def _may_lead(one: Factory, into: Factory) -> None:
    if one.factory_id == into.factory_id:
        raise Conflict("A record cannot lead to itself.")
    _is_not_led(one)
    if one.led:
        shown = ", ".join(identity.shown(each) for each in sorted(one.led))
        raise Conflict(
            phrase(
                "Other records lead to this one: %(records)s. Nobody may be led twice: undo that first.", records=shown
            )
        )
    if into.successor is not None:
        ids = {"record": identity.shown(into.factory_id), "successor": identity.shown(into.successor)}
        raise Conflict(phrase("%(record)s leads to %(successor)s itself. Choose that one.", **ids))
    if one.published and not into.published:
        raise Conflict("The other record is a draft, which nobody can see: a printed code would lead nowhere.")
    if len(into.led) >= MOST_LEADS:
        raise Conflict(phrase("At most %(most)s records may lead to one.", most=MOST_LEADS))


def _is_not_led(factory: Factory) -> None:
    if factory.successor is not None:
        shown = identity.shown(factory.successor)
        raise Conflict(phrase("This record leads to %(successor)s already. Undo that first.", successor=shown))


def _is_here(factory: Factory) -> None:
    _is_not_led(factory)
    if factory.state is State.CLOSED:
        raise Conflict("This factory has closed. Reopen it first.")


def _leading(one: Factory, into: Factory, state: State, since: str, lead: Lead) -> Pair:
    before = one.before or Before(one.state, one.state_since)
    after = replace(one, state=state, state_since=since, successor=into.factory_id, before=before)
    return after, replace(into, led={**into.led, one.factory_id: lead})


def _parted(one: Factory, into: Factory) -> Pair:
    was = one.before or Before(State.OPEN, None)
    led = {factory_id: lead for factory_id, lead in into.led.items() if factory_id != one.factory_id}
    after = replace(one, state=was.state, state_since=was.since, successor=None, before=None)
    return after, replace(into, led=led)
