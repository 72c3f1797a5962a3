"""What a member sees of its suppliers, and what falls due there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain import network
from chalicelib.domain.audit import Audit
from chalicelib.domain.certificate import Standing, StandingChange
from chalicelib.domain.contact import ContactCheck
from chalicelib.domain.disclosure import PublicAudit, PublicCertificate
from chalicelib.domain.factory import Audience, Factory, IcsStatement, Link, Source, State
from chalicelib.domain.network import Habit, LastAudit, Supplier
from tests.published import CERTIFICATE, FACTORY

TODAY = date(2026, 5, 5)
LINK = Link(Source.ICS_AUDIT, "2026-01-02")
SAID = {"name": "Mill", "country": "BD", "coordinates": {"latitude": 1.0}, "contact_email": "a@example.com", "city": ""}
MILL = Factory(
    "BD1",
    site="S-1",
    ics=IcsStatement(1, "2026-01-02", SAID),
    links={"maison": LINK},
    published=True,
    audits=(Audit("R", 1, "social", "initial", "announced", "2026-01-02", ("maison",)),),
    contact=ContactCheck("x", confirmed="2026-02-02"),
)


# --- What a supplier shows


def test_a_linked_member_sees_what_is_public_or_for_the_network() -> None:
    page = replace(FACTORY, audits=(PublicAudit("social", "follow_up", None, "2026-03-03"),))
    own = PublicAudit("social", "initial", "announced", "2026-01-02")
    seen = network.supplier(replace(MILL, privacy={"audits": Audience.NETWORK}), MILL, page, "maison")
    assert seen == Supplier(
        factory_id="BD1",
        linked_as="BD1",
        state=State.OPEN,
        successor=None,
        run_by_factory=False,
        link=LINK,
        fields={"name": "Mill", "country": "BD", "coordinates": {"latitude": 1.0}, "site": "S-1"},
        audits=(page.audits[0], own),
        certificates=(CERTIFICATE,),
    )
    hidden = replace(MILL, privacy={"audits": Audience.PRIVATE, "contact_email": Audience.NETWORK})
    told = network.supplier(MILL, replace(hidden, claimed=True, site=None), None, "maison")
    assert told is not None
    assert (told.audits, told.certificates, told.run_by_factory) == ((), (), True)
    assert (told.contact_confirmed, "site" in told.fields) == ("2026-02-02", False)


def test_a_member_sees_the_rest_only_if_its_link_is_not_by_its_own_word() -> None:
    alone = replace(MILL, links={"maison": Link(Source.MEMBER, "2026-01-02")})
    seen = network.supplier(alone, alone, None, "maison")
    assert seen is not None
    assert seen.fields == {"name": "Mill", "country": "BD"}
    for gone in (
        replace(MILL, links={}),
        replace(MILL, links={"maison": replace(LINK, ended="2026-02-02")}),
        replace(MILL, published=False),
    ):
        assert network.supplier(gone, gone, None, "maison") is None


def test_a_factory_that_two_links_lead_to_is_seen_once_and_not_against_its_will() -> None:
    merged = replace(MILL, factory_id="BD0", state=State.MERGED, successor="BD1")
    unlinked = replace(MILL, links={}, successor="BD2")
    seen = network.supplier(merged, unlinked, None, "maison")
    assert seen is not None
    assert (seen.factory_id, seen.linked_as, seen.successor) == ("BD1", "BD0", "BD2")
    assert network.supplier(merged, MILL, None, "maison") is None
    for side, shows in ((Source.FACTORY, False), (Source.MEMBER, True)):
        present = replace(MILL, links={"maison": replace(LINK, ended="2026-02-02", ended_by=side)})
        assert (network.supplier(merged, present, None, "maison") is not None) is shows
    assert network.stands_for(merged) == "BD1"
    assert network.stands_for(replace(merged, successor=None)) == "BD0"
    assert network.stands_for(replace(merged, state=State.MOVED)) == "BD0"


# --- What falls due


def audit(on: str, kind: str = "initial", scope: str = "social") -> PublicAudit:
    return PublicAudit(scope, kind, None, on)


def test_the_last_audit_of_each_scope_says_by_when_the_next_is_usual() -> None:
    audits = [
        audit("2026-05-06"),
        audit("2025-05-05"),
        audit("2026-05-05", "follow_up"),
        audit("2024-01-31", scope="b"),
    ]
    assert network.last_audits(audits, TODAY) == (
        LastAudit("b", "initial", 27, date(2025, 1, 31), date(2026, 1, 31), Habit.RE_AUDIT_USUAL, date(2024, 1, 31)),
        LastAudit("social", "follow_up", 0, None, date(2027, 5, 5), Habit.RECENT, date(2026, 5, 5)),
    )
    (alone,) = network.last_audits([audit("2026-03-06", "follow_up")], TODAY)
    assert (alone.months_ago, alone.re_audit_usual_by) == (1, date(2028, 3, 6))


@pytest.mark.parametrize(
    ("today", "habit"),
    [
        (date(2025, 11, 1), Habit.RECENT),
        (date(2025, 11, 2), Habit.FOLLOW_UP_SOON),
        (date(2026, 1, 1), Habit.FOLLOW_UP_SOON),
        (date(2026, 1, 2), Habit.FOLLOW_UP_USUAL),
        (date(2026, 11, 1), Habit.FOLLOW_UP_USUAL),
        (date(2026, 11, 2), Habit.RE_AUDIT_SOON),
        (date(2027, 1, 1), Habit.RE_AUDIT_SOON),
        (date(2027, 1, 2), Habit.RE_AUDIT_USUAL),
    ],
)
def test_a_day_is_usual_until_it_is_over_and_soon_from_sixty_days_before(today: date, habit: Habit) -> None:
    (last,) = network.last_audits([audit("2025-01-01")], today)
    assert last.habit is habit


def test_months_end_where_there_is_no_such_day() -> None:
    assert network.months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert network.months_after(date(2026, 12, 15), 12) == date(2027, 12, 15)
    assert network.months_between(date(2025, 12, 6), TODAY) == 4
    assert network.months_between(date(2025, 12, 5), TODAY) == 5


def ends(code: str, day: date, standard: str = "gots", *said: Standing) -> PublicCertificate:
    history = tuple(StandingChange(each, "", date(2026, 1, 1), "2026-01-01T00:00:00Z") for each in said)
    return replace(CERTIFICATE, code=code, valid_to=day, standard_id=standard, history=history)


def test_certificates_to_ask_about_are_those_that_nothing_makes_up_for() -> None:
    soon, later = TODAY + timedelta(days=30), TODAY + timedelta(days=31)
    past = TODAY - timedelta(days=1)
    held = [
        ends("C6", later, "c"),
        ends("C5", soon, "a"),
        ends("C4", soon, "b"),
        ends("C3", later, "b"),
        ends("C2", past, "a"),
        ends("C1", past, "d"),
        ends("C0", later, "e", Standing.WITHDRAWN),
        ends("C9", later, "b", Standing.SUSPENDED),
        ends("C7", later, "f"),
        ends("C8", soon, "f"),
    ]
    assert [each.code for each in network.expiring(held, TODAY, 30)] == ["C4", "C5", "C8"]
    assert [each.code for each in network.attention(held, TODAY, 30)] == ["C1", "C5", "C0", "C9"]


def test_a_declaration_makes_up_for_declarations_only() -> None:
    soon, later, past = TODAY + timedelta(days=30), date(2099, 12, 31), TODAY - timedelta(days=1)
    lost = [
        ends("C1", past, "a"),
        ends("C2", soon, "b"),
        ends("C3", later, "c", Standing.WITHDRAWN),
        ends("C4", later, "d", Standing.SUSPENDED),
    ]
    told = [replace(each, code=f"{each.code}X", history=(), valid_to=later, confirmed=False) for each in lost]
    assert network.attention([*lost, *told], TODAY, 60) == [lost[0], lost[1], *lost[2:]]
    declared = [replace(ends("C5", past, "e"), confirmed=False), replace(ends("C6", soon, "f"), confirmed=False)]
    assert network.attention(declared, TODAY, 60) == declared
    for confirmed in (True, False):
        new = [
            replace(ends("C7", later, "e"), confirmed=confirmed),
            replace(ends("C8", later, "f"), confirmed=confirmed),
        ]
        assert network.attention([*declared, *new], TODAY, 60) == []
