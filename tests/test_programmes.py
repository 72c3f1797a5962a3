"""Which programmes a factory shows: on its record, on its page, and with each programme's own record."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.domain.disclosure import public_factory
from chalicelib.domain.errors import Conflict
from chalicelib.domain.factory import Factory, IcsStatement, State
from chalicelib.domain.programme import PROGRAMMES, with_programme
from chalicelib.store import codec
from chalicelib.store.models import PublicItem
from chalicelib.store.registry import factories, history, programmes, records
from chalicelib.store.registry.commit import Commit
from chalicelib.web import words
from tests.portal_browser import STAFF

pytest_plugins = ["tests.conftest_portal"]

FACTORY = Factory("BD1", ics=IcsStatement(1, "2026-01-02", {"name": "Mill", "country": "BD"}), published=True)


def _nothing(_factory: Factory) -> Any:
    return lambda _transaction: None


def test_a_programme_shows_once_and_in_the_same_order_whichever_came_first() -> None:
    one = with_programme(with_programme(FACTORY, "efficiency", shows=True), "climate", shows=True)
    assert one.programmes == ("climate", "efficiency") == PROGRAMMES
    assert with_programme(one, "climate", shows=True) == one
    assert with_programme(one, "climate", shows=False).programmes == ("efficiency",)
    assert set(PROGRAMMES) == set(words.PROGRAMME)


def test_a_draft_and_a_merged_record_show_no_new_programme_and_may_hide_one() -> None:
    draft = replace(FACTORY, published=False, programmes=("climate",))
    merged = replace(FACTORY, state=State.MERGED, successor="BD2", programmes=("climate",))
    for each in (draft, merged):
        with pytest.raises(Conflict):
            with_programme(each, "efficiency", shows=True)
        assert with_programme(each, "climate", shows=False).programmes == ()


def test_records_and_pages_written_before_there_were_programmes_can_be_read() -> None:
    page = public_factory(FACTORY, [], {})
    bodies = codec.to_json(FACTORY), codec.to_json(page)
    for body in bodies:
        del body["programmes"]
    del bodies[0]["version"]
    assert records.factory(bodies[0], 1).programmes == ()
    assert codec.public_factory(bodies[1]).programmes == ()


def test_a_programme_that_shows_is_linked_from_the_page_and_told_in_json(runner: SimpleNamespace) -> None:
    page, document = f"/f/{runner.factory_id}", f"/v1/factories/{runner.factory_id}"
    assert f"{page}/climate" not in runner.browser.get(page).text
    programmes.show(runner.factory_id, "climate", _nothing, STAFF)
    assert f'href="{page}/climate"' in runner.browser.get(page).text
    [told] = json.loads(runner.browser.get(document).text)["programmes"]
    assert (told["programme"], told["url"].endswith(f"{page}/climate")) == ("climate", True)
    programmes.keep(runner.factory_id, "climate", _nothing, STAFF)
    assert f"{page}/climate" not in runner.browser.get(page).text
    assert json.loads(runner.browser.get(document).text)["programmes"] == []
    events = history.of(f"FACTORY#{runner.factory_id}")
    assert [each["changes"] for each in events[-2:]] == [
        {"programmes": {"from": [], "to": ["climate"]}},
        {"programmes": {"from": ["climate"], "to": []}},
    ]


def test_what_goes_with_it_is_written_in_the_same_transaction_and_read_afresh_on_each_attempt(
    runner: SimpleNamespace,
) -> None:
    before = factories.need(runner.factory_id).factory.version
    asked: list[int] = []

    def decide(factory: Factory) -> Any:
        asked.append(factory.version)
        if len(asked) == 1:
            programmes.show(runner.factory_id, "efficiency", _nothing, STAFF)

        def beside(transaction: Commit) -> None:
            transaction.put(PublicItem(f"FACTORY#{runner.factory_id}", "CLIMATE", body={"attempt": len(asked)}))

        return beside

    programmes.show(runner.factory_id, "climate", decide, STAFF)
    assert asked == [before, before + 1]
    assert PublicItem.get(f"FACTORY#{runner.factory_id}", "CLIMATE").body == {"attempt": 2}
    assert factories.need(runner.factory_id).factory.programmes == ("climate", "efficiency")
