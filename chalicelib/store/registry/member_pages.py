"""What the public table holds of an ICS member: written with its record, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.domain import brand
from chalicelib.store import codec, public_keys
from chalicelib.store.codec import Body
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem
from chalicelib.store.registry.commit import Commit


def publish(transaction: Commit, member_id: str, record: Mapping[str, Any]) -> None:
    """The member's page, and its place in the list of all: one that takes part no more is in no list."""
    items = public_items(member_id, record)
    for key, body in items.items():
        transaction.put(PublicItem(key.pk, key.sk, body=body))
    listed = public_keys.member_listed(member_id)
    if listed not in items:
        transaction.delete(PublicItem(listed.pk, listed.sk, body={}))


def public_items(member_id: str, record: Mapping[str, Any]) -> dict[Key, Body]:
    """All that the public table holds of a member's own record."""
    shown = brand.of_record(member_id, record)
    items = {public_keys.member_page(member_id): codec.to_json(shown)}
    if shown.ended is None:
        items[public_keys.member_listed(member_id)] = codec.to_json(replace(shown, texts={}))
    return items
