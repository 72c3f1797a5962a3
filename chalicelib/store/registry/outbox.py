"""The outbox: changes that watchers are to be told of, written with the change itself and taken out once all know.

It is the truth. A stream that wakes the worker may be late or lost; the next sweep finds what lies here.
"""

from __future__ import annotations

from datetime import date

from chalicelib.domain import tidings
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.factory import Factory
from chalicelib.domain.tidings import News, Tiding
from chalicelib.store import codec, watch_keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import lookup
from chalicelib.store.registry.commit import Commit
from chalicelib.store.registry.history import Happening, Head


def note_certificate(
    transaction: Commit, before: Certificate | None, after: Certificate, action: str, head: Head, at: str
) -> None:
    """What watchers are to be told of a certificate that is written; and by which day it is found when it ends."""
    if action == "standing" and not (before and tidings.is_no_news(before, after)):
        put(transaction, tidings.of_standing(after, head.events, at))
    if before is not None and before.valid_to == after.valid_to:
        return
    note_ending(transaction, after)
    today = date.fromisoformat(at[:10])
    days_left = (after.valid_to - today).days
    ends = tidings.of_ending(after, today, days_left) if days_left in tidings.NOTICE_DAYS else None
    if ends is not None:  # today's look at what ends may be over
        put(transaction, ends)
    if before is not None:
        old = watch_keys.ending(before.valid_to.isoformat(), after.code)
        transaction.delete(RegistryItem(old.pk, old.sk, body={}))


def note_ending(transaction: Commit, certificate: Certificate) -> None:
    """By which day a certificate is found when it ends."""
    body = {"code": certificate.code, "factory_id": certificate.holder_id}
    key = watch_keys.ending(certificate.valid_to.isoformat(), certificate.code)
    transaction.put(RegistryItem(key.pk, key.sk, body=body))


def note_factory(transaction: Commit, factory: Factory, happenings: tuple[Happening, ...], head: Head, at: str) -> None:
    """What watchers are to be told of a factory that is written. ``head`` is that after its last event."""
    first = head.events - len(happenings) + 1
    for number, happening in enumerate(happenings, first):
        told = tidings.of_fate(happening.action, factory, number, at)
        if told is not None:
            put(transaction, told)


def put(transaction: Commit, told: Tiding) -> None:
    """Something that watchers are to be told."""
    transaction.put(_item(told))


def waiting() -> list[Tiding]:
    """All that waits, in order."""
    found = [read(body) for number in range(watch_keys.SHARDS) for body in _of(number)]
    return tidings.in_order(found)


def done(told: Tiding) -> None:
    """All its watchers have it noted."""
    transaction = Commit()
    transaction.delete(_item(told))
    transaction.now()


def read(body: codec.Body) -> Tiding:
    """A tiding as it was stored."""
    return codec.made(Tiding, {**body, "kind": News(body["kind"])})


def _of(number: int) -> list[codec.Body]:
    return lookup.below(watch_keys.outbox(number).pk, limit=None)


def _item(told: Tiding) -> RegistryItem:
    key = watch_keys.outbox(watch_keys.shard(told.record), told.key)
    return RegistryItem(key.pk, key.sk, body=codec.to_json(told))
