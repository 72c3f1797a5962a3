"""A member's form for its public page: a look before it is public, what was typed is kept, and it is its own."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from chalicelib.store import brands
from chalicelib.store.registry import organisations, people
from chalicelib.store.registry.people import Role
from tests.portal_browser import STAFF, Browser, filled, signed_in

pytest_plugins = ["tests.conftest_portal"]

PATH = "/portal/page"
CLAIRE = "claire@maison.example"


@pytest.fixture
def claire(browser: Browser, mails: list[EmailMessage]) -> Browser:
    people.add(Role("member", "maison"), CLAIRE, STAFF)
    return signed_in(browser, CLAIRE, mails)


def said() -> tuple[str | None, dict[str, str]]:
    """What the public page says."""
    found = brands.member("maison")
    assert found is not None
    return found.website, dict(found.texts)


def test_a_preview_shows_the_text_and_changes_nothing(claire: Browser) -> None:
    answer = claire.send(PATH, {"texts-en": "We sew.", "look": "yes"})
    assert answer.status == 200
    assert "It is not saved yet." in answer.text
    assert "We sew." in answer.text.partition("<form method")[0] + answer.text.partition("</form>")[2]
    assert filled(answer.text)["texts-en"] == "We sew."
    assert said() == (None, {})


def test_what_is_saved_is_public_at_once_and_an_emptied_text_goes(claire: Browser) -> None:
    answer = claire.send(PATH, {"texts-en": "We sew.", "texts-fr": "Nous cousons.", "website": "https://m.example"})
    assert (answer.status, answer.headers["Location"]) == (303, f"{PATH}?done=saved")
    assert said() == ("https://m.example", {"en": "We sew.", "fr": "Nous cousons."})
    assert "Nous cousons." in claire.get("/members/maison?lang=fr").text
    claire.send(PATH, {"texts-en": ""})
    assert said() == ("https://m.example", {"fr": "Nous cousons."})


def test_a_fault_stands_at_its_input_and_all_that_was_typed_is_kept(claire: Browser) -> None:
    typed = {"website": "javascript:alert(1)", "texts-fr": "a\u202eb", "texts-en": "We sew."}
    answer = claire.send(PATH, typed)
    assert answer.status == 400
    assert 'id="website-fault"' in answer.text
    assert 'id="texts-fr-fault"' in answer.text
    assert {name: filled(answer.text)[name] for name in typed} == typed
    assert said() == (None, {})


def test_a_colleague_in_between_is_412_and_the_form_can_be_sent_again(claire: Browser) -> None:
    form = claire.form(PATH)
    _, version = organisations.page("maison")
    organisations.set_page("maison", {"texts": {"fr": "D'une collègue."}}, {version}, STAFF)
    answer = claire.post(PATH, {**form, "texts-en": "Mine."})
    assert answer.status == 412
    assert said() == (None, {"fr": "D'une collègue."})
    again = filled(answer.text)
    assert again["texts-en"] == "Mine."
    assert claire.post(PATH, {**again, "texts-fr": "D'une collègue."}).status == 303
    assert said()[1] == {"en": "Mine.", "fr": "D'une collègue."}


def test_a_field_that_the_form_has_not_is_refused(claire: Browser) -> None:
    assert claire.send(PATH, {"name": "Somebody Else"}).status == 400


def test_nobody_but_the_member_opens_the_form(browser: Browser, mails: list[EmailMessage]) -> None:
    assert browser.get(PATH).status == 303
    organisations.put("certifier", "seal", {"name": "Seal", "country": "FR"}, STAFF)
    people.add(Role("certifier", "seal"), "c@seal.example", STAFF)
    assert signed_in(browser, "c@seal.example", mails).get(PATH).status == 403
