"""The climate plan in the portal: four steps, risks by forms, and nobody's input lost. See SAFETY: Profile, Faults."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from chalicelib.domain import climate
from chalicelib.domain.climate import MOST_RISKS
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.risk import MeasureState
from chalicelib.store import programme_keys
from chalicelib.store.registry import callers, erasure, history, lookup
from chalicelib.store.registry import climate as store
from tests.portal_browser import EMAIL, STAFF, Browser, as_staff, filled, invited
from tests.test_rights import chains_hold, left

pytest_plugins = ["tests.conftest_portal"]

RISK = {
    "hazard": "flood",
    "likelihood": "4",
    "impact": "5",
    "exposure": "The cellar\nand the yard",
    "measure": "Raise the switchboards",
    "owner": "Maintenance manager",
    "due": "2027-05-01",
    "stage": "under_way",
}


@pytest.fixture
def planner(runner: SimpleNamespace) -> SimpleNamespace:
    """Somebody who runs a factory, and the addresses of its climate plan."""
    runner.plan = f"{runner.home}/climate"
    runner.new = f"{runner.plan}/risks/new"
    runner.public = f"/f/{runner.factory_id}/climate"
    return runner


def steps(planner: SimpleNamespace, step: str) -> str:
    return f"{planner.plan}/steps/{step}"


def add(planner: SimpleNamespace, **changed: str) -> str:
    """Add a risk by the form: the path of its page."""
    assert planner.browser.send(planner.new, {**RISK, **changed}).status == 303
    return f"{planner.plan}/risks/{store.load(planner.factory_id).risks[-1].risk_id}"


def test_a_plan_is_written_step_by_step_looked_at_and_published(planner: SimpleNamespace) -> None:
    browser = planner.browser
    assert "Say what you looked at" in browser.get(planner.plan).text
    path = add(planner)
    typed = {"words": "The flood maps", "opportunities": "Cooler halls\r\n\r\nNew buyers", "done": "yes"}
    assert browser.send(steps(planner, "risks"), typed).headers["Location"] == f"{planner.plan}?done=saved"
    assert browser.send(steps(planner, "strategies"), strategies="Water first", done="yes").status == 303
    told = {"words": "At the monthly meeting", "audience-workers": "on", "audience-authorities": "on", "done": "yes"}
    assert browser.send(steps(planner, "communication"), told).status == 303
    assert "75 % of the plan is written" in browser.get(planner.plan).text
    assert browser.send(steps(planner, "means"), finance="A green loan", done="yes").status == 303
    overview = browser.get(planner.plan).text
    assert "100 % of the plan is written" in overview
    assert "Nothing is missing." in overview
    plan = store.load(planner.factory_id)
    assert plan.step("risks").answers["opportunities"] == ("Cooler halls", "New buyers")
    assert plan.step("communication").answers["audiences"] == ("workers", "authorities")
    assert filled(browser.get(path).text, 1)["exposure"] == "The cellar\nand the yard"

    preview = browser.get(f"{planner.plan}/preview").text
    assert "Nobody but you sees this." in preview
    assert "Raise the switchboards" in preview
    assert "Maintenance manager" not in preview
    assert "The cellar" not in preview
    assert browser.get(planner.public).status == 404
    assert browser.send(f"{planner.plan}/publish", page=planner.plan).status == 303
    shown = browser.get(planner.public)
    assert (shown.status, "Raise the switchboards" in shown.text) == (200, True)
    assert "Public since" in browser.get(planner.plan).text
    assert browser.send(f"{planner.plan}/keep", page=planner.plan).status == 303
    assert browser.get(planner.public).status == 404


WRONG = {
    "hazard": "",
    "other": "not/a hazard",
    "likelihood": "9",
    "impact": "",
    "exposure": "zero\u200bwidth",
    "measure": "x" * 301,
    "owner": "rahima@mill.example",
    "due": "soon",
    "stage": "overdue",
}


@pytest.mark.parametrize("is_new", [True, False])
def test_every_fault_of_a_risk_is_named_at_its_input_and_everything_typed_is_kept(
    planner: SimpleNamespace, is_new: bool
) -> None:
    path = planner.new if is_new else add(planner)
    before = store.load(planner.factory_id)
    typed = {**planner.browser.form(path, 1), **WRONG, "exposure_public": "yes"}
    answer = planner.browser.post(path, typed)
    assert answer.status == 400
    for name in WRONG.keys() - {"hazard"}:
        assert f'<a href="#{name}">' in answer.text, name
        assert f'id="{name}-fault"' in answer.text, name
    kept = filled(answer.text, 1)
    assert {name: kept[name] for name in typed} == typed
    assert store.load(planner.factory_id) == before
    assert planner.browser.post(path, {**kept, **RISK, "other": ""}).status == 303


def test_every_fault_of_a_step_is_named_at_its_input_and_everything_typed_is_kept(planner: SimpleNamespace) -> None:
    wrong = {"technologies": "fine\nzero\u200bwidth", "finance": "\n".join("abcdefghijklm"), "words": "x" * 1001}
    path = steps(planner, "means")
    typed = {**planner.browser.form(path), **wrong, "services": "Advice", "done": "yes"}
    answer = planner.browser.post(path, typed)
    assert answer.status == 400
    for name in wrong:
        assert f'id="{name}-fault"' in answer.text, name
    kept = filled(answer.text)
    assert {name: kept[name] for name in typed} == typed
    assert store.load(planner.factory_id).version == 0


def test_a_step_that_lacks_something_is_not_done_and_what_was_typed_is_kept(planner: SimpleNamespace) -> None:
    answer = planner.browser.send(steps(planner, "strategies"), strategies="Water first", done="yes")
    assert answer.status == 400
    assert "comes once the step has all that it takes" in answer.text
    assert filled(answer.text)["strategies"] == "Water first"
    assert planner.browser.post(steps(planner, "strategies"), {**filled(answer.text), "done": ""}).status == 303


def test_a_stale_risk_is_not_saved_keeps_what_was_typed_and_shows_what_changed(planner: SimpleNamespace) -> None:
    path = add(planner)
    mine = {**planner.browser.form(path, 1), "measure": "Mine", "owner": "Night guard"}
    planner.browser.send(path, number=1, measure="Theirs", likelihood="2")
    answer = planner.browser.post(path, mine)
    assert answer.status == 412
    kept = filled(answer.text, 1)
    assert (kept["measure"], kept["owner"], kept["likelihood"]) == ("Mine", "Night guard", "2")
    assert "<bdi>Theirs</bdi>" in answer.text
    assert store.load(planner.factory_id).risks[0].measure == "Theirs"
    assert planner.browser.post(path, kept).status == 303
    risk = store.load(planner.factory_id).risks[0]
    assert (risk.measure, risk.owner, risk.likelihood) == ("Mine", "Night guard", 2)


def test_a_stale_step_is_not_saved_and_another_step_that_changed_meanwhile_is_no_matter(
    planner: SimpleNamespace,
) -> None:
    path = steps(planner, "communication")
    mine = {**planner.browser.form(path), "words": "Mine", "audience-buyers": "on"}
    planner.browser.send(steps(planner, "means"), finance="A green loan")
    add(planner)
    assert planner.browser.post(path, mine).status == 303
    stale = {**mine, "words": "Mine again"}
    answer = planner.browser.post(path, stale)
    assert answer.status == 412
    assert filled(answer.text)["words"] == "Mine again"
    assert "<bdi>Mine</bdi>" in answer.text
    assert store.load(planner.factory_id).step("means").answers["finance"] == ("A green loan",)


def test_a_risk_that_somebody_took_away_meanwhile_can_be_added_anew_as_it_was_typed(planner: SimpleNamespace) -> None:
    path = add(planner)
    mine = {**planner.browser.form(path, 1), "measure": "Mine"}
    planner.browser.send(f"{path}/remove", page=path, sure="yes")
    assert store.load(planner.factory_id).risks == ()
    answer = planner.browser.post(path, mine)
    assert answer.status == 409
    assert "Somebody took this risk away" in answer.text
    assert f'action="{planner.new}"' in answer.text
    assert planner.browser.post(planner.new, filled(answer.text, 1)).status == 303
    [risk] = store.load(planner.factory_id).risks
    assert (risk.measure, risk.owner, risk.impact) == ("Mine", "Maintenance manager", 5)
    assert planner.browser.get(path).status == 404


def test_nothing_is_taken_away_before_somebody_ticked_that_they_are_sure(planner: SimpleNamespace) -> None:
    path = add(planner)
    answer = planner.browser.send(f"{path}/remove", page=path)
    assert (answer.status, 'href="#sure"' in answer.text) == (400, True)
    assert filled(answer.text, 1)["measure"] == RISK["measure"]
    assert planner.browser.get(f"{path}/remove").status in (404, 405)
    assert len(store.load(planner.factory_id).risks) == 1


def test_a_hazard_of_ones_own_is_kept_as_a_code_and_unknown_inputs_are_refused(planner: SimpleNamespace) -> None:
    path = add(planner, hazard="", other="Dust storms")
    assert store.load(planner.factory_id).risks[0].hazard == "dust_storms"
    assert planner.browser.form(path, 1)["other"] == "dust_storms"
    assert planner.browser.send(path, number=1, rating="5").status == 400
    assert planner.browser.get(steps(planner, "retreat")).status == 404
    assert planner.browser.send(steps(planner, "retreat"), page=steps(planner, "means")).status == 404


def test_an_audience_that_only_a_program_knows_is_shown_and_kept(planner: SimpleNamespace) -> None:
    path = steps(planner, "communication")
    typed = {**planner.browser.form(path), "audience-fire_brigade": "on"}
    assert planner.browser.post(path, typed).status == 400
    held = store.load(planner.factory_id)
    wanted = climate.with_steps(held, {"communication": climate.Step("", {"audiences": ("fire_brigade",)})})
    store.change(planner.factory_id, lambda _held: (wanted, ()), STAFF)
    assert planner.browser.form(path)["audience-fire_brigade"] == "on"
    assert planner.browser.send(path, words="Said").status == 303
    assert store.load(planner.factory_id).step("communication").answers["audiences"] == ("fire_brigade",)


def test_a_plan_that_is_full_says_so_and_keeps_what_was_typed(planner: SimpleNamespace) -> None:
    add(planner)
    risk = store.load(planner.factory_id).risks[0]
    many = tuple(replace(risk, risk_id=f"{number:08x}") for number in range(MOST_RISKS))
    form = planner.browser.form(planner.new)
    store.change(planner.factory_id, lambda held: (replace(held, risks=many), ()), STAFF)
    assert planner.new not in planner.browser.get(planner.plan).text
    answer = planner.browser.post(planner.new, {**form, **RISK, "measure": "One more"})
    assert (answer.status, "at most 40 risks" in answer.text.replace("<bdi>", "").replace("</bdi>", "")) == (409, True)
    assert filled(answer.text, 1)["measure"] == "One more"


def test_what_was_typed_stays_when_the_registry_cannot_be_reached(
    planner: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = {**planner.browser.form(planner.new), **RISK}

    def down(*_args: object) -> None:
        raise Unavailable("The registry could not be reached just now.")

    monkeypatch.setattr(store, "change", down)
    answer = planner.browser.post(planner.new, typed)
    assert answer.status == 503
    assert filled(answer.text)["measure"] == RISK["measure"]


def test_a_measure_whose_day_has_passed_shows_as_overdue_to_the_factory_and_to_all(planner: SimpleNamespace) -> None:
    path = add(planner, due="2026-01-31")
    assert f'<a href="{path}">A measure is overdue' in planner.browser.get(planner.plan).text
    planner.browser.send(f"{planner.plan}/publish", page=planner.plan)
    assert "state-overdue" in planner.browser.get(planner.public).text
    document = json.loads(planner.browser.get(f"/v1/factories/{planner.factory_id}/climate").text)
    assert document["risks"][0]["state"] == MeasureState.OVERDUE


def test_nothing_empty_is_published_and_staff_may_help_while_others_find_nothing(
    planner: SimpleNamespace, mails: list
) -> None:
    refused = planner.browser.send(f"{planner.plan}/publish", page=planner.plan)
    assert (refused.status, "add a risk first" in refused.text) == (409, True)
    path = add(planner)
    other = Browser(planner.browser.client)
    other.send(f"/portal/invitations/{invited('Other Ltd.', email='other@mill.example')}")
    for each in (planner.plan, steps(planner, "risks"), path, planner.new, f"{planner.plan}/preview"):
        assert other.get(each).status == 404
    assert as_staff(Browser(planner.browser.client), mails).get(path).status == 200


def test_the_history_of_the_plan_is_shown_in_words_and_names_nobody(planner: SimpleNamespace) -> None:
    path = add(planner)
    planner.browser.send(path, number=1, impact="2", owner="Night guard")
    shown = planner.browser.get(f"{planner.home}/history?record=climate").text
    for told in ("A risk was added", "A risk was changed", "Impact", "Personal data is kept out"):
        assert told in shown, told
    assert "Maintenance manager" not in shown
    assert "Night guard" not in shown


def test_an_export_has_the_plan_and_erasing_the_contact_takes_every_owner_out(planner: SimpleNamespace) -> None:
    add(planner, owner="Night guard")
    taken = json.loads(planner.browser.get(f"{planner.home}/export").text)
    assert taken["climate"]["plan"]["risks"][0]["owner"] == "Night guard"
    assert history.first_false(taken["history_of_climate"]) is None
    data = f"{planner.home}/data"
    assert planner.browser.send(f"{data}/erase", page=data, sure="yes").status == 303
    assert left("Night guard") == []
    assert store.load(planner.factory_id).risks[0].measure == RISK["measure"]
    assert chains_hold(f"CLIMATE#{planner.factory_id}")


def test_who_erases_themselves_takes_their_name_out_of_the_plan_and_no_role(planner: SimpleNamespace) -> None:
    planner.browser.send(planner.profile, contact_name="Rokeya Begum", contact_email=EMAIL)
    add(planner, owner="ROKEYA BEGUM, maintenance")
    add(planner, owner="Night guard")
    erasure.person(callers.person(EMAIL), STAFF)
    assert left("Rokeya", EMAIL) == []
    assert [each.owner for each in store.load(planner.factory_id).risks] == ["", "Night guard"]
    assert lookup.item(programme_keys.climate(planner.factory_id)) is not None
