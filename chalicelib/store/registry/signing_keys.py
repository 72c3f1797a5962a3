"""The keys that sign and once signed: on record, and published in the transaction that changes the record.

A revocation is never taken back. Where only one of the two tables tells of it, a former release wrote it or a table is
older than it: the key counts as revoked, and ``agree`` writes that into the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chalicelib import clock
from chalicelib.domain import jws
from chalicelib.domain.did import SigningKey
from chalicelib.domain.errors import NotFound
from chalicelib.store import codec, public_keys, public_table
from chalicelib.store.codec import Body
from chalicelib.store.keys import Key
from chalicelib.store.models import PublicItem, RegistryItem
from chalicelib.store.registry import lookup
from chalicelib.store.registry.commit import Commit, persistently

_MOST = 200
Decide = Callable[[SigningKey | None], SigningKey]


def every() -> list[SigningKey]:
    """All keys by name, those too that are older than records of keys and stand in the public table only."""
    held, shown = recorded(), published()
    found = (_known(held.get(kid), shown.get(kid)) for kid in sorted(held.keys() | shown.keys()))
    return [each for each in found if each is not None]


def recorded() -> dict[str, SigningKey]:
    """The keys on record, by name."""
    bodies = lookup.below(public_keys.signing_key().pk, limit=None)
    return {body["kid"]: codec.made(SigningKey, body) for body in bodies}


def published() -> dict[str, SigningKey | None]:
    """The keys that anyone can look up, by name; ``None`` for an item that is no key of its name."""
    items = public_table.query(public_keys.signing_key().pk, limit=_MOST)
    return {public_table.sort_key(raw): _read(raw) for raw in items}


def public_items(key: SigningKey) -> dict[Key, Body]:
    """All that the public sees of a key: all of it."""
    return {public_keys.signing_key(key.kid): codec.to_json(key)}


def publish(fresh: SigningKey) -> SigningKey:
    """Put a key on record and publish it, unless it is; what is known of it stays."""
    return _settled(fresh.kid, lambda known: known or fresh)[0]


def revoke(kid: str) -> SigningKey:
    """Count a key no longer: what it signed is to be signed anew. ``NotFound`` if there is none of this name."""
    if all(each.kid != kid for each in every()):  # it may be too long to be asked for
        raise NotFound("There is no such key.")
    at = clock.instant(clock.now())
    return _settled(kid, lambda known: replace(_needed(known), revoked=_needed(known).revoked or at))[0]


def lacks(kid: str) -> bool:
    """Whether record and public item of a key differ, or one is not there."""
    _, held, shown = _both(kid)
    return held != shown


def agree(kid: str) -> bool:
    """Have a key in both tables as it is known; says whether it was not. ``NotFound`` if it is in neither."""
    return _settled(kid, _needed)[1]


def _settled(kid: str, decide: Decide) -> tuple[SigningKey, bool]:
    """A key as it was decided, in both tables; and whether anything had to be written for that."""

    def attempt() -> tuple[SigningKey, bool]:
        item, held, shown = _both(kid)
        wanted = decide(_known(held, shown))
        if held == wanted == shown:
            return wanted, False
        transaction, key = Commit(), public_keys.signing_key(kid)
        version = int(item.version) if item is not None else 0
        if held == wanted:
            transaction.stands(key, version)
        else:
            transaction.replace(RegistryItem(key.pk, key.sk, body=codec.to_json(wanted)), version)
        for place, body in public_items(wanted).items():
            transaction.put(PublicItem(place.pk, place.sk, body=body))
        transaction.now()
        return wanted, True

    return persistently(attempt)


def _both(kid: str) -> tuple[RegistryItem | None, SigningKey | None, SigningKey | None]:
    """The record's item, what it says, and what the public item says."""
    item, raw = lookup.item(public_keys.signing_key(kid)), public_table.get(public_keys.signing_key(kid))
    held = codec.made(SigningKey, item.body) if item is not None else None
    return item, held, _read(raw) if raw is not None else None


def _read(raw: public_table.Raw) -> SigningKey | None:
    """A published key. The record is the truth: what is there without one must be a key of its name at least."""
    try:
        found = codec.made(SigningKey, public_table.body(raw))
        named = jws.thumbprint(found.jwk)
    except (KeyError, TypeError, ValueError):
        return None
    return found if named == found.kid == public_table.sort_key(raw) else None


def _known(held: SigningKey | None, shown: SigningKey | None) -> SigningKey | None:
    """The record's word, but for a revocation that only the other tells of."""
    if held is None or shown is None or held.revoked is not None:
        return held or shown
    return replace(held, revoked=shown.revoked)


def _needed(known: SigningKey | None) -> SigningKey:
    if known is None:
        raise NotFound("There is no such key.")
    return known
