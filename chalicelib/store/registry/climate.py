"""Climate plans of factories: each a record of its own, and a public item while the factory shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from chalicelib import clock
from chalicelib.domain.climate import Plan, Risk, Step, progress, without_owners
from chalicelib.domain.climate_public import public_plan
from chalicelib.domain.errors import Conflict
from chalicelib.domain.factory import Factory
from chalicelib.domain.lifecycle import refuse_led
from chalicelib.domain.risk import Stage
from chalicelib.store import codec, programme_keys, public_keys
from chalicelib.store.codec import Body
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem, RegistryItem
from chalicelib.store.registry import factories, history, lookup, programmes
from chalicelib.store.registry.commit import Commit, persistently
from chalicelib.store.registry.history import Actor, Happening

CODE = "climate"
Decide = Callable[[Plan], tuple[Plan, tuple[Happening, ...]] | None]
"""Says what is wanted of a plan, and what is told of it; ``None``: nothing."""


def load(factory_id: str) -> Plan:
    """A factory's plan, an empty one at version 0 if there is none yet."""
    return read(factory_id, lookup.item(programme_keys.climate(factory_id)))


def change(factory_id: str, decide: Decide, actor: Actor) -> Plan:
    """Load, let ``decide`` say what is wanted, commit; again with fresh state if others wrote meanwhile.

    What shows in public follows in the same transaction. A record that was merged into another takes no changes.
    """
    refuse_led(factories.need(factory_id).factory)
    return _change(factory_id, decide, actor)


def show(factory_id: str, actor: Actor) -> Plan:
    """Publish the plan. Published already, it changes nothing."""

    def wanted(held: Plan) -> Plan | None:
        if held.published_at is not None:
            return None
        if not held.risks:
            raise Conflict("There is nothing to show yet: add a risk first.")
        return replace(held, published_at=clock.instant(clock.now()))

    programmes.show(factory_id, CODE, _beside(factory_id, wanted, "shown", actor), actor)
    return load(factory_id)


def keep(factory_id: str, actor: Actor) -> Plan:
    """Show the plan to nobody any more: it is gone from every public answer at once."""

    def wanted(held: Plan) -> Plan | None:
        return None if held.published_at is None else replace(held, published_at=None)

    programmes.keep(factory_id, CODE, _beside(factory_id, wanted, "kept", actor), actor)
    return load(factory_id)


def forget_owners(factory_id: str, chooses: Callable[[str], bool], actor: Actor, reason: str | None = None) -> None:
    """Erase who sees to the measures, where that is meant."""

    def decide(held: Plan) -> tuple[Plan, tuple[Happening, ...]] | None:
        wanted = without_owners(held, chooses)
        return None if wanted == held else (wanted, (Happening("owners_erased", {}, reason),))

    _change(factory_id, decide, actor)


def _beside(factory_id: str, wanted: Callable[[Plan], Plan | None], action: str, actor: Actor) -> programmes.Decide:
    def decide(_factory: Factory) -> programmes.Beside | None:
        item = lookup.item(programme_keys.climate(factory_id))
        held = read(factory_id, item)
        after = wanted(held)
        if after is None:
            return None

        def beside(transaction: Commit) -> None:
            _write(transaction, item, held, after, (Happening(action, {}),), actor)

        return beside

    return decide


def _change(factory_id: str, decide: Decide, actor: Actor) -> Plan:
    def attempt() -> Plan:
        item = lookup.item(programme_keys.climate(factory_id))
        held = read(factory_id, item)
        wanted = decide(held)
        if wanted is None:
            return held
        transaction = Commit()
        after = _write(transaction, item, held, *wanted, actor)
        transaction.now()
        return after

    return persistently(attempt)


def _write(
    transaction: Commit,
    item: RegistryItem | None,
    held: Plan,
    wanted: Plan,
    happenings: Iterable[Happening],
    actor: Actor,
) -> Plan:
    at = clock.instant(clock.now())
    after = replace(wanted, updated_at=at, version=held.version + 1)
    key, head = programme_keys.climate(after.factory_id), history.head_of(item)
    for happening in happenings:
        event, head = history.appended(key.pk, head, happening, actor, at)
        transaction.create(event)
    body = codec.to_json(after)
    del body["version"]
    root = RegistryItem(key.pk, key.sk, body=body, events=head.events, event_hash=head.hash)
    transaction.replace(root, held.version)
    _publish(transaction, held, after)
    return after


def _publish(transaction: Commit, held: Plan, after: Plan) -> None:
    items = public_items(after)
    for key, body in items.items():
        transaction.put(PublicItem(key.pk, key.sk, body=body))
    if not items and held.published_at is not None:
        place = public_keys.programme_page(after.factory_id, CODE)
        transaction.delete(PublicItem(place.pk, place.sk, body={}))


def public_items(plan: Plan) -> dict[Key, Body]:
    """What the public table holds of a plan, as of the day on which it was last changed."""
    shown = public_plan(plan, progress(plan, clock.parsed(plan.updated_at).date()))
    return {} if shown is None else {public_keys.programme_page(plan.factory_id, CODE): codec.to_json(shown)}


def read(factory_id: str, item: RegistryItem | None) -> Plan:
    """A plan as it is stored; an empty one at version 0 if there is none."""
    if item is None:
        return Plan(factory_id)
    body: Body = item.body
    steps = {code: _step(each) for code, each in body["steps"].items()}
    risks = tuple(_risk(each) for each in body["risks"])
    return codec.made(Plan, {**body, "steps": steps, "risks": risks, "version": int(item.version)})


def _step(body: Body) -> Step:
    return codec.made(Step, {**body, "answers": {name: tuple(lines) for name, lines in body["answers"].items()}})


def _risk(body: Body) -> Risk:
    due = date.fromisoformat(body["due"]) if body["due"] else None
    return codec.made(Risk, {**body, "due": due, "stage": Stage(body["stage"])})
