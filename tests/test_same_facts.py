"""A page and its JSON say the same: they are made from the same types, and this holds them to it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from chalicelib.domain import identity
from chalicelib.web import language, words
from tests.world import GTIN, World

ENGLISH = language.language("en")


class Both:
    """A factory with a confirmed, a withdrawn and a declared certificate, and a product made there."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.factory_id = world.a_factory()
        self.code = world.a_certificate(self.factory_id)
        self.withdrawn = world.a_certificate(self.factory_id, number="CU 77 88")
        standing = {"standing": "withdrawn", "reason": "Holder left the programme"}
        world.certifier("POST", f"/internal/v1/certificates/{self.withdrawn}/standing", standing).ok()
        world.a_product(self.factory_id)

    def page(self, path: str) -> str:
        """The words of a page."""
        text = re.sub(r"<style.*?</style>|<[^>]+>", " ", self.world.anyone.get(path).text, flags=re.S)
        return re.sub(r"\s+", " ", html.unescape(text))

    def json(self, path: str) -> Any:
        return self.world.anyone.get(path).json


@pytest.fixture
def both(world: World) -> Iterator[Both]:
    return Both(world)


def in_words(day: str) -> str:
    return ENGLISH.date(date.fromisoformat(day))


def test_a_certificate_s_page_says_what_its_json_says(both: Both) -> None:
    for code in (both.code, both.withdrawn):
        said, page = both.json(f"/v1/certificates/{code}"), both.page(f"/c/{code}")
        wanted = [said["number"], said["certifier"], said["holder"]["name"], said["standard"]["name"], said["scope"]]
        wanted += [in_words(said["valid_from"]), in_words(said["valid_to"]), words.STATUS[said["status"]]]
        wanted += [in_words(change["at"]) for change in said["history"]]
        wanted += [change["reason"] for change in said["history"] if change["reason"]]
        wanted += [said["status_reason"] or "", *said["products"]]
        wanted.append(ENGLISH.day_and_time(datetime.fromisoformat(said["checked_at"]))[:12])
        for fact in wanted:
            assert fact in page, (code, fact)
        others = {words.STATUS[status] for status in ("suspended", "expired", "not_yet_valid", "unknown")}
        assert not any(f"Today: {word}" in page for word in others)


def test_on_a_past_day_page_and_json_agree(both: Both) -> None:
    said = both.json(f"/v1/certificates/{both.code}?on=1999-12-31")
    assert said["status"] == "not_yet_valid"
    assert words.STATUS[said["status"]] in both.page(f"/c/{both.code}?on=1999-12-31")


def test_a_factory_s_page_says_what_its_json_says(both: Both) -> None:
    said, page = both.json(f"/v1/factories/{both.factory_id}"), both.page(f"/f/{both.factory_id}")
    wanted = [said["name"], identity.shown(said["factory_id"]), ENGLISH.country(said["country"]), said["city"]]
    wanted += [in_words(audit["date"]) for audit in said["audits"]]
    for certificate in said["certificates"]:
        wanted += [certificate["number"], certificate["standard"]["name"], words.STATUS[certificate["status"]]]
    for fact in wanted:
        assert fact in page, fact
    assert len(said["certificates"]) == 2


def test_a_product_s_page_says_what_its_json_says(both: Both) -> None:
    said, page = both.json(f"/v1/products/{GTIN}"), both.page(f"/01/{said_gtin(both)}")
    wanted = [said["name"], said["brand"], said["gtin"]]
    wanted += [factory["name"] for factory in said["factories"]]
    for fact in wanted:
        assert fact in page, fact
    assert [stage["factory_id"] for stage in said["stages"]] == [both.factory_id] * len(said["stages"])


def said_gtin(both: Both) -> str:
    return str(both.json(f"/v1/products/{GTIN}")["gtin"])
