"""What holds for every page of the portal: axe, narrow screens, no complaint of the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from chalicelib.web import language
from tests.browser import axe
from tests.browser.demo import Demo
from tests.browser.test_browser_pages import overflows, spoken

pytestmark = pytest.mark.xdist_group("browser")

PAGES = [
    ("factory", "/portal"),
    ("factory", "/portal/sign-in"),
    ("factory", "/portal/factories/{factory}/profile"),
    ("factory", "/portal/factories/{factory}/profile?done=accepted"),
    ("factory", "/portal/factories/{factory}/privacy"),
    ("factory", "/portal/factories/{factory}/preview"),
    ("factory", "/portal/factories/{factory}/preview?as=network"),
    ("factory", "/portal/factories/{factory}/photos"),
    ("factory", "/portal/factories/{factory}/certificates"),
    ("factory", "/portal/factories/{factory}/share"),
    ("factory", "/portal/factories/{factory}/data"),
    ("factory", "/portal/me"),
    ("factory", "/portal/invitations/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    ("member", "/portal"),
    ("member", "/portal/team/member"),
    ("certifier", "/portal"),
    ("staff", "/portal"),
    ("staff", "/portal/team/staff"),
]
"""Who is signed in, and the address of the page."""


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_axe_finds_nothing_in_the_portal_in_any_language(
    demo: Demo, signed_in: Callable[[str], Page], owner_state: tuple[str, Any], who: str, address: str
):
    page = signed_in(who)
    for code in language.offered():
        page.goto(spoken(demo.base + address.format(factory=owner_state[0]), code))
        assert page.locator("html").get_attribute("lang") == code
        assert axe.violations(page) == [], code


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_a_page_of_the_portal_fits_320_pixels_and_text_of_double_size_in_both_directions(
    demo: Demo, signed_in: Callable[[str], Page], owner_state: tuple[str, Any], who: str, address: str
):
    page = signed_in(who)
    page.goto(demo.base + address.format(factory=owner_state[0]))
    assert overflows(page) == []


def test_an_invitation_and_a_form_with_faults_pass_axe_and_fit_320_pixels(
    demo: Demo, owner: Page, owner_state: tuple[str, Any]
):
    factory_id = demo.new_factory("BROWSER-INVITED", name="Invited Mills Ltd")
    invitation = {"email": "somebody@invited-mills.example", "factory_id": factory_id}
    demo.api("member").send("POST", "/internal/v1/invitations", invitation)
    owner.goto(demo.link_mailed_to("somebody@invited-mills.example"))
    assert axe.violations(owner) == []
    assert overflows(owner) == []
    owner.goto(f"{demo.base}/portal/factories/{owner_state[0]}/profile")
    owner.get_by_label("Website").fill("javascript:alert(1)")
    owner.get_by_role("button", name="Save", exact=True).click()
    owner.get_by_role("alert").wait_for()
    assert axe.violations(owner) == []
    assert overflows(owner) == []
    owner.goto(f"{demo.base}/portal/sign-in")
    owner.get_by_role("textbox").fill("nobody@owned-mills.example")
    owner.locator("main form button").click()
    owner.get_by_role("heading", name="Look into your mail").wait_for()
    assert axe.violations(owner) == []
