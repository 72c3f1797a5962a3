"""Members, certifiers and standards: who they are, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chalicelib import clock
from chalicelib.domain.errors import NotFound
from chalicelib.domain.phrase import phrase
from chalicelib.store import keys, public_keys
from chalicelib.store.models import PublicItem, RegistryItem
from chalicelib.store.registry import history, lookup
from chalicelib.store.registry.commit import Commit, persistently
from chalicelib.store.registry.history import Actor, Happening, Head

_KINDS = {"member": phrase("member"), "certifier": phrase("certifier"), "standard": phrase("standard")}


def load(kind: str, identifier: str) -> dict[str, Any] | None:
    """A ``member``, ``certifier`` or ``standard`` as it was put; ``None`` if there is none."""
    item = lookup.item(keys.organisation(kind, identifier))
    return None if item is None else dict(item.body)


def need(kind: str, identifier: str) -> dict[str, Any]:
    """As ``load``, but ``NotFound`` if there is none."""
    body = load(kind, identifier)
    if body is None:
        raise NotFound(phrase("There is no %(kind)s %(id)s on record.", kind=_KINDS[kind], id=identifier))
    return body


def put(kind: str, identifier: str, body: dict[str, Any], actor: Actor) -> bool:
    """Create or replace one; says whether anything changed."""

    def attempt() -> bool:
        held = lookup.item(keys.organisation(kind, identifier))
        if held is not None and held.body == body:
            return False
        key = keys.organisation(kind, identifier)
        item = RegistryItem(key.pk, key.sk, body=body)
        head = Head(int(held.events), held.event_hash) if held is not None else Head()
        changes = {"from": held.body if held is not None else None, "to": body}
        event, head = history.appended(key.pk, head, Happening("put", changes), actor, clock.instant(clock.now()))
        item.events, item.event_hash = head.events, head.hash
        transaction = Commit()
        transaction.create(event)
        transaction.replace(item, int(held.version) if held is not None else 0)
        listing = keys.organisation_listed(kind, identifier)
        transaction.put(RegistryItem(listing.pk, listing.sk, body={"id": identifier, "name": body["name"]}))
        if kind == "standard":
            shown = {"name": body.get("short_name") or body["name"]}
            transaction.put(PublicItem(*public_keys.facet("standard", identifier), body=shown))
        transaction.now()
        return True

    return persistently(attempt)


def listed(kind: str) -> list[dict[str, str]]:
    """All of a kind that are on record, as ``{id, name}``, by name."""
    place = keys.organisation_listed(kind, "")
    found = lookup.below(place.pk, place.sk)
    return sorted(found, key=lambda each: (each["name"].casefold(), each["id"]))


def member_names(member_ids: Iterable[str]) -> dict[str, str]:
    """The names of the members that are on record."""
    found = lookup.bodies(keys.organisation("member", member_id) for member_id in member_ids)
    return {key.pk.partition("#")[2]: body["name"] for key, body in found.items()}
