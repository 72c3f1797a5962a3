"""Every statement has a test, every mark a statement, and the page says both."""

from __future__ import annotations

from collections import Counter

from tests.safety import differing, page, statements


def test_every_statement_has_a_test_that_proves_it() -> None:
    proved = statements.marks()
    assert [each.id for each in statements.statements() if each.id not in proved] == []


def test_every_mark_is_of_a_statement_and_stands_once() -> None:
    proved = statements.marks()
    assert set(proved) <= {each.id for each in statements.statements()}
    assert [one for tests in proved.values() for one, many in Counter(tests).items() if many > 1] == []


def test_the_page_tells_of_each_statement_and_each_of_its_tests() -> None:
    assert page.stale() == [], "python -m tests.safety.page writes it anew"


def test_what_differs_from_what_was_asked_for_is_a_statement_that_there_is() -> None:
    named = [name for each in differing.differing().values() for name in each]
    assert set(named) <= {each.id for each in statements.statements()}
    assert len(set(named)) == len(named)
