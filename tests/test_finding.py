"""Finding a factory by name: case, accents, dots, order and one slip make no difference, in any script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import finding, spelling, wording
from chalicelib.domain.certificate import Certificate, Standing, StandingChange
from chalicelib.domain.disclosure import PublicFactory, public_factory
from chalicelib.domain.factory import Factory, IcsStatement, State
from chalicelib.domain.finding import Wish
from chalicelib.store.registry.commit import MOST_ACTIONS
from chalicelib.store.registry.factories import public_items

TODAY = date(2026, 11, 22)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
A_WORD = st.text(LETTERS, min_size=6, max_size=14)
NAMES = st.lists(A_WORD, min_size=1, max_size=4, unique=True)


def page(**fields: Any) -> PublicFactory:
    """A factory as the public sees it."""
    return shown(factory(**fields))


def factory(**fields: Any) -> Factory:
    """A published factory that ICS said some things of."""
    said = {"name": "Meghna Knit Ltd", "country": "BD", **fields}
    return Factory("BD7K3M9Q2XWC", ics=IcsStatement(1, "2026-01-01", said), published=True)


def shown(held: Factory, certificates: Iterable[Certificate] = ()) -> PublicFactory:
    """What the public sees of it."""
    found = public_factory(held, certificates, {})
    assert found is not None
    return found


def certificate(number: int = 0, **changes: Any) -> Certificate:
    """A confirmed certificate that is valid today."""
    return replace(
        Certificate(
            code=f"C{number:010d}",
            number=f"N-{number}",
            standard_id="gots",
            standard_name="GOTS",
            certifier_id="sureseal",
            certifier="Sureseal",
            holder_id="BD7K3M9Q2XWC",
            holder_name="Meghna Knit Ltd",
            scope="",
            products=(),
            valid_from=date(2026, 1, 1),
            valid_to=date(2026, 12, 31),
            confirmed=True,
            history=(),
        ),
        **changes,
    )


@st.composite
def one_edit(draw: st.DrawFn, word: str) -> str:
    """A word with a letter wrong, missing, too many, or two neighbours swapped."""
    at = draw(st.integers(0, len(word) - 2))
    letter = draw(st.sampled_from(LETTERS))
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    edits = [word[:at] + letter + word[at + 1 :], word[:at] + word[at + 1 :], word[:at] + letter + word[at:], swapped]
    return draw(st.sampled_from(edits))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ST Screen", "S.T. Screen"),
        ("ST Screen", "s. t. SCREEN"),
        ("S T Screen", "S.T.Screen Ltd."),
        ("Têxtil São João", "TEXTIL SAO JOAO LDA"),
        ("İplik Sanayi", "iplik sanayı"),
        ("Công ty Dệt Đông", "cong ty det dong"),
        ("Straße", "STRASSE"),
        ("ＦＡＣＴＯＲＹ １", "factory 1"),
        ("A.B.C. Knit & Dye", "ABC Knit Dye"),
        ("ঢাকা নিট", "ঢাকা  নিট"),
        ("ক্\u200cষ মিল", "ক্ষ মিল"),
    ],
)
def test_two_ways_to_write_a_name_have_the_same_words(one: str, other: str) -> None:
    assert finding.words(one) == finding.words(other)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("মেঘনা নিট কম্পোজিট", ["মেঘনা", "নিট", "কম্পোজিট"]),
        ("भारत टेक्सटाइल", ["भारत", "टेक्सटाइल"]),
        ("مصنع النسيج", ["مصنع", "النسيج"]),
        ("S.T. Screen & Print Ltd", ["st", "screen", "print"]),
        ("The Mill of Dhaka Pvt. Ltd.", ["mill", "dhaka"]),
        ("广州 纺织", ["广州", "纺织"]),
    ],
)
def test_a_word_stays_whole_in_its_script(name: str, words: list[str]) -> None:
    assert finding.words(name) == words


@given(st.text(max_size=250))
def test_words_are_few_folded_and_short_enough_for_a_key(name: str) -> None:
    found = finding.words(name)
    assert len(found) <= finding.MOST_WORDS
    assert len(set(found)) == len(found)
    for word in found:
        assert word == word.strip()
        assert 0 < len(word.encode("utf-8", "replace")) <= 1000


def test_a_sign_that_stands_for_a_whole_word_does_not_outgrow_a_key() -> None:
    assert all(len(word.encode()) <= 1000 for word in finding.words("㌀" * 200))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rahim Textiles", "Rahim Textile Ltd"),
        ("广州恒达纺织有限公司", "广州恒达纺织"),
        ("İncirağacı Tekstil Sanayi ve Ticaret Ltd. Şti.", "inciragaci tekstil"),
        ("L'Atelier d’Anna", "atelier anna"),
        ("Men's Wear", "mens wear"),
        ("M/S ABC Knit (Pvt.) Ltd", "abc knit"),
        ("Unit-2 Screen", "Unit2 Screen"),
        ("إبراهيم", "ابراهيم"),
        ("لمیٹڈ کپاس", "كپاس"),
        ("কারখানা ২", "কারখানা 2"),
        ("Bờ Kè Xanh", "Công ty TNHH Bo Ke Xanh"),
        ("Smørrebrød Łódź", "smorrebrod lodz"),
    ],
)
def test_forms_of_company_and_ways_of_writing_decide_nothing(one: str, other: str) -> None:
    assert finding.words(one) == finding.words(other)


def test_a_name_of_nothing_but_forms_of_company_still_has_words() -> None:
    assert finding.words("The Company Ltd")


def test_any_part_of_a_chinese_name_is_among_its_pairs() -> None:
    whole = set(finding.words("东莞素心兰内衣有限公司"))
    for part in ("东莞", "素心兰", "心兰内衣", "素心兰内衣有限公司"):
        assert set(finding.words(part)) <= whole


@given(NAMES, st.randoms(use_true_random=False), st.data())
def test_order_case_and_punctuation_make_no_difference(names: list[str], order: Any, data: st.DataObject) -> None:
    card = finding.card(page(name=" ".join(names)))
    shuffled = order.sample(names, len(names))
    glue = data.draw(st.sampled_from([" ", ", ", " - ", ". ", " & ", " / "]))
    typed = glue.join(data.draw(st.sampled_from([str.upper, str.title, str.lower]))(word) for word in shuffled)
    assert Wish(finding.asked(typed)).admits(card, TODAY)


@given(NAMES, st.data())
def test_one_edit_in_a_long_word_is_forgiven(names: list[str], data: st.DataObject) -> None:
    card = finding.card(page(name=" ".join(names)))
    at = data.draw(st.integers(0, len(names) - 1))
    typed = [*names[:at], data.draw(one_edit(names[at])), *names[at + 1 :]]
    wish = Wish(finding.asked(" ".join(typed)))
    assert wish.admits(card, TODAY) or wish.nearly_admits(card, TODAY)


@given(A_WORD, st.data())
def test_the_halves_of_a_word_are_asked_for_whatever_the_edit(word: str, data: st.DataObject) -> None:
    typed = data.draw(one_edit(word))
    asked = [probe for probe in spelling.probes(typed) if probe.fewest <= len(word) <= probe.most]
    found = set(spelling.halves(word)) & {probe.half for probe in asked}
    assert found or spelling.swapped_in_the_middle(typed) == word
    assert len(spelling.probes(typed)) <= 6


@given(A_WORD, A_WORD)
def test_one_edit_is_the_same_from_both_sides(one: str, other: str) -> None:
    assert spelling.one_edit_apart(one, other) == spelling.one_edit_apart(other, one)
    assert not spelling.one_edit_apart(one, one)


@pytest.mark.parametrize("typed", ["symmetrie", "symetry", "ymmetry", "symmerty", "symmetryy", "zymmetry", "symmetr"])
def test_each_kind_of_slip_is_one_edit(typed: str) -> None:
    assert spelling.one_edit_apart(typed, "symmetry") is (typed != "symmetrie")


@given(st.text(min_size=1, max_size=200))
def test_no_junk_raises_and_its_words_are_bounded(text: str) -> None:
    wish = Wish(finding.asked(text))
    card = finding.card(page(name=text, aliases=[text, text[::-1]]))
    listed = finding.entries(page(name=text, aliases=[text, text[::-1]]))
    assert len(wish.typed) <= finding.MOST_ASKED
    assert len(listed.words) <= finding.MOST_LISTED
    assert len(listed.forgiven) <= finding.MOST_FORGIVEN
    assert isinstance(wish.nearly_admits(card, TODAY), bool)
    for typed in wish.typed:
        spelling.probes(typed), spelling.beginnings(typed), spelling.near_trade(typed)


def test_a_complete_rename_of_the_most_listed_factory_fits_one_transaction() -> None:
    def items(start: str) -> dict[Any, Any]:
        names = [f"{start}{one}{other}xyz" for one in "abcdefgh" for other in "klmno"]
        held = [certificate(number, standard_id=f"{start}-{number}") for number in range(40)]
        renamed = factory(
            name=" ".join(names[:20]),
            aliases=names[20:50],
            product_categories=[f"{start}-{number}" for number in range(30)],
            gln="4006381333931",
        )
        return {
            key: body
            for key, body in public_items(renamed, held, {}).items()
            if not key.pk.startswith(("CERTIFICATE#", "NUMBER#"))
        }

    before, after = items("q"), items("w")
    actions = len(after) + len(before.keys() - after.keys())
    assert actions <= MOST_ACTIONS - 10  # the record, its event, and the rows and links of an audit batch


def test_whether_a_certificate_holds_is_told_from_the_card_on_the_day() -> None:
    suspended = (
        StandingChange(Standing.ACTIVE, "", date(2026, 1, 1), ""),
        StandingChange(Standing.SUSPENDED, "", date(2026, 6, 1), ""),
        StandingChange(Standing.ACTIVE, "", date(2026, 7, 1), ""),
    )
    card = finding.card(shown(factory(), [certificate(history=suspended)]))
    holds = [day for day in range(1, 13) if Wish(valid=True).admits(card, date(2026, day, 15))]
    assert holds == [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12]
    assert not Wish(valid=True).admits(card, date(2027, 1, 1))
    assert Wish(valid=True).admits(card, date(2026, 12, 31))


def test_a_declared_certificate_is_no_valid_one() -> None:
    card = finding.card(shown(factory(), [certificate(confirmed=False)]))
    assert not Wish(valid=True).admits(card, TODAY)
    assert Wish(standard="gots").admits(card, TODAY)


def test_valid_and_standard_are_asked_of_one_certificate() -> None:
    held = [certificate(), certificate(1, standard_id="grs", valid_to=date(2026, 2, 1))]
    card = finding.card(shown(factory(), held))
    assert Wish(standard="gots", valid=True).admits(card, TODAY)
    assert not Wish(standard="grs", valid=True).admits(card, TODAY)


def test_what_became_of_a_factory_stands_on_its_card() -> None:
    gone = replace(factory(), state=State.MERGED, state_since="2026-05-01", successor="BD1SW0HXR0ZW")
    card = finding.card(shown(gone))
    assert (card["state"], card["state_since"], card["successor"]) == ("merged", "2026-05-01", "BD1SW0HXR0ZW")
    assert Wish(finding.asked("meghna knit")).admits(card, TODAY)


def test_the_alias_that_was_searched_for_is_told() -> None:
    card = finding.card(page(aliases=["Padma Dyeing", "SKCL"], city="Gazipur"))
    assert finding.also_known(card, Wish(finding.asked("skcl"))) == "SKCL"
    assert finding.also_known(card, Wish(finding.asked("meghna gazipur"))) is None
    assert Wish(finding.asked("meghna gazipur")).admits(card, TODAY)


def test_words_of_the_trade_come_last_and_are_put_right_without_the_index() -> None:
    assert Wish(finding.asked("textile garments rahim")).words[0] == "rahim"
    assert spelling.near_trade("textlie") == ["textile"]
    assert not spelling.is_forgiven("textile")
    assert all(word == wording.fold(word) for word in wording.folded_trade())
