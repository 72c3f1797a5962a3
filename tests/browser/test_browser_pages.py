"""What holds for every public page: its weight, its one request, narrow screens, large text, the keyboard, axe."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from chalicelib.public import edge
from chalicelib.web import language
from tests.browser import addresses, every_language, made
from tests.browser.demo import Demo
from tests.browser.shelf import Shelf

pytestmark = pytest.mark.xdist_group("browser")

every_page = pytest.mark.parametrize(("address", "status"), addresses.all_pages().items())


def test_every_registered_page_is_among_the_addresses_that_are_looked_at():
    assert addresses.registered() - set(addresses.EXAMPLES) - addresses.ELSEWHERE == set()
    assert edge.PAGES & set(addresses.EXAMPLES)


@pytest.mark.safety("mechanisms.cookies-and-headers")
@every_page
def test_a_page_in_any_language_is_one_small_request_and_passes_axe_and_fits(
    demo: Demo, shelf: Shelf, look: Callable[[str], Page], address: str, status: int
):
    assert every_language.faults(look(""), demo.url(address), status, shelf.public(address)) == []


@pytest.mark.parametrize("kind", made.KINDS)
def test_answers_to_forms_and_failures_are_small_and_pass_axe_and_fit_in_any_language(
    demo: Demo, look: Callable[[str], Page], kind: str
):
    answers = {code: made.KINDS[kind](demo, code) for code in language.offered()}
    assert _faults_of_made(demo, look(""), answers) == []


def test_what_is_wrong_in_one_language_only_is_found_and_named(demo: Demo, shelf: Shelf, look: Callable[[str], Page]):
    answers = dict(shelf.public("/f/{factory}"))
    spoilt = {
        "fr": ("</h1>", '</h1><img src="data:,">', "axe image-alt"),
        "es": ("<title>.*</title>", "<title></title>", "axe document-title"),
        "ar": ("</h1>", '</h1><p lang="klingon">Qapla</p>', "axe valid-lang"),
        "bn": ("</h1>", f"</h1><table><tr>{40 * '<td>WW'}</table>", "320 pixels, text of 16"),
        "tr": ("</body>", f"<!-- {secrets.token_hex(15_000)} --></body>", "bytes"),
        "vi": ("</h1>", '</h1><img alt="" src="/elsewhere.png">', "asks for more: "),
        "zh": ('(?<=lang=")zh', "en", "says that it is en"),
    }
    for code, (old, new, _) in spoilt.items():
        answers[code] = answers[code]._replace(html=re.sub(old, new, answers[code].html, count=1))
    found = _faults_of_made(demo, look(""), answers)
    for code, (*_, told) in spoilt.items():
        assert any(told in each and each.startswith("asks" if code == "vi" else code) for each in found), found
    assert not any(each.startswith("en: ") for each in found)


def _faults_of_made(demo: Demo, page: Page, answers: dict[str, made.Made]) -> list[str]:
    """What is wrong with answers that no address gives by itself: the browser gets them as if one did."""
    shown, address = answers[language.DEFAULT], f"{demo.base}/made"
    page.route(address, lambda route: route.fulfill(status=shown.status, headers=shown.headers, body=shown.html))
    found = every_language.faults(page, address, shown.status, answers)
    page.unroute(address)
    return found


@pytest.mark.parametrize("address", ["/", "/f/{factory}", "/c/{valid}", "/01/{gtin}"])
def test_the_keyboard_alone_reaches_the_box_and_the_button_and_what_has_the_focus_shows_it(
    demo: Demo, phone: Page, address: str
):
    phone.goto(demo.url(address))
    phone.keyboard.press("Tab")
    assert focused(phone)["text"] == "Skip to the content"
    assert phone.locator(".skip").bounding_box()["x"] >= 0
    tab_to(phone, "id", "q")
    phone.keyboard.type(demo.path("{withdrawn}").lower())
    phone.keyboard.press("Tab")
    assert focused(phone) == {"id": "", "text": "Check", "ring": True}
    phone.keyboard.press("Enter")
    phone.wait_for_url(f"**{demo.path('/c/{withdrawn}')}*")
    assert phone.locator("h1").inner_text() == "Withdrawn"


def test_the_keyboard_alone_fills_in_the_directory_s_form_and_opens_what_it_finds(demo: Demo, phone: Page):
    phone.goto(demo.url("/factories"))
    tab_to(phone, "id", "q")
    phone.keyboard.type("knit")
    tab_to(phone, "id", "country")
    phone.keyboard.press("b")  # the one country with this letter; a longer word would depend on how fast it is typed
    expect(phone.locator("#country")).to_have_value("BD")
    tab_to(phone, "text", "Find")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**country=BD*")
    first = phone.locator("main ul.plain a").first.inner_text()
    tab_to(phone, "text", first)
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/f/BD*")
    assert phone.locator("h1").inner_text() == first


def test_whoever_skips_to_the_content_goes_on_inside_it(demo: Demo, phone: Page):
    phone.goto(demo.url("/f/{factory}"))
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.querySelector('main').contains(document.activeElement)")


def tab_to(page: Page, kind: str, wanted: str) -> None:
    """Press Tab until the focus is where its ``id`` or ``text`` is wanted; on the way each stop shows its ring."""
    for _ in range(80):
        page.keyboard.press("Tab")
        assert focused(page)["ring"], focused(page)
        if focused(page)[kind] == wanted:
            return
    raise AssertionError(f"80 stops, and none at {wanted}")


def focused(page: Page) -> dict[str, Any]:
    """What has the focus, and whether it has a ring of at least two pixels."""
    found: dict[str, Any] = page.evaluate(
        """() => {
            const it = document.activeElement, style = getComputedStyle(it);
            const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
            return {id: it.id, text: it.innerText.trim(), ring};
        }"""
    )
    return found
