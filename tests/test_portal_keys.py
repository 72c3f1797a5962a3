"""An organisation's people keep its keys. See SAFETY: Mechanisms 10; Sync: revoked key."""

from __future__ import annotations

import re
from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from chalicelib.internal.access import SCOPES
from chalicelib.store.registry import callers, history, organisations, people
from chalicelib.store.registry.people import Role
from tests.portal_browser import STAFF, Browser, filled, signed_in

pytest_plugins = ["tests.conftest_portal"]

PAGE = "/portal/keys/member"
CLAIRE = "claire@maison.example"


@pytest.fixture
def claire(browser: Browser, mails: list[EmailMessage]) -> Browser:
    people.add(Role("member", "maison"), CLAIRE, STAFF)
    return signed_in(browser, CLAIRE, mails)


def made(answer: SimpleNamespace) -> str:
    assert answer.status == 200, answer.text
    return re.search(r"fid_[0-9a-f]{12}_[\w-]{43}", answer.text).group()


def test_a_key_is_shown_once_and_works_until_it_is_revoked(claire: Browser) -> None:
    key = made(claire.send(PAGE, reason="Nightly report"))
    assert key not in claire.get(PAGE).text
    assert "Never used yet" in claire.get(PAGE).text
    assert claire.get("/internal/v1/network", Authorization=f"Bearer {key}").status == 200
    assert "Last used on" in claire.get(PAGE).text
    [form] = [filled(claire.get(PAGE).text, n) for n in (1,)]
    assert form["prefix"] == key.split("_")[1]
    assert claire.post(f"{PAGE}/revoke", form).status == 303
    assert claire.get("/internal/v1/network", Authorization=f"Bearer {key}").status == 401
    assert callers.active_keys("member", "maison") == []


def test_at_most_two_keys_are_active(claire: Browser) -> None:
    form = claire.form(PAGE)
    first, second = made(claire.post(PAGE, form)), made(claire.post(PAGE, form))
    assert first != second
    third = claire.post(PAGE, form)
    assert third.status == 409
    assert "fid_" not in third.text.replace("fid_" + first.split("_")[1], "").replace("fid_" + second.split("_")[1], "")
    assert "revoke one to make another" in claire.get(PAGE).text


def test_a_key_may_do_what_was_ticked_and_never_nothing_or_more(claire: Browser) -> None:
    form = claire.form(PAGE)
    only = {name: text for name, text in form.items() if name not in SCOPES["member"]}
    made(claire.post(PAGE, {**only, "history:read": "1", "staff": "1"}))
    assert callers.active_keys("member", "maison")[0].key.scopes == ("history:read",)
    none = claire.post(PAGE, {**only, "reason": "For a trial"})
    assert (none.status, 'href="#scopes"' in none.text) == (400, True)
    assert filled(none.text)["reason"] == "For a trial"
    assert not set(SCOPES["member"]) & set(filled(none.text))


def test_a_key_of_another_organisation_can_be_neither_seen_nor_revoked(claire: Browser) -> None:
    organisations.put("member", "autre", {"name": "Autre", "country": "FR"}, STAFF)
    foreign, _ = callers.create_key("member", "autre", SCOPES["member"], "test")
    assert foreign.prefix not in claire.get(PAGE).text
    form = {**claire.form(PAGE), "prefix": foreign.prefix}
    assert claire.post(f"{PAGE}/revoke", form).status == 404
    assert callers.active_keys("member", "autre")
    assert claire.get("/portal/keys/certifier").status == 403
    for kind in ("staff", "ics", "factory", "nonsense"):
        assert claire.get(f"/portal/keys/{kind}").status == 404
        assert claire.post(f"/portal/keys/{kind}", form).status == 404


def test_a_role_removed_makes_no_key_any_more(claire: Browser) -> None:
    form = claire.form(PAGE)
    people.remove(Role("member", "maison"), callers.person(CLAIRE), STAFF)
    assert claire.post(PAGE, form).status == 403
    assert callers.active_keys("member", "maison") == []


def test_who_made_and_revoked_a_key_and_why_is_kept(claire: Browser) -> None:
    key = made(claire.send(PAGE, reason="Nightly report"))
    claire.post(f"{PAGE}/revoke", {**claire.form(PAGE), "prefix": key.split("_")[1]})
    events = history.of("KEYS#member#maison")
    assert [(each["action"], each["reason"]) for each in events] == [
        ("key_made", "Nightly report"),
        ("key_revoked", None),
    ]
    assert {(each["actor"]["kind"], each["actor"]["tenant"]) for each in events} == {("member", "maison")}
    assert key.split("_", 2)[2] not in str(events)
