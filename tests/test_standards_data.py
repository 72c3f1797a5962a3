"""The files of the standards map: whole, known to the code, each fact with a source, none under two names."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from iso3166 import countries_by_alpha2
from jsonschema import Draft202012Validator

from chalicelib.domain.standard import TOPICS, Degree, Kind
from chalicelib.domain.text import is_tenant

PROJECT = Path(__file__).resolve().parent.parent
SCHEMA: dict[str, Any] = json.loads((PROJECT / "standards" / "schema.json").read_text(encoding="utf-8"))
FILES = sorted(set((PROJECT / "standards").glob("*.json")) - {PROJECT / "standards" / "schema.json"})
STANDARDS: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FILES}

SOCIAL = """
Management system, transparency and traceability | Minimum age, child labour and young workers | Forced labour |
Discrimination | Disciplinary practices, harassment and abuse | Freedom of association and grievance | Working hours |
Remuneration and benefits | Health and safety
"""
ENVIRONMENTAL = """
Environmental management system | Energy use, transport and greenhouse gases | Water use | Wastewater |
Emissions to air | Waste | Pollution prevention and hazardous substances | Emergency response
"""

every_standard = pytest.mark.parametrize("name", STANDARDS)


def sources(standard: dict[str, Any]) -> list[dict[str, str]]:
    return [*standard["sources"], *(told["source"] for told in [*standard["facts"], *standard["criteria"]])]


def texts() -> set[str]:
    """What of the map is translated."""
    return {
        text
        for standard in STANDARDS.values()
        for text in (
            standard["summary"],
            *(fact["text"] for fact in standard["facts"]),
            *(criterion["title"] for criterion in standard["criteria"] if "title" in criterion),
        )
    }


def faults(standard: object) -> list[str]:
    return [f"{'/'.join(map(str, e.path))}: {e.message}" for e in Draft202012Validator(SCHEMA).iter_errors(standard)]


def test_the_schema_is_one_and_knows_the_words_of_the_code() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["kind"]["enum"] == list(Kind)
    assert SCHEMA["properties"]["criteria"]["items"]["properties"]["degree"]["enum"] == list(Degree)


@every_standard
def test_a_file_is_as_the_schema_says_and_bears_its_id(name: str) -> None:
    assert faults(STANDARDS[name]) == []
    assert STANDARDS[name]["id"] == name
    assert is_tenant(name)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "topics"},
        {"kind": "certificate"},
        {"website": "http://ics-asso.org"},
        {"sectors": ["toys "]},
        {"criteria": []},
        {"sources": [{"title": "A page without an address"}]},
        {
            "facts": [
                {"topic": "cost", "text": "No full stop", "source": {"title": "ICS", "url": "https://ics-asso.org"}}
            ]
        },
        {"fee": "100"},
    ],
    ids=str,
)
def test_the_schema_refuses_what_it_should(change: dict[str, Any]) -> None:
    assert faults(STANDARDS["ics-social"] | change)


@every_standard
def test_topics_and_countries_are_known_and_no_criterion_stands_twice(name: str) -> None:
    criteria = [(criterion["topic"], criterion.get("title")) for criterion in STANDARDS[name]["criteria"]]
    assert {topic for topic, _ in criteria} <= set(TOPICS)
    assert len(set(criteria)) == len(criteria)
    assert set(STANDARDS[name]["countries"]) <= set(countries_by_alpha2)


@every_standard
def test_what_is_told_names_a_listed_source_and_each_listed_source_tells_something(name: str) -> None:
    listed = STANDARDS[name]["sources"]
    named = sources(STANDARDS[name])[len(listed) :]
    assert [source for source in named if source not in listed] == []
    assert [source for source in listed if source not in named] == []


def test_one_title_and_address_is_written_one_way() -> None:
    titles: dict[str, set[str]] = {}
    for standard in STANDARDS.values():
        for source in sources(standard):
            titles.setdefault(source["title"], set()).add(source["url"])
    assert {title: urls for title, urls in titles.items() if len(urls) > 1} == {}


@every_standard
def test_a_review_is_not_in_the_future(name: str) -> None:
    assert date.fromisoformat(STANDARDS[name]["reviewed"]) <= datetime.now(UTC).date()


def test_every_topic_is_covered_by_a_standard() -> None:
    covered = {criterion["topic"] for standard in STANDARDS.values() for criterion in standard["criteria"]}
    assert set(TOPICS) - covered == set()


def test_every_standard_that_a_demo_certificate_names_leads_to_certificates() -> None:
    named = {item["standard_id"] for item in json.loads((PROJECT / "demo" / "certificates.json").read_text())}
    assert named - set(STANDARDS) == set()
    assert {STANDARDS[name]["kind"] for name in named} == {Kind.CERTIFICATION}


def test_names_are_not_used_twice() -> None:
    for key in ("name", "short_name"):
        names = [standard[key].casefold() for standard in STANDARDS.values()]
        assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(("name", "chapters"), [("ics-social", SOCIAL), ("ics-environmental", ENVIRONMENTAL)])
def test_the_ics_audits_are_told_in_full_down_to_chapters(name: str, chapters: str) -> None:
    titles = dict.fromkeys(criterion["title"] for criterion in STANDARDS[name]["criteria"])
    assert list(titles) == [chapter.strip() for chapter in chapters.replace("\n", " ").split("|")]
    assert STANDARDS[name]["kind"] == Kind.AUDIT_SCHEME


def test_no_audit_is_called_a_certificate() -> None:
    for standard in STANDARDS.values():
        if standard["kind"] == Kind.AUDIT_SCHEME:
            assert re.search(r"neither certificates nor labels|is not a certification", standard["summary"])


def test_summaries_are_at_most_two_sentences_and_facts_one() -> None:
    for standard in STANDARDS.values():
        assert len(re.findall(r"\.(?: |$)", standard["summary"])) in {1, 2}, standard["id"]
        for fact in standard["facts"]:
            assert len(re.findall(r"\.(?: |$)", fact["text"])) == 1, fact["text"]


def test_no_text_holds_a_percent_sign_which_the_catalogues_would_take_for_a_placeholder() -> None:
    assert [text for text in texts() if "%" in text] == []


def test_a_text_is_written_one_way_so_that_it_is_translated_once() -> None:
    def plain(text: str) -> str:
        return re.sub(r"\W+", " ", text).casefold().strip()

    assert len({plain(text) for text in texts()}) == len(texts())
