"""What a factory measures: one record, changed under its own version; shown to all once the factory says so."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import clock
from chalicelib.domain.errors import Conflict, StaleVersion
from chalicelib.domain.factory import Factory
from chalicelib.domain.indicator import Efficiency
from chalicelib.domain.saving import public_efficiency
from chalicelib.store import codec, measured, programme_keys, public_keys
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem, RegistryItem
from chalicelib.store.registry import history, lookup, programmes
from chalicelib.store.registry.commit import Commit, persistently
from chalicelib.store.registry.history import Actor, Happening

CODE = "efficiency"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The record after a change, and what is told of it."""

    record: Efficiency
    happening: Happening


def load(factory_id: str) -> Efficiency:
    """What a factory measures; nothing at first."""
    return _read(factory_id)[0]


def several(factory_ids: Iterable[str]) -> dict[str, Efficiency]:
    """The same of several factories, by Factory ID; those that measure nothing are absent."""
    found = lookup.items(programme_keys.efficiency(factory_id) for factory_id in factory_ids)
    held = (measured.efficiency(item.body, int(item.version)) for item in found)
    return {each.factory_id: each for each in held}


def change(
    factory_id: str, decide: Callable[[Efficiency], Wanted | None], actor: Actor, version: Container[int] | None = None
) -> Efficiency:
    """Load, let ``decide`` say what is wanted (``None``: nothing), write. ``StaleVersion`` if it is another version."""

    def attempt() -> Efficiency:
        held, item = _read(factory_id)
        if version is not None and held.version not in version:
            raise StaleVersion("The record was changed meanwhile. GET it again, and apply your change to that.")
        wanted = decide(held)
        if wanted is None:
            return held
        transaction = Commit()
        after = _write(transaction, wanted, item, actor)
        transaction.now()
        return after

    return persistently(attempt)


def publish(factory_id: str, actor: Actor) -> Efficiency:
    """Show it to all, from the next read on. ``Conflict`` if there is nothing to show, or the factory is a draft."""

    def decide(_factory: Factory) -> programmes.Beside | None:
        held, item = _read(factory_id)
        if not held.indicators:
            raise Conflict("There is nothing to publish yet: add an indicator first.")
        wanted = Wanted(replace(held, published=True), Happening("efficiency_published", {}))
        return None if held.published else lambda transaction: _set(transaction, wanted, item, actor)

    programmes.show(factory_id, CODE, decide, actor)
    return load(factory_id)


def keep(factory_id: str, actor: Actor) -> Efficiency:
    """Show it to nobody, from the next read on."""

    def decide(_factory: Factory) -> programmes.Beside | None:
        held, item = _read(factory_id)
        wanted = Wanted(replace(held, published=False), Happening("efficiency_kept", {}))
        return (lambda transaction: _set(transaction, wanted, item, actor)) if held.published else None

    programmes.keep(factory_id, CODE, decide, actor)
    return load(factory_id)


def _set(transaction: Commit, wanted: Wanted, item: RegistryItem | None, actor: Actor) -> None:
    _write(transaction, wanted, item, actor)


def _read(factory_id: str) -> tuple[Efficiency, RegistryItem | None]:
    item = lookup.item(programme_keys.efficiency(factory_id))
    return (measured.efficiency(item.body, int(item.version)) if item is not None else Efficiency(factory_id)), item


def _write(transaction: Commit, wanted: Wanted, item: RegistryItem | None, actor: Actor) -> Efficiency:
    """Record, event and public item, under the condition that the record is still the one read."""
    held_version = int(item.version) if item is not None else 0
    at = clock.instant(clock.now())
    after = replace(wanted.record, updated_at=at, version=held_version + 1)
    key = programme_keys.efficiency(after.factory_id)
    root = RegistryItem(key.pk, key.sk, body=measured.efficiency_body(after))
    event, head = history.appended(key.pk, history.head_of(item), wanted.happening, actor, at)
    root.events, root.event_hash = head.events, head.hash
    transaction.create(event)
    transaction.replace(root, held_version)
    items = public_items(after)
    for place, body in items.items():
        transaction.put(PublicItem(place.pk, place.sk, body=body))
    if not items and item is not None and item.body["published"]:
        page = public_keys.programme_page(after.factory_id, CODE)
        transaction.delete(PublicItem(page.pk, page.sk, body={}))
    return after


def public_items(record: Efficiency) -> dict[Key, codec.Body]:
    """What the public table holds of what a factory measures."""
    shown = public_efficiency(record)
    return {} if shown is None else {public_keys.programme_page(record.factory_id, CODE): codec.to_json(shown)}


def told(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a happening says of a thing that was changed: what it was and what it is."""
    return {"from": dict(before) if before else None, "to": dict(after) if after else None}
