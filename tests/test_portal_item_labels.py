"""Labels of items in the portal: what a brand downloads is read back code by code."""

from __future__ import annotations

import re
from email.message import EmailMessage
from html import unescape
from types import SimpleNamespace

import pypdfium2
import pytest
import zxingcpp

from chalicelib.internal import item_labels, portal
from chalicelib.store.registry import organisations, people
from chalicelib.store.registry.people import Role
from chalicelib.web import label_words
from factory_labels import layouts
from tests.portal_browser import STAFF, Browser, signed_in
from tests.test_portal_products import CLAIRE, GTIN, NEW, typed

pytest_plugins = ["tests.conftest_portal"]

PATH = f"/portal/products/{GTIN}/labels"


@pytest.fixture
def claire(runner: SimpleNamespace, mails: list[EmailMessage]) -> Browser:
    people.add(Role("member", "maison"), CLAIRE, STAFF)
    browser = signed_in(runner.browser, CLAIRE, mails)
    browser.send(NEW, typed(runner))
    return browser


def links_in(page: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="([^"]+)"', page)]


def codes(document: str) -> list[str]:
    with pypdfium2.PdfDocument(document.encode("ascii")) as opened:
        pictures = [sheet.render(scale=200 / 72, grayscale=True).to_pil() for sheet in opened]
    return sorted(found.text for picture in pictures for found in zxingcpp.read_barcodes(picture))


def test_the_page_of_a_product_leads_to_labels_and_these_are_read_back(claire: Browser) -> None:
    assert PATH in claire.get(f"/portal/products/{GTIN}").text
    assert 'name="first"' in claire.get(PATH).text
    shown = claire.get(f"{PATH}?first=A0098&last=A0119&lot=L1&layout=avery-l7160&lang=en")
    assert "22 labels, 2 sheets" in shown.text
    [address] = [link for link in links_in(shown.text) if ".pdf" in link]
    answer = claire.get(address)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    base_url = portal.labels.shown.SETTINGS.base_url.upper()
    assert codes(answer.text) == [f"{base_url}/01/{GTIN}/10/L1/21/A{number:04d}" for number in range(98, 120)]


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ("first=A%202", "first"),
        ("first=..", "first"),
        ("first=A1&last=B2", "last"),
        ("first=A9&last=A1", "last"),
        ("first=A0001&last=A1001", "last"),
        ("first=A1&last=%22%20%22", "last"),
        ("first=A1&lot=L%201", "lot"),
        ("first=A1&layout=napkin", "layout"),
        ("first=ABCDEFGHIJ0123456789&lot=ABCDEFGHIJ0123456789&layout=avery-5160", "layout"),
    ],
)
def test_what_cannot_be_printed_is_told_at_its_input_and_is_kept(claire: Browser, asked: str, wrong: str) -> None:
    for path in (PATH, f"{PATH}.pdf"):
        answer = claire.get(f"{path}?{asked}")
        assert answer.status == 400
        assert f'id="{wrong}-fault"' in answer.text
        assert f'href="#{wrong}"' in answer.text
    assert 'value="A' in answer.text or wrong == "first"


def test_a_thousand_labels_fit_what_a_function_may_answer(claire: Browser) -> None:
    answer = claire.get(f"{PATH}.pdf?first=A0001&last=A1000")
    assert answer.status == 200
    assert len(answer.text) < 1_500_000
    assert answer.text.isascii()
    assert answer.text.count("/Type /Page ") == 48


def test_products_of_others_and_those_without_a_gtin_have_no_labels(
    claire: Browser, runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    done = claire.send(NEW, typed(runner, gtin="")).headers["Location"].partition("?")[0]
    assert claire.get(done).status == 200
    assert "/labels" not in claire.get(done).text
    for path in (done, "/portal/products/04006381333931", "/portal/products/nonsense"):
        assert claire.get(f"{path}/labels?first=A1").status == 404
        assert claire.get(f"{path}/labels.pdf?first=A1").status == 404
    organisations.put("member", "other", {"name": "Other", "country": "FR"}, STAFF)
    people.add(Role("member", "other"), "olga@other.example", STAFF)
    olga = signed_in(runner.browser, "olga@other.example", mails)
    assert olga.get(f"{PATH}?first=A1").status == 404
    assert olga.get(f"{PATH}.pdf?first=A1").status == 404


def test_every_sheet_that_is_offered_is_one_that_is_known() -> None:
    assert set(label_words.LAYOUTS) <= set(layouts.LAYOUTS)
    assert item_labels.FIRST_LAYOUT in label_words.LAYOUTS
