"""Who may call: API keys and sessions. Secrets are 256 random bits; only their SHA-256 is stored."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib import clock, journal
from chalicelib.domain import mailbox
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.phrase import phrase
from chalicelib.store import people_keys
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem, reaching
from chalicelib.store.registry import history, lookup
from chalicelib.store.registry.commit import Commit, persistently
from chalicelib.store.registry.history import Actor, Happening

MOST_ACTIVE = 2
NOTED_EVERY = timedelta(hours=1)
"""How often at most the use of a key is written down."""
_PREFIX = re.compile(r"[0-9a-f]{12}\Z")
SESSION_LENGTH = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is held: who it is for and what it may do."""

    prefix: str
    kind: str  # ics | member | certifier | factory | owner | staff
    tenant: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActiveKey:
    """A key as its tenant and staff see it. ``used_at`` is exact to ``NOTED_EVERY``; ``None``: never yet."""

    key: ApiKey
    made_by: str
    made_at: str
    used_at: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person: the SHA-256 of the e-mail address, and until when.

    Signing out everywhere begins a new ``generation``. ``acting`` names, by kind, the organisation that a person with
    several has chosen. ``only``: the one factory that it acts for, where an invitation opened it.
    """

    digest: str
    person: str
    expires: datetime
    generation: int
    acting: Mapping[str, str] = field(default_factory=dict)
    only: str = ""


def digest(secret: str) -> str:
    """What is stored of a secret. It has 256 random bits, so a plain hash suffices."""
    return hashlib.sha256(secret.encode()).hexdigest()


def person(email: str) -> str:
    """How a person is called in the registry: a hash of the address, however it is spelled."""
    return digest(mailbox.owner(email))


def create_key(
    kind: str, tenant: str, scopes: Iterable[str], made_by: str, actor: Actor | None = None, reason: str | None = None
) -> tuple[ApiKey, str]:
    """Make a key; the second value is the key itself, shown once. At most two are active, so that one can rotate."""
    maker = actor or Actor("operator", "", made_by)
    api_key = ApiKey(secrets.token_hex(6), kind, tenant, tuple(scopes))
    secret = secrets.token_urlsafe(32)

    def attempt() -> None:
        place = people_keys.tenant_keys(kind, tenant)
        held = lookup.item(place)
        active = held.body["active"] if held is not None else []
        if len(active) >= MOST_ACTIVE:
            raise Conflict(
                phrase(
                    "%(tenant)s has %(most)s active keys: %(keys)s. Revoke one first.",
                    tenant=tenant,
                    most=MOST_ACTIVE,
                    keys=", ".join(active),
                )
            )
        key = people_keys.api_key(api_key.prefix)
        body = {
            "kind": kind,
            "tenant": tenant,
            "scopes": list(api_key.scopes),
            "digest": digest(secret),
            "made_by": made_by,
            "made_at": clock.instant(clock.now()),
        }
        changes = {"prefix": api_key.prefix, "scopes": list(api_key.scopes)}
        transaction = _listing(held, place, [*active, api_key.prefix], Happening("key_made", changes, reason), maker)
        transaction.create(RegistryItem(key.pk, key.sk, body=body))
        transaction.now()

    persistently(attempt)
    return api_key, f"fid_{api_key.prefix}_{secret}"


def revoke_key(prefix: str, actor: Actor, reason: str | None = None) -> None:
    """Revoke a key: the next request with it is refused. ``NotFound`` if there is no active one of that prefix."""

    def attempt() -> None:
        item = lookup.item(people_keys.api_key(prefix)) if _PREFIX.match(prefix) else None
        if item is None:
            raise NotFound("There is no active key of that prefix.")
        place = people_keys.tenant_keys(item.body["kind"], item.body["tenant"])
        held = lookup.item(place)
        active = [each for each in held.body["active"] if each != prefix] if held is not None else []
        happening = Happening("key_revoked", {"prefix": prefix}, reason)
        transaction = _listing(held, place, active, happening, actor)
        transaction.delete(RegistryItem(item.pk, item.sk, body={}))
        transaction.now()

    persistently(attempt)


def active_keys(kind: str, tenant: str) -> list[ActiveKey]:
    """The keys of a tenant that work, the oldest first."""
    held = lookup.item(people_keys.tenant_keys(kind, tenant))
    found = [lookup.item(people_keys.api_key(prefix)) for prefix in (held.body["active"] if held is not None else ())]
    return [_active(item) for item in found if item is not None]


def active_key(prefix: str) -> ActiveKey:
    """One key that works; ``NotFound`` if there is none of that prefix."""
    item = lookup.item(people_keys.api_key(prefix)) if _PREFIX.match(prefix) else None
    if item is None:
        raise NotFound("There is no active key of that prefix.")
    return _active(item)


def _active(item: RegistryItem) -> ActiveKey:
    body = item.body
    key = ApiKey(str(item.pk).partition("#")[2], body["kind"], body["tenant"], tuple(body["scopes"]))
    used = clock.instant(datetime.fromtimestamp(int(item.used), UTC)) if item.used else None
    return ActiveKey(key, body["made_by"], body["made_at"], used)


def _listing(held: RegistryItem | None, place: Key, active: list[str], happening: Happening, actor: Actor) -> Commit:
    """A transaction that changes which keys of a tenant are active, and says so in their history."""
    head = history.head_of(held)
    event, head = history.appended(place.pk, head, happening, actor, clock.instant(clock.now()))
    listed = RegistryItem(place.pk, place.sk, body={"active": active}, events=head.events, event_hash=head.hash)
    transaction = Commit()
    transaction.create(event)
    transaction.replace(listed, int(held.version) if held is not None else 0)
    return transaction


def by_key(presented: str) -> ApiKey | None:
    """Whose key this is; ``None`` if it is nobody's. Looked up on every request, so a revoked one acts no more."""
    scheme, _, rest = presented.partition("_")
    prefix, _, secret = rest.partition("_")
    if scheme != "fid" or not _PREFIX.match(prefix) or not 40 <= len(secret) <= 50:
        return None
    item = lookup.item(people_keys.api_key(prefix))
    if item is None or not hmac.compare_digest(item.body["digest"], digest(secret)):
        return None
    _note_use(item)
    return ApiKey(prefix, item.body["kind"], item.body["tenant"], tuple(item.body["scopes"]))


def _note_use(item: RegistryItem) -> None:
    """Note that a key is used, not more than once an hour. A note that fails is no reason to refuse the request."""
    now, every = int(clock.now().timestamp()), int(NOTED_EVERY.total_seconds())
    if item.used and now - item.used < every:
        return
    try:
        # On the key itself, and only while it is there: a key revoked meanwhile must not come back.
        RegistryItem(item.pk, item.sk).update([RegistryItem.used.set(now)], RegistryItem.pk.exists())
    except (PynamoDBException, BotoCoreError, ClientError) as error:
        journal.failed("key_use_not_noted", error)


def session_item(person_hash: str, now: datetime, only: str = "") -> tuple[RegistryItem, str]:
    """A new session to be written with what opens it; the second value goes into the cookie.

    ``only``: a Factory ID, for which alone it acts, whatever else the person may act for.
    """
    secret = secrets.token_urlsafe(32)
    expires = int((now + SESSION_LENGTH).timestamp())
    key = people_keys.session(digest(secret))
    body = {"person": person_hash, "expires": expires, "generation": _generation(person_hash), "only": only}
    return RegistryItem(key.pk, key.sk, body=body, expires=expires, version=1), secret


def by_session(secret: str, now: datetime) -> Session | None:
    """Whose session this is; ``None`` if it is over. Time to live deletes late, so the time is compared."""
    if not 40 <= len(secret) <= 50:
        return None
    item = lookup.item(people_keys.session(digest(secret)))
    if item is None or item.body["expires"] <= now.timestamp():
        return None
    expires = datetime.fromtimestamp(item.body["expires"], now.tzinfo)
    generation = item.body.get("generation", 0)
    body = item.body
    return Session(digest(secret), body["person"], expires, generation, body.get("acting", {}), body.get("only", ""))


def act_for(secret: str, kind: str, tenant: str) -> None:
    """Note which of several organisations of a kind a session acts for. Whether it may is looked up each time."""

    def attempt() -> None:
        key = people_keys.session(digest(secret))
        held = lookup.item(key)
        if held is None:
            raise NotFound("This session is over.")
        body = {**held.body, "acting": {**held.body.get("acting", {}), kind: tenant}}
        transaction = Commit()
        transaction.replace(RegistryItem(key.pk, key.sk, body=body, expires=held.body["expires"]), int(held.version))
        transaction.now()

    persistently(attempt)


def end_session(secret: str) -> None:
    """Sign out."""
    key = people_keys.session(digest(secret))
    with reaching():
        RegistryItem(key.pk, key.sk, body={}).delete()


def end_sessions(person_hash: str, now: datetime) -> None:
    """Sign somebody out everywhere: all sessions that there are now are over.

    Generations are counted, so that no clock decides. The count is kept for as long as a session lasts; where it is
    gone, it begins with the time, which is more than any count before.
    """
    key = people_keys.signed_out(person_hash)

    def attempt() -> None:
        held = lookup.item(key)
        before = held.body["generation"] if held is not None else 0
        body = {"generation": max(before + 1, int(now.timestamp()))}
        expires = int((now + SESSION_LENGTH).timestamp())
        transaction = Commit()
        item = RegistryItem(key.pk, key.sk, body=body, expires=expires)
        transaction.replace(item, int(held.version) if held is not None else 0)
        transaction.now()

    persistently(attempt)


def _generation(person_hash: str) -> int:
    held = lookup.item(people_keys.signed_out(person_hash))
    return int(held.body["generation"]) if held is not None else 0


def may_act(person_hash: str, factory_id: str) -> bool:
    """Whether a person may act for a factory, as of now."""
    return lookup.item(people_keys.grant(person_hash, factory_id)) is not None
