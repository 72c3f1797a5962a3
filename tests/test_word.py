"""What a certifier's word adds to what it said before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.certificate import StandingChange, status_on
from chalicelib.domain.errors import Conflict
from chalicelib.domain.word import Word
from tests.test_certificate import ACTIVE, CERTIFICATES, DAY, DAYS, FIRST, SUSPENDED, WITHDRAWN, certificate, said

TODAY = date(2026, 6, 1)
NOW = "2026-06-01T12:00:00Z"
ISSUED = said(ACTIVE, FIRST, "")


def word(standing: object = SUSPENDED, reason: str = "Waste water", effective: date | None = None) -> Word:
    return Word(standing, reason, effective, TODAY)  # type: ignore[arg-type]


def test_a_word_without_a_day_holds_from_the_day_on_which_it_is_told() -> None:
    assert word().added_to(certificate(ISSUED), NOW) == StandingChange(SUSPENDED, "Waste water", TODAY, NOW)


def test_a_word_with_a_day_holds_from_that_day() -> None:
    assert word(effective=FIRST).added_to(certificate(ISSUED), NOW) == StandingChange(
        SUSPENDED, "Waste water", FIRST, NOW
    )


@pytest.mark.parametrize("effective", [None, TODAY - 3 * DAY])
def test_the_last_word_once_more_is_nothing_new_however_much_later(effective: date | None) -> None:
    told = certificate(ISSUED, said(SUSPENDED, TODAY - 3 * DAY, "Waste water"))
    assert word(effective=effective).added_to(told, NOW) is None


@pytest.mark.parametrize(
    "new",
    [
        word(effective=TODAY),
        word(reason="Wages"),
        word(WITHDRAWN),
        word(ACTIVE),
        word(ACTIVE, "Waste water"),
    ],
)
def test_another_day_reason_or_standing_is_new(new: Word) -> None:
    assert new.added_to(certificate(ISSUED, said(SUSPENDED, TODAY - 3 * DAY, "Waste water")), NOW) is not None


def test_a_word_before_the_last_one_is_new_again() -> None:
    told = certificate(ISSUED, said(SUSPENDED, FIRST, "Waste water"), said(ACTIVE, FIRST + DAY, "Seen"))
    assert word().added_to(told, NOW) is not None


@pytest.mark.parametrize("history", [(), (ISSUED,), (ISSUED, said(ACTIVE, TODAY))])
def test_that_it_is_active_is_nothing_new_while_nobody_said_otherwise(history: tuple[StandingChange, ...]) -> None:
    for effective in (None, FIRST, TODAY):
        assert word(ACTIVE, "Surveillance audit passed", effective).added_to(certificate(*history), NOW) is None


@pytest.mark.parametrize("standing", [ACTIVE, SUSPENDED])
@pytest.mark.parametrize("effective", [None, FIRST, TODAY])
def test_a_word_in_a_list_takes_no_withdrawal_back_and_one_by_itself_does(
    standing: object, effective: date | None
) -> None:
    told = certificate(ISSUED, said(SUSPENDED, FIRST, "Waste water"), said(WITHDRAWN, FIRST, "Forged"))
    alone = word(standing, "Not forged", effective)
    assert alone.added_to(told, NOW) is not None
    with pytest.raises(Conflict, match="change this one by itself"):
        replace(alone, listed=True).added_to(told, NOW)


def test_a_word_in_a_list_says_what_it_says_by_itself_of_what_is_not_withdrawn_or_again_withdrawn() -> None:
    was_withdrawn = (ISSUED, said(WITHDRAWN, FIRST, "Forged"), said(ACTIVE, FIRST, "Not forged"))
    for history in ((), (ISSUED,), (ISSUED, said(SUSPENDED, FIRST, "Waste water")), was_withdrawn):
        for standing in (ACTIVE, SUSPENDED, WITHDRAWN):
            alone = word(standing, "Wages")
            assert replace(alone, listed=True).added_to(certificate(*history), NOW) == alone.added_to(
                certificate(*history), NOW
            )
    withdrawn = certificate(ISSUED, said(WITHDRAWN, FIRST, "Forged"))
    assert replace(word(WITHDRAWN, "Wages"), listed=True).added_to(withdrawn, NOW) is not None


@given(CERTIFICATES, st.sampled_from([ACTIVE, SUSPENDED, WITHDRAWN]), st.sampled_from(["because", "other"]), DAYS, DAYS)
def test_what_is_nothing_new_would_change_the_status_on_no_day(
    held: object, standing: object, reason: str, told: date, day: date
) -> None:
    history = held.history  # type: ignore[attr-defined]
    given_now = Word(standing, reason, None, max(told, *(each.effective for each in history), told))  # type: ignore[arg-type]
    if given_now.added_to(held, NOW) is None:  # type: ignore[arg-type]
        more = StandingChange(given_now.standing, reason, given_now.told, NOW)
        assert status_on(replace(held, history=(*history, more)), day) == status_on(held, day)  # type: ignore[type-var, arg-type]
