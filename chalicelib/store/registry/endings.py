"""Certificates that end soon, found by their last day: each notice goes into the outbox once, day by day."""

from __future__ import annotations

from datetime import date, timedelta

from chalicelib.domain import tidings
from chalicelib.domain.tidings import NOTICE_DAYS, Tiding
from chalicelib.store import watch_keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import factories, lookup, outbox
from chalicelib.store.registry.commit import Collision, Commit

_LONGEST_GAP = 6
"""Days that are made up for if nobody looked: fewer than lie between the last notice and the end."""
_AT_ONCE = 50


def note(today: date) -> int:
    """Put what is due by today into the outbox, once a day; says how much. Days that were missed are made up for."""
    place = watch_keys.last_look()
    held = lookup.item(place)
    if held is not None and held.body["day"] >= today.isoformat():
        return 0
    last = date.fromisoformat(held.body["day"]) if held is not None else today - timedelta(days=1)
    first = max(last + timedelta(days=1), today - timedelta(days=_LONGEST_GAP))
    found = [told for number in range((today - first).days + 1) for told in _of(first + timedelta(days=number))]
    for start in range(0, len(found), _AT_ONCE):
        transaction = Commit()
        for told in found[start : start + _AT_ONCE]:
            outbox.put(transaction, told)
        transaction.now()
    transaction = Commit()
    item = RegistryItem(place.pk, place.sk, body={"day": today.isoformat()})
    transaction.replace(item, int(held.version) if held is not None else 0)
    try:
        transaction.now()
    except Collision:
        return 0  # another worker looked, too: what both found has the same keys
    return len(found)


def _of(day: date) -> list[Tiding]:
    return [
        told
        for days in NOTICE_DAYS
        for body in lookup.below(watch_keys.ending((day + timedelta(days=days)).isoformat()).pk, limit=None)
        if (told := _ending(body["factory_id"], body["code"], day, days)) is not None
    ]


def _ending(factory_id: str, code: str, day: date, days: int) -> Tiding | None:
    held = factories.load(factory_id)
    certificate = held.certificates.get(code) if held is not None else None
    if certificate is None or certificate.valid_to != day + timedelta(days=days):
        return None
    return tidings.of_ending(certificate, day, days)
