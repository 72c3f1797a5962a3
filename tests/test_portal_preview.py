"""The page as others see it. See SAFETY, Public and Privacy: a private field shows nowhere, a draft to nobody else."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from tests.portal_browser import STREET, Browser, invited

pytest_plugins = ["tests.conftest_portal"]

TYPED = {
    "address": STREET,
    "latitude": "23.99934",
    "longitude": "90.42049",
    "website": "https://kolmilata.example/",
    "contact_email": "private@kolmilata.example",
    "contact_phone": "+880 1700 123456",
}
WITHOUT_OWN = re.compile(r'<section class="wide preview".*?</section>', re.S)


def body_of(page: str) -> str:
    """What stands in the page itself, without the portal's own line above it."""
    main = WITHOUT_OWN.sub("", page[page.index("<main") : page.index("</main>")])
    return re.sub(r"\s+", " ", main.partition('<section class="wide again')[0].partition("</main>")[0])


def test_the_preview_is_the_public_page_word_for_word(runner: SimpleNamespace) -> None:
    runner.browser.send(runner.profile, TYPED)
    shown = runner.browser.get(f"{runner.home}/preview?as=public")
    assert "This is what everybody sees." in shown.text
    assert body_of(shown.text) == body_of(runner.browser.get(f"/f/{runner.factory_id}").text)
    assert STREET in shown.text
    for private in ("private@kolmilata.example", "1700 123456", "23.99934"):
        assert private not in shown.text


def test_brands_see_what_all_see_and_the_fields_for_the_network_but_nothing_private(runner: SimpleNamespace) -> None:
    runner.browser.send(runner.profile, TYPED)
    chosen = {"seen-website": "network", "seen-contact_phone": "network"}
    assert runner.browser.send(f"{runner.home}/privacy", chosen, number=1).status == 303
    shown = runner.browser.get(f"{runner.home}/preview?as=network").text
    for seen in ("23.99934, 90.42049", "https://kolmilata.example/", "+880 1700 123456", STREET):
        assert seen in shown, seen
    assert "private@kolmilata.example" not in shown
    assert "https://kolmilata.example/" not in runner.browser.get(f"{runner.home}/preview").text


def test_what_a_factory_made_public_of_its_contact_and_languages_stands_on_its_page(runner: SimpleNamespace) -> None:
    runner.browser.send(runner.profile, {**TYPED, "languages-bn": "on", "languages": "lo"})
    page = f"/f/{runner.factory_id}"
    shown = runner.browser.get(page).text
    assert "<bdi>lo</bdi>" in shown
    assert "বাংলা" in body_of(shown)
    assert "private@kolmilata.example" not in shown
    runner.browser.send(f"{runner.home}/privacy", {"seen-contact_email": "public"}, number=1)
    shown = runner.browser.get(page).text
    assert "<bdi>private@kolmilata.example</bdi>" in shown
    assert "1700 123456" not in shown


def test_a_draft_is_previewed_by_who_runs_it_and_by_nobody_else(browser: Browser) -> None:
    answer = browser.send(f"/portal/invitations/{invited()}")
    home = answer.headers["Location"].partition("/profile")[0]
    shown = browser.get(f"{home}/preview")
    assert (shown.status, shown.headers["Cache-Control"]) == (200, "no-store")
    assert "Your page is a draft" in shown.text
    assert "Kolmilata Knit Ltd." in shown.text
    assert browser.get(f"/f/{home.rpartition('/')[2]}").status == 404
    other = Browser(browser.client)
    other.send(f"/portal/invitations/{invited('Other Ltd.', email='other@mill.example')}")
    assert other.get(f"{home}/preview").status == 404
    other.cookie = ""
    assert other.get(f"{home}/preview").status == 303


@pytest.mark.parametrize("audience", ["private", "", "PUBLIC", "<b>"])
def test_there_is_no_other_view(runner: SimpleNamespace, audience: str) -> None:
    answer = runner.browser.get(f"{runner.home}/preview?as={audience}")
    assert answer.status == 404
    assert "<b>" not in answer.text
