"""How an entry of the map is put, strictly read, and reviewed: by staff, by its owner, by nobody else."""

from __future__ import annotations

import json
import re
from typing import Any

from chalicelib import clock
from chalicelib.store.registry import history
from tests.standards import AUDIT, NAME_ONLY, ORGANIC, told
from tests.world import Answer, Caller, World

pytest_plugins = ["tests.conftest_standards"]

PUT = "/internal/v1/standards/"


def pointers(answer: Answer) -> list[str]:
    assert answer.status == 400, answer.text
    return [fault["pointer"] for fault in answer.json["errors"]]


def test_what_is_put_comes_back_and_the_same_once_more_is_no_event(mapped: World) -> None:
    again = mapped.staff("PUT", f"{PUT}gots", ORGANIC).ok().json
    assert again == {"id": "gots", **ORGANIC, "reviewed_by": "registry"}
    assert again == mapped.staff.get(f"{PUT}gots").ok().json
    actions = [event["action"] for event in history.of("STANDARD#gots")]
    assert actions == ["put", "put"]  # its name first, when the world began


REFUSED: list[tuple[dict[str, Any], list[str]]] = [
    ({"kind": "certificate"}, ["/kind"]),
    ({"kind": None}, ["/kind"]),
    ({"colour": "green"}, ["/colour"]),
    ({"website": "http://organic.example"}, ["/website"]),
    ({"countries": ["BD", "Bangladesh"]}, ["/countries/1"]),
    ({"sectors": ["Textiles"]}, ["/sectors/0"]),
    ({"facts": [{**ORGANIC["facts"][0], "topic": "price"}]}, ["/facts/0/topic"]),
    ({"facts": [ORGANIC["facts"][0], {"topic": "cost"}]}, ["/facts/1/text", "/facts/1/source"]),
    ({"facts": ORGANIC["facts"] * 41}, ["/facts"]),
    ({"criteria": [{**ORGANIC["criteria"][0], "topic": "karma"}]}, ["/criteria/0/topic"]),
    ({"criteria": [{**ORGANIC["criteria"][0], "degree": "strict"}]}, ["/criteria/0/degree"]),
    ({"criteria": [{**ORGANIC["criteria"][0], "score": 5}]}, ["/criteria/0/score"]),
    ({"criteria": [ORGANIC["criteria"][0]] * 2}, ["/criteria/1"]),
    ({"criteria": [{**ORGANIC["criteria"][0], "title": f"T{n}"} for n in range(201)]}, ["/criteria"]),
    ({"sources": [{"title": "T", "url": "http://a.example"}]}, ["/sources/0/url"]),
    ({"sources": [{"title": "T", "url": "javascript:alert(1)"}]}, ["/sources/0/url"]),
    ({"reviewed": "2099-01-01"}, ["/reviewed"]),
    ({"reviewed_by": "owner"}, ["/reviewed_by"]),
]


def test_what_cannot_be_taken_is_refused_with_its_place_and_changes_nothing(mapped: World) -> None:
    before = mapped.tables.everything()
    for changed, wrong in REFUSED:
        assert pointers(mapped.staff("PUT", f"{PUT}gots", {**ORGANIC, **changed})) == wrong
    assert mapped.tables.everything() == before


def test_no_standard_takes_the_name_of_a_page(world: World) -> None:
    for identifier in ("compare", "topics"):
        assert world.staff("PUT", PUT + identifier, NAME_ONLY).status == 400


def test_two_hundred_criteria_are_kept(mapped: World) -> None:
    many = [{**ORGANIC["criteria"][0], "title": f"Chapter {n}"} for n in range(200)]
    mapped.staff("PUT", f"{PUT}gots", {**ORGANIC, "criteria": many}).ok()
    assert len(mapped.anyone.get("/v1/standards/gots").json["criteria"]) == 200


def test_names_alone_are_a_standard_that_is_not_assessed_and_take_nothing_from_one_that_is(mapped: World) -> None:
    unread = mapped.anyone.get("/v1/standards/unread").json
    assert (unread["assessed"], unread["kind"], unread["topics"]) == (False, None, {})
    assert "On record here, not assessed yet." in told(mapped.anyone.get("/standards/unread"))
    assert "Not assessed yet" in told(mapped.anyone.get("/standards"))
    mapped.staff("PUT", f"{PUT}gots", {"name": "Renamed", "owner": "Organic Owners"}).ok()
    kept = mapped.anyone.get("/v1/standards/gots").json
    assert (kept["name"], kept["kind"], len(kept["criteria"])) == ("Renamed", "certification", 4)


def test_a_standard_put_before_there_was_a_map_has_a_page_too(mapped: World) -> None:
    for key in (("STANDARD_MAP#gots", "PAGE"), ("STANDARDS#", "gots")):
        pair = {"pk": {"S": key[0]}, "sk": {"S": key[1]}}
        mapped.tables.client.delete_item(TableName=mapped.tables.public, Key=pair)
    page = mapped.anyone.get("/standards/gots").ok()
    assert "On record here, not assessed yet." in told(page)
    assert "ORGANIC" in told(page)


def test_an_owner_confirms_a_review_and_everybody_sees_it(mapped: World, owner: Caller) -> None:
    owner("POST", f"{PUT}gots/review", {}).ok()
    said = mapped.anyone.get("/v1/standards/gots").json
    assert (said["reviewed"], said["reviewed_by"], said["review"]) == (clock.today().isoformat(), "owner", "new")
    assert "by its owner." in told(mapped.anyone.get("/standards/gots"))
    assert mapped.anyone.get("/v1/standards").json["results"][1]["reviewed_by"] == "owner"
    last = history.of("STANDARD#gots")[-1]
    assert (last["action"], last["actor"]["kind"], last["actor"]["tenant"]) == ("reviewed", "owner", "gots")
    seen = owner.get("/internal/v1/events?record=standard:gots").ok().json["results"]
    assert seen[-1] == json.loads(json.dumps(last))
    events = len(history.of("STANDARD#gots"))
    owner("POST", f"{PUT}gots/review", {}).ok()
    assert len(history.of("STANDARD#gots")) == events


def test_an_owner_s_review_outlives_the_same_facts_put_again_but_not_other_facts(mapped: World, owner: Caller) -> None:
    owner("POST", f"{PUT}gots/review", {"on": "2026-02-01"}).ok()
    kept = mapped.staff("PUT", f"{PUT}gots", ORGANIC).ok().json
    assert (kept["reviewed"], kept["reviewed_by"]) == ("2026-02-01", "owner")
    changed = mapped.staff("PUT", f"{PUT}gots", {**ORGANIC, "criteria": AUDIT["criteria"]}).ok().json
    assert (changed["reviewed"], changed["reviewed_by"]) == ("2026-01-15", "registry")


def test_only_staff_and_the_owner_review_a_standard_and_nobody_in_the_future(mapped: World, owner: Caller) -> None:
    before = mapped.tables.everything()
    for caller, path, status in (
        (owner, f"{PUT}joint-audit/review", 404),
        (owner, f"{PUT}nothing-here/review", 404),
        (mapped.member, f"{PUT}gots/review", 403),
        (mapped.certifier, f"{PUT}gots/review", 403),
        (mapped.anyone, f"{PUT}gots/review", 401),
        (mapped.staff, f"{PUT}unread/review", 404),
    ):
        assert caller("POST", path, {}).status == status, path
    assert pointers(owner("POST", f"{PUT}gots/review", {"on": "2099-01-01"})) == ["/on"]
    assert owner("PUT", f"{PUT}gots", ORGANIC).status == 403
    assert owner.get(f"{PUT}joint-audit").status == 404
    assert owner.get("/internal/v1/events?record=standard:joint-audit").status == 400
    after = mapped.tables.everything()
    assert _without_use(after) == _without_use(before)
    assert mapped.staff("POST", f"{PUT}gots/review", {}).ok().json["reviewed_by"] == "registry"


def _without_use(items: Any) -> str:
    """All items, but for when a key was used."""
    return re.sub(r"'used': \{'N': '\d+'\},? ?", "", str(items))


def test_a_key_of_an_owner_needs_a_standard_on_record(world: World) -> None:
    made = world.staff("POST", "/internal/v1/keys", {"kind": "owner", "tenant": "nothing-here"})
    assert made.status == 404
