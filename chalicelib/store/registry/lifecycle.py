"""What becomes of a factory, put on record: each change an event on every record that it touches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from chalicelib.domain import lifecycle
from chalicelib.domain.factory import Factory, Lead, State
from chalicelib.domain.lifecycle import Pair
from chalicelib.store.registry import factories
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Actor, Happening


def merge(factory_id: str, into: str, reason: str, today: date, actor: Actor) -> Held:
    """Let a record lead to another of the same factory. The same once more changes nothing."""
    return _both(factory_id, into, lambda one, other: lifecycle.merged(one, other, today), "merged", reason, actor)


def unmerge(factory_id: str, reason: str, actor: Actor) -> Held:
    """Undo a merge: both records are what they were."""
    held = factories.need(factory_id)
    if held.factory.state is not State.MERGED or held.factory.successor is None:
        return held
    return _both(factory_id, held.factory.successor, lifecycle.unmerged, "unmerged", reason, actor)


def move(factory_id: str, place: Mapping[str, Any], day: date, reason: str, actor: Actor) -> Held:
    """Another address under the same ID."""
    return _one(factory_id, lambda factory: lifecycle.moved(factory, place, day), "moved", reason, actor)


def move_into(factory_id: str, into: str, day: date, reason: str, actor: Actor) -> Held:
    """The factory went on at a place that has an ID of its own."""
    return _both(factory_id, into, lambda one, other: lifecycle.moved_into(one, other, day), "moved", reason, actor)


def close(factory_id: str, day: date | None, today: date, reason: str, actor: Actor) -> Held:
    """The factory closed on a day: today unless given."""

    def after(factory: Factory) -> Factory | None:
        if day is None and factory.state is State.CLOSED:
            return None
        return lifecycle.closed(factory, day or today)

    return _one(factory_id, after, "closed", reason, actor)


def reopen(factory_id: str, reason: str, actor: Actor) -> Held:
    """The factory is open again; one that had moved to another ID is back at its place."""
    held = factories.need(factory_id)
    if held.factory.state is State.MOVED and held.factory.successor is not None:
        return _both(factory_id, held.factory.successor, lifecycle.returned, "reopened", reason, actor)
    return _one(factory_id, lifecycle.reopened, "reopened", reason, actor)


def whole(held: Held) -> list[Held]:
    """A factory's record, and those that were merged into it."""
    merged = [factory_id for factory_id, lead in sorted(held.factory.led.items()) if lead is not Lead.MOVED]
    return [held, *(found for factory_id in merged if (found := factories.load(factory_id)) is not None)]


def _one(factory_id: str, after: Callable[[Factory], Factory | None], action: str, reason: str, actor: Actor) -> Held:
    def decide(held: Held) -> Change | None:
        wanted = after(held.factory)
        return None if wanted is None else Change(wanted, (_happening(action, held.factory, wanted, reason),))

    return factories.change(factory_id, decide, actor)


def _both(
    factory_id: str, into: str, after: Callable[[Factory, Factory], Pair | None], action: str, reason: str, actor: Actor
) -> Held:
    def decide(one: Held, other: Held) -> tuple[Change, Change] | None:
        wanted = after(one.factory, other.factory)
        if wanted is None:
            return None
        led, to = wanted
        lifecycle.refuse_hiding(led, one.certificates)
        happening = Happening(f"{action}_here", {"record": led.factory_id}, reason)
        return Change(led, (_happening(action, one.factory, led, reason),)), Change(to, (happening,))

    return factories.change_both(factory_id, into, decide, actor)[0]


def _happening(action: str, before: Factory, after: Factory, reason: str) -> Happening:
    """What an action changed: state, day, the record led to, and the address. None of it is personal."""
    changes: dict[str, Any] = {}
    for name in ("state", "state_since", "successor"):
        if getattr(before, name) != getattr(after, name):
            changes[name] = {"from": getattr(before, name), "to": getattr(after, name)}
    for name in lifecycle.PLACE:
        if before.value(name) != after.value(name):
            changes[name] = {"from": before.value(name), "to": after.value(name)}
    return Happening(action, changes, reason)
