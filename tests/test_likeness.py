"""Likely duplicates of a factory, and why; names that could be taken for another's."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain import lookalike
from chalicelib.domain.likeness import Described, Reason, compared, names_alike
from chalicelib.domain.lookalike import Oddity

KOLMILATA = Described(
    names=("Kolmilata Knit Ltd.", "কলমিলতা নিট লিমিটেড"),
    country="BD",
    city="Gazipur",
    address="17 Mill Road, Block C",
    site="S-17",
    gln="4006381333931",
    coordinates={"latitude": 23.99934, "longitude": 90.42049},
)


def reasons(**described: Any) -> list[Reason]:
    found = compared(Described(**described), {"BD1": KOLMILATA})
    return list(found[0].reasons) if found else []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("KOLMILATA KNIT", "Kolmilata Knit Ltd.", Reason.SAME_NAME),
        ("Knit, Kolmilata (Pvt) Limited", "Kolmilata Knit Ltd.", Reason.SAME_NAME),
        ("Çelik İplik San. Tic. Ltd. Şti.", "CELIK IPLIK", Reason.SAME_NAME),
        ("S.T. Screen & Prints Ltd", "ST Screen Print", Reason.SAME_NAME),
        ("Kolmilatta Knit", "Kolmilata Knit Ltd.", Reason.NAME_ALIKE),
        ("Kolmi Lata Knit", "Kolmilata Knit Ltd.", Reason.NAME_ALIKE),
        ("Kolmilata Fashion", "Kolmilata Knit Ltd.", Reason.NAME_ALIKE),
        ("\u041a\u043elmilata Knit", "Kolmilata Knit Ltd.", Reason.LOOKS_THE_SAME),
        ("K0lmilata Knit", "Kolmilata Knit Ltd.", Reason.LOOKS_THE_SAME),
        ("কলমিলতা নিট", "কলমিলতা নিট লিমিটেড", Reason.SAME_NAME),
        ("杭州绿叶纺织有限公司", "杭州绿叶纺织", Reason.SAME_NAME),
        ("Meghna Knit", "Kolmilata Knit Ltd.", None),
        ("Dhaka Knit", "Dhaka Denim", None),
        ("Green Leaf Textiles", "Green Valley River Textiles", None),
        ("Ltd.", "Co.", None),
    ],
)
def test_names_are_compared_as_people_read_them(one: str, other: str, expected: Reason | None) -> None:
    assert names_alike(one, other) is expected
    assert names_alike(other, one) is expected


def test_each_thing_in_common_is_told_the_strongest_first() -> None:
    assert reasons(names=("Kolmilata Knit",), country="BD", city="GAZIPUR", address="Block C, 17 Mill Road") == [
        Reason.SAME_NAME,
        Reason.ADDRESS_ALIKE,
        Reason.SAME_CITY,
        Reason.SAME_COUNTRY,
    ]
    assert reasons(names=("Quite Another",), gln="4006381333931") == [Reason.SAME_GLN]
    assert reasons(names=("Quite Another",), site="S-17", country="IN") == [Reason.SAME_SITE]


def test_a_place_alone_makes_no_duplicate_but_place_and_address_together_do() -> None:
    here = {"latitude": 23.9995, "longitude": 90.4206}
    assert reasons(names=("Other",), country="BD", city="Gazipur") == []
    assert reasons(names=("Other",), coordinates=here) == []
    assert reasons(names=("Other",), coordinates=here, address="17 Mill Road") == [Reason.NEAR, Reason.ADDRESS_ALIKE]


def test_the_way_between_two_places_is_told_in_metres() -> None:
    here = {"latitude": 23.99934, "longitude": 90.42147}
    (found,) = compared(Described(names=("Kolmilata",), coordinates=here), {"BD1": KOLMILATA})
    assert found.metres == pytest.approx(100, abs=3)
    assert Reason.NEAR in found.reasons
    far = {"latitude": -23.99934, "longitude": -89.57951}
    (found,) = compared(Described(names=("Kolmilata",), coordinates=far), {"BD1": KOLMILATA})
    assert found.metres == pytest.approx(20_015_000, rel=0.01)
    assert Reason.NEAR not in found.reasons


def test_an_address_with_another_number_is_another_address() -> None:
    assert Reason.ADDRESS_ALIKE not in reasons(names=("Kolmilata",), address="19 Mill Road")


def test_the_likeliest_stands_first() -> None:
    candidates = {
        "BD1": Described(names=("Kolmilata Fashion",), country="BD"),
        "BD2": Described(names=("Kolmilata Knit",), country="BD"),
        "BD3": Described(names=("Something Else",), gln="4006381333931"),
        "BD4": Described(names=("Nobody",), country="BD"),
    }
    found = compared(Described(names=("Kolmilata Knit",), country="BD", gln="4006381333931"), candidates)
    assert [each.factory_id for each in found] == ["BD3", "BD2", "BD1"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Kolmil\u0430ta Knit", [Oddity.MIXED_SCRIPTS]),
        ("Kolmilata K\u03bdit", [Oddity.MIXED_SCRIPTS]),
        ("\u0421\u041e\u0421\u0410", [Oddity.LOOKS_LATIN]),
        ("\u0422\u0410\u0422\u0410 Steel", [Oddity.LOOKS_LATIN]),
        ("Kolmilata Knit Ltd.", []),
        ("Çelik İplik Sanayi ve Ticaret A.Ş.", []),
        ("Công ty TNHH Dệt May Đông Á", []),
        ("কলমিলতা নিট লিমিটেড", []),
        ("র‍্যাংগস Textile", []),
        ("ООО Ромашка", []),
        ("杭州T恤厂", []),
        ("株式会社ABCテキスタイル", []),
        ("شركة النسيج Nile", []),
        ("Ελληνική Κλωστοϋφαντουργία", []),
        ("3M", []),
        ("", []),
    ],
)
def test_a_name_in_two_scripts_or_in_letters_that_look_latin_is_odd(name: str, expected: list[Oddity]) -> None:
    assert list(lookalike.oddities(name)) == expected


def test_what_looks_the_same_has_one_skeleton() -> None:
    assert lookalike.skeleton("\u041a\u043elmilat\u0430") == "Kolmilata"
    assert lookalike.skeleton("K0lmi1ata 17") == "Kolmilata 17"
