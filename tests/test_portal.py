"""The portal as people use it: invitations, signing in, the profile, who sees what, certificates. See SAFETY."""

from __future__ import annotations

import html
import json
import logging
import os
import re
from collections.abc import Iterator
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from moto import mock_aws

os.environ.update(
    AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_REGION="eu-central-1", AWS_DEFAULT_REGION="eu-central-1"
)
os.environ.setdefault("SYNC_WORKERS", "1")
os.environ.setdefault("CSRF_SECRET", "a secret of the tests")

from infra import locales

locales.build()

from chalice.test import Client  # noqa: E402

import app  # noqa: E402
from chalicelib import clock, settings  # noqa: E402
from chalicelib.domain import disclosure, fields  # noqa: E402
from chalicelib.domain.errors import Unavailable  # noqa: E402
from chalicelib.internal import letters, mail  # noqa: E402
from chalicelib.internal.portal import door, form  # noqa: E402
from chalicelib.store import models  # noqa: E402
from chalicelib.store.models import RegistryItem  # noqa: E402
from chalicelib.store.registry import callers, factories, invitations, lookup, organisations, sign_in  # noqa: E402
from chalicelib.store.registry.history import Actor  # noqa: E402
from chalicelib.web import form_words, language, pages  # noqa: E402

STAFF = Actor("staff", "staff", "test")
EMAIL = "rokeya@kolmilata.example"
STREET = "17 Mill Road"


@pytest.fixture
def _tables() -> Iterator[None]:
    with mock_aws():
        client = boto3.client("dynamodb")
        for name in ("factory-id-registry", "factory-id-public"):
            client.create_table(
                TableName=name,
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
                AttributeDefinitions=[
                    {"AttributeName": "pk", "AttributeType": "S"},
                    {"AttributeName": "sk", "AttributeType": "S"},
                ],
                BillingMode="PAY_PER_REQUEST",
            )
        models.connect(settings.load())
        organisations.put("member", "maison", {"name": "Maison Lumière", "country": "FR"}, STAFF)
        organisations.put("standard", "gots", {"name": "Global Organic Textile Standard", "owner": "G"}, STAFF)
        yield


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    sent: list[EmailMessage] = []
    monkeypatch.setattr(mail, "send", sent.append)
    return sent


class Browser:
    """Somebody with a browser that keeps cookies."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.cookie = ""

    def get(self, path: str, **headers: str) -> SimpleNamespace:
        return self._call("GET", path, b"", headers)

    def post(self, path: str, typed: dict[str, str], **headers: str) -> SimpleNamespace:
        sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._call("POST", path, urlencode(typed).encode(), sent)

    def send(
        self, path: str, changed: dict[str, str] | None = None, *, page: str = "", number: int = -1, **typed: str
    ) -> SimpleNamespace:
        """Open a page, fill its form in, send it."""
        return self.post(path, {**self.form(page or path, number), **(changed or {}), **typed})

    def form(self, page: str, number: int = -1) -> dict[str, str]:
        """What a form of a page holds: by default its last one."""
        return filled(self.get(page).text, number)

    def _call(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> SimpleNamespace:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            named["Cookie"] = self.cookie
        answer = self.client.http.request(method, path, headers=named, body=body)
        given = answer.headers.get("Set-Cookie")
        if given:
            assert "__Host-" in given
            assert all(part in given for part in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"))
            self.cookie = given.partition(";")[0]
        return SimpleNamespace(status=answer.status_code, text=answer.body.decode(), headers=answer.headers)


def filled(page: str, number: int = -1) -> dict[str, str]:
    """The inputs of a form as a browser would send them."""
    found = re.findall(r"<form method=\"post\".*?</form>", page, re.S)[number]
    values: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", found):
        kind, name = (attribute(tag, "type") or "text"), attribute(tag, "name")
        if name and (kind not in ("radio", "checkbox") or " checked" in tag):
            values[name] = attribute(tag, "value") or ""
    for opening, text in re.findall(r"(<textarea[^>]*>)\n?(.*?)</textarea>", found, re.S):
        values[attribute(opening, "name") or ""] = html.unescape(text)
    for opening, inside in re.findall(r"(<select[^>]*>)(.*?)</select>", found, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inside) or re.search(r'<option value="([^"]*)"', inside)
        values[attribute(opening, "name") or ""] = html.unescape(chosen.group(1)) if chosen else ""
    return values


def attribute(tag: str, name: str) -> str | None:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return html.unescape(found.group(1)) if found else None


@pytest.fixture
def browser(_tables: None) -> Iterator[Browser]:
    with Client(app.app) as client:
        yield Browser(client)


def invited(name: str | None = "Kolmilata Knit Ltd.", factory_id: str | None = None, email: str = EMAIL) -> str:
    country = "BD" if name else None
    return invitations.invite("maison", email, "en", factory_id, name, country)[1]


@pytest.fixture
def runner(browser: Browser) -> SimpleNamespace:
    """Somebody who accepted an invitation and published the factory's page."""
    answer = browser.send(f"/portal/invitations/{invited()}")
    factory_id = re.search(r"/factories/([A-Z0-9]+)/", answer.headers["Location"]).group(1)
    home = f"/portal/factories/{factory_id}"
    assert browser.send(f"{home}/publish", page=f"{home}/profile", number=1).status == 303
    return SimpleNamespace(browser=browser, factory_id=factory_id, home=home, profile=f"{home}/profile")


# ---- every route


def test_every_portal_route_is_registered_at_the_door_and_says_who_may_call_it() -> None:
    served = {(method, path) for path, views in app.app.routes.items() for method in views if "/portal" in path}
    declared = {(page.method, page.path) for page in door.PAGES}
    assert served == declared | {("HEAD", path) for method, path in declared if method == "GET"}
    assert {page.who for page in door.PAGES} == {door.ANYONE, door.PERSON, door.FACTORY}


def test_every_page_for_somebody_sends_a_stranger_to_sign_in_and_takes_no_form_from_him(browser: Browser) -> None:
    for page in door.PAGES:
        path = page.path.format(factory_id="BD7K3M9Q2XWC", token="t" * 43)
        if page.method == "POST":
            assert browser.post(path, {}).status == 403, path
        elif page.who != door.ANYONE:
            answer = browser.get(path)
            assert (answer.status, answer.headers["Location"]) == (303, "/portal/sign-in"), path


def test_no_form_is_taken_without_its_token_or_from_another_site(runner: SimpleNamespace) -> None:
    before = factories.need(runner.factory_id).factory
    for page in door.PAGES:
        path = page.path.format(factory_id=runner.factory_id, token="t" * 43)
        if page.method == "POST":
            assert runner.browser.post(path, {"version": "2", "name": "X"}).status == 403, path
            assert runner.browser.post(path, {"csrf_token": "0" * 64, "version": "2"}).status == 403, path
    typed = {**runner.browser.form(runner.profile), "name": "X"}
    assert runner.browser.post(runner.profile, typed, Sec_Fetch_Site="cross-site").status == 403
    assert factories.need(runner.factory_id).factory == before


def test_a_foreign_and_an_absent_factory_are_the_same_404(runner: SimpleNamespace) -> None:
    other = invitations.accept(invited("Another Ltd.", email="other@another.example")).factory_id
    for page in door.PAGES:
        if page.who == door.FACTORY:
            seen = []
            for factory_id in (other, "BD0000000000", "nonsense"):
                path = page.path.format(factory_id=factory_id)
                typed = {"csrf_token": runner.browser.form(runner.profile)["csrf_token"]}
                answer = runner.browser.get(path) if page.method == "GET" else runner.browser.post(path, typed)
                assert answer.status == 404, path
                seen.append(re.sub(r"<form.*?</form>|<time.*?</time>|<footer>.*", "", answer.text, flags=re.S))
            assert len({text.replace(other, "") for text in seen}) == 1
            assert "Another" not in seen[0]


def test_pages_are_never_kept_never_indexed_and_tell_no_referer(runner: SimpleNamespace) -> None:
    for path in ("/portal", runner.profile, f"/portal/invitations/{invited()}", "/portal/sign-in", "/portal/sign-in/x"):
        headers = runner.browser.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex"
        assert pages.style_hash(("style.css", "portal/style.css")) in headers["Content-Security-Policy"]


# ---- invitations


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
    gone = browser.post(path, {"csrf_token": filled_token(path)}, Accept="application/json")
    assert (gone.status, json.loads(gone.text)["status"]) == (410, 410)


def filled_token(path: str) -> str:
    from chalicelib.internal import access

    return access.csrf_token(path.rpartition("/")[2])


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


# ---- signing in


def test_a_sign_in_link_works_once_and_looking_at_it_changes_nothing(
    runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    runner.browser.cookie = ""
    runner.browser.send("/portal/sign-in", email=EMAIL.upper())
    path = link_in(mails[0])
    for _ in range(3):
        assert runner.browser.get(path).status == 200
    assert runner.browser.get("/portal").status == 303
    used = runner.browser.send(path)
    assert (used.status, used.headers["Location"]) == (303, "/portal")
    assert "Kolmilata" in runner.browser.get("/portal").text
    assert runner.browser.get(path).status == 410
    assert runner.browser.post(path, {"csrf_token": filled_token(path)}).status == 410


def link_in(message: EmailMessage) -> str:
    text = message.get_body(("plain",)).get_content()
    return re.search(r"http://127\.0\.0\.1:8000(/portal/\S+)", text).group(1)


def test_asking_for_a_link_tells_nobody_whether_the_address_is_known(
    runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    pages_seen = {
        re.sub("<time.*?</time>", "", runner.browser.send("/portal/sign-in", email=email).text)
        for email in (EMAIL, "nobody@elsewhere.example")
    }
    assert len(pages_seen) == 1
    assert [message["To"] for message in mails] == [EMAIL]


def test_nobody_gets_more_than_five_links_an_hour(runner: SimpleNamespace, mails: list[EmailMessage]) -> None:
    for _ in range(8):
        assert runner.browser.send("/portal/sign-in", email=EMAIL).status == 200
    assert len(mails) == sign_in.MOST_MAILS


def test_a_sign_in_link_ends_after_half_an_hour(runner: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    token = sign_in.ask(EMAIL)
    assert runner.browser.get(f"/portal/sign-in/{token}").status == 200
    later = clock.now() + sign_in.VALID_FOR
    monkeypatch.setattr(clock, "now", lambda: later)
    assert runner.browser.get(f"/portal/sign-in/{token}").status == 410


def test_an_address_that_is_none_is_shown_again(browser: Browser, mails: list[EmailMessage]) -> None:
    answer = browser.send("/portal/sign-in", email="rokeya at mill")
    assert answer.status == 400
    assert 'value="rokeya at mill"' in answer.text
    assert 'href="#email"' in answer.text
    assert not mails


def test_signing_out_ends_the_session_on_the_server(runner: SimpleNamespace) -> None:
    held = runner.browser.cookie
    assert runner.browser.send("/portal/sign-out", page="/portal", number=0).status == 303
    runner.browser.cookie = held
    assert runner.browser.get("/portal").status == 303


def test_a_lost_grant_acts_on_the_next_request(runner: SimpleNamespace) -> None:
    from chalicelib.store import keys

    key = keys.grant(callers.person(EMAIL), runner.factory_id)
    typed = runner.browser.form(runner.profile)
    RegistryItem(key.pk, key.sk, body={}).delete()
    assert runner.browser.get(runner.profile).status == 404
    assert runner.browser.post(runner.profile, typed).status == 404
    assert "Kolmilata" not in runner.browser.get("/portal").text


def test_the_table_holds_no_usable_token_and_no_log_line_has_one(
    runner: SimpleNamespace, mails: list[EmailMessage], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = invited("Z")
    runner.browser.get(f"/portal/invitations/{token}")
    runner.browser.send("/portal/sign-in", email=EMAIL)
    link = link_in(mails[-1])
    runner.browser.send(link)
    secrets = (token, link.rpartition("/")[2], runner.browser.cookie.partition("=")[2])
    dump = json.dumps([[item.pk, item.sk, item.body] for item in RegistryItem.scan()])
    for secret in secrets:
        assert len(secret) >= 43
        assert secret not in dump
        assert secret not in caplog.text


# ---- mails


@pytest.mark.usefixtures("_tables")
def test_no_name_brings_a_header_or_markup_into_a_mail(mails: list[EmailMessage]) -> None:
    found = invitations.by_token(invited("Kol & Co <b>"))
    letters.invitation("Evil\r\nBcc: victim@elsewhere.example\r\n\r\n<b>x</b>", found, "t" * 43)
    message = mails[0]
    assert message["Bcc"] is None
    assert sorted(message.keys()) == ["Content-Language", "Content-Type", "From", "MIME-Version", "Subject", "To"]
    assert "\nBcc:" not in message.as_string().partition("\n\n")[0]
    text, marked = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Kol & Co <b>" in text
    assert "Kol &amp; Co &lt;b&gt;" in marked
    assert "<b>" not in marked


@pytest.mark.usefixtures("_tables")
def test_mails_speak_plainly_in_text_and_html(mails: list[EmailMessage]) -> None:
    letters.sign_in(EMAIL, language.choose("en", None), "t" * 43)
    letters.invitation("Maison Lumière", invitations.by_token(invited("O'Neill")), "t" * 43)
    for message in mails:
        text, marked = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
        assert "t" * 43 in text
        assert "t" * 43 in marked
        assert "&#39;" not in text
        assert "<time" not in text


# ---- profile


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


@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", "java\tscript:alert(1)", "https:\\\\evil.example", "https://a@evil.example/"]
)
def test_no_website_leads_elsewhere_than_it_seems(runner: SimpleNamespace, website: str) -> None:
    answer = runner.browser.send(runner.profile, website=website)
    assert answer.status == 400
    assert filled(answer.text)["website"] == website


def test_an_unknown_field_is_refused(runner: SimpleNamespace) -> None:
    for name in ("factory_id", "claimed", "rating"):
        assert runner.browser.send(runner.profile, **{name: "BD0000000000"}).status == 400
    privacy = f"{runner.home}/privacy"
    assert runner.browser.send(privacy, {"seen-rating": "public"}, number=1).status == 400
    assert runner.browser.send(privacy, {"claimed": "1"}, number=1).status == 400


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


def test_an_outage_keeps_what_was_typed(runner: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = {**runner.browser.form(runner.profile), "city": "Typed"}

    def fails(_key: Any) -> None:
        raise Unavailable("The registry could not be reached just now.")

    with monkeypatch.context() as outage:
        outage.setattr(lookup, "item", fails)
        answer = runner.browser.post(runner.profile, typed)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert filled(answer.text) == typed
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


# ---- who sees what


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
    assert {rule.why for rule in disclosure.RULES.values()} == set(form_words.REASONS)
    assert set(form_words.AUDIENCES) == {"public", "network", "private"}


def draft() -> Any:
    from chalicelib.domain.factory import Factory

    return Factory("BD")


# ---- certificates and sharing


CERTIFICATE = {
    "number": "GOTS 2026-117",
    "standard_id": "gots",
    "certifier": "Control Union <b>",
    "scope": "Knitting\r\nand dyeing",
    "valid_from": "2020-01-01",
    "valid_to": "2099-01-01",
    "products": "T-shirts\r\nSocks",
}


def test_a_declared_certificate_is_public_as_not_confirmed(runner: SimpleNamespace) -> None:
    path = f"{runner.home}/certificates"
    assert runner.browser.send(path, CERTIFICATE).status == 303
    assert "Declared valid" in runner.browser.get(path).text
    assert "The certifier has not confirmed it." in runner.browser.get(f"/f/{runner.factory_id}").text
    document = json.loads(runner.browser.get(f"/v1/factories/{runner.factory_id}").text)["certificates"][0]
    assert document["confirmed_by_certifier"] is False
    assert (document["scope"], document["products"]) == ("Knitting and dyeing", ["T-shirts", "Socks"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", ""),
        ("standard_id", ""),
        ("standard_id", "nothing"),
        ("certifier", ""),
        ("scope", "a\u202eb"),
        ("valid_from", "yesterday"),
        ("valid_to", "2019-12-31"),
        ("products", "\u200b"),
    ],
)
def test_a_certificate_with_a_fault_is_not_declared_and_kept(runner: SimpleNamespace, name: str, value: str) -> None:
    path = f"{runner.home}/certificates"
    answer = runner.browser.send(path, {**CERTIFICATE, name: value})
    assert answer.status == 400
    assert f'<a href="#{name}">' in answer.text
    kept = filled(answer.text)
    assert all(kept[each] == text for each, text in CERTIFICATE.items() if each != name)
    assert kept[name] == value or name == "standard_id"
    assert not factories.need(runner.factory_id).certificates


def test_the_share_page_has_the_id_in_groups_the_link_and_the_code(runner: SimpleNamespace) -> None:
    page = runner.browser.get(f"{runner.home}/share").text
    factory_id = runner.factory_id
    assert f"{factory_id[:2]}-{factory_id[2:7]}-{factory_id[7:]}" in page
    assert f"http://127.0.0.1:8000/f/{factory_id}" in page
    assert f"/qr/f/{factory_id}.svg?size=30" in page
    assert 'src="data:image/svg+xml;base64,' in page
