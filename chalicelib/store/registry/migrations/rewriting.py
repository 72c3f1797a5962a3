"""Migrations that are a pure function from the content of a record as it was to its content as it is from now on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import lookup
from chalicelib.store.registry.commit import Commit, persistently
from chalicelib.store.registry.history import Actor
from chalicelib.store.registry.migrations import Migration

Body = dict[str, Any]
Pure = Callable[[Body], Body]
"""Of what it has made already it makes the same. Code that reads such records uses it, too, until all are rewritten."""


def rewriting(name: str, what: str, kind: str, pure: Pure) -> Migration:
    """A migration that rewrites the records of a kind. Its history gets no event: nobody has said anything new."""

    def lacks(key: Key) -> bool:
        held = lookup.item(key)
        return held is not None and pure(held.body) != held.body

    def give(key: Key, _actor: Actor) -> bool:
        return persistently(lambda: _rewritten(key, pure))

    return Migration(name, what, kind, lacks, give)


def _rewritten(key: Key, pure: Pure) -> bool:
    held = lookup.item(key)
    if held is None:
        return False
    wanted = pure(held.body)
    if wanted == held.body:
        return False
    transaction = Commit()
    item = RegistryItem(key.pk, key.sk, body=wanted)
    for name, value in held.attribute_values.items():
        if name not in ("pk", "sk", "body", "version", "write_id"):
            setattr(item, name, value)
    transaction.replace(item, int(held.version))
    transaction.now()
    return True
