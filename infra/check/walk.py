"""The walk over both tables, from end to end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from chalicelib.store import keys, public_keys, public_table
from chalicelib.store.entries import Entries
from chalicelib.store.keys import Key
from chalicelib.store.models import NumberItem, PublicItem, RegistryItem
from chalicelib.store.numbers import Move
from chalicelib.store.registry import lookup
from chalicelib.store.registry.commit import Commit
from infra.check import faults, histories, others, owned, published, records
from infra.check.faults import Fault, named
from infra.check.state import State

Advance = Callable[[int], None]
_FIRST = keys.event("", 1).sk


@dataclass
class Walk:
    """One walk. ``client``: of DynamoDB, with the right to Scan. ``advance`` is told of each item looked at."""

    client: Any
    registry: str
    public: str
    state: State
    repair: bool
    advance: Advance = lambda _items: None

    def run(self) -> None:
        """All of it, or what an earlier walk left."""
        self._log()  # what is logged is numbered by what can be found of it: so that comes first
        self._scan("registry", self.registry, self._record)
        self._scan("public", self.public, self._shown)
        self._pointers()
        self._tell(published.wrong(self.state))
        self._tell(others.wrong_counters(self.state))
        self.state.saved()

    def _scan(self, phase: str, table: str, look: Callable[[dict[str, Any]], None]) -> None:
        place = self.state.place(phase)
        if place is None:
            return
        start, done = place
        while True:
            asked = {"ExclusiveStartKey": start} if start else {}
            page = self.client.scan(TableName=table, ConsistentRead=True, **asked)
            for raw in page["Items"]:
                look(raw)
            self.advance(len(page["Items"]))
            start, done = page.get("LastEvaluatedKey"), done + len(page["Items"])
            self.state.reached(phase, start, done)
            if not start:
                return

    def _record(self, raw: dict[str, Any]) -> None:
        key = public_table.key_of(raw)
        item = RegistryItem.from_raw_data(raw) if "body" in raw else RegistryItem(*key, body={})
        kind = key.pk.partition("#")[0]
        if kind == "EVENTS":
            if key.sk == _FIRST:
                self.state.meet(key, Key(key.pk.partition("#")[2], ""))
        elif kind == "IDEMPOTENCY":
            self.state.checked(faults.REPLIES)
            self._tell(others.wrong_reply(item))
        elif kind == "OUTBOX":
            self.state.checked(faults.OUTBOX)
            self._tell(others.wrong_tiding(item))
        if "events" in raw:
            self.state.want("registry", keys.event(histories.record_of(item), 1))
            self._tell(histories.wrong(item, partial(self.state.checked, faults.HISTORIES)))
        if owned.is_root(key):
            self._owner(key)
        elif "body" in raw:
            root = _root_of(key, item)
            if root is not None:
                self.state.meet(key, root)

    def _owner(self, root: Key) -> None:
        found, wrong = records.wrong(root)
        if found is None:
            return
        self.state.checked(faults.PUBLIC, len(found.public) + len(found.numbers))
        self.state.checked(faults.SIGNED, len(found.said))
        self.state.checked(faults.POINTERS, len(found.pointers))
        for key in found.public:
            self.state.want("public", key)
        for key in found.pointers:
            self.state.want("registry", key)
        for number, entries in found.numbers.items():
            for entry in entries.confirmed | entries.declared:
                self.state.want("public", Key(public_keys.by_number(number).pk, entry))
        for each in found.certificates.values():
            if each.status_index is not None:
                wrong += self._twice(each.status_index, each.code)
        self._tell(wrong)

    def _twice(self, index: int, code: str) -> list[Fault]:
        self.state.checked(faults.LISTS)
        first = self.state.index_of(index, code)
        if first == code:
            return []
        advice = "Withdraw one of them and register it anew: both credentials point to one bit."
        return [Fault(faults.LISTS, code, f"has the place of {first}", advice=advice)]

    def _shown(self, raw: dict[str, Any]) -> None:
        key = public_table.key_of(raw)
        self.state.checked(faults.LEFT_OVER)
        if key.pk.startswith("NUMBER#"):
            self._tell(self._wrong_entries(key, raw))
        elif key.pk.startswith("HALF#"):
            self._tell(_idle_word(key))
        elif not self.state.is_wanted("public", key):
            self._tell(_left_over(key))

    def _wrong_entries(self, key: Key, raw: dict[str, Any]) -> Iterator[Fault]:
        there = Entries.of(raw)
        for entry in sorted(there.confirmed | there.declared):
            if self.state.is_wanted("public", Key(key.pk, entry)):
                continue
            root = owned.holder(entry.rpartition("#")[2])
            now = owned.of(root)
            own = now.numbers.get(key.pk.partition("#")[2], Entries()) if now else Entries()
            extra = Entries(there.confirmed & {entry} - own.confirmed, there.declared & {entry} - own.declared)
            if extra != Entries():
                move = Move(NumberItem(key.pk, key.sk), Entries(), extra)

                def go(transaction: Commit, move: Move = move) -> None:
                    transaction.move(move)

                version = now.version if now else None
                how = f"names {entry}, which is not there"
                yield Fault(faults.LEFT_OVER, named(key), how, go, root=root, version=version)

    def _pointers(self) -> None:
        for key, root in list(self.state.met()):
            if key.pk.startswith("EVENTS#"):
                self._tell(_untold(root))
                continue
            record = Key(root, keys.RECORD)
            now = owned.of(record)
            if now is not None and key in now.pointers:
                continue
            if lookup.item(key) is not None:
                self._tell([_leftover(RegistryItem(key.pk, key.sk, body={}), record, now)])

    def _log(self) -> None:
        place = self.state.place("log")
        if place is None:
            return
        for found in others.wrong_log(place[0], self.state, self.advance):
            self._tell(found)
        self.state.reached("log", None, 0)

    def _tell(self, found: Iterable[Fault]) -> None:
        for fault in found:
            done = self.repair and faults.mended(fault)
            if done:
                ending = "Repaired."
            elif fault.mend is not None:
                ending = (
                    "changed meanwhile, or could not be written: run it again" if self.repair else "--repair mends it"
                )
            else:
                ending = fault.advice
            self.state.found(fault, ending, repaired=done)


def _root_of(key: Key, item: RegistryItem) -> Key | None:
    try:
        return owned.answers_for(key, item.body)
    except (KeyError, TypeError):
        return Key("", "")


def _untold(record: str) -> Iterator[Fault]:
    """A history whose record was not met: is it there by now, or is it one that may go?"""
    if record.startswith("MODERATION#") or lookup.item(Key(record, keys.RECORD)) is not None:
        return  # a report is forgotten in time, and what staff decided about it is not
    advice = "Events are never deleted. Restore the record from a backup of before."
    yield Fault(faults.HISTORIES, f"EVENTS#{record}", "tells of a record that is not there", advice=advice)


def _left_over(key: Key) -> Iterator[Fault]:
    try:
        root = owned.answers_for_public(key)
    except KeyError:
        advice = "Find out who wrote it. The public table holds nothing else than what records publish."
        yield Fault(faults.LEFT_OVER, named(key), "is of no kind that there is", advice=advice)
        return
    if root is None:
        return
    now = owned.of(root)
    if (now is None or key not in now.public) and public_table.get(key) is not None:
        yield _leftover(PublicItem(key.pk, key.sk, body={}), root, now)


def _leftover(item: PublicItem | RegistryItem, root: Key, now: owned.Owned | None) -> Fault:
    def delete(transaction: Commit) -> None:
        transaction.delete(item)

    how = f"comes from no record: {root.pk} is not there" if now is None else f"is not what {root.pk} has"
    version = now.version if now is not None else None
    return Fault(faults.LEFT_OVER, f"{item.pk} {item.sk}", how, delete, root=root, version=version)


def _idle_word(key: Key) -> Iterator[Fault]:
    word = key.sk.partition("#")[2]
    if not public_table.query(public_keys.listing("word", word).pk, limit=1):

        def delete(transaction: Commit) -> None:
            transaction.delete(PublicItem(key.pk, key.sk, body={}))

        yield Fault(faults.LEFT_OVER, named(key), "is a word that no factory has", delete)
