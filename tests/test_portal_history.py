"""Histories as people read them: who, when, why, before and after; and whether the chain is whole."""

from __future__ import annotations

import re
from datetime import date
from email.message import EmailMessage
from types import SimpleNamespace

from chalicelib import clock
from chalicelib.store import keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import certificates, history, lifecycle, organisations, people
from chalicelib.store.registry.certificates import Particulars
from chalicelib.store.registry.history import Actor, Happening
from chalicelib.store.registry.people import Role
from tests.portal_browser import STAFF, as_staff, signed_in

pytest_plugins = ["tests.conftest_portal"]
SEAL = Actor("certifier", "sureseal", "0123456789ab")


def text(page: str) -> str:
    plain = re.sub(r"</?bdi[^>]*>", "", page[page.index("<main") :])
    return " ".join(re.sub(r"<[^>]+>", " ", plain).split())


def certified(factory_id: str) -> str:
    organisations.put("certifier", "sureseal", {"name": "Sure Seal", "country": "FR"}, STAFF)
    days = (date(2026, 1, 1), date(2099, 1, 1))
    said = Particulars("CU 1", "gots", "Organic", "sureseal", "Sure Seal", "all", (), *days)
    return certificates.register(factory_id, said, SEAL)[0].code


def test_a_factorys_people_read_who_changed_what_from_what_and_why(runner: SimpleNamespace) -> None:
    runner.browser.send(runner.profile, city="Gazipur", contact_name="Rokeya Secretova")
    runner.browser.send(runner.profile, city="Dhaka")
    lifecycle.close(runner.factory_id, date(2026, 2, 1), clock.today(), "Lease ended", STAFF)
    page = runner.browser.get(f"{runner.home}/history")
    said = text(page.text)
    assert page.status == 200
    assert said.index("The factory closed") < said.index("The profile was changed") < said.index("The page was publ")
    assert "Reason given: Lease ended" in said
    assert "Gazipur → Dhaka" in said
    assert "The staff of this registry" in said
    assert "Open → Closed" in said
    assert "Personal data is kept out of the history" in said
    assert "Secretova" not in said
    assert "chain of" not in said
    assert said.count("(taken away)") == 0


def test_a_certificates_history_is_read_by_its_certifier_and_its_holder_and_by_nobody_else(
    runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    code = certified(runner.factory_id)
    own = runner.browser.get(f"{runner.home}/history?record={code}").text
    assert "The certifier confirmed the certificate" in own
    assert "Sure Seal, certification body" in text(own)
    organisations.put("certifier", "other", {"name": "Other", "country": "FR"}, STAFF)
    for tenant, status in (("sureseal", 200), ("other", 404)):
        people.add(Role("certifier", tenant), f"a@{tenant}.example", STAFF)
        browser = signed_in(runner.browser, f"a@{tenant}.example", mails)
        assert browser.get(f"/portal/certifier/history?record={code}").status == status
        assert browser.get(f"/portal/certifier/history?record={runner.factory_id}").status == 404
        assert browser.get("/portal/staff/history").status == 403


def test_staff_read_any_history_and_that_its_chain_holds(runner: SimpleNamespace, mails: list[EmailMessage]) -> None:
    code = certified(runner.factory_id)
    browser = as_staff(runner.browser, mails)
    kept = f"CERTIFICATE%23{code}"
    for record in (runner.factory_id, code, kept, "member:maison", "standard:gots", "team:staff:staff"):
        page = browser.get(f"/portal/staff/history?record={record}")
        assert (page.status, "events holds" in page.text) == (200, True), record
    assert browser.get("/portal/staff/history").status == 200
    assert browser.get("/portal/staff/history?record=member:nobody").status == 200
    assert browser.get("/portal/staff/history?record=nonsense:x").status == 404
    assert browser.get("/portal/staff/history?record=nonsense").status == 400


def test_a_chain_with_an_event_changed_or_cut_off_is_told(runner: SimpleNamespace, mails: list[EmailMessage]) -> None:
    browser = as_staff(runner.browser, mails)
    path = f"/portal/staff/history?record={runner.factory_id}"
    last = history.latest(f"FACTORY#{runner.factory_id}", None, 1)[0]
    place = keys.event(f"FACTORY#{runner.factory_id}", last["number"])
    RegistryItem(place.pk, place.sk, body={**last, "reason": "another"}).save()
    assert f"broken at event {last['number']}" in text(browser.get(path).text)
    RegistryItem(place.pk, place.sk).delete()
    assert f"counts {last['number']} events, and {last['number'] - 1} are there" in text(browser.get(path).text)


def test_a_long_history_is_turned_over_page_by_page_without_a_gap(runner: SimpleNamespace) -> None:
    for number in range(35):
        day = date(2026, 1, 1).replace(day=1 + number % 28, month=1 + number // 28)
        lifecycle.close(runner.factory_id, day, clock.today(), f"Reason {number}", STAFF)
    path, seen = f"{runner.home}/history", []
    while path:
        page = runner.browser.get(path).text
        seen += [int(number) for number in re.findall(r"No\. (\d+)", page)]
        onward = re.search(r'href="([^"]*before=\d+)"', page)
        path = onward.group(1).replace("&amp;", "&") if onward else ""
    assert seen == list(range(37, 0, -1))
    assert runner.browser.get(f"{runner.home}/history?before=x").status == 400


def test_an_action_without_words_is_shown_as_it_is(runner: SimpleNamespace) -> None:
    record = f"FACTORY#{runner.factory_id}"
    events = history.of(record)
    head = history.Head(len(events), events[-1]["hash"])
    odd = Happening("teleported", {"<b>": {"from": ["a", "b"], "to": {"x": 1}}}, "<i>")
    item, _ = history.appended(record, head, odd, Actor("robot", "x", "y"), "2026-01-01T00:00:00Z")
    item.save()
    page = runner.browser.get(f"{runner.home}/history").text
    assert "teleported" in page
    assert "robot" in page
    assert "<b>" not in page
    assert "a, b → x: 1" in text(page)
