"""Standards: the record, its history, and what the map shows of it, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib import clock
from chalicelib.domain.errors import NotFound
from chalicelib.domain.phrase import phrase
from chalicelib.domain.standard import Standard
from chalicelib.domain.standards_map import after_put
from chalicelib.store import keys, public_keys, standard_codec
from chalicelib.store.codec import Body
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem, RegistryItem
from chalicelib.store.registry import history, lookup
from chalicelib.store.registry.commit import Commit, persistently
from chalicelib.store.registry.history import Actor, Happening

_KIND = "standard"
Decide = Callable[[Standard | None], tuple[Standard, Happening] | None]


def load(standard_id: str) -> Standard | None:
    """A standard on record; ``None`` if there is none."""
    return _held(lookup.item(keys.organisation(_KIND, standard_id)), standard_id)


def need(standard_id: str) -> Standard:
    """As ``load``, but ``NotFound`` if there is none."""
    found = load(standard_id)
    if found is None:
        raise NotFound(phrase("There is no %(kind)s %(id)s on record.", kind=phrase("standard"), id=standard_id))
    return found


def put(standard: Standard, actor: Actor) -> bool:
    """Create or replace one, as ``standards_map.after_put`` says; says whether anything changed."""

    def decide(held: Standard | None) -> tuple[Standard, Happening] | None:
        wanted = after_put(held, standard)
        if held == wanted:
            return None
        before = standard_codec.to_body(held) if held is not None else None
        return wanted, Happening("put", _differing(before, standard_codec.to_body(wanted)))

    return _change(standard.standard_id, decide, actor)


def review(standard_id: str, on: str, by: str, actor: Actor) -> bool:
    """Somebody compared the entry with its sources on a day; says whether that is news. ``NotFound`` without one."""

    def decide(held: Standard | None) -> tuple[Standard, Happening] | None:
        if held is None or held.kind is None:
            raise NotFound("The map knows nothing of this standard yet that could be reviewed.")
        if (held.reviewed, held.reviewed_by) == (on, by):
            return None
        changes = {
            "reviewed": {"from": held.reviewed, "to": on},
            "reviewed_by": {"from": held.reviewed_by, "to": by},
        }
        return replace(held, reviewed=on, reviewed_by=by), Happening("reviewed", changes)

    return _change(standard_id, decide, actor)


def _change(standard_id: str, decide: Decide, actor: Actor) -> bool:
    key = keys.organisation(_KIND, standard_id)

    def attempt() -> bool:
        held = lookup.item(key)
        decided = decide(_held(held, standard_id))
        if decided is None:
            return False
        wanted, happening = decided
        item = RegistryItem(key.pk, key.sk, body=standard_codec.to_body(wanted))
        head = history.head_of(held)
        event, head = history.appended(key.pk, head, happening, actor, clock.instant(clock.now()))
        item.events, item.event_hash = head.events, head.hash
        transaction = Commit()
        transaction.create(event)
        transaction.replace(item, int(held.version) if held is not None else 0)
        listing = keys.organisation_listed(_KIND, standard_id)
        transaction.put(RegistryItem(listing.pk, listing.sk, body={"id": standard_id, "name": wanted.name}))
        for place, shown in public_items(wanted).items():
            transaction.put(PublicItem(place.pk, place.sk, body=shown))
        transaction.now()
        return True

    return persistently(attempt)


def public_items(standard: Standard) -> dict[Key, Body]:
    """All that the public sees of a standard. Nothing of an entry is private."""
    named = standard.standard_id
    return {
        public_keys.facet(_KIND, named): {"name": standard.short_name or standard.name},
        public_keys.standard_card(named): standard_codec.to_card(standard),
        public_keys.standard_page(named): standard_codec.to_body(standard),
    }


def _held(item: RegistryItem | None, standard_id: str) -> Standard | None:
    return None if item is None else standard_codec.standard(standard_id, item.body, int(item.version or 0))


def _differing(before: dict[str, Any] | None, after: dict[str, Any]) -> dict[str, Any]:
    """What a put changed, as ``from`` and ``to``: members that stayed are left out of both."""
    if before is None:
        return {"from": None, "to": after}
    changed = {name for name in (*before, *after) if before.get(name) != after.get(name)}
    return {
        "from": {name: value for name, value in before.items() if name in changed},
        "to": {name: value for name, value in after.items() if name in changed},
    }
