"""Claims in the portal: made, changed and taken away in forms; flagged with the reason, and never blocked."""

from __future__ import annotations

import re
from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from chalicelib.domain.claim import Holder
from chalicelib.store.registry import claims as store
from chalicelib.store.registry import organisations, people, products
from chalicelib.store.registry.people import Role
from tests.portal_browser import STAFF, Browser, filled, signed_in

pytest_plugins = ["tests.conftest_portal"]

CLAIRE = "claire@maison.example"
GTIN = "09521234543213"
TEXT = "We reuse 40 % of the water of our dye-house."


@pytest.fixture
def declared(runner: SimpleNamespace) -> str:
    """The code of a certificate that the factory declared."""
    said = {"number": "G-1", "standard_id": "gots", "certifier": "Seal", "scope": "Knitting"}
    days = {"valid_from": "2026-01-01", "valid_to": "2099-12-31"}
    done = runner.browser.send(f"{runner.home}/certificates", {**said, **days})
    assert done.status == 303
    return next(iter(store.need(Holder.FACTORY, runner.factory_id).certificates))


@pytest.fixture
def claire(runner: SimpleNamespace, mails: list[EmailMessage]) -> Browser:
    people.add(Role("member", "maison"), CLAIRE, STAFF)
    return signed_in(runner.browser, CLAIRE, mails)


def held(kind: Holder, identifier: str) -> list[tuple[str, str]]:
    return [(each.text, each.basis.kind.value) for each in store.need(kind, identifier).claims]


def test_a_factory_makes_a_claim_and_sees_it_as_the_public_does(runner: SimpleNamespace, declared: str) -> None:
    page = f"{runner.home}/claims"
    done = runner.browser.send(page, text=TEXT, rests=f"certificate:{declared}")
    assert done.headers["Location"] == f"{page}?done=added"
    standing = "Rests on a certificate that its certifier has not confirmed"
    for shown in (runner.browser.get(page).text, runner.browser.get(f"/f/{runner.factory_id}").text):
        assert TEXT in shown
        assert standing in shown
    assert standing in runner.browser.get(f"{runner.home}/preview").text
    again = runner.browser.send(page, text=TEXT, rests=f"certificate:{declared}")
    assert again.headers["Location"] == f"{page}?done=same"
    assert len(held(Holder.FACTORY, runner.factory_id)) == 1


def test_flagged_words_are_saved_and_told_with_the_place_in_the_law(runner: SimpleNamespace) -> None:
    page = f"{runner.home}/claims"
    assert runner.browser.send(page, text="Eco-friendly since ever", rests="none").status == 303
    shown = runner.browser.get(page).text
    assert "EU consumer law warns of this wording" in shown
    assert "Annex I, point 4a" in shown
    assert "EU consumer law" not in runner.browser.get(f"/f/{runner.factory_id}").text


def test_every_input_is_kept_and_each_fault_stands_at_its_own(runner: SimpleNamespace) -> None:
    page = f"{runner.home}/claims"
    wrong = {
        "text": "x" * 281,
        "language": "en",
        "rests": "evidence",
        "url": "http://plain.example",
        "title": "Report <b>",
        "verifier": "Lab",
        "verified_on": "2999-01-01",
        "verifier_url": "ftp://x.example",
    }
    refused = runner.browser.send(page, wrong)
    assert refused.status == 400
    for name in ("text", "url", "verified_on", "verifier_url"):
        assert f'id="{name}-fault"' in refused.text
        assert f'href="#{name}"' in refused.text
    kept = filled(refused.text)
    assert {name: kept[name] for name in wrong} == wrong
    assert runner.browser.send(page, text="A", rests="certificate:CM9S346Q3D5").text.count('id="rests-fault"') == 1
    assert runner.browser.send(page, text="", rests="nothing-known").status == 400
    assert held(Holder.FACTORY, runner.factory_id) == []


def test_a_claim_is_changed_under_the_version_that_was_seen_and_taken_away(runner: SimpleNamespace) -> None:
    page = f"{runner.home}/claims"
    runner.browser.send(page, text=TEXT, rests="programme:climate", verifier="Lab", verified_on="2026-01-02")
    (claim,) = store.need(Holder.FACTORY, runner.factory_id).claims
    one = f"{page}/{claim.claim_id}"
    form = filled(runner.browser.get(one).text, 1)
    assert (form["rests"], form["verifier"], form["verified_on"]) == ("programme:climate", "Lab", "2026-01-02")
    runner.browser.send(f"{runner.home}/profile", city="Elsewhere")
    stale = runner.browser.post(one, {**form, "text": "Newer words"})
    assert (stale.status, filled(stale.text, 1)["text"]) == (412, "Newer words")
    assert runner.browser.post(one, filled(stale.text, 1)).headers["Location"] == f"{page}?done=changed"
    assert held(Holder.FACTORY, runner.factory_id) == [("Newer words", "programme")]
    gone = runner.browser.send(f"{one}/remove", page=one)
    assert gone.headers["Location"] == f"{page}?done=removed"
    assert held(Holder.FACTORY, runner.factory_id) == []
    assert runner.browser.get(one).status == 404


def test_the_history_tells_of_claims_in_words(runner: SimpleNamespace) -> None:
    runner.browser.send(f"{runner.home}/claims", text=TEXT, rests="none")
    told = runner.browser.get(f"{runner.home}/history").text
    assert "A claim was made" in told
    assert TEXT in told


def test_a_member_claims_of_a_product_and_of_itself(declared: str, claire: Browser, runner: SimpleNamespace) -> None:
    stages = {"process-1": "Knitting", "factory_id-1": runner.factory_id}
    said = {"gtin": GTIN, "brand": "Maison", "name": "T-shirt", "category": "Knitwear", **stages}
    claire.send("/portal/products/new", said)
    page = f"/portal/products/{GTIN}/claims"
    assert re.search(rf'href="{page}[^>]*>Claims of this product \(0\)', claire.get(f"/portal/products/{GTIN}").text)
    assert claire.send(page, text=TEXT, rests=f"certificate:{declared}").status == 303
    assert TEXT in claire.get(f"/01/{GTIN}").text
    claire.send(f"/portal/products/{GTIN}", lots="L9", number=1)
    assert (products.load(GTIN).lots, len(products.load(GTIN).claims)) == (("L9",), 1)
    own = claire.send("/portal/claims", text="Half of our cotton is organic.", rests="certificate", code=declared)
    assert own.status == 303
    assert "Half of our cotton is organic." in claire.get("/portal/claims").text
    assert held(Holder.MEMBER, "maison") == [("Half of our cotton is organic.", "certificate")]
    missing = claire.send("/portal/claims", text="More", rests="certificate", code="nonsense")
    assert 'id="code-fault"' in missing.text
    assert "A claim was made" in claire.get("/portal/member/history?record=claims:maison").text
    assert "A claim was made" not in claire.get("/portal/member/history?record=claims:other").text


def test_the_products_and_claims_of_another_member_are_not_there(
    claire: Browser, runner: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    organisations.put("member", "other", {"name": "Other", "country": "FR"}, STAFF)
    claire.send("/portal/claims", text=TEXT, rests="none")
    (claim,) = store.need(Holder.MEMBER, "maison").claims
    people.add(Role("member", "other"), "o@other.example", STAFF)
    other = signed_in(Browser(claire.client), "o@other.example", mails)
    assert TEXT not in other.get("/portal/claims").text
    assert other.get(f"/portal/claims/{claim.claim_id}").status == 404
    assert other.get(f"/portal/products/{GTIN}/claims").status == 404
    assert other.get(f"{runner.home}/claims").status == 404


def test_staff_see_what_was_flagged(runner: SimpleNamespace, mails: list[EmailMessage]) -> None:
    runner.browser.send(f"{runner.home}/claims", text="Climate neutral", rests="none")
    people.add(Role("staff", "staff"), "s@registry.example", STAFF)
    staff = signed_in(Browser(runner.browser.client), "s@registry.example", mails)
    listed = staff.get("/portal/staff/moderation").text
    assert "A claim whose wording the law warns of" in listed
    matter = re.search(r"/portal/staff/moderation/[0-9a-f]{16}", listed).group(0)
    assert "point 4c" in staff.get(matter).text
