"""Codes of items that may have been copied: noticed once, for the brand alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib import clock
from chalicelib.domain.clones import Rule, Suspicion
from chalicelib.store import codec, scan_keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import lookup
from chalicelib.store.registry.commit import Collision, Commit, persistently

KEPT = timedelta(days=400)
MOST = 200


def rule(member_id: str) -> Rule:
    """What a member takes for too many places."""
    held = lookup.item(scan_keys.clone_rule(member_id))
    return Rule(**held.body) if held is not None else Rule()


def set_rule(member_id: str, wanted: Rule) -> None:
    """Take this for too many places from now on."""

    def attempt() -> None:
        key = scan_keys.clone_rule(member_id)
        held = lookup.item(key)
        transaction = Commit()
        item = RegistryItem(key.pk, key.sk, body=codec.to_json(wanted))
        transaction.replace(item, int(held.version) if held is not None else 0)
        transaction.now()

    persistently(attempt)


def is_known(member_id: str, product_id: str, serial: str) -> bool:
    """Whether this was noticed before."""
    return lookup.item(scan_keys.clone(member_id, product_id, serial)) is not None


def noticed(member_id: str, product_id: str, serial: str, found: Suspicion) -> bool:
    """Tell the brand, once; says whether it is news."""
    key, now = scan_keys.clone(member_id, product_id, serial), clock.now()
    body = {"product_id": product_id, "serial": serial, "noticed_at": clock.instant(now), **codec.to_json(found)}
    transaction = Commit()
    transaction.create(RegistryItem(key.pk, key.sk, body=body, expires=int((now + KEPT).timestamp())))
    try:
        transaction.now()
    except Collision:
        return False
    return True


def listed(member_id: str) -> list[dict[str, Any]]:
    """What was noticed about a member's items, the newest first."""
    found = lookup.below(scan_keys.clone(member_id).pk, limit=MOST)
    return sorted(found, key=lambda each: str(each["noticed_at"]), reverse=True)
