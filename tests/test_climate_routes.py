"""A climate plan over HTTP: written, published, kept. See SAFETY: Privacy, Profile (stale version), Faults."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from chalicelib.store.registry import history
from tests.world import Answer, Caller, World

SECRET = "The cellar with the dye stock"
OWNER = "Maintenance manager Rahima"
PLAN: dict[str, Any] = {
    "steps": {
        "risks": {"words": "Flood maps of 2004 and 2024", "opportunities": ["Shaded roofs sell"], "done": True},
        "communication": {"audiences": ["workers", "fire_brigade"]},
    },
    "risks": [
        {
            "hazard": "flood",
            "likelihood": 4,
            "impact": 4,
            "exposure": SECRET,
            "measure": "Raise the switchboards by a metre",
            "owner": OWNER,
            "due": "2027-05-01",
            "stage": "under_way",
        },
        {"hazard": "locusts", "likelihood": 1, "impact": 2},
    ],
}


class Planned:
    """A factory with its plan, and who runs it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.factory_id = world.a_factory()
        self.owner = world.run_by(self.factory_id)
        self.own = f"/internal/v1/factories/{self.factory_id}/climate"
        self.page = f"/f/{self.factory_id}/climate"
        self.document = f"/v1/factories/{self.factory_id}/climate"

    def put(self, plan: Any, tag: str | None = None, caller: Caller | None = None) -> Answer:
        tag = self.owner.get(self.own).etag if tag is None else tag
        return (caller or self.owner)("PUT", self.own, plan, If_Match=tag)

    def act(self, action: str) -> Answer:
        return self.owner("POST", f"{self.own}/{action}")

    def public_statuses(self) -> set[int]:
        return {self.world.anyone.get(path).status for path in (self.page, self.document)}

    def in_public(self) -> str:
        """All that the public table holds, and the public answers."""
        items = json.dumps(self.world.tables.scan(self.world.tables.public), ensure_ascii=False)
        paths = (self.page, self.document, f"/f/{self.factory_id}", f"/v1/factories/{self.factory_id}")
        return items + "".join(self.world.anyone.get(path).text for path in paths)


@pytest.fixture
def planned(world: World) -> Planned:
    return Planned(world)


def test_a_plan_is_empty_at_first_and_what_is_read_can_be_written_back(planned: Planned) -> None:
    first = planned.owner.get(planned.own).ok()
    assert (first.etag, first.json["progress"]["percent"], first.json["plan"]["risks"]) == ('"0"', 0, [])
    written = planned.put(PLAN).ok()
    assert written.etag == '"1"'
    told = written.json
    assert [each["score"] for each in told["risks"]] == [16, 2]
    assert [each["band"] for each in told["risks"]] == ["high", "low"]
    assert [each["state"] for each in told["risks"]] == ["under_way", None]
    assert told["plan"]["risks"][0]["owner"] == OWNER
    assert told["progress"]["steps"] == {
        "risks": "done",
        "strategies": "under_way",
        "communication": "under_way",
        "means": "open",
    }
    assert told["progress"]["next"] == {"step": "strategies", "task": "strategies"}
    again = planned.put(told["plan"]).ok()
    assert (again.etag, again.json["plan"]) == ('"1"', told["plan"])


def test_publishing_shows_the_plan_on_the_next_read_and_keeping_it_hides_it_on_the_next(planned: Planned) -> None:
    planned.put(PLAN).ok()
    assert planned.public_statuses() == {404}
    assert planned.act("publish").ok().json["published_at"]
    assert planned.public_statuses() == {200}
    factory = planned.world.anyone.get(f"/v1/factories/{planned.factory_id}").json
    assert [each["programme"] for each in factory["programmes"]] == ["climate"]
    assert f'href="{planned.page}"' in planned.world.anyone.get(f"/f/{planned.factory_id}").text
    document = planned.world.anyone.get(planned.document).json
    assert (document["verified"], document["percent"]) == (False, 41)
    assert document["bands"] == {
        "low": {"from": 1, "to": 4},
        "medium": {"from": 5, "to": 12},
        "high": {"from": 15, "to": 25},
    }
    assert [each["hazard"] for each in document["risks"]] == ["flood", "locusts"]
    page = planned.world.anyone.get(planned.page).text
    assert "Published by the factory, not verified by the registry." in page
    assert "Raise the switchboards by a metre" in page
    assert "<bdi>locusts</bdi>" in page
    assert planned.act("keep").ok().json["published_at"] is None
    assert planned.public_statuses() == {404}
    assert planned.world.anyone.get(f"/v1/factories/{planned.factory_id}").json["programmes"] == []
    assert "switchboards" not in planned.in_public()


def test_a_published_plan_follows_each_change_at_once(planned: Planned) -> None:
    planned.put(PLAN).ok()
    planned.act("publish").ok()
    changed = copy.deepcopy(planned.owner.get(planned.own).json["plan"])
    changed["risks"][0]["measure"] = "Move the switchboards upstairs"
    changed["risks"].pop()
    planned.put(changed).ok()
    assert "Move the switchboards upstairs" in planned.world.anyone.get(planned.page).text
    assert [each["hazard"] for each in planned.world.anyone.get(planned.document).json["risks"]] == ["flood"]


def test_no_public_answer_and_no_public_item_names_an_owner_or_an_exposure_that_was_not_ticked(
    planned: Planned,
) -> None:
    planned.put(PLAN).ok()
    planned.act("publish").ok()
    said = planned.in_public()
    assert "switchboards" in said
    for secret in (SECRET, OWNER, "Rahima", "Flood maps", "Shaded roofs", "fire_brigade"):
        assert secret not in said, secret
    plan = planned.owner.get(planned.own).json["plan"]
    plan["risks"][0]["exposure_public"] = True
    planned.put(plan).ok()
    assert SECRET in planned.world.anyone.get(planned.page).text
    assert planned.world.anyone.get(planned.document).json["risks"][0]["exposure"] == SECRET
    assert OWNER not in planned.in_public()


def test_a_stale_version_is_refused_and_a_missing_one_too(planned: Planned) -> None:
    planned.put(PLAN).ok()
    plan = planned.owner.get(planned.own).json["plan"]
    planned.put({**plan, "steps": {}}).ok()
    assert planned.put(plan, '"1"').status == 412
    assert planned.put(plan, '"0"').status == 412
    assert planned.owner("PUT", planned.own, plan).status == 400
    assert planned.owner.get(planned.own).json["plan"]["steps"]["risks"]["words"] is None


def _with(**changes: Any) -> dict[str, Any]:
    return {"steps": {}, "risks": [{**PLAN["risks"][0], **changes}]}


@pytest.mark.parametrize(
    ("plan", "pointer"),
    [
        ({"risks": []}, "/steps"),
        ({"steps": [], "risks": []}, "/steps"),
        ({"steps": {"retreat": {}}, "risks": []}, "/steps/retreat"),
        ({"steps": {"means": {"audiences": []}}, "risks": []}, "/steps/means/audiences"),
        ({"steps": {"means": {"finance": ["x"] * 13}}, "risks": []}, "/steps/means/finance"),
        ({"steps": {"means": {"done": True}}, "risks": []}, "/steps/means/done"),
        ({"steps": {"risks": {"words": "x" * 1001}}, "risks": []}, "/steps/risks/words"),
        ({"steps": {}, "risks": [PLAN["risks"][1]] * 41}, "/risks"),
        ({"steps": {}, "risks": ["flood"]}, "/risks/0"),
        (_with(hazard="Flood!"), "/risks/0/hazard"),
        (_with(likelihood=6), "/risks/0/likelihood"),
        (_with(impact=True), "/risks/0/impact"),
        (_with(impact=2.0), "/risks/0/impact"),
        (_with(exposure="x" * 301), "/risks/0/exposure"),
        (_with(exposure="zero\u200bwidth"), "/risks/0/exposure"),
        (_with(measure=None), "/risks/0/measure"),
        (_with(owner="rahima@mill.example"), "/risks/0/owner"),
        (_with(owner="Rahima +880 1700 123456"), "/risks/0/owner"),
        (_with(due="01.05.2027"), "/risks/0/due"),
        (_with(due="2999-01-01"), "/risks/0/due"),
        (_with(stage="overdue"), "/risks/0/stage"),
        (_with(risk_id="0a0b0c0d"), "/risks/0/risk_id"),
        (_with(risk_id="../../x"), "/risks/0/risk_id"),
        (_with(score=25), "/risks/0/score"),
    ],
)
def test_what_is_wrong_is_named_at_its_place_and_nothing_is_written(
    planned: Planned, plan: dict[str, Any], pointer: str
) -> None:
    answer = planned.put(plan)
    assert answer.status == 400
    assert pointer in [each["pointer"] for each in answer.json["errors"]]
    assert planned.owner.get(planned.own).etag == '"0"'


def test_a_risk_named_twice_is_refused(planned: Planned) -> None:
    plan = planned.put(PLAN).ok().json["plan"]
    answer = planned.put({**plan, "risks": [plan["risks"][0]] * 2})
    assert [each["pointer"] for each in answer.json["errors"]] == ["/risks/1/risk_id"]


def test_the_largest_plan_can_be_written_twice_over_and_shown(planned: Planned) -> None:
    def largest(letter: str) -> dict[str, Any]:
        lines = [f"{number:02d}{letter * 198}" for number in range(12)]
        risk = {
            "hazard": "flood",
            "likelihood": 5,
            "impact": 5,
            "exposure": letter * 300,
            "exposure_public": True,
            "measure": letter * 300,
            "owner": letter * 100,
            "due": "2027-05-01",
        }
        steps: dict[str, Any] = {
            "risks": {"words": letter * 1000, "opportunities": lines},
            "strategies": {"words": letter * 1000, "strategies": lines},
            "communication": {"words": letter * 1000},
            "means": {"words": letter * 1000, "technologies": lines, "finance": lines, "services": lines},
        }
        return {"steps": steps, "risks": [risk] * 40}

    planned.put(largest("ক")).ok()
    planned.act("publish").ok()
    planned.put(largest("খ")).ok()
    assert len(planned.world.anyone.get(planned.document).json["risks"]) == 40
    assert history.first_false(history.of(f"CLIMATE#{planned.factory_id}")) is None


def test_only_who_runs_the_factory_and_staff_see_the_plan(planned: Planned) -> None:
    planned.put(PLAN).ok()
    stranger = planned.world.run_by(planned.world.a_factory("S-2"), "other@mill.example")
    for method, path in (("GET", ""), ("PUT", ""), ("POST", "/publish"), ("POST", "/keep")):
        assert stranger(method, planned.own + path, PLAN, If_Match='"1"').status == 404
        assert planned.world.member(method, planned.own + path, PLAN, If_Match='"1"').status == 403
    assert planned.world.staff.get(planned.own).ok().json["plan"]["risks"][0]["owner"] == OWNER
    assert planned.world.staff.get("/internal/v1/factories/BDF8QY40YGE1/climate").status == 404


def test_nothing_is_published_of_an_empty_plan_nor_of_a_draft(planned: Planned) -> None:
    assert planned.act("publish").status == 409
    body = {"email": "draft@mill.example", "name": "Draft Mill", "country": "BD"}
    planned.world.member("POST", "/internal/v1/invitations", body).ok()
    accepted = planned.world.accept(planned.world.mailed[-1][1]).ok()
    draft, own = planned.world.signed_in(accepted), f"/internal/v1/factories/{accepted.json['factory_id']}"
    draft("PUT", f"{own}/climate", PLAN, If_Match='"0"').ok()
    assert draft("POST", f"{own}/climate/publish").status == 409
    assert planned.world.anyone.get(f"/v1/factories/{accepted.json['factory_id']}/climate").status == 404


def test_a_merged_record_keeps_its_plan_leads_on_and_takes_no_change(planned: Planned) -> None:
    planned.put(PLAN).ok()
    planned.act("publish").ok()
    into = planned.world.a_factory("S-2", audit_reference="A-2")
    said = {"into": into, "reason": "Registered twice"}
    planned.world.staff("POST", f"/internal/v1/factories/{planned.factory_id}/merge", said).ok()
    page = planned.world.anyone.get(planned.page).ok().text
    assert "This record has been merged into another" in page
    assert f'href="/f/{into}"' in page
    document = planned.world.anyone.get(planned.document).json
    assert (document["status"], document["successor"]) == ("merged", into)
    assert planned.put({"steps": {}, "risks": []}).status == 409
    assert planned.act("publish").status == 409
    planned.act("keep").ok()
    assert planned.public_statuses() == {404}
    assert planned.act("publish").status == 409


def test_the_history_tells_what_a_plan_was_before_and_never_who_saw_to_it(planned: Planned) -> None:
    planned.put(PLAN).ok()
    plan = planned.owner.get(planned.own).json["plan"]
    plan["risks"][0] |= {"impact": 5, "owner": "Night guard Rahima"}
    plan["steps"]["risks"]["done"] = False
    planned.put(plan).ok()
    planned.act("publish").ok()
    planned.act("keep").ok()
    events = planned.owner.get(f"/internal/v1/events?record=climate:{planned.factory_id}").ok().json["results"]
    assert [each["action"] for each in events] == [
        "risk_added",
        "risk_added",
        "step_risks",
        "step_communication",
        "risk_changed",
        "step_risks",
        "shown",
        "kept",
    ]
    changed = events[4]["changes"]
    assert (changed["risk"]["from"]["impact"], changed["risk"]["to"]["impact"]) == (4, 5)
    assert changed["owner"] == {"personal": True}
    assert "Rahima" not in json.dumps(events)
    assert history.first_false(events) is None
    assert planned.world.member.get(f"/internal/v1/events?record=climate:{planned.factory_id}").status == 404
