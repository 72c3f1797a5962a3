"""All migrations, in the order in which they came."""

from __future__ import annotations

from chalicelib.store import public_keys
from chalicelib.store.keys import Key
from chalicelib.store.registry import catching_up, factories, signing_keys
from chalicelib.store.registry.history import Actor
from chalicelib.store.registry.migrations import Migration


def _id_of(key: Key) -> str:
    return key.pk.partition("#")[2]


def _lacks_something(key: Key) -> bool:
    held = factories.load(_id_of(key))
    return held is not None and catching_up.lacks(held)


def _catch_up(key: Key, actor: Actor) -> bool:
    held = factories.load(_id_of(key))
    if held is None or not catching_up.lacks(held):
        return False
    catching_up.one(held, actor)
    return True


ALL = (
    Migration(
        "endings-and-codes",
        "certificates are found by their last day; what the registry signs has a code for checking offline",
        "FACTORY",
        _lacks_something,
        _catch_up,
    ),
    Migration(
        "signing-keys",
        "the keys that sign and once signed are on record, with their revocations",
        "SIGNING_KEYS",
        lambda key: signing_keys.lacks(key.sk),
        lambda key, _actor: signing_keys.agree(key.sk),
        lambda: [public_keys.signing_key(kid) for kid in signing_keys.published()],
    ),
    Migration(
        "places-in-status-lists",
        "certificates that were confirmed before the registry signed have their place in the status lists",
        "FACTORY",
        _lacks_something,
        _catch_up,
    ),
)
