"""Forms of boxes and days that were open while a colleague decided otherwise: they come back, and undo nothing."""

from __future__ import annotations

from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from chalicelib.domain.coaching import Participation
from chalicelib.internal import links
from chalicelib.store.registry import coaching, factories, organisations, people
from chalicelib.store.registry.people import Role
from tests.portal_browser import STAFF, Browser, filled, signed_in

pytest_plugins = ["tests.conftest_portal"]

PLAN = {"id": "dye-houses", "name": "Dye houses", "kind": "resource_efficiency", "workshops": "Steam"}
DAYS = {"starts": "2026-01-01", "ends": "2027-12-31"}
CHANGED = "Changed in the meantime: the record has it"


@pytest.fixture
def brands(runner: SimpleNamespace) -> SimpleNamespace:
    """A factory that shows its link to Maison, and not that to Outfit."""
    organisations.put("member", "outfit", {"name": "Outfit", "country": "FR"}, STAFF)
    for member in ("maison", "outfit"):
        links.add(member, runner.factory_id, True, STAFF)
    runner.browser.send(f"{runner.home}/links", page=f"{runner.home}/privacy", **{"link-maison": "public"})
    return runner


def shown(runner: SimpleNamespace) -> set[str]:
    held = factories.need(runner.factory_id).factory.links
    return {member for member, link in held.items() if link.factory_agrees}


def without(form: dict[str, str], *boxes: str) -> dict[str, str]:
    return {name: text for name, text in form.items() if name not in boxes}


@pytest.mark.safety("faults.collision")
def test_a_form_of_links_that_is_stale_shows_no_brand_again_that_a_colleague_hid(brands: SimpleNamespace) -> None:
    path, own = f"{brands.home}/links", brands.browser
    stale = own.form(f"{brands.home}/privacy")
    assert own.post(path, without(stale, "link-maison")).status == 303
    answer = own.post(path, {**stale, "link-outfit": "public"})
    assert (answer.status, shown(brands)) == (412, set())
    assert "Somebody else changed this record while your form was open." in answer.text
    assert answer.text.count(CHANGED) == answer.text.count(f"{CHANGED} not ticked.") == 1
    again = filled(answer.text)
    assert (again.get("link-maison"), again["link-outfit"]) == (None, "public")
    assert (own.post(path, again).status, shown(brands)) == (303, {"outfit"})


def test_a_form_of_links_that_does_not_say_what_it_was_made_from_is_taken_as_sent(brands: SimpleNamespace) -> None:
    path, own = f"{brands.home}/links", brands.browser
    stale = without(own.form(f"{brands.home}/privacy"), "seen")
    own.post(path, without(stale, "link-maison"))
    assert (own.post(path, {**stale, "link-outfit": "public"}).status, shown(brands)) == (303, {"maison", "outfit"})


def test_a_link_that_a_colleague_ended_meanwhile_hinders_no_other(brands: SimpleNamespace) -> None:
    stale = brands.browser.form(f"{brands.home}/privacy")
    ending = f"{brands.home}/links/maison/end"
    assert brands.browser.send(ending).status == 303
    assert brands.browser.post(f"{brands.home}/links", {**stale, "link-outfit": "public"}).status == 303
    held = factories.need(brands.factory_id).factory.links
    assert (held["maison"].is_public, held["outfit"].factory_agrees) == (False, True)


@pytest.fixture
def greta(runner: SimpleNamespace, mails: list[EmailMessage]) -> Browser:
    """The organiser of a programme in which the factory takes part."""
    organisations.put("organiser", "green", {"name": "Green", "country": "CH"}, STAFF)
    people.add(Role("organiser", "green"), "greta@green.example", STAFF)
    greta = signed_in(Browser(runner.browser.client), "greta@green.example", mails)
    greta.send("/portal/programmes/new", {**PLAN, **DAYS})
    page = "/portal/programmes/dye-houses"
    assert greta.send(f"{page}/invite", page=page, factory_id=runner.factory_id).status == 303
    answer = runner.browser.send(f"{runner.home}/programmes/dye-houses", page=tab(runner), answer="accept")
    assert answer.status == 303
    return greta


def tab(runner: SimpleNamespace) -> str:
    return f"{runner.home}/programmes"


def part(runner: SimpleNamespace) -> Participation:
    return coaching.part(runner.factory_id, "dye-houses")


@pytest.mark.usefixtures("greta")
@pytest.mark.safety("faults.collision")
def test_a_form_of_ticks_that_is_stale_shares_no_readings_again(runner: SimpleNamespace) -> None:
    path, own = f"{tab(runner)}/dye-houses", runner.browser
    own.send(path, page=tab(runner), number=-2, shares="yes")
    stale = own.form(tab(runner), -2)
    assert stale["shares"] == "yes"
    assert own.post(path, without(stale, "shares")).status == 303
    answer = own.post(path, {**stale, "shows": "yes"})
    assert (answer.status, part(runner).shares, part(runner).shows) == (412, False, False)
    assert answer.text.count(CHANGED) == answer.text.count(f"{CHANGED} not ticked.") == 1
    again = filled(answer.text, -2)
    assert ("shares" in again, again["shows"]) == (False, "yes")
    assert own.post(path, again).status == 303
    assert (part(runner).shares, part(runner).shows) == (False, True)


@pytest.mark.usefixtures("greta")
def test_a_form_of_ticks_that_does_not_say_what_it_was_made_from_is_taken_as_sent(runner: SimpleNamespace) -> None:
    path, own = f"{tab(runner)}/dye-houses", runner.browser
    plain = without(own.form(tab(runner), -2), "seen")
    own.post(path, {**plain, "shares": "yes"})
    assert own.post(path, {**plain, "shows": "yes"}).status == 303
    assert (part(runner).shares, part(runner).shows) == (False, True)
    own.send(path, page=tab(runner), answer="leave")
    left = own.post(path, {**plain, "shows": "yes"})
    assert (left.status, "You do not take part in this programme." in left.text) == (409, True)


@pytest.mark.safety("faults.collision")
def test_a_form_of_days_that_is_stale_takes_no_session_away(runner: SimpleNamespace, greta: Browser) -> None:
    path = f"/portal/programmes/dye-houses/factories/{runner.factory_id}"
    stale = greta.form(path)
    assert greta.post(path, {**stale, "session-1": "2026-01-15"}).status == 303
    answer = greta.post(path, {**stale, "session-2": "2026-01-20"})
    assert (answer.status, part(runner).done) == (412, {"session-1": "2026-01-15"})
    assert "Changed in the meantime. The record now says:" in answer.text
    again = filled(answer.text)
    assert (again["session-1"], again["session-2"]) == ("2026-01-15", "2026-01-20")
    assert greta.post(path, again).status == 303
    assert part(runner).done == {"session-1": "2026-01-15", "session-2": "2026-01-20"}
    plain = without(again, ".seen", "session-2", "workshop-1")
    assert greta.post(path, {**plain, "session-1": ""}).status == 303
    assert part(runner).done == {"session-2": "2026-01-20"}
