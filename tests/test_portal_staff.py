"""What staff do in the portal: find a record, merge with undo, move, close, reopen; organisations and keys."""

from __future__ import annotations

import re
from email.message import EmailMessage
from types import SimpleNamespace
from urllib.parse import parse_qsl

import pytest

from chalicelib.domain.audit import Audit, SyncItem
from chalicelib.internal.portal import door
from chalicelib.store.registry import audits, callers, factories, history, invitations, organisations
from chalicelib.store.registry.history import Actor
from chalicelib.store.registry.replies import Request
from tests.portal_browser import Browser, as_staff, filled_in, invited, signed_in

pytest_plugins = ["tests.conftest_portal"]
WHY = "The auditor visited one gate, and one gate only"
FACTORIES = "/portal/staff/factories"


def synced(site: str, name: str, **fields: str) -> str:
    audit = Audit(f"A-{site}", 1, "social", "initial", None, "2026-01-02", ("maison",))
    row = SyncItem(0, site, {"name": name, "country": "BD", **fields}, audit)
    [result] = audits.apply([row], Request("ics", site, "d"), Actor("ics", "ics", "test"), 1)
    assert result.factory_id is not None
    return result.factory_id


@pytest.fixture
def staff(browser: Browser, mails: list[EmailMessage]) -> SimpleNamespace:
    one = synced("S-1", "Meghna S.T. Screen Ltd", city="Dhaka", gln="4006381333931")
    other = synced("S-2", "Meghna Screen Printing", city="Gazipur")
    return SimpleNamespace(browser=as_staff(browser, mails), one=one, other=other, home=f"{FACTORIES}/{one}")


def plain(page: str) -> str:
    body = re.sub(r"</?bdi[^>]*>", "", page[page.index("<main") :])
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_nobody_but_staff_sees_a_page_for_staff(staff: SimpleNamespace, mails: list[EmailMessage]) -> None:
    invitations.accept(invited(email="owner@mill.example"))
    browser = signed_in(staff.browser, "owner@mill.example", mails)
    token = browser.form("/portal")["csrf_token"]
    pages = [page for page in door.PAGES if page.who == door.STAFF]
    assert len(pages) >= 13
    for page in pages:
        path = filled_in(page.path, factory_id=staff.one, action="close", prefix="0" * 12)
        answer = browser.get(path) if page.method == "GET" else browser.post(path, {"csrf_token": token})
        assert answer.status == 403, path
    assert "/portal/staff" not in browser.get("/portal").text


def test_a_record_is_found_by_its_id_its_site_its_gln_and_its_names(staff: SimpleNamespace) -> None:
    assert FACTORIES in staff.browser.get("/portal").text
    shown = f"{staff.one[:2].lower()}-{staff.one[2:]}"
    for typed in (shown, "S-1"):
        assert staff.browser.get(f"{FACTORIES}?q={typed}").headers["Location"].endswith(staff.home)
    for typed, found in (("meghna+screen", 2), ("4006381333931", 1), ("nobody", 0)):
        page = staff.browser.get(f"{FACTORIES}?q={typed}").text
        assert len(set(re.findall(rf"{FACTORIES}/[A-Z0-9]{{12}}", page))) == found, typed


def test_a_merge_is_shown_before_it_happens_done_with_a_reason_and_undone(staff: SimpleNamespace) -> None:
    path = f"{staff.home}/merge"
    before = factories.need(staff.one).factory
    preview = staff.browser.get(f"{path}?into={staff.other}")
    said = plain(preview.text)
    for words in ("Meghna S.T. Screen Ltd", "Meghna Screen Printing", "Town or city (differs) Dhaka Gazipur"):
        assert words in said
    assert "You can undo it at any time" in said
    assert factories.need(staff.one).factory == before
    done = staff.browser.send(path, page=f"{path}?into={staff.other}", reason=WHY)
    assert done.headers["Location"].endswith(f"{staff.home}?done=merged".replace("merged", "merge"))
    page = staff.browser.get(f"{staff.home}?done=merge").text
    assert "leads to the other one" in page
    assert f"{staff.home}/unmerge" in page
    assert f"{staff.home}/close" not in page
    assert staff.browser.get(f"/f/{staff.one}").text.count("merged into another")
    event = history.latest(f"FACTORY#{staff.one}", None, 1)[0]
    assert (event["action"], event["reason"], event["actor"]["kind"]) == ("merged", WHY, "staff")
    assert staff.browser.send(f"{staff.home}/unmerge", reason="Two gates after all").status == 303
    after = factories.need(staff.one).factory
    assert (after.state, after.successor) == (before.state, None)


def test_without_a_reason_the_form_comes_back_with_all_that_was_typed(staff: SimpleNamespace) -> None:
    merging = f"{staff.home}/merge"
    again = staff.browser.send(merging, page=f"{merging}?into={staff.other}")
    assert again.status == 400
    assert "Reason: is missing" in plain(again.text)
    assert f'value="{staff.other}"' in again.text
    typed = {"address": "17 Mill Road", "city": "Savar", "effective": "2099-01-01", "reason": WHY}
    moved = staff.browser.send(f"{staff.home}/move", typed)
    assert moved.status == 400
    assert "lies after today" in moved.text
    for text in typed.values():
        assert text in moved.text
    assert factories.need(staff.one).factory.state == "open"


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ("nonsense", 400, "There is a problem"),
        ("BDF8QY40YGE1", 404, "There is no such factory"),
        ("itself", 409, "A record cannot lead to itself"),
    ],
)
def test_a_record_that_cannot_be_merged_into_is_said_at_its_input(
    staff: SimpleNamespace, typed: str, status: int, words: str
) -> None:
    into = staff.one if typed == "itself" else typed
    page = staff.browser.get(f"{staff.home}/merge?into={into}")
    assert (page.status, words in plain(page.text)) == (status, True)
    assert f'value="{into}"' in page.text


def test_a_move_a_closing_and_a_reopening_are_put_on_record(staff: SimpleNamespace) -> None:
    browser = staff.browser
    moved = browser.send(f"{staff.home}/move", address="17 Mill Road", city="Savar", effective="2026-03-01", reason=WHY)
    assert moved.status == 303
    assert "Former address" in browser.get(f"/f/{staff.one}").text
    assert browser.send(f"{staff.home}/close", effective="2026-04-01", reason=WHY).status == 303
    assert "This factory has closed" in browser.get(f"/f/{staff.one}").text
    assert browser.send(f"{staff.home}/reopen", reason=WHY).status == 303
    assert "This factory has" not in browser.get(f"/f/{staff.one}").text
    assert browser.send(f"{staff.home}/move", into=staff.other, reason=WHY).status == 303
    assert f"/f/{staff.other}" in browser.get(f"/f/{staff.one}").text
    missing = browser.send(f"{FACTORIES}/{staff.other}/move", into="BDF8QY40YGE1", reason=WHY)
    assert (missing.status, "is not on record" in missing.text) == (400, True)
    assert browser.get(f"{staff.home}/teleport").status == 404


def test_organisations_are_added_and_changed_and_standards_are_read(staff: SimpleNamespace) -> None:
    browser, path = staff.browser, "/portal/staff/organisations/member"
    wrong = browser.send(path, id="Not An ID", name="Neue Marke", country="DE")
    assert (wrong.status, 'value="Neue Marke"' in wrong.text) == (400, True)
    assert browser.send(path, id="neue-marke", name="Neue Marke", country="DE").status == 303
    organisations.put(
        "member",
        "neue-marke",
        {"id": "neue-marke", "name": "N", "country": "DE", "story": "Kept"},
        Actor("x", "x", "x"),
    )
    assert browser.send(path, id="neue-marke", name="Other", country="DE").status == 409
    site = "https://neue-marke.example"
    assert browser.send(f"{path}/neue-marke", number=-2, name="Neue Marke AG", website=site).status == 303
    held = organisations.need("member", "neue-marke")
    assert held == {"id": "neue-marke", "name": "Neue Marke AG", "country": "DE", "website": site, "story": "Kept"}
    assert browser.send(f"{path}/neue-marke", number=-2, website="").status == 303
    assert "website" not in organisations.need("member", "neue-marke")
    assert browser.send(f"{path}/neue-marke", number=-2, country="XX").status == 400
    assert "Neue Marke AG" in browser.get(path).text
    standard = browser.get("/portal/staff/organisations/standard/gots").text
    assert "Global Organic Textile Standard" in standard
    assert len(re.findall(r'method="post"', standard)) == 1
    token = browser.form("/portal/staff/organisations/member")["csrf_token"]
    assert browser.post("/portal/staff/organisations/standard/gots", {"csrf_token": token}).status == 404
    assert browser.get("/portal/staff/organisations/planet").status == 404


def test_a_key_is_made_shown_once_used_rotated_and_revoked_with_a_reason(staff: SimpleNamespace) -> None:
    browser, path = staff.browser, "/portal/staff/keys?kind=member&tenant=maison"
    nothing = browser.send("/portal/staff/keys", page=path)
    assert (nothing.status, "Reason: is missing" in plain(nothing.text)) == (400, True)
    made = browser.send("/portal/staff/keys", {"reason": "Nightly job"}, page=path)
    secret = re.search(r"fid_[0-9a-f]{12}_[\w-]{40,}", made.text).group()
    prefix = secret.split("_")[1]
    listed = browser.get(path).text
    assert secret not in listed
    assert "Never used yet" in listed
    assert callers.by_key(secret).tenant == "maison"
    assert "Last used" in browser.get(path).text
    form = {name: text for name, text in browser.form(path).items() if name != "scope-products:write"}
    second = browser.post("/portal/staff/keys", {**form, "reason": "To rotate"})
    assert "fid_" in second.text
    assert "Two keys are active" in browser.get(path).text
    assert browser.post("/portal/staff/keys", {**form, "reason": "A third"}).status == 409
    assert {"products:write" in each.key.scopes for each in callers.active_keys("member", "maison")} == {True, False}
    revoke = f"/portal/staff/keys/{prefix}/revoke"
    assert browser.send(revoke, reason="").status == 400
    assert browser.send(revoke, reason="Rotated").status == 303
    assert callers.by_key(secret) is None
    assert browser.get(revoke).status == 404
    told = [(each["action"], each["reason"]) for each in history.of("KEYS#member#maison")]
    assert told == [("key_made", "Nightly job"), ("key_made", "To rotate"), ("key_revoked", "Rotated")]


def test_whose_keys_that_are_not_on_record_and_a_reason_that_cannot_be_read_are_named(staff: SimpleNamespace) -> None:
    browser, path = staff.browser, "/portal/staff/keys"
    for asked, said in (
        ("kind=member&tenant=nobody", "Identifier: There is no member nobody on record."),
        ("kind=member&tenant=No+Body", "Identifier: must be an identifier of 2 to 40"),
        ("kind=member&tenant=", "Identifier: is missing"),
        ("kind=brand&tenant=maison", "Whose keys: must be chosen"),
    ):
        found = browser.get(f"{path}?{asked}")
        assert (found.status, said in plain(found.text), "Make a key" in found.text) == (400, True, False)
        given = dict(parse_qsl(asked, keep_blank_values=True))
        form = {**browser.form(f"{path}?kind=member&tenant=maison"), **given, "reason": WHY}
        sent = browser.post(path, form)
        assert (sent.status, "fid_" in sent.text) == (400, False)
    form = browser.form(f"{path}?kind=member&tenant=maison")
    unseen = browser.post(path, {**form, "reason": "Nightly\u202ejob"})
    assert (unseen.status, "Reason: holds the character U+202E" in plain(unseen.text)) == (400, True)


def test_a_factory_whose_record_was_merged_reads_so_in_its_own_pages(
    staff: SimpleNamespace, mails: list[EmailMessage]
) -> None:
    invitations.accept(invited(None, factory_id=staff.one, email="owner@mill.example"))
    path = f"{staff.home}/merge"
    staff.browser.send(path, page=f"{path}?into={staff.other}", reason=WHY)
    browser = signed_in(staff.browser, "owner@mill.example", mails)
    page = browser.get(f"/portal/factories/{staff.one}/profile").text
    assert "merged into another" in page
    refused = browser.send(f"/portal/factories/{staff.one}/profile", city="Elsewhere")
    assert (refused.status, 'value="Elsewhere"' in refused.text) == (409, True)
    assert browser.get(f"/portal/factories/{staff.other}/profile").status == 404
