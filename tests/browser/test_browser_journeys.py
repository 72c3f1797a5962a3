"""What people come for, done in a browser on the demo world."""

from __future__ import annotations

import csv
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from chalicelib.domain import identity
from chalicelib.web import form_words, language, words
from tests.browser import qr_reading
from tests.browser.demo import Demo

pytestmark = pytest.mark.xdist_group("browser")

STREET = "44 Riverbank Lane"


def test_from_the_invitation_to_the_withdrawal_that_the_next_check_shows(demo: Demo, make_context: Any):
    office = make_context(viewport={"width": 1280, "height": 900}).new_page()
    phone = make_context().new_page()
    factory_id = demo.new_factory("JOURNEY", name="Padma Journey Knits Ltd", address=STREET)
    address = f"{secrets.token_hex(4)}@padma-knits.example"

    # A member invites; the factory opens the link in its mail, and only the button accepts.
    demo.api("member").send("POST", "/internal/v1/invitations", {"email": address, "factory_id": factory_id})
    link = demo.link_mailed_to(address)
    for _ in range(2):
        office.goto(link)
        expect(office.get_by_role("heading", level=1)).to_contain_text("Padma Journey Knits Ltd")
    office.get_by_role("button", name="Accept and go on").click()
    expect(office.get_by_role("status")).to_contain_text("Welcome")
    assert office.context.cookies()[0]["name"] == "__Host-session"

    # It completes its profile.
    office.get_by_label("Name in your own script").fill("পদ্মা জার্নি নিটস")
    office.get_by_label("Website").fill("https://www.padma-knits.example")
    office.get_by_role("button", name="Save", exact=True).click()
    expect(office.get_by_role("status")).to_contain_text("Saved.")
    phone.goto(demo.url(f"/f/{factory_id}"))
    expect(phone.locator("main")).to_contain_text("পদ্মা জার্নি নিটস")
    expect(phone.locator("main")).to_contain_text(STREET)
    expect(phone.locator("main")).not_to_contain_text(address)

    # It hides its street.
    office.get_by_role("link", name="Who sees what", exact=True).click()
    office.locator("#seen-address").get_by_label(form_words.AUDIENCES["private"]).check()
    office.get_by_role("button", name="Save who sees what").click()
    expect(office.get_by_role("status")).to_contain_text("Saved.")
    phone.reload()
    expect(phone.locator("main")).to_contain_text("পদ্মা জার্নি নিটস")
    assert STREET not in phone.content()

    # It takes home its code, which a phone reads from the screen and follows.
    office.get_by_role("link", name="Share", exact=True).click()
    scanned = qr_reading.read(office.screenshot(full_page=True))
    assert scanned == f"{demo.base}/f/{factory_id}".upper()
    phone.goto(scanned)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Padma Journey Knits Ltd")

    # A certifier confirms a certificate, a buyer sees it, the certifier withdraws it: the next look says so.
    code = demo.new_certificate(factory_id, "KM-JOURNEY")
    phone.reload()
    expect(phone.locator("section[aria-labelledby=certificates] .mark")).to_have_text("Valid")
    phone.locator("section[aria-labelledby=certificates] a[href*='/c/']").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Valid")
    change = {"standing": "withdrawn", "reason": "The holder left the programme"}
    demo.api("certifier").send("POST", f"/internal/v1/certificates/{code}/standing", change)
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Withdrawn")
    expect(phone.locator(".panel")).to_contain_text("The holder left the programme")


def test_whoever_scans_a_factory_a_certificate_or_a_product_lands_on_its_page(demo: Demo, phone: Page):
    for picture, heading in [("f/{factory}", None), ("c/{withdrawn}", "Withdrawn"), ("p/{gtin}", None)]:
        page_of = picture.replace("p/", "01/")
        phone.goto(demo.url(f"/{page_of}"))
        seen = phone.get_by_role("heading", level=1).inner_text()
        phone.goto(demo.url(f"/qr/{picture}.svg?size=60"))
        answer = phone.goto(qr_reading.read(phone.screenshot()))
        assert answer is not None
        assert answer.status == 200
        assert phone.get_by_role("heading", level=1).inner_text() == seen
        assert heading in (None, seen)


@pytest.mark.parametrize(
    ("name", "path"), [("factory", "/f/{factory}"), ("withdrawn", "/c/{withdrawn}"), ("gtin", "/01/{gtin}")]
)
def test_a_code_typed_with_blanks_and_in_lower_case_is_found(demo: Demo, phone: Page, name: str, path: str):
    code = demo.names[name].lower()
    phone.goto(demo.base)
    phone.get_by_role("searchbox").fill(f"  {code[:3]} {code[3:7]} {code[7:]} ")
    phone.get_by_role("button", name="Check").click()
    phone.wait_for_url(f"**{demo.path(path)}*")


def test_a_factory_is_found_by_a_misspelt_name(demo: Demo, phone: Page):
    phone.goto(demo.url("/f/{factory}"))
    name = phone.get_by_role("heading", level=1).inner_text()
    long = max(name.split(), key=len)
    phone.goto(demo.base)
    phone.get_by_role("searchbox").fill(name.replace(long, long[:3] + long[4:]).upper())
    phone.get_by_role("button", name="Check").click()
    if phone.get_by_role("heading", level=1).inner_text() != name:
        phone.get_by_role("link", name=name).first.click()
    phone.wait_for_url(f"**{demo.path('/f/{factory}')}*")


def test_a_certificate_is_found_by_the_number_on_the_paper(demo: Demo, phone: Page):
    for status in ("valid", "suspended"):
        phone.goto(demo.base)
        phone.get_by_role("searchbox").fill(demo.note["certificate_numbers"][status].lower().replace("-", " "))
        phone.get_by_role("button", name="Check").click()
        expect(phone.get_by_role("heading", level=1)).to_have_text(words.STATUS[status])


@pytest.mark.parametrize("status", ["valid", "declared", "expired", "suspended", "withdrawn", "not_yet_valid"])
def test_the_status_is_said_in_a_word_on_the_first_screen_of_a_small_phone(demo: Demo, make_context: Any, status: str):
    page = make_context(viewport={"width": 360, "height": 560}).new_page()
    page.goto(demo.url(f"/c/{{{status}}}"))
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(words.STATUS[status])
    for seen in (heading, page.locator(".panel .icon"), page.locator(".panel > p").first):
        box = seen.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 560


def test_a_past_day_is_asked_for_and_answered_for_that_day(demo: Demo, phone: Page):
    phone.goto(demo.url("/c/{withdrawn}"))
    began = phone.locator("main dl time").first.get_attribute("datetime")
    assert began is not None
    before = (datetime.fromisoformat(began) - timedelta(days=1)).date().isoformat()
    phone.get_by_label("Day (UTC)", exact=True).fill(before)
    phone.get_by_role("button", name="See that day").click()
    phone.wait_for_url(f"**?on={before}*")
    expect(phone.get_by_role("heading", level=1)).to_have_text(words.STATUS["not_yet_valid"])
    expect(phone.locator(".panel .when time")).to_have_attribute("datetime", before)
    phone.get_by_role("link", name="See whether it holds today").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Withdrawn")


def test_a_product_names_its_makers_stage_by_stage_and_leads_to_them(demo: Demo, phone: Page):
    phone.goto(demo.url("/01/{gtin}/10/{lot}"))
    stages = phone.locator(".chain li")
    assert stages.count() > 1
    for number in range(stages.count()):
        expect(stages.nth(number).get_by_role("heading")).not_to_be_empty()
    maker = stages.locator("a").first
    name = maker.inner_text()
    maker.click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.parametrize("code", [code for code in language.offered() if code != "en"] or ["en"])
def test_the_reader_goes_on_in_the_language_that_was_chosen(demo: Demo, phone: Page, code: str):
    phone.goto(demo.url("/f/{factory}") + ("?lang=en" if code == "en" else ""))
    if code != "en":
        phone.locator(f"footer a[hreflang={code}]").click()
    phone.wait_for_url(f"**/f/*lang={code}*")
    expect(phone.locator("html")).to_have_attribute("lang", code)
    expect(phone.locator("html")).to_have_attribute("dir", "rtl" if code == "ar" else "ltr")
    phone.locator("section[aria-labelledby=certificates] a[href*='/c/']").first.click()
    phone.wait_for_url(re.compile(rf"/c/.*[?&]lang={code}"))
    expect(phone.locator("html")).to_have_attribute("lang", code)


def test_the_paper_says_where_it_came_from_and_when_it_was_checked(demo: Demo, phone: Page):
    phone.goto(demo.url("/c/{valid}"))
    phone.emulate_media(media="print")
    expect(phone.locator("footer .print-only")).to_be_visible()
    expect(phone.locator("footer .print-only")).to_contain_text(demo.url("/c/{valid}"))
    expect(phone.locator(".panel .checked")).to_contain_text(f"{datetime.now(UTC):%Y}")
    expect(phone.locator(".panel .checked")).to_contain_text("UTC")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Valid")
    expect(phone.get_by_role("search").first).to_be_hidden()
    assert len(phone.pdf(format="A4")) > 1000


def test_the_answer_for_a_past_day_prints_on_one_sheet_that_says_what_was_asked_and_where(demo: Demo, phone: Page):
    phone.goto(demo.url("/c/{withdrawn}?on=2001-03-01"))
    phone.emulate_media(media="print")
    paper = pypdfium2.PdfDocument(phone.pdf(format="A4"))
    assert len(paper) == 1
    said = " ".join(paper[0].get_textpage().get_text_bounded().split())
    assert words.STATUS["not_yet_valid"] in said
    assert "On 1 March 2001" in said
    assert f"Checked at {datetime.now(UTC).day} {datetime.now(UTC):%B %Y}" in said
    assert demo.url("/c/{withdrawn}?on=2001-03-01") in said.replace(" ", "")
    assert demo.note["certificate_numbers"]["withdrawn"] in said
    assert "See that day" not in said


def test_a_thousand_numbers_are_pasted_counted_first_and_taken_home_as_csv(demo: Demo, phone: Page):
    known = [demo.names[status] for status in ("valid", "declared", "suspended", "withdrawn")]
    asked = [*known, *(f"KM-{number:04}-NOT-HERE" for number in range(996))]
    phone.goto(demo.url("/verify"))
    phone.get_by_label("Certificate numbers, one a line").focus()
    phone.keyboard.insert_text("\n".join(asked))
    phone.get_by_role("button", name="Check", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("1000 certificates checked")
    counts = phone.locator("main .counts")
    expect(counts).to_contain_text("1 × Valid")
    expect(counts).to_contain_text("996 × Not found here")
    box = counts.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 740  # before a thousand lines, on the first screen of a phone
    assert phone.locator("table.checks tbody tr").count() == 1000
    with phone.expect_download() as saved:
        phone.get_by_role("button", name="Download as CSV").click()
    rows = list(csv.DictReader(saved.value.path().read_text("utf-8-sig").splitlines()))
    assert [row["number"] for row in rows] == asked
    assert [row["status"] for row in rows[:4]] == ["valid", "valid", "suspended", "withdrawn"]
    assert {row["status"] for row in rows[4:]} == {"unknown"}


def test_everything_works_without_javascript(demo: Demo, make_context: Any):
    page = make_context(java_script_enabled=False).new_page()
    page.goto(demo.base)
    page.get_by_role("searchbox").fill(identity.shown(demo.names["withdrawn"]).lower())
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Withdrawn")
    page.get_by_label("Day (UTC)", exact=True).fill("2001-01-01")
    page.get_by_role("button", name="See that day").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words.STATUS["not_yet_valid"])
    page.locator("main dl a").first.click()
    page.wait_for_url("**/f/*")
    page.goto(demo.url("/factories"))
    page.get_by_role("searchbox").first.fill("knit")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("main ul.plain a").first).to_be_visible()


def test_a_person_signs_in_by_mail_works_and_signs_out_without_javascript(demo: Demo, make_context: Any):
    page = make_context(java_script_enabled=False).new_page()
    factory_id = demo.new_factory("JOURNEY-SIGN-IN", name="Signing Mills Ltd")
    address = f"{secrets.token_hex(4)}@signing.example"
    demo.api("member").send("POST", "/internal/v1/invitations", {"email": address, "factory_id": factory_id})
    page.goto(demo.link_mailed_to(address))
    page.get_by_role("button", name="Accept and go on").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{demo.base}/portal")
    page.wait_for_url("**/portal/sign-in*")
    page.get_by_role("textbox").fill(address)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    page.goto(demo.link_mailed_to(address))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")
    page.get_by_role("link", name="Signing Mills Ltd").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signing Mills Ltd")
