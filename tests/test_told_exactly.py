"""What is told to whom: webhooks, watches and their news."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain import tidings, watching, webhook
from chalicelib.domain.certificate import Certificate, Standing, StandingChange
from chalicelib.domain.errors import Malformed
from chalicelib.domain.factory import Factory, IcsStatement, State
from chalicelib.domain.tidings import News, Tiding
from chalicelib.domain.watching import Watch
from tests.published import CERTIFICATE, CODE, FACTORY_ID, NAME

NOW = datetime(2026, 5, 5, 12, tzinfo=UTC)
TODAY = date(2026, 5, 5)


def certificate(*history: StandingChange, **changes: Any) -> Certificate:
    held = {name: getattr(CERTIFICATE, name) for name in asdict(CERTIFICATE)}
    return Certificate(certifier_id="trueweave", **{**held, "history": history, **changes})


def change(standing: str, day: str = "2026-03-01", at: str = "2026-03-02T00:00:00Z", why: str = "") -> StandingChange:
    return StandingChange(Standing(standing), why, date.fromisoformat(day), at)


# --- Webhooks


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example/" + "x" * 478,
        "https://hooks.example/!~",
        "https://hooks.example:443/",
        "https://hooks.example:8443/?a=b@c",
        "https://10.hooks.example./",
    ],
)
def test_an_https_address_of_a_named_host_is_taken(url: str) -> None:
    assert webhook.clean(f"{url}") == url


@pytest.mark.parametrize(
    "url",
    [
        7,
        "https://hooks.example/" + "x" * 479,
        "https://hooks.example:99999/",
        "http://hooks.example/",
        "https://hooks/",
        "https:///in",
        "https://hooks.example/a b",
        "https://hooks.example/é",
        "https://hooks.example/\\in",
        "https://me@hooks.example/",
        "https://hooks.example/#in",
        "https://hooks.example:8444/",
    ],
)
def test_what_is_no_plain_https_address_is_told_so(url: object) -> None:
    with pytest.raises(Malformed, match="must be an https address"):
        webhook.clean(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://[fe80::1%a.b]/",
        "https://10.0.0.1/",
        "https://hooks.7/",
        "https://printer.local/",
        "https://printer.local./",
        "https://metadata.internal/",
        "https://my.localhost/",
    ],
)
def test_a_host_of_a_house_is_told_so(url: str) -> None:
    with pytest.raises(Malformed, match="must be an address that can be reached from the internet"):
        webhook.clean(url)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("9.9.9.9", True),
        ("9.9.9.9%eth0", True),
        ("9.9.9.9%eth0%1", True),
        ("10.0.0.1", False),
        ("224.0.0.1", False),
        ("2620:fe::fe", True),
        ("fe80::1", False),
        ("ff0e::1", False),
        ("4000::1", False),
        ("::ffff:9.9.9.9", True),
        ("::ffff:10.0.0.1", False),
        ("2002:909:909::", True),
        ("2002:a00:1::", False),
        ("64:ff9b::909:909", True),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:0:0:0:1:909:909", False),
        ("2001:0:909:909::", False),
        ("192.88.98.1", True),
        ("192.88.99.1", False),
        ("fec0::1", False),
        ("hooks.example", False),
    ],
)
def test_an_address_is_public_if_all_that_hides_in_it_is(address: str, public: bool) -> None:
    assert webhook.is_public(address) is public


def test_a_message_is_signed_as_the_standard_signs_its_example() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    signed = webhook.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert webhook.secret_text(b"\xfb\xff") == "whsec_+/8="


# --- Watches and their news


def test_a_watch_that_nobody_confirmed_is_over_at_its_end() -> None:
    watch = Watch("w", "me@example.com", "en", (CODE,), "2026-05-01T00:00:00Z")
    assert not watch.is_over(NOW)
    assert replace(watch, expires_at="2026-05-05T12:00:00+00:00").is_over(NOW)
    assert not replace(watch, expires_at="2026-05-05T12:00:01+00:00").is_over(NOW)


def test_after_each_failure_the_pause_is_longer_and_the_eighth_ends_it() -> None:
    pauses = [watching.next_attempt(failures, NOW) for failures in range(1, 9)]
    seconds = [60, 300, 1800, 7200, 18000, 36000, 36000]
    assert pauses == [*(NOW + timedelta(seconds=each) for each in seconds), None]


@pytest.mark.parametrize(
    ("standing", "kind"),
    [
        ("suspended", "certificate.suspended"),
        ("withdrawn", "certificate.withdrawn"),
        ("active", "certificate.reinstated"),
    ],
)
def test_the_certifier_s_last_word_is_news(standing: str, kind: str) -> None:
    each = certificate(change("active"), change(standing, "2026-04-01", why="Dirty water"))
    told = tidings.of_standing(each, 3, "2026-04-02T00:00:00Z")
    assert told == Tiding(
        kind=News(kind),
        at="2026-04-02T00:00:00Z",
        record=f"CERTIFICATE#{CODE}",
        event=3,
        factory_id=FACTORY_ID,
        name=NAME,
        day="2026-04-01",
        code=CODE,
        number="GOTS-2026-0417",
        standard="Global Organic Textile Standard",
        reason="Dirty water",
    )
    assert tidings.of_standing(certificate(change(standing)), 3, "2026-04-02T00:00:00Z").reason is None


def test_that_a_certificate_is_in_force_still_is_no_news() -> None:
    fresh, active, suspended = (certificate(*said) for said in ((), (change("active"),), (change("suspended"),)))
    assert tidings.is_no_news(fresh, active)
    assert tidings.is_no_news(active, certificate(change("active"), change("active", "2026-04-01")))
    again = certificate(change("active"), change("suspended"), change("active"))
    assert not tidings.is_no_news(certificate(change("active"), change("suspended")), again)
    assert not tidings.is_no_news(active, suspended)


MILL = Factory(FACTORY_ID, ics=IcsStatement(1, "2026-01-02", {"name": NAME}), published=True)
AT = "2026-04-02T00:00:00Z"


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("closed", "factory.closed"),
        ("moved", "factory.moved"),
        ("merged", "factory.merged"),
        ("reopened", "factory.reopened"),
        ("unmerged", "factory.separated"),
    ],
)
def test_what_became_of_a_factory_is_news(action: str, kind: str) -> None:
    told = Tiding(
        kind=News(kind),
        at=AT,
        record=f"FACTORY#{FACTORY_ID}",
        event=9,
        factory_id=FACTORY_ID,
        name=NAME,
        day="2026-04-01",
        successor="BD7K3M9Q2XWC",
    )
    fate = replace(MILL, state=State.CLOSED, state_since="2026-04-01", successor="BD7K3M9Q2XWC")
    assert tidings.of_fate(action, fate, 9, AT) == told
    assert tidings.of_fate(action, replace(fate, state_since=None), 9, AT) == replace(told, day="2026-04-02")


def test_what_is_no_news_and_what_nobody_knows_of_is_told_to_nobody() -> None:
    assert tidings.of_fate("renamed", MILL, 9, AT) is None
    assert tidings.of_fate("closed", replace(MILL, published=False), 9, AT) is None
    assert tidings.of_fate("closed", replace(MILL, ics=None), 9, AT) is None


def test_that_a_certificate_ends_is_news_unless_it_was_withdrawn() -> None:
    each = certificate(change("suspended", "2026-04-01"), valid_to=date(2026, 7, 4))
    assert tidings.of_ending(each, TODAY, 60) == Tiding(
        kind=News.EXPIRES,
        at="2026-05-05T00:00:00Z",
        record=f"CERTIFICATE#{CODE}",
        event=0,
        factory_id=FACTORY_ID,
        name=NAME,
        day="2026-07-04",
        code=CODE,
        number="GOTS-2026-0417",
        standard="Global Organic Textile Standard",
        days_left=60,
    )
    gone = replace(each, history=(change("withdrawn", "2026-05-05"),))
    assert tidings.of_ending(gone, TODAY, 60) is None
    assert tidings.of_ending(gone, TODAY - timedelta(days=1), 60) is not None


def test_news_of_one_record_are_told_in_the_order_of_its_events_whatever_the_clocks_say() -> None:
    def news(at: str, record: str, event: int) -> Tiding:
        return Tiding(News.CLOSED, at, record, event, FACTORY_ID, NAME, None)

    late, early = news("2026-01-03", "A", 1), news("2026-01-01", "A", 2)
    between, ending = news("2026-01-02", "B", 1), news("2026-01-04", "A", 0)
    assert tidings.in_order([ending, late, between, early]) == [late, between, early, ending]
