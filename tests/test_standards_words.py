"""The map's own texts: collected for the catalogues from its files, and kept where a surface is narrowed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from infra import locales

ENTRY = {
    "id": "moss",
    "name": "Moss Standard",
    "owner": "Moss Owners",
    "summary": "A standard for moss.",
    "facts": [{"topic": "cost", "text": "Moss is free.", "source": {"title": "Moss leaflet"}}],
    "criteria": [
        {"topic": "water_use", "degree": "term", "title": "Dew", "source": {"title": "Moss text"}},
        {"topic": "waste", "degree": "term", "title": "Dew", "source": {"title": "Moss text"}},
        {"topic": "energy", "degree": "term", "source": {"title": "Moss text"}},
    ],
}


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "standards"
    folder.mkdir()
    (folder / "moss.json").write_text(json.dumps(ENTRY), "utf-8")
    (folder / "schema.json").write_text('{"summary": "of a schema"}', "utf-8")
    monkeypatch.setattr(locales, "STANDARDS", folder)
    monkeypatch.setattr(locales, "ROOT", tmp_path)


@pytest.mark.usefixtures("entry")
def test_summaries_facts_and_titles_of_criteria_are_collected_each_once_and_nothing_else() -> None:
    found = [(path, message) for path, _, message, _ in locales._of_standards()]
    assert found == [("standards/moss.json", text) for text in ("A standard for moss.", "Moss is free.", "Dew")]


def test_what_stands_in_an_entry_stays_when_a_surface_is_narrowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = Catalog(locale="fr")
    catalogue.add("Moss is free.", "La mousse est gratuite.", [("standards/moss.json", 1)])
    catalogue.add("Your moss", "Votre mousse", [("templates/portal/moss.html", 1)])
    with (tmp_path / "fr.po").open("wb") as file:
        write_po(file, catalogue)
    monkeypatch.setattr(locales, "MESSAGES", tmp_path)
    assert set(locales._messages("fr", ("templates/portal/",))[0]) == {"Moss is free."}
