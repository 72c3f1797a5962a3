"""A factory measures its electricity for two years and publishes it; a visitor sees the chart and the table."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.demo import Demo
from tests.browser.fit import overflows

pytestmark = pytest.mark.xdist_group("browser")

MONTHS = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)]


def test_two_years_of_readings_are_published_and_a_visitor_sees_chart_and_table(
    demo: Demo, owner: Page, owner_state: tuple[str, object], phone: Page
) -> None:
    factory_id = owner_state[0]
    if not demo.api("staff").send("GET", f"/internal/v1/factories/{factory_id}")["published"]:
        demo.api("staff").send("POST", f"/internal/v1/factories/{factory_id}/publish")
    owner.goto(f"{demo.base}/portal/factories/{factory_id}/profile")
    owner.get_by_label("This factory").get_by_role("link", name="Resource use").click()
    owner.get_by_role("link", name="Add an indicator").click()
    owner.get_by_label("What is measured", exact=True).fill("Electricity of the knitting hall")
    owner.get_by_label("Resource", exact=True).select_option("energy")
    owner.get_by_label("Unit", exact=True).select_option("kWh")
    owner.get_by_label("Unit of output", exact=True).select_option("kg")
    for label, text in (("Start: period", "2023"), ("Start: amount", "240000"), ("Start: output", "100000")):
        owner.get_by_label(label).fill(text)
    owner.get_by_role("button", name="Save").click()
    expect(owner.get_by_role("heading", level=2).first).to_have_text("Electricity of the knitting hall")

    # Two years from a file, of which one row is wrong at first: nothing is written until all are right.
    owner.get_by_role("link", name="Add many readings from a file").click()
    rows = [f"{month},{20000 - 200 * place},10000" for place, month in enumerate(MONTHS)]
    wrong = "\n".join(["period,amount,output", *rows, "2025-Q1,1,1"])
    owner.get_by_label("Or paste the rows here").fill(wrong)
    owner.get_by_role("button", name="Look at it first").click()
    expect(owner.get_by_role("alert")).to_contain_text("1 row is not right")
    owner.get_by_label("Or paste the rows here").fill(wrong.replace("2025-Q1,1,1", ""))
    owner.get_by_role("button", name="Look at it first").click()
    owner.get_by_role("button", name="Add 24 readings").click()
    expect(owner.locator("tbody tr")).to_have_count(24)
    assert phone.request.get(demo.url(f"/f/{factory_id}/efficiency")).status == 404
    owner.get_by_label("This factory").get_by_role("link", name="Resource use").click()
    owner.get_by_role("button", name="Publish it").click()
    expect(owner.get_by_role("status")).to_contain_text("Published.")

    phone.goto(f"{demo.base}/f/{factory_id}")
    phone.get_by_role("link", name="Resource efficiency and circular production").click()
    expect(phone.get_by_role("img", name="Electricity of the knitting hall")).to_be_visible()
    expect(phone.locator("svg rect")).to_have_count(24)
    phone.get_by_text("Readings as a table").click()
    expect(phone.locator("tbody tr").first).to_contain_text("1.54")
    expect(phone.locator("tbody tr").first).to_contain_text("35.8 % less")
    assert "15400" not in phone.content()
    assert axe.violations(phone) == []
    assert not overflows(phone)

    owner.get_by_role("button", name="Hide it again").click()
    assert phone.request.get(demo.url(f"/f/{factory_id}/efficiency")).status == 404
