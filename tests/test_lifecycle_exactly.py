"""What no other test of the records' lives noticed when a rule was changed: docs/mutants.md says how that was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.errors import Conflict
from chalicelib.domain.factory import Before, Factory, IcsStatement, Lead, Said, Source, State

DAY, LATER = date(2026, 11, 22), date(2026, 11, 23)
OLD = {"country": "BD", "address": "1 Old Road", "city": "Dhaka", "region": "Dhaka Division"}
ONE = Factory("BDF8QY40YGE1", ics=IcsStatement(1, "2026-01-02", OLD), published=True)
INTO = replace(ONE, factory_id="BD1SW0HXR0ZW")
THIRD = replace(ONE, factory_id="TRF8QY40YGE1")


def pair(given: tuple[Factory, Factory] | None) -> tuple[Factory, Factory]:
    assert given is not None
    return given


def told(factory: Factory) -> tuple[Any, ...]:
    return factory.state, factory.state_since, factory.successor, factory.before


def test_a_merged_record_leads_from_that_day_and_remembers_what_it_was() -> None:
    one, into = pair(lifecycle.merged(ONE, INTO, DAY))
    assert told(one) == (State.MERGED, "2026-11-22", INTO.factory_id, Before(State.OPEN, None))
    assert into.led == {ONE.factory_id: Lead.MERGED}
    _, into = pair(lifecycle.merged(replace(ONE, published=False), INTO, DAY))
    assert into.led == {ONE.factory_id: Lead.DRAFT}


def test_a_move_into_another_record_is_told_from_its_day_and_may_be_dated_anew() -> None:
    one, into = pair(lifecycle.moved_into(ONE, INTO, DAY))
    assert told(one) == (State.MOVED, "2026-11-22", INTO.factory_id, Before(State.OPEN, None))
    assert into.led == {ONE.factory_id: Lead.MOVED}
    assert lifecycle.moved_into(one, into, DAY) is None
    again, _ = pair(lifecycle.moved_into(one, into, LATER))
    assert told(again) == (State.MOVED, "2026-11-23", INTO.factory_id, Before(State.OPEN, None))
    with pytest.raises(Conflict):
        lifecycle.moved_into(one, THIRD, DAY)


def test_a_factory_that_closed_or_moved_that_day_may_still_move_into_another_record() -> None:
    closed = lifecycle.closed(ONE, DAY)
    moved = lifecycle.moved(ONE, {"address": "9 New Road"}, DAY)
    assert closed is not None
    assert moved is not None
    for one in (closed, moved):
        after, _ = pair(lifecycle.moved_into(one, INTO, DAY))
        assert (after.state, after.successor) == (State.MOVED, INTO.factory_id)


def test_a_draft_does_not_move() -> None:
    with pytest.raises(Conflict, match="A draft is shown to nobody"):
        lifecycle.moved_into(replace(ONE, published=False), INTO, DAY)


def test_only_what_was_done_is_undone() -> None:
    moved, left = pair(lifecycle.moved_into(ONE, INTO, DAY))
    merged, kept = pair(lifecycle.merged(ONE, INTO, DAY))
    assert pair(lifecycle.returned(moved, left)) == (ONE, INTO)
    assert pair(lifecycle.unmerged(merged, kept)) == (ONE, INTO)
    for undo, other in ((lifecycle.returned, merged), (lifecycle.unmerged, moved)):
        assert undo(other, INTO) is None
        assert undo(ONE, INTO) is None
    assert lifecycle.returned(moved, THIRD) is None
    assert lifecycle.unmerged(merged, THIRD) is None


def test_a_record_that_does_not_remember_what_it_was_is_open_again() -> None:
    merged, into = pair(lifecycle.merged(ONE, INTO, DAY))
    after, _ = pair(lifecycle.unmerged(replace(merged, before=None), into))
    assert told(after) == (State.OPEN, None, None, None)


def test_a_move_takes_back_every_word_of_the_old_address() -> None:
    own = {"postal_code": Said("1000", Source.FACTORY, "2026-01-01")}
    moved = lifecycle.moved(replace(ONE, own=own), {"address": "9 New Road", "city": "Gazipur"}, DAY)
    assert moved is not None
    assert moved.own == {
        "address": Said("9 New Road", Source.STAFF, "2026-11-22"),
        "city": Said("Gazipur", Source.STAFF, "2026-11-22"),
        "region": Said("", Source.STAFF, "2026-11-22"),
    }
    assert moved.former == {"address": "1 Old Road", "city": "Dhaka", "region": "Dhaka Division", "postal_code": "1000"}


def test_an_address_mended_on_its_day_keeps_the_former_one_and_a_second_move_has_its_own() -> None:
    moved = lifecycle.moved(ONE, {"address": "9 New Road"}, DAY)
    assert moved is not None
    mended = lifecycle.moved(moved, {"address": "9a New Road"}, DAY)
    assert mended is not None
    assert mended.former == moved.former
    second = lifecycle.moved(mended, {"address": "3 Far Road"}, LATER)
    assert second is not None
    assert second.former == {"address": "9a New Road"}
    back = lifecycle.reopened(second)
    assert back is not None
    assert (back.state, back.state_since, back.former) == (State.OPEN, None, None)


def test_a_closed_factory_does_not_move_even_to_where_it_is() -> None:
    closed = lifecycle.closed(ONE, DAY)
    assert closed is not None
    with pytest.raises(Conflict, match="has closed"):
        lifecycle.moved(closed, OLD, DAY)


def test_nothing_new_is_put_on_a_merged_record_and_the_answer_names_the_other() -> None:
    merged, _ = pair(lifecycle.merged(ONE, INTO, DAY))
    with pytest.raises(Conflict, match="merged into BD-1SW0H-XR0ZW"):
        lifecycle.refuse_led(merged)
    moved, _ = pair(lifecycle.moved_into(ONE, INTO, DAY))
    lifecycle.refuse_led(moved)
    lifecycle.refuse_led(ONE)
    lifecycle.refuse_led(replace(ONE, state=State.MERGED))


def test_a_draft_with_certificates_does_not_lead_on_and_whatever_else_does() -> None:
    draft = replace(ONE, published=False)
    leading, _ = pair(lifecycle.merged(draft, INTO, DAY))
    with pytest.raises(Conflict, match="holds certificates"):
        lifecycle.refuse_hiding(leading, {"CBDF8QY40YGE1"})
    lifecycle.refuse_hiding(leading, ())
    lifecycle.refuse_hiding(draft, {"CBDF8QY40YGE1"})
    lifecycle.refuse_hiding(replace(leading, published=True), {"CBDF8QY40YGE1"})


def test_a_record_to_which_others_lead_leads_nowhere_and_the_answer_names_them() -> None:
    led = {INTO.factory_id: Lead.MERGED, "TRF8QY40YGE1": Lead.MERGED}
    with pytest.raises(Conflict, match="BD-1SW0H-XR0ZW, TR-F8QY4-0YGE1"):
        lifecycle.merged(replace(ONE, led=led), replace(INTO, factory_id="CNF8QY40YGE1"), DAY)
