"""A member's suppliers and the brands of a factory, in the portal. See SAFETY: Privacy, Exports, Portal."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from chalicelib import clock
from chalicelib.domain.certificate import Standing
from chalicelib.domain.factory import State
from chalicelib.domain.word import Word
from chalicelib.internal import links, profiles
from chalicelib.internal.portal import network as page
from chalicelib.store.registry import certificates, factories, history, invitations, organisations, people
from chalicelib.store.registry.certificates import Particulars
from chalicelib.store.registry.people import Role
from tests.portal_browser import EMAIL, STAFF, Browser, invited, signed_in

pytest_plugins = ["tests.conftest_portal"]

CLAIRE = "claire@maison.example"
NETWORK = "/portal/network"


@pytest.fixture
def claire(runner: SimpleNamespace, mails: list[EmailMessage]) -> Browser:
    """Somebody of a member that one factory supplies."""
    people.add(Role("member", "maison"), CLAIRE, STAFF)
    return signed_in(runner.browser, CLAIRE, mails)


def test_the_list_shows_the_supplier_and_its_files_are_safe_to_open(claire: Browser, runner: SimpleNamespace) -> None:
    shown = claire.get(NETWORK)
    assert "Kolmilata Knit Ltd." in shown.text
    assert f"{NETWORK}/{runner.factory_id}" in shown.text
    table = claire.get(f"{NETWORK}.csv")
    assert table.headers["Cache-Control"] == "no-store"
    [row] = csv.DictReader(io.StringIO(table.text.lstrip("\ufeff")))
    assert row["factory_id"] == runner.factory_id
    assert claire.get(f"{NETWORK}.xlsx").text.startswith("PK\x03\x04")
    assert claire.get(f"{NETWORK}.geojson").text.startswith('{"type":"FeatureCollection"')


def test_what_a_factory_declares_hides_no_withdrawal_from_those_it_supplies(
    claire: Browser, runner: SimpleNamespace
) -> None:
    organisations.put("certifier", "sureseal", {"name": "Sureseal", "country": "FR"}, STAFF)
    ends = date(2099, 12, 31)
    paper = Particulars("CU 1", "gots", "GOTS", "sureseal", "Sureseal", "Knitting", (), date(2026, 1, 1), ends)
    held, _ = certificates.register(runner.factory_id, paper, STAFF)
    forged = Word(Standing.WITHDRAWN, "Forged papers", None, clock.today())
    certificates.change_standing(held.code, forged, "sureseal", STAFF)
    own = replace(paper, number="MY OWN 1", certifier_id=None)
    certificates.register(runner.factory_id, own, STAFF)
    shown = claire.get(NETWORK).text
    assert ("CU 1" in shown, "Forged papers" in shown) == (True, True)
    [row] = csv.DictReader(io.StringIO(claire.get(f"{NETWORK}.csv").text.lstrip("\ufeff")))
    assert row["certificates_valid"] == "0"
    assert (row["next_certificate_ends"], row["next_certificate_days_left"]) == ("", "")
    assert "MY OWN 1: valid 2099-12-31 (declared by the factory)" in row["certificates"]


def test_filters_stay_chosen_and_an_empty_answer_says_what_to_do(claire: Browser) -> None:
    assert "Kolmilata" in claire.get(f"{NETWORK}?country=BD&run_by=factory").text
    nothing = claire.get(f"{NETWORK}?q=nobody&standing=valid")
    assert "No supplier fits" in nothing.text
    assert 'value="nobody"' in nothing.text
    assert '<option value="valid" selected>' in nothing.text
    assert claire.get(f"{NETWORK}?expiring=7").status == 400


def test_a_link_shows_in_public_only_after_both_sides_said_so(
    claire: Browser, runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    one = f"{NETWORK}/{runner.factory_id}"
    assert claire.send(one, page=one, public="yes").status == 303
    assert "Maison" not in claire.get(f"/f/{runner.factory_id}").text
    assert "Waits for the factory" in claire.get(NETWORK).text
    signed_in(claire, EMAIL, mails)
    privacy = f"{runner.home}/privacy"
    claire.send(f"{runner.home}/links", {"link-maison": "public"}, page=privacy)
    assert "Maison Lumière" in claire.get(f"/f/{runner.factory_id}").text


def test_the_member_ends_a_link_after_reading_what_it_means_and_can_add_it_again(
    claire: Browser, runner: SimpleNamespace
) -> None:
    one = f"{NETWORK}/{runner.factory_id}"
    asked = claire.get(f"{one}/end")
    assert "does not bring the link back" in asked.text
    assert "maison" in factories.need(runner.factory_id).factory.links
    assert claire.send(f"{one}/end").status == 303
    assert claire.get(one).status == 404
    assert "No supplier yet" in claire.get(NETWORK).text
    added = claire.send(NETWORK, page=NETWORK, factory_id=runner.factory_id.lower())
    assert added.headers["Location"] == f"{one}?done=added"
    assert "Kolmilata" in claire.get(one).text
    assert [each["action"] for each in history.of(f"FACTORY#{runner.factory_id}")][-2:] == ["link_ended", "link"]


def test_a_wrong_factory_id_is_shown_again_with_what_is_wrong(claire: Browser) -> None:
    for typed in ("BD-XXXXX-XXXXX", "BD0000000000", "<b>"):
        answer = claire.send(NETWORK, page=NETWORK, factory_id=typed, public="yes")
        assert answer.status == 400, typed
        assert re.search(r'id="factory_id"[^>]*value="[^"]+"', answer.text)
        assert 'value="yes" checked' in answer.text
        assert 'value="<b>"' not in answer.text


def test_the_factory_ends_a_link_sees_it_listed_and_alone_takes_it_up(
    claire: Browser, runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    signed_in(claire, EMAIL, mails)
    ending = f"{runner.home}/links/maison/end"
    assert f'href="{ending}"' in claire.get(f"{runner.home}/privacy").text
    assert "no longer sees" in claire.get(ending).text
    assert claire.send(ending).headers["Location"].endswith("privacy?done=ended")
    assert claire.get(ending).status == 404
    privacy = claire.get(f"{runner.home}/privacy").text
    assert "Links that you ended" in privacy
    assert "You are linked to no brand" in privacy
    signed_in(claire, CLAIRE, mails)
    assert claire.get(f"{NETWORK}/{runner.factory_id}").status == 404
    refused = claire.send(NETWORK, page=NETWORK, factory_id=runner.factory_id)
    assert (refused.status, "Only the factory can take it up again" in refused.text) == (409, True)
    signed_in(claire, EMAIL, mails)
    assert claire.send(f"{runner.home}/links/maison/resume", page=f"{runner.home}/privacy").status == 303
    signed_in(claire, CLAIRE, mails)
    assert claire.get(f"{NETWORK}/{runner.factory_id}").status == 200


def test_a_brand_that_added_the_factory_by_itself_is_told_apart_and_confirmed_in_one_step(
    runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    organisations.put("member", "autre", {"name": "Autre Marque", "country": "FR"}, STAFF)
    links.add("autre", runner.factory_id, None, STAFF)
    people.add(Role("member", "autre"), "anne@autre.example", STAFF)
    privacy = f"{runner.home}/privacy"
    page = runner.browser.get(privacy).text
    assert "This brand added you by itself" in page
    owner = runner.browser.cookie
    anne = signed_in(Browser(runner.browser.client), "anne@autre.example", mails)
    supplier = f"/portal/network/{runner.factory_id}"
    assert "has not confirmed that it supplies you" in anne.get(supplier).text
    runner.browser.cookie = owner
    token = {"csrf_token": runner.browser.form(privacy)["csrf_token"]}
    assert runner.browser.post(f"{runner.home}/links/autre/confirm", token).status == 303
    assert "This brand added you by itself" not in runner.browser.get(privacy).text
    assert "has not confirmed" not in anne.get(supplier).text


def test_on_a_merged_record_links_can_be_hidden_and_ended_but_nothing_new_is_offered_or_taken(
    runner: SimpleNamespace,
) -> None:
    organisations.put("member", "autre", {"name": "Autre Marque", "country": "FR"}, STAFF)
    links.add("autre", runner.factory_id, True, STAFF)
    browser, privacy = runner.browser, f"{runner.home}/privacy"
    assert browser.send(f"{runner.home}/links", {"link-maison": "public"}, page=privacy).status == 303
    stays = invitations.accept(invited("Second Mill", email="b@second.example")).factory_id

    def merged(held: factories.Held) -> factories.Change:
        return factories.Change(replace(held.factory, state=State.MERGED, successor=stays))

    factories.change(runner.factory_id, merged, STAFF)
    page = browser.get(privacy).text
    assert ('name="link-maison"' in page, 'name="link-autre"' in page, "/links/autre/confirm" in page) == (
        True,
        False,
        False,
    )
    token = {"csrf_token": browser.form(privacy)["csrf_token"]}
    for path, said in (("", {"link-autre": "public", "link-maison": "public"}), ("/autre/confirm", {})):
        refused = browser.post(f"{runner.home}/links{path}", {**token, **said})
        assert (refused.status, "There is a problem" in refused.text) == (409, True)
        assert "This record was merged into" in refused.text
    assert factories.need(runner.factory_id).factory.links["autre"].confirmed is False
    assert browser.post(f"{runner.home}/links", token).status == 303
    assert factories.need(runner.factory_id).factory.links["maison"].factory_agrees is False
    assert "Save the links" not in browser.get(privacy).text
    assert browser.send(f"{runner.home}/links/maison/end").status == 303
    page = browser.get(privacy).text
    assert ("Links that you ended" in page, "/links/maison/resume" in page) == (True, False)
    assert browser.post(f"{runner.home}/links/maison/resume", token).status == 409


def test_another_members_supplier_is_as_good_as_none(
    claire: Browser, runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    organisations.put("member", "autre", {"name": "Autre", "country": "FR"}, STAFF)
    people.add(Role("member", "autre"), "paul@autre.example", STAFF)
    signed_in(claire, "paul@autre.example", mails)
    token = claire.form(NETWORK)["csrf_token"]
    for path in (runner.factory_id, "BD0000000000", "nonsense"):
        assert claire.get(f"{NETWORK}/{path}").status == 404
        assert claire.get(f"{NETWORK}/{path}/end").status == 404
        assert claire.post(f"{NETWORK}/{path}/end", {"csrf_token": token}).status == 404
        assert claire.post(f"{NETWORK}/{path}", {"csrf_token": token, "public": "yes"}).status == 404
    assert "Kolmilata" not in claire.get(NETWORK).text
    assert factories.need(runner.factory_id).factory.links["maison"].ended is None


def test_pages_lead_to_the_next(claire: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    second = invitations.accept(invited("Second Mill", email="b@second.example")).factory_id
    profiles.show(SimpleNamespace(actor=STAFF), second)
    monkeypatch.setattr(page, "PAGE", 1)
    first = claire.get(NETWORK)
    following = re.search(r'href="(/portal/network\?cursor=[^"]+)" rel="next"', first.text).group(1)
    both = first.text + claire.get(following).text
    assert "Kolmilata" in both
    assert "Second Mill" in both
    assert 'rel="next"' not in claire.get(following).text
