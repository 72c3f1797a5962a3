"""Audits: dates and types, never a rating. And what a batch of them changes.

ICS numbers its statements. For the site's data the highest version wins; for each audit reference the highest version
wins; so whatever the order in which batches arrive, the same statements lead to the same record.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from chalicelib.domain.factory import Factory, IcsStatement, Link, Source, State


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit. ``scope``, ``type`` and ``notice`` are codes of open lists; ``date`` is ``YYYY-MM-DD``.

    An audit is not a certificate: nothing here says how it went.
    """

    reference: str
    version: int
    scope: str
    type: str
    notice: str | None
    date: str
    member_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncItem:
    """One parsed row of a batch: what ``tenant`` says, at a version, of a site and of one audit there."""

    index: int
    site: str
    fields: Mapping[str, Any]
    audit: Audit
    tenant: str = ""

    @property
    def version(self) -> int:
        """The version of the statement."""
        return self.audit.version

    @property
    def digest(self) -> str:
        """The content in one comparable form."""
        return json.dumps(
            [self.fields, self.audit.scope, self.audit.type, self.audit.date], sort_keys=True, default=str
        )


class Outcome(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    STALE = "stale"
    CONFLICT = "conflict"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class RowResult:
    """The answer to one row."""

    index: int
    outcome: Outcome
    factory_id: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One row's effect: the factory after it, and its result. ``factory`` is ``None`` where nothing changed."""

    item: SyncItem
    result: RowResult
    factory: Factory | None


@dataclass(frozen=True, slots=True)
class SitePlan:
    """What a batch does to one site: from the record held to the record wanted, step by step."""

    site: str
    held: Factory | None
    wanted: Factory | None
    steps: tuple[Step, ...]

    @property
    def changes(self) -> bool:
        """Whether anything is to be written."""
        return self.wanted is not None and self.wanted is not self.held


def plan_sync(
    held: Mapping[str, Factory], batch: Iterable[SyncItem], new_id: Callable[[str], str]
) -> tuple[SitePlan, ...]:
    """What a batch changes, site by site, given the factories ``held`` by site.

    ``new_id(country)`` gives a fresh Factory ID. Rows of one site are taken in the order of their versions, so that
    a shuffled batch leads to the same record.
    """
    sites: dict[str, list[SyncItem]] = {}
    for item in batch:
        sites.setdefault(item.site, []).append(item)
    return tuple(plan_site(site, held.get(site), items, new_id) for site, items in sites.items())


def plan_site(site: str, held: Factory | None, items: Sequence[SyncItem], new_id: Callable[[str], str]) -> SitePlan:
    """What some rows change at one site."""
    factory = held
    steps = []
    for item in sorted(items, key=lambda row: (row.version, row.digest, row.index)):
        outcome, why, after = _apply(factory, item, new_id)
        factory = after or factory
        told = None if outcome is Outcome.REJECTED else _answers_as(factory)
        result = RowResult(item.index, outcome, told, why)
        steps.append(Step(item, result, after))
    return SitePlan(site, held, factory, tuple(steps))


def _answers_as(factory: Factory | None) -> str | None:
    """The ID under which people see what is said of a site: a merged record shows on the one that it leads to."""
    if factory is None:
        return None
    return factory.successor if factory.state is State.MERGED else factory.factory_id


def _apply(
    factory: Factory | None, item: SyncItem, new_id: Callable[[str], str]
) -> tuple[Outcome, str | None, Factory | None]:
    if factory is None:
        return Outcome.CREATED, None, _created(item, new_id)
    if factory.ics and factory.ics.tenant and item.tenant != factory.ics.tenant:
        return Outcome.REJECTED, "/site: another sender of audits speaks of this site", None
    known = next((audit for audit in factory.audits if audit.reference == item.audit.reference), None)
    if known and item.version < known.version:
        return Outcome.STALE, f"version {known.version} of this audit is held", None
    site_version = factory.ics.version if factory.ics else 0
    if (known and item.version == known.version and not _same_audit(known, item.audit)) or (
        factory.ics and item.version == site_version and dict(factory.ics.fields) != factory.ics.kept(item.fields)
    ):
        detail = f"version {item.version} is held with other content: send the correction with a higher version"
        return Outcome.CONFLICT, detail, None
    if known and item.version == known.version and item.version <= site_version:
        return Outcome.UNCHANGED, None, None
    note = f"newer site data (version {site_version}) is held and stays" if item.version < site_version else None
    return Outcome.UPDATED, note, _updated(factory, item)


def _same_audit(one: Audit, other: Audit) -> bool:
    return replace(one, member_ids=()) == replace(other, member_ids=()) and set(one.member_ids) == set(other.member_ids)


def _created(item: SyncItem, new_id: Callable[[str], str]) -> Factory:
    blank = Factory(factory_id=new_id(item.fields["country"]), site=item.site, published=True)
    return _updated(blank, item)


def _updated(factory: Factory, item: SyncItem) -> Factory:
    others = [audit for audit in factory.audits if audit.reference != item.audit.reference]
    audits = tuple(sorted([*others, item.audit], key=lambda audit: (audit.date, audit.reference), reverse=True))
    ics = factory.ics
    if ics is None:
        ics = IcsStatement(item.version, item.audit.date, dict(item.fields), tenant=item.tenant)
    elif item.version > ics.version:
        kept = ics.kept(item.fields)
        ics = replace(ics, version=item.version, on=item.audit.date, fields=kept, tenant=item.tenant)
    elif item.version == ics.version:
        # Two audits may come under one version: the later day counts, whichever arrives first.
        ics = replace(ics, on=max(ics.on, item.audit.date))
    return replace(factory, site=item.site, ics=ics, audits=audits, links=_links(factory, audits), published=True)


def _links(factory: Factory, audits: Sequence[Audit]) -> dict[str, Link]:
    """The links after a change of audits: those that an audit's mandate supports, and those that people made.

    One that the factory confirmed, and of which nobody said more, holds since the first audit while there is one.
    """
    mandated: dict[str, str] = {}
    for audit in audits:
        for member in audit.member_ids:
            mandated[member] = min(audit.date, mandated.get(member, audit.date))
    links = {
        member: link
        for member, link in factory.links.items()
        if link.source != Source.ICS_AUDIT
        or (link.factory_agrees or link.member_agrees or link.ended)
        or (link.confirmed and member not in mandated)
    }
    for member, since in sorted(mandated.items()):
        held = factory.links.get(member)
        confirmed = held is not None and held.confirmed
        links.setdefault(member, Link(source=Source.ICS_AUDIT, since=since, confirmed=confirmed))
    return links
