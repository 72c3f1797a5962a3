"""What becomes of factories: nobody is led twice, and undoing a merge restores both records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import lifecycle
from chalicelib.domain.audit import Audit
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.disclosure import public_factory, united
from chalicelib.domain.errors import Conflict, Malformed
from chalicelib.domain.factory import Audience, Factory, IcsStatement, Lead, Said, Source, State

TODAY = date(2026, 11, 22)
IDS = ("BDF8QY40YGE1", "BD1SW0HXR0ZW", "CNF8QY40YGE1", "TRF8QY40YGE1")


def factory(factory_id: str = IDS[0], **changes: object) -> Factory:
    own = {"name": Said(f"Mill {factory_id}", Source.FACTORY, "2026-01-01")}
    ics = IcsStatement(1, "2026-01-02", {"country": "BD", "city": "Dhaka", "region": "Dhaka Division"})
    return replace(Factory(factory_id, own=own, ics=ics, published=True), **changes)  # type: ignore[arg-type]


def certificate(code: str, holder: str) -> Certificate:
    days = (date(2026, 1, 1), date(2027, 1, 1))
    return Certificate(code, code, "gots", "Organic", "seal", "Seal", holder, "Mill", "all", (), *days, True, ())


steps = st.lists(
    st.tuples(
        st.sampled_from(["merge", "unmerge", "move_into", "move", "close", "reopen"]),
        st.sampled_from(IDS),
        st.sampled_from(IDS),
        st.sampled_from(["17 Mill Road", "9 River Side"]),
    ),
    max_size=25,
)


def taken(held: dict[str, Factory], step: tuple[str, str, str, str]) -> dict[str, Factory]:
    action, one_id, other_id, street = step
    one, other = held[one_id], held[other_id]
    changed: tuple[Factory, ...] | Factory | None
    match action:
        case "merge":
            changed = lifecycle.merged(one, other, TODAY)
        case "unmerge":
            changed = lifecycle.unmerged(one, held[one.successor or other_id])
        case "move_into":
            changed = lifecycle.moved_into(one, other, TODAY)
        case "move":
            changed = lifecycle.moved(one, {"address": street}, TODAY)
        case "close":
            changed = lifecycle.closed(one, TODAY)
        case _:
            changed = lifecycle.returned(one, held[one.successor]) if one.successor else lifecycle.reopened(one)
    after = (changed,) if isinstance(changed, Factory) else changed or ()
    return {**held, **{each.factory_id: each for each in after}}


@given(steps)
def test_whatever_staff_do_nobody_is_led_twice_and_both_records_agree(done: list[tuple[str, str, str, str]]) -> None:
    held = {factory_id: factory(factory_id) for factory_id in IDS}
    for step in done:
        try:
            held = taken(held, step)
        except Conflict:
            continue
        for each in held.values():
            assert (each.state in (State.MERGED, State.MOVED)) or each.successor is None
            if each.successor is not None:
                assert held[each.successor].successor is None
                assert each.factory_id in held[each.successor].led
            for led in each.led:
                assert held[led].successor == each.factory_id


@given(steps, st.sampled_from(IDS), st.sampled_from(IDS))
def test_merging_and_undoing_restores_both_records_whatever_came_before(
    done: list[tuple[str, str, str, str]], one_id: str, other_id: str
) -> None:
    held = {factory_id: factory(factory_id) for factory_id in IDS}
    for step in done:
        try:
            held = taken(held, step)
        except Conflict:
            continue
    one, other = held[one_id], held[other_id]
    try:
        merged = lifecycle.merged(one, other, TODAY)
    except Conflict:
        return
    if merged is None:
        return
    assert merged[0].successor == other_id
    assert lifecycle.merged(*merged, TODAY) is None
    assert lifecycle.unmerged(*merged) == (one, other)
    before = [public_factory(each, [certificate("C1", each.factory_id)], {}) for each in (one, other)]
    after = [public_factory(each, [certificate("C1", each.factory_id)], {}) for each in lifecycle.unmerged(*merged)]
    assert before == after


def test_a_survivor_shows_the_audits_and_certificates_of_the_other_and_nothing_else_of_it() -> None:
    audit = Audit("A-1", 1, "social", "initial", None, "2026-02-03")
    one, into = lifecycle.merged(factory(audits=(audit,)), factory(IDS[1]), TODAY)
    page, led = (
        public_factory(into, [certificate("C2", IDS[1])], {}),
        public_factory(one, [certificate("C1", IDS[0])], {}),
    )
    whole = united(page, [led])
    assert [each.code for each in whole.certificates] == ["C2", "C1"]
    assert [each.holder_id for each in whole.certificates] == [IDS[1], IDS[0]]
    assert [each.date for each in whole.audits] == ["2026-02-03"]
    assert whole.merged == (IDS[0],)
    assert (whole.fields, whole.members) == (page.fields, page.members)


def test_what_a_merged_record_keeps_private_does_not_show_on_the_other() -> None:
    audit = Audit("A-1", 1, "social", "initial", None, "2026-02-03")
    hidden = factory(audits=(audit,), privacy={"audits": Audience.PRIVATE})
    one, into = lifecycle.merged(hidden, factory(IDS[1]), TODAY)
    assert united(public_factory(into, [], {}), [public_factory(one, [], {})]).audits == ()


def test_a_page_that_leads_elsewhere_is_not_united_with_one_that_claims_it() -> None:
    one, _ = lifecycle.merged(factory(), factory(IDS[1]), TODAY)
    claimant = public_factory(factory(IDS[2], led={IDS[0]: Lead.MERGED}), [], {})
    whole = united(claimant, [public_factory(one, [certificate("C1", IDS[0])], {})])
    assert (whole.certificates, whole.merged) == ((), ())


@pytest.mark.parametrize(
    ("one", "into", "words"),
    [
        (factory(), factory(), "itself"),
        (factory(), factory(IDS[1], published=False), "draft"),
        (factory(successor=IDS[2], state=State.MERGED), factory(IDS[1]), "leads to CN-F8QY4-0YGE1 already"),
        (factory(), factory(IDS[1], successor=IDS[2], state=State.MERGED), "leads to CN-F8QY4-0YGE1 itself"),
        (factory(led={IDS[2]: Lead.MERGED}), factory(IDS[1]), "led twice"),
        (factory(), factory(IDS[1], led={f"X{number}": Lead.MERGED for number in range(10)}), "At most 10"),
    ],
)
def test_what_would_lead_people_astray_is_refused_with_the_reason(one: Factory, into: Factory, words: str) -> None:
    with pytest.raises(Conflict, match=words):
        lifecycle.merged(one, into, TODAY)


def test_a_draft_leads_on_without_the_public_learning_of_it() -> None:
    one, into = lifecycle.merged(factory(published=False), factory(IDS[1]), TODAY)
    assert public_factory(one, [], {}) is None
    assert public_factory(into, [], {}).merged == ()


def test_a_move_replaces_the_whole_address_and_tells_the_former_one() -> None:
    after = lifecycle.moved(factory(), {"address": "17 Mill Road", "city": "Gazipur"}, TODAY)
    page = public_factory(after, [], {})
    assert (page.state, page.state_since, page.successor) == ("moved", "2026-11-22", None)
    assert (page.fields["address"], page.fields["city"]) == ("17 Mill Road", "Gazipur")
    assert "region" not in page.fields
    assert page.former == {"city": "Dhaka", "region": "Dhaka Division"}
    assert page.sources["city"] == {"source": "staff", "date": "2026-11-22"}
    assert lifecycle.moved(after, {"address": "17 Mill Road", "city": "Gazipur"}, TODAY) is None


def test_a_correction_of_a_move_keeps_the_former_address_and_a_former_address_kept_private_stays_so() -> None:
    hidden = factory(privacy={"city": Audience.PRIVATE})
    once = lifecycle.moved(hidden, {"address": "17 Mil Road"}, TODAY)
    again = lifecycle.moved(once, {"address": "17 Mill Road"}, TODAY)
    assert again.former == once.former == {"city": "Dhaka", "region": "Dhaka Division"}
    assert public_factory(again, [], {}).former == {"region": "Dhaka Division"}
    later = lifecycle.moved(again, {"address": "17 Mill Road"}, date(2026, 11, 21))
    assert (later.former, later.state_since) == (once.former, "2026-11-21")


def test_a_move_without_an_address_is_malformed() -> None:
    with pytest.raises(Malformed):
        lifecycle.moved(factory(), {"postal_code": "1702"}, TODAY)


def test_closing_and_reopening_say_since_when_and_repeat_without_effect() -> None:
    shut = lifecycle.closed(factory(), TODAY)
    assert (shut.state, shut.state_since) == (State.CLOSED, "2026-11-22")
    assert lifecycle.closed(shut, TODAY) is None
    assert lifecycle.closed(shut, date(2026, 11, 1)).state_since == "2026-11-01"
    with pytest.raises(Conflict, match="Reopen"):
        lifecycle.moved(shut, {"city": "Gazipur"}, TODAY)
    assert lifecycle.reopened(shut) == factory()
    assert lifecycle.reopened(factory()) is None


def test_a_merged_record_is_neither_closed_nor_reopened() -> None:
    one, _ = lifecycle.merged(factory(), factory(IDS[1]), TODAY)
    for act in (lambda: lifecycle.closed(one, TODAY), lambda: lifecycle.reopened(one)):
        with pytest.raises(Conflict, match="Undo that first"):
            act()
