"""Resource use and programmes in the portal: a factory's readings, and an organiser's cohort."""

from __future__ import annotations

import io
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from openpyxl import Workbook

from chalicelib.store.registry import coaching, efficiency, organisations, people
from chalicelib.store.registry.people import Role
from tests.portal_browser import STAFF, Browser, filled, signed_in

pytest_plugins = ["tests.conftest_portal"]

GRETA = "greta@green-works.example"
TYPED = {
    "name": "Water of the dye house",
    "resource": "water",
    "measure": "use",
    "unit": "m3",
    "output_unit": "kg",
    "baseline_period": "2024",
    "baseline_amount": "12000",
    "baseline_output": "100000",
}


@pytest.fixture
def home(runner: SimpleNamespace) -> str:
    return f"{runner.home}/efficiency"


@pytest.fixture
def water(runner: SimpleNamespace, home: str) -> str:
    made = runner.browser.send(f"{home}/new", TYPED)
    assert made.headers["Location"] == f"{home}/water-1?done=added"
    return f"{home}/water-1"


def indicator(runner: SimpleNamespace) -> efficiency.Efficiency:
    return efficiency.load(runner.factory_id)


def uploaded(browser: Browser, path: str, content: bytes, name: str) -> SimpleNamespace:
    token = browser.form(path)["csrf_token"]
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'.encode(),
        f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + content + b"\r\n",
        b"--x--\r\n",
    ]
    return browser._call("POST", path, b"".join(parts), {"Content-Type": "multipart/form-data; boundary=x"})


def test_a_factory_adds_an_indicator_reads_it_and_publishes(runner: SimpleNamespace, home: str, water: str) -> None:
    browser: Browser = runner.browser
    sent = browser.send(water, period="2026-03", amount="900,5", output="10000", page=water, number=0)
    assert sent.headers["Location"] == f"{water}?done=reading"
    page = browser.get(water).text
    assert "0.09005" in page
    assert "25.0" in page
    assert "less than at the start" in page
    assert "<svg" not in page  # one reading is no chart
    assert browser.send(f"{home}/publish", page=home).headers["Location"] == f"{home}?done=published"
    shown = browser.get(f"/f/{runner.factory_id}/efficiency").text
    assert "0.09005" in shown
    assert "900.5" not in shown
    assert browser.send(f"{home}/keep", page=home).status == 303
    assert browser.get(f"/f/{runner.factory_id}/efficiency").status == 404


def test_each_fault_stands_at_its_input_and_what_was_typed_is_kept(
    runner: SimpleNamespace, home: str, water: str
) -> None:
    browser: Browser = runner.browser
    wrong = {**TYPED, "unit": "kWh", "baseline_amount": "1,250", "target_value": "5", "name": "Other"}
    refused = browser.send(f"{home}/new", wrong)
    assert refused.status == 400
    for name in ("baseline_amount", "target_by"):
        assert f'href="#{name}"' in refused.text
        assert f'id="{name}-fault"' in refused.text
    assert filled(refused.text)["baseline_amount"] == "1,250"
    refused = browser.send(f"{home}/new", {**TYPED, "name": "Other", "unit": "kWh"})
    assert (refused.status, 'href="#unit"' in refused.text) == (400, True)
    assert "here a unit of" in refused.text
    late = browser.send(water, period="2099-01", amount="5", unit="L", output="", page=water, number=0)
    assert (late.status, 'href="#period"' in late.text) == (400, True)
    kept = filled(late.text, 1)
    assert (kept["period"], kept["amount"], kept["unit"]) == ("2099-01", "5", "L")
    assert len(indicator(runner).indicators) == 1


def test_a_form_sent_twice_adds_one_indicator(runner: SimpleNamespace, home: str) -> None:
    sent = {**runner.browser.form(f"{home}/new"), **TYPED}
    first, second = runner.browser.post(f"{home}/new", sent), runner.browser.post(f"{home}/new", sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(indicator(runner).indicators) == 1


def test_a_stale_form_tells_what_is_on_record_now_and_keeps_what_was_typed(runner: SimpleNamespace, water: str) -> None:
    browser: Browser = runner.browser
    mine = {**browser.form(f"{water}/change", 1), "name": "Mine"}
    theirs = {**mine, "name": "Theirs"}
    assert browser.post(f"{water}/change", theirs).status == 303
    refused = browser.post(f"{water}/change", mine)
    assert refused.status == 412
    assert "On record now:" in refused.text
    assert "Theirs" in refused.text
    again = filled(refused.text, 1)
    assert again["name"] == "Mine"
    assert browser.post(f"{water}/change", again).status == 303
    assert indicator(runner).indicators[0].name == "Mine"


def test_a_file_is_shown_first_with_its_mistakes_and_written_when_confirmed(
    runner: SimpleNamespace, water: str
) -> None:
    browser: Browser = runner.browser
    path = f"{water}/upload"
    rows = "Month,Amount,Unit,Output\n2026-01,900,m3,8000\n2026-02,1000000,L,8000\n2026-13,x,kWh,1\n2026-Q1,5,m3,1\n"
    looked = uploaded(browser, path, rows.encode(), "list.csv")
    assert looked.status == 200
    for said in ("2 rows are not right", "must be a month such as", "overlaps with the reading of"):
        assert said in looked.text
    assert indicator(runner).indicators[0].readings == ()
    right = rows.replace("2026-13,x,kWh,1\n2026-Q1,5,m3,1\n", "")
    looked = uploaded(browser, path, right.encode(), "list.csv")
    assert "Add 2 readings" in looked.text
    done = browser.post(f"{path}/confirm", filled(looked.text, 1))
    assert done.headers["Location"] == f"{water}?done=readings"
    assert [str(indicator(runner).indicators[0].amount(each)) for each in indicator(runner).indicators[0].readings] == [
        "900",
        "1000.000",
    ]
    assert "<svg" in browser.get(water).text


def test_a_workbook_is_read_as_well_and_a_bare_form_is_told_what_is_missing(
    runner: SimpleNamespace, water: str
) -> None:
    book, out = Workbook(), io.BytesIO()
    for row in (("period", "amount", "output"), ("2025", 9000, 90000), ("2026-Q1", 2500.5, 30000)):
        book.active.append(row)
    book.save(out)
    looked = uploaded(runner.browser, f"{water}/upload", out.getvalue(), "list.xlsx")
    assert "Add 2 readings" in looked.text
    bare = runner.browser.send(f"{water}/upload", pasted="")
    assert (bare.status, "Choose a file, or paste the rows." in bare.text) == (400, True)
    assert runner.browser.get(f"{water}/upload/template.csv").text.startswith("\ufeffperiod,amount,unit")


def test_a_reading_and_an_indicator_are_taken_away(runner: SimpleNamespace, home: str, water: str) -> None:
    browser: Browser = runner.browser
    browser.send(water, period="2026-03", amount="9", output="1", page=water, number=0)
    assert browser.send(f"{water}/take-away", page=water).status == 303
    assert indicator(runner).indicators[0].readings == ()
    unsure = browser.send(f"{water}/remove", page=f"{water}/change")
    assert (unsure.status, 'href="#sure"' in unsure.text) == (400, True)
    gone = browser.send(f"{water}/remove", page=f"{water}/change", sure="yes")
    assert gone.headers["Location"] == f"{home}?done=removed"
    assert indicator(runner).indicators == ()
    assert browser.get(water).status == 404


@pytest.fixture
def greta(runner: SimpleNamespace, mails: list[EmailMessage]) -> Browser:
    organisations.put("organiser", "green-works", {"name": "Green Works", "country": "CH"}, STAFF)
    people.add(Role("organiser", "green-works"), GRETA, STAFF)
    other = Browser(runner.browser.client)
    return signed_in(other, GRETA, mails)


PLAN = {"id": "dye-houses", "name": "Dye houses save water", "kind": "resource_efficiency", "countries": "bd, vn"}
DAYS = {"starts": "2026-01-01", "ends": "2027-12-31", "workshops": "* Steam and heat\nReuse of rinse water"}
PROGRAMME = "/portal/programmes/dye-houses"


@pytest.mark.usefixtures("water")
def test_an_organiser_plans_invites_and_notes_and_the_factory_decides(runner: SimpleNamespace, greta: Browser) -> None:
    assert 'href="/portal/programmes"' in greta.get("/portal").text
    assert greta.send("/portal/programmes/new", {**PLAN, **DAYS}).headers["Location"] == f"{PROGRAMME}?done=added"
    assert [each.element_id for each in coaching.need("dye-houses", "green-works").elements] == [
        "session-1",
        "session-2",
        "session-3",
        "e-learning-1",
        "workshop-1",
    ]
    unknown = greta.send(f"{PROGRAMME}/invite", page=PROGRAMME, factory_id="BD-12345-67890")
    assert (unknown.status, filled(unknown.text)["factory_id"]) == (400, "BD-12345-67890")
    assert greta.send(f"{PROGRAMME}/invite", page=PROGRAMME, factory_id=runner.factory_id.lower()).status == 303
    one = f"{PROGRAMME}/factories/{runner.factory_id}"
    assert "The factory has not answered yet." in greta.get(one).text
    own, tab = runner.browser, f"{runner.home}/programmes"
    assert "Green Works" in own.get(tab).text
    assert own.send(f"{tab}/dye-houses", page=tab, answer="accept").status == 303
    late = greta.send(one, {"session-1": "2099-01-01", "workshop-1": "2026-02-01"})
    assert (late.status, 'href="#session-1"' in late.text) == (400, True)
    assert filled(late.text)["workshop-1"] == "2026-02-01"
    assert greta.send(one, {"session-1": "2026-01-20"}).status == 303
    assert "Water of the dye house" not in greta.get(one).text
    assert own.send(f"{tab}/dye-houses", page=tab, number=-2, shares="yes").status == 303
    assert "Water of the dye house" in greta.get(one).text
    assert "2026-01-20" in greta.get(f"{PROGRAMME}/cohort.csv").text
    assert own.send(f"{tab}/dye-houses", page=tab, answer="leave").status == 303
    assert "Water of the dye house" not in greta.get(one).text


def test_changing_a_programme_keeps_the_names_of_what_was_planned(greta: Browser) -> None:
    greta.send("/portal/programmes/new", {**PLAN, **DAYS})
    changed = {"workshops": "Chemicals\n* Steam and heat\nReuse of rinse water", "name": "Renamed"}
    assert greta.send(f"{PROGRAMME}/change", changed).status == 303
    told = {each.title: each.element_id for each in coaching.need("dye-houses", "green-works").elements}
    assert (told["Reuse of rinse water"], told["Chemicals"]) == ("workshop-1", "workshop-2")
    taken = greta.send("/portal/programmes/new", {**PLAN, **DAYS})
    assert (taken.status, 'href="#id"' in taken.text) == (400, True)


def test_nobody_else_sees_an_organisers_programmes(
    runner: SimpleNamespace, greta: Browser, mails: list[EmailMessage]
) -> None:
    greta.send("/portal/programmes/new", {**PLAN, **DAYS})
    organisations.put("organiser", "others", {"name": "Others", "country": "CH"}, STAFF)
    people.add(Role("organiser", "others"), "o@others.example", STAFF)
    other = signed_in(Browser(runner.browser.client), "o@others.example", mails)
    for path in (PROGRAMME, f"{PROGRAMME}/change", f"{PROGRAMME}/cohort.csv"):
        assert other.get(path).status == 404
    assert "Dye houses" not in other.get("/portal/programmes").text
    assert runner.browser.get(PROGRAMME).status == 403
