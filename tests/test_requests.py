"""A factory asks a certifier to confirm what it declared: once a week at most, and nobody else's certificate."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.domain import request as rules
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.request import Request
from chalicelib.store.registry import factories, history, requests
from chalicelib.store.registry.history import Actor
from tests.world import World

TODAY = date(2026, 5, 4)
ACTOR = Actor("factory", "F", "test")
WEEK = timedelta(days=7)


def asked_on(day: date, **changes: object) -> Request:
    said = {"asked": day.isoformat(), "mailed": day.isoformat(), **changes}
    return Request("C", "F", "sureseal", **said)  # type: ignore[arg-type]


def test_asking_again_within_a_week_changes_nothing_and_after_a_week_asks_again() -> None:
    held = asked_on(TODAY)
    assert rules.asked(held, "C", "F", "sureseal", TODAY + WEEK - timedelta(days=1)) is None
    again = rules.asked(held, "C", "F", "sureseal", TODAY + WEEK)
    assert again is not None
    assert (again.mailed, again.open) == ("2026-05-11", True)


def test_a_mail_that_was_not_sent_may_be_sent_at_once() -> None:
    assert rules.asked(asked_on(TODAY, mailed=None), "C", "F", "sureseal", TODAY) is not None


def test_who_said_no_is_left_alone_for_a_week_and_another_may_be_asked_at_once() -> None:
    held = asked_on(TODAY, open=False, answered="2026-05-04", reason="not ours")
    with pytest.raises(Conflict, match="2026-05-04"):
        rules.asked(held, "C", "F", "sureseal", TODAY + timedelta(days=3))
    again = rules.asked(held, "C", "F", "sureseal", TODAY + WEEK)
    assert again is not None
    assert (again.open, again.reason, again.answered) == (True, "", None)
    other = rules.asked(held, "C", "F", "otherseal", TODAY)
    assert other is not None
    assert other.open


def test_going_to_and_fro_between_two_certifiers_mails_neither_twice_within_the_week() -> None:
    first = asked_on(TODAY, open=False, answered="2026-05-04", reason="not ours")
    second = rules.asked(first, "C", "F", "otherseal", TODAY)
    assert second is not None
    with pytest.raises(Conflict, match="2026-05-04"):
        rules.asked(second, "C", "F", "sureseal", TODAY + timedelta(days=6))
    back = rules.asked(second, "C", "F", "sureseal", TODAY + WEEK)
    assert back is not None
    assert (back.certifier_id, back.mailed, dict(back.others)) == ("sureseal", "2026-05-11", {})


@pytest.fixture
def declared(world: World) -> tuple[str, str]:
    """A factory and a certificate that it declared."""
    factory_id = world.a_factory()
    body = world.certificate_body(factory_id, certifier="SureSeal")
    answer = world.run_by(factory_id)("POST", "/internal/v1/certificates", body).ok()
    return factory_id, answer.json["code"]


def test_what_is_asked_lies_in_the_queue_of_that_certifier_until_it_confirms(
    world: World, declared: tuple[str, str]
) -> None:
    factory_id, code = declared
    request, is_due = requests.ask(factory_id, code, "sureseal", ACTOR)
    assert is_due
    assert [entry.certificate.number for entry in requests.listed("sureseal")] == ["CU 123-456"]
    assert requests.listed("otherseal") == []
    assert requests.ask(factory_id, code, "sureseal", ACTOR) == (request, False)
    assert world.a_certificate(factory_id) == code
    assert requests.listed("sureseal") == []
    assert requests.of([code]) == {}
    with pytest.raises(Conflict, match="confirmed already"):
        requests.ask(factory_id, code, "sureseal", ACTOR)
    actions = [each["action"] for each in history.of(f"CERTIFICATE#{code}")]
    assert actions == ["declared", "confirmation_asked", "confirmed"]


def test_another_certifier_that_confirms_it_clears_the_queue_of_the_one_that_was_asked(
    world: World, declared: tuple[str, str]
) -> None:
    factory_id, code = declared
    requests.ask(factory_id, code, "otherseal", ACTOR)
    world.a_certificate(factory_id)
    assert requests.listed("otherseal") == []
    assert not [item for item in world.tables.everything() if "REQUEST" in str(item)]


def test_asking_another_certifier_takes_the_request_from_the_first(declared: tuple[str, str]) -> None:
    factory_id, code = declared
    requests.ask(factory_id, code, "sureseal", ACTOR)
    requests.ask(factory_id, code, "otherseal", ACTOR)
    assert requests.listed("sureseal") == []
    assert [entry.request.code for entry in requests.listed("otherseal")] == [code]


def test_a_certifier_that_says_no_leaves_the_certificate_as_declared_and_says_why(declared: tuple[str, str]) -> None:
    factory_id, code = declared
    requests.ask(factory_id, code, "sureseal", ACTOR)
    with pytest.raises(NotFound):
        requests.done("otherseal", code, "not ours", ACTOR)
    requests.done("sureseal", code, "We issued no such number.", ACTOR)
    assert requests.listed("sureseal") == []
    assert requests.of([code])[code].reason == "We issued no such number."
    assert factories.need(factory_id).certificates[code].confirmed is False
    with pytest.raises(Conflict):
        requests.ask(factory_id, code, "sureseal", ACTOR)
    with pytest.raises(NotFound):
        requests.done("sureseal", code, "again", ACTOR)
    events = history.of(f"CERTIFICATE#{code}")
    assert history.first_false(events) is None
    assert events[-1]["reason"] == "We issued no such number."


def test_nobody_asks_about_a_certificate_of_another_factory_or_an_unknown_certifier(
    world: World, declared: tuple[str, str]
) -> None:
    factory_id, code = declared
    other = world.a_factory("S-2")
    with pytest.raises(NotFound):
        requests.ask(other, code, "sureseal", ACTOR)
    with pytest.raises(NotFound):
        requests.ask(factory_id, code, "nobody", ACTOR)


def test_a_mail_that_could_not_be_sent_is_due_again(declared: tuple[str, str]) -> None:
    factory_id, code = declared
    request, _ = requests.ask(factory_id, code, "sureseal", ACTOR)
    requests.not_mailed(request)
    assert requests.ask(factory_id, code, "sureseal", ACTOR)[1] is True
    requests.not_mailed(request)  # too late: asked again meanwhile
    assert requests.of([code])[code].mailed is not None
