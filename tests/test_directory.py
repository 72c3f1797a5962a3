"""The directory and the one box over HTTP: what is found, what is said of it, and what a search reads."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.domain.factory import Factory, IcsStatement, State
from chalicelib.public import search
from chalicelib.store import brands, models, public_table, reader
from chalicelib.store.registry import factories
from chalicelib.store.registry.factories import Change, public_items
from chalicelib.store.registry.history import Actor, Happening
from tests.world import GTIN, World, audit_item

HOME = "http://127.0.0.1:8000"


@dataclass
class Reads:
    """What a request asked of DynamoDB."""

    calls: list[str]
    items: int = 0


@pytest.fixture
def reads(world: World, monkeypatch: pytest.MonkeyPatch) -> Reads:  # noqa: ARG001  (made first)
    counted = Reads([])
    call = public_table._call

    def count(operation: str, payload: dict[str, Any]) -> dict[str, Any]:
        reply = call(operation, payload)
        counted.calls.append(operation)
        counted.items += len(reply.get("Items", ()))
        return reply

    monkeypatch.setattr(public_table, "_call", count)
    return counted


def named(world: World, number: int, name: str, country: str = "BD", **fields: Any) -> str:
    """A factory with a name: its Factory ID."""
    return world.a_factory(f"S-{number}", factory={"name": name, "country": country, **fields})


def ids(world: World, asked: str) -> list[str]:
    """The factories that the directory finds."""
    return [card["factory_id"] for card in world.anyone.get(f"/v1/directory?{asked}").ok().json["results"]]


def found(world: World, typed: str) -> str:
    """Where the one box leads."""
    answer = world.anyone.get(f"/find?q={quote(typed)}")
    assert answer.status == 303, (typed, answer.status)
    return answer.headers["location"].removeprefix(HOME)


def became(world: World, factory_id: str, state: State, successor: str | None = None) -> None:
    """Change what became of a factory, as staff will."""
    del world

    def decide(held: factories.Held) -> Change:
        wanted = replace(held.factory, state=state, state_since="2026-05-01", successor=successor)
        return Change(wanted, (Happening("state", {"state": {"from": "open", "to": state.value}}),))

    factories.change(factory_id, decide, Actor("staff", "test", "test"))


def test_a_name_is_found_with_a_typing_error_and_said_to_be_close(world: World) -> None:
    factory_id = named(world, 1, "Jamdanipara Weaving Mills Ltd")
    for typed in ("Jamdanipra weaving", "jmdanipara", "Weaving Jamdanipaar", "JAMDANIPARRA", "jamdanip"):
        answer = world.anyone.get(f"/v1/directory?q={quote(typed)}").ok().json
        assert [card["factory_id"] for card in answer["results"]] == [factory_id], typed
        assert answer["match"] == "close", typed
    page = world.anyone.get("/find?q=jamdanipra")
    assert page.status == 200
    assert "These names are close" in page.text


@pytest.mark.parametrize(
    ("fields", "typed"),
    [
        ({"local_name": "东莞素心兰内衣有限公司"}, "素心兰"),
        ({"local_name": "চামড়াশিল্প ট্যানারি লিমিটেড"}, "ট্যানারি চামড়াশিল্প"),
        ({"local_name": "شركة قطن الدلتا"}, "قُطن الدلتا"),
        ({"aliases": ["Old Trading Name", "JWML"]}, "jwml"),
        ({"aliases": ["Bờ Kè Xanh"]}, "bo ke xanh"),
        ({"city": "Gazipur"}, "meghna gazipur"),
    ],
)
def test_local_names_aliases_and_towns_are_searched(world: World, fields: dict[str, Any], typed: str) -> None:
    factory_id = named(world, 1, "Meghna Knit Ltd", **fields)
    named(world, 2, "Meghna Padma Ltd")
    assert found(world, typed) == f"/f/{factory_id}"


def test_a_factory_that_renames_itself_is_found_by_its_new_words_only(world: World) -> None:
    factory_id = named(world, 1, "Oldwordish Knit Ltd")
    world.push(audit_item("S-1", version=2, factory={"name": "Newwordish Dyeing Ltd", "country": "BD"})).ok()
    assert ids(world, "q=newwordish") == [factory_id]
    assert ids(world, "q=oldwordish") == []
    assert ids(world, "q=oldwordsih") == []
    assert "oldwordish" not in str(world.tables.scan(world.tables.public))


def test_a_word_that_another_factory_has_stays_forgiving(world: World) -> None:
    named(world, 1, "Samewordish Knit Ltd")
    other = named(world, 2, "Samewordish Dyeing Ltd")
    world.push(audit_item("S-1", version=2, factory={"name": "Newwordish Ltd", "country": "BD"})).ok()
    assert ids(world, "q=samewordihs") == [other]


@pytest.fixture
def mixed(world: World) -> dict[str, str]:
    """Factories that differ in each facet."""
    made = {
        "a": named(world, 1, "Alpha Knit", "BD", product_categories=["knitwear"]),
        "b": named(world, 2, "Beta Knit", "BD", product_categories=["knitwear", "denim"]),
        "c": named(world, 3, "Gamma Knit", "TR", product_categories=["denim"]),
        "d": named(world, 4, "Delta Yarn", "TR"),
    }
    world.a_certificate(made["a"])
    world.a_certificate(made["c"], number="X1", valid_to="2026-02-01")
    return made


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", "abcd"),
        ("country=BD", "ab"),
        ("country=tr", "cd"),
        ("category=denim", "bc"),
        ("category=denim&country=TR", "c"),
        ("standard=gots", "ac"),
        ("standard=gots&valid=1", "a"),
        ("valid=1", "a"),
        ("valid=1&country=TR", ""),
        ("q=knit", "abc"),
        ("q=knit&country=BD", "ab"),
        ("q=knit&category=denim&country=BD", "b"),
        ("q=knit&valid=true", "a"),
        ("q=!!!", ""),
        ("country=ZZ", ""),
        ("standard=none", ""),
    ],
)
def test_facets_narrow_the_directory_with_and_without_words(
    world: World, mixed: dict[str, str], asked: str, names: str
) -> None:
    expected = {mixed[name] for name in names}
    answered = ids(world, asked)
    assert set(answered) == expected
    assert len(answered) == len(expected)
    page = world.anyone.get(f"/factories?{asked}").ok().text
    assert {name for name in mixed if mixed[name] in page} == set(names)


def test_the_list_is_by_country_then_name(world: World, mixed: dict[str, str]) -> None:
    assert ids(world, "") == [mixed[name] for name in ("a", "b", "d", "c")]


def test_a_withdrawn_certificate_is_out_of_the_list_at_once(world: World, mixed: dict[str, str]) -> None:
    code = world.anyone.get(f"/v1/factories/{mixed['a']}").json["certificates"][0]["code"]
    said = {"standing": "withdrawn", "reason": "Fraud", "effective": "2026-02-01"}
    assert ids(world, "valid=1") == [mixed["a"]]
    world.certifier("POST", f"/internal/v1/certificates/{code}/standing", said).ok()
    assert ids(world, "valid=1") == []
    card = world.anyone.get("/v1/directory?q=alpha").json["results"][0]
    assert (card["certificates"], card["certificates_valid"]) == (1, 0)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.CLOSED, "Closed since"),
        (State.MOVED, "Moved to this address on"),
        (State.MERGED, "Merged into another record on"),
    ],
)
def test_what_became_of_a_factory_is_said_in_the_list(world: World, state: State, words: str) -> None:
    old = named(world, 1, "Oldname Knit", aliases=["Former Trading"])
    successor = named(world, 2, "Newname Knit") if state is State.MERGED else None
    became(world, old, state, successor)
    page = world.anyone.get("/factories?q=oldname").ok().text
    assert words in page
    assert "1 May 2026" in page
    assert not successor or f"/f/{successor}" in page
    card = world.anyone.get("/v1/directory?q=former").json["results"][0]
    assert (card["state"], card["state_since"], card["successor"]) == (state.value, "2026-05-01", successor)
    assert found(world, "former trading") == f"/f/{old}"


@pytest.fixture
def many(world: World) -> list[str]:
    """More factories than a page shows, published as a batch of audits would publish them."""
    del world
    listed = []
    with models.PublicItem.batch_write() as batch:
        for number in range(107):
            factory_id = f"PT{number:010d}"
            said = IcsStatement(1, "2026-01-01", {"name": f"Many {number:03d} Mill", "country": "PT"})
            items = public_items(Factory(factory_id, ics=said, published=True), [], {})
            for key, body in items.items():
                batch.save(models.PublicItem(key.pk, key.sk, body=body))
            listed.append(factory_id)
    return listed


@pytest.mark.parametrize("asked", ["country=PT", "q=many", "q=many+mill&country=PT", ""])
def test_pages_follow_each_other_without_gap_or_repeat(world: World, many: list[str], asked: str) -> None:
    seen: list[str] = []
    cursor, sizes = "", []
    while True:
        answer = world.anyone.get(f"/v1/directory?{asked}&cursor={cursor}").ok().json
        seen += [card["factory_id"] for card in answer["results"]]
        sizes.append(len(answer["results"]))
        cursor = answer["next_cursor"]
        if not cursor:
            break
    assert seen == many
    assert sizes == [50, 50, 7]


def test_a_page_says_how_many_only_where_it_knows(world: World, many: list[str]) -> None:
    assert many
    first = world.anyone.get("/factories?country=PT").text
    assert "More than 50 factories" in first
    path = re.search(r'href="([^"]+)" rel="next"', first)
    assert path
    second = world.anyone.get(path.group(1).replace("&amp;", "&")).ok().text
    assert "Factories 51 to 100" in second
    assert "First page" in second


def test_a_cursor_that_is_broken_or_of_another_search_is_refused(world: World, many: list[str]) -> None:
    assert many
    good = world.anyone.get("/v1/directory?country=PT").json["next_cursor"]
    bad = [good[:-2], good + "AAAA", "A" + good[1:], "x", "%00", "=" * 50, "A" * 5000, "é", good.swapcase()]
    for token in bad:
        answer = world.anyone.get(f"/v1/directory?country=PT&cursor={quote(token)}")
        assert answer.status == 400, token
    for other in ("country=BD", "q=many", "", "country=PT&valid=1"):
        assert world.anyone.get(f"/v1/directory?{other}&cursor={good}").status == 400, other
    page = world.anyone.get("/factories?country=PT&cursor=x")
    assert (page.status, page.headers["content-type"]) == (400, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    "asked", ["country=B", "country=<b>", "category=A+B", "standard=%00", "valid=maybe", "q=" + "a" * 201]
)
def test_a_facet_of_no_known_shape_is_refused(world: World, asked: str) -> None:
    assert world.anyone.get(f"/v1/directory?{asked}").status == 400
    assert world.anyone.get(f"/factories?{asked}").status == 400


def test_the_box_reads_codes_addresses_and_numbers(world: World) -> None:
    factory_id = world.a_factory()
    code = world.a_certificate(factory_id)
    world.a_product(factory_id)
    spaced = f"{factory_id[:2]} {factory_id[2:7]} {factory_id[7:]}"
    readings = {
        factory_id: f"/f/{factory_id}",
        spaced.lower(): f"/f/{factory_id}",
        f"HTTPS://FACTORY-ID.EXAMPLE/F/{factory_id}": f"/f/{factory_id}",
        f"{HOME}/f/{factory_id}?lang=fr#x": f"/f/{factory_id}",
        f"factory-id.example/c/{code.lower()}": f"/c/{code}",
        code: f"/c/{code}",
        "CU 123-456": f"/c/{code}",
        GTIN: f"/01/{GTIN}",
        GTIN[1:]: f"/01/{GTIN}",
        f"https://brand.example/x/01/{GTIN}/10/L%2F1?17=1": f"/01/{GTIN}/10/L%2F1",
        f"(01){GTIN}(10)L1(21)S9": f"/01/{GTIN}/10/L1/21/S9",
        "(414) 4006381333931": "/414/4006381333931",
        "(414)4006381333931(254)Gate/2": "/414/4006381333931/254/Gate%2F2",
        "(253)4006381333931aBC-1": "/253/4006381333931aBC-1",
        "4006381333931": f"/f/{factory_id}",
        "https://id.example/414/4006381333931": "/414/4006381333931",
        "https://id.example/253/4006381333931ABC": "/253/4006381333931ABC",
        "s.t. screen": f"/f/{factory_id}",
    }
    for typed, path in readings.items():
        assert found(world, typed) == path, typed


def test_the_box_keeps_the_language_that_was_asked_for(world: World) -> None:
    factory_id = world.a_factory()
    answer = world.anyone.get(f"/find?q={factory_id}&lang=en")
    assert answer.headers["location"] == f"{HOME}/f/{factory_id}?lang=en"


def test_the_box_reads_a_bare_gdti_that_is_on_record_unless_it_is_a_number(world: World, reads: Reads) -> None:
    factory_id = world.a_factory()
    gdti = "9521234543213aB-1"
    world.a_certificate(factory_id, gdti=gdti)
    reads.calls.clear()
    assert found(world, f" {gdti[:13]} {gdti[13:]} ") == f"/253/{gdti}"
    assert reads.calls == ["GetItem", "Query", "BatchGetItem"]
    assert world.anyone.get("/find?q=9521234543213other").status == 404
    numbered = world.a_certificate(factory_id, number=gdti)
    assert found(world, gdti) == f"/c/{numbered}"


@pytest.mark.parametrize("printed", ["(414)4006381333932", "(253)4006381333932A", "(253)400638133393", "(10)L1"])
def test_printed_numbers_that_cannot_be_lead_nowhere(world: World, printed: str) -> None:
    assert world.anyone.get(f"/find?q={quote(printed)}").status == 404


def a_member(world: World, member_id: str, name: str) -> None:
    said = {"name": name, "country": "FR"}
    world.staff("PUT", f"/internal/v1/members/{member_id}", said).ok()


def test_the_box_leads_to_standards_and_members_by_their_names(world: World) -> None:
    said = {"name": "Global Recycled Standard", "short_name": "GRS", "owner": "Textile Exchange"}
    world.staff("PUT", "/internal/v1/standards/grs-4", said).ok()
    a_member(world, "lumiere", "Maison Lumière")
    for typed in ("grs", "GRS-4", "global  recycled standard"):
        assert found(world, typed) == "/standards/grs-4", typed
    assert found(world, "GOTS") == "/standards/gots"
    for typed in ("maison lumiere", "MAISON LUMIÈRE", "Lumiere"):
        assert found(world, typed) == "/members/lumiere", typed
    assert world.anyone.get("/find?q=recycled").status == 404
    factory_id = named(world, 1, "GRS Weaving")
    assert found(world, "grs") == f"/f/{factory_id}"


def test_several_members_of_one_name_are_listed(world: World) -> None:
    for member_id in ("lumiere-1", "lumiere-2"):
        a_member(world, member_id, "Petit Lumière")
    answer = world.anyone.get(f"/find?lang=en&q={quote('petit lumière')}")
    assert answer.headers["location"] == f"{HOME}/members?q=petit%20lumi%C3%A8re&lang=en"
    assert found(world, "lumiere-2") == "/members/lumiere-2"


def test_a_name_of_letters_only_goes_before_a_code_that_nothing_bears(world: World) -> None:
    assert found(world, "Primaverang") == "/p/PR1MAVERANG"
    a_member(world, "spring", "Primaverang")
    assert found(world, "Primaverang") == "/members/spring"


def test_names_of_standards_and_members_are_read_only_where_nothing_else_answers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    factory_id = world.a_factory()
    code = world.a_certificate(factory_id)
    monkeypatch.setattr(brands, "members", pytest.fail)
    monkeypatch.setattr(reader, "standard_cards", pytest.fail)
    for typed in (factory_id, code, "CU 123-456", GTIN, "4006381333931", "s.t. screen", f"{HOME}/f/{factory_id}"):
        assert world.anyone.get(f"/find?q={quote(typed)}").status == 303


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("BD-7K3M9-Q2XWC", "Factory ID"),
        ("C-4J7K2-M9QXE", "certificate code"),
        ("P-4J7K2-M9QXE", "product code"),
        ("4006381333932", "bar code"),
        ("https://id.example/f/BD7K3M9Q2XWC", "Factory ID"),
    ],
)
def test_a_mistyped_code_is_named_and_not_called_unknown(world: World, typed: str, kind: str) -> None:
    answer = world.anyone.get(f"/find?q={quote(typed)}")
    assert answer.status == 404
    [heading] = re.findall(r"<h1[^>]*>([^<]*)</h1>", answer.text)
    assert kind in heading
    assert "typing error" in heading


def test_a_name_that_looks_like_a_code_is_found(world: World) -> None:
    looks = named(world, 1, "Pakistanize")  # eleven letters that begin with P
    twelve = named(world, 2, "Bangladeshez")
    assert found(world, "Pakistanize") == f"/f/{looks}"
    assert found(world, "BANGLADESHEZ") == f"/f/{twelve}"


def test_nothing_found_offers_names_with_some_of_the_words(world: World) -> None:
    factory_id = named(world, 1, "Jamdanipara Weaving")
    answer = world.anyone.get("/find?q=jamdanipara+qqqqq+wwwww")
    assert answer.status == 404
    assert "Names with some of the words" in answer.text
    assert factory_id in answer.text


def test_two_certificates_with_one_number_are_both_shown(world: World) -> None:
    world.staff("PUT", "/internal/v1/standards/grs", {"name": "Global Recycled Standard", "owner": "TE"}).ok()
    factory_id = world.a_factory()
    codes = [world.a_certificate(factory_id), world.a_certificate(factory_id, standard_id="grs")]
    page = world.anyone.get("/find?q=CU123456").ok().text
    assert all(f"/c/{code}" in page for code in codes)


@pytest.mark.parametrize(
    ("asked", "most"),
    [
        ("q=many+001", 2),
        ("q=many", 2),
        ("country=PT", 1),
        ("category=denim", 1),
        ("valid=1&country=PT", 1),
        ("", 1),
        ("q=mnay", 12),
        ("q=qwertzuiop+asdfghjk+yxcvbnm", 21),
    ],
)
def test_a_search_makes_few_queries(world: World, many: list[str], reads: Reads, asked: str, most: int) -> None:
    assert many
    world.anyone.get("/v1/directory?country=ZZ")
    reads.calls.clear()
    reads.items = 0
    world.anyone.get(f"/v1/directory?{asked}").ok()
    assert set(reads.calls) == {"Query"}
    assert len(reads.calls) <= most, reads.calls
    assert reads.items <= search.MOST_READ + 3 * 60


def test_a_page_of_fifty_stays_within_one_round_trip(world: World) -> None:
    fields = {"country": "BD", "product_categories": ["knitwear", "denim", "apparel"], "city": "Narayanganj"}
    names = {"local_name": "চামড়াশিল্প ট্যানারি {} লিমিটেড"}
    items = [
        audit_item(
            f"M-{number}",
            factory={
                **fields,
                "name": f"Long {number} Name of a Mill Ltd",
                "local_name": names["local_name"].format(number),
            },
        )
        for number in range(60)
    ]
    world.push(*items).ok()
    page = world.anyone.get("/factories?country=BD").ok()
    assert page.text.count('class="item"') == search.PAGE
    assert len(gzip.compress(page.content)) <= 14_000
