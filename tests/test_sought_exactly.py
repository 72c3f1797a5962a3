"""Which suppliers and certificates are sought; what is written to a factory, and what is reported."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain import moderation, portfolio, relay, sought
from chalicelib.domain.certificate import Certificate, Standing, StandingChange
from chalicelib.domain.disclosure import PublicAudit, PublicCertificate
from chalicelib.domain.errors import Conflict, Malformed
from chalicelib.domain.factory import Link, Source, State
from chalicelib.domain.moderation import About, Complaint, Decision, Kind, Matter
from chalicelib.domain.network import Supplier
from chalicelib.domain.portfolio import Sought
from chalicelib.domain.relay import Letter
from chalicelib.domain.sought import Wish
from tests.published import CERTIFICATE, CODE, FACTORY_ID, NAME

TODAY = date(2026, 5, 5)
LINK = Link(Source.ICS_AUDIT, "2026-01-02")


def faults(caught: pytest.ExceptionInfo[Malformed]) -> list[tuple[str, str]]:
    return [(fault.pointer, str(fault.detail)) for fault in caught.value.faults]


def audit(on: str, kind: str = "initial", scope: str = "social") -> PublicAudit:
    return PublicAudit(scope, kind, None, on)


def ends(code: str, day: date, standard: str = "gots", *said: Standing) -> PublicCertificate:
    history = tuple(StandingChange(each, "", date(2026, 1, 1), "2026-01-01T00:00:00Z") for each in said)
    return replace(CERTIFICATE, code=code, valid_to=day, standard_id=standard, history=history)


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
        (Wish(q="x"), FOUND, False),
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
        ("/P/4006381333931", About("product", "04006381333931", "/01/04006381333931")),
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
