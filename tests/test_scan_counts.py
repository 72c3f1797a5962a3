"""How often things were scanned, as JSON and in the portal: for whoever answers for them, and for nobody else."""

from __future__ import annotations

import json
from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from chalicelib import clock
from chalicelib.domain import identity
from chalicelib.domain.scans import Thing
from chalicelib.internal import scans as counting
from chalicelib.store.registry import people
from chalicelib.store.registry.people import Role
from tests.portal_browser import STAFF, Browser, signed_in
from tests.world import GTIN, World

pytest_plugins = ["tests.conftest_portal"]

PRODUCT = identity.parse_product_id(GTIN)


def scanned(thing: Thing, times: int, *, bot: bool = False, back: int = 0) -> None:
    """Scans of a thing, each in a network of its own, so many days ago."""
    at = int(clock.now().timestamp() * 1000) - back * 86_400_000
    told = {"scan": thing.kind, "code": thing.code, "serial": thing.serial, "country": "DE", "bot": bot}
    events = [
        {"id": f"{thing.name}-{back}-{bot}-{n}", "timestamp": at, "message": json.dumps({**told, "place": f"{n:04x}"})}
        for n in range(times)
    ]
    assert counting.count(events) == times


def test_owners_read_the_scans_of_what_is_theirs_and_others_are_told_of_nothing(world: World) -> None:
    factory_id = world.a_factory()
    code = world.a_certificate(factory_id)
    world.a_product(factory_id)
    owner, other = world.run_by(factory_id), world.run_by(world.a_factory("S-2"), "other@mill.example")
    scanned(Thing("f", factory_id), 3)
    scanned(Thing("f", factory_id), 2, bot=True)
    scanned(Thing("f", factory_id), 1, back=40)
    scanned(Thing("c", code), 2)
    scanned(Thing("p", PRODUCT, "S9"), 4)
    own, certificate = f"/internal/v1/factories/{factory_id}/scans", f"/internal/v1/certificates/{code}/scans"
    product = f"/internal/v1/products/{GTIN}/scans"
    told = owner.get(own).ok().json
    assert (told["people"], told["bots"], told["countries"], len(told["days"])) == (3, 2, {"DE": 3}, 30)
    assert told["days"][-1] == {"day": clock.today().isoformat(), "people": 3, "bots": 2, "places": 3}
    assert owner.get(f"{own}?days=90").ok().json["people"] == 4
    for caller in (owner, world.certifier, world.staff):
        assert caller.get(certificate).ok().json["people"] == 2
    assert world.member.get(product).ok().json["people"] == 4
    assert world.member.get(f"{product}?serial=S9").ok().json["days"][-1]["places"] == 4
    assert world.member.get(f"{product}?serial=S8").ok().json["people"] == 0
    for caller, path in (
        *((other, path) for path in (own, certificate, product)),
        *((world.member, path) for path in (own, certificate)),
        *((world.other_certifier, path) for path in (own, certificate, product)),
        (world.other_member, product),
        (owner, product),
    ):
        assert caller.get(path).status == 404, path
    assert world.ics.get(own).status == 404
    assert world.anyone.get(own).status == 401


@pytest.mark.parametrize("query", ["days=31", "days=-1", "days=x", "serial=a%23b", "serial=%00", "serial=" + "9" * 29])
def test_a_question_that_is_none_is_refused(world: World, query: str) -> None:
    world.a_product(world.a_factory())
    assert world.member.get(f"/internal/v1/products/{GTIN}/scans?{query}").status == 400


def test_a_brand_reads_of_copied_codes_and_says_what_is_too_much(world: World) -> None:
    world.a_product(world.a_factory())
    for bad in (
        {"places": 2, "days": 2},
        {"places": 41, "days": 2},
        {"places": 8, "days": 0},
        {"places": True, "days": 1},
    ):
        assert world.member("PUT", "/internal/v1/clones/rule", bad).status == 400
    world.member("PUT", "/internal/v1/clones/rule", {"places": 8, "days": 1}).ok()
    scanned(Thing("p", PRODUCT, "S9"), 8)
    told = world.member.get("/internal/v1/clones").ok().json
    assert told["rule"] == {"places": 8, "days": 1}
    assert [(each["serial"], each["places"]) for each in told["results"]] == [("S9", 8)]
    assert world.other_member.get("/internal/v1/clones").ok().json["results"] == []


def test_the_portal_draws_the_scans_and_says_the_same_in_a_table(runner: SimpleNamespace) -> None:
    page = f"/portal/factories/{runner.factory_id}/scans"
    assert "No scans in these days." in runner.browser.get(page).text
    scanned(Thing("f", runner.factory_id), 5)
    scanned(Thing("f", runner.factory_id), 2, bot=True, back=3)
    text = runner.browser.get(page).text
    assert "By people: 5. By programs: 2." in text
    assert text.count('fill="#12324a"') == text.count('fill="#b6c0c6"') == 1
    assert "<td>5</td><td>0</td>" in text
    assert "<td>0</td><td>2</td>" in text
    assert "Germany 5" in text.replace("&nbsp;", " ").replace("<bdi>", "").replace("</bdi>", "")
    assert "?days=90" in text


def test_a_brand_sees_its_products_and_copied_codes_in_the_portal(
    runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    people.add(Role("member", "maison"), "claire@maison.example", STAFF)
    claire: Browser = signed_in(runner.browser, "claire@maison.example", mails)
    form = claire.form("/portal/products/new")
    typed = {"gtin": GTIN, "brand": "Maison", "name": "Shirt", "category": "apparel"}
    stages = {"process-1": "Knitting", "factory_id-1": runner.factory_id}
    claire.post("/portal/products/new", {**form, **typed, **stages})
    assert "Nothing was noticed." in claire.get("/portal/clones").text
    for back in (0, 1):
        scanned(Thing("p", PRODUCT, "S9"), 7, back=back)
    assert claire.get(f"/portal/products/{PRODUCT}/scans").status == 200
    page = claire.get(f"/portal/products/{PRODUCT}/scans?serial=S9").text
    assert "By people: 14. By programs: 0." in page
    assert 'value="S9"' in page
    copied = claire.get("/portal/clones").text
    assert "This code may have been copied." in copied
    assert f"/portal/products/{PRODUCT}/scans?serial=S9" in copied
    assert claire.get("/portal/products/9521234543206/scans").status == 404
