"""A brand's people are told by mail of codes that may have been copied: once an item and day, in their language."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from chalicelib import clock
from chalicelib.domain.clones import Suspicion
from chalicelib.internal import clone_letters, errands, mail
from chalicelib.store.registry import clone_letters as store
from chalicelib.store.registry import clones, people
from chalicelib.store.registry.people import Role
from tests.portal_browser import STAFF, Browser, signed_in
from tests.test_scan_counts import PRODUCT
from tests.world import World

pytest_plugins = ["tests.conftest_portal"]


def flag(serial: str, *days_ago: int) -> bool:
    today = clock.today()
    days = tuple(sorted(today - timedelta(days=back) for back in days_ago))
    return clones.noticed("maison", PRODUCT, serial, Suspicion(days, 9, ("DE",)), today)


def run(now: datetime | None = None) -> int:
    return clone_letters.run(now or clock.now(), clock.ticking() + 60)


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture
def team(world: World) -> list[str]:
    """Two people of a brand; one signed in in French."""
    found = ["ada@maison.example", "claire@maison.example"]
    for each in found:
        people.add(Role("member", "maison"), each, STAFF)
    world.a_product(world.a_factory())
    return found


def test_everybody_of_the_team_is_told_once_an_item_and_day_and_again_on_another_day(
    team: list[str], mails: list[EmailMessage]
) -> None:
    assert flag("S9", 1, 0)
    assert not flag("S9", 1, 0)
    assert run() == 2
    assert [each["To"] for each in mails] == team
    told = text_of(mails[0])
    assert "S9" in told
    assert "/portal/clones" in told
    assert run() == 0
    [held] = clones.listed("maison")
    tomorrow = clock.today() + timedelta(days=1)
    assert not clones.noticed("maison", PRODUCT, "S9", Suspicion((clock.today(),), 9, ()), tomorrow)
    assert clones.noticed("maison", PRODUCT, "S9", Suspicion((clock.today(), tomorrow), 12, ()), tomorrow)
    [later] = clones.listed("maison")
    assert (later["noticed_at"], later["places"]) == (held["noticed_at"], 12)
    assert run() == 0
    assert run(clock.now() + timedelta(hours=1)) == 2
    assert len(mails) == 4


@pytest.mark.usefixtures("team")
def test_a_letter_that_two_runs_sent_is_taken_out_once_and_what_came_meanwhile_waits() -> None:
    flag("S1", 1, 0)
    [letter] = store.waiting()
    store.sent(letter, clock.now())
    flag("S2", 1, 0)
    store.sent(letter, clock.now())
    [left] = store.waiting()
    assert ([each["serial"] for each in left.items], left.more) == (["S2"], 0)


def test_a_letter_that_could_not_be_sent_waits_and_one_names_no_more_than_it_can(
    team: list[str], mails: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(store.MOST_NAMED + 3):
        flag(f"S{number}", 1, 0)
    sends = mail.send

    def refused(_message: EmailMessage) -> None:
        raise mail.NotSent

    monkeypatch.setattr(mail, "send", refused)
    assert errands.handler({"source": "aws.events"}, None)["warned"] == 0
    monkeypatch.setattr(mail, "send", sends)
    assert errands.handler({"source": "aws.events"}, None)["warned"] == len(team)
    told = text_of(mails[0])
    assert told.count("Serial number: ") == store.MOST_NAMED
    assert "And 3 more." in told
    assert store.waiting() == []


def test_what_is_noticed_while_a_letter_goes_out_is_in_the_next_one(team: list[str], mails: list[EmailMessage]) -> None:
    assert team
    flag("S1", 1, 0)
    [letter] = store.waiting()
    flag("S2", 1, 0)
    store.sent(letter, clock.now() - timedelta(hours=2))
    run()
    assert "S2" in text_of(mails[0])
    assert "S1" not in text_of(mails[0])


def test_a_brand_says_in_the_portal_what_is_too_much_and_is_mailed_in_the_language_of_its_people(
    runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    people.add(Role("member", "maison"), "claire@maison.example", STAFF)
    claire: Browser = signed_in(runner.browser, "claire@maison.example", mails, "fr")
    form = claire.form("/portal/clones")
    refused = claire.post("/portal/clones", {**form, "places": "2", "days": "viele"})
    assert refused.status == 400
    assert 'value="2"' in refused.text
    assert 'value="viele"' in refused.text
    assert claire.post("/portal/clones", {**form, "places": "5", "days": "1"}).status == 303
    assert clones.rule("maison").places == 5
    page = claire.get("/portal/clones?done=saved").text
    assert 'id="what-to-do"' in page
    assert 'name="places" type="text" value="5"' in page
    claire.post("/portal/products/new", {**claire.form("/portal/products/new"), "gtin": "09521234543213", "brand": "M"})
    flag("S9", 0)
    before = len(mails)
    assert run() == 1
    assert mails[before]["Content-Language"] == "fr"
    assert '"language": "fr"' in claire.get("/portal/me/export").text
