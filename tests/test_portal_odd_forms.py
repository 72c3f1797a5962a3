"""Forms as no page of ours would send them: every form of the portal answers each with a page, and never with a 5xx."""

from __future__ import annotations

import re
from email.message import EmailMessage
from types import SimpleNamespace
from urllib.parse import quote, urlencode

import pytest

from chalicelib.internal import access
from chalicelib.internal.portal import door, hourly
from chalicelib.store.registry import organisations, people
from chalicelib.store.registry.people import Role
from chalicelib.web import cursor
from tests.portal_browser import STAFF, Browser, filled, signed_in

pytest_plugins = ["tests.conftest_portal"]

EVERYBODY = "everybody@everywhere.example"
FORMS = [page for page in door.PAGES if page.method == "POST" and not page.path.endswith("/sign-out")]
PAGES = [page for page in door.PAGES if page.method == "GET"]
TEXTS = {
    "nothing": "",
    "another script's digit": "²",
    "many digits": "9" * 5000,
    "controls and bidi": "a\x00b\r\nBcc: c@d.example\x1b\u202e",
    "markup": "\"'><script>alert(1)</script>{{ 7*7 }}",
}
INPUTS = """
email message sender company text kind tenant person factory_id number standard_id certifier certifier_id scope
valid_from valid_to products gdti standing reason effective step code rows pasted packed checked language same
once name country address city site gtin brand category lots process-1 factory_id-1 into decision invitation prefix id
website version seen sure question-1 question-2 question-3 relay public photo about descriptions-en latitude longitude
rests url title verifier verified_on verifier_url
"""
NAMES = INPUTS.split()


@pytest.fixture
def anybody(runner: SimpleNamespace, mails: list[EmailMessage]) -> SimpleNamespace:
    """Somebody who may do all there is to do."""
    organisations.put("certifier", "cu", {"name": "Control Union", "country": "NL"}, STAFF)
    for role in (Role("member", "maison"), Role("certifier", "cu"), Role("staff", "staff"), Role("ics", "ics")):
        people.add(role, EVERYBODY, STAFF)
    signed_in(runner.browser, EVERYBODY, mails)
    return runner


def paths(path: str, factory_id: str) -> list[str]:
    known = {"kind": "member", "tenant": "maison", "action": "merge", "factory_id": factory_id, "member_id": "maison"}
    filled = re.sub(r"{(\w+)}", lambda found: known.get(found[1], "0000000000000000"), path)
    odd = re.sub(r"{(\w+)}", quote("é#\u202e'x"), path)
    return [filled, *([odd] if odd != path else [])]


def token(browser: Browser, page: door.Page, path: str) -> str:
    if page.who != door.ANYONE:
        acting = {door.MEMBER: " member:maison", door.CERTIFIER: " certifier:cu", door.PERSON: ""}
        own_keys = " member:maison" if path.startswith("/portal/keys/") else ""
        secret = browser.cookie.partition("=")[2]
        return access.csrf_token(secret + (own_keys or acting.get(page.who, " staff:staff")))
    for name in ("sign-in", "write", "report"):
        if name in path:
            return hourly.token(name)
    return access.csrf_token(path.rpartition("/")[2])


@pytest.mark.safety("requests.odd-forms")
def test_a_form_filled_in_oddly_is_answered_and_never_breaks_anything(anybody: SimpleNamespace) -> None:
    browser, cookie = anybody.browser, anybody.browser.cookie
    asked = [(page, path) for page in FORMS for path in paths(page.path, anybody.factory_id)]
    for page, path in asked:
        for kind, text in TEXTS.items():
            browser.cookie = cookie
            filled_in = {**dict.fromkeys(NAMES, text), "x" * 300: text}
            for given in (filled_in, {"version": text}):
                answer = browser.post(path, {"csrf_token": token(browser, page, path), **given})
                assert answer.status < 500, (path, kind, len(given))
                assert "<script>alert" not in answer.text, (path, kind)
                assert answer.headers.get("Location", "").isascii(), (path, kind)


@pytest.mark.safety("requests.odd-forms")
def test_an_address_made_up_is_answered_and_never_breaks_anything(anybody: SimpleNamespace) -> None:
    asked = ("q", "state", "cursor", "record", "before", "kind", "tenant", "about", "sent", "request", "page", "as")
    for path in [path for page in PAGES for path in paths(page.path, anybody.factory_id)]:
        for kind, text in TEXTS.items():
            answer = anybody.browser.get(f"{path}?{urlencode(dict.fromkeys(asked, text))}")
            assert answer.status < 500, (path, kind)
            assert "<script>alert" not in answer.text, (path, kind)


@pytest.mark.parametrize(
    ("path", "question"),
    [
        ("staff/moderation", "moderation open"),
        ("staff/syncs", "syncs"),
        ("products", "maison"),
        ("certificates", "cu||||"),
    ],
)
def test_a_cursor_that_somebody_made_up_is_a_400(anybody: SimpleNamespace, path: str, question: str) -> None:
    made_up: list[list[object]] = [[], [1], ["a", "b"], [None], [{"a": 1}]]
    for position in made_up:
        assert anybody.browser.get(f"/portal/{path}?cursor={cursor.write(position, question)}").status == 400


def test_a_list_to_invite_with_a_line_of_many_digits_is_sent_all_the_same(anybody: SimpleNamespace) -> None:
    rows = {"rows": "email,name,country\noffice@padma.example,Padma Weaving,BD"}
    looked = anybody.browser.send("/portal/invitations/upload", rows)
    form = next(each for number in range(5) if "packed" in (each := filled(looked.text, number)))
    sent = anybody.browser.post("/portal/invitations/send", {**form, f"same-{'9' * 5000}": "new"})
    assert sent.status == 200
