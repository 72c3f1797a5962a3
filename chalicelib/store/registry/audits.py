"""Applying a batch of audits: each site under its own condition, each row's effect remembered with it."""

from __future__ import annotations

import hashlib
import secrets
import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from pynamodb.exceptions import PutError

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.audit import Outcome, RowResult, SitePlan, Step, SyncItem, plan_sync
from chalicelib.domain.errors import OtherContent, Unavailable
from chalicelib.domain.factory import Factory
from chalicelib.domain.fields import PERSONAL
from chalicelib.domain.phrase import phrase
from chalicelib.store import codec, keys
from chalicelib.store.models import RegistryItem, reaching
from chalicelib.store.registry import factories, lookup, networks
from chalicelib.store.registry.commit import Collision, Commit, TooMuchAtOnce, persistently
from chalicelib.store.registry.factories import Change
from chalicelib.store.registry.history import Actor, Happening

REMEMBERED = timedelta(days=30)
_ROWS_A_COMMIT = 4
"""So that a factory's rename, all that it is listed under with it, fits one transaction."""


@dataclass(frozen=True, slots=True)
class Request:
    """An idempotent request: who sent it, under which key, with what content (SHA-256)."""

    caller: str
    key: str
    digest: str

    @property
    def place(self) -> str:
        """The key as it stands in the table: of fixed length, whatever was sent."""
        return hashlib.sha256(self.key.encode()).hexdigest()


def replied(request: Request) -> str | None:
    """The stored reply to a request that was answered before; ``None`` if it was not."""
    item = lookup.item(keys.reply(request.caller, request.place))
    if item is None:
        return None
    _same_content(item.body, request)
    return zlib.decompress(b64decode(item.body["reply"])).decode()


def remember(request: Request, reply: str) -> str:
    """Store the reply, for thirty days; the answer is the stored one. The first to be stored stays."""
    key = keys.reply(request.caller, request.place)
    packed = b64encode(zlib.compress(reply.encode())).decode()
    item = RegistryItem(key.pk, key.sk, body={"digest": request.digest, "reply": packed}, expires=_expiry())
    with reaching():
        try:
            item.save(condition=RegistryItem.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
            return replied(request) or reply
    return reply


def apply(rows: Sequence[SyncItem], request: Request, actor: Actor, workers: int) -> list[RowResult]:
    """Apply a batch, site by site, several sites at a time. What an earlier try applied is answered, not repeated."""
    done = _earlier(request)
    sites: dict[str, list[SyncItem]] = {}
    for row in rows:
        if row.index not in done:
            sites.setdefault(row.site, []).append(row)
    known = _known_sites(sites)

    def one(site: str) -> list[RowResult]:
        return _apply_site(site, sites[site], known.get(site), request, actor)

    if workers == 1:
        results = [result for site in sites for result in one(site)]
    else:
        with ThreadPoolExecutor(workers) as pool:
            results = [result for part in pool.map(one, sites) for result in part]
    # Where the same request came twice at once, each row's answer is that of the one that applied it.
    found = {result.index: result for result in results} | _earlier(request)
    return [found[index] for index in sorted(found)]


def plan(rows: Sequence[SyncItem]) -> list[RowResult]:
    """What ``apply`` would do, without doing it."""
    known = _known_sites({row.site: [] for row in rows})
    held = {site: factories.need(factory_id).factory for site, factory_id in known.items()}
    plans = plan_sync(held, rows, lambda _country: "")
    results = [step.result for each in plans for step in each.steps]
    named = [replace(result, factory_id=result.factory_id or None) for result in results]
    return sorted(named, key=lambda result: result.index)


def _apply_site(site: str, rows: list[SyncItem], known: str | None, request: Request, actor: Actor) -> list[RowResult]:
    factory_id = known
    results: list[RowResult] = []

    def attempt() -> None:
        nonlocal factory_id
        held = factories.load(factory_id) if factory_id else None
        [planned] = plan_sync({site: held.factory} if held else {}, part, _new_id)
        if planned.changes:
            try:
                factories.commit(held, _change(planned, request), actor, clock.now())
            except Collision:
                # Another batch may have registered the site in the meantime.
                factory_id = factory_id or _known_sites({site: []}).get(site)
                raise
        factory_id = planned.wanted.factory_id if planned.wanted else factory_id
        results.extend(step.result for step in planned.steps)

    ordered = sorted(rows, key=lambda row: (row.version, row.digest, row.index))
    parts = [ordered[start : start + _ROWS_A_COMMIT] for start in range(0, len(ordered), _ROWS_A_COMMIT)]
    while parts:
        part = parts.pop(0)
        try:
            persistently(attempt)
        except TooMuchAtOnce as error:
            if len(part) == 1:
                results.append(RowResult(part[0].index, Outcome.REJECTED, factory_id, str(error)))
            else:
                half = len(part) // 2
                parts[:0] = [part[:half], part[half:]]
        except Unavailable as error:
            raise Unavailable(
                phrase("%(fault)s Rows applied so far stay; send the same batch again.", fault=error.detail)
            ) from error
    return results


def _change(planned: SitePlan, request: Request) -> Change:
    wanted = planned.wanted
    assert wanted is not None  # nosec B101: planned.changes says so
    effective = [step for step in planned.steps if step.factory is not None]
    happenings, before = [], planned.held
    for step in effective:
        happenings.append(_happening(before, step))
        before = step.factory

    def beside(transaction: Commit) -> None:
        for step in effective:
            key = keys.row(request.caller, request.place, step.item.index)
            body = {"digest": request.digest, "result": codec.to_json(step.result)}
            transaction.create(RegistryItem(key.pk, key.sk, body=body, expires=_expiry()))
        if planned.held is None:
            key = keys.site(planned.site)
            transaction.create(RegistryItem(key.pk, key.sk, body={"factory_id": wanted.factory_id}))
        for member in wanted.links.keys() - (planned.held.links.keys() if planned.held else set()):
            networks.join(transaction, member, wanted.factory_id)

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


def _known_sites(sites: dict[str, list[SyncItem]]) -> dict[str, str]:
    found = lookup.bodies(keys.site(site) for site in sites)
    return {key.pk.partition("#")[2]: body["factory_id"] for key, body in found.items()}


def _earlier(request: Request) -> dict[int, RowResult]:
    rows = lookup.below(keys.reply(request.caller, request.place).pk, "ROW#")
    for row in rows:
        _same_content(row, request)
    results = [RowResult(**{**row["result"], "outcome": Outcome(row["result"]["outcome"])}) for row in rows]
    return {result.index: result for result in results}


def _same_content(body: dict[str, Any], request: Request) -> None:
    if body["digest"] != request.digest:
        raise OtherContent("This Idempotency-Key was used for another body. Use a new key for a new batch.")


def _expiry() -> int:
    return int((clock.now() + REMEMBERED).timestamp())


def _new_id(country: str) -> str:
    return identity.new_factory_id(country, secrets.choice)
