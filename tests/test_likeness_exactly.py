"""What makes two records likely to be one factory: each reason, how far apart, and in which order they are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain import likeness
from chalicelib.domain.likeness import Described, Likely, Reason, compared, names_alike
from tests.published import FACTORY, NAME

HERE = {"latitude": 24.0, "longitude": 90.0}
KOLMILATA = Described(("Kolmilata Knit Ltd.",), "BD", "Gazipur", "17 Mill Road", "S-17", "4006381333931", HERE)


def test_what_is_known_of_a_factory_is_read_off_its_page() -> None:
    fields = {
        "name": "Mill",
        "local_name": "মিল",
        "aliases": ["Old Mill", ""],
        "country": "BD",
        "city": "Dhaka",
        "address": "17 Mill Road",
        "gln": "4006381333931",
        "coordinates": HERE,
    }
    told = Described(("Mill", "মিল", "Old Mill"), "BD", "Dhaka", "17 Mill Road", "", "4006381333931", HERE)
    assert Described.of_fields(fields) == told
    assert Described.of_fields(fields, "S-17") == replace(told, site="S-17")
    assert Described.of_fields({}) == Described()
    assert Described.of(FACTORY, "S-17") == Described((NAME,), "BD", "Gazipur", site="S-17")
    assert Described.of(FACTORY).site == ""


def test_a_likeness_is_told_with_all_its_reasons_the_strongest_first() -> None:
    (found,) = compared(KOLMILATA, {"BD1": KOLMILATA})
    reasons = (
        Reason.SAME_SITE,
        Reason.SAME_GLN,
        Reason.SAME_NAME,
        Reason.NEAR,
        Reason.ADDRESS_ALIKE,
        Reason.SAME_CITY,
        Reason.SAME_COUNTRY,
    )
    assert found == Likely("BD1", "Kolmilata Knit Ltd.", "BD", "Gazipur", reasons, 0)
    assert found.weight == 100 + 90 + 50 + 25 + 20 + 8 + 5
    (nameless,) = compared(KOLMILATA, {"BD1": Described(site="S-17")})
    assert nameless == Likely("BD1", "", "", "", (Reason.SAME_SITE,))
    assert compared(Described(), {"BD1": Described()}) == []


def test_the_likeliest_ten_are_told_by_weight_then_by_name_then_by_id() -> None:
    alike = Described(("Kolmilata",), "BD")
    candidates = {f"BD{number}": alike for number in range(9, -1, -1)}
    candidates |= {"BDX": Described(("Aaa",), gln="4006381333931"), "BDY": Described(("Kolmilata",))}
    found = [each.factory_id for each in compared(replace(alike, gln="4006381333931"), candidates)]
    assert found == ["BDX", *(f"BD{number}" for number in range(9))]
    one_edit = Described(("Kolmilato",))
    assert [each.weight for each in compared(alike, {"BD1": one_edit})] == [30]


@pytest.mark.parametrize(
    ("there", "metres", "near"),
    [
        ({"latitude": 24.0, "longitude": 90.0}, 0, True),
        ({"latitude": 24.004, "longitude": 90.0}, 445, True),
        ({"latitude": 24.004497, "longitude": 90.0}, 500, True),
        ({"latitude": 24.0, "longitude": 90.005}, 508, False),
        ({"latitude": 54.0, "longitude": 90.0}, 3_335_848, False),
        ({"latitude": -24.0, "longitude": -90.0}, 20_015_087, False),
        (None, None, False),
    ],
)
def test_the_way_between_two_places_is_that_on_the_globe(
    there: dict[str, float] | None, metres: int | None, near: bool
) -> None:
    other = replace(KOLMILATA, coordinates=there)
    for one, two in ((KOLMILATA, other), (other, KOLMILATA)):
        (found,) = compared(one, {"BD1": two})
        assert (found.metres, Reason.NEAR in found.reasons) == (metres, near)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Kolmi Lata", "Kolmilata", Reason.NAME_ALIKE),
        ("Lata", "Latta", Reason.NAME_ALIKE),  # one word of each, one slip apart
        ("Abcde", "Ab Cde", None),  # together they are too short to tell
        ("Abcdef", "Abc Def", Reason.NAME_ALIKE),
        ("Meghna Padma", "Meghna Padma Jamuna", Reason.NAME_ALIKE),
        ("Meghna", "Meghna Padma", None),  # half of it is not most of it
        ("Ab Cd", "Ab Cd Ef", None),  # no word of it is long enough to tell
        ("Xy Cd", "Xy Cd Ef", None),
        ("Padma Meghna", "Jamuna Meghna Padma", Reason.NAME_ALIKE),
        ("Abc Cd", "Abc Cd Ef", Reason.NAME_ALIKE),
        ("Knit", "Denim", None),
        ("Ltd", "Ltd", Reason.SAME_NAME),
        ("", "Kolmilata", None),
    ],
)
def test_names_are_alike_by_their_telling_words(one: str, other: str, alike: Reason | None) -> None:
    assert names_alike(one, other) is alike
    assert names_alike(other, one) is alike


def test_the_strongest_likeness_of_any_two_names_counts() -> None:
    both = Described(("Meghna", "Kolmilato", "Kolmilata"))
    (found,) = compared(both, {"BD1": Described(("Kolmilata", "Padma"))})
    assert found.reasons == (Reason.SAME_NAME,)
    assert likeness._name_reason((), ("Kolmilata",)) is None


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("17 Mill Road", "Mill Road 17", True),
        ("17 Mill Road", "19 Mill Road", False),
        ("17 Mill Road", "Mill Road", True),
        ("Mill Road", "Mill Street", False),
        ("Mill", "Mill", False),  # one part alone
        ("a b c d e", "a b c x y", True),  # three in five
        ("a b c d e f", "a b c x y z", False),
        ("a b x y", "a b", True),  # most of the shorter one
        ("17 Mill Gazipur", "17 Mill BD", True),
        ("Mill Gazipur", "Mill Gazipur", False),  # the town is no part of it
        ("17 Mill Road 5", "17 Mill Road 6", True),
    ],
)
def test_addresses_are_alike_if_they_share_most_parts_and_no_number_contradicts(
    one: str, other: str, alike: bool
) -> None:
    first, second = (Described(country="BD", city="Gazipur", address=each) for each in (one, other))
    assert likeness.addresses_alike(first, second) is likeness.addresses_alike(second, first) is alike
