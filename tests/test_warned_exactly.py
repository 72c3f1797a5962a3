"""What a claim's words risk: how that is said, in whose languages they are looked for, and where they end."""

from __future__ import annotations

import pytest

from chalicelib.domain.claim import Basis, Claim, Rests
from chalicelib.domain.claim_wording import Concern, Warned, warnings

LAW = "Directive 2005/29/EC"


def met(text: str, language: str = "en", rests: Rests = Rests.NONE) -> list[tuple[str, str]]:
    found = warnings(Claim("c", text, language, Basis(rests)))
    return [(each.concern.value, each.words) for each in found]


@pytest.mark.parametrize(
    ("concern", "said"),
    [
        (
            Concern.GENERIC,
            "“green” says too little: a general claim needs recognised excellent environmental performance. "
            f"Say what exactly is better, and by how much. ({LAW}, Annex I, point 4a)",
        ),
        (
            Concern.LABEL,
            "“green” sounds like a label: one may be shown only if it rests on a certification scheme or comes "
            f"from a public authority. Name its certificate or standard. ({LAW}, Annex I, point 2a)",
        ),
        (
            Concern.WHOLE,
            f"“green” speaks of the whole. If it is true of a part only, say of which. ({LAW}, Annex I, point 4b)",
        ),
        (
            Concern.OFFSET,
            "“green” may not be said of a product where it rests on offsetting emissions elsewhere. Say what "
            f"was reduced in making it. ({LAW}, Annex I, point 4c)",
        ),
        (
            Concern.FUTURE,
            "“green” promises something: that needs a public, detailed plan with dates, checked by an "
            f"independent expert. Link to it as evidence. ({LAW}, Article 6(2)(d))",
        ),
    ],
)
def test_each_concern_is_said_with_the_words_and_the_place_in_the_law(concern: Concern, said: str) -> None:
    assert Warned(concern, "green").detail == said


@pytest.mark.parametrize("language", ["de", "DE", "de-CH"])
def test_terms_are_looked_for_in_the_language_of_the_claim_and_in_english(language: str) -> None:
    assert met("Umweltfreundlich", language) == [("generic", "Umweltfreundlich")]
    assert met("temiz", language) == []
    assert met("green", language) == [("generic", "green")]


def test_of_a_language_that_nobody_listed_the_terms_of_all_are_looked_for() -> None:
    assert met("temiz", "xx") == [("generic", "temiz")]


def test_the_words_are_told_as_they_were_written_and_the_first_of_each_concern() -> None:
    assert met("Our GREEN, natural shirt") == [("generic", "GREEN")]
    assert met("greenish evergreen") == []
    assert met("所有产品绿色", "zh") == [("generic", "绿色"), ("whole", "所有产品")]
    assert met("Net zero by 2035, green") == [("generic", "green"), ("offset", "Net zero"), ("future", "by 2035")]
    assert met("by 2025") == []


def test_a_label_may_be_named_with_its_standard_and_a_promise_with_its_plan() -> None:
    text = "eco-label by 2035"
    kinds = {rests: {concern for concern, _ in met(text, "en", rests)} for rests in Rests}
    assert {rests for rests, found in kinds.items() if "label" not in found} == {Rests.CERTIFICATE, Rests.STANDARD}
    assert {rests for rests, found in kinds.items() if "future" not in found} == {Rests.EVIDENCE}


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("100 % green", "en", [("generic", "green"), ("whole", "100 % green")]),
        ("100 green", "en", [("generic", "green")]),
        ("natura\u0140", "en", [("generic", "natura\u0140")]),  # one letter that is read as two, with a dot between
        ("\u3400green", "en", [("generic", "green")]),
        ("\u9fffgreen", "en", [("generic", "green")]),
        ("\uf900green", "en", [("generic", "green")]),
        ("وفي المستقبل", "ar", [("future", "وفي المستقبل")]),
    ],
    ids=["a share", "no share", "a sign within", "first", "last", "of another block", "an article"],
)
def test_where_a_word_begins_and_ends_depends_on_its_script(
    text: str, language: str, said: list[tuple[str, str]]
) -> None:
    assert met(text, language) == said


@pytest.mark.parametrize("rests", Rests)
def test_words_without_a_concern_are_let_pass_whatever_they_rest_on(rests: Rests) -> None:
    assert met("A cotton shirt", "en", rests) == []
