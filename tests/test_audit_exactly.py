"""What no other test of a batch of audits noticed when a rule was changed: docs/mutants.md says how that was found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib.domain.audit import Audit, Outcome, RowResult, SyncItem, plan_site, plan_sync
from chalicelib.domain.factory import Factory, IcsStatement, Link, Source, State

HELD = "BDF8QY40YGE1"


def row(version: int = 1, reference: str = "A", index: int = 0, name: str = "Mill", **changes: Any) -> SyncItem:
    audit = Audit(reference, version, "social", "initial", None, "2026-01-02", ())
    return SyncItem(index, "S-1", {"name": name, "country": "BD"}, replace(audit, **changes))


def new_id(country: str) -> str:
    return f"{country}F8QY40YGE1"


def answers(held: Factory | None, *rows: SyncItem) -> list[RowResult]:
    return [step.result for step in plan_site("S-1", held, rows, new_id).steps]


def on_record(*rows: SyncItem) -> Factory:
    wanted = plan_site("S-1", None, rows, new_id).wanted
    assert wanted is not None
    return wanted


def test_a_new_site_gets_an_id_of_its_country_and_the_answer_has_it() -> None:
    factory = on_record(row())
    assert (factory.factory_id, factory.site, factory.published) == (HELD, "S-1", True)
    assert answers(None, row(index=7)) == [RowResult(7, Outcome.CREATED, HELD, None)]


def test_a_row_of_a_merged_record_is_answered_with_the_one_that_it_leads_to() -> None:
    merged = replace(on_record(row()), state=State.MERGED, successor="BD1SW0HXR0ZW")
    assert answers(merged, row()) == [RowResult(0, Outcome.UNCHANGED, "BD1SW0HXR0ZW", None)]
    moved = replace(merged, state=State.MOVED)
    assert answers(moved, row()) == [RowResult(0, Outcome.UNCHANGED, HELD, None)]


def test_a_row_of_older_site_data_says_that_the_newer_stays() -> None:
    held = on_record(row(version=3))
    older, same = answers(held, row(version=2, reference="B"))[0], answers(held, row(version=3, reference="B"))[0]
    assert older == RowResult(0, Outcome.UPDATED, HELD, "newer site data (version 3) is held and stays")
    assert same == RowResult(0, Outcome.UPDATED, HELD, None)


def test_a_version_with_other_content_is_told_how_to_correct_it() -> None:
    said = "version 3 is held with other content: send the correction with a higher version"
    assert answers(on_record(row(version=3)), row(version=3, name="Other")) == [
        RowResult(0, Outcome.CONFLICT, HELD, said)
    ]
    assert answers(on_record(row(version=3)), row(version=3, date="2026-01-03")) == [
        RowResult(0, Outcome.CONFLICT, HELD, said)
    ]


def test_an_older_version_of_an_audit_is_told_which_is_held() -> None:
    assert answers(on_record(row(version=3)), row(version=2)) == [
        RowResult(0, Outcome.STALE, HELD, "version 3 of this audit is held")
    ]


def test_a_record_without_word_of_ics_takes_the_first_statement_whatever_its_version() -> None:
    own = Factory(HELD, site="S-1", published=True)
    assert answers(own, row(version=1)) == [RowResult(0, Outcome.UPDATED, HELD, None)]


def test_the_first_audit_of_a_record_gives_it_its_site_and_publishes_it() -> None:
    wanted = plan_site("S-1", Factory(HELD), [row()], new_id).wanted
    assert wanted is not None
    assert (wanted.site, wanted.published) == ("S-1", True)


def test_a_row_of_another_sender_is_refused_and_names_no_factory() -> None:
    held = on_record(replace(row(), tenant="ics"))
    said = "/site: another sender of audits speaks of this site"
    assert answers(held, replace(row(version=2), tenant="other")) == [RowResult(0, Outcome.REJECTED, None, said)]
    assert answers(held, replace(row(version=2), tenant="ics")) == [RowResult(0, Outcome.UPDATED, HELD, None)]


def test_the_sender_is_noted_with_the_first_statement_and_with_a_newer_one() -> None:
    first = on_record(replace(row(), tenant="ics"))
    assert first.ics is not None
    assert first.ics.tenant == "ics"
    unnoted = on_record(row())
    newer = plan_site("S-1", unnoted, [replace(row(version=2), tenant="ics")], new_id).wanted
    assert newer is not None
    assert newer.ics is not None
    assert (newer.ics.tenant, newer.ics.version) == ("ics", 2)


def test_a_plan_tells_from_what_to_what_and_each_step_its_own() -> None:
    held = on_record(row())
    plan = plan_site("S-1", held, [row(version=3, index=1), row(version=2)], new_id)
    assert (plan.site, plan.held, plan.changes) == ("S-1", held, True)
    assert plan.wanted is plan.steps[-1].factory
    assert [step.factory is None for step in plan.steps] == [False, False]
    assert [step.item.version for step in plan.steps] == [2, 3]


def test_audits_stand_newest_first_and_site_data_has_the_later_day_of_its_version() -> None:
    earlier, later = row(reference="B", date="2026-01-01"), row(reference="A", date="2026-03-03")
    for rows in ([earlier, later], [later, earlier]):
        factory = on_record(*rows)
        assert [audit.date for audit in factory.audits] == ["2026-03-03", "2026-01-01"]
        assert factory.ics is not None
        assert factory.ics.on == "2026-03-03"


def test_a_draft_of_which_ics_speaks_is_one_no_more() -> None:
    wanted = plan_site("S-1", replace(on_record(row()), published=False), [row(version=2)], new_id).wanted
    assert wanted is not None
    assert wanted.published


def test_a_record_that_has_an_audit_and_no_word_of_ics_takes_the_word() -> None:
    held = replace(on_record(row()), ics=None)
    assert answers(held, row()) == [RowResult(0, Outcome.UPDATED, HELD, None)]


def test_links_are_since_the_first_audit_that_a_member_mandated() -> None:
    factory = on_record(
        row(reference="B", date="2026-01-03", member_ids=("m",)),
        row(reference="A", date="2026-01-02", member_ids=("n", "m")),
        row(reference="C", date="2026-01-04", member_ids=("o", "n")),
    )
    first, later = Link(Source.ICS_AUDIT, "2026-01-02"), Link(Source.ICS_AUDIT, "2026-01-04")
    assert factory.links == {"m": first, "n": first, "o": later}
    assert list(factory.links) == ["m", "n", "o"]


def test_each_site_of_a_batch_has_its_plan_from_what_is_held_of_it() -> None:
    held = {"S-1": on_record(row(version=2))}
    other = replace(row(index=2, name="Other"), site="S-2")
    plans = plan_sync(held, [row(index=0), other, row(version=3, index=1)], new_id)
    assert [plan.site for plan in plans] == ["S-1", "S-2"]
    assert [plan.held for plan in plans] == [held["S-1"], None]
    outcomes = [[step.result.outcome for step in plan.steps] for plan in plans]
    assert outcomes == [[Outcome.STALE, Outcome.UPDATED], [Outcome.CREATED]]
    assert not plan_sync(held, [row(version=1)], new_id)[0].changes


def test_a_newer_statement_has_its_own_day_and_says_what_it_says() -> None:
    newer = replace(row(version=2, name="New", date="2026-03-03"), tenant="ics")
    wanted = plan_site("S-1", on_record(row()), [newer], new_id).wanted
    assert wanted is not None
    assert wanted.ics == IcsStatement(2, "2026-03-03", {"name": "New", "country": "BD"}, tenant="ics")


def test_of_one_version_the_later_day_counts_though_the_earlier_is_told_after_it() -> None:
    held = on_record(row(date="2026-03-03"))
    wanted = plan_site("S-1", held, [row(reference="B", date="2026-01-01")], new_id).wanted
    assert wanted is not None
    assert wanted.ics == held.ics


def test_an_audit_is_the_same_whatever_the_order_of_those_that_mandated_it() -> None:
    held = on_record(row(member_ids=("m", "n")))
    for again in (("m", "n"), ("n", "m")):
        assert answers(held, row(member_ids=again)) == [RowResult(0, Outcome.UNCHANGED, HELD, None)]
