"""Every route of the portal, invitations, and what a factory takes home. See SAFETY: Invitations, Portal."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest

import app
from chalicelib import clock
from chalicelib.domain.errors import Unavailable
from chalicelib.internal.portal import door, view
from chalicelib.store.registry import factories, invitations, lookup
from chalicelib.web import pages
from tests.portal_browser import Browser, filled_in, invited, token_of_form

pytest_plugins = ["tests.conftest_portal"]


def test_every_portal_route_is_registered_at_the_door_and_says_who_may_call_it() -> None:
    served = {(method, path) for path, views in app.app.routes.items() for method in views if "/portal" in path}
    declared = {(page.method, page.path) for page in door.PAGES}
    assert served == declared | {("HEAD", path) for method, path in declared if method == "GET"}
    known = {door.ANYONE, door.PERSON, door.FACTORY, *door.ROLES}
    assert {page.who for page in door.PAGES} <= known


def test_every_page_for_somebody_sends_a_stranger_to_sign_in_and_takes_no_form_from_him(browser: Browser) -> None:
    for page in door.PAGES:
        path = filled_in(page.path, factory_id="BD7K3M9Q2XWC")
        if page.method == "POST":
            assert browser.post(path, {}).status == 403, path
        elif page.who != door.ANYONE:
            answer = browser.get(path)
            assert (answer.status, answer.headers["Location"]) == (303, "/portal/sign-in"), path


@pytest.mark.safety("mechanisms.cookies-and-headers", "portal.csrf")
def test_no_form_is_taken_without_its_token_or_from_another_site(runner: SimpleNamespace) -> None:
    before = factories.need(runner.factory_id).factory
    for page in door.PAGES:
        path = filled_in(page.path, factory_id=runner.factory_id)
        if page.method == "POST":
            assert runner.browser.post(path, {"version": "2", "name": "X"}).status == 403, path
            assert runner.browser.post(path, {"csrf_token": "0" * 64, "version": "2"}).status == 403, path
    typed = {**runner.browser.form(runner.profile), "name": "X"}
    assert runner.browser.post(runner.profile, typed, Sec_Fetch_Site="cross-site").status == 403
    assert factories.need(runner.factory_id).factory == before


@pytest.mark.safety("public.same-404")
def test_a_foreign_and_an_absent_factory_are_the_same_404(runner: SimpleNamespace) -> None:
    other = invitations.accept(invited("Another Ltd.", email="other@another.example")).factory_id
    for page in door.PAGES:
        if page.who == door.FACTORY:
            seen = []
            for factory_id in (other, "BD0000000000", "nonsense"):
                path = filled_in(page.path, factory_id=factory_id)
                typed = {"csrf_token": runner.browser.form(runner.profile)["csrf_token"]}
                answer = runner.browser.get(path) if page.method == "GET" else runner.browser.post(path, typed)
                assert answer.status == 404, path
                seen.append(re.sub(r"<form.*?</form>|<time.*?</time>|<footer>.*", "", answer.text, flags=re.S))
            assert len({text.replace(other, "") for text in seen}) == 1
            assert "Another" not in seen[0]


@pytest.mark.safety("invitations.token-unlogged")
def test_pages_are_never_kept_never_indexed_and_tell_no_referer(runner: SimpleNamespace) -> None:
    for path in ("/portal", runner.profile, f"/portal/invitations/{invited()}", "/portal/sign-in", "/portal/sign-in/x"):
        headers = runner.browser.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex"
        assert pages.style_hash(view.SHEETS) in headers["Content-Security-Policy"]


@pytest.mark.safety("invitations.accepted-once")
def test_looking_five_times_changes_nothing_and_accepting_works_once(browser: Browser) -> None:
    token = invited()
    path = f"/portal/invitations/{token}"
    for _ in range(5):
        page = browser.get(path)
        assert page.status == 200
        assert "Maison Lumière" in page.text
        assert "Kolmilata Knit Ltd." in page.text
    accepted = browser.send(path)
    assert accepted.status == 303
    assert re.fullmatch(r"/portal/factories/BD[0-9A-Z]{10}/profile\?done=accepted", accepted.headers["Location"])
    assert browser.get(accepted.headers["Location"]).status == 200
    assert browser.get(path).status == 410


@pytest.mark.safety("invitations.same-page")
def test_used_expired_withdrawn_superseded_and_unknown_links_lead_to_the_same_page(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    used, withdrawn, superseded = invited(), invited("B"), invited("C")
    invitations.accept(used)
    invitations.withdraw("maison", invitations.by_token(withdrawn).invitation_id)
    invitations.renew("maison", invitations.by_token(superseded).invitation_id)
    with monkeypatch.context() as then:
        long_ago = clock.now() - invitations.VALID_FOR
        then.setattr(clock, "now", lambda: long_ago)
        expired = invited("D")
    answers = [
        browser.get(f"/portal/invitations/{token}") for token in (used, withdrawn, superseded, expired, "x" * 43)
    ]
    assert {answer.status for answer in answers} == {410}
    tokens = re.compile("|".join((used, withdrawn, superseded, expired, "x" * 43)))
    assert len({re.sub("<time.*?</time>", "", tokens.sub("", answer.text)) for answer in answers}) == 1


def test_programs_accept_with_json(browser: Browser) -> None:
    path = f"/portal/invitations/{invited()}"
    answer = browser.post(path, browser.form(path), Accept="application/json")
    body = json.loads(answer.text)
    assert body["factory_id"].startswith("BD")
    home = f"/portal/factories/{body['factory_id']}"
    assert browser.post(f"{home}/publish", {"csrf_token": body["csrf_token"]}).status == 303
    gone = browser.post(path, {"csrf_token": token_of_form(path)}, Accept="application/json")
    assert (gone.status, json.loads(gone.text)["status"]) == (410, 410)


def test_a_failed_look_up_says_so_and_not_that_the_link_is_dead(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/portal/invitations/{invited()}"
    typed = browser.form(path)

    def fails(_key: Any) -> None:
        raise Unavailable("The registry could not be reached just now.")

    monkeypatch.setattr(lookup, "item", fails)
    for answer in (browser.get(path), browser.post(path, typed)):
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "5"
