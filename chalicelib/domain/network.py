"""A member's network: what a supplier shows to those that it supplies, what falls due there, and which are sought.

A follow-up within 12 months of an audit and a re-audit within 24 are habits of scheduling. They say when an audit is
usual, and nothing of how long one is worth something: an audit is not a certificate.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.domain.certificate import Status, status_on
from chalicelib.domain.disclosure import PublicAudit, PublicCertificate, PublicFactory, audience_of
from chalicelib.domain.factory import Audience, Factory, Link, Source, State

FOLLOW_UP_MONTHS, RE_AUDIT_MONTHS = 12, 24
SOON = timedelta(days=60)
_FOLLOW_UP = "follow_up"


class Habit(StrEnum):
    """How the present day lies to the days by which an audit is usual."""

    RECENT = "recent"
    FOLLOW_UP_SOON = "follow_up_soon"
    FOLLOW_UP_USUAL = "follow_up_usual"
    RE_AUDIT_SOON = "re_audit_soon"
    RE_AUDIT_USUAL = "re_audit_usual"


@dataclass(frozen=True, slots=True)
class LastAudit:
    """The last audit of a scope, how many whole months ago it was, and by when the next is usual."""

    scope: str
    type: str
    months_ago: int
    follow_up_usual_by: date | None
    re_audit_usual_by: date
    habit: Habit
    date: date


@dataclass(frozen=True, slots=True)
class Supplier:
    """A factory as it shows itself to one member that it supplies: its fields that are public or for its network.

    ``contact_confirmed`` is the day on which somebody confirmed the contact address, where it shows.
    ``linked_as`` is the Factory ID of the record that bears the link: another one where that was merged into this.
    """

    factory_id: str
    linked_as: str
    state: State
    successor: str | None
    run_by_factory: bool
    link: Link
    fields: Mapping[str, Any]
    audits: tuple[PublicAudit, ...]
    certificates: tuple[PublicCertificate, ...]
    contact_confirmed: str | None = None


def stands_for(linked: Factory) -> str:
    """The Factory ID of the record that stands for a linked one today: a merged one gives way to its successor."""
    return linked.successor if linked.state is State.MERGED and linked.successor else linked.factory_id


def supplier(linked: Factory, present: Factory, page: PublicFactory | None, member_id: str) -> Supplier | None:
    """What a member may see of a factory; ``None`` if it is not linked to it, no more, or the factory is a draft.

    ``present`` is the record that stands for the ``linked`` one, ``page`` what anyone may see of it, together with what
    was merged into it. A member that is linked to both sees it once. One whose link the factory
    itself ended does not see it by way of a record that was merged into it. One that put the factory on its network by
    itself sees what everybody sees, until the factory confirms that it supplies it.
    """
    link = linked.links.get(member_id)
    if link is None or link.ended is not None or not present.published:
        return None
    factory, own = present, present.links.get(member_id)
    is_merged = linked.factory_id != factory.factory_id
    if is_merged and own is not None and (own.ended is None or own.ended_by is Source.FACTORY):
        return None
    audiences = (Audience.PUBLIC, Audience.NETWORK) if link.opens_the_network else (Audience.PUBLIC,)
    shown = {
        name: factory.value(name)
        for name in factory.known_fields
        if factory.value(name) and audience_of(factory, name) in audiences
    }
    if factory.site is not None and audience_of(factory, "site") in audiences:
        shown["site"] = factory.site
    return Supplier(
        factory_id=factory.factory_id,
        linked_as=linked.factory_id,
        state=factory.state,
        successor=factory.successor,
        run_by_factory=factory.claimed,
        link=link,
        fields=shown,
        audits=_audits(present, page, audiences),
        certificates=page.certificates if page else (),
        contact_confirmed=factory.contact.confirmed if factory.contact and "contact_email" in shown else None,
    )


def _audits(present: Factory, page: PublicFactory | None, audiences: tuple[Audience, ...]) -> tuple[PublicAudit, ...]:
    shows = audience_of(present, "audits") in audiences
    own = [PublicAudit(each.scope, each.type, each.notice, each.date) for each in present.audits if shows]
    known = dict.fromkeys([*own, *(page.audits if page else ())])
    return tuple(sorted(known, key=lambda audit: audit.date, reverse=True))


def last_audits(audits: Iterable[PublicAudit], today: date) -> tuple[LastAudit, ...]:
    """The last audit of each scope, by scope. One whose day is still to come is no last one."""
    scopes: dict[str, list[tuple[date, str]]] = {}
    for audit in audits:
        on = date.fromisoformat(audit.date)
        if on <= today:
            scopes.setdefault(audit.scope, []).append((on, audit.type))
    return tuple(_last(scope, sorted(held), today) for scope, held in sorted(scopes.items()))


def _last(scope: str, held: list[tuple[date, str]], today: date) -> LastAudit:
    on, kind = held[-1]
    whole = [day for day, each in held if each != _FOLLOW_UP]
    follow_up = None if kind == _FOLLOW_UP else months_after(on, FOLLOW_UP_MONTHS)
    re_audit = months_after(whole[-1] if whole else on, RE_AUDIT_MONTHS)
    habit = _habit(follow_up, re_audit, today)
    return LastAudit(scope, kind, months_between(on, today), follow_up, re_audit, habit, on)


def _habit(follow_up: date | None, re_audit: date, today: date) -> Habit:
    if today > re_audit:
        return Habit.RE_AUDIT_USUAL
    if today + SOON >= re_audit:
        return Habit.RE_AUDIT_SOON
    if follow_up is not None and today > follow_up:
        return Habit.FOLLOW_UP_USUAL
    if follow_up is not None and today + SOON >= follow_up:
        return Habit.FOLLOW_UP_SOON
    return Habit.RECENT


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(day: date, later: date) -> int:
    """How many whole months have passed."""
    months = (later.year - day.year) * 12 + later.month - day.month
    return months if months_after(day, months) <= later else months - 1


def expiring(certificates: Iterable[PublicCertificate], today: date, days: int) -> list[PublicCertificate]:
    """The certificates that hold today and end within so many days, the next to end first."""
    ending = [
        each
        for each in certificates
        if status_on(each, today) is Status.VALID and each.valid_to <= today + timedelta(days=days)
    ]
    return sorted(ending, key=lambda each: (each.valid_to, each.code))


def attention(certificates: Iterable[PublicCertificate], today: date, days: int) -> list[PublicCertificate]:
    """The certificates to ask the supplier about: suspended; about to end; ended or withdrawn.

    One that another certificate of its standard makes up for, which holds and ends later, needs no asking. What a
    factory only declares makes up for nothing that a certifier confirmed.
    """
    held = list(certificates)
    holding = [each for each in held if status_on(each, today) is Status.VALID]
    latest: dict[tuple[str, bool], date] = {}
    for each in holding:
        for confirmed in {False, each.confirmed}:
            kind = each.standard_id, confirmed
            latest[kind] = max(each.valid_to, latest.get(kind, each.valid_to))
    soon = {
        each.code
        for each in expiring(holding, today, days)
        if each.valid_to == latest[each.standard_id, each.confirmed]
    }
    over = {
        each.code
        for each in held
        if status_on(each, today) in (Status.EXPIRED, Status.WITHDRAWN)
        and (each.standard_id, each.confirmed) not in latest
    }
    suspended = {each.code for each in held if status_on(each, today) is Status.SUSPENDED}
    return sorted(
        (each for each in held if each.code in soon | over | suspended), key=lambda each: (each.valid_to, each.code)
    )
