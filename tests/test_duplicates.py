"""Is a factory on record already? What members and staff are told, and what they are not."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from chalicelib.domain.likeness import Described, Reason
from chalicelib.store import finder
from chalicelib.store.registry import duplicates
from tests.world import World, audit_item

HERE = {"latitude": 23.99934, "longitude": 90.42049}


def factory(world: World, site: str, name: str, **fields: object) -> str:
    given = {**audit_item()["factory"], "name": name, "gln": None, **fields}
    return world.a_factory(site, factory={key: value for key, value in given.items() if value is not None})


def asked(world: World, **query: str) -> list[dict[str, object]]:
    found = world.member.get(f"/internal/v1/duplicates?{urlencode(query)}").ok()
    return found.json["results"]


def test_a_member_is_told_what_is_on_record_already_and_why(world: World) -> None:
    held = factory(world, "S-1", "Kolmilata Knit Ltd.", address="17 Mill Road")
    factory(world, "S-2", "Meghna Denim Ltd.")
    (found,) = asked(world, name="KOLMILATTA knit", country="bd", city="Dhaka", address="Mill Road 17")
    assert found == {
        "factory_id": held,
        "name": "Kolmilata Knit Ltd.",
        "country": "BD",
        "city": "Dhaka",
        "reasons": ["name_alike", "address_alike", "same_city", "same_country"],
        "url": f"http://127.0.0.1:8000/f/{held}",
    }


def test_a_number_finds_it_under_any_name(world: World) -> None:
    held = factory(world, "S-7", "Kolmilata Knit Ltd.", gln="4006381333931")
    assert asked(world, name="Nobody Knows", site="S-7")[0]["reasons"] == ["same_site"]
    assert asked(world, gln="4006381333931")[0]["factory_id"] == held
    assert asked(world, name="Nobody Knows", site="S-8") == []


def test_an_imitation_in_other_letters_finds_the_original(world: World) -> None:
    held = factory(world, "S-1", "Kolmilata Knit Ltd.")
    (found,) = asked(world, name="\u041a\u043elmilat\u0430 Knit")
    assert (found["factory_id"], found["reasons"]) == (held, ["looks_the_same"])


def test_what_a_factory_keeps_to_itself_helps_nobody_to_guess(world: World) -> None:
    held = factory(world, "S-1", "Kolmilata Knit Ltd.", coordinates=HERE)
    (found,) = duplicates.likely(Described(names=("Kolmilata",), coordinates=HERE))
    assert Reason.NEAR not in found.reasons
    own = world.run_by(held)
    own("PUT", f"/internal/v1/factories/{held}/privacy", {"site": "private", "coordinates": "public"}).ok()
    (found,) = duplicates.likely(Described(names=("Kolmilata",), coordinates=HERE))
    assert Reason.NEAR in found.reasons
    assert asked(world, site="S-1") == []


def test_only_members_and_staff_ask(world: World) -> None:
    path = "/internal/v1/duplicates?name=Kolmilata"
    assert world.staff.get(path).status == world.other_member.get(path).status == 200
    assert world.certifier.get(path).status == world.ics.get(path).status == 403
    assert world.anyone.get(path).status == 401


@pytest.mark.parametrize(
    "query", ["", "country=BD", "name=A&colour=red", "gln=123", "name=%E2%80%AEx", "name=A&country=XX"]
)
def test_a_question_that_makes_no_sense_is_refused(world: World, query: str) -> None:
    assert world.member.get(f"/internal/v1/duplicates?{query}").status == 400


def test_a_question_costs_a_bounded_number_of_queries(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        factory(world, f"S-{number}", f"Kolmilata Brahmaputra Shitalakshya Padmavati Karnaphuli Turag{'aeo'[number]}")
    read: list[str] = []
    rows, like = finder.rows, finder.words_like
    monkeypatch.setattr(finder, "rows", lambda *asked: read.append("rows") or rows(*asked))
    monkeypatch.setattr(finder, "words_like", lambda probes: read.extend("probe" for _ in probes) or like(probes))
    names = ("Kolmilata Brahmaputra Shitalakshya Padmavati", "Karnaphuli Turag Dholeshwari Buriganga Balu")
    assert len(duplicates.likely(Described(names=names))) == 3
    assert len(read) <= 13
