"""Photos of a factory: what became of those that were uploaded, and which are shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.photo import ID, MOST_PHOTOS, Photo
from chalicelib.domain.phrase import phrase
from chalicelib.store import keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import factories, lookup
from chalicelib.store.registry.commit import Commit
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Actor, Happening

_GONE = "There is no such photo here. Send it again."


def arrived(factory_id: str) -> list[dict[str, Any]]:
    """The photos that were uploaded and are not shown: each ``ready``, or ``refused`` with a ``detail``."""
    return lookup.below(keys.photo(factory_id).pk)


def add(factory_id: str, photo_id: str, about: str, actor: Actor) -> None:
    """Show a photo that is ready. Shown already, it changes nothing."""

    def decide(held: Held) -> Change | None:
        if any(each.photo_id == photo_id for each in held.factory.photos):
            return None
        place = keys.photo(factory_id, photo_id)
        item = lookup.item(place) if ID.match(photo_id) else None
        if item is None or item.body["state"] != "ready":
            raise NotFound(_GONE)
        if len(held.factory.photos) >= MOST_PHOTOS:
            raise Conflict(phrase("A factory shows at most %(most)s photos. Take one away first.", most=MOST_PHOTOS))
        photo = Photo(photo_id, about, item.body["width"], item.body["height"])

        def beside(transaction: Commit) -> None:
            transaction.delete(RegistryItem(place.pk, place.sk, body={}))

        wanted = replace(held.factory, photos=(*held.factory.photos, photo))
        return Change(wanted, (Happening("photo_added", {"photo": photo_id}),), beside=(beside,))

    factories.change(factory_id, decide, actor)


def remove(factory_id: str, photo_id: str, actor: Actor) -> None:
    """Show a photo no more. ``NotFound`` if it is not shown."""

    def decide(held: Held) -> Change:
        left = tuple(each for each in held.factory.photos if each.photo_id != photo_id)
        if len(left) == len(held.factory.photos):
            raise NotFound(_GONE)
        happening = Happening("photo_removed", {"photo": photo_id})
        return Change(replace(held.factory, photos=left), (happening,))

    factories.change(factory_id, decide, actor)
