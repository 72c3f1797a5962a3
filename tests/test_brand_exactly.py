"""A brand's public page and what its factories' standards cover: who is listed, where, and what is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain import brand, standard, standards_map
from chalicelib.domain.brand import Brand, Place, Share, Stage
from chalicelib.domain.disclosure import PublicMember, PublicStage
from chalicelib.domain.errors import NotFound
from chalicelib.domain.standard import Area, Card, Criterion, Degree, Kind, Source, Standard
from tests.published import FACTORY, FACTORY_ID, NAME, PRODUCT

TODAY = date(2026, 5, 5)
LISTED = {
    "factory_id": FACTORY_ID,
    "name": NAME,
    "country": "BD",
    "state": "open",
    "state_since": None,
    "successor": None,
    "certificates": [["gots", "2026-01-01", "2099-12-31", 1, []]],
    "city": "Gazipur",
}


def test_the_name_of_a_member_is_read_whatever_its_case() -> None:
    assert brand.read_id("Maison-1") == "maison-1"
    with pytest.raises(NotFound):
        brand.read_id("m")


def test_a_member_s_own_words_go_before_those_of_staff() -> None:
    body = {"name": "Maison", "country": "FR", "website": "https://staff.example"}
    assert brand.of_record("maison", body) == Brand("maison", "Maison", "FR", "https://staff.example", {}, None)
    own = {"website": "https://own.example", "texts": {"fr": "Bonjour"}}
    said = brand.of_record("maison", {**body, "page": own, "ended": "2026-05-05"})
    assert said == Brand("maison", "Maison", "FR", "https://own.example", {"fr": "Bonjour"}, "2026-05-05")
    assert brand.of_record("maison", {"name": "Maison", "country": "FR"}).website is None


def test_a_list_holds_a_card_unless_only_the_page_can_say_it() -> None:
    assert brand.card(FACTORY) == LISTED
    members = tuple(PublicMember(str(number), "M") for number in range(9))
    assert brand.card(replace(FACTORY, members=members[:8])) == LISTED
    for other in (
        replace(FACTORY, members=members),
        replace(FACTORY, successor="BD2"),
        replace(FACTORY, merged=("B",)),
    ):
        assert brand.card(other) is None
    shown = {"address": "1", "workforce": "1-50", "website": "x", "region": ""}
    assert brand.listed(replace(FACTORY, fields={**FACTORY.fields, **shown})) == {
        **LISTED,
        "address": "1",
        "workforce": "1-50",
    }


def test_what_was_merged_gives_way_and_what_closed_is_not_counted() -> None:
    merged = replace(FACTORY, state="merged", successor="BD2")
    assert brand.stands_for(merged) == "BD2"
    assert brand.stands_for(replace(merged, state="moved")) == FACTORY_ID
    assert brand.stands_for(replace(merged, successor=None)) == FACTORY_ID
    states = [("open", None), ("moved", None), ("moved", "BD2"), ("closed", None), ("merged", None)]
    counted = [brand.is_counted({"state": state, "successor": successor}) for state, successor in states]
    assert counted == [True, True, False, False, False]


def test_factories_stand_by_country_then_by_name() -> None:
    cards = [
        {"country": country, "name": name, "factory_id": factory_id}
        for country, name, factory_id in (("TR", "a", "4"), ("BD", "b", "3"), ("BD", "B", "2"), ("BD", "Á", "1"))
    ]
    assert [each["factory_id"] for each in brand.in_order(cards)] == ["1", "2", "3", "4"]


def stages(*steps: str) -> tuple[PublicStage, ...]:
    return tuple(PublicStage(*step.split("@")) for step in steps)


def test_a_factory_stands_where_it_is_nearest_to_the_finished_product() -> None:
    first = replace(PRODUCT, stages=stages("spin@A", "dye@B", "print@B", "sew@C", "pack@B"))
    second = replace(PRODUCT, stages=stages("weave@D", "sew@A"))
    assert brand.places([first, second]) == {
        "B": Place(1, ("dye", "print", "pack")),
        "C": Place(2, ("sew",)),
        "A": Place(1, ("spin", "sew")),
        "D": Place(2, ("weave",)),
    }
    assert brand.chain(second, {"A"}) == (Stage("weave", None), Stage("sew", "A"))


def card(standard_id: str, kind: Kind | None, *topics: str) -> Card:
    return Card(standard_id, standard_id, "o", kind=kind, topics=dict.fromkeys(topics, Degree.TERM))


CARDS = {
    "gots": card("gots", Kind.CERTIFICATION, "energy", "wages", "other"),
    "code": card("code", Kind.CODE_OF_CONDUCT, "energy"),
    "bare": card("bare", None, "energy"),
}


def test_a_share_counts_factories_with_a_certificate_that_holds_by_area() -> None:
    assert brand.areas_of(["gots", "code", "bare", "unknown"], CARDS) == {Area.ENVIRONMENT, Area.LABOUR}
    ended: dict[str, Any] = {**LISTED, "certificates": [["gots", "2026-01-01", "2026-05-04", 1, []]]}
    unconfirmed = {**LISTED, "certificates": [["gots", "2026-01-01", "2099-12-31", 0, []]]}
    two = {**LISTED, "certificates": [*LISTED["certificates"], ["code", "2026-01-01", "2099-12-31", 1, []]]}  # type: ignore[misc]
    assert brand.valid_standards(two, TODAY) == ["code", "gots"]
    closed = {**LISTED, "state": "closed"}
    areas = {**dict.fromkeys(Area, 0), Area.ENVIRONMENT: 2, Area.LABOUR: 2}
    assert brand.share([closed, LISTED, ended, two, unconfirmed], CARDS, TODAY) == Share(4, 2, areas)


# --- Standards


def test_a_card_has_what_the_standard_has_and_the_strictest_of_its_criteria() -> None:
    source = Source("Chapter")
    criteria = tuple(
        Criterion(topic, degree, source)
        for topic, degree in (
            ("wages", Degree.RECOMMENDED),
            ("energy", Degree.UNSPECIFIED),
            ("wages", Degree.IMMEDIATE),
        )
    )
    held = Standard(
        "gots",
        "Global Organic Textile Standard",
        "Owner",
        "GOTS",
        kind=Kind.CERTIFICATION,
        sectors=("textiles",),
        countries=("BD",),
        criteria=criteria,
        reviewed="2026-01-01",
        reviewed_by="owner",
    )
    topics = {"energy": Degree.UNSPECIFIED, "wages": Degree.IMMEDIATE}
    told = Card(
        "gots",
        "Global Organic Textile Standard",
        "Owner",
        "GOTS",
        Kind.CERTIFICATION,
        ("textiles",),
        ("BD",),
        topics,
        "2026-01-01",
        "owner",
    )
    assert standard.card(held) == told
    assert (told.title, replace(told, short_name=None).title) == ("GOTS", "Global Organic Textile Standard")
    assert [each.area for each in criteria] == [Area.LABOUR, Area.ENVIRONMENT, Area.LABOUR]


def test_of_facts_that_stay_the_later_review_counts_and_of_one_day_the_one_on_record() -> None:
    held = Standard("gots", "G", "O", kind=Kind.CERTIFICATION, reviewed="2026-01-01", reviewed_by="owner", version=3)
    fresh = replace(held, reviewed_by=None, version=0)
    assert standards_map.after_put(held, fresh) == held
    assert standards_map.after_put(held, replace(fresh, reviewed=None)) == held
    later = replace(fresh, reviewed="2026-01-02")
    assert standards_map.after_put(held, later) == replace(later, reviewed_by="registry", version=3)
    never = replace(held, reviewed=None, reviewed_by=None)
    assert standards_map.after_put(never, fresh) == replace(held, reviewed_by="registry")
    assert standards_map.after_put(None, fresh) == replace(fresh, reviewed_by="registry")
    other = replace(fresh, summary="Other facts.", reviewed=None)
    assert standards_map.after_put(held, other) == replace(other, version=3)
    named = Standard("gots", "New", "Owner", "N", "https://n.example")
    said = replace(held, name="New", owner="Owner", short_name="N", website="https://n.example")
    assert standards_map.after_put(held, named) == said
