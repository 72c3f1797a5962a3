"""A photo from a file on a telephone to the public page, in a browser that holds every page to its policy."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser import axe
from tests.browser.demo import Demo
from tests.browser.fit import overflows
from tests.browser.witness import Witness

pytestmark = pytest.mark.xdist_group("browser")


def taken() -> bytes:
    written = io.BytesIO()
    Image.effect_noise((1200, 900), 40).convert("RGB").save(written, "JPEG")
    return written.getvalue()


def test_a_photo_is_sent_straight_to_the_store_named_shown_and_taken_away(
    demo: Demo, chromium: Browser, owner_state: tuple[str, Any]
):
    factory_id, state = owner_state
    context = chromium.new_context(storage_state=state, viewport={"width": 320, "height": 740}, locale="en-GB")
    context.set_default_timeout(20_000)
    witness = Witness(context, demo.base)
    page = context.new_page()
    path = f"{demo.base}/portal/factories/{factory_id}"
    page.goto(f"{path}/profile")
    if page.get_by_role("button", name="Publish").count():
        page.get_by_role("button", name="Publish").click()
    page.goto(f"{path}/photos")
    sent = {"name": "hall.jpg", "mimeType": "image/jpeg", "buffer": taken()}
    page.get_by_label("A photo").set_input_files(sent)
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url(lambda address: "/photos?sent=" in address)
    for _ in range(60):
        if page.get_by_role("heading", name="Show this photo?").count():
            break
        page.reload()
    loaded = "image => image.complete && image.naturalWidth > 0"
    assert page.locator("main img").first.evaluate(loaded)
    assert axe.violations(page) == []
    assert overflows(page) == []
    page.get_by_label("What it shows").fill("The knitting hall")
    page.get_by_role("button", name="Show it to everybody").click()
    page.get_by_role("link", name="See the public page").click()
    shown = page.get_by_role("img", name="The knitting hall")
    expect(shown).to_be_visible()
    assert shown.evaluate(loaded)
    assert (shown.get_attribute("width"), shown.get_attribute("height")) == ("1200", "900")
    assert axe.violations(page) == []
    assert overflows(page) == []
    page.goto(f"{path}/photos")
    page.get_by_role("button", name="Take away").click()
    expect(page.get_by_text("The photo is gone.")).to_be_visible()
    assert witness.complaints == []
    context.close()
