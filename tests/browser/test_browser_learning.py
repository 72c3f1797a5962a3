"""A lesson, done in a browser on the demo world."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from chalicelib.web.lessons import lesson
from tests.browser import axe
from tests.browser.demo import Demo
from tests.browser.fit import overflows

pytestmark = pytest.mark.xdist_group("browser")


def test_a_factory_reads_a_lesson_answers_wrong_learns_why_and_completes_it(
    demo: Demo, signed_in: Callable[[str], Page]
):
    said, page = lesson("resource-efficiency"), signed_in("factory")
    page.goto(f"{demo.base}/portal")
    page.get_by_role("link", name="Learning", exact=True).click()
    page.get_by_role("link", name=said.title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said.title)

    # The first answer is wrong: it says why, and the others stay ticked.
    first, *others = said.questions
    for question in others:
        _choose(page, question.text, question.answers[question.right])
    _choose(page, first.text, first.answers[first.right - 1])
    page.get_by_role("button", name="Check my answers").click()
    page.get_by_role("alert").get_by_role("link", name=first.text).click()
    expect(page.get_by_role("group", name=first.text)).to_contain_text(first.why)
    for question in others:
        expect(_answer(page, question.text, question.answers[question.right])).to_be_checked()
    assert axe.violations(page) == []
    assert overflows(page) == []

    # The right one completes it, for good.
    _choose(page, first.text, first.answers[first.right])
    page.get_by_role("button", name="Check my answers").click()
    expect(page.get_by_role("status")).to_contain_text(said.title)
    row = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=said.title, exact=True))
    expect(row).to_contain_text("Done on")


def _answer(page: Page, question: str, answer: str):
    return page.get_by_role("group", name=question).get_by_label(answer, exact=True)


def _choose(page: Page, question: str, answer: str) -> None:
    _answer(page, question, answer).check()
