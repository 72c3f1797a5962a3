"""The queue of what waits for a decision of staff. Opening and deciding are events; what is decided moves to the done.

A report from the public is gone ``KEPT`` after it was sent, decided or not: what was written, and apart from it the
address of who wrote, if one was given.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from chalicelib import clock
from chalicelib.domain.errors import NotFound
from chalicelib.domain.moderation import About, Complaint, Decision, Kind, Matter
from chalicelib.store import codec, keys
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem, reaching
from chalicelib.store.registry import history, limits, lookup, whereabouts
from chalicelib.store.registry.commit import Collision, Commit, persistently
from chalicelib.store.registry.history import Actor, Happening, Head
from chalicelib.store.registry.limits import Limit

KEPT = timedelta(days=180)
ABOUT_ONE = Limit("report-about", 5, timedelta(hours=1))
IN_ALL = Limit("report", 100, timedelta(hours=1))
PUBLIC = Actor("public", "", "")
_ID = re.compile(r"[0-9a-f]{16}\Z")


def is_known(matter_id: str) -> bool:
    """Whether this was noticed before."""
    return lookup.item(keys.matter(matter_id)) is not None


def opened(transaction: Commit, matter: Matter, actor: Actor) -> None:
    """Put a matter into the queue, with what it is about."""
    event, head = history.appended(_record(matter), Head(), _opening(matter), actor, matter.opened_at)
    transaction.create(event)
    transaction.replace(_root(matter, head), 0)
    transaction.put(_listed(keys.queue("open", matter.opened_at, matter.matter_id), matter))


def noticed(matter: Matter, actor: Actor) -> None:
    """Put what was noticed into the queue, once."""
    if is_known(matter.matter_id):
        return
    transaction = Commit()
    opened(transaction, matter, actor)
    try:
        transaction.now()
    except Collision:
        return  # somebody else noticed it, too


def report(
    about: About, subject: str, complaint: Complaint, words: str, email: str | None, actor: Actor = PUBLIC
) -> str:
    """Put a report into the queue, of the public or of an owner: its reference. ``TooMany`` if there were too many."""

    def attempt() -> str:
        now = clock.now()
        expires = int((now + KEPT).timestamp())
        matter = Matter(
            matter_id=secrets.token_hex(8),
            kind=Kind.REPORT,
            about=about.path,
            subject=subject,
            opened_at=clock.instant(now),
            details={"complaint": complaint.value, "text": words, **_by(actor)},
            expires=expires,
        )
        transaction = Commit()
        limits.count(transaction, ABOUT_ONE, about.path, now)
        limits.count(transaction, IN_ALL, "all", now)
        opened(transaction, matter, actor)
        if email:
            key = keys.reporter(matter.matter_id)
            transaction.create(RegistryItem(key.pk, key.sk, body={"email": email}, expires=expires))
            whereabouts.note_report(transaction, email, matter.matter_id, expires)
        transaction.now()
        return matter.matter_id

    return persistently(attempt)


def _by(actor: Actor) -> dict[str, str]:
    """Who says so, where it is an organisation that signed in."""
    return {} if actor == PUBLIC else {"by": f"{actor.kind}:{actor.tenant}"}


def need(matter_id: str) -> Matter:
    """One matter; ``NotFound`` if there is none, or none any more."""
    return _held(matter_id)[0]


def reporter(matter_id: str) -> str | None:
    """The address that who reported it gave, if any."""
    held = lookup.item(keys.reporter(matter_id))
    return str(held.body["email"]) if held is not None else None


def forget_reporter(matter_id: str, person: str) -> None:
    """Erase the address that who reported it gave: the report stays."""
    key = keys.reporter(matter_id)
    transaction = Commit()
    transaction.delete(RegistryItem(key.pk, key.sk, body={}))
    whereabouts.forget_report(transaction, person, matter_id)
    transaction.now()


def listed(state: str, after: str | None, limit: int) -> tuple[list[Matter], str | None]:
    """Matters that are ``open``, the oldest first, or ``done``, the newest first; from behind a place.

    The second value is the place to go on from, if there may be more.
    """
    forward = state == "open"
    condition = None
    if after is not None:
        condition = RegistryItem.sk > after if forward else RegistryItem.sk < after
    with reaching():
        found = list(
            RegistryItem.query(
                keys.queue(state).pk, condition, consistent_read=True, limit=limit, scan_index_forward=forward
            )
        )
    wanted = [keys.matter(item.body["matter_id"]) for item in found]
    bodies = lookup.bodies(wanted)
    now = clock.now()
    matters = [_matter(bodies[key], 0) for key in wanted if key in bodies]
    following = str(found[-1].sk) if len(found) == limit else None
    return [matter for matter in matters if not _is_over(matter, now)], following


def decide(matter_id: str, decision: Decision, reason: str, actor: Actor) -> Matter:
    """Decide a matter: once. The same once more changes nothing."""

    def attempt() -> Matter:
        held, head = _held(matter_id)
        at = clock.instant(clock.now())
        wanted = held.decided(decision, reason, at)
        if wanted is None:
            return held
        changes = {"decision": {"from": None, "to": decision.value}, "about": held.about}
        event, head = history.appended(_record(held), head, Happening("decided", changes, reason), actor, at)
        transaction = Commit()
        transaction.create(event)
        transaction.replace(_root(wanted, head), held.version)
        transaction.delete(_listed(keys.queue("open", held.opened_at, matter_id), held))
        transaction.put(_listed(keys.queue("done", at, matter_id), wanted))
        transaction.now()
        return wanted

    return persistently(attempt)


def _held(matter_id: str) -> tuple[Matter, Head]:
    item = lookup.item(keys.matter(matter_id)) if _ID.match(matter_id) else None
    matter = _matter(item.body, int(item.version)) if item is not None else None
    if item is None or matter is None or _is_over(matter, clock.now()):
        raise NotFound("There is no such matter.")
    return matter, history.head_of(item)


def _is_over(matter: Matter, now: datetime) -> bool:
    """Time to live deletes late, so the time is compared."""
    return matter.expires is not None and matter.expires <= now.timestamp()


def _opening(matter: Matter) -> Happening:
    """What the history keeps of it for good: nothing that somebody wrote."""
    return Happening("opened", {"kind": matter.kind.value, "about": matter.about})


def _record(matter: Matter) -> str:
    return keys.matter(matter.matter_id).pk


def _root(matter: Matter, head: Head) -> RegistryItem:
    key = keys.matter(matter.matter_id)
    body: dict[str, Any] = codec.to_json(matter)
    del body["version"]
    return RegistryItem(key.pk, key.sk, body=body, events=head.events, event_hash=head.hash, expires=matter.expires)


def _listed(key: Key, matter: Matter) -> RegistryItem:
    return RegistryItem(key.pk, key.sk, body={"matter_id": matter.matter_id}, expires=matter.expires)


def _matter(body: dict[str, Any], version: int) -> Matter:
    decision = Decision(body["decision"]) if body["decision"] else None
    return codec.made(Matter, {**body, "kind": Kind(body["kind"]), "decision": decision, "version": version})
