"""A buyer compares three standards on a phone and at a desk, and sees what a factory's certificates cover."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo import Demo

pytestmark = pytest.mark.xdist_group("browser")


def test_a_buyer_ticks_three_standards_narrowing_the_list_on_the_way_and_compares_them(demo: Demo, make_context: Any):
    phone: Page = make_context().new_page()
    phone.goto(demo.base)
    phone.get_by_role("link", name="What standards ask, compared").click()
    phone.get_by_label("GOTS", exact=True).check()
    phone.get_by_label("SA8000", exact=True).check()

    # Narrowed to another kind, what was ticked stays ticked.
    phone.get_by_label("Kind").select_option("audit_scheme")
    phone.get_by_role("button", name="Show").click()
    expect(phone.get_by_role("heading", name="Chosen before")).to_be_visible()
    expect(phone.get_by_label("GOTS", exact=True)).to_be_checked()
    phone.get_by_label("ICS social", exact=True).check()
    phone.get_by_role("button", name="Compare those ticked").first.click()

    # On a phone each topic is a card, in which each standard is named.
    expect(phone.get_by_role("heading", level=1)).to_have_text("Standards compared")
    wages = phone.locator("tr").filter(has=phone.get_by_role("link", name="Wages"))
    assert wages.evaluate("each => getComputedStyle(each).display") == "block"
    named = wages.locator("td").evaluate_all("all => all.map(each => getComputedStyle(each, '::before').content)")
    assert ["GOTS" in named[0], "SA8000" in named[1], "ICS social" in named[2]] == [True] * 3

    # At a desk it is a table, a column for each standard, from the same address.
    desk: Page = make_context(viewport={"width": 1280, "height": 900}).new_page()
    desk.goto(phone.url)
    expect(desk.get_by_role("columnheader")).to_have_count(3)
    wages = desk.get_by_role("row", name="Wages")
    assert wages.evaluate("each => getComputedStyle(each).display") == "table-row"

    # One is too few: the page says so, and the list still has the choice.
    desk.get_by_role("link", name="Take away ICS social").click()
    expect(desk.get_by_role("columnheader")).to_have_count(2)
    desk.get_by_role("link", name="Change the choice").click()
    desk.get_by_label("SA8000", exact=True).uncheck()
    desk.get_by_role("button", name="Compare those ticked").first.click()
    expect(desk.get_by_text("So far you chose GOTS. Tick at least one more.")).to_be_visible()
    desk.get_by_role("link", name="Go to the list").click()
    expect(desk.get_by_label("GOTS", exact=True)).to_be_checked()

    # From a factory's certificates to what they cover, and to the standard that says so.
    desk.goto(demo.url("/f/{factory}"))
    desk.get_by_role("link", name="What its certificates cover today").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("What its certificates cover today")
    desk.locator("main dl a[href*='/standards/']").first.click()
    expect(desk.locator("main")).to_contain_text("Which standards cover this topic, and how bindingly.")
