"""What anyone sees of the map: lists, entries, comparisons, topics, what certificates cover; as page and JSON."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib import clock
from chalicelib.domain.standard import TOPICS, Criterion, Degree, Kind, Source, Standard, card
from chalicelib.store import reader
from chalicelib.web import standard_words
from tests.standards import ORGANIC, SOURCE, told
from tests.world import World

pytest_plugins = ["tests.conftest_standards"]

PUT = "/internal/v1/standards/"


def test_a_standard_that_is_not_on_record_is_a_404_whatever_was_typed(mapped: World) -> None:
    for name in ("nothing-here", "%00x", "a", "<script>"):
        assert mapped.anyone.get(f"/standards/{name}").status in (400, 404)
        assert mapped.anyone.get(f"/v1/standards/{name}").status in (400, 404)


def test_a_page_says_each_fact_with_its_source_and_what_is_not_known(mapped: World) -> None:
    said = mapped.anyone.get("/v1/standards/gots").json
    page = mapped.anyone.get("/standards/gots")
    words = told(page)
    for text in (said["name"], said["owner"], said["summary"], *(fact["text"] for fact in said["facts"])):
        assert text in words
    for each in said["criteria"]:
        assert standard_words.TOPICS[each["topic"]] in words
        assert standard_words.DEGREES[each["degree"]] in words
        assert each["source"]["title"] in words
    assert page.text.count(f'href="{SOURCE["url"]}"') == 5
    assert said["facts_not_known"] == ["cost", "process"]
    assert "The map does not know what it costs." in words
    assert "The map does not know whether it covers these topics: Environmental management," in words
    assert "/factories?standard=gots" in page.text
    assert "/factories?standard=" not in mapped.anyone.get("/standards/joint-audit").text
    assert "An audit is not a certificate." in told(mapped.anyone.get("/standards/joint-audit"))


FOUND: list[tuple[str, set[str]]] = [
    ("", {"gots", "joint-audit", "water-method", "unread"}),
    ("?kind=audit_scheme", {"joint-audit"}),
    ("?area=labour", {"gots", "joint-audit"}),
    ("?topic=water_use", {"water-method"}),
    ("?sector=leather", {"joint-audit", "water-method"}),
    ("?country=in", {"gots", "water-method"}),
    ("?kind=label", set()),
]


def test_list_and_json_have_the_standards_that_fit(mapped: World) -> None:
    for question, found in FOUND:
        listed = mapped.anyone.get(f"/v1/standards{question}").json["results"]
        assert {each["id"] for each in listed} == found, question
        page = mapped.anyone.get(f"/standards{question}").ok()
        assert set(re.findall(r'name="ids" value="([^"]+)"', page.text)) == found, question
    assert "No standard on the map fits" in told(page)
    assert "Show all standards" in told(page)


def test_a_filter_that_is_none_is_said_to_be(world: World) -> None:
    for question in ("kind=x", "area=x", "topic=x", "sector=%3C", "country=B1"):
        for path in ("/standards", "/v1/standards"):
            assert world.anyone.get(f"{path}?{question}").status == 400


def test_what_was_ticked_stays_ticked_though_the_list_is_narrowed(mapped: World) -> None:
    page = mapped.anyone.get("/standards?kind=method&ids=gots&ids=water-method").text
    assert set(re.findall(r'value="([^"]+)" checked', page)) == {"gots", "water-method"}
    assert "Chosen before" in page


def test_a_comparison_has_a_row_for_each_topic_of_any_and_a_cell_for_each_standard(mapped: World) -> None:
    for ids in ("ids=gots,joint-audit,unread", "ids=gots&ids=joint-audit&ids=unread"):
        said = mapped.anyone.get(f"/v1/standards/compare?{ids}").ok().json
        assert [each["id"] for each in said["standards"]] == ["gots", "joint-audit", "unread"]
        rows = {row["topic"]: row["degrees"] for area in said["areas"] for row in area["topics"]}
        assert rows == {
            "wastewater": {"gots": "unspecified", "joint-audit": None, "unread": None},
            "chemicals": {"gots": "immediate", "joint-audit": None, "unread": None},
            "child_labour": {"gots": "term", "joint-audit": "immediate", "unread": None},
        }
    page = mapped.anyone.get("/standards/compare?ids=gots,joint-audit,unread").ok()
    row = page.text[page.text.index("/standards/topics/child_labour") :].partition("</tr>")[0]
    cells = re.findall(r'<td data-of="([^"]+)">(.*?)</td>', row)
    plain = [(name, re.sub("<[^>]+>", "", cell)) for name, cell in cells]
    degrees = [("ORGANIC", "Binding within a set time"), ("Joint social audit", "Binding at once")]
    assert plain == [*degrees, ("Unread Standard", "Not known")]


WRONG_CHOICES = [
    ("", "Tick them in the list, then compare them."),
    ("gots", "So far you chose ORGANIC. Tick at least one more."),
    ("gots,a1,b1,c1,d1,e1", "you chose 6. Take some away."),
    ("nothing,gots", "Not on record here: nothing"),
]


def test_too_few_or_too_many_are_answered_with_what_to_do(mapped: World) -> None:
    for ids, said in WRONG_CHOICES:
        page = mapped.anyone.get(f"/standards/compare?ids={ids}")
        assert (page.status, said in told(page)) == (400, True), ids
        assert f'href="/standards{"?ids=" + quote(ids) if ids else ""}"' in page.text
        assert mapped.anyone.get(f"/v1/standards/compare?ids={ids}").status == 400


def test_a_comparison_goes_on_without_what_is_not_on_record_and_says_so(mapped: World) -> None:
    said = mapped.anyone.get("/v1/standards/compare?ids=gots,<b>,joint-audit,nothing").ok().json
    assert said["unknown"] == ["<b>", "nothing"]
    page = mapped.anyone.get("/standards/compare?ids=gots,<b>,joint-audit,nothing")
    assert page.status == 200
    assert "Not on record here: <b>, nothing" in told(page)
    assert "<b>" not in page.text


def test_a_topic_says_who_covers_it_and_how_bindingly(mapped: World) -> None:
    said = mapped.anyone.get("/v1/standards/topics/child_labour").ok().json
    assert [(each["id"], each["degree"]) for each in said["standards"]] == [
        ("joint-audit", "immediate"),
        ("gots", "term"),
    ]
    words = told(mapped.anyone.get("/standards/topics/child_labour"))
    assert words.index("Binding at once") < words.index("Joint social audit") < words.index("ORGANIC")
    assert "The map knows of no standard that covers it." in told(mapped.anyone.get("/standards/topics/biodiversity"))
    for path in ("/standards/topics/karma", "/v1/standards/topics/karma"):
        assert mapped.anyone.get(path).status == 404


def test_what_a_factory_s_certificates_cover_changes_when_one_is_suspended(mapped: World) -> None:
    factory_id = mapped.a_factory()
    code = mapped.a_certificate(factory_id)
    mapped.certifier("POST", "/internal/v1/certificates", _audit_paper(mapped, factory_id)).ok()
    page, path = f"/f/{factory_id}/topics", f"/v1/factories/{factory_id}/topics"
    said = mapped.anyone.get(path).ok().json
    assert [each["topic"] for each in said["topics"]] == ["wastewater", "chemicals", "child_labour"]
    assert {each["code"] for topic in said["topics"] for each in topic["covered_by"]} == {code}
    assert [each["standard"]["id"] for each in said["no_certification"]] == ["joint-audit"]
    assert "Confirmed by the certifier" in told(mapped.anyone.get(page))
    assert page in mapped.anyone.get(f"/f/{factory_id}").text
    change = {"standing": "suspended", "reason": "Wastewater"}
    mapped.certifier("POST", f"/internal/v1/certificates/{code}/standing", change).ok()
    assert mapped.anyone.get(path).json["topics"] == []
    assert "No certificate that is valid today is known to cover a topic." in told(mapped.anyone.get(page))


def _audit_paper(world: World, factory_id: str) -> dict[str, Any]:
    return world.certificate_body(factory_id, number="A-1", standard_id="joint-audit")


def test_a_declared_certificate_is_said_to_be_not_confirmed(mapped: World) -> None:
    factory_id = mapped.a_factory()
    runner = mapped.run_by(factory_id)
    runner("POST", "/internal/v1/certificates", mapped.certificate_body(factory_id, certifier="Somebody")).ok()
    runner("POST", f"/internal/v1/factories/{factory_id}/publish")
    said = mapped.anyone.get(f"/v1/factories/{factory_id}/topics").ok().json
    assert [each["confirmed_by_certifier"] for each in said["topics"][0]["covered_by"]] == [False]
    assert "Declared by the factory." in told(mapped.anyone.get(f"/f/{factory_id}/topics"))


def test_each_page_makes_few_reads(mapped: World, reads: list[str]) -> None:
    factory_id = mapped.a_factory()
    code = mapped.a_certificate(factory_id)
    for path, wanted in (
        ("/standards", ["Query", "Query"]),
        ("/standards/gots", ["GetItem"]),
        ("/standards/compare?ids=gots,joint-audit", ["BatchGetItem"]),
        ("/standards/compare?ids=gots,a1,b1,c1,d1,e1", ["BatchGetItem"]),
        ("/standards/topics/energy", ["Query"]),
        (f"/f/{factory_id}/topics", ["GetItem", "BatchGetItem"]),
        (f"/f/{factory_id}", ["GetItem"]),
        (f"/c/{code}", ["GetItem"]),
    ):
        reads.clear()
        mapped.anyone.get(path)
        assert reads == wanted, path


def test_a_certificate_leads_to_its_standard(mapped: World) -> None:
    code = mapped.a_certificate(mapped.a_factory())
    assert 'href="/standards/gots"' in mapped.anyone.get(f"/c/{code}").text


def test_markup_in_an_entry_is_inert(mapped: World) -> None:
    evil = "</script><b>&\"'%(x)s"
    source = {"title": evil}
    criteria = [{"topic": "energy", "degree": "term", "title": evil, "source": source}]
    facts = [{"topic": "cost", "text": evil, "source": source}]
    entry = {"name": evil, "owner": evil, "kind": "label", "summary": evil, "facts": facts, "criteria": criteria}
    for identifier in ("evil", "evil-two"):
        mapped.staff("PUT", PUT + identifier, {**entry, "sources": [source]}).ok()
    for path in ("/standards", "/standards/evil", "/standards/compare?ids=evil,evil-two", "/standards/topics/energy"):
        page = mapped.anyone.get(path).ok()
        assert "<b>" not in page.text, path
        assert "&lt;b&gt;" in page.text, path


def test_what_the_catalogue_has_not_is_english_and_marked_so(mapped: World) -> None:
    page = mapped.anyone.get("/standards/gots?lang=ar").ok()
    assert '<span lang="en" dir="ltr">Textiles from organic fibres.</span>' in page.text
    assert (
        "</span>" not in mapped.anyone.get("/standards/gots").text.partition('<p class="lead">')[2].partition("</p>")[0]
    )


FRESH = [
    ("2026-01-15", "Reviewed on 15 January 2026 by the registry."),
    ("2025-11-22", "Reviewed on 22 November 2025 by the registry. This may be out of date."),
    (None, "Nobody has reviewed this entry yet."),
]


def test_a_page_says_how_fresh_it_is(mapped: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, (reviewed, _) in enumerate(FRESH):
        mapped.staff("PUT", f"{PUT}fresh-{number}", {**ORGANIC, "reviewed": reviewed}).ok()
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 22))
    for number, (_, said) in enumerate(FRESH):
        for path in (f"/standards/fresh-{number}", f"/standards/compare?ids=fresh-{number},joint-audit"):
            assert said in told(mapped.anyone.get(path)), path


def test_pages_are_small_in_every_language(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    chapters = tuple(Criterion(topic, Degree.TERM, Source("A document"), f"Chapter on {topic}") for topic in TOPICS)
    one = Standard("one", "One", "O", kind=Kind.CERTIFICATION, criteria=chapters, reviewed="2026-01-01")
    names = [(f"many-{number}", f"Standard number {number}", f"Owner {number * 7919}") for number in range(70)]
    many = {name: replace(one, standard_id=name, name=called, owner=owner) for name, called, owner in names}
    monkeypatch.setattr(reader, "standard", many.get)
    monkeypatch.setattr(reader, "standards", lambda ids: {each: many[each] for each in ids})
    monkeypatch.setattr(reader, "standard_cards", lambda *_: {name: card(each) for name, each in many.items()})
    for path in ("/standards", "/standards/many-1", f"/standards/compare?ids={','.join(list(many)[:5])}"):
        for code in ("en", "ar", "bn"):
            body = world.anyone.get(f"{path}{'&' if '?' in path else '?'}lang={code}").ok().content
            assert len(gzip.compress(body, 6)) <= 14_000, (path, code)
    assert "There are more." in world.anyone.get("/standards").text
    assert len(world.anyone.get("/v1/standards").json["results"]) == 70
