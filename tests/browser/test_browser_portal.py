"""What holds for every page of the portal: axe, narrow screens, no complaint of the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import axe, every_language
from tests.browser.demo import Demo
from tests.browser.fit import overflows
from tests.browser.shelf import Shelf

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
    ("factory", "/portal/factories/{factory}/climate"),
    ("factory", "/portal/factories/{factory}/climate/preview"),
    ("factory", "/portal/factories/{factory}/climate/steps/risks"),
    ("factory", "/portal/factories/{factory}/climate/steps/communication"),
    ("factory", "/portal/factories/{factory}/climate/steps/means"),
    ("factory", "/portal/factories/{factory}/climate/risks/new"),
    ("factory", "/portal/factories/{factory}/certificates"),
    ("factory", "/portal/factories/{factory}/claims"),
    ("factory", "/portal/factories/{factory}/share"),
    ("factory", "/portal/factories/{factory}/scans"),
    ("member", "/portal/clones"),
    ("factory", "/portal/factories/{factory}/data"),
    ("factory", "/portal/me"),
    ("factory", "/portal/factories/{factory}/efficiency"),
    ("factory", "/portal/factories/{factory}/efficiency/new"),
    ("factory", "/portal/factories/{factory}/programmes"),
    ("organiser", "/portal"),
    ("organiser", "/portal/programmes"),
    ("organiser", "/portal/programmes/new"),
    ("organiser", "/portal/programmes/dye-houses"),
    ("organiser", "/portal/programmes/dye-houses/change"),
    ("factory", "/portal/learning"),
    ("factory", "/portal/learning/profile"),
    ("factory", "/portal/watch?about={factory}"),
    ("factory", "/portal/watch/asked"),
    ("factory", "/portal/watch/asked?done=ended"),
    ("factory", "/portal/invitations/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    ("member", "/portal"),
    ("factory", "/portal/factories/{factory}/links/maison-lumiere/end"),
    ("member", "/portal/team/member"),
    ("member", "/portal/invitations"),
    ("member", "/portal/invitations?state=pending"),
    ("member", "/portal/invitations/new"),
    ("member", "/portal/invitations/upload"),
    ("member", "/portal/network"),
    ("member", "/portal/network?expiring=90&standing=valid"),
    ("member", "/portal/network?q=nobody"),
    ("member", "/portal/network/{factory}"),
    ("member", "/portal/network/{factory}/end"),
    ("member", "/portal/page"),
    ("member", "/portal/claims"),
    ("member", "/portal/products"),
    ("member", "/portal/products/new"),
    ("member", "/portal/products/import"),
    ("member", "/portal/products/09529001041375/labels?first=A0001&last=A0100"),
    ("certifier", "/portal"),
    ("certifier", "/portal/certificates"),
    ("certifier", "/portal/certificates/new"),
    ("certifier", "/portal/certificates/requests"),
    ("certifier", "/portal/certificates/upload"),
    ("certifier", "/portal/keys/certifier"),
    ("member", "/portal/keys/member"),
    ("owner", "/portal/standard"),
    ("staff", "/portal"),
    ("staff", "/portal/staff/log"),
    ("staff", "/portal/team/staff"),
    ("factory", "/portal/factories/{factory}/history"),
    ("member", "/portal/member/history"),
    ("certifier", "/portal/certifier/history"),
    ("staff", "/portal/staff/factories?q=ltd"),
    ("staff", "/portal/staff/factories/{factory}"),
    ("staff", "/portal/staff/factories/{factory}/merge"),
    ("staff", "/portal/staff/factories/{factory}/move"),
    ("staff", "/portal/staff/organisations/member"),
    ("staff", "/portal/staff/organisations/standard"),
    ("staff", "/portal/staff/organisations/standard/gots"),
    ("staff", "/portal/staff/keys?kind=ics&tenant=ics"),
    ("staff", "/portal/staff/history?record={factory}"),
    ("staff", "/portal/staff/syncs"),
    ("staff", "/portal/staff/moderation"),
    ("staff", "/portal/staff/moderation?state=done"),
    ("factory", "/portal/reports/new?about=/f/{factory}"),
    ("factory", "/portal/reports/sent?reference=00112233445566ff"),
    ("factory", "/portal/factories/{factory}/write"),
    ("factory", "/portal/letters?done=asked"),
    ("factory", "/portal/letters?done=sent"),
]
"""Who is signed in, and the address of the page."""


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_a_page_of_the_portal_in_any_language_is_one_small_request_and_passes_axe_and_fits(
    demo: Demo, shelf: Shelf, look: Callable[[str], Page], owner_state: tuple[str, Any], who: str, address: str
):
    address = address.format(factory=owner_state[0])
    answers = shelf.portal(who, address)
    assert every_language.faults(look(who), demo.url(address), answers["en"].status, answers) == []


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


def test_what_a_certifier_sees_between_a_form_and_its_effect_passes_axe_and_fits_320_pixels(
    demo: Demo, signed_in: Callable[[str], Page]
):
    page = signed_in("certifier")

    def holds() -> None:
        assert axe.violations(page) == []
        assert overflows(page) == []

    page.goto(f"{demo.base}/portal/certificates?status=valid")
    page.locator("main .what a").first.click()
    page.get_by_role("heading", name="Change the standing").wait_for()
    holds()
    page.get_by_label("Suspended").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("alert").wait_for()
    holds()
    page.get_by_label("Reason, as everybody will read it").fill("Wastewater over the limit")
    page.get_by_label("Suspended").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Is this right?").wait_for()
    holds()
    page.get_by_role("button", name="No, go back").click()
    assert page.get_by_label("Reason, as everybody will read it").input_value() == "Wastewater over the limit"

    page.goto(f"{demo.base}/portal/certificates/upload")
    rows = "factory_id,number,standard_id,scope,valid_from,valid_to\nBD-00000-00000,N 1,gots,Knitting,2026-01-01,soon"
    page.get_by_label("Or paste the rows, headings first").fill(rows)
    page.get_by_role("button", name="Check").click()
    page.get_by_role("heading", name="What would be recorded").wait_for()
    holds()


def test_a_certificate_as_it_was_once_known_passes_axe_and_fits_320_pixels(demo: Demo, phone: Page):
    phone.goto(f"{demo.base}/c/{demo.note['certificates']['suspended']}?known_at=2026-01-01")
    phone.get_by_role("heading", name="What was known at").wait_for()
    assert axe.violations(phone) == []
    assert overflows(phone) == []


def test_a_list_of_factories_to_invite_passes_axe_and_fits_320_pixels_at_each_step(
    demo: Demo, signed_in: Callable[[str], Page]
):
    demo.new_factory("BROWSER-LISTED", name="Listed Weavers Ltd")
    page = signed_in("member")
    page.goto(f"{demo.base}/portal/invitations/new")
    page.get_by_label("E-mail address").fill("one@listed-weavers.example")
    page.get_by_label("Legal name").fill("Listed Weavers")
    page.get_by_label("Country").select_option("BD")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Is this factory here already?").wait_for()
    assert axe.violations(page) == []
    assert overflows(page) == []
    page.goto(f"{demo.base}/portal/invitations/upload")
    rows = ["email,name,country", "a@browser-mill.example,Browser Mill,BD", "nobody,Second Mill,BD"]
    page.get_by_label("Or paste the list").fill("\n".join([*rows, "c@listed.example,Listed Weavers,BD"]))
    page.get_by_role("button", name="Look at the list").click()
    page.get_by_role("heading", name="Before anything is sent").wait_for()
    assert axe.violations(page) == []
    assert overflows(page) == []
    page.get_by_role("button", name="Send 2 rows").click()
    page.get_by_role("heading", name="What came of your list").wait_for()
    assert axe.violations(page) == []
    assert overflows(page) == []
    assert "c@listed.example" in page.get_by_label("Or paste the list").input_value()
    page.get_by_role("link", name="All invitations").click()
    page.get_by_text("a@browser-mill.example").first.wait_for()
    assert axe.violations(page) == []
    assert overflows(page) == []
