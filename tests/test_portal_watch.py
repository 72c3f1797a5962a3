"""Anybody watches. SAFETY: GET changes nothing, an unconfirmed address is told nothing, one click ends it, no token in
a dump, limits, what was typed is kept.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from types import SimpleNamespace

import boto3
import pytest

from chalicelib import clock
from chalicelib.domain.watching import State
from chalicelib.internal import errands, mail, rights, watch_letters
from chalicelib.internal.portal import hourly
from chalicelib.store.registry import callers, erasure, watches
from chalicelib.store.registry.history import Actor
from tests.portal_browser import Browser, filled
from tests.watching import BUYER, HOOK, Watched, begun, link_of
from tests.world import World

FORM = "/portal/watch"


@pytest.fixture
def watched(world: World, monkeypatch: pytest.MonkeyPatch) -> Watched:
    return begun(world, monkeypatch)


@pytest.fixture
def browser(watched: Watched) -> Browser:
    return Browser(watched.world.client)


def asked(watched: Watched, browser: Browser, **typed: str) -> str:
    """Fill the form in: the path of the mailed link."""
    answer = browser.send(FORM, {"things": watched.code, "email": BUYER, **typed})
    assert (answer.status, answer.headers["Location"]) == (303, f"{FORM}/asked"), answer.text
    assert browser.get(answer.headers["Location"]).status == 200
    return link_of(watched.mails[-1])


def dump() -> str:
    return json.dumps(boto3.client("dynamodb").scan(TableName="factory-id-registry")["Items"])


def test_a_buyer_watches_changes_the_list_and_ends_it(watched: Watched, browser: Browser) -> None:
    for page in (f"/c/{watched.code}", f"/f/{watched.factory_id}"):
        found = re.search(rf'href="([^"]*{FORM}\?about=\w+)"', browser.get(page).text)
        assert found is not None
        assert page[3:] in browser.form(found.group(1))["things"]
    link = asked(watched, browser, things=f"CU 123456\n{watched.factory_id.lower()}")
    for _ in range(3):
        assert "Meghna S.T. Screen Ltd" in browser.get(link).text
    watched.standing("suspended")
    assert watched.sweep() == 0
    assert len(watched.mails) == 1
    assert browser.send(link).headers["Location"] == f"{link}?done=active"
    watched.standing("active", "Seen again")
    assert (watched.sweep(), len(watched.mails)) == (1, 2)
    [watch] = watches.of_person(callers.person(BUYER))
    assert set(watch.about) == {watched.code, watched.factory_id}
    other = watched.world.a_factory("S-2")
    typed = {f"drop-{watched.factory_id}": "yes", "more": other}
    assert browser.send(f"{link}/list", typed, page=link, number=0).status == 303
    assert set(watches.need(watch.watch_id).about) == {watched.code, other}
    watched.fate("close")
    assert watched.sweep() == 0
    assert "End the watch" in browser.get(f"{link}/stop").text
    gone = browser.send(f"{link}/stop")
    assert (gone.status, gone.headers["Location"]) == (303, f"{FORM}/asked?done=ended")
    assert browser.get(link).status == 410
    watched.standing("withdrawn")
    assert (watched.sweep(), len(watched.mails)) == (0, 2)
    assert BUYER not in dump()


def test_a_mail_program_ends_it_with_one_post_without_our_form(watched: Watched, browser: Browser) -> None:
    watched.by_mail()
    watched.standing("suspended")
    watched.sweep()
    stop = watched.mails[-1]["List-Unsubscribe"].strip("<>").partition("8000")[2]
    assert browser.get(stop).status == 200
    assert browser.post(stop, {}).status == 403
    assert len(watches.of_person(callers.person(BUYER))) == 1
    assert browser.post(stop, {"List-Unsubscribe": "One-Click"}).status == 200
    assert watches.of_person(callers.person(BUYER)) == []
    for other in ("", "/list", "/test"):
        path = stop.removesuffix("/stop") + other
        assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status in (403, 410)


def test_a_file_of_a_thousand_is_taken_and_one_more_is_not(watched: Watched, browser: Browser) -> None:
    def sent(rows: list[str]) -> SimpleNamespace:
        token = hourly.token("watch")
        parts = "".join(
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in (("csrf_token", token), ("email", BUYER), ("things", ""))
        )
        file = '--b\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\n'
        body = f"{parts}{file}{chr(10).join(rows)}\r\n--b--\r\n".encode()
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        return browser._call("POST", FORM, body, headers)

    assert sent(["number", *["CU 123-456"] * 1000]).status == 303
    refused = sent(["number", *["CU 123-456"] * 1001])
    assert (refused.status, len(watched.mails)) == (413, 1)


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"things": ""}, ["things"]),
        ({"things": "CU 999"}, ["things"]),
        ({"email": "claire@"}, ["email"]),
        ({"webhook": "http://hooks.buyer.example/"}, ["webhook"]),
        ({"webhook": "https://127.0.0.1/"}, ["webhook"]),
        ({"things": "<script>alert(1)</script>", "email": "x"}, ["things", "email"]),
    ],
)
def test_what_was_typed_is_kept_when_something_is_wrong_with_it(
    watched: Watched, browser: Browser, changed: dict[str, str], names: list[str]
) -> None:
    typed = {"things": watched.code, "email": BUYER, "webhook": HOOK, **changed}
    answer = browser.send(FORM, typed)
    assert answer.status == 400
    assert re.findall(r'<a href="#(\w+)">', answer.text) == names
    assert {name: filled(answer.text)[name] for name in typed} == typed
    assert "<script>alert" not in answer.text
    assert watched.mails == []


def test_the_tables_hold_no_link_that_works_and_a_wrong_one_opens_nothing(watched: Watched, browser: Browser) -> None:
    link = asked(watched, browser)
    token = link.rpartition("/")[2]
    assert len(token) == 59
    assert token not in dump()
    assert token[16:] not in dump()
    for wrong in (token[:16], token[:-1], token[:-4] + "AAAA", "0" * 16 + token[16:], "nonsense"):
        assert browser.get(f"/portal/watches/{wrong}").status == 410


def test_an_address_that_nobody_confirms_is_forgotten_after_a_day(
    watched: Watched, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = asked(watched, browser)
    later = clock.now() + timedelta(hours=24)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert browser.get(link).status == 410
    held = [item for item in json.loads(dump()) if "WATCH#" in json.dumps(item) and BUYER in json.dumps(item)]
    assert held
    assert all("expires" in item for item in held)


def test_the_watches_of_an_address_are_limited(watched: Watched, browser: Browser) -> None:
    for _ in range(watches.BY_ADDRESS.most):
        asked(watched, browser)
    answer = browser.send(FORM, {"things": watched.code, "email": BUYER.upper()})
    assert answer.status == 429
    assert filled(answer.text)["things"] == watched.code
    assert len(watched.mails) == watches.BY_ADDRESS.most
    assert BUYER not in "".join(re.findall(r"COUNT#[^\"]*", dump()))


def test_a_watch_whose_mail_could_not_be_sent_is_no_watch(
    watched: Watched, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_message: object) -> None:
        raise mail.NotSent

    monkeypatch.setattr(mail, "send", down)
    answer = browser.send(FORM, {"things": watched.code, "email": BUYER})
    assert (answer.status, watched.code in answer.text) == (503, True)
    assert BUYER not in dump()


def test_a_webhook_is_tried_from_its_page_and_its_secret_shows_there_once_confirmed(
    watched: Watched, browser: Browser
) -> None:
    link = asked(watched, browser, webhook=HOOK)
    [watch] = watches.of_person(callers.person(BUYER))
    secret = watch_letters.secret(watch.watch_id).replace("+", "&#43;")
    assert secret not in browser.get(link).text.replace("+", "&#43;")
    browser.send(link)
    assert secret in browser.get(link).text.replace("+", "&#43;")
    tried = browser.send(f"{link}/test", page=link, number=0)
    assert tried.headers["Location"] == f"{link}?done=taken"
    assert watched.machine.types == ["watch.test"]
    watched.machine.down = lambda _url: True
    tried = browser.send(f"{link}/test", page=link, number=0)
    assert "did not take the test" in browser.get(tried.headers["Location"]).text


def test_the_letters_speak_the_readers_language(watched: Watched, browser: Browser) -> None:
    browser.send(f"{FORM}?lang=fr", {"things": watched.code, "email": BUYER})
    assert watched.mails[-1]["Content-Language"] == "fr"


def test_watches_are_told_to_their_owner_and_erased_with_the_address(watched: Watched) -> None:
    watch = watched.by_mail()
    watched.standing("suspended")
    watched.sweep()
    watched.standing("withdrawn")
    told = rights.of_person(callers.person(BUYER))
    assert [each["watch_id"] for each in told["watches"]] == [watch.watch_id]
    assert told["email_addresses"] == [BUYER]
    erased = erasure.person(callers.person(BUYER), Actor("staff", "staff", "test"))
    assert erased.watches == 1
    assert BUYER not in dump()
    assert watched.sweep(5) == 0


def test_machines_of_members_watch_by_webhook(watched: Watched) -> None:
    member, path = watched.world.member, "/internal/v1/watches"
    body = {"about": [watched.code, "cu 123456", watched.factory_id], "webhook": HOOK, "email": "it@maison.example"}
    made = member("POST", path, body)
    assert made.status == 201
    watch_id = made.json["watch_id"]
    assert made.json["webhook_secret"] == watch_letters.secret(watch_id)
    [held] = member.get(path).ok().json["results"]
    assert (held["about"], "webhook_secret" in held) == ([watched.code, watched.factory_id], False)
    assert member("POST", f"{path}/{watch_id}/test").ok().json == {"delivered": True, "detail": None}
    watched.standing("suspended")
    watched.sweep()
    assert watched.machine.types == ["watch.test", "certificate.suspended"]
    other = watched.world.other_member
    assert other.get(path).ok().json == {"results": []}
    for method, below in (("DELETE", ""), ("POST", "/test")):
        assert other(method, f"{path}/{watch_id}{below}").status == 404
    for wrong in ("http://x.example/", "https://10.0.0.1/", "https://[::1]/", "https://metadata.internal/"):
        assert member("POST", path, {**body, "webhook": wrong}).status == 400
    refused = member("POST", path, {**body, "about": ["CU 999", watched.code]})
    assert (refused.status, "CU 999" in refused.json["errors"][0]["detail"]) == (400, True)
    assert member("DELETE", f"{path}/{watch_id}").status == 204
    assert member.get(path).ok().json == {"results": []}
    watched.standing("withdrawn")
    assert watched.sweep() == 0


def returned(watched: Watched, kind: str = "bounce", address: str = BUYER, **more: str) -> dict[str, int]:
    """SES tells that the last mail came back."""
    receivers = [{"emailAddress": address}]
    told = {
        "bounce": {"bounceType": "Permanent", "bounceSubType": "NoEmail", "bouncedRecipients": receivers, **more},
        "complaint": {"complainedRecipients": receivers},
    }
    tags = {"watch": [str(watched.mails[-1][mail.WATCH])]}
    detail = {"eventType": kind.title(), "mail": {"tags": tags}, kind: told[kind]}
    return errands.handler({"source": "aws.ses", "detail": detail}, None)


def test_a_mail_that_comes_back_for_good_stops_the_mails_and_the_owner_goes_on(
    watched: Watched, browser: Browser
) -> None:
    watch = watched.by_mail()
    watched.standing("suspended")
    assert (watched.sweep(), len(watched.mails)) == (1, 1)
    link = link_of(watched.mails[0])
    assert returned(watched, bounceType="Transient") == {"came_back": 0}
    assert returned(watched, address="other@buyer.example") == {"came_back": 1}
    assert watches.need(watch.watch_id).state is State.ACTIVE
    for _ in range(2):
        assert returned(watched) == {"came_back": 1}
    assert (watches.need(watch.watch_id).state, watches.need(watch.watch_id).trouble) == (State.PAUSED, "NoEmail")
    watched.standing("active", "Seen again")
    assert (watched.sweep(5), len(watched.mails)) == (0, 1)
    assert "a mail to this address came back" in browser.get(link).text
    assert browser.send(link, number=0).status == 303
    assert (watched.sweep(5), len(watched.mails)) == (1, 2)
    assert watches.need(watch.watch_id).trouble is None


def test_who_complains_is_forgotten_and_so_is_an_address_whose_first_mail_comes_back(
    watched: Watched, browser: Browser
) -> None:
    watched.by_mail()
    watched.standing("suspended")
    watched.sweep()
    returned(watched, "complaint")
    assert watches.of_person(callers.person(BUYER)) == []
    asked(watched, browser)
    returned(watched)
    assert BUYER not in dump()


def test_who_is_told_by_webhook_is_told_on_when_a_mail_comes_back(watched: Watched, browser: Browser) -> None:
    link = asked(watched, browser, webhook=HOOK)
    browser.send(link)
    returned(watched)
    watched.standing("suspended")
    assert watched.sweep() == 1
    assert watched.machine.types == ["certificate.suspended"]
