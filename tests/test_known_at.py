"""What was true on a day, and what was known at an instant: the rule, and over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import clock
from chalicelib.domain.certificate import Certificate, Declared, Standing, StandingChange, Status, known_at, status_on
from chalicelib.domain.disclosure import answer_on, public_certificate, told_later
from chalicelib.store.registry import certificates, factories
from tests.test_certificate import CERTIFICATES, DAYS, certificate, said
from tests.world import World

FAR = "2100-01-01T00:00:00Z"
INSTANTS = st.datetimes(datetime(2025, 6, 1), datetime(2027, 6, 1)).map(
    lambda moment: clock.instant(moment.replace(tzinfo=UTC))
)


def recorded(each: Certificate, instants: list[str]) -> Certificate:
    """The certificate with its statements recorded at these instants, the first of which registered it."""
    instants = sorted(instants)[: len(each.history) + 1]
    history = [replace(change, recorded=at) for change, at in zip(each.history, instants[1:], strict=False)]
    return replace(each, history=tuple(history), registered_at=instants[0], confirmed_at=instants[0])


HISTORIES = st.builds(recorded, CERTIFICATES, st.lists(INSTANTS, min_size=7, max_size=7))


@given(HISTORIES, DAYS)
def test_all_that_is_known_now_gives_the_present_answer(each: Certificate, day: date) -> None:
    page = public_certificate(each)
    now = answer_on(page, day)
    then = answer_on(page, day, FAR)
    assert (then.status, then.reason, then.confirmed) == (now.status, now.reason, now.confirmed)
    assert told_later(page, day, FAR) == ()


@given(HISTORIES, DAYS, INSTANTS)
def test_what_is_recorded_later_never_changes_what_was_known(each: Certificate, day: date, at: str) -> None:
    page = public_certificate(each)
    for standing in Standing:
        later = StandingChange(standing, "later", day, FAR)
        assert answer_on(replace(page, history=(*page.history, later)), day, at) == replace(
            answer_on(page, day, at), certificate=replace(page, history=(*page.history, later))
        )


@given(HISTORIES, INSTANTS, INSTANTS)
def test_who_asks_later_knows_at_least_as_much(each: Certificate, one: str, other: str) -> None:
    earlier, later = (known_at(each, at) for at in sorted((one, other)))
    if earlier is not None:
        assert later is not None
        assert later.history[: len(earlier.history)] == earlier.history


@given(HISTORIES, DAYS, INSTANTS)
def test_then_and_now_differ_only_where_something_was_told_later(each: Certificate, day: date, at: str) -> None:
    page = public_certificate(each)
    if at >= page.registered_at and not told_later(page, day, at):
        assert answer_on(page, day, at).status is answer_on(page, day).status


def test_before_it_was_on_record_nothing_was_known() -> None:
    each = replace(certificate(), registered_at="2026-03-01T12:00:00Z", confirmed_at="2026-03-01T12:00:00Z")
    page = public_certificate(each)
    day = date(2026, 3, 1)
    assert answer_on(page, day, "2026-03-01T11:59:59Z").status is Status.UNKNOWN
    assert answer_on(page, day, "2026-03-01T12:00:00Z").status is Status.VALID


def test_until_its_certifier_spoke_it_was_what_the_factory_declared() -> None:
    issued = said(Standing.ACTIVE, date(2026, 1, 1), "", "2026-04-01T00:00:00Z")
    declared = Declared(date(2026, 1, 1), date(2026, 2, 28))
    each = certificate(issued)
    each = replace(each, registered_at="2026-02-01T00:00:00Z", confirmed_at=issued.recorded, declared=declared)
    page = public_certificate(each)
    then = answer_on(page, date(2026, 3, 15), "2026-03-15T00:00:00Z")
    assert (then.status, then.confirmed) == (Status.EXPIRED, False)
    now = answer_on(page, date(2026, 3, 15))
    assert (now.status, now.confirmed) == (Status.VALID, True)


def test_a_record_from_before_instants_were_kept_counts_from_its_first_statement() -> None:
    old = certificate(said(Standing.ACTIVE, date(2026, 1, 1), "", "2026-01-05T00:00:00Z"))
    assert known_at(old, "2026-01-04T23:59:59Z") is None
    assert known_at(old, "2026-01-05T00:00:00Z").confirmed
    undated = known_at(replace(certificate(), confirmed=False), "2020-01-01T00:00:00Z")
    assert status_on(undated, date(2026, 2, 2)) is Status.VALID


class Days:
    """A clock that a test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment = datetime(2026, 1, 10, 9, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: self.moment)

    def on(self, day: str) -> None:
        self.moment = datetime.fromisoformat(f"{day}T09:00:00+00:00")

    def passes(self, seconds: int) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def code(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """Registered on 10 January, suspended on 2 April as of 20 February; it is 5 April."""
    days = Days(monkeypatch)
    made = world.a_certificate(world.a_factory())
    days.on("2026-04-02")
    suspended = {"standing": "suspended", "reason": "Dirty water", "effective": "2026-02-20"}
    world.certifier("POST", f"/internal/v1/certificates/{made}/standing", suspended).ok()
    days.on("2026-04-05")
    return made


def test_json_says_what_was_known_then_and_what_is_known_now(world: World, code: str) -> None:
    answer = world.anyone.get(f"/v1/certificates/{code}?on=2026-03-01&known_at=2026-03-15").ok().json
    assert (answer["status"], answer["status_reason"], answer["on"]) == ("valid", None, "2026-03-01")
    assert answer["known_at"] == "2026-03-15T23:59:59Z"
    assert (answer["known_now"]["status"], answer["known_now"]["status_reason"]) == ("suspended", "Dirty water")
    assert answer["known_now"]["registered_at"] == "2026-01-10T09:00:00Z"
    today = world.anyone.get(f"/v1/certificates/{code}?on=2026-03-01").json
    assert today["status"] == "suspended"
    assert not {"known_at", "known_now"} & set(today)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("2026-01-09", "unknown"),
        ("2026-01-10T08:59:59Z", "unknown"),
        ("2026-01-10T09:00:00Z", "valid"),
        ("2026-01-10T10:00:00%2B01:00", "valid"),
        ("2026-01-10T10:00:00+01:00", "valid"),
        ("2026-01-10t09:00:00z", "valid"),
        ("2026-04-02T08:59:59Z", "valid"),
        ("2026-04-02T09:00:00.5Z", "suspended"),
        ("2026-04-02", "suspended"),
        ("2026-04-05", "suspended"),
    ],
)
def test_an_instant_or_the_end_of_a_day(world: World, code: str, asked: str, status: str) -> None:
    found = world.anyone.get(f"/v1/certificates/{code}?on=2026-03-01&known_at={asked}").ok().json
    assert found["status"] == status
    [by_number] = (
        world.anyone.get(f"/v1/certificates?number=CU123456&on=2026-03-01&known_at={asked}").ok().json["results"]
    )
    assert by_number["status"] == status
    assert world.anyone.get(f"/c/{code}?on=2026-03-01&known_at={asked}").status == 200


@pytest.mark.parametrize(
    "asked",
    [
        "2026-04-06",
        "2026-04-05T09:00:01Z",
        "2099-01-01",
        "yesterday",
        "2026-3-1",
        "2026-03-01T09:00",
        "1T",
        "%00",
        "2026-02-30",
        "2026-03-01T25:00:00Z",
        "0001-01-01T00:00:00%2B23:00",
        "9999-12-31T23:59:59-23:00",
    ],
)
def test_the_future_and_what_is_no_instant_are_refused(world: World, code: str, asked: str) -> None:
    for path in (f"/v1/certificates/{code}", f"/c/{code}", "/v1/certificates"):
        assert world.anyone.get(f"{path}?number=CU123456&known_at={asked}").status == 400
    assert world.anyone("POST", "/v1/verify", {"numbers": [code], "known_at": asked}).status == 400


def test_the_page_leads_with_what_is_known_now_and_tells_the_rest_beside_it(world: World, code: str) -> None:
    page = world.anyone.get(f"/c/{code}?on=2026-03-01&known_at=2026-03-15").text
    assert '<section class="panel suspended"' in page
    known = page[page.index('id="known"') : page.index('id="facts"')]
    assert "<strong>Valid</strong>" in known
    assert "in force from" in known
    assert 'datetime="2026-02-20"' in known
    assert 'datetime="2026-04-02"' in known
    assert f"/c/{code}?on=2026-03-01&amp;known_at=2026-03-15T23:59:59Z</bdi>" in page
    assert "Not on record then" in world.anyone.get(f"/c/{code}?known_at=2026-01-01").text
    assert 'id="known"' not in world.anyone.get(f"/c/{code}").text


def test_a_confirmation_that_came_later_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    days = Days(monkeypatch)
    factory_id = world.a_factory()
    owner = world.run_by(factory_id)
    declared = world.certificate_body(factory_id, certifier="Sureseal", valid_to="2026-02-28")
    code = owner("POST", "/internal/v1/certificates", declared).ok().json["code"]
    days.on("2026-03-03")
    assert world.a_certificate(factory_id) == code
    days.on("2026-03-04")
    then = world.anyone.get(f"/v1/certificates/{code}?on=2026-02-01&known_at=2026-02-01").json
    assert (then["status"], then["confirmed_by_certifier"]) == ("valid", False)
    assert then["known_now"]["confirmed_by_certifier"] is True
    assert then["known_now"]["confirmed_at"] == "2026-03-03T09:00:00Z"
    page = world.anyone.get(f"/c/{code}?on=2026-02-01&known_at=2026-02-01").text
    assert "The certifier confirmed it on" in page
    assert "Declared valid" in page


def test_a_whole_list_by_what_was_known(world: World, code: str) -> None:
    asked = {"numbers": [code, "CU 123 456", "nobody 1"], "on": "2026-03-01"}
    answer = world.anyone("POST", "/v1/verify", {**asked, "known_at": "2026-03-15"}).ok().json
    assert [each["status"] for each in answer["results"]] == ["valid", "valid", "unknown"]
    assert answer["known_at"] == "2026-03-15T23:59:59Z"
    assert world.anyone("POST", "/v1/verify", asked).json["results"][0]["status"] == "suspended"
    before = world.anyone("POST", "/v1/verify", {**asked, "known_at": "2026-01-01"}).json
    assert {each["status"] for each in before["results"]} == {"unknown"}
    csv = world.anyone(
        "POST",
        "/v1/verify?on=2026-03-01&known_at=2026-03-15",
        code.encode(),
        Content_Type="text/csv",
        Accept="text/csv",
    ).text
    assert ",valid," in csv
    assert ",2026-03-15T23:59:59Z," in csv
    form = f"numbers={code}&on=2026-03-01&known_at=2026-03-15".encode()
    page = world.anyone("POST", "/verify", form, Content_Type="application/x-www-form-urlencoded").ok().text
    assert "This is what was known at" in page
    assert 'value="2026-03-15"' in page
    late = world.anyone(
        "POST", "/verify", form.replace(b"03-15", b"12-31"), Content_Type="application/x-www-form-urlencoded"
    )
    assert (late.status, 'value="2026-12-31"' in late.text) == (400, True)


def test_a_row_counts_from_when_it_is_written_and_not_from_when_its_batch_came(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = Days(monkeypatch)
    codes = [world.a_certificate(world.a_factory(f"S-{number}"), number=f"B {number}") for number in range(2)]
    days.on("2026-04-02")
    change, answered = certificates.change_standing, []

    def slowly(code: str, *arguments: Any) -> Any:
        days.passes(10)
        answered.append(world.anyone.get(f"/v1/certificates/{code}").json["status"])
        days.passes(10)
        return change(code, *arguments)

    monkeypatch.setattr(certificates, "change_standing", slowly)
    rows = [{"code": code, "standing": "withdrawn", "reason": "Fraud"} for code in codes]
    world.certifier("POST", "/internal/v1/certificates/batch", {"rows": rows}).ok()
    assert answered == ["valid", "valid"]
    for code, asked, written in ((codes[0], "10", "20"), (codes[1], "30", "40")):
        answer = world.anyone.get(f"/v1/certificates/{code}?known_at=2026-04-02T09:00:{asked}Z").ok().json
        assert (answer["status"], answer["known_now"]["status"]) == ("valid", "withdrawn")
        assert answer["history"][-1]["recorded_at"] == f"2026-04-02T09:00:{written}Z"


def test_a_statement_that_others_overtook_counts_from_when_it_is_written_after_theirs(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = Days(monkeypatch)
    code = world.a_certificate(world.a_factory())
    path, commit = f"/internal/v1/certificates/{code}/standing", factories.commit

    def overtaken(*arguments: Any) -> Any:
        monkeypatch.setattr(factories, "commit", commit)
        days.passes(10)
        world.certifier("POST", path, {"standing": "suspended", "reason": "Wages"}).ok()
        days.passes(10)
        return commit(*arguments)

    monkeypatch.setattr(factories, "commit", overtaken)
    world.certifier("POST", path, {"standing": "withdrawn", "reason": "Fraud"}).ok()
    history = world.anyone.get(f"/v1/certificates/{code}").ok().json["history"]
    assert [each["recorded_at"][-10:] for each in history] == ["T09:00:00Z", "T09:00:10Z", "T09:00:20Z"]
    assert [each["reason"] for each in history[1:]] == ["Wages", "Fraud"]
    then = world.anyone.get(f"/v1/certificates/{code}?known_at=2026-01-10T09:00:19Z").ok().json
    assert (then["status"], then["known_now"]["status"]) == ("suspended", "withdrawn")


def test_the_day_of_a_question_is_free_of_the_day_of_its_knowledge(world: World, code: str) -> None:
    before = (clock.today() - timedelta(days=400)).isoformat()
    assert world.anyone.get(f"/v1/certificates/{code}?on=2098-01-01&known_at=2026-03-15").json["status"] == "valid"
    assert world.anyone.get(f"/v1/certificates/{code}?on={before}").json["status"] == "not_yet_valid"
