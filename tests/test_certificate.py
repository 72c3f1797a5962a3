"""What a certificate is worth on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.certificate import (
    Certificate,
    Standing,
    StandingChange,
    Status,
    change_in_force,
    last_said,
    reason_on,
    status_on,
)

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
ACTIVE, SUSPENDED, WITHDRAWN = Standing.ACTIVE, Standing.SUSPENDED, Standing.WITHDRAWN
DAY = timedelta(days=1)
DAYS = st.dates(date(2025, 6, 1), date(2027, 6, 1))


def said(
    standing: Standing, effective: date, reason: str = "because", recorded: str = "2026-01-01T00:00:00Z"
) -> StandingChange:
    return StandingChange(standing, reason, effective, recorded)


def certificate(*history: StandingChange, first: date = FIRST, last: date = LAST) -> Certificate:
    return Certificate(
        code="C",
        number="N",
        standard_id="s",
        standard_name="S",
        certifier_id="c",
        certifier="C",
        holder_id="H",
        holder_name="H",
        scope="all",
        products=(),
        valid_from=first,
        valid_to=last,
        confirmed=True,
        history=history,
    )


CHANGES = st.builds(said, st.sampled_from(Standing), DAYS)
CERTIFICATES = st.builds(lambda changes: certificate(*changes), st.lists(CHANGES, max_size=6))


def test_what_was_said_last_is_what_was_recorded_last_whatever_day_it_speaks_of() -> None:
    later, last = said(SUSPENDED, LAST), said(ACTIVE, FIRST)
    assert last_said(certificate()) is None
    assert last_said(certificate(later)) is later
    assert last_said(certificate(said(WITHDRAWN, FIRST), later, last)) is last


@pytest.mark.safety("certificates.last-second", "certificates.not-yet")
@pytest.mark.parametrize(
    ("day", "status"),
    [
        (FIRST - DAY, Status.NOT_YET_VALID),
        (FIRST, Status.VALID),
        (LAST, Status.VALID),
        (LAST + DAY, Status.EXPIRED),
    ],
)
def test_it_holds_from_the_first_day_to_the_last_both_included(day: date, status: Status) -> None:
    assert status_on(certificate(), day) is status
    assert status_on(certificate(said(ACTIVE, FIRST)), day) is status


def test_a_certificate_of_one_day_holds_on_that_day() -> None:
    short = certificate(first=FIRST, last=FIRST)
    assert [status_on(short, FIRST + n * DAY) for n in (-1, 0, 1)] == [
        Status.NOT_YET_VALID,
        Status.VALID,
        Status.EXPIRED,
    ]


@pytest.mark.safety("certificates.suspended-beats-expired")
@pytest.mark.parametrize("day", [FIRST - DAY, FIRST, LAST, LAST + DAY])
def test_withdrawn_beats_suspended_beats_the_dates(day: date) -> None:
    early = FIRST - 100 * DAY
    assert status_on(certificate(said(SUSPENDED, early)), day) is Status.SUSPENDED
    assert status_on(certificate(said(SUSPENDED, early), said(WITHDRAWN, early)), day) is Status.WITHDRAWN


def test_a_withdrawal_counts_from_its_first_day_and_not_before() -> None:
    day = date(2026, 5, 5)
    withdrawn = certificate(said(WITHDRAWN, day))
    assert status_on(withdrawn, day - DAY) is Status.VALID
    assert status_on(withdrawn, day) is Status.WITHDRAWN
    assert status_on(withdrawn, LAST + DAY) is Status.WITHDRAWN


def test_what_was_recorded_later_stands_also_if_it_took_effect_earlier() -> None:
    suspended, lifted = date(2026, 3, 10), date(2026, 3, 1)
    corrected = certificate(said(SUSPENDED, suspended), said(ACTIVE, lifted, recorded="2026-03-20T00:00:00Z"))
    assert status_on(corrected, date(2026, 3, 15)) is Status.VALID
    backdated = certificate(said(ACTIVE, FIRST), said(SUSPENDED, suspended), said(WITHDRAWN, lifted))
    assert status_on(backdated, date(2026, 3, 5)) is Status.WITHDRAWN
    assert status_on(backdated, date(2026, 3, 15)) is Status.WITHDRAWN
    assert status_on(backdated, date(2026, 2, 28)) is Status.VALID


def test_a_suspension_that_was_lifted_is_history_of_its_days_only() -> None:
    lifted = certificate(said(SUSPENDED, date(2026, 3, 1), "dirty water"), said(ACTIVE, date(2026, 4, 1), "mended"))
    assert [
        status_on(lifted, day) for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1))
    ] == [
        Status.VALID,
        Status.SUSPENDED,
        Status.SUSPENDED,
        Status.VALID,
    ]
    assert reason_on(lifted, date(2026, 3, 15)) == "dirty water"
    assert reason_on(lifted, date(2026, 4, 15)) is None


@given(CERTIFICATES, DAYS)
def test_the_status_is_never_unknown_and_agrees_with_the_statement_in_force(each: Certificate, day: date) -> None:
    status, change = status_on(each, day), change_in_force(each, day)
    standing = change.standing if change else ACTIVE
    assert status is not Status.UNKNOWN
    assert (status is Status.WITHDRAWN) == (standing is WITHDRAWN)
    assert (status is Status.SUSPENDED) == (standing is SUSPENDED)
    if status is Status.VALID:
        assert FIRST <= day <= LAST
    assert (reason_on(each, day) is not None) == (status in (Status.SUSPENDED, Status.WITHDRAWN))


@given(CERTIFICATES, DAYS)
def test_a_statement_that_takes_effect_later_changes_nothing_of_the_days_before(each: Certificate, day: date) -> None:
    for standing in Standing:
        longer = replace(each, history=(*each.history, said(standing, day + DAY)))
        assert status_on(longer, day) is status_on(each, day)


@given(CERTIFICATES, DAYS, DAYS)
def test_the_last_word_holds_for_good_from_the_day_of_its_effect(each: Certificate, effective: date, day: date) -> None:
    ended = replace(each, history=(*each.history, said(WITHDRAWN, effective)))
    assert (status_on(ended, day) is Status.WITHDRAWN) or day < effective


@given(CERTIFICATES, DAYS, DAYS)
def test_what_has_expired_is_never_valid_again_by_waiting(each: Certificate, one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    if status_on(each, earlier) is Status.EXPIRED:
        assert status_on(each, later) not in (Status.VALID, Status.NOT_YET_VALID)
