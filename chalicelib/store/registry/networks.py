"""Which factories supply a member: a list of pointers, kept in step with the factories' links, read page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chalicelib.domain.disclosure import PublicFactory
from chalicelib.domain.factory import Factory
from chalicelib.domain.network import stands_for
from chalicelib.store import keys, reader
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import lookup, records
from chalicelib.store.registry.commit import Commit

PAGE = 100
"""Suppliers read at once: BatchGetItem's limit."""
_POINTERS = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """A factory on a member's list, the record that stands for it today, with its public page.

    ``last``: there is none after it.
    """

    linked: Factory
    present: Factory
    page: PublicFactory | None
    last: bool


def suppliers(member_id: str, after: str = "", page: int = PAGE) -> Iterator[Row]:
    """The factories of a member's list by Factory ID, from the one after ``after``, each with its certificates.

    A page is three requests: the pointers, the records, the public pages, which hold the certificates; a fourth one
    where a factory was merged into another. The next page is read when the caller asks for more. Whether a factory is
    linked to the member today is said by its record.
    """
    more = True
    while more:
        found = [each["factory_id"] for each in lookup.following(keys.network(member_id), after, page + 1)]
        found, more = found[:page], len(found) > page
        linked = _records(found)
        present = {**linked, **_records({stands_for(each) for each in linked.values()} - linked.keys())}
        pages = reader.factories({stands_for(each) for each in linked.values()})
        for factory_id in found:
            after, last = factory_id, not more and factory_id == found[-1]
            stands = stands_for(linked[factory_id])
            yield Row(linked[factory_id], present[stands], pages.get(stands), last)


def _records(factory_ids: Iterable[str]) -> dict[str, Factory]:
    found = lookup.bodies(keys.factory(factory_id) for factory_id in factory_ids)
    return {body["factory_id"]: records.factory(body, 0) for body in found.values()}


def parts(member_id: str, size: int) -> list[str]:
    """After which Factory ID each part of so many pointers begins: the first after none."""
    begins, seen, after = [""], 0, ""
    while found := lookup.following(keys.network(member_id), after, _POINTERS):
        for each in found:
            if seen and seen % size == 0:
                begins.append(after)
            seen, after = seen + 1, each["factory_id"]
    return begins


def join(transaction: Commit, member_id: str, factory_id: str) -> None:
    """Put a factory on a member's list, in the transaction that links it."""
    key = keys.network(member_id, factory_id)
    transaction.put(RegistryItem(key.pk, key.sk, body={"factory_id": factory_id}))


def leave(transaction: Commit, member_id: str, factory_id: str) -> None:
    """Take a factory off a member's list, in the transaction that ends the link."""
    key = keys.network(member_id, factory_id)
    transaction.delete(RegistryItem(key.pk, key.sk, body={}))
