"""What a member sees of its suppliers and which it seeks; certificates that are sought; letters and reports."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain import moderation, network, portfolio, relay, sought
from chalicelib.domain.audit import Audit
from chalicelib.domain.certificate import Certificate, Standing, StandingChange
from chalicelib.domain.contact import ContactCheck
from chalicelib.domain.disclosure import PublicAudit, PublicCertificate
from chalicelib.domain.errors import Conflict, Malformed
from chalicelib.domain.factory import Audience, Factory, IcsStatement, Link, Source, State
from chalicelib.domain.moderation import About, Complaint, Decision, Kind, Matter
from chalicelib.domain.network import Habit, LastAudit, Supplier
from chalicelib.domain.portfolio import Sought
from chalicelib.domain.relay import Letter
from chalicelib.domain.sought import Wish
from tests.published import CERTIFICATE, CODE, FACTORY, FACTORY_ID, NAME

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


def faults(caught: pytest.ExceptionInfo[Malformed]) -> list[tuple[str, str]]:
    return [(fault.pointer, str(fault.detail)) for fault in caught.value.faults]


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
    ]
    assert [each.code for each in network.expiring(held, TODAY, 30)] == ["C4", "C5"]
    assert [each.code for each in network.attention(held, TODAY, 30)] == ["C1", "C5", "C0", "C9"]


# --- Which suppliers are sought

FOUND = Supplier(
    FACTORY_ID, FACTORY_ID, State.OPEN, None, False, LINK, {"name": "S.T. Screen", "country": "BD"}, (), ()
)


def test_a_question_is_read_as_it_was_meant() -> None:
    typed = {"country": " bd ", "category": " Home  Textiles ", "q": " a ", "standing": "none", "other": "x"}
    assert sought.wish(typed) == Wish(q="a", country="BD", category="home_textiles", standing="none")
    assert sought.wish(typed).asked == {"q": "a", "country": "BD", "category": "home_textiles", "standing": "none"}
    assert sought.wish({"q": "x" * 200}).q == "x" * 200


def test_every_fault_of_a_question_is_told() -> None:
    typed = {"country": "xx", "q": "x" * 201, "standing": "good", "expiring": "31", "audit_older": "7"}
    with pytest.raises(Malformed) as caught:
        sought.wish(typed)
    assert faults(caught) == [
        ("/standing", "must be one of valid, declared, not_yet_valid, expired, suspended, withdrawn, none"),
        ("/expiring", "must be one of 30, 60, 90"),
        ("/audit_older", "must be one of 6, 12, 18, 24, 36"),
        ("/q", "is longer than 200 characters"),
        ("/country", "must be an ISO 3166-1 alpha-2 country code in capitals, such as BD"),
    ]


@pytest.mark.parametrize(
    ("wanted", "found", "fits"),
    [
        (Wish(), FOUND, True),
        (Wish(country="BD"), FOUND, True),
        (Wish(country="TR"), FOUND, False),
        (Wish(category="tops"), FOUND, False),
        (Wish(category="tops"), replace(FOUND, fields={"product_categories": ["tops"]}), True),
        (Wish(link="private"), FOUND, True),
        (Wish(link="public"), FOUND, False),
        (Wish(run_by="nobody"), FOUND, True),
        (Wish(run_by="factory"), FOUND, False),
        (Wish(run_by="factory"), replace(FOUND, run_by_factory=True), True),
        (Wish(standing="none"), FOUND, True),
        (Wish(standing="valid"), FOUND, False),
        (Wish(standing="valid"), replace(FOUND, certificates=(CERTIFICATE,)), True),
        (Wish(standing="declared"), replace(FOUND, certificates=(replace(CERTIFICATE, confirmed=False),)), True),
        (Wish(standing="expired"), replace(FOUND, certificates=(ends("C", date(2026, 5, 4)),)), True),
        (Wish(expiring="30"), FOUND, False),
        (Wish(expiring="30"), replace(FOUND, certificates=(ends("C", date(2026, 6, 4)),)), True),
        (Wish(audit_older="6"), FOUND, False),
        (Wish(audit_older="6"), replace(FOUND, audits=(audit("2025-11-05"),)), True),
        (Wish(audit_older="6"), replace(FOUND, audits=(audit("2025-11-06"),)), False),
        (Wish(q="st SCREEN"), FOUND, True),
        (Wish(q="s.t."), FOUND, True),
        (Wish(q="st silk"), FOUND, False),
        (Wish(q="bd-f8qy4"), FOUND, True),
        (Wish(q="dhaka"), replace(FOUND, fields={"name": "Mill", "city": "Dhaka"}), True),
        (Wish(q="s-17 4006"), replace(FOUND, fields={"name": "Mill", "site": "S-17", "gln": "4006381333931"}), True),
        (Wish(q="other"), replace(FOUND, fields={"name": "Mill", "aliases": ["Other Mill"]}), True),
        (Wish(q="local"), replace(FOUND, fields={"name": "Mill", "local_name": "Local"}), True),
    ],
)
def test_a_supplier_is_sought_if_it_fits_all_that_is_asked(wanted: Wish, found: Supplier, fits: bool) -> None:
    assert sought.admits(wanted, found, TODAY) is fits


@pytest.mark.parametrize(
    ("factory", "member", "state"),
    [(True, True, "public"), (False, True, "wants_factory"), (True, False, "wants_member"), (False, False, "private")],
)
def test_a_link_says_who_has_still_to_agree(factory: bool, member: bool, state: str) -> None:
    assert sought.link_state(replace(LINK, factory_agrees=factory, member_agrees=member)) == state


# --- Which certificates are sought


def held_certificate(**changes: Any) -> Certificate:
    fields = {name: getattr(CERTIFICATE, name) for name in asdict(CERTIFICATE)}
    return Certificate(certifier_id="trueweave", **{**fields, **changes})


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        (Sought(), True),
        (Sought(status="valid"), True),
        (Sought(status="expired"), False),
        (Sought(standard="gots"), True),
        (Sought(standard="other"), False),
        (Sought(number="gots 2026"), True),
        (Sought(number="2027"), False),
        (Sought(number="-"), True),
        (Sought(number="--"), False),
        (Sought(holder="KOLMILATA"), True),
        (Sought(holder="meghna"), False),
        (Sought(holder="BD-F8QY4-0YGE1"), True),
        (Sought(holder="BD-7K3M9-Q2XWC"), False),
    ],
)
def test_a_certificate_is_sought_by_status_standard_number_and_holder(asked: Sought, fits: bool) -> None:
    number = "-" if asked.number.startswith("-") else "GOTS-2026-0417"
    assert asked.admits(held_certificate(number=number), TODAY) is fits


def test_a_status_that_no_certificate_has_is_refused() -> None:
    for good in (Sought(), Sought(status="withdrawn")):
        assert portfolio.checked(good) is good
    for bad in ("unknown", "good"):
        with pytest.raises(Malformed, match="status is one of"):
            portfolio.checked(Sought(status=bad))


# --- Letters and reports


def test_a_letter_is_what_was_typed_and_every_fault_of_it_is_told() -> None:
    typed = {"message": "Dear\nall", "sender": " Ann ", "company": "Co", "email": " ann@example.com "}
    assert relay.clean_letter("BD1", "en", typed) == Letter("BD1", "Dear\nall", "Ann", "Co", "ann@example.com", "en")
    assert relay.clean_letter("BD1", "en", {**typed, "message": "x" * 2000}).message == "x" * 2000
    with pytest.raises(Malformed) as caught:
        relay.clean_letter("BD1", "en", {"message": "x" * 2001, "sender": "a\nb"})
    assert faults(caught) == [
        ("/message", "is longer than 2000 characters"),
        ("/sender", "holds the character U+000A, which readers cannot see: take it out"),
        ("/company", "must not be empty"),
        ("/email", "must be an e-mail address such as name@example.com"),
    ]


def test_what_can_be_wrong_depends_on_what_it_is_about() -> None:
    assert moderation.complaints_about("standard") == (Complaint.OUT_OF_DATE, Complaint.OTHER)
    others = (Complaint.PAPER_DIFFERS, Complaint.NOT_FROM_HERE, Complaint.CLOSED, Complaint.OTHER)
    assert moderation.complaints_about("factory") == others
    assert moderation.clean_report({"kind": "closed", "text": "Since\nMay"}) == (Complaint.CLOSED, "Since\nMay")
    long = {"kind": "out_of_date", "text": "x" * 2000}
    assert moderation.clean_report(long, "standard") == (Complaint.OUT_OF_DATE, "x" * 2000)
    with pytest.raises(Malformed) as caught:
        moderation.clean_report({"kind": "out_of_date"})
    assert faults(caught) == [("/kind", "must be chosen"), ("/text", "must not be empty")]
    with pytest.raises(Malformed) as caught:
        moderation.clean_report({**long, "text": "x" * 2001}, "standard")
    assert faults(caught) == [("/text", "is longer than 2000 characters")]


@pytest.mark.parametrize(
    ("path", "about"),
    [
        (f"/f/{FACTORY_ID.lower()}", About("factory", FACTORY_ID, f"/f/{FACTORY_ID}")),
        (f"/C/{CODE}/more", About("certificate", CODE, f"/c/{CODE}")),
        ("/01/4006381333931", About("product", "04006381333931", "/01/04006381333931")),
        ("/p/P4J7K2M9QXD", None),
        ("/standards/gots", About("standard", "gots", "/standards/gots")),
        ("/standards/G", None),
        ("/f", None),
        ("x/f/BDF8QY40YGE1", None),
        ("/g/BDF8QY40YGE1", None),
    ],
)
def test_a_report_is_about_the_record_that_a_page_shows(path: str, about: About | None) -> None:
    if about is None:
        with pytest.raises(Malformed):
            moderation.parse_about(path)
    else:
        assert moderation.parse_about(path) == about


def test_a_matter_is_one_and_is_decided_once() -> None:
    assert moderation.same_id(Kind.REPORT, "a", "b") == hashlib.sha256(b"report\na\nb").hexdigest()[:16]
    held = Matter("m", Kind.REPORT, "f", NAME, "2026-05-05")
    done = held.decided(Decision.ACTED, "True.", "2026-05-06")
    assert done == replace(held, decision=Decision.ACTED, reason="True.", decided_at="2026-05-06")
    assert done is not None
    assert done.decided(Decision.ACTED, "True.", "2026-05-07") is None
    for other in ((Decision.DISMISSED, "True."), (Decision.ACTED, "False.")):
        with pytest.raises(Conflict):
            done.decided(*other, "2026-05-07")
