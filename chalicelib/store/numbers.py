"""Which certificates bear a number. One item a number, shared by all factories, so it holds sets: see ``keys``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.domain import identity
from chalicelib.domain.certificate import Certificate
from chalicelib.store import public_keys
from chalicelib.store.entries import Entries
from chalicelib.store.models import NumberItem


def entries_of(certificates: Iterable[Certificate]) -> dict[str, Entries]:
    """By squeezed number, what the certificates of one factory stand for in the shared items."""
    found: dict[str, Entries] = {}
    for certificate in certificates:
        number = identity.squeeze_number(certificate.number)
        entry = frozenset((f"{certificate.standard_id}#{certificate.code}",))
        old = found.get(number, Entries())
        found[number] = (
            Entries(old.confirmed | entry, old.declared)
            if certificate.confirmed
            else Entries(old.confirmed, old.declared | entry)
        )
    return found


@dataclass(frozen=True, slots=True)
class Move:
    """What one factory's change does to the item of a number: entries that come and entries that go."""

    item: NumberItem
    come: Entries
    go: Entries


def moves(before: Mapping[str, Entries], after: Mapping[str, Entries]) -> list[Move]:
    """From what a factory's certificates stood for to what they stand for; nothing for numbers that stay.

    The same attribute can't be added to and taken from in one update, and never has to be: a code is made once and
    its number stays, so that it only ever comes, is confirmed, or goes.
    """
    found = []
    for number in sorted(before.keys() | after.keys()):
        old, new = before.get(number, Entries()), after.get(number, Entries())
        if old != new:
            key = public_keys.by_number(number)
            come = Entries(new.confirmed - old.confirmed, new.declared - old.declared)
            go = Entries(old.confirmed - new.confirmed, old.declared - new.declared)
            found.append(Move(NumberItem(key.pk, key.sk), come, go))
    return found
