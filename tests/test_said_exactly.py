"""What errors say, phrases that can be said in another language, a member's own words on its page: to the letter."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain import brand_words
from chalicelib.domain.errors import Conflict, Fault, Malformed, Unavailable
from chalicelib.domain.phrase import Phrase, phrase

# --- Errors and phrases


def test_an_error_keeps_what_is_said_of_it_and_every_fault() -> None:
    said = phrase("At most %(most)s.", most=5)
    fault = Fault("/city", "is missing")
    error = Malformed(said, iter([fault]))
    assert error.detail is said
    assert error.faults == (fault,)
    assert Malformed("No.").faults == ()
    assert (Conflict().detail, Conflict("Held.").detail) == ("", "Held.")


def test_an_error_may_be_said_of_one_parameter() -> None:
    error = Malformed("No.")
    assert error.at("/on") is error
    assert error.faults == (Fault("/on", "No."),)


def test_what_is_not_known_now_says_when_to_ask_again_if_that_is_known() -> None:
    plain, timed = Unavailable(), Unavailable("Busy.", seconds=5)
    assert (plain.detail, plain.seconds) == ("", None)
    assert (timed.detail, timed.seconds) == ("Busy.", 5)


def test_a_phrase_is_its_text_and_knows_what_it_was_made_of() -> None:
    said = phrase("%(share)s %% of %(what)s", share=5, what="mills")
    assert isinstance(said, Phrase)
    assert said == "5 % of mills"
    assert (said.message, said.values) == ("%(share)s %% of %(what)s", {"share": 5, "what": "mills"})


# --- A member's own words

TEXTS = {"en": "Hello", "fr": "Bonjour"}
HELD: dict[str, Any] = {"website": "https://own.example", "texts": TEXTS}


def faults(page: dict[str, Any], patch: object) -> list[tuple[str, str]]:
    with pytest.raises(Malformed) as caught:
        brand_words.merged(page, patch)
    assert caught.value.detail == "Some fields cannot be taken as sent."
    return [(fault.pointer, str(fault.detail)) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("patch", "after"),
    [
        ({}, HELD),
        ({"website": "https://new.example"}, {**HELD, "website": "https://new.example"}),
        ({"website": None}, {"texts": HELD["texts"]}),
        ({"texts": None}, {"website": HELD["website"]}),
        ({"texts": {}}, HELD),
        ({"texts": {"en": None, "fr": None}}, {"website": HELD["website"]}),
        ({"texts": {"fr": None, "tr": None}}, {**HELD, "texts": {"en": "Hello"}}),
        ({"texts": {"fr": " Salut ", "bn": "নমস্কার"}}, {**HELD, "texts": {"bn": "নমস্কার", "en": "Hello", "fr": "Salut"}}),
    ],
)
def test_what_a_change_does_not_name_stays(patch: dict[str, Any], after: dict[str, Any]) -> None:
    held = {**HELD, "texts": dict(TEXTS)}
    assert brand_words.merged(held, patch) == after
    assert held == HELD


def test_a_page_without_words_takes_its_first() -> None:
    assert brand_words.merged({}, {}) == {}
    assert brand_words.merged({}, {"texts": {"en": "Hello"}}) == {"texts": {"en": "Hello"}}
    assert brand_words.merged({"website": "https://own.example"}, {}) == {"website": "https://own.example"}


def test_a_change_that_is_no_object_is_refused() -> None:
    with pytest.raises(Malformed) as caught:
        brand_words.merged(HELD, [])
    assert caught.value.detail == "Something is not as it should be."
    assert caught.value.faults == (Fault("", "must be an object"),)


def test_every_fault_of_a_change_is_told_with_its_place() -> None:
    texts = {"a/b": "x", "fr": "", "en": 5, "tr": "Merhaba"}
    assert faults(HELD, {"na/me": 1, "website": "ftp://x", "texts": texts}) == [
        ("/na~1me", "is not known here"),
        (
            "/website",
            "must be a web address such as https://www.example.com/factory: http or https, without user name or port",
        ),
        ("/texts/a~1b", "must be a BCP 47 language tag such as bn"),
        ("/texts/fr", "must not be empty"),
        ("/texts/en", "must be text"),
    ]
    assert faults(HELD, {"texts": "Hello"}) == [("/texts", 'must map language tags to texts: {"en": "…", "bn": "…"}')]


def test_all_texts_together_are_no_more_than_a_factory_may_have() -> None:
    many = {f"x{number}": "x" for number in range(100)}
    assert faults(HELD, {"texts": many}) == [("/texts", 'must map language tags to texts: {"en": "…", "bn": "…"}')]
