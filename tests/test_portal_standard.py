"""The owner of a standard in the portal: reads what the map says of it, confirms it, says what is wrong."""

from __future__ import annotations

from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from chalicelib import clock
from chalicelib.domain.standard import Criterion, Degree, Fact, Kind, Source, Standard
from chalicelib.store.registry import history, moderation, people, standards
from chalicelib.store.registry.people import Role
from tests.portal_browser import STAFF, Browser, as_staff, signed_in

pytest_plugins = ["tests.conftest_portal"]

OLIVE = "olive@organic.example"
PAGE = "/portal/standard"
SOURCE = Source("Chapter 2", "https://organic.example/text")
ENTRY = Standard(
    "gots",
    "Global Organic Textile Standard",
    "Organic Owners",
    kind=Kind.CERTIFICATION,
    facts=(Fact("cost", "There is a yearly fee.", Source("Price list", "https://organic.example/prices")),),
    criteria=(Criterion("chemicals", Degree.IMMEDIATE, SOURCE, "Inputs"),),
    reviewed="2025-01-01",
)
OTHER = Standard("other", "Other Standard", "Others", kind=Kind.LABEL)


@pytest.fixture
def owner(browser: Browser, mails: list[EmailMessage]) -> Browser:
    for each in (ENTRY, OTHER):
        standards.put(each, STAFF)
    people.add(Role("owner", "gots"), OLIVE, STAFF)
    return signed_in(browser, OLIVE, mails)


def waiting() -> list[SimpleNamespace]:
    found, _ = moderation.listed("open", None, 50)
    return [SimpleNamespace(about=each.about, details=each.details) for each in found]


def test_an_owner_sees_what_the_map_says_with_each_source(owner: Browser) -> None:
    home = owner.get("/portal").text
    assert "Your standard" in home
    assert "Global Organic Textile Standard" in home
    page = owner.get(PAGE).text
    for text in ("There is a yearly fee.", "Price list", "Inputs", "Binding at once", SOURCE.url, "2025"):
        assert str(text) in page
    assert "This may be out of date." in page


def test_an_owner_confirms_the_review_by_a_button_and_by_no_link(owner: Browser) -> None:
    assert owner.get(f"{PAGE}/gots/review").status in (404, 405)
    assert standards.need("gots").reviewed == "2025-01-01"
    answer = owner.send(f"{PAGE}/gots/review", page=PAGE, number=1)
    assert answer.status == 303
    assert "Everybody sees now" in owner.get(answer.headers["Location"]).text
    held = standards.need("gots")
    assert (held.reviewed, held.reviewed_by) == (clock.today().isoformat(), "owner")
    assert history.of("STANDARD#gots")[-1]["actor"]["kind"] == "owner"


def test_an_owner_says_what_is_wrong_and_staff_find_it_in_their_queue(
    owner: Browser, mails: list[EmailMessage]
) -> None:
    answer = owner.send(f"{PAGE}/gots/report", page=PAGE, kind="out_of_date", text="The fee went in March.")
    assert answer.status == 303
    assert "Sent to the people" in owner.get(answer.headers["Location"]).text
    [matter] = waiting()
    assert (matter.about, matter.details["by"]) == ("/standards/gots", "owner:gots")
    staff = as_staff(owner, mails)
    found, _ = moderation.listed("open", None, 50)
    page = staff.get(f"/portal/staff/moderation/{found[0].matter_id}").text
    assert "The fee went in March." in page
    assert "Owner of a standard" in page


def test_a_report_that_cannot_be_taken_comes_back_with_what_was_typed(owner: Browser) -> None:
    answer = owner.send(f"{PAGE}/gots/report", page=PAGE, kind="closed", text="The fee went in March.")
    assert answer.status == 400
    assert "The fee went in March." in answer.text
    assert waiting() == []


def test_the_standard_of_another_owner_is_as_good_as_none(owner: Browser, mails: list[EmailMessage]) -> None:
    token = owner.form(PAGE)["csrf_token"]
    for path in (f"{PAGE}/other", f"{PAGE}/nothing-here", "/portal/team/owner/other"):
        assert owner.get(path).status == 404
    for act in ("review", "report"):
        sent = {"csrf_token": token, "kind": "other", "text": "x"}
        assert owner.post(f"{PAGE}/other/{act}", sent).status == 403  # the token of one standard is none for another
    assert standards.need("other").reviewed is None
    assert waiting() == []
    people.add(Role("member", "maison"), "claire@maison.example", STAFF)
    assert signed_in(owner, "claire@maison.example", mails).get(PAGE).status == 403


def test_an_owner_of_two_standards_confirms_the_one_of_the_page(owner: Browser) -> None:
    people.add(Role("owner", "other"), OLIVE, STAFF)
    assert owner.send(f"{PAGE}/other/review", page=f"{PAGE}/other", number=1).status == 303
    assert (standards.need("other").reviewed_by, standards.need("gots").reviewed) == ("owner", "2025-01-01")
    assert history.of("STANDARD#other")[-1]["actor"]["tenant"] == "other"


def test_staff_reach_the_review_team_and_keys_from_the_standard_s_page(
    owner: Browser, mails: list[EmailMessage]
) -> None:
    staff = as_staff(owner, mails)
    page = staff.get("/portal/staff/organisations/standard/gots").text
    for path in (f"{PAGE}/gots", "/portal/team/owner/gots", "/portal/staff/keys?kind=owner&amp;tenant=gots"):
        assert f'href="{path}"' in page
        assert staff.get(path.replace("&amp;", "&")).status == 200
    assert staff.send(f"{PAGE}/gots/review", page=f"{PAGE}/gots", number=1).status == 303
    assert standards.need("gots").reviewed_by == "registry"
    told = staff.get("/portal/staff/history?record=standard:gots").text
    assert "The entry on the map was reviewed" in told


def test_an_owner_keeps_keys_and_a_team(owner: Browser) -> None:
    assert owner.get("/portal/team/owner").status == 200
    made = owner.send("/portal/keys/owner", reason="Nightly")
    assert "fid_" in made.text
    owner.send("/portal/team/owner/gots", page="/portal/team/owner", number=-1, email="second@organic.example")
    assert [each.email for each in people.team(Role("owner", "gots"))] == [OLIVE, "second@organic.example"]


def test_anybody_reports_what_is_wrong_with_an_entry(owner: Browser) -> None:
    owner.cookie = ""
    form = "/portal/reports/new?about=/standards/gots"
    page = owner.get(form).text
    assert "Something here is wrong or out of date" in page
    assert "The product was not made here" not in page
    assert owner.send(form, kind="out_of_date", text="Chapter 2 is another now.").status == 303
    [matter] = waiting()
    assert (matter.about, "by" in matter.details) == ("/standards/gots", False)
    assert owner.get("/portal/reports/new?about=/standards/nothing-here").status == 404
