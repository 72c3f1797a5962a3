"""The walk over both tables, from end to end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from chalicelib.store import keys, public_keys, public_table
from chalicelib.store.keys import Key
from chalicelib.store.models import RegistryItem
from infra.check import (
    changed,
    faults,
    histories,
    leftovers,
    log_walk,
    losses,
    older,
    others,
    owned,
    published,
    records,
)
from infra.check.faults import RESTORE, Fault, named, withheld
from infra.check.owned import Owned
from infra.check.state import State

Advance = Callable[[int], None]
_FIRST = keys.event("", 1).sk
_AT_ONCE = 25  # records between two notes
_LEFT = f"Left as it is: {{}} {RESTORE}"


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
        """All of it, or what an earlier walk left. What is lost is known before anything is mended but the log."""
        self._log()  # what is logged is numbered by what can be found of it: so that comes first
        self._scan("registry", self.registry, self._items)
        self._losses()
        self._records()
        self._scan("public", self.public, lambda raws: sum(map(self._shown, raws)))
        self._pointers()
        self._tell(map(self._of_list, published.wrong(self.state)))
        self._tell(others.wrong_counters(self.state))
        self.state.saved()

    def _scan(self, phase: str, table: str, look: Callable[[list[dict[str, Any]]], int]) -> None:
        place = self.state.place(phase)
        if place is None:
            return
        start, done = place
        while True:
            asked = {"ExclusiveStartKey": start} if start else {}
            page = self.client.scan(TableName=table, ConsistentRead=True, **asked)
            self.advance(look(page["Items"]))
            start, done = page.get("LastEvaluatedKey"), done + len(page["Items"])
            self.state.reached(phase, start, done)
            if not start:
                return

    def _items(self, raws: list[dict[str, Any]]) -> int:
        """Items of the registry. Says how many are done with."""
        self._tell(older.wrong(RegistryItem.from_raw_data(raw) for raw in raws if "body" in raw))
        return sum(map(self._item, raws))

    def _item(self, raw: dict[str, Any]) -> int:
        """An item of the registry. Says whether it is done with: a record is looked at once all items were met."""
        key = public_table.key_of(raw)
        item = RegistryItem.from_raw_data(raw) if "body" in raw else RegistryItem(*key, body={})
        kind = key.pk.partition("#")[0]
        if kind == "EVENTS":
            self.state.meet(Key(key.pk, _FIRST), Key(key.pk.partition("#")[2], ""))
        elif kind == "IDEMPOTENCY":
            self.state.checked(faults.REPLIES)
            self._tell(others.wrong_reply(item))
        elif kind == "OUTBOX":
            self.state.checked(faults.OUTBOX)
            self._tell(others.wrong_tiding(item))
        self._history(raw, item)
        if owned.is_root(key):
            self.state.root(key.pk)
            return 0
        root = _root_of(key, item) if "body" in raw else None
        if root is not None:
            self.state.meet(key, root)
        return 1

    def _history(self, raw: dict[str, Any], item: RegistryItem) -> None:
        if "events" in raw:
            self.state.want("registry", keys.event(histories.record_of(item), 1))
            self._tell(histories.wrong(item, partial(self.state.checked, faults.HISTORIES)))
        elif owned.is_root(item.key) or (item.pk.startswith("FACTORY#") and item.sk.startswith("CERTIFICATE#")):
            self._tell([histories.uncounted(item)])
        if changed.tells(item):
            self.state.checked(faults.RECORDS)
            self._tell([] if changed.holds(item) else [changed.wrong(item)])

    def _losses(self) -> None:
        if self.state.place("losses") is None:
            return
        for _, record in list(self.state.met(histories=True)):
            self._tell(losses.of_history(record, self.state))
        for code in list(self.state.unmet()):
            self._tell(losses.of_log(code, self.state))
        self.state.reached("losses", None, 0)

    def _records(self) -> None:
        place = self.state.place("records")
        if place is None:
            return
        after, done = place[0] or "", place[1]
        while some := self.state.roots(after, _AT_ONCE):
            for pk in some:
                self._owner(Key(pk, keys.RECORD))
            self.advance(len(some))
            after, done = some[-1], done + len(some)
            self.state.reached("records", after, done)
        self.state.reached("records", None, done)

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
        self._tell(self._allowed(wrong, found))

    def _allowed(self, wrong: list[Fault], now: Owned | None) -> list[Fault]:
        """Nothing is published, taken away or signed by the word of a record that lost something or was changed."""
        if now is None or all(fault.mend is None for fault in wrong):
            return wrong
        why = next((why for key in now.sources if (why := self.state.lost(key.pk))), None)
        if why is not None:
            return [withheld(fault, _LEFT.format(why)) for fault in wrong]
        untrue = changed.among(now.sources)
        if not untrue:
            return list(map(self._of_list, wrong))
        why = f"Not published: {named(untrue[0])} was changed without an event."
        return [withheld(fault, f"{why} {RESTORE}") for fault in wrong]

    def _of_list(self, fault: Fault) -> Fault:
        """A list is signed as a whole: not while it would say less of one certificate than was said of it."""
        names = (fault.name, fault.root.pk) if fault.kind == faults.LISTS and fault.root else ()
        why = next((why for name in names if (why := self.state.lost(name))), None)
        return fault if why is None else withheld(fault, _LEFT.format(why))

    def _twice(self, index: int, code: str) -> list[Fault]:
        self.state.checked(faults.LISTS)
        first = self.state.index_of(index, code)
        if first == code:
            return []
        advice = "Withdraw one of them and register it anew: both credentials point to one bit."
        return [Fault(faults.LISTS, code, f"has the place of {first}", advice=advice)]

    def _shown(self, raw: dict[str, Any]) -> int:
        self.state.checked(faults.LEFT_OVER)
        for fault, now in leftovers.shown(public_table.key_of(raw), raw, self.state):
            self._tell(self._allowed([fault], now))
        return 1

    def _pointers(self) -> None:
        for key, root in list(self.state.met(histories=False)):
            for fault, now in leftovers.pointer(key, root, self.state):
                self._tell(self._allowed([fault], now))

    def _log(self) -> None:
        place = self.state.place("log")
        if place is None:
            return
        for found in log_walk.wrong(place[0], self.state, self.advance):
            self._tell(found)
        self.state.reached("log", None, 0)

    def _tell(self, found: Iterable[Fault]) -> None:
        for fault in found:
            for record in fault.lacking:
                self.state.lose(record, f"{fault.name} {fault.how}.")
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
