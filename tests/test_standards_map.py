"""The rules of the map: what is fresh, what fits, how standards compare, what certificates cover on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.certificate import Standing, StandingChange
from chalicelib.domain.disclosure import PublicCertificate
from chalicelib.domain.standard import TOPICS, Area, Card, Criterion, Degree, Kind, Source, Standard, card
from chalicelib.domain.standards_map import (
    Freshness,
    Wish,
    after_put,
    by_degree,
    compared,
    coverage,
    freshness,
    in_order,
)
from chalicelib.web import standard_words

TODAY = date(2026, 11, 22)
SOURCE = Source("The text")
ORGANIC = Standard(
    "organic",
    "Organic",
    "Owners",
    kind=Kind.CERTIFICATION,
    sectors=("textiles",),
    criteria=(
        Criterion("wastewater", Degree.UNSPECIFIED, SOURCE),
        Criterion("chemicals", Degree.RECOMMENDED, SOURCE),
        Criterion("chemicals", Degree.TERM, SOURCE, "Inputs"),
    ),
    reviewed="2026-01-15",
    reviewed_by="owner",
)
AUDIT = Card("audit", "Audit", "O", kind=Kind.AUDIT_SCHEME, topics={"wages": Degree.IMMEDIATE})
UNREAD = Card("unread", "A name only", "O")
CERTIFICATE = PublicCertificate(
    code="C1",
    number="N1",
    standard_id="organic",
    standard_name="Organic",
    certifier="Seal",
    holder_id="F1",
    holder_name="Mill",
    scope="All",
    products=(),
    valid_from=date(2026, 1, 1),
    valid_to=date(2027, 1, 1),
    confirmed=True,
    history=(),
)
CARDS = {each.standard_id: each for each in (card(ORGANIC), AUDIT, UNREAD)}


def test_every_word_of_the_rules_has_words_for_people() -> None:
    assert list(standard_words.TOPICS) == list(TOPICS)
    assert list(standard_words.AREAS) == list(Area)
    assert list(standard_words.KINDS) == list(standard_words.LEADS_TO) == list(Kind)
    assert list(standard_words.DEGREES) == list(Degree)


def test_a_topic_is_as_binding_as_the_strictest_of_its_criteria_and_topics_come_in_order() -> None:
    assert list(ORGANIC.topics.items()) == [("wastewater", Degree.UNSPECIFIED), ("chemicals", Degree.TERM)]


@pytest.mark.parametrize(
    ("reviewed", "expected"),
    [
        (None, Freshness.NEVER),
        ("2026-11-22", Freshness.NEW),
        ("2025-11-23", Freshness.NEW),
        ("2025-11-22", Freshness.OLD),
        ("2019-02-01", Freshness.OLD),
    ],
)
def test_an_entry_is_old_from_twelve_months_after_its_review_on(reviewed: str | None, expected: Freshness) -> None:
    assert freshness(reviewed, TODAY) is expected


def test_names_alone_leave_what_the_map_knows() -> None:
    named = after_put(replace(ORGANIC, version=3), Standard("organic", "Renamed", "New owners"))
    assert named == replace(ORGANIC, name="Renamed", owner="New owners", version=3)


def test_the_same_facts_keep_the_later_review_whoever_made_it() -> None:
    again = replace(ORGANIC, reviewed="2025-12-01", reviewed_by=None)
    assert after_put(ORGANIC, again) == ORGANIC
    newer = after_put(ORGANIC, replace(again, reviewed="2026-06-01"))
    assert (newer.reviewed, newer.reviewed_by) == ("2026-06-01", "registry")


def test_other_facts_need_a_review_of_their_own() -> None:
    other = replace(ORGANIC, criteria=ORGANIC.criteria[:1], reviewed=None, reviewed_by=None)
    assert (after_put(ORGANIC, other).reviewed, after_put(ORGANIC, other).reviewed_by) == (None, None)
    reviewed = after_put(ORGANIC, replace(other, reviewed="2025-12-01"))
    assert (reviewed.reviewed, reviewed.reviewed_by) == ("2025-12-01", "registry")


def test_nobody_else_can_have_reviewed_what_is_put_for_the_first_time() -> None:
    assert after_put(None, ORGANIC).reviewed_by == "registry"


@pytest.mark.parametrize(
    ("wish", "fits"),
    [
        (Wish(), {"organic", "audit", "unread"}),
        (Wish(kind=Kind.AUDIT_SCHEME), {"audit"}),
        (Wish(area=Area.ENVIRONMENT), {"organic"}),
        (Wish(topic="wages"), {"audit"}),
        (Wish(sector="textiles"), {"organic", "audit"}),
        (Wish(sector="toys"), {"audit"}),
        (Wish(country="BD"), {"organic", "audit"}),
        (Wish(topic="wages", kind=Kind.LABEL), set()),
    ],
)
def test_a_wish_is_met_in_all_that_it_asks_and_a_name_only_meets_an_open_one(wish: Wish, fits: set[str]) -> None:
    assert {each.standard_id for each in CARDS.values() if wish.admits(each)} == fits


def test_a_standard_for_some_countries_is_not_for_others() -> None:
    narrow = replace(AUDIT, countries=("TR",))
    assert Wish(country="TR").admits(narrow)
    assert not Wish(country="BD").admits(narrow)


def test_what_is_not_assessed_comes_last() -> None:
    assert [each.standard_id for each in in_order(CARDS.values())] == ["audit", "organic", "unread"]


def test_a_comparison_has_the_topics_of_any_and_says_where_nothing_is_known() -> None:
    found = compared([ORGANIC.topics, AUDIT.topics])
    assert found == {
        Area.ENVIRONMENT: [("wastewater", [Degree.UNSPECIFIED, None]), ("chemicals", [Degree.TERM, None])],
        Area.LABOUR: [("wages", [None, Degree.IMMEDIATE])],
    }


def test_a_topic_lists_the_most_binding_first() -> None:
    stricter = replace(AUDIT, standard_id="strict", topics={"chemicals": Degree.IMMEDIATE})
    found = by_degree([*CARDS.values(), stricter], "chemicals")
    assert [(degree, [each.standard_id for each in cards]) for degree, cards in found.items()] == [
        (Degree.IMMEDIATE, ["strict"]),
        (Degree.TERM, ["organic"]),
    ]


def test_only_certificates_that_hold_and_certify_cover_a_topic_and_confirmed_ones_come_first() -> None:
    suspended = (StandingChange(Standing.SUSPENDED, "", TODAY, "2026-11-22T00:00:00Z"),)
    held = [
        replace(CERTIFICATE, code="declared", confirmed=False),
        CERTIFICATE,
        replace(CERTIFICATE, code="suspended", history=suspended),
        replace(CERTIFICATE, code="expired", valid_to=date(2026, 11, 21)),
        replace(CERTIFICATE, code="of-audit", standard_id="audit"),
        replace(CERTIFICATE, code="of-unread", standard_id="unread"),
        replace(CERTIFICATE, code="of-none", standard_id="nowhere"),
    ]
    found = coverage(held, CARDS, TODAY)
    assert {topic: [(each.certificate.code, each.degree) for each in by] for topic, by in found.topics.items()} == {
        "wastewater": [("C1", Degree.UNSPECIFIED), ("declared", Degree.UNSPECIFIED)],
        "chemicals": [("C1", Degree.TERM), ("declared", Degree.TERM)],
    }
    assert {each.code for each in found.not_assessed} == {"of-unread", "of-none"}
    assert [each.code for each in found.no_certification] == ["of-audit"]
