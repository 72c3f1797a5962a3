"""What a factory tells of its programmes, in a browser on the demo world: it writes, publishes, and a visitor reads."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.demo import Demo
from tests.browser.fit import overflows

pytestmark = pytest.mark.xdist_group("browser")

SECRET, OWNER = "The cellar with the dye stock", "Night guard"


def _holds(page: Page) -> None:
    assert axe.violations(page) == []
    assert overflows(page) == []


def test_a_factory_writes_its_climate_plan_step_by_step_publishes_it_and_a_visitor_reads_it(
    demo: Demo, make_context: Any
) -> None:
    factory, visitor = make_context().new_page(), make_context().new_page()
    run = secrets.token_hex(4)
    factory_id = demo.new_factory("BROWSER-PLAN", name=f"Planning {run} Mills Ltd")
    invitation = {"email": f"{run}@planning-mills.example", "factory_id": factory_id}
    demo.api("member").send("POST", "/internal/v1/invitations", invitation)
    factory.goto(demo.link_mailed_to(invitation["email"]))
    factory.get_by_role("button", name="Accept and go on").click()

    # Nothing stands there yet; what comes first is said, and the first risk is added after a mistake.
    factory.get_by_role("link", name="Climate plan").click()
    expect(factory.get_by_text("0 % of the plan is written.")).to_be_visible()
    _holds(factory)
    factory.get_by_role("link", name="Add a risk").click()
    factory.get_by_label("Who sees to it").fill(OWNER)
    factory.get_by_label("What is exposed", exact=True).fill(SECRET)
    factory.get_by_role("button", name="Save", exact=True).click()
    expect(factory.get_by_role("alert")).to_contain_text("Hazard: is missing")
    assert factory.get_by_label("What is exposed", exact=True).input_value() == SECRET
    _holds(factory)
    factory.get_by_label("Hazard", exact=True).select_option("flood")
    factory.get_by_label("Likelihood").select_option("4")
    factory.get_by_label("Impact").select_option("5")
    factory.get_by_label("What is done about it").fill("Raise the switchboards")
    factory.get_by_label("Done by").fill("2099-05-01")
    factory.get_by_label("How far is it?").select_option("under_way")
    factory.get_by_role("button", name="Save", exact=True).click()
    expect(factory.get_by_role("status")).to_contain_text("Saved.")
    expect(factory.locator(".risks > li")).to_contain_text("Score 20")
    _holds(factory)

    # The four steps, each by its form.
    _step(factory, "Analyse risks and opportunities", {"What you looked at": "Maps", "Opportunities": "Cooler halls"})
    _step(factory, "Draw up strategies", {"Strategies": "Water first"})
    factory.get_by_role("link", name="Communicate them").click()
    factory.get_by_label("Workers").check()
    _fill(factory, {"How and when you tell them": "At the gate"})
    _step(factory, "Find technologies, finance and services", {"Finance": "A green loan"})
    expect(factory.get_by_text("100 % of the plan is written.")).to_be_visible()
    assert factory.request.get(demo.url(f"/f/{factory_id}/climate")).status == 404

    # It looks at the public page first, then publishes; a visitor comes from the factory's page and reads.
    factory.get_by_role("link", name="Look at the public page first").click()
    expect(factory.get_by_text("Nobody but you sees this.")).to_be_visible()
    factory.get_by_role("link", name="Back to the climate plan").click()
    factory.get_by_role("button", name="Publish the climate plan").click()
    expect(factory.get_by_role("status")).to_contain_text("Your climate plan is public.")
    visitor.goto(demo.url(f"/f/{factory_id}"))
    visitor.get_by_role("link", name="Climate adaptation plan").click()
    expect(visitor.get_by_text("Published by the factory, not verified by the registry.")).to_be_visible()
    expect(visitor.locator(".risks > li")).to_contain_text("Raise the switchboards")
    expect(visitor.locator("td.high", has_text="1")).to_have_count(1)
    assert OWNER not in visitor.content()
    assert SECRET not in visitor.content()

    # Kept again, it is gone on the next read.
    factory.get_by_role("button", name="Keep it to ourselves").click()
    expect(factory.get_by_role("status")).to_contain_text("shows to nobody any more")
    assert visitor.request.get(demo.url(f"/f/{factory_id}/climate")).status == 404


def _step(page: Page, title: str, typed: dict[str, str]) -> None:
    page.get_by_role("link", name=title, exact=True).click()
    _fill(page, typed)


def _fill(page: Page, typed: dict[str, str]) -> None:
    """Fill a step in, tick that it is done, and save it."""
    for label, text in typed.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("This step is done").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
