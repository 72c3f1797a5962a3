"""Gives records that are older than a feature what newer ones have. Doing it twice changes nothing.

Today: that a certificate is found by its last day, so that its watchers are told before it ends; the codes that can be
checked without a network and places in the status lists, where the registry signs; and records of the keys that sign.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.disclosure import public_factory
from chalicelib.store import public_keys, public_table, watch_keys
from chalicelib.store.models import PublicItem, reaching
from chalicelib.store.public_table import Between
from chalicelib.store.registry import credentials, factories, lookup, outbox, signing_keys, status_lists
from chalicelib.store.registry.commit import Commit
from chalicelib.store.registry.factories import Held
from chalicelib.store.registry.history import Actor

AT_ONCE = 10
REASON = "So that all that is said of it is signed"
_LAST = "~"


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a stretch came to. ``after``: behind which factory of the directory to go on; ``None`` at its end."""

    certificates: int
    signed: int
    after: str | None


def catch_up(after: str, actor: Actor) -> Stretch:
    """Take a stretch of the directory further. Whoever is interrupted asks for the same stretch again."""
    if not after:
        for kid, key in signing_keys.published().items():
            if key is not None:
                signing_keys.agree(kid)
    partition = public_keys.listing("directory", "").pk
    rows = public_table.query(partition, Between(f"{after}!", _LAST), limit=AT_ONCE)
    found = [factories.load(public_table.body(row)["factory_id"]) for row in rows]
    held = [each for each in found if each is not None]
    done = [one(each, actor) for each in held]
    certificates, signed = sum(each for each, _ in done), sum(each for _, each in done)
    reached = public_table.sort_key(rows[-1]) if len(rows) == AT_ONCE else None
    return Stretch(certificates, signed, reached)


def one(held: Held, actor: Actor) -> tuple[int, bool]:
    """Give one factory what it lacks: how many of its certificates were looked at, and whether it was signed anew."""
    lacking = _lacks_signature(held)
    certificates = _found_by_last_day(held)
    if lacking:
        factories.sign_anew(held.factory.factory_id, REASON, actor)
    return certificates, lacking


def lacks(held: Held) -> bool:
    """Whether a factory is older than one of these features."""
    wanted = [watch_keys.ending(each.valid_to.isoformat(), each.code) for each in held.certificates.values()]
    return any(lookup.item(key) is None for key in wanted) or _lacks_signature(held)


def _found_by_last_day(held: Held) -> int:
    """Write for each certificate by which day it is found. Who reads that asks the record whether it is still so."""
    transaction = Commit()
    for each in held.certificates.values():
        outbox.note_ending(transaction, each)
    if held.certificates:
        transaction.now()
    return len(held.certificates)


def _lacks_signature(held: Held) -> bool:
    return any(map(status_lists.lacks_place, held.certificates.values())) or _lacks_code(held)


def _lacks_code(held: Held) -> bool:
    said = credentials.of_factory(public_factory(held.factory, (), {}), held.certificates.values())
    wanted = {(key.pk, key.sk) for key, each in said.items() if each.code is not None}
    if not wanted:
        return False
    with reaching():
        return any(not item.code for item in PublicItem.batch_get(wanted, consistent_read=True))
