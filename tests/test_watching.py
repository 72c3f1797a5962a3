"""Each watcher is told once per change and in order, whatever happens to the worker, the stream and the webhook."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import clock
from chalicelib.domain import tidings
from chalicelib.domain.tidings import News, Tiding
from chalicelib.internal import mail, outbound, watch_letters, watching
from chalicelib.store import watch_keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import deliveries, lookup, outbox, watches
from chalicelib.store.registry.commit import Commit
from tests.watching import BUYER, HOOK, Watched, begun, text_of
from tests.world import World


class Killed(BaseException):
    """Like a SIGKILL: nothing catches it, nothing is tidied up."""


@pytest.fixture
def watched(world: World, monkeypatch: pytest.MonkeyPatch) -> Watched:
    return begun(world, monkeypatch)


def test_a_change_is_told_once_by_mail_with_its_reason_and_a_way_out(watched: Watched) -> None:
    watch = watched.by_mail()
    watched.standing("suspended")
    assert (watched.sweep(), watched.sweep(5)) == (1, 0)
    [message] = watched.mails
    assert message["To"] == BUYER
    assert "Meghna S.T. Screen Ltd" in message["Subject"]
    for kind in ("plain", "html"):
        assert "Suspended from" in text_of(message, kind)
        assert "Audit overdue" in text_of(message, kind)
        assert f"/c/{watched.code}" in text_of(message, kind)
    stop = f"{watch_letters.address(watch)}/stop"
    assert message["List-Unsubscribe"] == f"<{stop}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_watch_that_a_later_release_wrote_is_read_and_trouble_is_written_only_where_there_is_some(
    watched: Watched,
) -> None:
    watch = watched.by_mail()
    held = lookup.item(watch_keys.watch(watch.watch_id))
    assert held is not None
    assert "trouble" not in held.body
    transaction = Commit()
    transaction.replace(RegistryItem(held.pk, held.sk, body={**held.body, "later": 1}), int(held.version))
    transaction.now()
    assert watches.need(watch.watch_id) == replace(watch, version=watch.version + 1)


def test_every_kind_of_change_is_told_in_the_order_in_which_it_happened(watched: Watched) -> None:
    watched.by_webhook(watched.factory_id)
    other = watched.world.a_factory("S-2", factory={"name": "Padma Weaving Ltd", "country": "BD"})
    watched.standing("suspended")
    watched.standing("active", "Seen again")
    watched.standing("withdrawn", "Over")
    watched.fate("close", effective="2026-11-01")
    watched.fate("reopen")
    watched.fate("merge", into=other)
    watched.sweep()
    assert watched.machine.types == [
        "certificate.suspended",
        "certificate.reinstated",
        "certificate.withdrawn",
        "factory.closed",
        "factory.reopened",
        "factory.merged",
    ]
    assert list(watched.machine.taken.values())[-1]["data"]["successor"] == other


def test_a_list_that_a_certifier_sends_every_day_is_told_of_once(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.by_webhook()
    watched.standing("active", "Surveillance audit passed")
    watched.standing("suspended")
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    watched.standing("suspended")
    certificate = watched.world.anyone.get(f"/v1/certificates/{watched.code}").ok().json
    assert [each["standing"] for each in certificate["history"]] == ["active", "suspended"]
    watched.sweep()
    assert watched.machine.types == ["certificate.suspended"]


def test_of_the_day_of_a_return_that_is_put_right_nobody_is_told(watched: Watched) -> None:
    watched.by_webhook()
    watched.standing("suspended")
    watched.standing("active", "Seen again")
    watched.standing("active", "Seen again on another day")
    watched.sweep()
    assert watched.machine.types == ["certificate.suspended", "certificate.reinstated"]


def test_who_watches_a_certificate_and_its_factory_is_told_once_and_others_of_nothing(watched: Watched) -> None:
    watched.by_webhook(watched.code, watched.factory_id)
    other = watched.world.a_factory("S-2")
    watched.by_mail(other, email="other@buyer.example")
    watches.ask("unconfirmed@buyer.example", "en", [watched.code], None)
    watched.standing("suspended")
    assert watched.sweep() == 1
    assert (watched.machine.types, watched.mails) == (["certificate.suspended"], [])


def test_who_watches_the_record_that_a_certificate_shows_on_by_way_of_a_merge_is_told_of_it_once(
    watched: Watched,
) -> None:
    survivor = watched.world.a_factory("S-2")
    last = watched.now.date() + timedelta(days=31)
    watched.code = watched.world.a_certificate(watched.factory_id, number="CU-END", valid_to=last.isoformat())
    watched.by_webhook(survivor)
    watched.by_webhook(watched.code, watched.factory_id, survivor)
    watched.fate("merge", into=survivor)
    watched.sweep()
    watched.standing("suspended")
    for minutes in (0, 5, 24 * 60):
        watched.sweep(minutes)
    suspended, ends = "certificate.suspended", "certificate.expires"
    assert sorted(watched.machine.types) == sorted(["factory.merged", suspended, suspended, ends, ends])
    assert len(watched.machine.calls) == 5
    watched.fate("unmerge")
    watched.standing("active", "Seen again")
    watched.sweep()
    assert sorted(watched.machine.types[5:]) == ["certificate.reinstated", "factory.separated"]


def test_who_watches_the_place_that_a_factory_moved_to_is_not_told_of_the_certificates_left_behind(
    watched: Watched,
) -> None:
    place = watched.world.a_factory("S-2")
    watched.by_webhook(place)
    watched.fate("move", into=place)
    watched.standing("withdrawn")
    assert (watched.sweep(), watched.machine.calls) == (0, [])


def test_a_mail_tells_of_all_that_waits_in_order(watched: Watched) -> None:
    watched.by_mail()
    watched.standing("suspended")
    watched.standing("active", "Seen again")
    watched.sweep()
    [message] = watched.mails
    text = text_of(message)
    assert text.index("Suspended from") < text.index("no longer suspended or withdrawn")


@pytest.mark.parametrize(
    ("status", "dates"),
    [
        ("expired", {"valid_from": "2025-01-01", "valid_to": "2025-12-31"}),
        ("not_yet_valid", {"valid_from": "2099-01-01", "valid_to": "2099-12-31"}),
    ],
)
def test_a_mail_never_calls_valid_what_was_taken_back_and_does_not_hold_by_its_dates(
    watched: Watched, status: str, dates: dict[str, str]
) -> None:
    watched.code = watched.world.a_certificate(watched.factory_id, number="CU-OFF", **dates)
    watched.by_mail()
    watched.standing("suspended")
    watched.standing("active", "Fee paid")
    watched.sweep()
    assert watched.world.anyone.get(f"/v1/certificates/{watched.code}").ok().json["status"] == status
    [message] = watched.mails
    for kind in ("plain", "html"):
        text = text_of(message, kind).lower()
        assert "no longer suspended or withdrawn" in text
        assert "valid" not in text
        assert "in force" not in text


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (deliveries, "spread"),
        (outbox, "done"),
        (deliveries, "claim"),
        (watch_letters, "news_by_webhook"),
        (deliveries, "crossed_out"),
        (deliveries, "release"),
    ],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_is_killed_at_any_step_loses_nothing_and_repeats_nothing(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, module: object, name: str, when: str
) -> None:
    first, second = watched.by_webhook(), watched.by_webhook(url=f"{HOOK}/second")
    watched.standing("suspended")
    watched.standing("active", "Seen again")
    with monkeypatch.context() as patched:
        patched.setattr(module, name, _killed(getattr(module, name), when))
        with pytest.raises(Killed):
            watched.sweep()
    for _ in range(4):
        watched.sweep(1)
    told = {url: [] for url in (first.webhook, second.webhook)}
    seen = set()
    for url, headers, content in watched.machine.calls:
        if headers["webhook-id"] not in seen:
            told[url].append(json.loads(content)["type"])
        seen.add(headers["webhook-id"])
    assert set(map(tuple, told.values())) == {("certificate.suspended", "certificate.reinstated")}
    assert outbox.waiting() == []
    assert deliveries.due(watched.now + timedelta(days=2)) == []


def _killed(whole: Callable[..., object], when: str) -> Callable[..., object]:
    def step(*given: object, **named: object) -> object:
        if when == "after":
            whole(*given, **named)
        raise Killed

    return step


def test_a_webhook_that_fails_for_ten_minutes_is_told_everything_once_and_in_order_and_holds_nobody_up(
    watched: Watched,
) -> None:
    watched.by_webhook(url=f"{HOOK}/down")
    watched.by_webhook(url=f"{HOOK}/up")
    watched.machine.down = lambda url: url.endswith("/down")
    watched.standing("suspended")
    watched.sweep()
    assert watched.machine.types == ["certificate.suspended"]
    watched.standing("active", "Seen again")
    for _ in range(10):
        watched.sweep(1)
    failed = [json.loads(content)["type"] for url, _, content in watched.machine.calls if url.endswith("/down")]
    assert set(failed) == {"certificate.suspended"}  # never the second before the first
    assert len(failed) == 3
    watched.machine.down = lambda _url: False
    for _ in range(35):
        watched.sweep(1)
    taken = [headers["webhook-id"] for url, headers, _ in watched.machine.calls if url.endswith("/down")][3:]
    assert [watched.machine.taken[each]["type"] for each in taken] == [
        "certificate.suspended",
        "certificate.reinstated",
    ]
    assert len(watched.machine.taken) == 4


def test_a_slow_webhook_takes_no_longer_than_a_run_may_and_gets_the_rest_with_the_next(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.by_webhook()
    for number in range(6):
        watched.standing("suspended", f"Reason {number}")
        watched.standing("active", f"Seen again {number}")
    ticks = 0.0
    taken = watched.machine.post

    def slow(url: str, content: bytes, headers: dict[str, str]) -> None:
        nonlocal ticks
        ticks += outbound.SECONDS - 1
        taken(url, content, headers)

    monkeypatch.setattr(outbound, "post", slow)
    monkeypatch.setattr(clock, "ticking", lambda: ticks)
    watched.sweep()
    assert ticks < watching.SECONDS + outbound.SECONDS < deliveries.CLAIMED_FOR.total_seconds()
    assert len(watched.machine.calls) == 5
    watched.sweep(1)
    watched.sweep(1)
    assert len(watched.machine.calls) == len(watched.machine.taken) == 12


def test_a_webhook_that_fails_for_more_than_a_day_is_paused_its_owner_told_and_nothing_lost(watched: Watched) -> None:
    watch = watched.by_webhook()
    watched.machine.down = lambda _url: True
    watched.standing("suspended")
    for _ in range(33):
        watched.sweep(60)
    assert watches.need(watch.watch_id).state == "paused"
    [message] = watched.mails
    assert (message["To"], "paused" in text_of(message)) == (BUYER, True)
    tried = len(watched.machine.calls)
    assert tried == 8
    watched.standing("withdrawn")
    watched.sweep(60)
    assert len(watched.machine.calls) == tried
    watched.machine.down = lambda _url: False
    watches.activate(watch.watch_id)
    watched.sweep()
    assert watched.machine.types == ["certificate.suspended", "certificate.withdrawn"]
    assert len(watched.mails) == 1


def test_a_mail_that_the_service_does_not_take_is_sent_later_and_once(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.by_mail()
    watched.standing("suspended")

    def down(_message: object) -> None:
        raise mail.NotSent

    with monkeypatch.context() as patched:
        patched.setattr(mail, "send", down)
        assert watched.sweep() == 0
    assert [watched.sweep(1) for _ in range(3)] == [1, 0, 0]
    assert len(watched.mails) == 1


def test_two_workers_at_once_tell_each_change_once(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.by_webhook()
    watched.standing("suspended")
    whole = watch_letters.news_by_webhook

    def meanwhile(*given: object) -> None:
        assert watching.run(watched.now, workers=1) == 0
        whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(watch_letters, "news_by_webhook", meanwhile)
    watched.sweep()
    assert len(watched.machine.calls) == 1


def test_a_worker_that_was_held_up_repeats_nothing_that_another_told_meanwhile(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.by_webhook()
    watched.standing("suspended")
    whole = deliveries.spread

    def late(*given: object) -> int:
        monkeypatch.setattr(deliveries, "spread", whole)
        assert watching.run(watched.now, workers=1) == 1
        return whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(deliveries, "spread", late)
    watched.sweep()
    watched.sweep(5)
    assert len(watched.machine.calls) == 1


def test_a_change_that_comes_while_its_owner_is_told_of_another_is_told_next(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.by_webhook()
    watched.standing("suspended")
    whole = deliveries.owed
    monkeypatch.setattr(deliveries, "owed", lambda watch_id: _and_then(whole(watch_id), watched))
    watched.sweep()
    monkeypatch.setattr(deliveries, "owed", whole)
    watched.sweep()
    watched.sweep()
    assert watched.machine.types == ["certificate.suspended", "certificate.reinstated"]


def _and_then(owed: list[Tiding], watched: Watched) -> list[Tiding]:
    if not owed:  # the worker has looked for the last time: now it happens
        watched.standing("active", "Seen again")
        for told in outbox.waiting():
            deliveries.spread(told, watched.now)
    return owed


def test_a_certificate_that_ends_is_told_of_60_30_and_7_days_before_and_a_missed_day_is_made_up_for(
    watched: Watched,
) -> None:
    last = watched.now.date() + timedelta(days=70)
    code = watched.world.a_certificate(watched.factory_id, number="CU-END", valid_to=last.isoformat())
    watched.by_webhook(code)
    days_told, start = {}, watched.now
    for left in (61, 60, 59, 32, 28, 8, 7, 6):  # nobody looked on the 31st, 30th and 29th day before
        watched.now = start + timedelta(days=70 - left)
        before = len(watched.machine.taken)
        watched.sweep()
        watched.sweep(5)
        for told in list(watched.machine.taken.values())[before:]:
            assert (told["type"], told["data"]["day"]) == ("certificate.expires", last.isoformat())
            days_told[told["data"]["days_left"]] = left
    assert days_told == {60: 60, 30: 28, 7: 7}


@pytest.mark.parametrize("days_left", tidings.NOTICE_DAYS)
def test_a_certificate_that_comes_after_the_days_look_is_told_of_all_the_same_and_once(
    watched: Watched, days_left: int
) -> None:
    watched.by_webhook(watched.factory_id)
    watched.sweep()
    last = watched.now.date() + timedelta(days=days_left)
    watched.world.a_certificate(watched.factory_id, number="CU-LATE", valid_to=last.isoformat())
    for days in (0, 0, 1, 1):
        watched.sweep(days * 24 * 60)
    told = [each["data"]["days_left"] for each in watched.machine.taken.values()]
    assert (watched.machine.types, told) == (["certificate.expires"], [days_left])


def test_a_withdrawn_certificate_is_not_said_to_end(watched: Watched) -> None:
    last = watched.now.date() + timedelta(days=31)
    watched.code = watched.world.a_certificate(watched.factory_id, number="CU-END", valid_to=last.isoformat())
    watched.by_webhook()
    watched.standing("withdrawn")
    watched.sweep(24 * 60)
    assert watched.machine.types == ["certificate.withdrawn"]


def test_the_outbox_is_written_with_the_change_or_not_at_all(watched: Watched) -> None:
    before = len(outbox.waiting())
    path = f"/internal/v1/certificates/{watched.code}/standing"
    refused = watched.world.other_certifier("POST", path, {"standing": "suspended", "reason": "No"})
    assert refused.status == 404
    assert len(outbox.waiting()) == before
    watched.standing("suspended")
    watched.standing("suspended")
    assert len(outbox.waiting()) == before + 1


@pytest.mark.safety("faults.clocks")
def test_changes_of_one_record_keep_the_order_of_its_history_where_two_clocks_disagree() -> None:
    first = Tiding(News.SUSPENDED, "2026-03-01T09:00:05Z", "CERTIFICATE#A", 4, "F", "Mill", None, "A")
    late = replace(first, kind=News.REINSTATED, at="2026-03-01T09:00:01Z", event=5)
    other = replace(first, kind=News.CLOSED, at="2026-03-01T09:00:03Z", record="FACTORY#F", event=9)
    assert tidings.in_order([late, other, first]) == [first, other, late]


def test_only_what_anybody_may_see_is_told(watched: Watched) -> None:
    watched.by_webhook(watched.factory_id)
    watched.fate("close", effective="2026-11-01")
    watched.sweep()
    told = json.dumps(list(watched.machine.taken.values()))
    assert "Seen on site" not in told  # the reason that staff give is for the history
    assert "secret" not in told.lower()
