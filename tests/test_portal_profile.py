"""The profile as a form, and who sees what. See SAFETY: Profile, Privacy, Faults."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.domain import disclosure, fields
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.phrase import Phrase
from chalicelib.internal.portal import form
from chalicelib.store import both_tables
from chalicelib.store.registry import factories, lookup
from chalicelib.web import form_words
from tests.portal_browser import STREET, Browser, filled, invited

pytest_plugins = ["tests.conftest_portal"]


def test_a_saved_profile_shows_at_once_and_says_that_the_factory_said_it(runner: SimpleNamespace) -> None:
    typed = {
        "aliases": "KKCL\r\nKolmilata, Gazipur",
        "address": STREET,
        "latitude": "23,99934",
        "longitude": "90.42049",
        "product_categories": "Knitwear, home textiles",
        "languages": "bn, en",
        "workforce": "51-200",
        "descriptions-en": "We knit.",
        "descriptions-bn": "আমরা বুনি।",
        "contact_email": "private@kolmilata.example",
    }
    answer = runner.browser.send(runner.profile, **typed)
    assert (answer.status, answer.headers["Location"]) == (303, f"{runner.profile}?done=saved")
    document = json.loads(runner.browser.get(f"/v1/factories/{runner.factory_id}").text)
    assert document["address"] == STREET
    assert document["names"]["aliases"] == ["KKCL", "Kolmilata, Gazipur"]
    assert document["product_categories"] == ["knitwear", "home_textiles"]
    assert document["descriptions"] == {"en": "We knit.", "bn": "আমরা বুনি।"}
    assert document["sources"]["address"]["source"] == "factory"
    assert "contact_email" not in document
    assert "coordinates" not in document
    again = runner.browser.form(runner.profile)
    assert (again["latitude"], again["longitude"]) == ("23.99934", "90.42049")
    assert "from you" in runner.browser.get(runner.profile).text


def test_a_form_sent_back_unaltered_changes_nothing(runner: SimpleNamespace) -> None:
    before = factories.need(runner.factory_id).factory
    assert runner.browser.send(runner.profile).status == 303
    assert factories.need(runner.factory_id).factory == before
    assert before.own["name"].source == "member"


WRONG = {
    "name": "",
    "aliases": "good\nbad\u202ename",
    "country": "XX",
    "address": "zero\u200bwidth",
    "latitude": "north",
    "longitude": "200",
    "gln": "123",
    "product_categories": "fine, not/fine",
    "workforce": "many",
    "languages": "b",
    "descriptions-fr": "x" * 1001,
    "website": "javascript:alert(1)",
    "contact_email": "nobody",
    "contact_phone": "1\u202e2",
}


def test_every_fault_is_named_at_its_input_and_everything_typed_is_kept(runner: SimpleNamespace) -> None:
    typed = {**runner.browser.form(runner.profile), **WRONG, "city": "Gazipur <b>"}
    answer = runner.browser.post(runner.profile, typed)
    assert answer.status == 400
    for name in WRONG:
        assert f'<a href="#{name}">' in answer.text, name
        assert f'id="{name}-fault"' in answer.text, name
        assert f'id="{name}"' in answer.text, name
    kept = filled(answer.text)
    assert {name: kept[name] for name in typed} == typed
    assert factories.need(runner.factory_id).factory.value("city") is None
    mended = runner.browser.post(runner.profile, {**kept, **dict.fromkeys(WRONG, ""), "name": "K", "country": "BD"})
    assert mended.status == 303
    assert factories.need(runner.factory_id).factory.value("city") == "Gazipur <b>"


@pytest.mark.safety("profile.website")
@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", "java\tscript:alert(1)", "https:\\\\evil.example", "https://a@evil.example/"]
)
def test_no_website_leads_elsewhere_than_it_seems(runner: SimpleNamespace, website: str) -> None:
    answer = runner.browser.send(runner.profile, website=website)
    assert answer.status == 400
    assert filled(answer.text)["website"] == website


@pytest.mark.safety("profile.unknown-field")
def test_an_unknown_field_is_refused(runner: SimpleNamespace) -> None:
    for name in ("factory_id", "claimed", "rating"):
        assert runner.browser.send(runner.profile, **{name: "BD0000000000"}).status == 400
    privacy = f"{runner.home}/privacy"
    assert runner.browser.send(privacy, {"seen-rating": "public"}, number=1).status == 400
    assert runner.browser.send(privacy, {"claimed": "1"}, number=1).status == 400


@pytest.mark.safety("profile.stale", "faults.collision")
def test_a_stale_form_is_not_saved_keeps_what_was_typed_and_shows_what_changed(runner: SimpleNamespace) -> None:
    mine = {**runner.browser.form(runner.profile), "city": "Mine", "address": STREET}
    runner.browser.send(runner.profile, city="Theirs", region="Their region")
    answer = runner.browser.post(runner.profile, mine)
    assert answer.status == 412
    kept = filled(answer.text)
    assert (kept["city"], kept["address"], kept["region"]) == ("Mine", STREET, "Their region")
    assert "<bdi>Theirs</bdi>" in answer.text
    assert factories.need(runner.factory_id).factory.value("city") == "Theirs"
    assert runner.browser.post(runner.profile, kept).status == 303
    factory = factories.need(runner.factory_id).factory
    assert [factory.value(name) for name in ("city", "address", "region")] == ["Mine", STREET, "Their region"]


def test_a_form_that_lost_its_session_is_shown_again_if_it_came_from_our_own_page(runner: SimpleNamespace) -> None:
    typed = {**runner.browser.form(runner.profile), "csrf_token": "0" * 64, "city": "Typed"}
    answer = runner.browser.post(runner.profile, typed, Sec_Fetch_Site="same-origin")
    assert answer.status == 403
    assert runner.browser.post(runner.profile, filled(answer.text)).status == 303
    assert factories.need(runner.factory_id).factory.value("city") == "Typed"
    runner.browser.cookie = ""
    answer = runner.browser.post(runner.profile, typed, Sec_Fetch_Site="same-origin")
    assert answer.status == 403
    assert filled(answer.text)["city"] == "Typed"


@pytest.mark.safety("faults.throttled")
@pytest.mark.parametrize(("room", "name"), [(lookup, "item"), (both_tables, "transact")], ids=["reading", "writing"])
def test_an_outage_keeps_what_was_typed_and_writes_no_half_of_it(
    runner: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, room: Any, name: str
) -> None:
    typed = {**runner.browser.form(runner.profile), "city": "Typed"}

    def fails(*_asked: Any) -> None:
        raise Unavailable("The registry could not be reached just now.")

    before = factories.need(runner.factory_id)
    with monkeypatch.context() as outage:
        outage.setattr(room, name, fails)
        answer = runner.browser.post(runner.profile, typed)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Content-Type"].startswith("text/html")
    assert filled(answer.text) == typed
    assert factories.need(runner.factory_id) == before
    assert runner.browser.post(runner.profile, filled(answer.text)).status == 303


def test_a_draft_is_public_only_once_it_is_published(browser: Browser) -> None:
    answer = browser.send(f"/portal/invitations/{invited()}")
    profile = answer.headers["Location"].partition("?")[0]
    factory_id = profile.split("/")[3]
    assert browser.get(f"/f/{factory_id}").status == 404
    assert "This page is a draft" in browser.get(profile).text
    browser.send(f"/portal/factories/{factory_id}/publish", page=profile, number=1)
    assert browser.get(f"/f/{factory_id}").status == 200
    assert "This page is a draft" not in browser.get(profile).text


def test_the_meter_counts_what_is_there_and_names_what_is_missing(runner: SimpleNamespace) -> None:
    page = runner.browser.get(runner.profile).text
    assert "2 of 12 filled in" in page
    assert '<a href="#workforce">' in page
    runner.browser.send(runner.profile, workforce="1-50", **{"descriptions-en": "We knit."})
    page = runner.browser.get(runner.profile).text
    assert "4 of 12 filled in" in page
    assert '<a href="#workforce">' not in page


def test_an_emptied_field_shows_again_what_ics_said() -> None:
    from chalicelib.domain.factory import Factory, IcsStatement, Said, Source

    said = Said("Mine", Source.FACTORY, "2026-01-01")
    ics = IcsStatement(1, "2026-01-01", {"name": "N", "country": "BD", "city": "Dhaka", "aliases": ["A"]})
    factory = Factory("BD", ics=ics, own={"city": said})
    assert form.parsed({"city": "", "aliases": ""}, factory) == ({"city": None, "aliases": []}, [])
    assert form.parsed({"city": "Mine", "aliases": "A"}, factory) == ({}, [])


def test_a_hidden_street_is_gone_from_every_public_answer_at_once(runner: SimpleNamespace) -> None:
    runner.browser.send(runner.profile, address=STREET)
    public = (f"/f/{runner.factory_id}", f"/v1/factories/{runner.factory_id}")
    assert all(STREET in runner.browser.get(path).text for path in public)
    privacy = f"{runner.home}/privacy"
    answer = runner.browser.post(privacy, {**runner.browser.form(privacy, 1), "seen-address": "private"})
    assert answer.status == 303
    assert not any(STREET in runner.browser.get(path).text for path in public)
    assert runner.browser.form(privacy, 1)["seen-address"] == "private"


def test_a_wrong_audience_is_refused_and_the_choice_kept(runner: SimpleNamespace) -> None:
    privacy = f"{runner.home}/privacy"
    typed = {**runner.browser.form(privacy, 1), "seen-city": "private", "seen-name": "private"}
    answer = runner.browser.post(privacy, typed)
    assert answer.status == 400
    assert filled(answer.text, 1)["seen-city"] == "private"
    assert "#seen-name" in answer.text


def test_stale_audiences_are_not_saved_and_kept(runner: SimpleNamespace) -> None:
    privacy = f"{runner.home}/privacy"
    mine = {**runner.browser.form(privacy, 1), "seen-city": "private"}
    runner.browser.post(privacy, {**runner.browser.form(privacy, 1), "seen-region": "private"})
    answer = runner.browser.post(privacy, mine)
    assert answer.status == 412
    assert filled(answer.text, 1)["seen-city"] == "private"
    assert "On record now: Only me" in answer.text


def test_a_link_shows_in_public_only_if_both_sides_agree(runner: SimpleNamespace) -> None:
    privacy, page = f"{runner.home}/privacy", f"/f/{runner.factory_id}"
    assert "Maison Lumière" in runner.browser.get(privacy).text
    runner.browser.send(f"{runner.home}/links", page=privacy, **{"link-maison": "public"})
    assert factories.need(runner.factory_id).factory.links["maison"].factory_agrees
    assert "Maison Lumière" not in runner.browser.get(page).text
    unticked = runner.browser.form(privacy)
    del unticked["link-maison"]
    runner.browser.post(f"{runner.home}/links", unticked)
    assert not factories.need(runner.factory_id).factory.links["maison"].factory_agrees


def test_every_field_and_rule_has_its_words() -> None:
    assert {form.field_of(name) for name in form.inputs(draft())} == set(fields.FIELDS)
    assert set(disclosure.RULES) <= set(form_words.LABELS)
    assert all(isinstance(rule.why, Phrase) for rule in disclosure.RULES.values())
    assert set(form_words.AUDIENCES) == {"public", "network", "private"}


def draft() -> Any:
    from chalicelib.domain.factory import Factory

    return Factory("BD")
