"""Forms as no page of ours would send them: every form of the portal answers each with a page, and never with a 5xx."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest

from chalicelib.store.registry import organisations, people
from chalicelib.store.registry.people import Role
from chalicelib.web import cursor
from tests.portal_browser import STAFF, filled, signed_in
from tests.safety.described import AT_THE_DOOR, Described, Sent
from tests.safety.real import FORM, NAMES, QUESTIONS, TYPED, Request
from tests.safety.stage import Stage, stage

pytest_plugins = ["tests.conftest_portal"]

EVERYBODY = "everybody@everywhere.example"
TEXTS = {
    "nothing": "",
    "another script's digit": "²",
    "many digits": "9" * 5000,
    "controls and bidi": "a\x00b\r\nBcc: c@d.example\x1b\u202e",
    "markup": "\"'><script>alert(1)</script>{{ 7*7 }}",
}
ASKED = ("q", "state", "cursor", "record", "before", "kind", "tenant", "about", "sent", "request", "page", "as")
UNREACHED = {
    "/portal/acting": "For whom to act is all that the form says.",
    "/portal/factories/{factory_id}/photos/remove": "There is no place for photos.",
}
"""Forms that only the door answers here, and why."""
UNREACHED_PAGES = {"/portal/factories/{factory_id}/preview": "Whose eyes to see with is asked for oddly, too."}


@pytest.fixture
def staged() -> Iterator[Stage]:
    """A world with one of everything, and who may see it."""
    with stage() as held:
        yield held


@pytest.fixture
def anybody(runner: SimpleNamespace, mails: list[EmailMessage]) -> SimpleNamespace:
    """Somebody who may do all there is to do."""
    organisations.put("certifier", "cu", {"name": "Control Union", "country": "NL"}, STAFF)
    for role in (Role("member", "maison"), Role("certifier", "cu"), Role("staff", "staff"), Role("ics", "ics")):
        people.add(role, EVERYBODY, STAFF)
    signed_in(runner.browser, EVERYBODY, mails)
    return runner


def of_the_portal(described: Described) -> list[Request]:
    """A request for each page, or each form, as who may send it sends it."""
    return [several[0] for (_, route), several in described.real.items() if route.startswith("/portal")]


def made_up(route: str) -> list[str]:
    """An address with odd names in it, where there is room for names."""
    odd = re.sub(r"{\w+}", quote("é#\u202e'x"), route)
    return [odd] if odd != route else []


def answer_of(described: Described, sent: Sent, kind: str) -> Any:
    """What comes back: a page, nothing that runs in it, and nowhere to go that a header cannot say."""
    answer = described.ask(sent)
    assert answer.status_code < 500, (sent.address, kind)
    assert b"<script>alert" not in answer.body, (sent.address, kind)
    assert answer.headers.get("Location", "").isascii(), (sent.address, kind)
    return answer


@pytest.mark.safety("requests.odd-forms")
def test_a_form_filled_in_oddly_is_answered_and_never_breaks_anything(staged: Stage) -> None:
    described, reached = Described.on(staged, frozenset(["POST"])), defaultdict[str, set[int]](set)
    for form in of_the_portal(described):
        headers = {"Content-Type": FORM, **described.sender(form)}
        held = {name: value for name, value in form.body.items() if value != TYPED.get(name) and name != "csrf_token"}
        for kind, text in TEXTS.items():
            odd = {**dict.fromkeys(NAMES, text), "x" * 300: text}
            for given in (odd, {**odd, **held}, {"version": text}) if held else (odd, {"version": text}):
                sent = Sent("POST", form.address, headers, urlencode(given).encode())
                reached[form.route].add(answer_of(described, sent, kind).status_code)
            for path in made_up(form.route):
                answer_of(described, Sent("POST", path, headers, urlencode(odd).encode()), kind)
    assert {route for route, statuses in reached.items() if statuses <= AT_THE_DOOR} == set(UNREACHED)


@pytest.mark.safety("requests.odd-forms")
def test_an_address_made_up_is_answered_and_never_breaks_anything(staged: Stage) -> None:
    described, reached = Described.on(staged, frozenset(["GET"])), defaultdict[str, set[int]](set)
    for page in of_the_portal(described):
        headers = described.sender(page)
        for kind, text in TEXTS.items():
            odd = dict.fromkeys(ASKED, text)
            needed = dict(parse_qsl(page.query)) if page.route in QUESTIONS else {}
            for asked in (odd, {**odd, **needed}) if needed else (odd,):
                sent = Sent("GET", f"{page.path}?{urlencode(asked)}", headers)
                reached[page.route].add(answer_of(described, sent, kind).status_code)
            for path in made_up(page.route):
                answer_of(described, Sent("GET", f"{path}?{urlencode(odd)}", headers), kind)
    assert {route for route, statuses in reached.items() if statuses <= AT_THE_DOOR} == set(UNREACHED_PAGES)


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
