"""Brands' pages: who is on them and who is not, what is counted, and that every form of them says the same."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain import brand
from chalicelib.domain.disclosure import PublicProduct, PublicStage
from chalicelib.domain.factory import Link, Source
from chalicelib.store import brands
from chalicelib.store.registry import factories
from chalicelib.store.registry.factories import Change, Held
from chalicelib.store.registry.history import Actor
from tests.standards import SOURCE
from tests.world import Answer, Caller, World, audit_item

STAFF = Actor("staff", "staff", "test")
ANSWERS = (
    "/members/maison",
    "/members/maison/factories",
    "/members/maison/products",
    "/v1/members/maison",
    "/v1/members/maison/factories",
    "/v1/members/maison/products",
    "/v1/members/maison/factories.csv",
    "/v1/members/maison/factories.json",
    "/v1/members/maison/factories.geojson",
)


class Shop:
    """A world with a brand, and short ways to agree on links."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.get = world.anyone.get
        self.owners: dict[str, Caller] = {}

    def factory(self, site: str, name: str = "", shown: bool = True, **fields: Any) -> str:
        """A factory from an audit, run by somebody; its link to maison is public unless ``shown`` is false."""
        item = audit_item(site)
        del item["factory"]["gln"]
        item["factory"] |= {"name": name or f"Mill {site}", **fields}
        factory_id = str(self.world.push(item).ok().json["results"][0]["factory_id"])
        self.owners[factory_id] = self.world.run_by(factory_id, f"{site.lower()}@mill.example")
        if shown:
            self.agree(factory_id)
        return factory_id

    def several(self, number: int) -> set[str]:
        """So many factories whose links to maison are public, quickly."""
        items = [audit_item(f"S-{each}") for each in range(number)]
        for item in items:
            del item["factory"]["gln"]
        results = self.world.push(*items).ok().json["results"]
        for each in results:
            shown_by(each["factory_id"], 1)
        return {each["factory_id"] for each in results}

    def agree(self, factory_id: str, member: Caller | None = None, name: str = "maison") -> None:
        """Both sides show the link."""
        (member or self.world.member)("PUT", f"/internal/v1/network/{factory_id}", {"public": True}).ok()
        self.says(factory_id, True, name)

    def says(self, factory_id: str, public: bool, name: str = "maison") -> None:
        """The factory's side of the link."""
        path = f"/internal/v1/factories/{factory_id}/links/{name}"
        self.owners[factory_id]("PUT", path, {"public": public}).ok()

    def product(self, gtin: str, *stages: tuple[str, str]) -> None:
        body = {"brand": "Maison", "name": f"Shirt {gtin[-3:]}", "category": "apparel"}
        body["stages"] = [{"process": process, "factory_id": each} for process, each in stages]
        self.world.member("PUT", f"/internal/v1/products/{gtin}", body).ok()

    def standard(self, standard_id: str, *topics: str) -> None:
        """A standard of the map that covers some topics."""
        criteria = [{"topic": topic, "degree": "immediate", "source": SOURCE} for topic in topics]
        body = {"name": standard_id, "owner": "O", "kind": "certification", "criteria": criteria}
        self.world.staff("PUT", f"/internal/v1/standards/{standard_id}", body).ok()

    def facts(self) -> dict[str, Any]:
        return dict(self.get("/v1/members/maison").ok().json)

    def ids(self) -> list[str]:
        found: list[str] = []
        path = "/v1/members/maison/factories"
        answer = self.get(path).ok().json
        found += [each["factory_id"] for each in answer["results"]]
        while answer["next_cursor"]:
            answer = self.get(f"{path}?cursor={answer['next_cursor']}").ok().json
            found += [each["factory_id"] for each in answer["results"]]
        return found

    def everywhere(self) -> str:
        """All that the public is told of the brand, in one text."""
        return "\n".join(self.get(path).ok().text for path in ANSWERS)


@pytest.fixture
def shop(world: World) -> Shop:
    return Shop(world)


# Which factories show


def test_a_factory_shows_once_both_sides_agreed_and_not_before(shop: Shop) -> None:
    factory_id = shop.factory("S-1", "Meghna Knit", shown=False)
    assert "Meghna Knit" not in shop.everywhere()
    assert factory_id not in shop.everywhere()
    shop.world.member("PUT", f"/internal/v1/network/{factory_id}", {"public": True}).ok()
    assert factory_id not in shop.everywhere()
    shop.says(factory_id, True)
    for path in ANSWERS:
        if "products" not in path and path != "/v1/members/maison":
            assert "Meghna Knit" in shop.get(path).text, path
    assert shop.facts()["factories"]["listed"] == 1


def test_a_link_that_one_side_hides_or_ends_is_gone_on_the_next_read(shop: Shop) -> None:
    hidden, unshown, left, dropped, stays = [shop.factory(f"S-{number}") for number in range(5)]
    shop.product("09521234543213", ("knitting", hidden), ("sewing", stays))
    assert shop.ids() == [hidden, unshown, left, dropped, stays]
    links = "/internal/v1/factories/{}/links/maison"
    shop.owners[hidden]("PUT", links.format(hidden), {"public": False}).ok()
    shop.world.member("PUT", f"/internal/v1/network/{unshown}", {"public": False}).ok()
    shop.owners[left]("DELETE", links.format(left)).ok()
    shop.world.member("DELETE", f"/internal/v1/network/{dropped}").ok()
    assert shop.ids() == [stays]
    everything = shop.everywhere()
    for gone in (hidden, unshown, left, dropped):
        assert gone not in everything
    assert shop.facts()["tiers"][0]["stages"] == ["sewing"]
    items = [each for each in shop.world.tables.scan(shop.world.tables.public) if each["pk"]["S"] == "MEMBER#maison"]
    assert sorted(each["sk"]["S"] for each in items) == [f"FACTORY#{stays}", "PAGE", "PRODUCT#09521234543213"]


@pytest.mark.safety("privacy.gone-at-once")
def test_what_goes_private_goes_from_the_brands_list_in_the_same_write(shop: Shop) -> None:
    factory_id = shop.factory("S-1", address="17 Secret Lane")
    owner = shop.owners[factory_id]
    assert "17 Secret Lane" in shop.everywhere()
    owner("PUT", f"/internal/v1/factories/{factory_id}/privacy", {"address": "private"}).ok()
    assert "17 Secret Lane" not in shop.everywhere()


def test_a_draft_shows_on_no_brands_page(shop: Shop) -> None:
    invited = {"email": "new@mill.example", "name": "Draft Mill", "country": "BD"}
    shop.world.member("POST", "/internal/v1/invitations", invited).ok()
    owner = shop.world.signed_in(shop.world.accept(shop.world.mailed[-1][1]).ok())
    factory_id = shop.world.tables.scan(shop.world.tables.registry)
    drafts = {each["body"]["S"] for each in factory_id if "Draft Mill" in each["body"]["S"] and "RECORD" in str(each)}
    found = next(json.loads(body)["factory_id"] for body in drafts if "factory_id" in body and "links" in body)
    owner("PUT", f"/internal/v1/factories/{found}/links/maison", {"public": True}).ok()
    assert "Draft Mill" not in shop.everywhere()


@pytest.mark.safety("public.private-field")
def test_contact_details_stand_in_no_answer(shop: Shop) -> None:
    shop.factory("S-1")
    assert "mill.example" not in shop.everywhere()
    assert "Secretova" not in shop.everywhere()


# What became of a factory


def test_a_closed_factory_is_shown_as_closed_and_not_counted(shop: Shop) -> None:
    factory_id = shop.factory("S-1")
    shop.factory("S-2")
    shop.world.a_certificate(factory_id)
    assert shop.facts()["factories"] == {"listed": 2, "counted": 2, "certified": 1, "complete": True}
    shop.world.staff("POST", f"/internal/v1/factories/{factory_id}/close", {"reason": "Shut"}).ok()
    told = shop.facts()
    assert told["factories"] == {"listed": 2, "counted": 1, "certified": 0, "complete": True}
    assert told["countries"] == [{"country": "BD", "factories": 1, "certified": 0}]
    assert "Closed since" in shop.get("/members/maison").text
    shop.world.staff("POST", f"/internal/v1/factories/{factory_id}/reopen", {"reason": "Open"}).ok()
    assert shop.facts()["factories"]["counted"] == 2


def test_of_merged_records_the_one_that_remains_is_shown_once_with_the_certificates_of_both(shop: Shop) -> None:
    one, into = shop.factory("S-1", "Meghna Old"), shop.factory("S-2", "Meghna New")
    shop.world.a_certificate(one)
    shop.world.staff("POST", f"/internal/v1/factories/{one}/merge", {"into": into, "reason": "Same"}).ok()
    assert shop.ids() == [into]
    assert shop.facts()["factories"] == {"listed": 1, "counted": 1, "certified": 1, "complete": True}
    shop.world.staff("POST", f"/internal/v1/factories/{one}/unmerge", {"reason": "Not the same"}).ok()
    assert shop.ids() == sorted([one, into], key=lambda each: each == one)


def test_a_merged_record_leads_to_one_that_is_not_linked_itself_and_hiding_the_link_hides_it(shop: Shop) -> None:
    one, into = shop.factory("S-1", "Meghna Old"), shop.factory("S-2", "Meghna New", shown=False)
    shop.world.staff("POST", f"/internal/v1/factories/{one}/merge", {"into": into, "reason": "Same"}).ok()
    assert shop.ids() == [into]
    assert [each["member_id"] for each in shop.get(f"/v1/factories/{into}").json["members"]] == ["maison"]
    shop.says(into, False)
    assert shop.ids() == []
    assert shop.get(f"/v1/factories/{into}").json["members"] == []


def test_a_factory_that_moved_to_another_id_is_shown_as_moved_and_not_counted(shop: Shop) -> None:
    one, into = shop.factory("S-1"), shop.factory("S-2", shown=False)
    body = {"into": into, "effective": "2026-01-01", "reason": "Moved"}
    shop.world.staff("POST", f"/internal/v1/factories/{one}/move", body).ok()
    told = shop.get("/v1/members/maison/factories").json["results"]
    assert [(each["factory_id"], each["state"], each["counted"]) for each in told] == [(one, "moved", False)]


# Certificates


def test_a_certificate_withdrawn_changes_the_share_on_the_next_read_without_a_job(shop: Shop) -> None:
    factory_id = shop.factory("S-1")
    shop.factory("S-2")
    shop.standard("gots", "wages", "chemicals", "water_use")
    code = shop.world.a_certificate(factory_id)

    def areas() -> dict[str, int]:
        return {each["area"]: each["factories"] for each in shop.facts()["areas"]}

    assert areas() == {"environment": 1, "labour": 1, "economic": 0, "quality": 0, "ethics": 0}
    assert "1 of 2" in shop.get("/members/maison").text
    said = {"standing": "withdrawn", "reason": "Left"}
    shop.world.certifier("POST", f"/internal/v1/certificates/{code}/standing", said).ok()
    assert set(areas().values()) == {0}
    assert shop.facts()["factories"]["certified"] == 0
    assert "0 of 2" in shop.get("/members/maison").text


def test_a_certificate_that_ran_out_or_nobody_confirmed_counts_for_nothing(shop: Shop, monkeypatch: Any) -> None:
    factory_id = shop.factory("S-1")
    shop.world.a_certificate(factory_id, valid_to="2026-12-31")
    declared = {**shop.world.certificate_body(factory_id, number="D-1"), "certifier": "Somebody"}
    shop.owners[factory_id]("POST", "/internal/v1/certificates", declared).ok()
    monkeypatch.setattr(clock, "now", lambda: clock.parsed("2026-12-31T23:59:59Z"))
    assert shop.facts()["factories"]["certified"] == 1
    monkeypatch.setattr(clock, "now", lambda: clock.parsed("2027-01-01T00:00:00Z"))
    assert shop.facts()["factories"]["certified"] == 0


# Chains


def a_product(*stages: tuple[str, str]) -> PublicProduct:
    return PublicProduct("P", "B", "N", "c", (), tuple(PublicStage(*each) for each in stages), "")


def test_tiers_are_counted_from_the_finished_product_and_stages_at_one_factory_are_one_step() -> None:
    shirt = a_product(("spinning", "C"), ("knitting", "B"), ("dyeing", "B"), ("cutting", "A"), ("sewing", "A"))
    assert {key: place.tier for key, place in brand.places([shirt]).items()} == {"A": 1, "B": 2, "C": 3}
    assert brand.places([shirt])["B"].processes == ("knitting", "dyeing")


def test_a_factory_stands_on_the_tier_nearest_to_the_product_over_all_products() -> None:
    found = brand.places([a_product(("dyeing", "B"), ("sewing", "A")), a_product(("sewing", "B"))])
    assert (found["B"].tier, found["B"].processes) == (1, ("dyeing", "sewing"))


def test_a_chain_names_only_factories_whose_link_is_shown(shop: Shop) -> None:
    shown, hidden = shop.factory("S-1", "Meghna Knit"), shop.factory("S-2", "Hidden Dyers", shown=False)
    shop.product("09521234543213", ("dyeing", hidden), ("sewing", shown))
    told = shop.get("/v1/members/maison/products").json["results"][0]["stages"]
    assert [(each["process"], each["name"]) for each in told] == [("dyeing", None), ("sewing", "Meghna Knit")]
    assert hidden not in shop.everywhere()
    assert "Hidden Dyers" not in shop.everywhere()
    assert shop.facts()["tiers"] == [{"tier": 1, "factories": 1, "stages": ["sewing"]}]


def test_factories_of_no_published_chain_are_told_apart(shop: Shop) -> None:
    one = shop.factory("S-1")
    shop.factory("S-2")
    shop.product("09521234543213", ("sewing", one))
    assert [(each["tier"], each["factories"]) for each in shop.facts()["tiers"]] == [(1, 1), (None, 1)]
    assert [each["factory_id"] for each in shop.get("/v1/members/maison/factories?tier=1").json["results"]] == [one]


# Every form says the same


def test_page_json_csv_and_geojson_say_the_same_of_each_factory(shop: Shop) -> None:
    one = shop.factory("S-1", "=Meghna & Söhne", city="Dhaka", processes=["sewing"], address="17 Mill Road")
    shop.factory("S-2", "Padma", country="TN")
    shop.world.a_certificate(one)
    shop.product("09521234543213", ("sewing", one))
    place = {"coordinates": {"latitude": -23.5, "longitude": 90.25}}
    etag = shop.owners[one].get(f"/internal/v1/factories/{one}").etag
    shop.owners[one]("PATCH", f"/internal/v1/factories/{one}", place, If_Match=etag).ok()
    assert "-23.5" not in shop.everywhere()
    shop.owners[one]("PUT", f"/internal/v1/factories/{one}/privacy", {"coordinates": "public"}).ok()

    told = {each["factory_id"]: each for each in shop.get("/v1/members/maison/factories").json["results"]}
    text = shop.get("/v1/members/maison/factories.csv").text.removeprefix("\ufeff")
    rows = {each["factory_id"]: each for each in csv.DictReader(io.StringIO(text))}
    listed = shop.get("/v1/members/maison/factories.json").json["facilities"]
    facilities = {each["factory_id"]: each for each in listed}
    features = {each["id"]: each for each in shop.get("/v1/members/maison/factories.geojson").json["features"]}
    assert told.keys() == rows.keys() == facilities.keys() == features.keys()
    for factory_id, fact in told.items():
        row, facility, feature = rows[factory_id], facilities[factory_id], features[factory_id]
        assert facility["name"] == feature["properties"]["name"] == fact["name"]
        assert row["name"].removeprefix("'") == fact["name"]
        assert int(row["certificates_valid"]) == facility["certificates_valid"] == fact["certificates_valid"]
        assert row["tier"] == str(fact["tier"] or "")
        assert facility["country"] == row["country"] == fact["country"]
    assert rows[one]["name"] == "'=Meghna & Söhne"
    assert rows[one]["address"] == "17 Mill Road, Dhaka"
    assert (rows[one]["lat"], rows[one]["lng"]) == ("-23.5", "90.25")
    assert features[one]["geometry"] == {"type": "Point", "coordinates": [90.25, -23.5]}
    assert sum(each["geometry"] is None for each in features.values()) == 1
    html = shop.get("/members/maison").text
    assert "=Meghna &amp; Söhne" in html
    assert "2 factories that supply" in html
    assert "Small yellow dots" in html


def test_countries_of_the_table_are_those_of_the_map(shop: Shop) -> None:
    shop.factory("S-1")
    shop.factory("S-2", country="TN")
    html = shop.get("/members/maison").text
    assert html.count("<circle") == 2
    assert "<title>Tunisia: 1</title>" in html
    assert "/members/maison/factories?country=TN" in html
    only = shop.get("/v1/members/maison/factories?country=TN").json["results"]
    assert [each["country"] for each in only] == ["TN"]


def test_a_long_list_comes_page_by_page_each_factory_once(shop: Shop, monkeypatch: Any) -> None:
    from chalicelib.public import members

    monkeypatch.setattr(members, "PAGE", 2)
    wanted = shop.several(5)
    found = shop.ids()
    assert len(found) == 5
    assert set(found) == wanted
    assert "Next page" in shop.get("/members/maison/factories").text
    assert shop.get("/members/maison/factories?cursor=x").status == 400


def test_of_more_factories_than_are_read_the_page_says_so(shop: Shop, monkeypatch: Any) -> None:
    shop.several(3)
    monkeypatch.setattr(brands, "MOST_FACTORIES", 2)
    assert shop.facts()["factories"] == {"listed": 2, "counted": 2, "certified": 0, "complete": False}
    assert "There are more" in shop.get("/members/maison").text


# Reads and writes


def test_a_page_is_a_few_reads_however_many_factories_it_has(shop: Shop, monkeypatch: Any) -> None:
    from chalicelib.store import public_table

    shop.several(4)
    calls: list[str] = []
    call = public_table._call
    monkeypatch.setattr(public_table, "_call", lambda *asked: calls.append(asked[0]) or call(*asked))
    shop.get("/members/maison").ok()
    assert sorted(calls) == ["GetItem", "GetItem", "Query", "Query", "Query"]


def shown_by(factory_id: str, number: int) -> None:
    """A factory that shows so many members: those that are not on record show as little as those that hide."""

    def decide(held: Held) -> Change:
        link = Link(Source.MEMBER, "2026-01-01", factory_agrees=True, member_agrees=True, confirmed=True)
        names = ["maison", "outfit", *(f"brand-{each}" for each in range(number))][:number]
        links = {**held.factory.links, **dict.fromkeys(names, link)}
        return Change(replace(held.factory, links=links))

    factories.change(factory_id, decide, STAFF)


def test_a_factory_of_many_brands_is_renamed_in_one_transaction_and_is_on_each_list(shop: Shop) -> None:
    long_name = " ".join(f"word{number}x" for number in range(22))
    factory_id = shop.factory("S-1", long_name, product_categories=[f"kind{each}" for each in range(8)])
    for number in range(10):
        put = {"name": f"Brand {number}", "country": "FR"}
        shop.world.staff("PUT", f"/internal/v1/members/brand-{number}", put).ok()
    shown_by(factory_id, 8)
    assert shop.ids() == [factory_id]
    etag = shop.owners[factory_id].get(f"/internal/v1/factories/{factory_id}").etag
    renamed = " ".join(f"other{number}x" for number in range(22))
    path = f"/internal/v1/factories/{factory_id}"
    etag = shop.owners[factory_id]("PATCH", path, {"name": renamed}, If_Match=etag).ok().etag
    assert renamed in shop.everywhere()
    shown_by(factory_id, 12)
    etag = shop.owners[factory_id].get(path).etag
    shop.owners[factory_id]("PATCH", path, {"name": long_name}, If_Match=etag).ok()
    for member in ("maison", "outfit", "brand-9"):
        told = shop.get(f"/v1/members/{member}/factories").json["results"]
        assert [each["name"] for each in told] == [long_name], member


# The member


def test_a_renamed_member_has_its_new_name_on_its_page_and_on_those_of_its_factories(shop: Shop) -> None:
    factory_id = shop.factory("S-1")
    assert "Maison" in shop.get(f"/f/{factory_id}").text
    shop.world.staff("PUT", "/internal/v1/members/maison", {"name": "Atelier Neuf", "country": "FR"}).ok()
    assert shop.facts()["name"] == "Atelier Neuf"
    assert shop.get(f"/v1/factories/{factory_id}").json["members"] == [{"member_id": "maison", "name": "Atelier Neuf"}]


def test_a_member_that_takes_part_no_more_says_so_and_shows_no_factory_and_no_product(shop: Shop) -> None:
    factory_id = shop.factory("S-1", "Meghna Knit")
    shop.product("09521234543213", ("sewing", factory_id))
    shop.world.staff("POST", "/internal/v1/members/maison/end", {"reason": "Left"}).ok()
    told = shop.facts()
    assert told["takes_part"] is False
    assert told["factories"]["listed"] == told["products"]["listed"] == 0
    assert "takes part no more" in shop.get("/members/maison").text
    assert "Meghna Knit" not in shop.everywhere()
    assert "maison" not in [each["member_id"] for each in shop.get("/v1/members").json["results"]]
    shop.world.staff("POST", "/internal/v1/members/maison/resume", {"reason": "Back"}).ok()
    assert shop.ids() == [factory_id]


def test_an_empty_page_says_what_is_not_published(shop: Shop) -> None:
    html = shop.get("/members/outfit").ok().text
    for said in ("published a text about itself", "published a factory", "published a product"):
        assert said in html


@pytest.mark.parametrize("path", ["/members/nobody", "/v1/members/nobody", "/members/x", "/members/a%2Fb"])
def test_a_member_that_is_not_on_record_is_a_kind_404(shop: Shop, path: str) -> None:
    assert shop.get(path).status == 404


@pytest.mark.parametrize("query", ["country=BDX", "tier=0", "tier=x", "cursor=%00", "country=%3Cscript%3E"])
def test_junk_in_the_address_is_400(shop: Shop, query: str) -> None:
    assert shop.get(f"/members/maison/factories?{query}").status == 400


def test_the_list_of_members_is_by_name_and_can_be_searched(shop: Shop) -> None:
    shop.world.staff("PUT", "/internal/v1/members/ete", {"name": "Été & Fils", "country": "FR"}).ok()
    names = [each["name"] for each in shop.get("/v1/members").json["results"]]
    assert names == ["Été & Fils", "Maison", "Outfit"]
    assert [each["name"] for each in shop.get("/v1/members?q=ete").json["results"]] == ["Été & Fils"]
    assert "No brand here has this name" in shop.get("/members?q=zzz").text


# Its own words


PAGE = "/internal/v1/members/maison/page"


def change(shop: Shop, patch: Any, caller: Caller | None = None) -> Answer:
    etag = shop.world.member.get(PAGE).etag
    return (caller or shop.world.member)("PATCH", PAGE, patch, If_Match=etag)


def test_a_member_tells_its_story_per_language_and_it_shows_in_the_readers(shop: Shop) -> None:
    change(shop, {"texts": {"en": "We sew.", "fr": "Nous cousons."}, "website": "https://maison.example"}).ok()
    assert "We sew." in shop.get("/members/maison").text
    assert "Nous cousons." in shop.get("/members/maison?lang=fr").text
    assert "We sew." in shop.get("/members/maison?lang=vi").text
    change(shop, {"texts": {"en": None}}).ok()
    assert shop.facts()["texts"] == {"fr": "Nous cousons."}
    assert shop.facts()["website"] == "https://maison.example"


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ({"website": "javascript:alert(1)"}, "/website"),
        ({"website": "https://user@evil.example"}, "/website"),
        ({"texts": {"en": "a\u202eb"}}, "/texts/en"),
        ({"texts": {"en": "x" * 1001}}, "/texts/en"),
        ({"texts": []}, "/texts"),
        ({"logo": "x"}, "/logo"),
    ],
)
def test_what_a_factory_may_not_say_a_member_may_not_either(shop: Shop, patch: Any, pointer: str) -> None:
    answer = change(shop, patch)
    assert answer.status == 400
    assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]


def test_markup_in_a_story_is_inert(shop: Shop) -> None:
    change(shop, {"texts": {"en": "</p><script>alert(1)</script>"}}).ok()
    assert "<script" not in shop.get("/members/maison").text


def test_a_story_needs_the_version_that_was_seen_and_is_the_members_own(shop: Shop) -> None:
    assert shop.world.member("PATCH", PAGE, {"texts": {}}).status == 400
    etag = shop.world.member.get(PAGE).etag
    change(shop, {"texts": {"en": "One"}}).ok()
    assert shop.world.member("PATCH", PAGE, {"texts": {"en": "Two"}}, If_Match=etag).status == 412
    assert change(shop, {"texts": {"en": "Theirs"}}, shop.world.other_member).status == 404
    assert shop.facts()["texts"] == {"en": "One"}


def test_staff_that_change_a_members_name_leave_its_own_words(shop: Shop) -> None:
    change(shop, {"texts": {"en": "We sew."}}).ok()
    shop.world.staff("PUT", "/internal/v1/members/maison", {"name": "Maison", "country": "DE"}).ok()
    told = shop.facts()
    assert (told["texts"], told["country"]) == ({"en": "We sew."}, "DE")


def test_a_factory_and_a_product_lead_to_the_brand(shop: Shop) -> None:
    factory_id = shop.factory("S-1")
    shop.product("09521234543213", ("sewing", factory_id))
    assert 'href="/members/maison"' in shop.get(f"/f/{factory_id}").text
    assert 'href="/members/maison"' in shop.get("/01/09521234543213").text
