"""What holds for every public page: its weight, its one request, narrow screens, large text, the keyboard, axe."""

from __future__ import annotations

import gzip
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from chalicelib.public import edge
from chalicelib.web import language
from tests.browser import addresses, axe, made
from tests.browser.demo import Demo

pytestmark = pytest.mark.xdist_group("browser")

MOST_BYTES = 14_000
_OVERFLOW = """() => {
    const root = document.scrollingElement, wide = root.clientWidth;
    if (root.scrollWidth <= wide) return [];
    const out = [...document.body.querySelectorAll('*')].filter(each => {
        const box = each.getBoundingClientRect();
        return box.width && (box.right > wide + 1 || box.left < -1) && !each.matches('.skip');
    });
    return [`${root.scrollWidth} > ${wide}`, ...out.map(each => each.outerHTML.slice(0, 120))];
}"""
every_page = pytest.mark.parametrize(("address", "status"), addresses.all_pages().items())


def test_every_registered_page_is_among_the_addresses_that_are_looked_at():
    assert addresses.registered() - set(addresses.EXAMPLES) - addresses.ELSEWHERE == set()
    assert edge.PAGES & set(addresses.EXAMPLES)


@every_page
def test_a_page_is_one_request_of_at_most_14000_bytes(demo: Demo, phone: Page, address: str, status: int):
    asked = []
    phone.on("request", lambda request: asked.append(request.url) if request.url.startswith("http") else None)
    answer = phone.goto(demo.url(address))
    assert answer is not None
    assert answer.status == status
    assert len(asked) == 1
    assert len(gzip.compress(answer.body(), 6)) <= MOST_BYTES


@every_page
def test_no_page_in_any_language_weighs_more_than_14000_bytes(demo: Demo, address: str, status: int):
    for code in language.offered():
        answered, body = demo.read(spoken(demo.url(address), code))
        assert (answered, len(gzip.compress(body, 6)) <= MOST_BYTES) == (status, True), code


@every_page
def test_a_page_fits_320_pixels_and_text_of_double_size_in_both_directions(
    demo: Demo, phone: Page, address: str, status: int
):
    answer = phone.goto(demo.url(address))
    assert answer is not None
    assert answer.status == status
    assert overflows(phone) == []


@every_page
def test_axe_finds_nothing_and_nothing_sticks_out_in_any_language(demo: Demo, phone: Page, address: str, status: int):
    for code in language.offered():
        answer = phone.goto(spoken(demo.url(address), code))
        assert answer is not None
        assert answer.status == status
        assert phone.locator("html").get_attribute("lang") == code
        assert axe.violations(phone) == [], code
        assert overflows(phone, language.language(code).direction) == [], code


@pytest.mark.parametrize("kind", made.KINDS)
def test_answers_to_forms_and_failures_are_small_and_pass_axe_and_fit_in_any_language(
    demo: Demo, phone: Page, kind: str
):
    for code in language.offered():
        answer = made.KINDS[kind](demo, code)
        address = f"{demo.base}/made/{kind}/{code}"
        phone.route(address, partial(_given, answer))
        phone.goto(address)
        assert phone.locator("html").get_attribute("lang") == code
        assert len(gzip.compress(answer.html.encode(), 6)) <= MOST_BYTES, code
        assert axe.violations(phone) == [], code
        assert overflows(phone, language.language(code).direction) == [], code


def _given(answer: made.Made, route: Route) -> None:
    route.fulfill(status=answer.status, headers=answer.headers, body=answer.html)


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


def spoken(url: str, code: str) -> str:
    """An address in a language."""
    return f"{url}{'&' if '?' in url else '?'}lang={code}"


def overflows(page: Page, *directions: str) -> list[str]:
    """What sticks out sideways: of a window of 320 pixels, of one of 1280 zoomed to 200 %, with text of double size."""
    found = []
    developer = page.context.new_cdp_session(page)
    for direction in directions or ("ltr", "rtl"):
        page.evaluate("direction => document.documentElement.dir = direction", direction)
        for width, text in ((320, 16), (640, 16), (640, 32)):
            page.set_viewport_size({"width": width, "height": 640})
            developer.send("Page.setFontSizes", {"fontSizes": {"standard": text}})
            found += [f"{direction} {width} {text} {each}" for each in page.evaluate(_OVERFLOW)]
    developer.detach()
    return found


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
