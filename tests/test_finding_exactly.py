"""What a list holds of a factory, and whom a question admits: every member of a card, every edge of a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain import finding
from chalicelib.domain.certificate import Standing, StandingChange
from chalicelib.domain.finding import Entries, Term, Wish
from tests.published import CERTIFICATE, FACTORY, FACTORY_ID

TODAY = date(2026, 5, 5)
FIRST, LAST = date(2026, 1, 1), date(2099, 12, 31)


def said(*standings: str) -> tuple[StandingChange, ...]:
    return tuple(StandingChange(Standing(each), "why", FIRST, "2026-01-01T00:00:00Z") for each in standings)


FIELDS = {
    "name": "Meghna Textile Ltd.",
    "local_name": "Padma",
    "aliases": [f"Alias{letter}" for letter in "abcdefgh"],
    "country": "BD",
    "city": "Gazipur",
    "product_categories": [str(number) for number in range(9)],
}
PAGE = replace(FACTORY, fields=FIELDS, state="moved", state_since="2026-02-02", successor="BD2")
CARD = finding.card(PAGE)


def test_a_card_has_what_a_list_shows_and_what_tells_whether_it_was_asked_for() -> None:
    aliases = [f"alias{letter}" for letter in "abcdefgh"]
    assert finding.card(PAGE) == {
        "factory_id": FACTORY_ID,
        "name": "Meghna Textile Ltd.",
        "local_name": "Padma",
        "aliases": [f"Alias{letter}" for letter in "abcdef"],
        "country": "BD",
        "city": "Gazipur",
        "state": "moved",
        "state_since": "2026-02-02",
        "successor": "BD2",
        "product_categories": [str(number) for number in range(9)],
        "certificates": [["gots", "2026-01-01", "2099-12-31", 1, []]],
        "words": " ".join(["meghna", "textile", "padma", *aliases, "gazipur"]),
    }
    bare = finding.card(replace(FACTORY, fields={"name": "Mill", "country": "BD"}))
    assert (bare["local_name"], bare["aliases"], bare["city"], bare["product_categories"]) == (None, [], None, [])
    assert bare["words"] == "mill"


def test_a_factory_is_listed_under_its_words_the_telling_ones_first_and_under_so_many_at_the_most() -> None:
    aliases = [f"alias{letter}" for letter in "abcdefgh"]
    found = finding.entries(
        replace(PAGE, certificates=(CERTIFICATE, CERTIFICATE, replace(CERTIFICATE, standard_id="b")))
    )
    assert found == Entries(
        ("meghna", "padma", *aliases, "textile"),
        ("meghna", "padma", *aliases[:6]),
        tuple(str(number) for number in range(8)),
        ("gots", "b"),
    )
    bare = replace(FACTORY, fields={"name": "Mill", "country": "BD"}, certificates=())
    assert finding.entries(bare) == Entries(("mill",), (), (), ())
    many = " ".join(f"word{first}{second}" for first in "abcde" for second in "abcde")
    assert len(finding.entries(replace(PAGE, fields={**FIELDS, "name": many})).words) == 22
    nine = tuple(replace(CERTIFICATE, standard_id=str(number)) for number in range(9))
    assert len(finding.entries(replace(PAGE, certificates=nine)).standards) == 8


@pytest.mark.parametrize(
    ("name", "stands"),
    [("S.T. Screen & Prints", "s t screen prints"), ("Él#ève", "el eve"), ("x" * 41, "x" * 40), ("3M", "3m")],
)
def test_a_factory_stands_in_a_list_by_its_letters(name: str, stands: str) -> None:
    assert finding.sort_name(replace(FACTORY, fields={"name": name, "country": "BD"})) == stands


@pytest.mark.parametrize(
    ("standings", "written"),
    [
        ((), []),
        (("active",), []),
        (("suspended",), [["suspended", "2026-01-01"]]),
        (("active", "active"), [["active", "2026-01-01"], ["active", "2026-01-01"]]),
    ],
)
def test_what_a_certifier_said_is_on_the_card_but_for_that_it_confirmed(
    standings: tuple[str, ...], written: list[Any]
) -> None:
    each = replace(CERTIFICATE, confirmed=False, history=said(*standings))
    card = finding.card(replace(FACTORY, certificates=(each,)))
    assert card["certificates"] == [["gots", "2026-01-01", "2099-12-31", 0, written]]
    history = tuple(replace(change, reason="", recorded="") for change in said(*standings)) if written else ()
    assert finding.terms(card) == [Term("gots", FIRST, LAST, False, history)]


def test_a_certificate_holds_if_it_is_confirmed_and_valid() -> None:
    term = Term("gots", FIRST, LAST, True, ())
    assert finding.holds(term, TODAY)
    assert not finding.holds(replace(term, confirmed=False), TODAY)
    assert not finding.holds(term, date(2025, 12, 31))


def test_the_most_telling_word_is_looked_up_first() -> None:
    assert Wish(("textiles", "padma", "meghna", "padma")).words == ["meghna", "padma", "textile"]
    assert (Wish().is_open, Wish(valid=True).is_open) == (True, False)
    assert finding.asked("One two one " + " ".join("abcdefghijk"[at] * 3 for at in range(11))) == (
        "one",
        "two",
        *(letter * 3 for letter in "abcdefgh"),
    )


ENDED = {**CARD, "certificates": [["gots", "2026-01-01", "2026-05-04", 1, []]]}


@pytest.mark.parametrize(
    ("wish", "card", "fits"),
    [
        (Wish(), CARD, True),
        (Wish(("meghna", "textiles")), CARD, True),
        (Wish(("meghna", "silk")), CARD, False),
        (Wish(("meghna", "silk")), {**CARD, "words": "silk meghna"}, True),
        (Wish(country="BD"), CARD, True),
        (Wish(country="TR"), CARD, False),
        (Wish(category="3"), CARD, True),
        (Wish(category="x"), CARD, False),
        (Wish(standard="gots"), ENDED, True),
        (Wish(standard="other"), CARD, False),
        (Wish(valid=True), CARD, True),
        (Wish(valid=True), ENDED, False),
        (Wish(standard="gots", valid=True), CARD, True),
        (Wish(standard="gots", valid=True), ENDED, False),
        (Wish(("meghna",), country="TR"), CARD, False),
    ],
)
def test_a_question_admits_who_has_all_that_is_asked(wish: Wish, card: dict[str, Any], fits: bool) -> None:
    assert wish.admits(card, TODAY) is fits
    assert wish.nearly_admits(card, TODAY) is fits


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        (("megnha",), True),
        (("padma", "meg"), True),  # the last word is unfinished
        (("meg", "padma"), False),
        (("me",), False),  # too short a beginning
        (("limitted", "padma"), True),
        (("zzz",), False),
    ],
)
def test_a_slip_and_an_unfinished_last_word_are_forgiven(typed: tuple[str, ...], fits: bool) -> None:
    assert Wish(typed).nearly_admits(CARD, TODAY) is fits
    assert not Wish(typed, country="TR").nearly_admits(CARD, TODAY)


def test_the_alias_under_which_a_factory_was_found_is_told() -> None:
    assert finding.also_known(CARD, Wish(("aliasb", "meghna"))) == "Aliasb"
    for shown in (("meghna",), ("padma",), ("gazipur",)):
        assert finding.also_known(CARD, Wish(shown)) is None
    assert finding.also_known(CARD, Wish(("aliash",))) is None
    bare = {**CARD, "local_name": None, "city": None}
    assert finding.also_known(bare, Wish(("meghna",))) is None
    assert finding.also_known({**bare, "aliases": ["Xxxx"]}, Wish(("xxxx",))) == "Xxxx"
