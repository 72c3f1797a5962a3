"""What a factory makes, does and speaks: ticked in the reader's words, others typed. See SAFETY, Profile."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest

from chalicelib.domain.factory import Factory, IcsStatement
from chalicelib.internal.portal import form
from chalicelib.store.registry import factories
from chalicelib.web import language
from tests.portal_browser import filled

pytest_plugins = ["tests.conftest_portal"]

AUDITED = Factory(
    "BD",
    ics=IcsStatement(
        1, "2026-01-01", {"name": "N", "country": "BD", "product_categories": ["yarns", "moon_suits", "garments"]}
    ),
)


def without_ticks(inputs: dict[str, str]) -> dict[str, str]:
    """The form as a browser sends it: boxes that are not ticked are absent."""
    return {name: text for name, text in inputs.items() if text or "-" not in name}


def test_a_list_that_nobody_touched_stays_the_word_of_ics_whatever_its_order() -> None:
    assert form.parsed(without_ticks(form.inputs(AUDITED)), AUDITED) == ({}, [])


def test_a_box_unticked_goes_a_box_ticked_comes_and_others_stay() -> None:
    sent = form.inputs(AUDITED)
    sent |= {"product_categories-yarns": "", "product_categories-bags": "on"}
    cleaned, faults = form.parsed(sent, AUDITED)
    assert (cleaned, faults) == ({"product_categories": ["moon_suits", "garments", "bags"]}, [])


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("articles en Maille, sacs", ["knitwear", "bags"]),
        ("KNITWEAR", ["knitwear"]),
        ("Moon  Suits; moon_suits", ["moon_suits"]),
        ("", []),
    ],
)
def test_a_word_of_the_page_or_of_english_is_the_code_that_it_stands_for(typed: str, codes: list[str]) -> None:
    words = form.parsed({"product_categories": typed}, Factory("BD"), language.language("fr"))[0]
    assert (words.get("product_categories") or []) == codes


def test_the_boxes_speak_the_readers_language_and_what_is_ticked_is_saved_as_codes(runner: SimpleNamespace) -> None:
    page = runner.browser.get(f"{runner.profile}?lang=fr").text
    assert re.search(r'<label for="processes-dyeing">Teinture</label>', page)
    assert re.search(r'<label for="languages-bn" lang="bn">বাংলা</label>', page)
    ticked = {"processes-dyeing": "on", "processes-sewing": "on", "languages-bn": "on", "languages": "lo"}
    assert runner.browser.send(runner.profile, ticked).status == 303
    document = json.loads(runner.browser.get(f"/v1/factories/{runner.factory_id}").text)
    assert set(document["processes"]) == {"dyeing", "sewing"}
    assert set(document["languages"]) == {"bn", "lo"}
    again = runner.browser.form(runner.profile)
    assert again["processes-dyeing"] == "on"
    assert again["languages"] == "lo"
    del again["processes-dyeing"]
    assert runner.browser.post(runner.profile, again).status == 303
    assert factories.need(runner.factory_id).factory.value("processes") == ["sewing"]


def test_ticks_are_kept_when_something_else_is_wrong_and_when_somebody_else_saved(runner: SimpleNamespace) -> None:
    runner.browser.send(runner.profile, {"processes-dyeing": "on"})
    typed = {**runner.browser.form(runner.profile), "processes-sewing": "on", "website": "javascript:alert(1)"}
    del typed["processes-dyeing"]
    kept = filled(runner.browser.post(runner.profile, typed).text)
    assert kept["processes-sewing"] == "on"
    assert "processes-dyeing" not in kept
    runner.browser.send(runner.profile, {"processes-weaving": "on"})
    stale = runner.browser.post(runner.profile, {**kept, "website": ""})
    assert stale.status == 412
    assert "<bdi>Dyeing, Weaving</bdi>" in stale.text
    kept = filled(stale.text)
    assert kept["processes-sewing"] == "on"
    assert "processes-dyeing" not in kept
    assert runner.browser.post(runner.profile, kept).status == 303
    assert set(factories.need(runner.factory_id).factory.value("processes")) == {"sewing", "weaving"}


def test_one_word_is_offered_once_though_several_codes_have_it(runner: SimpleNamespace) -> None:
    page = runner.browser.get(runner.profile).text
    assert len(re.findall(r'<label for="product_categories-\w+">Clothing</label>', page)) == 1


def test_a_box_that_does_not_exist_is_refused(runner: SimpleNamespace) -> None:
    assert runner.browser.send(runner.profile, {"processes-alchemy": "on"}).status == 400
