"""What the owner of each watch is still to be told: noted once, in order, and crossed out when it was told.

Whoever tells something claims the watch first, for longer than a worker runs: two workers never tell the same owner at
once, and one that dies leaves a claim that runs out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain import tidings
from chalicelib.domain.factory import State as Fate
from chalicelib.domain.tidings import Tiding
from chalicelib.domain.watching import PAUSES, State, Watch, next_attempt
from chalicelib.store import codec, keys, watch_keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import lookup, outbox, records, watches
from chalicelib.store.registry.commit import Collision, Commit, persistently

CLAIMED_FOR = timedelta(seconds=90)
KEPT_FOR = timedelta(days=120)
"""So long it is known that a change was noted: longer than anything waits to be told of again."""


@dataclass(frozen=True, slots=True)
class Claim:
    """That this worker, and no other, tells the owner of a watch. ``version`` is that of the claim."""

    watch_id: str
    failures: int
    version: int


def spread(told: Tiding, now: datetime) -> int:
    """Note a change for each of its watchers; says for how many it was news. May be repeated."""
    about = {*told.about, *_survivor(told)}
    found = {watch_id for code in about for watch_id in watches.watchers(code)}
    return sum(_note(watch_id, about, told, now) for watch_id in sorted(found))


def _survivor(told: Tiding) -> tuple[str, ...]:
    """The record on whose page a certificate shows, too, because its holder's was merged into it."""
    root = lookup.item(keys.factory(told.factory_id)) if told.code is not None else None
    holder = records.factory(root.body, int(root.version)) if root is not None else None
    if holder is None or holder.state is not Fate.MERGED or holder.successor is None or not holder.published:
        return ()
    return (holder.successor,)


def _note(watch_id: str, about: set[str], told: Tiding, now: datetime) -> bool:
    def attempt() -> bool:
        watch = watches.load(watch_id)
        if watch is None or watch.state is State.ASKED or about.isdisjoint(watch.about):
            return False
        if lookup.item(watch_keys.noted(watch_id, told.key)) is not None:
            return False
        _write(watch, told, now)
        return True

    return persistently(attempt)


def _write(watch: Watch, told: Tiding, now: datetime) -> None:
    transaction = Commit()
    expires = int((now + KEPT_FOR).timestamp())
    once, owed = watch_keys.noted(watch.watch_id, told.key), watch_keys.owed(watch.watch_id, told.key)
    transaction.create(RegistryItem(once.pk, once.sk, body={}, expires=expires))
    body = {"news": told.key, "told": codec.to_json(told)}
    transaction.put(RegistryItem(owed.pk, owed.sk, body=body, expires=expires))
    place = watch_keys.to_tell(watch.watch_id)
    held = lookup.item(place)
    # A worker that is just crossing the watch off must see that there is more: hence a new version in any case.
    entry = held.body if held is not None else watches.due(watch.watch_id, now.timestamp(), 0)
    transaction.replace(RegistryItem(place.pk, place.sk, body=entry), int(held.version) if held is not None else 0)
    transaction.now()


def due(now: datetime) -> list[str]:
    """The watches whose owners are to be told something by now, those that wait longest first."""
    found = [body for number in range(watch_keys.SHARDS) for body in lookup.below(f"TELL#{number}", limit=None)]
    ready = [body for body in found if body["next"] <= now.timestamp()]
    return [str(body["watch_id"]) for body in sorted(ready, key=lambda body: (body["next"], body["watch_id"]))]


def claim(watch_id: str, now: datetime) -> Claim | None:
    """Claim a watch; ``None`` if another worker has it, or if it is not due."""
    place = watch_keys.to_tell(watch_id)
    held = lookup.item(place)
    if held is None or held.body["next"] > now.timestamp():
        return None
    failures = int(held.body["failures"])
    body = watches.due(watch_id, (now + CLAIMED_FOR).timestamp(), failures)
    transaction = Commit()
    transaction.replace(RegistryItem(place.pk, place.sk, body=body), int(held.version))
    try:
        transaction.now()
    except Collision:
        return None
    return Claim(watch_id, failures, int(held.version) + 1)


def owed(watch_id: str) -> list[Tiding]:
    """What the owner of a watch is to be told, in order."""
    place = watch_keys.owed(watch_id)
    return tidings.in_order(outbox.read(body["told"]) for body in lookup.below(place.pk, place.sk, limit=None))


def crossed_out(watch_id: str, told: Iterable[Tiding]) -> None:
    """It was told."""
    transaction = Commit()
    for each in told:
        key = watch_keys.owed(watch_id, each.key)
        transaction.delete(RegistryItem(key.pk, key.sk, body={}))
    transaction.now()


def release(claimed: Claim, now: datetime) -> None:
    """Done for now: off the list if nothing is owed, else due again at once."""
    if owed(claimed.watch_id) or not drop(claimed):
        _again(claimed, now.timestamp(), 0)


def failed(claimed: Claim, now: datetime) -> datetime | None:
    """It could not be told: when to try again. ``None``: this was the last attempt."""
    failures = claimed.failures + 1
    again = next_attempt(failures, now)
    if again is not None:
        _again(claimed, again.timestamp(), failures)
    return again


def postponed(claimed: Claim, now: datetime) -> None:
    """The mail service was down for more than a day: its next attempt is as late as the last was."""
    _again(claimed, now.timestamp() + PAUSES[-1], len(PAUSES) - 1)


def drop(claimed: Claim) -> bool:
    """Off the list; unless something came since it was claimed."""
    place = watch_keys.to_tell(claimed.watch_id)
    transaction = Commit()
    transaction.take_at(RegistryItem(place.pk, place.sk, body={}), claimed.version)
    try:
        transaction.now()
    except Collision:
        return False
    return True


def _again(claimed: Claim, at: float, failures: int) -> None:
    place = watch_keys.to_tell(claimed.watch_id)

    def attempt() -> None:
        held = lookup.item(place)
        transaction = Commit()
        item = RegistryItem(place.pk, place.sk, body=watches.due(claimed.watch_id, at, failures))
        transaction.replace(item, int(held.version) if held is not None else 0)
        transaction.now()

    persistently(attempt)
