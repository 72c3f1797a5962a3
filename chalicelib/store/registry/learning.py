"""Which lessons people have done, and which were done at a factory, whoever of its people did them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from chalicelib.domain.learning import LESSONS, Progress
from chalicelib.store import learning_keys
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import lookup
from chalicelib.store.registry.commit import MOST_ACTIONS, Commit, persistently


def progress(person: str) -> Progress:
    """What a person has done."""
    return _progress(lookup.item(learning_keys.progress(person)))


def note_done(person: str, slug: str, day: date, factory_ids: Collection[str]) -> Progress:
    """Note that a person has done a lesson, and that it was done at each factory that they run.

    All that they have done counts for these factories, so that one which they came to run later is made up for.
    """

    def attempt() -> Progress:
        place = learning_keys.progress(person)
        held = lookup.item(place)
        wanted = _progress(held).with_done(slug, day.isoformat())
        _count(wanted, factory_ids)
        transaction = Commit()
        item = RegistryItem(place.pk, place.sk, body={"done": dict(wanted.done)})
        transaction.replace(item, int(held.version) if held is not None else 0)
        transaction.now()
        return wanted

    return persistently(attempt)


def modules_done(factory_ids: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Which lessons were done at these factories, by whomever of their people: slugs, in the order of the lessons."""
    places = {factory_id: [learning_keys.learned(factory_id, slug) for slug in LESSONS] for factory_id in factory_ids}
    found = lookup.bodies(key for keys in places.values() for key in keys)
    return {factory_id: tuple(key.sk for key in keys if key in found) for factory_id, keys in places.items()}


def _count(done: Progress, factory_ids: Collection[str]) -> None:
    """Before the person's own record is written: who is interrupted begins again, and it comes to the same."""
    wanted = [learning_keys.learned(factory_id, slug) for factory_id in factory_ids for slug in done.done]
    for start in range(0, len(wanted), MOST_ACTIONS):
        transaction = Commit()
        for key in wanted[start : start + MOST_ACTIONS]:
            transaction.put(_noted(key))
        transaction.now()


def _noted(key: Key) -> RegistryItem:
    return RegistryItem(key.pk, key.sk, body={})


def _progress(held: RegistryItem | None) -> Progress:
    return Progress() if held is None else Progress(dict(held.body["done"]))
