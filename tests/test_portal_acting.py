"""A form belongs to the organisation for which it was opened: another one, chosen meanwhile, does not take it."""

from __future__ import annotations

from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from chalicelib.domain.claim import Holder
from chalicelib.store.registry import callers, organisations, people
from chalicelib.store.registry import claims as store
from chalicelib.store.registry.people import Role
from tests.portal_browser import STAFF, Browser, filled, signed_in

pytest_plugins = ["tests.conftest_portal"]

CLAIRE = "claire@maison.example"


@pytest.fixture
def claire(runner: SimpleNamespace, mails: list[EmailMessage]) -> Browser:
    """Somebody who acts for two members."""
    organisations.put("member", "autre", {"name": "Autre", "country": "FR"}, STAFF)
    for tenant in ("maison", "autre"):
        people.add(Role("member", tenant), CLAIRE, STAFF)
    browser = signed_in(runner.browser, CLAIRE, mails)
    acts_for(browser, "maison")
    return browser


def acts_for(browser: Browser, tenant: str) -> None:
    token = browser.form("/portal")["csrf_token"]
    assert browser.post("/portal/acting", {"csrf_token": token, "kind": "member", "tenant": tenant}).status == 303


def test_a_form_opened_for_one_organisation_and_sent_for_another_is_refused_with_its_input(claire: Browser) -> None:
    typed = {**claire.form("/portal/claims"), "text": "Half of our cotton is organic.", "rests": "none"}
    acts_for(claire, "autre")
    refused = claire.post("/portal/claims", typed, Sec_Fetch_Site="same-origin")
    assert refused.status == 403
    kept = filled(refused.text)
    assert (kept["text"], kept["rests"]) == (typed["text"], "none")
    assert "What you typed is still here" in refused.text
    for tenant in ("maison", "autre"):
        assert store.need(Holder.MEMBER, tenant).claims == ()
    assert claire.post("/portal/claims", kept).status == 303
    assert len(store.need(Holder.MEMBER, "autre").claims) == 1


def test_no_key_is_made_for_an_organisation_that_was_chosen_meanwhile(claire: Browser) -> None:
    typed = {**claire.form("/portal/keys/member"), "products:write": "on", "reason": "for our shop"}
    acts_for(claire, "autre")
    assert claire.post("/portal/keys/member", typed).status == 403
    assert list(callers.active_keys("member", "autre")) == []
    acts_for(claire, "maison")
    assert claire.post("/portal/keys/member", typed).status == 200
    assert len(callers.active_keys("member", "maison")) == 1
