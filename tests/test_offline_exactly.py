"""Codes that can be checked without a network: every claim, and how much of a text fits."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.domain import cose, jws, offline
from chalicelib.domain.certificate import Standing, StandingChange
from tests.published import CERTIFICATE, CODE, FACTORY, FACTORY_ID, NAME

HERE = "https://id.example"


def change(standing: str, day: str) -> StandingChange:
    return StandingChange(Standing(standing), "", date.fromisoformat(day), f"{day}T00:00:00Z")


GDTI = "9521234543213ABC-1"


def code_of(base_url: str = HERE, **changes: Any) -> offline.Code:
    code = offline.of_certificate(replace(CERTIFICATE, **changes), base_url)
    assert code is not None
    return code


def signed_length(code: offline.Code, base_url: str) -> int:
    claims = code.said(datetime(2026, 11, 1, tzinfo=UTC))
    header = cose.protected(jws.base64url(bytes(range(32))))
    return len(code.address(base_url, cose.base32(cose.sign1(header, claims, bytes(range(64))))))


def test_a_code_holds_the_holder_the_days_the_standard_and_the_scope() -> None:
    code = code_of()
    assert code == offline.Code(
        f"C/{CODE}",
        {2: FACTORY_ID, 4: 4102444800, 5: 1767225600, -65537: ["gots", "Knitting, dyeing, sewing"]},
    )
    assert code.said(datetime(2026, 11, 1, 0, 0, 1, 900000, tzinfo=UTC)) == {**code.claims, 6: 1793491201}
    assert code.bound == f"C/{CODE}"


@pytest.mark.parametrize(
    ("gdti", "tail", "bound"),
    [
        (GDTI, f"253/{GDTI}", f"(253){GDTI}"),
        ("9521234543213abc", f"C/{CODE}", f"C/{CODE}"),
        ("", f"C/{CODE}", f"C/{CODE}"),
    ],
)
def test_a_code_is_bound_to_the_number_of_the_document_if_it_can_hold_it(gdti: str, tail: str, bound: str) -> None:
    code = code_of(gdti=gdti)
    assert (code.tail, code.bound) == (tail, bound)


@pytest.mark.parametrize(
    ("base_url", "wanted"),
    [
        ("https://id.example", "HTTPS://ID.EXAMPLE/S/ToKeN/F/1"),
        ("https://id.example/", "HTTPS://ID.EXAMPLE/S/ToKeN/F/1"),
        ("https://id.eX", "HTTPS://ID.EX/S/ToKeN/F/1"),
        ("https://id.example/eu-X", "https://id.example/eu-X/s/ToKeN/F/1"),
        ("https://id.example/eu-X/", "https://id.example/eu-X/s/ToKeN/F/1"),
    ],
)
def test_an_address_is_in_capitals_unless_the_service_is_below_a_path(base_url: str, wanted: str) -> None:
    assert offline.Code("F/1", {}).address(base_url, "ToKeN") == wanted


def test_a_day_begins_at_midnight_in_utc_wherever_the_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        monkeypatch.setenv("TZ", "DHAKA-6")
        time.tzset()
        assert code_of().claims[5] == 1767225600
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_code_of_a_factory_says_what_it_is_called_while_it_is_open() -> None:
    code = offline.Code(f"F/{FACTORY_ID}", {2: FACTORY_ID, -65537: [NAME]})
    assert offline.of_factory(FACTORY, HERE) == code
    assert offline.of_factory(replace(FACTORY, state="closed"), HERE) is None


def test_a_text_is_whole_if_it_fits_to_the_last_sign() -> None:
    room = offline.MOST_SIGNS - signed_length(code_of(), HERE)
    longest = f"https://{'h' * room}id.example"
    code = code_of(longest)
    assert signed_length(code, longest) == offline.MOST_SIGNS
    assert code.claims[offline.ABOUT][1] == CERTIFICATE.scope
    one_more = code_of(longest.replace("id.", "idd.")).claims[offline.ABOUT][1]
    assert one_more == "Knitting, dyeing, se…"  # what stands for the rest is three bytes long itself


@pytest.mark.parametrize("length", [300, 301])
def test_what_does_not_fit_is_cut_as_late_as_it_can_be_and_not_behind_a_comma(length: int) -> None:
    scope = ("abcdefghij" * 31)[:length]
    code = code_of(scope=scope)
    told = code.claims[offline.ABOUT][1]
    kept = len(told) - 1
    assert (told, signed_length(code, HERE) <= offline.MOST_SIGNS) == (scope[:kept] + "…", True)
    more = replace(code, claims={**code.claims, offline.ABOUT: ["gots", scope[: kept + 1] + "…"]})
    assert signed_length(more, HERE) > offline.MOST_SIGNS
    comma = code_of(scope=f"X{scope[1 : kept - 3]} ,;{scope}")
    assert comma.claims[offline.ABOUT][1] == f"X{scope[1 : kept - 3]}…"
    capital = code_of(scope=f"{scope[: kept - 1]}X{scope}")
    assert capital.claims[offline.ABOUT][1] == f"{scope[: kept - 1]}X…"


def test_where_nothing_fits_a_code_says_that_all_was_cut() -> None:
    endless = f"https://{'h' * 400}.example"
    assert code_of(endless).claims[offline.ABOUT] == ["gots", "…"]
    assert code_of(endless, scope="").claims[offline.ABOUT] == ["gots", ""]


@pytest.mark.parametrize(
    ("history", "has_one"),
    [
        ((), True),
        ((("suspended", "2026-11-22"),), False),
        ((("suspended", "2026-11-22"), ("active", "2026-11-22")), True),
        ((("suspended", "2026-06-01"), ("active", "2026-07-01")), True),
        ((("active", "2026-06-01"), ("withdrawn", "2026-11-23")), False),
        ((("suspended", "2026-11-23"), ("active", "2026-11-22")), True),
        ((("active", "2026-11-23"), ("suspended", "2026-11-21")), False),
    ],
)
def test_a_certificate_has_a_code_while_it_stands_by_what_was_said_last(
    history: tuple[Any, ...], has_one: bool
) -> None:
    page = replace(CERTIFICATE, history=tuple(change(*each) for each in history))
    assert (offline.of_certificate(page, HERE) is not None) is has_one
    assert offline.of_certificate(replace(page, confirmed=False), HERE) is None
