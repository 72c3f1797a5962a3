"""The site map, as search engines read it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from chalice.test import Client

from chalicelib.public import edge, sitemap

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def client() -> Client:
    from app import app

    return Client(app)


def _locations(body: bytes) -> list[str]:
    return [str(location.text) for location in ElementTree.fromstring(body).iter(f"{SPACE}loc")]


def test_the_index_names_a_map_for_each_country(client: Client) -> None:
    found = _locations(client.http.get("/sitemap.xml").body)
    assert edge.url("/sitemap/BD.xml") in found
    assert len(found) > 200


def test_a_map_lists_the_factories_of_its_country(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap.reader, "factories_in_country", lambda country, _most: [{"factory_id": f"{country}X"}])
    assert _locations(client.http.get("/sitemap/BD.xml").body) == [edge.url("/f/BDX")]


def test_a_country_without_factories_has_a_map_that_is_not_empty(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap.reader, "factories_in_country", lambda _country, _most: [])
    assert _locations(client.http.get("/sitemap/FR.xml").body) == [edge.url("/")]


@pytest.mark.parametrize(("file", "status"), [("QX.xml", 400), ("bd.xml", 404), ("BD.txt", 404), ("xml", 404)])
def test_what_is_no_map_is_a_problem(client: Client, file: str, status: int) -> None:
    assert client.http.get(f"/sitemap/{file}").status_code == status
