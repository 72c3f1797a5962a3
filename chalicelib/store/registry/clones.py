"""Codes of items that may have been copied: for the brand alone, whose team is told of each once a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from chalicelib import clock
from chalicelib.domain.clones import Rule, Suspicion
from chalicelib.store import codec, scan_keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import clone_letters, lookup
from chalicelib.store.registry.commit import Commit, persistently

KEPT = timedelta(days=400)
MOST = 200


def rule(member_id: str) -> Rule:
    """What a member takes for too many places."""
    held = lookup.item(scan_keys.clone_rule(member_id))
    return codec.made(Rule, held.body) if held is not None else Rule()


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


def is_told(member_id: str, product_id: str, serial: str, today: date) -> bool:
    """Whether the brand's team was told of this today, or is about to be."""
    held = lookup.item(scan_keys.clone(member_id, product_id, serial))
    return held is not None and held.body.get("told_on") == today.isoformat()


def noticed(member_id: str, product_id: str, serial: str, found: Suspicion, today: date) -> bool:
    """Note it for the brand, and that its team is to be told, once a day. Says whether it is news today.

    An item that was noticed before is news again on another day that was too much.
    """
    key = scan_keys.clone(member_id, product_id, serial)

    def attempt() -> bool:
        held, now = lookup.item(key), clock.now()
        if held is not None and (held.body.get("told_on") == today.isoformat() or today not in found.days):
            return False
        first = held.body["noticed_at"] if held is not None else clock.instant(now)
        about = {"product_id": product_id, "serial": serial}
        body = {**about, "noticed_at": first, "told_on": today.isoformat(), **codec.to_json(found)}
        item = RegistryItem(key.pk, key.sk, body=body, expires=int((now + KEPT).timestamp()))
        transaction = Commit()
        if held is None or held.version is not None:
            transaction.replace(item, int(held.version) if held is not None else 0)
        else:  # as they were noted when nobody was mailed
            transaction.put(item)
        clone_letters.owe(transaction, member_id, {**about, "places": found.places})
        transaction.now()
        return True

    return persistently(attempt)


def listed(member_id: str) -> list[dict[str, Any]]:
    """What was noticed about a member's items, the newest first."""
    found = lookup.below(scan_keys.clone(member_id).pk, limit=MOST)
    return sorted(found, key=lambda each: str(each["noticed_at"]), reverse=True)
