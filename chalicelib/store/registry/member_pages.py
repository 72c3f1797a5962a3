"""What the public table holds of an ICS member: written with its record, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.domain import brand
from chalicelib.store import codec, public_keys
from chalicelib.store.models import PublicItem
from chalicelib.store.registry.commit import Commit


def publish(transaction: Commit, member_id: str, record: Mapping[str, Any]) -> None:
    """The member's page, and its place in the list of all: one that takes part no more is in no list."""
    shown = brand.of_record(member_id, record)
    page = public_keys.member_page(shown.member_id)
    transaction.put(PublicItem(page.pk, page.sk, body=codec.to_json(shown)))
    listed = public_keys.member_listed(shown.member_id)
    if shown.ended is None:
        transaction.put(PublicItem(listed.pk, listed.sk, body=codec.to_json(replace(shown, texts={}))))
    else:
        transaction.delete(PublicItem(listed.pk, listed.sk, body={}))
