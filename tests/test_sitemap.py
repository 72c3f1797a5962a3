"""The site map, as search engines read it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from chalice.test import Client

from chalicelib.domain.standard import Card, Kind
from chalicelib.public import edge, sitemap

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def client() -> Client:
    from app import app

    return Client(app)


def _locations(body: bytes) -> list[str]:
    return [str(location.text) for location in ElementTree.fromstring(body).iter(f"{SPACE}loc")]


def test_the_index_names_a_map_for_each_country_that_has_factories_and_that_of_the_standards(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap.finder, "facets", lambda: {"country": {"TR": "TR", "BD": "BD"}})
    found = _locations(client.http.get("/sitemap.xml").body)
    assert found == [edge.url(f"/sitemap/{file}.xml") for file in ("BD", "TR", "standards")]


def test_the_map_of_standards_lists_those_that_are_assessed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [Card("gots", "G", "O", kind=Kind.CERTIFICATION), Card("unread", "U", "O")]
    monkeypatch.setattr(sitemap.reader, "standard_cards", lambda: {each.standard_id: each for each in cards})
    found = _locations(client.http.get("/sitemap/standards.xml").body)
    assert found == [edge.url("/standards"), edge.url("/standards/gots")]


def test_a_map_lists_the_factories_of_its_country(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap.finder, "rows", lambda *asked: [("", {"factory_id": f"{asked[2]}X"})])
    assert _locations(client.http.get("/sitemap/BD.xml").body) == [edge.url("/f/BDX")]


def test_a_country_without_factories_has_a_map_that_is_not_empty(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap.finder, "rows", lambda *_asked: [])
    assert _locations(client.http.get("/sitemap/FR.xml").body) == [edge.url("/")]


@pytest.mark.parametrize("file", ["bd.xml", "BD.txt", "xml"])
def test_what_is_no_map_is_a_problem(client: Client, file: str) -> None:
    assert client.http.get(f"/sitemap/{file}").status_code == 404
