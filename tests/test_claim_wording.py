"""What the wording of a claim risks: told with the place in the law, in nine languages, and never a crash."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import claim_wording
from chalicelib.domain.claim import Basis, Claim, Rests
from chalicelib.domain.claim_terms import TERMS
from chalicelib.domain.claim_wording import Concern, terms_of
from chalicelib.web.language import LANGUAGES

CLAIM = Claim("c1", "", "en", Basis(Rests.NONE))
OURS = [
    (language, Concern(concern), term)
    for language, by in TERMS.items()
    for concern, listed in by.items()
    for term in terms_of(listed)
]


def met(text: str, language: str = "en", rests: Rests = Rests.NONE) -> dict[str, str]:
    claim = replace(CLAIM, text=text, language=language, basis=Basis(rests))
    return {each.concern.value: each.words for each in claim_wording.warnings(claim)}


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Our GREEN T-shirts", "en", {"generic": "GREEN"}),
        ("Eco - friendly dyes", "en", {"generic": "Eco"}),
        ("Carbon-neutral by 2030", "en", {"offset": "Carbon-neutral", "future": "by 2030"}),
        ("We reuse 40 % of the water of our dye-house.", "en", {}),
        ("Greenhouse gases of our boilers fell by 12 % since 2020.", "en", {}),
        ("Coton 100 % durable", "fr", {"generic": "durable", "whole": "100 % durable"}),
        ("Neutre en carbone d’ici 2030", "fr", {"offset": "Neutre en carbone", "future": "d’ici 2030"}),
        ("Vestidos ecológicos", "es", {"generic": "ecológicos"}),
        ("منتجاتنا المستدامة", "ar", {"generic": "المستدامة"}),
        ("আমাদের পরিবেশবান্ধব পোশাক ২০৩০ সালের মধ্যে", "bn", {"generic": "পরিবেশবান্ধব", "future": "২০৩০ সালের মধ্যে"}),
        ("SÜRDÜRÜLEBİLİRLİK", "tr", {"generic": "SÜRDÜRÜLEBİLİRLİK"}),
        ("thân thiện với môi trường", "vi", {"generic": "thân thiện với môi trường"}),
        ("我们到2030年实现碳中和", "zh", {"offset": "碳中和", "future": "到2030年"}),
        ("klimaneutrales Hemd", "de", {"offset": "klimaneutrales"}),
        ("100% recycled", "bn", {"whole": "100% recycled"}),
        ("umweltfreundlich", "xx", {"generic": "umweltfreundlich"}),
    ],
)
def test_words_are_flagged_as_they_were_written(text: str, language: str, expected: dict[str, str]) -> None:
    assert met(text, language) == expected


def test_a_named_scheme_answers_for_a_label_and_evidence_for_a_promise() -> None:
    text = "Our eco-label: by 2030"
    assert {"label", "future"} <= met(text).keys()
    assert "label" not in met(text, rests=Rests.CERTIFICATE)
    assert "label" not in met(text, rests=Rests.STANDARD)
    assert "future" not in met(text, rests=Rests.EVIDENCE)


def test_each_concern_names_its_place_in_the_law() -> None:
    claim = replace(CLAIM, text="Green eco-label, 100 % recycled, climate neutral by 2030")
    places = {each.concern: each.detail for each in claim_wording.warnings(claim)}
    assert set(places) == set(Concern)
    expected = {"generic": "point 4a", "label": "point 2a", "whole": "point 4b", "offset": "point 4c"}
    for concern, place in {**expected, "future": "Article 6(2)(d)"}.items():
        assert place in places[Concern(concern)]
        assert "2005/29/EC" in places[Concern(concern)]


def test_every_language_of_the_service_has_words_for_each_concern() -> None:
    assert set(LANGUAGES) <= set(TERMS)
    assert all(set(by) == set(Concern) for by in TERMS.values())
    assert all(term.strip("*# ") for _, _, term in OURS)


@st.composite
def written_anyhow(draw: st.DrawFn) -> tuple[str, str, Concern]:
    """One of our own terms, its letters in any case, with any blanks or hyphens where it has some."""
    language, concern, term = draw(st.sampled_from(OURS))
    text = term.removesuffix("*").replace("#", "2031")
    text = "".join(draw(st.sampled_from((letter, letter.upper(), letter.lower()))) for letter in text)
    gap = draw(st.sampled_from((" ", "-", "  ", " - ", "\u00a0", "\t")))
    text = text.replace(" ", gap)
    if draw(st.booleans()):
        text = unicodedata.normalize("NFD", text)
    before, after = draw(st.sampled_from((("", ""), ("Xyz ", "."), ("(", ") 7"), ("«", "»!"))))
    return language, before + text + after, concern


@settings(max_examples=200, deadline=None)
@given(written_anyhow())
def test_our_own_words_are_flagged_in_any_case_and_spacing(written: tuple[str, str, Concern]) -> None:
    language, text, concern = written
    assert concern.value in met(text, language)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.text(max_size=8))
def test_no_text_is_too_odd_and_what_is_flagged_stands_in_it(text: str, language: str) -> None:
    assert all(words and words in text for words in met(text, language).values())


@settings(deadline=None)
@given(st.sampled_from(["green", "eco-friendly", "carbon neutral", "durable"]), st.sampled_from("abcxyzéß"))
def test_a_word_within_another_is_none(word: str, letter: str) -> None:
    assert met(f"q{letter}{word}{letter}q", "fr") == {}
