"""The queue of what waits for a decision of staff: what comes into it by itself, and how it is decided."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain.moderation import Kind, Matter
from chalicelib.internal import moderation as api
from chalicelib.store.registry import history, moderation
from chalicelib.store.registry.moderation import PUBLIC
from tests.test_duplicates import factory
from tests.world import World

IMITATION = "\u041a\u043elmilat\u0430 Knit"
QUEUE = "/internal/v1/moderation"


def waiting(world: World, state: str = "open") -> list[dict[str, Any]]:
    return world.staff.get(f"{QUEUE}?state={state}").ok().json["results"]


def matter(number: int, **changes: Any) -> Matter:
    at = f"2026-11-22T09:{number:02d}:00Z"
    return Matter(
        **{
            "matter_id": f"{number:016x}",
            "kind": Kind.ODD_NAME,
            "about": "/f/X",
            "subject": "X",
            "opened_at": at,
            **changes,
        }
    )


def renamed(world: World, held: str, name: str) -> None:
    path = f"/internal/v1/factories/{held}"
    world.staff("PATCH", path, {"name": name}, If_Match=world.staff.get(path).etag).ok()


@pytest.mark.safety("profile.look-alike")
def test_a_mixed_script_look_alike_is_flagged_for_staff_whoever_brings_it(world: World) -> None:
    held = factory(world, "S-1", IMITATION)
    (found,) = waiting(world)
    assert (found["kind"], found["about"]) == ("odd_name", f"http://127.0.0.1:8000/f/{held}")
    assert found["details"] == {"names": [{"name": IMITATION, "oddities": ["mixed_scripts"]}]}


def test_a_name_that_could_be_taken_for_anothers_is_flagged_when_a_factory_takes_it(world: World) -> None:
    original = factory(world, "S-1", "Kolmilata Knit Ltd.")
    other = factory(world, "S-2", "Meghna Denim Ltd.")
    assert waiting(world) == []
    renamed(world, other, "K0LMILATA KNIT")
    (found,) = waiting(world)
    assert (found["kind"], found["subject"]) == ("look_alike", "K0LMILATA KNIT")
    (twin,) = found["details"]["factories"]
    assert twin["factory_id"] == original
    assert twin["reasons"][0] == "looks_the_same"


def test_a_draft_is_looked_at_when_it_is_published(world: World) -> None:
    factory(world, "S-1", "Kolmilata Knit Ltd.")
    invited = {"email": "a@b.example", "name": "Kolmilata Knit", "country": "BD"}
    world.member("POST", "/internal/v1/invitations", invited).ok()
    accepted = world.accept(world.mailed[-1][1]).ok()
    assert waiting(world) == []
    own = world.signed_in(accepted)
    own("POST", f"/internal/v1/factories/{accepted.json['factory_id']}/publish").ok()
    (found,) = waiting(world)
    assert (found["kind"], found["details"]["factories"][0]["reasons"]) == ("look_alike", ["same_name", "same_country"])


def test_the_same_once_more_is_not_flagged_again_and_a_sister_company_not_at_all(world: World) -> None:
    held = factory(world, "S-1", IMITATION)
    renamed(world, held, "Quite Another")
    renamed(world, held, IMITATION)
    assert len(waiting(world)) == 1
    factory(world, "S-2", "Padma Spinning", city="Gazipur")
    sister = factory(world, "S-3", "Meghna Denim", city="Dhaka")
    renamed(world, sister, "Padma Denim")
    assert len(waiting(world)) == 1


def test_a_factory_that_declares_a_number_confirmed_for_another_is_flagged(world: World) -> None:
    holder, other = factory(world, "S-1", "Kolmilata Knit"), factory(world, "S-2", "Meghna Denim")
    confirmed = world.a_certificate(holder)
    own = world.run_by(other)
    body = world.certificate_body(other, number="cu 123456", certifier="SureSeal")
    code = own("POST", "/internal/v1/certificates", body).ok().json["code"]
    (found,) = waiting(world)
    assert (found["kind"], found["about"]) == ("number_of_another", f"http://127.0.0.1:8000/c/{code}")
    assert found["details"]["confirmed"] == confirmed
    assert (found["details"]["declared_by"], found["details"]["confirmed_for"]) == (other, holder)


def test_a_number_that_is_confirmed_after_another_declared_it_is_flagged_too(world: World) -> None:
    holder, other = factory(world, "S-1", "Kolmilata Knit"), factory(world, "S-2", "Meghna Denim")
    body = world.certificate_body(other, certifier="SureSeal")
    world.run_by(other)("POST", "/internal/v1/certificates", body).ok()
    assert waiting(world) == []
    world.a_certificate(holder)
    assert [each["kind"] for each in waiting(world)] == ["number_of_another"]


def test_a_decision_moves_a_matter_to_the_done_and_is_an_event(world: World) -> None:
    factory(world, "S-1", IMITATION)
    path = f"{QUEUE}/{waiting(world)[0]['id']}"
    decision = {"decision": "acted", "reason": "The factory corrected its name."}
    assert world.staff("POST", path, decision).ok().json["decision"] == "acted"
    assert world.staff("POST", path, decision).status == 200
    assert world.staff("POST", path, {**decision, "decision": "dismissed"}).status == 409
    assert waiting(world) == []
    (done,) = waiting(world, "done")
    assert done["reason"] == "The factory corrected its name."
    events = history.of(f"MODERATION#{done['id']}")
    assert [event["action"] for event in events] == ["opened", "decided"]
    assert (events[1]["actor"]["kind"], events[1]["reason"]) == ("staff", decision["reason"])
    assert history.first_false(events) is None


@pytest.mark.parametrize(
    "decision", [{}, {"decision": "acted"}, {"decision": "maybe", "reason": "x"}, {"decision": "acted", "reason": " "}]
)
def test_a_decision_without_a_reason_is_refused(world: World, decision: dict[str, str]) -> None:
    factory(world, "S-1", IMITATION)
    assert world.staff("POST", f"{QUEUE}/{waiting(world)[0]['id']}", decision).status == 400


def test_only_staff_see_the_queue_and_decide(world: World) -> None:
    for caller, status in ((world.member, 403), (world.certifier, 403), (world.ics, 403), (world.anyone, 401)):
        assert caller.get(QUEUE).status == status
        assert caller("POST", f"{QUEUE}/{'0' * 16}", {"decision": "acted", "reason": "x"}).status == status
    assert world.staff("POST", f"{QUEUE}/{'0' * 16}", {"decision": "acted", "reason": "x"}).status == 404
    assert world.staff("POST", f"{QUEUE}/RECORD%23", {"decision": "acted", "reason": "x"}).status == 404


def test_the_queue_is_told_a_page_at_a_time_the_oldest_first_and_the_done_the_newest_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "PAGE", 2)
    for number in range(5):
        moderation.noticed(matter(number), PUBLIC)
    seen, cursor = [], ""
    while cursor is not None:
        page = world.staff.get(f"{QUEUE}?cursor={cursor}").ok().json
        seen += [each["id"] for each in page["results"]]
        cursor = page["next_cursor"]
    assert seen == [f"{number:016x}" for number in range(5)]
    assert world.staff.get(f"{QUEUE}?state=done&cursor={page['next_cursor'] or 'x'}").status == 400
    assert world.staff.get(f"{QUEUE}?state=lost").status == 400


def test_what_is_over_shows_no_more_even_before_it_is_deleted(world: World) -> None:
    moderation.noticed(matter(1, expires=int((clock.now() - timedelta(seconds=1)).timestamp())), PUBLIC)
    moderation.noticed(matter(2, expires=int((clock.now() + timedelta(days=1)).timestamp())), PUBLIC)
    assert [each["id"] for each in waiting(world)] == [f"{2:016x}"]
    assert world.staff("POST", f"{QUEUE}/{1:016x}", {"decision": "acted", "reason": "x"}).status == 404


def test_each_public_page_leads_to_the_form_that_reports_a_mismatch_about_it(world: World) -> None:
    held = factory(world, "S-1", "Kolmilata Knit Ltd.")
    code = world.a_certificate(held)
    gtin = world.a_product(held)
    for path in (f"/f/{held}", f"/c/{code}", f"/01/{gtin}", f"/01/{gtin}/10/L1"):
        shown = world.anyone.get(f"{path}?lang=fr").ok().text
        (found,) = re.findall(r'href="(/portal/reports/new[^"]+)"', shown)
        form = world.anyone.get(html.unescape(found)).ok()
        about = "/".join(path.split("/")[:3])
        assert f'href="http://127.0.0.1:8000{about}?lang=fr"' in form.text
        assert f'href="/portal/reports/new?about={about}&amp;lang=bn"' in form.text
