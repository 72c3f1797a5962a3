"""Applying a batch of audits: each site under its own condition, each row's effect remembered with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from chalicelib import clock, settings
from chalicelib.domain import identity
from chalicelib.domain.audit import Outcome, RowResult, SitePlan, Step, SyncItem, plan_sync
from chalicelib.domain.disclosure import public_factory
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.factory import Factory
from chalicelib.domain.fields import PERSONAL
from chalicelib.domain.phrase import phrase
from chalicelib.store import codec, keys
from chalicelib.store.both_tables import Each
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import factories, hints, lookup, networks, records, replies
from chalicelib.store.registry.commit import Collision, Commit, TooMuchAtOnce, persistently
from chalicelib.store.registry.factories import Change, Manner
from chalicelib.store.registry.history import Actor, Happening
from chalicelib.store.registry.pace import Pace
from chalicelib.store.registry.replies import Request, Row

_ROWS_A_COMMIT = 12
"""More cost less: the record and its page are written once. What does not fit one transaction is halved."""
_MOST_LEFT = 20
"""So many members' lists lose the factory with its links: more might not fit. Whoever reads a list asks the record."""
_SECRET = settings.load().csrf_secret


def apply(rows: Sequence[SyncItem], request: Request, actor: Actor, workers: int) -> list[RowResult]:
    """Apply a batch, site by site, several sites at a time. What an earlier try applied is answered, not repeated."""
    done = _earlier(request)
    sites: dict[str, list[SyncItem]] = {}
    for row in rows:
        sites.setdefault(row.site, []).append(row)
    known = _known_sites(sites)
    words = hints.Hints()
    _hint_again(words, [known[row.site] for row in rows if row.index in done and row.site in known])
    manner = Manner(Pace(workers).send, words.note)

    def one(site: str) -> list[RowResult]:
        return _Site(site, known.get(site), request, actor, manner, frozenset(done)).apply(sites[site])

    left = [site for site, each in sites.items() if any(row.index not in done for row in each)]
    with _several(workers) as each:
        try:
            results = [result for part in each(one, left) for result in part]
        except Unavailable:
            with suppress(Unavailable):
                words.write(each)
            raise
        words.write(each)
    # Where the same request came twice at once, each row's answer is that of the one that applied it.
    found = {result.index: result for result in results} | _earlier(request)
    return [found[index] for index in sorted(found)]


@contextmanager
def _several(workers: int) -> Iterator[Each]:
    """``map``, by so many threads."""
    if workers == 1:
        yield map
        return
    with ThreadPoolExecutor(workers) as pool:
        yield pool.map


def _hint_again(words: hints.Hints, factory_ids: Iterable[str]) -> None:
    """An earlier try may have ended before it wrote the hints of what it had applied."""
    for body in lookup.bodies(keys.factory(each) for each in factory_ids).values():
        words.note(None, public_factory(records.factory(body, 0), (), {}))


def plan(rows: Sequence[SyncItem]) -> list[RowResult]:
    """What ``apply`` would do, without doing it."""
    known = _known_sites({row.site for row in rows})
    held = {site: factories.need(factory_id).factory for site, factory_id in known.items()}
    plans = plan_sync(held, rows, lambda _country: "")
    results = [step.result for each in plans for step in each.steps]
    named = [replace(result, factory_id=result.factory_id or None) for result in results]
    return sorted(named, key=lambda result: result.index)


@dataclass
class _Site:
    """The rows of one site, some at a time: the same rows together in each try, whatever an earlier one applied."""

    site: str
    factory_id: str | None
    request: Request
    actor: Actor
    manner: Manner
    done: frozenset[int]
    results: list[RowResult] = field(default_factory=list)
    draw: int = 0

    def apply(self, rows: list[SyncItem]) -> list[RowResult]:
        """Apply them in the order of their versions."""
        ordered = sorted(rows, key=lambda row: (row.version, row.digest, row.index))
        parts = [ordered[start : start + _ROWS_A_COMMIT] for start in range(0, len(ordered), _ROWS_A_COMMIT)]
        while parts:
            part = parts.pop(0)
            left = [row for row in part if row.index not in self.done]
            try:
                if left:
                    persistently(partial(self._attempt, left))
            except TooMuchAtOnce as error:
                if len(left) == 1:
                    self.results.append(RowResult(left[0].index, Outcome.REJECTED, self.factory_id, str(error)))
                else:
                    half = len(part) // 2
                    parts[:0] = [part[:half], part[half:]]
            except Unavailable as error:
                raise Unavailable(
                    phrase("%(fault)s Rows applied so far stay; send the same batch again.", fault=error.detail)
                ) from error
        return self.results

    def _attempt(self, rows: list[SyncItem]) -> None:
        held = factories.load(self.factory_id) if self.factory_id else None
        [planned] = plan_sync({self.site: held.factory} if held else {}, rows, self._new_id)
        if planned.changes:
            try:
                factories.commit(held, _change(planned, self.request), self.actor, clock.now(), self.manner)
            except Collision:
                self._look_again(planned)
                raise
        self.factory_id = planned.wanted.factory_id if planned.wanted else self.factory_id
        self.results.extend(step.result for step in planned.steps)

    def _look_again(self, planned: SitePlan) -> None:
        """Another batch may have registered the site in the meantime; or the ID that was drawn is another's."""
        if self.factory_id is None and planned.wanted is not None:
            self.factory_id = _known_sites([self.site]).get(self.site)
            if self.factory_id is None and factories.load(planned.wanted.factory_id) is not None:
                self.draw += 1

    def _new_id(self, country: str) -> str:
        """Drawn from the site, so that two batches which register it at once, or a repeat, come to the same ID."""
        return identity.new_factory_id(country, identity.drawn(_SECRET, "site", self.site, str(self.draw)))


def _change(planned: SitePlan, request: Request) -> Change:
    wanted = planned.wanted
    assert wanted is not None  # nosec B101: planned.changes says so
    effective = [step for step in planned.steps if step.factory is not None]
    # Beside what is applied now a contradiction is one; sent again, it would be compared with what came after it.
    answered = [step for step in planned.steps if step in effective or step.result.outcome is Outcome.CONFLICT]
    happenings, before = [], planned.held
    for step in effective:
        happenings.append(_happening(before, step))
        before = step.factory

    def beside(transaction: Commit) -> None:
        for step in answered:
            Row(request, step.item.index).note(transaction, codec.to_json(step.result))
        if planned.held is None:
            key = keys.site(planned.site)
            transaction.create(RegistryItem(key.pk, key.sk, body={"factory_id": wanted.factory_id}))
        linked = planned.held.links.keys() if planned.held else set()
        for member in wanted.links.keys() - linked:
            networks.join(transaction, member, wanted.factory_id)
        for member in sorted(linked - wanted.links.keys())[:_MOST_LEFT]:
            networks.leave(transaction, member, wanted.factory_id)

    return Change(wanted, tuple(happenings), beside=(beside,))


def _happening(before: Factory | None, step: Step) -> Happening:
    """What a row changed, without personal data, since nobody can erase an event."""
    after = step.factory
    audit = step.item.audit
    held = {each.reference: each for each in before.audits} if before else {}
    changes: dict[str, Any] = {
        "site": step.item.site,
        "version": step.item.version,
        "audit": {"from": codec.to_json(held.get(audit.reference)), "to": codec.to_json(audit)},
    }
    old = before.ics.fields if before and before.ics else {}
    new = after.ics.fields if after and after.ics else {}
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            hidden = name in PERSONAL
            changes[name] = {"personal": True} if hidden else {"from": old.get(name), "to": new.get(name)}
    return Happening(f"audit_{step.result.outcome.value}", changes)


def _known_sites(sites: Iterable[str]) -> dict[str, str]:
    found = lookup.bodies(keys.site(site) for site in sites)
    return {key.pk.partition("#")[2]: body["factory_id"] for key, body in found.items()}


def _earlier(request: Request) -> dict[int, RowResult]:
    return {
        index: codec.made(RowResult, {**result, "outcome": Outcome(result["outcome"])})
        for index, result in replies.noted(request).items()
    }
