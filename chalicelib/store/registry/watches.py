"""Watches on record. None is told of anything before its owner confirmed the address, or a member's key made it.

The list of who watches what is written before a watch counts, and taken back after it counts no more: whoever reads it
asks the watch itself.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib import clock
from chalicelib.domain.errors import Conflict, Gone
from chalicelib.domain.phrase import phrase
from chalicelib.domain.watching import State, Watch
from chalicelib.store import codec, watch_keys
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import callers, limits, lookup
from chalicelib.store.registry.commit import Commit, persistently
from chalicelib.store.registry.limits import Limit

VALID_FOR = timedelta(hours=24)
BY_ADDRESS = Limit("watch-by", 5, timedelta(hours=1))
BY_MEMBER = Limit("watch-of-member", 60, timedelta(hours=1))
ASKED_IN_ALL = Limit("watch", 200, timedelta(hours=1))
TESTS = Limit("watch-test", 10, timedelta(hours=1))
MOST_OF_ADDRESS = 20
MOST_OF_MEMBER = 100
_AT_ONCE = 50
_ID = re.compile(r"[0-9a-f]{16}\Z")


def ask(email: str, language: str, about: Iterable[str], webhook: str | None) -> Watch:
    """A watch that waits a day for its owner to confirm the address. ``TooMany`` if there were many of it."""
    until = clock.now() + VALID_FOR
    person = callers.person(email)
    _has_room(len(of_person(person)), MOST_OF_ADDRESS)
    wanted = Watch(
        watch_id=secrets.token_hex(8),
        email=email,
        language=language,
        about=tuple(dict.fromkeys(about)),
        created_at=clock.instant(clock.now()),
        webhook=webhook,
        expires_at=clock.instant(until),
    )

    def attempt() -> Watch:
        transaction = Commit()
        limits.count(transaction, BY_ADDRESS, person, clock.now())
        limits.count(transaction, ASKED_IN_ALL, "all", clock.now())
        _write(transaction, wanted)
        transaction.now()
        return replace(wanted, version=1)

    return persistently(attempt)


def make(member_id: str, email: str, language: str, about: Iterable[str], webhook: str) -> Watch:
    """A watch of a member, by webhook. It counts at once."""
    _has_room(len(of_member(member_id)), MOST_OF_MEMBER)
    wanted = Watch(
        watch_id=secrets.token_hex(8),
        email=email,
        language=language,
        about=tuple(dict.fromkeys(about)),
        created_at=clock.instant(clock.now()),
        state=State.ACTIVE,
        webhook=webhook,
        member_id=member_id,
    )
    _index(wanted.watch_id, wanted.about)

    def attempt() -> Watch:
        transaction = Commit()
        limits.count(transaction, BY_MEMBER, member_id, clock.now())
        _write(transaction, wanted)
        transaction.now()
        return replace(wanted, version=1)

    return persistently(attempt)


def load(watch_id: str) -> Watch | None:
    """A watch; ``None`` if there is none, or if nobody confirmed it in time."""
    item = lookup.item(watch_keys.watch(watch_id))
    if item is None:
        return None
    body = {**item.body, "state": State(item.body["state"]), "about": tuple(item.body["about"])}
    found = codec.made(Watch, {**body, "version": int(item.version)})
    return None if found.is_over(clock.now()) else found


def need(watch_id: str) -> Watch:
    """As ``load``, but ``Gone`` if there is none."""
    found = load(watch_id)
    if found is None:
        raise Gone
    return found


def of_person(person: str) -> list[Watch]:
    """The watches that hold an address."""
    place = watch_keys.watch_of(person)
    return _existing(lookup.below(place.pk, place.sk))


def of_member(member_id: str) -> list[Watch]:
    """The watches of a member."""
    place = watch_keys.member_watch(member_id)
    return _existing(lookup.below(place.pk, place.sk))


def count(watch_id: str) -> int:
    """How much its owner is still to be told."""
    place = watch_keys.owed(watch_id)
    return len(lookup.below(place.pk, place.sk))


def activate(watch_id: str) -> Watch:
    """Its owner confirmed it, or wants a paused one to go on. The same once more changes nothing."""
    _index(watch_id, need(watch_id).about)

    def attempt() -> Watch:
        held = need(watch_id)
        if held.state is State.ACTIVE:
            return held
        return _changed(held, replace(held, state=State.ACTIVE, expires_at=None, trouble=None), wake=True)

    return persistently(attempt)


def pause(watch_id: str) -> bool:
    """Its webhook failed for long. What happens meanwhile is kept. Says whether this paused it."""

    def attempt() -> bool:
        held = load(watch_id)
        if held is None or held.state is not State.ACTIVE:
            return False
        _changed(held, replace(held, state=State.PAUSED))
        return True

    return persistently(attempt)


def came_back(watch_id: str, addressed: Iterable[str], trouble: str, *, for_good: bool) -> None:
    """A mail to its owner came back: nothing more is mailed until the owner goes on, and what happens is kept.

    It ends where the owner complained (``for_good``), and where nobody had confirmed the address yet. Who is told by
    webhook goes on being told.
    """
    receivers = {callers.person(each) for each in addressed}

    def attempt() -> Watch | None:
        held = load(watch_id) if _ID.match(watch_id) else None
        if held is None or callers.person(held.email) not in receivers:
            return None
        if for_good or held.state is State.ASKED:
            return held
        if held.webhook is None and held.state is State.ACTIVE:
            _changed(held, replace(held, state=State.PAUSED, trouble=trouble))
        return None

    over = persistently(attempt)
    if over is not None:
        end(over)


def watch_instead(watch_id: str, about: Iterable[str]) -> Watch:
    """Another list for a watch."""
    wanted = tuple(dict.fromkeys(about))
    before = need(watch_id)
    _index(watch_id, set(wanted) - set(before.about))

    def attempt() -> Watch:
        held = need(watch_id)
        return held if held.about == wanted else _changed(held, replace(held, about=wanted))

    after = persistently(attempt)
    _unindex(watch_id, set(before.about) - set(wanted))
    return after


def end(watch: Watch) -> None:
    """No more of it: its owner's address goes with it."""
    transaction = Commit()
    for key in _places(watch):
        transaction.delete(_bare(key))
    transaction.now()
    _unindex(watch.watch_id, watch.about)
    place = watch_keys.owed(watch.watch_id)
    owes = [watch_keys.owed(watch.watch_id, body["news"]) for body in lookup.below(place.pk, place.sk, limit=None)]
    _each(owes, lambda transaction, key: transaction.delete(_bare(key)))


def watchers(code: str) -> list[str]:
    """Who may be watching a certificate or a factory: the watches themselves say whether they do."""
    return [str(body["watch_id"]) for body in lookup.below(watch_keys.watched(code).pk, limit=None)]


def _changed(held: Watch, wanted: Watch, *, wake: bool = False) -> Watch:
    transaction = Commit()
    _write(transaction, wanted, held)
    if wake:  # what came while it was paused is owed
        key = watch_keys.to_tell(held.watch_id)
        transaction.put(RegistryItem(key.pk, key.sk, body=due(held.watch_id, 0, 0), version=1))
    transaction.now()
    return replace(wanted, version=held.version + 1)


def due(watch_id: str, at: float, failures: int) -> dict[str, Any]:
    """What stands in the list of those that are to be told something."""
    return {"watch_id": watch_id, "next": int(at), "failures": failures}


def _write(transaction: Commit, watch: Watch, before: Watch | None = None) -> None:
    """A watch, and what points to it where that changes: the worker that pauses one may write nothing else."""
    body = codec.to_json(watch)
    del body["version"]
    if watch.trouble is None:
        del body["trouble"]  # a release that knew no such member can't read it
    expires = _seconds(watch.expires_at)
    root, *pointers = _places(watch)
    transaction.replace(RegistryItem(root.pk, root.sk, body=body, expires=expires), watch.version)
    if before is not None and before.expires_at == watch.expires_at:
        return
    for key in pointers:
        transaction.put(RegistryItem(key.pk, key.sk, body={"watch_id": watch.watch_id}, expires=expires))


def _places(watch: Watch) -> list[Key]:
    found = [watch_keys.watch(watch.watch_id), watch_keys.watch_of(callers.person(watch.email), watch.watch_id)]
    if watch.member_id is not None:
        found.append(watch_keys.member_watch(watch.member_id, watch.watch_id))
    return found


def _seconds(instant: str | None) -> int | None:
    return None if instant is None else int(datetime.fromisoformat(instant).timestamp())


def _existing(pointers: Iterable[dict[str, Any]]) -> list[Watch]:
    found = (load(pointer["watch_id"]) for pointer in pointers)
    return sorted((each for each in found if each is not None), key=lambda each: (each.created_at, each.watch_id))


def _has_room(held: int, most: int) -> None:
    if held >= most:
        raise Conflict(phrase("There are %(most)s watches already. End one first.", most=most))


def _index(watch_id: str, codes: Iterable[str]) -> None:
    def write(transaction: Commit, key: Key) -> None:
        transaction.put(RegistryItem(key.pk, key.sk, body={"watch_id": watch_id}))

    _each((watch_keys.watched(code, watch_id) for code in codes), write)


def _unindex(watch_id: str, codes: Iterable[str]) -> None:
    keys = (watch_keys.watched(code, watch_id) for code in codes)
    _each(keys, lambda transaction, key: transaction.delete(_bare(key)))


def _each(keys: Iterable[Key], what: Any) -> None:
    """The same for many items, by fifties: each may be done twice."""
    wanted = list(keys)
    for start in range(0, len(wanted), _AT_ONCE):

        def attempt(part: tuple[Key, ...] = tuple(wanted[start : start + _AT_ONCE])) -> None:
            transaction = Commit()
            for key in part:
                what(transaction, key)
            transaction.now()

        persistently(attempt)


def _bare(key: Key) -> RegistryItem:
    return RegistryItem(key.pk, key.sk, body={})
