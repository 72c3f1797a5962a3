"""A consumer goes from a product to its brand, over the map and the list to a factory, and back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.demo import Demo

pytestmark = pytest.mark.xdist_group("browser")


def test_from_a_product_to_its_brand_to_a_factory_and_back(demo: Demo, make_context: Any):
    phone = make_context(viewport={"width": 320, "height": 640}).new_page()
    phone.goto(demo.url("/01/09529001041375"))
    phone.get_by_role("link", name="Lumière Essentiel").click()

    # The brand in its own words, the map, and the same as a table.
    expect(phone.get_by_role("heading", level=1)).to_have_text("Maison Lumière")
    expect(phone.locator("main")).to_contain_text("since 1962")
    drawing = phone.get_by_role("img", name=re.compile("map of the world"))
    expect(drawing).to_be_visible()
    rows = phone.locator("section[aria-labelledby=chain] tbody tr")
    assert drawing.locator("title").count() == rows.count() > 1
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320

    # One country of it, then one factory, which names the brand.
    phone.get_by_role("link", name="Bangladesh", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Factories of Maison Lumière")
    first = phone.locator("main li.item a").first
    name = first.inner_text()
    first.click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(name)
    phone.get_by_role("link", name="Maison Lumière").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Maison Lumière")

    # And back by its products.
    phone.get_by_role("heading", name="Products").scroll_into_view_if_needed()
    phone.get_by_role("link", name=re.compile(r"All \d+ products")).click()
    phone.locator("main li.item p.what a").first.click()
    expect(phone.get_by_role("heading", name="How it was made")).to_be_visible()
