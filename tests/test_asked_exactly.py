"""Scans and what they make suspect, answers on a day, and what a holder may ask of a certifier."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain import clones, scans
from chalicelib.domain import request as requests
from chalicelib.domain.certificate import Certificate, Declared, Standing, StandingChange, Status
from chalicelib.domain.clones import Rule, Suspicion
from chalicelib.domain.errors import Conflict, Malformed
from chalicelib.domain.public_certificate import CertificateAnswer, answer_on, public_certificate, told_later
from chalicelib.domain.request import Request
from chalicelib.domain.scans import Day, Line, Thing
from tests.published import CERTIFICATE, CODE, FACTORY_ID

TODAY = date(2026, 5, 5)


def certificate(*history: StandingChange, **changes: Any) -> Certificate:
    held = {name: getattr(CERTIFICATE, name) for name in asdict(CERTIFICATE)}
    return Certificate(certifier_id="trueweave", **{**held, "history": history, **changes})


def change(standing: str, day: str = "2026-03-01", at: str = "2026-03-02T00:00:00Z", why: str = "") -> StandingChange:
    return StandingChange(Standing(standing), why, date.fromisoformat(day), at)


# --- Suspicions


def counted(places: int, *countries: str) -> Day:
    return Day(places=places, countries=dict.fromkeys(countries, 1))


def test_an_item_is_suspect_that_was_in_too_many_places_on_enough_of_the_last_thirty_days() -> None:
    first, last = TODAY - timedelta(days=29), TODAY
    counts = {
        last: counted(7, "TR", "unknown"),
        first: counted(6, "DE", "BR"),
        TODAY - timedelta(days=5): counted(5, "FR"),
    }
    wanted = Suspicion((first, last), 7, ("BR", "DE", "TR"))
    assert clones.judge(Rule(6, 2), counts, TODAY) == wanted
    assert clones.judge(Rule(6, 3), counts, TODAY) is None
    assert clones.judge(Rule(6, 2), counts, TODAY + timedelta(days=1)) is None
    assert clones.judge(Rule(6, 2), counts, TODAY - timedelta(days=1)) is None


def test_a_brand_says_within_bounds_what_is_too_much() -> None:
    assert clones.checked({"places": 3, "days": 10}) == Rule(3, 10)
    assert clones.checked({"places": 40, "days": 1}) == Rule(40, 1)
    for places, days in ((2, 0), (41, 11), (True, True), ("5", "5")):
        with pytest.raises(Malformed) as caught:
            clones.checked({"places": places, "days": days})  # type: ignore[dict-item]
        assert [(fault.pointer, fault.detail) for fault in caught.value.faults] == [
            ("/places", "must be from 3 to 40"),
            ("/days", "must be from 1 to 10"),
        ]


# --- Scans

SHIRT = Thing("p", "04006381333931", "S9")
FIFTH = 1777939200000  # the beginning of 5 May 2026, in milliseconds


def line(**said: object) -> str:
    return json.dumps({"scan": "p", "code": "4006381333931", "bot": False, **said})


def test_a_line_of_the_log_tells_what_was_scanned_when_and_from_where() -> None:
    told = line(serial="S9", place="00ff", country="DE", bot=True)
    assert scans.read(told, FIFTH) == Line(SHIRT, TODAY, "00ff", "DE", True)
    assert scans.read(line(), FIFTH + 86_399_999) == Line(Thing("p", "04006381333931"), TODAY)
    assert scans.read(line(), FIFTH - 1) == Line(Thing("p", "04006381333931"), TODAY - timedelta(days=1))
    odd = line(serial="a b", place="XYZ0", country="de", bot=1)
    assert scans.read(odd, FIFTH) == Line(Thing("p", "04006381333931"), TODAY)
    factory = line(scan="f", code=FACTORY_ID, serial="S9", place=5)
    assert scans.read(factory, FIFTH) == Line(Thing("f", FACTORY_ID), TODAY)
    assert scans.read(line(scan="c", code=CODE), FIFTH) == Line(Thing("c", CODE), TODAY)


def test_a_scan_is_of_a_day_in_utc_wherever_the_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        monkeypatch.setenv("TZ", "LIMA5")
        time.tzset()
        told = scans.read(line(), FIFTH)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert told is not None
    assert told.day == TODAY


@pytest.mark.parametrize(
    "other",
    ["", "5", "[]", "{}", line(scan="x"), line(scan=[]), line(code="4006381333930"), line(code=5), '{"scan": "p"}'],
)
def test_another_line_is_no_scan(other: str) -> None:
    assert scans.read(other, FIFTH) is None
    assert scans.read(line(), 10**18) is None


def test_scans_add_up_by_thing_and_day_and_an_item_counts_for_its_product() -> None:
    one, other = Line(SHIRT, TODAY, "0001", "DE"), Line(SHIRT, TODAY, "0002", "BR")
    bot, placeless = Line(SHIRT.whole, TODAY, "0003", "DE", bot=True), Line(SHIRT, TODAY)
    item = Day(3, 0, 2, {"DE": 1, "BR": 1, "unknown": 1}, frozenset({"0001", "0002"}))
    assert scans.summed([one, bot, other, placeless]) == {
        (SHIRT, TODAY): item,
        (SHIRT.whole, TODAY): replace(item, bots=1),
    }
    assert (SHIRT.name, SHIRT.whole.name) == ("p#04006381333931#S9", "p#04006381333931")
    assert item.known_countries == 2


def test_of_many_places_the_smallest_marks_are_kept_and_the_greater_number() -> None:
    first = Day(places=50, marks=frozenset(f"{mark:04x}" for mark in range(1, 51)))
    assert (first + Day(places=1, marks=frozenset({"0000"}))).marks == {f"{mark:04x}" for mark in range(50)}
    assert (Day(places=7) + Day(places=9)).places == (Day(places=9) + Day(places=7)).places == 9


# --- Answers on a day


def test_all_of_a_certificate_is_public_but_who_its_certifier_is_to_us() -> None:
    more: dict[str, Any] = {
        "gdti": "9521234543213",
        "registered_at": "2026-01-01T00:00:00Z",
        "confirmed_at": "2026-01-02T00:00:00Z",
        "declared": Declared(date(2026, 1, 1), date(2026, 2, 2)),
    }
    assert public_certificate(certificate(**more)) == replace(CERTIFICATE, **more)


def test_an_answer_tells_the_day_the_reason_and_what_was_known() -> None:
    page = replace(
        CERTIFICATE,
        registered_at="2026-01-01T00:00:00Z",
        confirmed_at="2026-02-01T00:00:00Z",
        history=(change("suspended", "2026-03-01", "2026-03-05T00:00:00Z", "Dirty water"),),
    )
    day = date(2026, 3, 3)
    assert answer_on(page, day) == CertificateAnswer(page, day, Status.SUSPENDED, "Dirty water", True)
    early, known, before = "2026-01-15T00:00:00Z", "2026-03-04T00:00:00Z", "2025-12-31T00:00:00Z"
    assert answer_on(page, day, known) == CertificateAnswer(page, day, Status.VALID, None, True, known)
    assert answer_on(page, day, early) == CertificateAnswer(page, day, Status.VALID, None, False, early)
    assert answer_on(page, day, before) == CertificateAnswer(page, day, Status.UNKNOWN, None, False, before)


def test_what_was_told_later_is_what_held_by_then_and_was_not_on_record() -> None:
    page = replace(CERTIFICATE, history=(change("suspended", "2026-03-01", "2026-03-05T00:00:00Z"),))
    assert told_later(page, date(2026, 3, 1), "2026-03-04T23:59:59Z") == page.history
    assert told_later(page, date(2026, 3, 1), "2026-03-05T00:00:00Z") == ()
    assert told_later(page, date(2026, 2, 28), "2026-03-04T23:59:59Z") == ()


# --- Requests to certifiers


def ask(held: Request | None, certifier: str = "sureseal", day: date = TODAY) -> Request | None:
    return requests.asked(held, "C", "F", certifier, day)


def test_the_first_request_is_mailed_on_the_day_on_which_it_is_asked() -> None:
    assert ask(None) == Request("C", "F", "sureseal", "2026-05-05", "2026-05-05")


HELD = Request("C", "F", "sureseal", "2026-05-01", "2026-05-01", version=3)
REFUSED = replace(HELD, open=False, answered="2026-05-02", reason="Not ours.")


def test_the_same_certifier_is_asked_again_after_a_week() -> None:
    again = replace(HELD, asked="2026-05-08", mailed="2026-05-08")
    assert ask(HELD, day=date(2026, 5, 7)) is None
    assert ask(HELD, day=date(2026, 5, 8)) == again
    assert ask(REFUSED, day=date(2026, 5, 9)) == replace(again, asked="2026-05-09", mailed="2026-05-09")
    with pytest.raises(Conflict, match="The certifier said no on 2026-05-02"):
        ask(REFUSED, day=date(2026, 5, 8))


def test_another_certifier_is_asked_at_once_and_who_was_asked_within_the_week_is_remembered() -> None:
    held = replace(HELD, others={"oldseal": "2026-04-28", "lateseal": "2026-04-29"})
    other = Request(
        "C",
        "F",
        "newseal",
        "2026-05-05",
        "2026-05-05",
        others={"lateseal": "2026-04-29", "sureseal": "2026-05-01"},
        version=3,
    )
    assert ask(held, "newseal") == other
    with pytest.raises(Conflict, match="You asked this certifier on 2026-04-29"):
        ask(held, "lateseal")
    assert ask(held, "oldseal") == replace(other, certifier_id="oldseal")
    untold = ask(replace(HELD, mailed=None), "newseal")
    assert untold == replace(other, others={})


def test_a_request_may_be_repeated_by_what_its_certifier_heard_last() -> None:
    assert (HELD.last, REFUSED.last) == ("2026-05-01", "2026-05-02")
    assert not HELD.may_be_asked_again("sureseal", date(2026, 5, 7))
    assert HELD.may_be_asked_again("newseal", date(2026, 5, 7))
    assert replace(HELD, mailed=None).may_be_asked_again("sureseal", TODAY)
