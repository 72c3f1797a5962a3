"""A factory's record: its fields, whose word shows, its links, invitations, and what is erased of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain import erasure, fields, linking
from chalicelib.domain.errors import Conflict, Malformed, NotFound
from chalicelib.domain.factory import Factory, IcsStatement, Link, Said, Source, State, merge_patch
from chalicelib.domain.fields import clean_fields
from chalicelib.domain.invitation import Invitation, days_due, state_at

TODAY = date(2026, 5, 5)
FACTORY, MEMBER = Source.FACTORY, Source.MEMBER


# --- Fields


def refused(name: str, value: Any) -> str:
    with pytest.raises(Malformed) as caught:
        fields.FIELDS[name](value)
    return str(caught.value.detail)


LONGEST = f"{'a' * 64}@{('b' * 61 + '.') * 3}com"


@pytest.mark.parametrize(
    ("name", "value", "cleaned"),
    [
        ("country", "BD", "BD"),
        ("contact_email", "Me@EXAMPLE.com", "Me@example.com"),
        ("contact_email", LONGEST, LONGEST),
        ("aliases", ["b", " a ", "b"], ["b", "a"]),
        ("aliases", [str(number) for number in range(30)], [str(number) for number in range(30)]),
        ("coordinates", {"latitude": -90, "longitude": 180}, {"latitude": -90.0, "longitude": 180.0}),
        ("coordinates", {"latitude": 90, "longitude": -180}, {"latitude": 90.0, "longitude": -180.0}),
        (
            "coordinates",
            {"latitude": 1.123456, "longitude": 2.000004},
            {"latitude": 1.12346, "longitude": 2.0},
        ),
        ("workforce", "1-50", "1-50"),
        ("languages", ["bn", "zh-Hant-CNX"], ["bn", "zh-Hant-CNX"]),
        ("descriptions", {"en": "one\ntwo", "bn": "x" * 1000}, {"bn": "x" * 1000, "en": "one\ntwo"}),
        ("descriptions", {f"x{number:02}": "a" for number in range(30)}, {f"x{n:02}": "a" for n in range(30)}),
        ("name", " Mill  Co ", "Mill Co"),
        ("gln", "4006381333931", "4006381333931"),
    ],
)
def test_a_field_is_kept_in_its_clean_form(name: str, value: Any, cleaned: Any) -> None:
    found = fields.FIELDS[name](value)
    assert found == cleaned
    if isinstance(cleaned, dict):
        assert list(found) == list(cleaned)
        assert [type(each) for each in found.values()] == [type(each) for each in cleaned.values()]


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("country", ["XX", "bd", 5, None], "must be an ISO 3166-1 alpha-2 country code in capitals, such as BD"),
        ("contact_email", [5, "a" + LONGEST], "must be an e-mail address"),
        ("contact_email", ["me"], "must be an e-mail address such as name@example.com"),
        ("aliases", ["a", ("a",), [str(number) for number in range(31)]], "must be a list of at most 30"),
        (
            "coordinates",
            [5, {"latitude": 1}, {"latitude": 1, "longitude": 2, "height": 3}],
            'must be {"latitude": …, "longitude": …} in degrees',
        ),
        (
            "coordinates",
            [{"latitude": bad, "longitude": 0} for bad in (True, "1", 90.1, -90.1)],
            "latitude must be a number of degrees between -90 and 90",
        ),
        (
            "coordinates",
            [{"latitude": 0, "longitude": bad} for bad in (None, 180.1, -180.1)],
            "longitude must be a number of degrees between -180 and 180",
        ),
        ("workforce", ["7", 7], "must be one of 1-50, 51-200, 201-500, 501-1000, 1001-5000, 5001+"),
        ("languages", [[5], ["b"], ["zh-Hant-CNXY"], ["e_n"], ["--"]], "must be a BCP 47 language tag such as bn"),
        (
            "descriptions",
            [5, {f"x{number:02}": "a" for number in range(31)}],
            'must map language tags to texts: {"en": "…", "bn": "…"}',
        ),
        ("descriptions", [{"en": "x" * 1001}], "is longer than 1000 characters"),
        ("name", ["x" * 201], "is longer than 200 characters"),
        ("gln", [5], "must be text of 13 digits"),
    ],
)
def test_what_is_wrong_with_a_field_is_said(name: str, values: list[Any], said: str) -> None:
    assert {refused(name, value) for value in values} == {said}


def test_a_list_has_each_of_its_entries_once_and_thirty_at_the_most() -> None:
    clean = fields._list_of(fields.clean_country)
    assert clean(["BD", "TR", "BD"]) == ["BD", "TR"]
    assert clean(["BD"] * 30) == ["BD"]
    for wrong in (["BD"] * 31, ("BD",), "BD"):
        with pytest.raises(Malformed, match="must be a list of at most 30"):
            clean(wrong)


def test_an_e_mail_address_is_looked_up_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_up(*_given: object, **_named: object) -> None:
        raise AssertionError("was looked up")

    monkeypatch.setattr("email_validator.deliverability.validate_email_deliverability", looked_up)
    assert fields.clean_email("me@example.com") == "me@example.com"


def faults(given: dict[str, Any], **options: Any) -> list[tuple[str, str]]:
    return [(fault.pointer, str(fault.detail)) for fault in clean_fields(given, "/factory", **options)[1]]


def test_every_fault_of_a_record_is_told_with_its_place() -> None:
    given = {"a/b~c": 1, "city": "", "region": "Dhaka"}
    assert clean_fields(given, "/factory", required=["name"])[0] == {"region": "Dhaka"}
    assert faults(given, required=["name", "region"]) == [
        ("/factory/name", "is missing"),
        ("/factory/a~1b~0c", "is not a field of a factory"),
        ("/factory/city", "must not be empty"),
    ]
    assert fields.escaped("/" * 60) == "~1" * 50


def test_a_field_is_taken_back_by_null_where_that_is_allowed_and_never_the_name() -> None:
    nothing = {"city": None, "name": None, "country": None}
    assert clean_fields(nothing, "", removable=True)[0] == {"city": None}
    assert [pointer for pointer, _ in faults(nothing, removable=True)] == ["/factory/name", "/factory/country"]
    assert len(faults(nothing)) == 3


def test_nothing_in_a_list_is_something_but_of_a_field_that_has_to_be_there() -> None:
    assert clean_fields({"aliases": [], "descriptions": {}, "city": []}, "") == (
        {"aliases": [], "descriptions": {}, "city": []},
        [],
    )
    assert faults({"name": []}, required=["name"]) == [("/factory/name", "must be text")]


# --- Whose word shows

ICS = IcsStatement(1, "2026-01-02", {"name": "Mill", "city": "Dhaka", "region": ""}, erased=("city",))
HELD = Factory("BD1", ics=ICS, own={"city": Said("Gazipur", FACTORY, "2026-02-02")})


def test_the_factory_s_own_word_shows_and_else_that_of_ics() -> None:
    assert HELD.said("city") == Said("Gazipur", FACTORY, "2026-02-02")
    assert HELD.said("name") == Said("Mill", Source.ICS_AUDIT, "2026-01-02")
    assert HELD.said("address") is None
    assert (HELD.value("city"), HELD.value("name"), HELD.value("address")) == ("Gazipur", "Mill", None)
    assert (HELD.value_of_ics("city"), HELD.value_of_ics("address")) == ("Dhaka", None)
    assert HELD.known_fields == ("city", "name")
    alone = Factory("BD1")
    assert (alone.said("name"), alone.value_of_ics("name"), alone.known_fields) == (None, None, ())
    assert ICS.kept({"city": "Dhaka", "name": "Mill"}) == {"name": "Mill"}


def test_a_patch_changes_what_differs_and_takes_back_what_is_null() -> None:
    patch = {"city": None, "address": None, "name": "Mill", "region": "Dhaka"}
    assert merge_patch(HELD, patch, TODAY) == replace(HELD, own={"region": Said("Dhaka", FACTORY, "2026-05-05")})


def test_buyers_write_to_a_factory_that_somebody_runs_and_that_wants_letters() -> None:
    open_to_all = replace(HELD, claimed=True, published=True)
    assert open_to_all.writable
    for changes in ({"claimed": False}, {"relay": False}, {"published": False}, {"state": State.CLOSED}):
        assert not replace(open_to_all, **changes).writable  # type: ignore[arg-type]


# --- Links

LINK = Link(Source.ICS_AUDIT, "2026-01-02", factory_agrees=True, member_agrees=True)
ENDED = replace(LINK, factory_agrees=False, member_agrees=False, ended="2026-05-05", ended_by=FACTORY)


def test_each_side_agrees_for_itself_and_the_factory_says_by_that_that_there_is_a_link() -> None:
    fresh = Link(MEMBER, "2026-01-02")
    assert linking.agreed(fresh, FACTORY, True) == replace(fresh, factory_agrees=True, confirmed=True)
    assert linking.agreed(LINK, FACTORY, False) == replace(LINK, factory_agrees=False, confirmed=True)
    assert linking.agreed(fresh, MEMBER, True) == replace(fresh, member_agrees=True)


def test_hiding_says_nothing_else_and_another_record_begins_with_nobodys_agreement() -> None:
    shown = replace(LINK, factory_agrees=True, member_agrees=True, confirmed=False)
    assert linking.hidden(shown, FACTORY) == replace(shown, factory_agrees=False)
    assert linking.hidden(shown, MEMBER) == replace(shown, member_agrees=False)
    begun = replace(shown, source=FACTORY, factory_agrees=False, member_agrees=False)
    assert linking.for_another(replace(shown, source=MEMBER)) == begun


def test_a_merged_record_takes_no_word_on_a_link_but_that_it_shall_not_show() -> None:
    known, merged = replace(LINK, confirmed=True), Factory("F-1", state=State.MERGED, successor="BD1SW0HXR0ZW")
    linking.refuse_anew(merged, known, False)
    unconfirmed, over = replace(LINK, confirmed=False), replace(ENDED, confirmed=True)
    for link, public in ((known, True), (unconfirmed, False), (over, False)):
        with pytest.raises(Conflict, match="This record was merged into"):
            linking.refuse_anew(merged, link, public)
        linking.refuse_anew(Factory("F-1"), link, public)


def test_a_link_that_ended_is_public_no_more_and_says_who_ended_it() -> None:
    assert linking.ended(LINK, FACTORY, TODAY) == ENDED
    for none in (None, ENDED):
        with pytest.raises(NotFound):
            linking.ended(none, FACTORY, TODAY)


def test_a_link_is_taken_up_by_who_ended_it() -> None:
    assert linking.standing(LINK, MEMBER, TODAY) is LINK
    later = date(2026, 6, 6)
    assert linking.standing(ENDED, FACTORY, later) == replace(ENDED, ended=None, ended_by=None, since="2026-06-06")
    with pytest.raises(Conflict, match="The factory ended this link"):
        linking.standing(ENDED, MEMBER, later)
    with pytest.raises(Conflict, match="The brand ended this link"):
        linking.standing(replace(ENDED, ended_by=MEMBER), FACTORY, later)


# --- Invitations

END = datetime(2026, 5, 15, 12, tzinfo=UTC)
OPEN = Invitation(
    "i", "maison", "me@example.com", "en", None, "Mill", "BD", "pending", "x", "sent", "2026-05-01", END.isoformat()
)


def test_a_pending_invitation_runs_out_at_its_end() -> None:
    assert state_at("pending", END.isoformat(), END - timedelta(seconds=1)) == "pending"
    assert state_at("pending", END.isoformat(), END) == "expired"
    assert state_at("accepted", END.isoformat(), END) == "accepted"
    assert OPEN.state_at(END) == "expired"
    assert replace(OPEN, state="withdrawn").state_at(END) == "withdrawn"


def test_reminders_are_due_after_five_days_and_two_before_the_end_and_a_mail_that_waits_at_once() -> None:
    assert [replace(OPEN, reminders=sent).due for sent in range(3)] == [date(2026, 5, 6), date(2026, 5, 13), None]
    assert replace(OPEN, mail="queued").due == date(2026, 5, 1)
    assert replace(OPEN, state="accepted").due is None
    assert days_due(date(2026, 5, 17)) == [date(2026, 5, 17) - timedelta(days=ago) for ago in range(16)]


def test_a_mail_is_sent_on_its_day_while_the_invitation_is_open() -> None:
    day = datetime(2026, 5, 6, tzinfo=UTC)
    assert OPEN.is_due(day)
    assert not OPEN.is_due(day - timedelta(seconds=1))
    assert OPEN.is_due(END - timedelta(seconds=1))
    assert not OPEN.is_due(END)
    assert not replace(OPEN, reminders=2).is_due(day)
    waiting = replace(OPEN, mail="queued", queued_at=day.isoformat())
    assert waiting.is_due(day + timedelta(minutes=10))
    assert not waiting.is_due(day + timedelta(minutes=10, seconds=-1))


# --- What is erased

PERSON = {"contact_name": "Ann", "contact_email": "ann@example.com", "contact_phone": "1"}


def own(**said: str) -> dict[str, Said]:
    return {name: Said(value, FACTORY, "2026-02-02") for name, value in said.items()}


def record(mine: dict[str, str], of_ics: dict[str, str] | None) -> Factory:
    ics = None if of_ics is None else IcsStatement(1, "2026-01-02", of_ics, erased=("gln",))
    return Factory("BD1", own=own(**mine), ics=ics)


BOTH = record({"city": "Dhaka", **PERSON}, {"name": "Mill", "contact_email": "ics@example.com", "contact_name": "Bo"})


def test_the_contact_of_each_source_is_known_by_its_address() -> None:
    assert erasure.contact_addresses(BOTH) == ["ann@example.com", "ics@example.com"]
    assert erasure.contact_addresses(record({}, None)) == []
    assert erasure.contact_addresses(record({"contact_email": ""}, {"contact_email": "a@example.com"})) == [
        "a@example.com"
    ]
    assert erasure.contact_names(BOTH, lambda _: True) == ["Ann", "Bo"]
    assert erasure.contact_names(BOTH, lambda address: address == "ics@example.com") == ["Bo"]
    assert erasure.contact_names(record({"contact_name": ""}, None), lambda _: True) == []
    assert erasure.contact_names(record({"contact_name": "Ann"}, None), lambda address: address is None) == ["Ann"]


def test_all_contact_data_are_erased_and_all_else_stays() -> None:
    erased = ("contact_email", "contact_name", "contact_phone", "gln")
    assert erasure.without_contact(BOTH) == Factory(
        "BD1", own=own(city="Dhaka"), ics=IcsStatement(1, "2026-01-02", {"name": "Mill"}, erased=erased)
    )


def test_only_the_contact_that_is_meant_is_erased() -> None:
    mine = erasure.without_contact(BOTH, lambda address: address == "ann@example.com")
    assert mine == replace(BOTH, own=own(city="Dhaka"))
    of_ics = erasure.without_contact(BOTH, lambda address: address == "ics@example.com")
    assert of_ics.own == BOTH.own
    assert of_ics.ics is not None
    assert dict(of_ics.ics.fields) == {"name": "Mill"}


def test_a_source_without_an_address_may_be_meant_by_that_it_has_none() -> None:
    nameless = record({"contact_name": "Ann"}, {"name": "Mill"})
    assert erasure.without_contact(nameless, lambda address: address is None) == replace(nameless, own={})
    assert erasure.without_contact(record({}, None)) == record({}, None)


def test_what_a_source_without_an_address_said_of_the_contact_goes_with_the_address_of_the_other() -> None:
    ann, mill = {"contact_name": "Ann", "contact_phone": "1"}, {"name": "Mill"}
    for shown in (
        record({"city": "Dhaka", **ann}, {**mill, "contact_email": "a@example.com", "contact_name": "An"}),
        record({"city": "Dhaka", "contact_email": "a@example.com"}, {**mill, **ann}),
        record({"city": "Dhaka", "contact_email": "", **ann}, {**mill, "contact_email": "a@example.com"}),
    ):
        erased = erasure.without_contact(shown, lambda address: address == "a@example.com")
        assert erased.own == own(city="Dhaka")
        assert erased.ics is not None
        assert dict(erased.ics.fields) == mill
        assert erased.ics.erased == ("contact_email", "contact_name", "contact_phone", "gln")
        assert erasure.without_contact(shown, lambda address: address == "other@example.com") == shown
        assert erasure.without_contact(shown, lambda address: address is None) == shown


def test_a_name_that_a_source_gave_without_an_address_is_of_the_contact_with_the_address_of_the_other() -> None:
    mine = record({"contact_name": "Ann"}, {"contact_email": "a@example.com", "contact_name": "An"})
    assert erasure.contact_names(mine, lambda address: address == "a@example.com") == ["Ann", "An"]
    of_ics = record({"contact_email": "a@example.com"}, {"contact_name": "Bo"})
    assert erasure.contact_names(of_ics, lambda address: address == "a@example.com") == ["Bo"]
    assert erasure.contact_names(of_ics, lambda address: address is None) == []
    assert erasure.contact_names(BOTH, lambda address: address == "ann@example.com") == ["Ann"]
